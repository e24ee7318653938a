import FoundationEssentials
import Postgres
import Storage

struct NewEmailChange: Sendable {
  let person: UUID
  /// Sealed for the row of the person's change.
  let email: Sealed<EmailChangeColumns.Email>
  let emailIndex: [UInt8]
  let codeHash: [UInt8]
  let source: PersonSource
  /// From when on the link counts; nil: at once.
  let effectiveAt: Date?
  /// Of the link that stops it, where it waits.
  let stopHash: [UInt8]?
  let expiresAt: Date
}

struct EmailChangeRow: Sendable {
  let person: UUID
  let email: Sealed<EmailChangeColumns.Email>
  let emailIndex: [UInt8]
  let source: PersonSource
  let effectiveAt: Date?
  let expiresAt: Date

  init(_ row: Row) throws(PostgresError) {
    person = try row.get("person_id")
    email = try row.get("email")
    emailIndex = try row.get("email_index")
    source = try row.get("source")
    effectiveAt = try row.get("effective_at")
    expiresAt = try row.get("expires_at")
  }
}

extension SQL {
  /// Takes the place of an earlier change of the person, whose link is of no use any more.
  static func emailChangeSet(_ tenant: UUID, _ change: NewEmailChange, at time: Date) -> SQL {
    """
    INSERT INTO identity.email_change (
      tenant_id, person_id, email, email_index, code_hash, source, requested_at, expires_at,
      effective_at, stop_hash)
    VALUES (
      \(tenant), \(change.person), \(change.email), \(change.emailIndex), \(change.codeHash),
      \(change.source), \(time), \(change.expiresAt), \(change.effectiveAt),
      \(change.stopHash))
    ON CONFLICT ON CONSTRAINT email_change_pkey
    DO UPDATE SET email = excluded.email, email_index = excluded.email_index,
      code_hash = excluded.code_hash, source = excluded.source,
      requested_at = excluded.requested_at, expires_at = excluded.expires_at,
      effective_at = excluded.effective_at, stop_hash = excluded.stop_hash
    """
  }

  static func emailChangeFetch(_ tenant: UUID, codeHash: [UInt8]) -> SQL {
    """
    SELECT person_id, email, email_index, source, effective_at, expires_at
    FROM identity.email_change WHERE tenant_id = \(tenant) AND code_hash = \(codeHash)
    """
  }

  /// Uses a change up: deletes one row, or none if somebody was faster.
  static func emailChangeUse(_ tenant: UUID, codeHash: [UInt8]) -> SQL {
    "DELETE FROM identity.email_change WHERE tenant_id = \(tenant) AND code_hash = \(codeHash)"
  }

  /// Gives whose change it was; no row of a link that is not known or of no use any more.
  static func emailChangeStop(_ tenant: UUID, stopHash: [UInt8]) -> SQL {
    """
    DELETE FROM identity.email_change WHERE tenant_id = \(tenant) AND stop_hash = \(stopHash)
    RETURNING person_id
    """
  }

  static func emailChangeDelete(_ tenant: UUID, of person: UUID) -> SQL {
    "DELETE FROM identity.email_change WHERE tenant_id = \(tenant) AND person_id = \(person)"
  }

  /// Those that nobody has confirmed in time.
  static func emailChangeExpire(_ tenant: UUID, at time: Date) -> SQL {
    "DELETE FROM identity.email_change WHERE tenant_id = \(tenant) AND expires_at <= \(time)"
  }

  /// Violates `person_email` if the address is taken.
  static func personSetEmail(
    _ tenant: UUID, _ person: UUID, _ email: Sealed<PersonColumns.Email>, index: [UInt8]
  ) -> SQL {
    """
    UPDATE identity.person SET email = \(email), email_index = \(index)
    WHERE tenant_id = \(tenant) AND person_id = \(person)
    """
  }
}
