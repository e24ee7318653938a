import Access
import FoundationEssentials
import Postgres
import Storage

/// What an entry of `identity.revocation` is about.
private enum RevocationKind: String, Sendable, PostgresValue {
  case session
  case organisation
}

extension Revocation.Subject {
  fileprivate var stored: (kind: RevocationKind, id: UUID) {
    switch self {
    case .session(let id): (.session, id)
    case .tenant(let id): (.organisation, id)
    }
  }
}

extension Revocation {
  fileprivate init(_ row: Row) throws(PostgresError) {
    let id: UUID = try row.get("subject_id")
    let kind: RevocationKind = try row.get("kind")
    self.init(
      kind == .session ? .session(id) : .tenant(id), issuedUntil: try row.get("issued_until"),
      expiresAt: try row.get("expires_at"))
  }

  /// In the order of `SQL.revocationFetch`; the sequence is that of the last one.
  static func batch(_ rows: ResultSet) throws -> (revocations: [Revocation], sequence: Int64?) {
    (try rows.map(Revocation.init), try rows.last?.get("sequence"))
  }
}

extension SQL {
  /// Rows of the platform. Their sequence rises with the commits: whoever adds one holds a lock
  /// until it is visible, so that nobody who reads after a sequence misses an earlier one. It goes
  /// on from the clock, as the rows are deleted in time.
  static func revocationInsert(_ revocations: [Revocation]) -> [SQL] {
    let platform = UUID.platform
    let subjects = revocations.map(\.subject.stored)
    let (kinds, ids) = (subjects.map(\.kind.rawValue), subjects.map(\.id))
    let (untils, ends) = (revocations.map(\.issuedUntil), revocations.map(\.expiresAt))
    return [
      "SELECT pg_advisory_xact_lock(hashtextextended('identity.revocation', 0))",
      """
      INSERT INTO identity.revocation (
        tenant_id, sequence, kind, subject_id, issued_until, expires_at)
      SELECT \(platform), last.sequence + new.number, new.kind, new.subject_id,
        new.issued_until, new.expires_at
      FROM unnest(\(kinds), \(ids), \(untils), \(ends)) WITH ORDINALITY
        AS new (kind, subject_id, issued_until, expires_at, number)
      CROSS JOIN (
        SELECT GREATEST(
          max(sequence), floor(extract(epoch FROM clock_timestamp()) * 1000000)::bigint
        ) AS sequence
        FROM identity.revocation WHERE tenant_id = \(platform)
      ) AS last
      """,
    ]
  }

  static func revocationFetch(after sequence: Int64, at time: Date, limit: Int) -> SQL {
    """
    SELECT sequence, kind, subject_id, issued_until, expires_at
    FROM identity.revocation
    WHERE tenant_id = \(UUID.platform) AND sequence > \(sequence) AND expires_at > \(time)
    ORDER BY sequence LIMIT \(limit)
    """
  }

  static func revocationSweep(at time: Date) -> SQL {
    """
    DELETE FROM identity.revocation
    WHERE tenant_id = \(UUID.platform) AND expires_at <= \(time)
    """
  }
}
