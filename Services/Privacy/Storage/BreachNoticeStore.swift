import Cryptography
import Foundation
import Postgres
import Storage

/// What an organisation was told of a breach: a row of its own, which is its right to read it.
struct BreachNotice: Sendable, Equatable {
  var breach: UUID
  var revision: Int
  var toldAt: Date
  var acknowledgedAt: Date?
  var acknowledgedBy: UUID?
  var acknowledgedRevision: Int
}

enum BreachNoticeStore {
  /// Enters that `organisations` are affected, and tells each in the same transaction, which is the
  /// platform's, by mail too if `isMailed`. Who is affected already stays as told.
  static func tell(
    _ organisations: [UUID], of breach: Breach, at time: Date, isMailed: Bool = true,
    in transaction: TenantTransaction
  ) async throws {
    guard !organisations.isEmpty else { return }
    let results = try await transaction.query(all: [
      """
      INSERT INTO privacy.breach_affected (tenant_id, breach_id, organisation_id, told_at)
      SELECT \(transaction.tenant), \(breach.id), organisation_id, \(time)
      FROM unnest(\(organisations)) AS new (organisation_id)
      ON CONFLICT ON CONSTRAINT breach_affected_pkey DO NOTHING
      RETURNING organisation_id
      """,
      """
      SELECT count(*) AS n FROM privacy.breach_affected
      WHERE tenant_id = \(transaction.tenant) AND breach_id = \(breach.id)
      """,
    ])
    guard try results[1].first?.get("n", as: Int.self) ?? 0 <= Breach.affectedLimit else {
      throw EntryError.tooMany("affected organisations", limit: Breach.affectedLimit)
    }
    if isMailed {
      try await NoticeStore.insert(
        .breach, of: breach.id, to: results[0].map { try $0.get("organisation_id") }, at: time,
        in: transaction)
    }
    try await transaction.query(
      each: organisations.map { organisation in
        (
          organisation,
          """
          INSERT INTO privacy.breach_notice (tenant_id, breach_id, revision, told_at)
          VALUES (\(organisation), \(breach.id), \(breach.revision), \(time))
          ON CONFLICT ON CONSTRAINT breach_notice_pkey DO NOTHING
          """
        )
      })
  }

  /// Lets all affected organisations see that there is something new, and tells them by mail.
  static func renew(
    _ breach: Breach, at time: Date, in transaction: TenantTransaction
  ) async throws {
    let organisations = try await affected(by: [breach.id], in: transaction)[breach.id] ?? []
    guard !organisations.isEmpty else { return }
    try await NoticeStore.insert(
      .breachChanged, of: breach.id, to: organisations.map(\.id), at: time, in: transaction)
    try await transaction.query(
      each: organisations.map { organisation in
        (
          organisation.id,
          """
          UPDATE privacy.breach_notice SET revision = \(breach.revision)
          WHERE tenant_id = \(organisation.id) AND breach_id = \(breach.id)
          """
        )
      })
  }

  /// By breach, in the order in which they were told.
  static func affected(
    by breaches: [UUID], in transaction: TenantTransaction
  ) async throws -> [UUID: [(id: UUID, toldAt: Date)]] {
    let rows = try await transaction.query(
      """
      SELECT breach_id, organisation_id, told_at FROM privacy.breach_affected
      WHERE tenant_id = \(transaction.tenant) AND breach_id = ANY(\(breaches))
      ORDER BY told_at, organisation_id
      """)
    var affected: [UUID: [(id: UUID, toldAt: Date)]] = [:]
    for row in rows {
      affected[try row.get("breach_id"), default: []].append(
        (try row.get("organisation_id"), try row.get("told_at")))
    }
    return affected
  }

  /// Of the transaction's organisation: what is not read as it stands first, then the latest.
  static func list(
    _ page: Page, in transaction: TenantTransaction
  ) async throws -> (found: [BreachNotice], next: PagePosition?) {
    let (rank, date, id) = (page.after?.rank, page.after?.date, page.after?.id)
    let found = try await transaction.query(
      """
      SELECT \(columns) FROM privacy.breach_notice
      WHERE tenant_id = \(transaction.tenant) AND (\(date)::timestamptz IS NULL
        OR (acknowledged_revision >= revision)::integer > \(rank)::integer
        OR ((acknowledged_revision >= revision)::integer = \(rank)::integer
          AND (told_at, breach_id) < (\(date)::timestamptz, \(id)::uuid)))
      ORDER BY (acknowledged_revision >= revision), told_at DESC, breach_id DESC
      LIMIT \(page.size + 1)
      """
    ).map(notice)
    let shown = Array(found.prefix(page.size))
    guard found.count > page.size, let last = shown.last else { return (shown, nil) }
    let isRead = last.acknowledgedRevision >= last.revision
    return (shown, PagePosition(at: last.toldAt, id: last.breach, rank: isRead ? 1 : 0))
  }

  /// Nil if the organisation was not told of it, or of less than `revision`.
  static func acknowledge(
    _ breach: UUID, revision: Int, by person: UUID, at time: Date,
    in transaction: TenantTransaction
  ) async throws -> BreachNotice? {
    try await transaction.query(
      """
      UPDATE privacy.breach_notice SET acknowledged_at = \(time), acknowledged_by = \(person),
        acknowledged_revision = greatest(acknowledged_revision, \(revision))
      WHERE tenant_id = \(transaction.tenant) AND breach_id = \(breach)
        AND revision >= \(revision)
      RETURNING \(columns)
      """
    ).first.map(notice)
  }

  private static let columns: SQL = """
    breach_id, revision, told_at, acknowledged_at, acknowledged_by, acknowledged_revision
    """

  private static func notice(_ row: Row) throws -> BreachNotice {
    BreachNotice(
      breach: try row.get("breach_id"), revision: Int(try row.get("revision") as Int32),
      toldAt: try row.get("told_at"), acknowledgedAt: try row.get("acknowledged_at"),
      acknowledgedBy: try row.get("acknowledged_by"),
      acknowledgedRevision: Int(try row.get("acknowledged_revision") as Int32))
  }
}

/// Reports of breaches that an organisation has made: what bounds the next one.
struct BreachReports: Sendable, Equatable {
  /// Of everybody's, those that operators have not looked at.
  var unseen: Int
  /// Of the person's, those of the last day.
  var byPerson: Int
  /// There is a report of the last day that the organisation has not read: it was mailed that there
  /// is something to read.
  var isMailed: Bool

  /// In a transaction of the platform, at whose end the next report of the organisation is counted.
  /// `person`: nil for a service or an operator.
  static func lock(
    of organisation: UUID, by person: UUID?, at time: Date, in transaction: TenantTransaction
  ) async throws -> BreachReports {
    let name = "privacy.breach_report \(organisation.canonical)"
    let unseen = try await transaction.query(all: [
      "SELECT pg_advisory_xact_lock(hashtextextended(\(name), 0))",
      """
      SELECT count(*) AS n FROM privacy.breach
      WHERE tenant_id = \(transaction.tenant) AND state = \(BreachState.reported.rawValue)
        AND reported_in = \(organisation)
      """,
    ])[1]
    let since = time.addingTimeInterval(-Breach.reportPeriod)
    let own = try await transaction.query(each: [
      (
        organisation,
        """
        SELECT count(*) FILTER (WHERE reported_by = \(person)::uuid) AS by_person,
          count(*) FILTER (WHERE acknowledged_revision = 0) AS unread
        FROM privacy.breach_notice
        WHERE tenant_id = \(organisation) AND reported AND told_at > \(since)
        """
      )
    ])[0]
    guard let unseen = unseen.first, let own = own.first else {
      preconditionFailure("a count is a row")
    }
    return BreachReports(
      unseen: try unseen.get("n"), byPerson: try own.get("by_person"),
      isMailed: try own.get("unread", as: Int.self) > 0)
  }

  /// Remembers of a notice that it is of a report, and whose.
  static func mark(
    _ breach: UUID, in organisation: UUID, by person: UUID?, _ transaction: TenantTransaction
  ) async throws {
    try await transaction.query(each: [
      (
        organisation,
        """
        UPDATE privacy.breach_notice SET reported = true, reported_by = \(person)
        WHERE tenant_id = \(organisation) AND breach_id = \(breach)
        """
      )
    ])
  }
}
