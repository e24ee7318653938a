import Foundation
import Postgres
import Storage

/// What is due by its rule, what is on hold, and what was deleted: rows of the platform, or those
/// of an organisation, as the transaction's tenant is.
enum RetentionStore {
  /// Records of the category that are due, on hold or not.
  static func count(
    _ category: RetentionRule, at time: Date, in transaction: TenantTransaction
  ) async throws -> (due: Int, onHold: Int) {
    let row = try await transaction.query(
      """
      SELECT count(*) AS due,
        count(*) FILTER (WHERE \(isHeld(category, at: time, transaction.tenant))) AS on_hold
      FROM (\(due(category, at: time, transaction.tenant))) AS due
      """
    ).first
    return (try row?.get("due") ?? 0, try row?.get("on_hold") ?? 0)
  }

  /// The first `limit` that are due and not on hold.
  static func batch(
    _ category: RetentionRule, limit: Int, at time: Date, in transaction: TenantTransaction
  ) async throws -> [UUID] {
    try await transaction.query(
      """
      SELECT due.id FROM (\(due(category, at: time, transaction.tenant))) AS due
      WHERE NOT (\(isHeld(category, at: time, transaction.tenant)))
      ORDER BY due.since, due.id LIMIT \(limit)
      """
    ).map { try $0.get("id") }
  }

  /// Holds the record until the transaction ends; false if it is gone, not due or on hold.
  static func lock(
    _ id: UUID, _ category: RetentionRule, at time: Date, in transaction: TenantTransaction
  ) async throws -> Bool {
    let due = due(category, at: time, transaction.tenant)
    let found = try await transaction.query(
      "SELECT due.subject FROM (\(due)) AS due WHERE due.id = \(id)"
    ).first
    // Whoever places a hold on the person takes their lock first, and one on a record its row's.
    if let subject = try found?.get("subject", as: UUID?.self) {
      try await HoldStore.lock(subject, in: transaction)
    }
    guard try await exists(id, category, in: transaction) else { return false }
    return try await !transaction.query(
      """
      SELECT due.id FROM (\(due)) AS due
      WHERE due.id = \(id) AND NOT (\(isHeld(category, at: time, transaction.tenant)))
      """
    ).isEmpty
  }

  /// Whether there is such a record, which then is locked.
  static func exists(
    _ id: UUID, _ category: RetentionRule, in transaction: TenantTransaction
  ) async throws -> Bool {
    guard let place = place(category) else { return false }
    return try await !transaction.query(
      """
      SELECT 1 AS found FROM privacy.\(place.table)
      WHERE tenant_id = \(transaction.tenant) AND \(place.key) = \(id) FOR UPDATE
      """
    ).isEmpty
  }

  static func delete(
    _ id: UUID, _ category: RetentionRule, in transaction: TenantTransaction
  ) async throws {
    guard let place = place(category) else { return }
    let tenant = transaction.tenant
    let ofArchive: [SQL] = ["archive_chunk", "download"]
    let ofRequest = ofArchive + ["proof", "request_text", "request_step"]
    func statements(_ tables: [SQL]) -> [SQL] {
      tables.map { "DELETE FROM privacy.\($0) WHERE tenant_id = \(tenant) AND request_id = \(id)" }
    }
    let own: SQL = """
      DELETE FROM privacy.\(place.table) WHERE tenant_id = \(tenant) AND \(place.key) = \(id)
      """
    let deletions: [SQL] =
      switch category {
      case .archive: statements(ofArchive)
      case .request: statements(ofRequest) + [own]
      case .application: [own, IntakeStore.forget(id, tenant)]
      default: [own]
      }
    try await transaction.query(
      all: deletions + [
        """
        DELETE FROM privacy.retention_hold WHERE tenant_id = \(tenant)
          AND category = \(category.rawValue) AND record_id = \(id)
        """
      ])
  }

  /// The table that a record is a row of, and its column; nil for what is no record.
  private static func place(_ category: RetentionRule) -> (table: SQL, key: SQL)? {
    switch category {
    case .application: ("application", "application_id")
    case .breach: ("breach", "breach_id")
    case .archive, .request: ("request", "request_id")
    case .legalHold: ("legal_hold", "hold_id")
    case .freeze: ("purpose_freeze", "freeze_id")
    case .complaint: ("complaint", "complaint_id")
    case .breachNotice: ("breach_notice", "breach_id")
    case .subscriber: ("subscriber", "subscriber_id")
    case .organisation: nil
    }
  }

  // MARK: Holds

  static func put(_ hold: RetentionHold, in transaction: TenantTransaction) async throws {
    try await transaction.query(
      """
      INSERT INTO privacy.retention_hold
        (tenant_id, category, record_id, ground, owner_id, placed_at, expires_at)
      VALUES (\(transaction.tenant), \(hold.category.rawValue), \(hold.record), \(hold.ground),
        \(hold.owner), \(hold.placedAt), \(hold.expiresAt))
      ON CONFLICT ON CONSTRAINT retention_hold_pkey DO UPDATE SET ground = excluded.ground,
        owner_id = excluded.owner_id, placed_at = excluded.placed_at,
        expires_at = excluded.expires_at
      """)
  }

  static func release(
    _ id: UUID, _ category: RetentionRule, in transaction: TenantTransaction
  ) async throws {
    try await transaction.query(
      """
      DELETE FROM privacy.retention_hold WHERE tenant_id = \(transaction.tenant)
        AND category = \(category.rawValue) AND record_id = \(id)
      """)
  }

  static func holds(
    at time: Date, in transaction: TenantTransaction
  ) async throws -> [RetentionHold] {
    try await transaction.query(
      """
      SELECT category, record_id, ground, owner_id, placed_at, expires_at
      FROM privacy.retention_hold
      WHERE tenant_id = \(transaction.tenant) AND expires_at > \(time)
      ORDER BY expires_at, record_id LIMIT \(RetentionHold.listLimit)
      """
    ).map { row in
      RetentionHold(
        category: try category(row), record: try row.get("record_id"),
        ground: try row.get("ground"), owner: try row.get("owner_id"),
        placedAt: try row.get("placed_at"), expiresAt: try row.get("expires_at"))
    }
  }

  // MARK: Reports

  /// Drops those that are old enough as well, and holds that have expired.
  static func insert(_ report: RetentionReport, in transaction: TenantTransaction) async throws {
    let tenant = transaction.tenant
    try await transaction.query(all: [
      """
      INSERT INTO privacy.retention_report
        (tenant_id, report_id, category, began_at, ended_at, deleted, on_hold)
      VALUES (\(tenant), \(report.id), \(report.category.rawValue), \(report.beganAt),
        \(report.endedAt), \(report.deleted), \(report.onHold))
      """,
      """
      DELETE FROM privacy.retention_report WHERE tenant_id = \(tenant)
        AND ended_at < \(report.endedAt - RetentionReport.lifetime)
      """,
      """
      DELETE FROM privacy.retention_hold WHERE tenant_id = \(tenant)
        AND expires_at < \(report.endedAt - RetentionReport.lifetime)
      """,
    ])
  }

  static func reports(
    _ page: Page, in transaction: TenantTransaction
  ) async throws -> (found: [RetentionReport], next: PagePosition?) {
    let (date, id) = (page.after?.date, page.after?.id)
    let found = try await transaction.query(
      """
      SELECT report_id, category, began_at, ended_at, deleted, on_hold
      FROM privacy.retention_report
      WHERE tenant_id = \(transaction.tenant)
        AND (\(date)::timestamptz IS NULL
          OR (ended_at, report_id) < (\(date)::timestamptz, \(id)::uuid))
      ORDER BY ended_at DESC, report_id DESC LIMIT \(page.size + 1)
      """
    ).map { row in
      RetentionReport(
        id: try row.get("report_id"), category: try category(row),
        beganAt: try row.get("began_at"), endedAt: try row.get("ended_at"),
        deleted: try row.get("deleted"), onHold: try row.get("on_hold"))
    }
    let shown = Array(found.prefix(page.size))
    guard found.count > page.size, let last = shown.last else { return (shown, nil) }
    return (shown, PagePosition(at: last.endedAt, id: last.id))
  }

  private static func category(_ row: Row) throws -> RetentionRule {
    guard let category = RetentionRule(rawValue: try row.get("category")) else {
      throw UnknownStoredValue(column: "category")
    }
    return category
  }

  /// `id` of what is due, `since` when, and `subject`: whom it is about, if a legal hold can be on
  /// them.
  private static func due(_ category: RetentionRule, at time: Date, _ tenant: UUID) -> SQL {
    let end = category.end(at: time)
    return switch category {
    case .application:
      """
      SELECT application_id AS id, erase_at AS since, NULL::uuid AS subject
      FROM privacy.application WHERE tenant_id = \(tenant) AND erase_at <= \(time)
      """
    case .breach:
      """
      SELECT breach_id AS id, closed_at AS since, NULL::uuid AS subject
      FROM privacy.breach WHERE tenant_id = \(tenant) AND closed_at <= \(end)
      """
    case .organisation:
      """
      SELECT organisation_id AS id, reported_at AS since, NULL::uuid AS subject
      FROM privacy.organisation_erasure
      WHERE tenant_id = \(tenant) AND state <> 'completed'
      """
    case .archive:
      """
      SELECT request_id AS id, completed_at AS since, subject_id AS subject FROM privacy.request
      WHERE tenant_id = \(tenant) AND completed_at <= \(end) AND (
        EXISTS (SELECT FROM privacy.archive_chunk AS chunk
          WHERE chunk.tenant_id = \(tenant) AND chunk.request_id = request.request_id)
        OR EXISTS (SELECT FROM privacy.download
          WHERE download.tenant_id = \(tenant) AND download.request_id = request.request_id))
      """
    case .request:
      """
      SELECT request_id AS id, coalesce(completed_at, decided_at) AS since, subject_id AS subject
      FROM privacy.request
      WHERE tenant_id = \(tenant) AND state IN ('completed', 'refused', 'withdrawn')
        AND coalesce(completed_at, decided_at) <= \(end)
        AND NOT EXISTS (SELECT FROM privacy.purpose_freeze AS frozen
          WHERE frozen.tenant_id = \(tenant) AND frozen.request_id = request.request_id)
      """
    case .legalHold:
      """
      SELECT hold_id AS id, coalesce(released_at, expires_at) AS since, subject_id AS subject
      FROM privacy.legal_hold
      WHERE tenant_id = \(tenant) AND coalesce(released_at, expires_at) <= \(end)
      """
    case .freeze:
      """
      SELECT freeze_id AS id, released_at AS since, subject_id AS subject
      FROM privacy.purpose_freeze WHERE tenant_id = \(tenant) AND released_at <= \(end)
      """
    case .complaint:
      """
      SELECT complaint_id AS id, answered_at AS since, subject_id AS subject
      FROM privacy.complaint WHERE tenant_id = \(tenant) AND answered_at <= \(end)
      """
    case .breachNotice:
      """
      SELECT breach_id AS id, told_at AS since, NULL::uuid AS subject
      FROM privacy.breach_notice WHERE tenant_id = \(tenant) AND told_at <= \(end)
      """
    case .subscriber:
      """
      SELECT subscriber_id AS id, requested_at AS since, NULL::uuid AS subject
      FROM privacy.subscriber
      WHERE tenant_id = \(tenant) AND confirmed_at IS NULL
        AND requested_at <= \(time - Subscriber.confirmationTerm)
      """
    }
  }

  /// Whether the row `due` stays: by a hold on the record, or by a legal hold on whom it is about.
  private static func isHeld(_ category: RetentionRule, at time: Date, _ tenant: UUID) -> SQL {
    // The holds on people of an organisation are its own rows: whoever erases it has seen them.
    guard category != .organisation else {
      return """
        EXISTS (SELECT FROM privacy.organisation_erasure AS erasure
          WHERE erasure.tenant_id = \(tenant) AND erasure.organisation_id = due.id
            AND erasure.state = 'on_hold')
        """
    }
    return """
      EXISTS (SELECT FROM privacy.retention_hold AS hold
        WHERE hold.tenant_id = \(tenant) AND hold.category = \(category.rawValue)
          AND hold.record_id = due.id AND hold.expires_at > \(time))
      OR EXISTS (SELECT FROM privacy.legal_hold AS legal
        WHERE legal.tenant_id = \(tenant) AND legal.subject_id = due.subject
          AND legal.released_at IS NULL AND legal.expires_at > \(time))
      """
  }
}
