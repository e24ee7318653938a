import FoundationEssentials
import Postgres
import Storage

/// A device that is remembered.
struct DeviceRow: Sendable {
  let id: UUID
  let person: UUID
  let token: RefreshState
  let createdAt: Date
  let expiresAt: Date

  init(_ row: Row) throws(PostgresError) {
    id = try row.get("remembered_device_id")
    person = try row.get("person_id")
    token = RefreshState(
      current: try row.get("token_hash"), previous: try row.get("previous_hash"),
      rotatedAt: try row.get("last_used_at"))
    createdAt = try row.get("created_at")
    expiresAt = try row.get("expires_at")
  }
}

extension SQL {
  private static let deviceColumns: SQL = """
    remembered_device_id, person_id, token_hash, previous_hash, created_at, last_used_at,
    expires_at
    """

  /// A new one; of the person's earlier ones few are kept, and none that is over.
  static func deviceInsert(
    _ tenant: UUID, _ id: UUID, of person: UUID, _ token: RotatingToken, at time: Date,
    expiresAt: Date
  ) -> [SQL] {
    [
      """
      DELETE FROM identity.remembered_device
      WHERE tenant_id = \(tenant) AND person_id = \(person) AND remembered_device_id NOT IN (
        SELECT remembered_device_id FROM identity.remembered_device
        WHERE tenant_id = \(tenant) AND person_id = \(person) AND expires_at > \(time)
        ORDER BY last_used_at DESC LIMIT \(DeviceRules.limit - 1))
      """,
      """
      INSERT INTO identity.remembered_device (
        tenant_id, remembered_device_id, person_id, family_hash, token_hash, created_at,
        last_used_at, expires_at)
      VALUES (
        \(tenant), \(id), \(person), \(token.familyHash), \(token.hash), \(time), \(time),
        \(expiresAt))
      """,
    ]
  }

  static func deviceFetch(_ tenant: UUID, familyHash: [UInt8], of person: UUID) -> SQL {
    """
    SELECT \(deviceColumns) FROM identity.remembered_device
    WHERE tenant_id = \(tenant) AND family_hash = \(familyHash) AND person_id = \(person)
    """
  }

  /// Those of a person that are not over, the one used last first.
  static func deviceFetchAll(_ tenant: UUID, of person: UUID, at time: Date) -> SQL {
    """
    SELECT \(deviceColumns) FROM identity.remembered_device
    WHERE tenant_id = \(tenant) AND person_id = \(person) AND expires_at > \(time)
    ORDER BY last_used_at DESC, remembered_device_id LIMIT \(DeviceRules.limit)
    """
  }

  /// Changes one row, or none if somebody else was faster, or it is forgotten.
  static func deviceRotate(
    _ tenant: UUID, _ device: UUID, from current: [UInt8], to next: [UInt8], previous: [UInt8]?,
    at time: Date
  ) -> SQL {
    """
    UPDATE identity.remembered_device
    SET token_hash = \(next), previous_hash = \(previous), last_used_at = \(time)
    WHERE tenant_id = \(tenant) AND remembered_device_id = \(device) AND token_hash = \(current)
    """
  }

  static func deviceForget(_ tenant: UUID, _ device: UUID, of person: UUID) -> SQL {
    """
    DELETE FROM identity.remembered_device
    WHERE tenant_id = \(tenant) AND remembered_device_id = \(device) AND person_id = \(person)
    """
  }

  static func deviceForgetAll(_ tenant: UUID, of person: UUID) -> SQL {
    "DELETE FROM identity.remembered_device WHERE tenant_id = \(tenant) AND person_id = \(person)"
  }

  /// Of everybody in the organisation.
  static func deviceForgetAll(_ tenant: UUID) -> SQL {
    "DELETE FROM identity.remembered_device WHERE tenant_id = \(tenant)"
  }

  static func deviceExpire(_ tenant: UUID, at time: Date) -> SQL {
    "DELETE FROM identity.remembered_device WHERE tenant_id = \(tenant) AND expires_at <= \(time)"
  }

  static func deviceExport(_ tenant: UUID, of person: UUID) -> SQL {
    """
    SELECT remembered_device_id, created_at, last_used_at, expires_at
    FROM identity.remembered_device WHERE tenant_id = \(tenant) AND person_id = \(person)
    ORDER BY created_at, remembered_device_id
    """
  }
}
