import Foundation
import Postgres
import Storage

/// What is due by its rule, what is on hold, and what was deleted: rows of the platform.
enum RetentionStore {
  /// Records of the category that are due, on hold or not.
  static func count(
    _ category: RetentionRule, at time: Date, in transaction: TenantTransaction
  ) async throws -> (due: Int, onHold: Int) {
    let row = try await transaction.query(
      """
      SELECT count(*) AS due, count(hold.record_id) AS on_hold
      FROM (\(due(category, at: time, transaction.tenant))) AS due
      LEFT JOIN privacy.retention_hold AS hold ON hold.tenant_id = \(transaction.tenant)
        AND hold.category = \(category.rawValue) AND hold.record_id = due.id
        AND hold.expires_at > \(time)
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
      WHERE NOT EXISTS (\(hold(category, at: time, transaction.tenant)))
      ORDER BY due.since, due.id LIMIT \(limit)
      """
    ).map { try $0.get("id") }
  }

  /// Holds the record until the transaction ends; false if it is gone, not due or on hold.
  static func lock(
    _ id: UUID, _ category: RetentionRule, at time: Date, in transaction: TenantTransaction
  ) async throws -> Bool {
    guard try await exists(id, category, in: transaction) else { return false }
    // The row is locked: whoever places a hold has done so, or waits.
    return try await !transaction.query(
      """
      SELECT due.id FROM (\(due(category, at: time, transaction.tenant))) AS due
      WHERE due.id = \(id) AND NOT EXISTS (\(hold(category, at: time, transaction.tenant)))
      """
    ).isEmpty
  }

  /// Whether there is such a record, which then is locked.
  static func exists(
    _ id: UUID, _ category: RetentionRule, in transaction: TenantTransaction
  ) async throws -> Bool {
    let statement: SQL =
      switch category {
      case .application:
        """
        SELECT 1 AS found FROM privacy.application
        WHERE tenant_id = \(transaction.tenant) AND application_id = \(id) FOR UPDATE
        """
      case .breach:
        """
        SELECT 1 AS found FROM privacy.breach
        WHERE tenant_id = \(transaction.tenant) AND breach_id = \(id) FOR UPDATE
        """
      case .subscriber:
        """
        SELECT 1 AS found FROM privacy.subscriber
        WHERE tenant_id = \(transaction.tenant) AND subscriber_id = \(id) FOR UPDATE
        """
      }
    return try await !transaction.query(statement).isEmpty
  }

  static func delete(
    _ id: UUID, _ category: RetentionRule, in transaction: TenantTransaction
  ) async throws {
    let tenant = transaction.tenant
    let statement: SQL =
      switch category {
      case .application:
        "DELETE FROM privacy.application WHERE tenant_id = \(tenant) AND application_id = \(id)"
      case .breach: "DELETE FROM privacy.breach WHERE tenant_id = \(tenant) AND breach_id = \(id)"
      case .subscriber:
        "DELETE FROM privacy.subscriber WHERE tenant_id = \(tenant) AND subscriber_id = \(id)"
      }
    try await transaction.query(all: [
      statement,
      """
      DELETE FROM privacy.retention_hold WHERE tenant_id = \(tenant)
        AND category = \(category.rawValue) AND record_id = \(id)
      """,
      IntakeStore.forget(id, tenant),
    ])
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

  /// `id` of what is due, and `since` when.
  private static func due(_ category: RetentionRule, at time: Date, _ tenant: UUID) -> SQL {
    switch category {
    case .application:
      """
      SELECT application_id AS id, erase_at AS since FROM privacy.application
      WHERE tenant_id = \(tenant) AND erase_at <= \(time)
      """
    case .breach:
      """
      SELECT breach_id AS id, closed_at AS since FROM privacy.breach
      WHERE tenant_id = \(tenant) AND closed_at <= \(RetentionRule.breachEnd(at: time))
      """
    case .subscriber:
      """
      SELECT subscriber_id AS id, requested_at AS since FROM privacy.subscriber
      WHERE tenant_id = \(tenant) AND confirmed_at IS NULL
        AND requested_at <= \(time - Subscriber.confirmationTerm)
      """
    }
  }

  private static func hold(_ category: RetentionRule, at time: Date, _ tenant: UUID) -> SQL {
    """
    SELECT FROM privacy.retention_hold AS hold
    WHERE hold.tenant_id = \(tenant) AND hold.category = \(category.rawValue)
      AND hold.record_id = due.id AND hold.expires_at > \(time)
    """
  }
}
