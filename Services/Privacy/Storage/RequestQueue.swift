import Foundation
import Postgres
import Storage

/// A request that this process works at until its lease ends.
struct RequestClaim: Sendable, Hashable {
  let tenant: UUID
  let request: UUID
  let lease: UUID
  /// With the one that is about to be made.
  let attempts: Int
}

/// Which requests are to be worked at when: rows of the platform, one for each that is not closed
/// and waits for no person. One look finds what is due of all organisations.
struct RequestQueue: Sendable {
  let database: Database
  /// How long a process that has taken a request may say nothing before another one may take it.
  let lease: TimeInterval

  /// Takes the request that has been due for the longest, of the organisation whose turn it is;
  /// nil: nothing is due. Of several who ask at once each gets another one.
  func claim(at time: Date) async throws -> RequestClaim? {
    let platform = UUID.platform
    let id = UUID()
    let row = try await database.once(
      tenant: platform,
      """
      WITH candidate AS (
        SELECT due.organisation_id, due.request_id, due.place, due.next_attempt_at FROM (
          SELECT organisation_id, request_id, next_attempt_at,
            row_number() OVER (PARTITION BY organisation_id ORDER BY next_attempt_at) AS place
          FROM privacy.request_due
          WHERE tenant_id = \(platform) AND next_attempt_at <= \(time)) AS due
        ORDER BY due.place, due.next_attempt_at LIMIT \(Self.candidates)
      ), picked AS (
        SELECT due.organisation_id, due.request_id
        FROM privacy.request_due due
        JOIN candidate ON candidate.organisation_id = due.organisation_id
          AND candidate.request_id = due.request_id
        WHERE due.tenant_id = \(platform) AND due.next_attempt_at <= \(time)
        ORDER BY candidate.place, candidate.next_attempt_at LIMIT 1
        FOR UPDATE OF due SKIP LOCKED
      )
      UPDATE privacy.request_due SET next_attempt_at = \(time + lease), lease_id = \(id),
        attempts = request_due.attempts + 1
      FROM picked
      WHERE request_due.tenant_id = \(platform)
        AND request_due.organisation_id = picked.organisation_id
        AND request_due.request_id = picked.request_id
      RETURNING request_due.organisation_id, request_due.request_id, request_due.attempts
      """)[0].first
    return try row.map {
      RequestClaim(
        tenant: try $0.get("organisation_id"), request: try $0.get("request_id"), lease: id,
        attempts: Int(try $0.get("attempts", as: Int32.self)))
    }
  }

  /// More than there are processes that would take the same one.
  private static let candidates = 50

  /// Goes on holding a claim; false when it is another's by now, or the request is closed.
  func renew(_ claim: RequestClaim, at time: Date) async throws -> Bool {
    let platform = UUID.platform
    return try await database.once(
      tenant: platform,
      """
      UPDATE privacy.request_due SET next_attempt_at = \(time + lease)
      WHERE tenant_id = \(platform) AND organisation_id = \(claim.tenant)
        AND request_id = \(claim.request) AND lease_id = \(claim.lease)
      """)[0].affected > 0
  }

  /// Has a claimed request tried again, or whatever has come between.
  func settle(_ claim: RequestClaim, next time: Date) async throws {
    let platform = UUID.platform
    try await database.once(
      tenant: platform,
      """
      UPDATE privacy.request_due SET next_attempt_at = \(time), lease_id = NULL
      WHERE tenant_id = \(platform) AND organisation_id = \(claim.tenant)
        AND request_id = \(claim.request) AND lease_id = \(claim.lease)
      """)
  }

  // MARK: With the change that they follow from

  /// Has a request worked at from `time` on, whoever holds it; its attempts count anew.
  static func enqueue(
    _ request: UUID, at time: Date, in transaction: TenantTransaction
  ) throws(PostgresError) {
    try transaction.platformQueryAtCommit([
      """
      INSERT INTO privacy.request_due (tenant_id, organisation_id, request_id, next_attempt_at)
      VALUES (\(UUID.platform), \(transaction.tenant), \(request), \(time))
      ON CONFLICT (tenant_id, organisation_id, request_id) DO UPDATE SET
        next_attempt_at = excluded.next_attempt_at, attempts = 0, lease_id = NULL
      """
    ])
  }

  static func remove(
    _ request: UUID, in transaction: TenantTransaction
  ) throws(PostgresError) {
    try transaction.platformQueryAtCommit([
      """
      DELETE FROM privacy.request_due
      WHERE tenant_id = \(UUID.platform) AND organisation_id = \(transaction.tenant)
        AND request_id = \(request)
      """
    ])
  }
}
