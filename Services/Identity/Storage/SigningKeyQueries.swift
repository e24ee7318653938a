import FoundationEssentials
import Postgres
import Storage

struct SigningKeyRow: Equatable, Sendable {
  let id: String
  let publicKey: [UInt8]
  let notBefore: Date
  let notAfter: Date?

  init(id: String, publicKey: [UInt8], notBefore: Date, notAfter: Date?) {
    (self.id, self.publicKey, self.notBefore, self.notAfter) =
      (id, publicKey, notBefore, notAfter)
  }

  init(_ row: Row) throws(PostgresError) {
    id = try row.get("key_id")
    publicKey = try row.get("public_key")
    notBefore = try row.get("not_before")
    notAfter = try row.get("not_after")
  }
}

extension SQL {
  /// Those that a token may still be signed with at `time`, the newest first.
  static func signingKeyFetch(at time: Date) -> SQL {
    """
    SELECT key_id, public_key, not_before, not_after
    FROM identity.signing_key
    WHERE tenant_id = \(UUID.platform) AND (not_after IS NULL OR not_after >= \(time))
    ORDER BY not_before DESC, key_id
    """
  }

  /// Rotations wait for each other until the end of the transaction.
  static let signingKeyLock: SQL =
    "SELECT pg_advisory_xact_lock(hashtextextended('identity.signing_key', 0))"

  static func signingKeyEnd(at time: Date) -> SQL {
    """
    UPDATE identity.signing_key SET not_after = \(time)
    WHERE tenant_id = \(UUID.platform) AND not_after IS NULL
    """
  }

  static func signingKeyInsert(_ key: SigningKeyRow, at time: Date) -> SQL {
    """
    INSERT INTO identity.signing_key (
      tenant_id, key_id, public_key, not_before, not_after, created_at)
    VALUES (
      \(UUID.platform), \(key.id), \(key.publicKey), \(key.notBefore), \(key.notAfter), \(time))
    """
  }
}
