import Foundation
import Postgres
import Storage

/// Who collects debts of an organisation for IKSO (clause 12g).
struct Collector: Sendable, Equatable {
  var id: UUID
  var name: String
  var reference: String
  var recordedAt: Date
  var endedAt: Date?

  static let name = EntryField("name", 1...200)
  static let reference = EntryField("reference", 1...200, isAboutPeople: true)
  /// All that one ever receives.
  static let dataCategory = "billing contacts"
  /// Of those in force, that a record or a statement shows.
  static let inForceLimit = 200
}

enum CollectorStore {
  static func insert(_ collector: Collector, in transaction: TenantTransaction) async throws {
    try await transaction.query(
      """
      INSERT INTO privacy.collector (tenant_id, collector_id, name, reference, recorded_at)
      VALUES (\(transaction.tenant), \(collector.id), \(collector.name), \(collector.reference),
        \(collector.recordedAt))
      """)
  }

  /// Nil if there is none. One that has ended stays as it is.
  static func end(
    _ id: UUID, at time: Date, in transaction: TenantTransaction
  ) async throws -> Collector? {
    try await transaction.query(
      """
      UPDATE privacy.collector SET ended_at = coalesce(ended_at, \(time))
      WHERE tenant_id = \(transaction.tenant) AND collector_id = \(id)
      RETURNING collector_id, name, reference, recorded_at, ended_at
      """
    ).first.map(collector)
  }

  /// The latest first.
  static func inForce(in transaction: TenantTransaction) async throws -> [Collector] {
    try await transaction.query(
      """
      SELECT collector_id, name, reference, recorded_at, ended_at FROM privacy.collector
      WHERE tenant_id = \(transaction.tenant) AND ended_at IS NULL
      ORDER BY recorded_at DESC, collector_id DESC LIMIT \(Collector.inForceLimit)
      """
    ).map(collector)
  }

  /// A page, the latest first, and where the next one begins, nil after the last.
  static func list(
    _ page: Page, in transaction: TenantTransaction
  ) async throws -> (collectors: [Collector], next: PagePosition?) {
    let (date, id) = (page.after?.date, page.after?.id)
    let found = try await transaction.query(
      """
      SELECT collector_id, name, reference, recorded_at, ended_at FROM privacy.collector
      WHERE tenant_id = \(transaction.tenant)
        AND (\(date)::timestamptz IS NULL
          OR (recorded_at, collector_id) < (\(date)::timestamptz, \(id)::uuid))
      ORDER BY recorded_at DESC, collector_id DESC LIMIT \(page.size + 1)
      """
    ).map(collector)
    let shown = Array(found.prefix(page.size))
    guard found.count > page.size, let last = shown.last else { return (shown, nil) }
    return (shown, PagePosition(at: last.recordedAt, id: last.id))
  }

  private static func collector(_ row: Row) throws -> Collector {
    Collector(
      id: try row.get("collector_id"), name: try row.get("name"),
      reference: try row.get("reference"), recordedAt: try row.get("recorded_at"),
      endedAt: try row.get("ended_at"))
  }
}

/// The cookie register (clause 19): rows of the platform.
enum CookieStore {
  /// Most cookies; throws `tooMany` for one more.
  static let limit = 100

  static func put(_ cookie: Cookie, in transaction: TenantTransaction) async throws {
    let count = try await transaction.query(all: [
      """
      INSERT INTO privacy.cookie (tenant_id, name, party, purpose, necessary, lifetime_days)
      VALUES (\(transaction.tenant), \(cookie.name), \(cookie.party), \(cookie.purpose),
        \(cookie.isNecessary), \(cookie.lifetimeDays))
      ON CONFLICT (tenant_id, name) DO UPDATE SET party = excluded.party,
        purpose = excluded.purpose, necessary = excluded.necessary,
        lifetime_days = excluded.lifetime_days
      """,
      "SELECT count(*) AS n FROM privacy.cookie WHERE tenant_id = \(transaction.tenant)",
    ])[1]
    let cookies: Int = try count.first?.get("n") ?? 0
    guard cookies <= limit else { throw EntryError.tooMany("cookies", limit: limit) }
  }

  static func remove(_ name: String, in transaction: TenantTransaction) async throws {
    try await transaction.query(
      "DELETE FROM privacy.cookie WHERE tenant_id = \(transaction.tenant) AND name = \(name)")
  }

  static func list(in transaction: TenantTransaction) async throws -> [Cookie] {
    try await transaction.query(
      """
      SELECT name, party, purpose, necessary, lifetime_days FROM privacy.cookie
      WHERE tenant_id = \(transaction.tenant)
      ORDER BY necessary DESC, name LIMIT \(limit)
      """
    ).map { row in
      Cookie(
        name: try row.get("name"), party: try row.get("party"), purpose: try row.get("purpose"),
        isNecessary: try row.get("necessary"),
        lifetimeDays: Int(try row.get("lifetime_days") as Int32))
    }
  }
}
