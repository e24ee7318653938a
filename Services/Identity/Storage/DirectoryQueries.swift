import FoundationEssentials
import Postgres
import Storage

extension SQL {
  /// A row of the platform: run it in a transaction of that tenant.
  static func directoryInsert(_ organisation: UUID, at time: Date) -> SQL {
    """
    INSERT INTO identity.directory (tenant_id, organisation_id, registered_at)
    VALUES (\(UUID.platform), \(organisation), \(time))
    """
  }

  /// One more than a page holds, if there are as many; the one registered last first.
  static func directoryFetch(_ page: Page) -> SQL {
    let order: SQL = """
      ORDER BY registered_at DESC, organisation_id DESC LIMIT \(page.size + 1)
      """
    let rows: SQL = """
      SELECT organisation_id, registered_at FROM identity.directory
      WHERE tenant_id = \(UUID.platform)
      """
    guard let after = page.after else { return "\(rows) \(order)" }
    return """
      \(rows) AND (registered_at, organisation_id) < (\(after.date), \(after.id)) \(order)
      """
  }
}

/// All client organisations.
struct Directory: Sendable {
  let database: Database

  /// Some of them, the one registered last first, and where the next page begins.
  func list(
    _ page: Page, _ mandate: Mandate
  ) async throws -> (organisations: [UUID], next: PagePosition?) {
    let rows = try await database.once(mandate, .directoryFetch(page))[0]
    let shown = try rows.prefix(page.size).map { row in
      PagePosition(at: try row.get("registered_at"), id: try row.get("organisation_id"))
    }
    return (shown.map(\.id), rows.count > page.size ? shown.last : nil)
  }
}
