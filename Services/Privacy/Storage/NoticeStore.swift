import Foundation
import Postgres
import Storage

/// Notices that wait, each written in the transaction of what it tells of: it goes exactly if that
/// was done.
enum NoticeStore {
  /// For people of the transaction's organisation; IKSO's own staff is told nothing.
  static func insert(
    _ notices: [Notice], in transaction: TenantTransaction
  ) throws(PostgresError) {
    let organisation = transaction.tenant
    guard !notices.isEmpty, organisation != .platform else { return }
    try transaction.platformQueryAtCommit(notices.map { insert($0, of: organisation) })
  }

  /// For people of every organisation; in a transaction of the platform.
  static func insert(
    toEveryOrganisation notice: Notice, in transaction: TenantTransaction
  ) async throws(PostgresError) {
    try await transaction.query(insert(notice, of: .platform))
  }

  /// What is to be told of a request of the transaction's organisation, and what not any more.
  static func put(
    _ told: RequestNotices, about request: UUID, in transaction: TenantTransaction
  ) throws(PostgresError) {
    if !told.cancelled.isEmpty {
      try transaction.platformQueryAtCommit([
        """
        DELETE FROM privacy.notice
        WHERE tenant_id = \(UUID.platform) AND organisation_id = \(transaction.tenant)
          AND reference_id = \(request) AND kind = ANY(\(told.cancelled.map(\.rawValue)))
        """
      ])
    }
    try insert(told.notices, in: transaction)
  }

  /// Of a breach to each of `organisations`, in a transaction of the platform. Where one about it
  /// waits already no other is needed: it tells only that there is something to read.
  static func insert(
    _ kind: Notice.Kind, of breach: UUID, to organisations: [UUID], at time: Date,
    in transaction: TenantTransaction
  ) async throws(PostgresError) {
    let kinds: [Notice.Kind] = [.breach, .breachChanged]
    let waiting: SQL = """
      SELECT FROM privacy.notice AS waiting
      WHERE waiting.tenant_id = \(transaction.tenant)
        AND waiting.organisation_id = new.organisation_id AND waiting.reference_id = \(breach)
        AND waiting.kind = ANY(\(kinds.map(\.rawValue)))
      """
    let notice = Notice(
      kind: kind, audience: .responsible, reference: breach, moment: time, dueAt: time)
    let ids = organisations.map { _ in UUID() }
    try await transaction.query(
      """
      INSERT INTO privacy.notice
        (tenant_id, organisation_id, notice_id, kind, audience, reference_id, moment, urgency,
         next_attempt_at)
      SELECT \(transaction.tenant), organisation_id, notice_id, \(notice.kind.rawValue),
        \(notice.audience.rawValue), \(breach), \(time), \(notice.urgency), \(time)
      FROM unnest(\(organisations), \(ids)) AS new (organisation_id, notice_id)
      WHERE NOT EXISTS (\(waiting))
      """)
  }

  /// Takes a person out who is being erased, with what waits about their requests.
  static func erase(
    _ subject: UUID, in transaction: TenantTransaction
  ) async throws {
    let requests: [UUID] = try await transaction.query(
      """
      SELECT request_id FROM privacy.request
      WHERE tenant_id = \(transaction.tenant) AND subject_id = \(subject)
      """
    ).map { try $0.get("request_id") }
    try transaction.platformQueryAtCommit([
      """
      DELETE FROM privacy.notice
      WHERE tenant_id = \(UUID.platform) AND organisation_id = \(transaction.tenant)
        AND (person_id = \(subject) OR reference_id = ANY(\(requests)))
      """
    ])
  }

  private static func insert(_ notice: Notice, of organisation: UUID) -> SQL {
    """
    INSERT INTO privacy.notice
      (tenant_id, organisation_id, notice_id, kind, audience, person_id, reference_id, version,
       moment, authority_link, urgency, next_attempt_at, superseded_at)
    VALUES (\(UUID.platform), \(organisation), \(notice.id), \(notice.kind.rawValue),
      \(notice.audience.rawValue), \(notice.person), \(notice.reference),
      \(notice.version.map { Int32(clamping: $0) }), \(notice.moment), \(notice.authorityLink),
      \(notice.urgency), \(notice.dueAt), \(notice.supersededAt))
    """
  }
}

/// A notice that this process hands over until its lease ends.
struct NoticeClaim: Sendable, Equatable {
  /// The platform for one to every organisation.
  let organisation: UUID
  let notice: Notice
  /// With the one that is about to be made.
  let attempts: Int
}

/// Which notices are handed over when.
struct NoticeQueue: Sendable {
  /// Seconds that a process has for the batch that it has taken.
  static let lease: TimeInterval = 60

  let database: Database

  /// Takes up to `limit` that are due, the most urgent first; drops those of them that another one
  /// has superseded. Of several who ask at once each gets others.
  func claim(limit: Int, at time: Date) async throws -> [NoticeClaim] {
    let platform = UUID.platform
    let results = try await database.once(
      tenant: platform,
      """
      DELETE FROM privacy.notice
      WHERE tenant_id = \(platform) AND next_attempt_at <= \(time) AND superseded_at <= \(time)
      """,
      """
      WITH picked AS (
        SELECT organisation_id, notice_id FROM privacy.notice
        WHERE tenant_id = \(platform) AND next_attempt_at <= \(time)
        ORDER BY urgency DESC, next_attempt_at LIMIT \(limit) FOR UPDATE SKIP LOCKED
      )
      UPDATE privacy.notice SET next_attempt_at = \(time + Self.lease),
        attempts = notice.attempts + 1
      FROM picked
      WHERE notice.tenant_id = \(platform) AND notice.organisation_id = picked.organisation_id
        AND notice.notice_id = picked.notice_id
      RETURNING notice.organisation_id, notice.notice_id, kind, audience, person_id, reference_id,
        version, moment, authority_link, next_attempt_at, attempts
      """)
    // In the order in which they go.
    return try results[1].map(Self.claim).sorted { $0.notice.urgency > $1.notice.urgency }
  }

  /// Identity has it, or nobody is left to tell.
  func remove(_ claim: NoticeClaim) async throws {
    try await database.once(
      tenant: .platform,
      """
      DELETE FROM privacy.notice
      WHERE tenant_id = \(UUID.platform) AND organisation_id = \(claim.organisation)
        AND notice_id = \(claim.notice.id)
      """)
  }

  func putOff(_ claims: [NoticeClaim], until time: Date) async throws {
    let ids = claims.map(\.notice.id)
    try await database.once(
      tenant: .platform,
      """
      UPDATE privacy.notice SET next_attempt_at = \(time)
      WHERE tenant_id = \(UUID.platform) AND organisation_id = ANY(\(claims.map(\.organisation)))
        AND notice_id = ANY(\(ids))
      """)
  }

  /// Of all organisations, those whose time has come and that identity has not got.
  func waiting(at time: Date) async throws -> Int64 {
    let rows = try await database.once(
      tenant: .platform,
      """
      SELECT count(*) AS waiting FROM privacy.notice
      WHERE tenant_id = \(UUID.platform) AND (next_attempt_at <= \(time) OR attempts > 0)
      """)[0]
    return try rows[0].get("waiting")
  }

  private static func claim(_ row: Row) throws -> NoticeClaim {
    let notice = Notice(
      id: try row.get("notice_id"),
      kind: try RequestStore.known(Notice.Kind(rawValue: try row.get("kind")), "kind"),
      audience: try RequestStore.known(
        Notice.Audience(rawValue: try row.get("audience")), "audience"),
      person: try row.get("person_id"), reference: try row.get("reference_id"),
      version: try row.get("version", as: Int32?.self).map { Int($0) },
      moment: try row.get("moment"), authorityLink: try row.get("authority_link"),
      dueAt: try row.get("next_attempt_at"))
    return NoticeClaim(
      organisation: try row.get("organisation_id"), notice: notice,
      attempts: Int(try row.get("attempts", as: Int32.self)))
  }
}
