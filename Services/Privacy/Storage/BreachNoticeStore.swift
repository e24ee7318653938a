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
  /// platform's, by mail too. Who is affected already stays as told.
  static func tell(
    _ organisations: [UUID], of breach: Breach, at time: Date, in transaction: TenantTransaction
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
    try await NoticeStore.insert(
      .breach, of: breach.id, to: results[0].map { try $0.get("organisation_id") }, at: time,
      in: transaction)
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
  static func list(size: Int, in transaction: TenantTransaction) async throws -> [BreachNotice] {
    try await transaction.query(
      """
      SELECT \(columns) FROM privacy.breach_notice WHERE tenant_id = \(transaction.tenant)
      ORDER BY (acknowledged_revision >= revision), told_at DESC, breach_id LIMIT \(size)
      """
    ).map(notice)
  }

  /// Throws `tooMany` when the transaction's organisation has as many notices that nobody has read
  /// as it may; what operators tell it is not held up by that.
  static func demandRoom(in transaction: TenantTransaction) async throws {
    let limit = Breach.unreadLimit
    let count = try await transaction.query(
      """
      SELECT count(*) AS n FROM (
        SELECT FROM privacy.breach_notice
        WHERE tenant_id = \(transaction.tenant) AND (acknowledged_revision >= revision) = false
        LIMIT \(limit)) AS unread
      """
    ).first
    guard try count?.get("n", as: Int.self) ?? 0 < limit else {
      throw EntryError.tooMany("reports that your privacy officer has not read", limit: limit)
    }
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
