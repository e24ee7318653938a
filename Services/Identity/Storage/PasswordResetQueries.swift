import FoundationEssentials
import Postgres

extension SQL {
  /// A new link; those of the person that are over go.
  static func passwordResetInsert(
    _ tenant: UUID, _ id: UUID, of person: UUID, codeHash: [UInt8], at time: Date, expiresAt: Date
  ) -> [SQL] {
    [
      """
      DELETE FROM identity.password_reset
      WHERE tenant_id = \(tenant) AND person_id = \(person) AND expires_at <= \(time)
      """,
      """
      INSERT INTO identity.password_reset (
        tenant_id, password_reset_id, person_id, code_hash, created_at, expires_at)
      VALUES (\(tenant), \(id), \(person), \(codeHash), \(time), \(expiresAt))
      """,
    ]
  }

  /// Links of the person that count.
  static func passwordResetCount(_ tenant: UUID, of person: UUID, at time: Date) -> SQL {
    """
    SELECT count(*) AS open_links
    FROM identity.password_reset
    WHERE tenant_id = \(tenant) AND person_id = \(person) AND used_at IS NULL
      AND expires_at > \(time)
    """
  }

  /// Whose password it resets.
  static func passwordResetFetch(_ tenant: UUID, codeHash: [UInt8], at time: Date) -> SQL {
    """
    SELECT password_reset_id, person_id
    FROM identity.password_reset
    WHERE tenant_id = \(tenant) AND code_hash = \(codeHash) AND used_at IS NULL
      AND expires_at > \(time)
    """
  }

  /// Changes one row, or none if somebody was faster.
  static func passwordResetUse(_ tenant: UUID, _ id: UUID, at time: Date) -> SQL {
    """
    UPDATE identity.password_reset SET used_at = \(time)
    WHERE tenant_id = \(tenant) AND password_reset_id = \(id) AND used_at IS NULL
      AND expires_at > \(time)
    """
  }

  static func passwordResetDelete(_ tenant: UUID, of person: UUID) -> SQL {
    "DELETE FROM identity.password_reset WHERE tenant_id = \(tenant) AND person_id = \(person)"
  }

  static func passwordResetFetchAll(_ tenant: UUID, of person: UUID) -> SQL {
    """
    SELECT password_reset_id, created_at, expires_at, used_at
    FROM identity.password_reset WHERE tenant_id = \(tenant) AND person_id = \(person)
    ORDER BY created_at, password_reset_id
    """
  }
}
