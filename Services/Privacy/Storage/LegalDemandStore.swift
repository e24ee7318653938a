import Foundation
import Postgres
import Storage

/// That an authority demands data, and what was disclosed to it (clause 12d).
struct LegalDemand: Sendable {
  static let authority = EntryField("authority", 1...200)
  static let legalBasis = EntryField("legal_basis", 1...500, isAboutPeople: true)
  static let matter = EntryField("matter", 1...4_000, isAboutPeople: true)
  static let disclosed = EntryField("disclosed", 1...4_000, isAboutPeople: true)
  static let ground = EntryField("ground", 1...1_000, isAboutPeople: true)
  /// Most disclosures for one demand.
  static let disclosureLimit = 100

  var id: UUID
  var authority: String
  var legalBasis: String
  var matter: String
  var receivedAt: Date
  var recordedAt: Date
  var disclosures: [Disclosure] = []

  struct Disclosure: Sendable {
    var disclosed: String
    var ground: String
    var disclosedAt: Date
    var recordedAt: Date
  }
}

/// The key is that of the transaction's organisation.
enum LegalDemandStore {
  static func insert(
    _ demand: LegalDemand, _ key: SealingKey, in transaction: TenantTransaction
  ) async throws {
    let matter = try Sealed<LegalDemandColumns.Matter>(demand.matter, row: demand.id, key)
    try await transaction.query(
      """
      INSERT INTO privacy.legal_demand
        (tenant_id, legal_demand_id, authority, legal_basis, matter, received_at, recorded_at)
      VALUES (\(transaction.tenant), \(demand.id), \(demand.authority), \(demand.legalBasis),
        \(matter), \(demand.receivedAt), \(demand.recordedAt))
      """)
  }

  static func insert(
    _ disclosure: LegalDemand.Disclosure, for demand: UUID, _ key: SealingKey,
    in transaction: TenantTransaction
  ) async throws {
    let id = UUID()
    let disclosed = try Sealed<DisclosureColumns.Disclosed>(disclosure.disclosed, row: id, key)
    try await transaction.query(
      """
      INSERT INTO privacy.disclosure
        (tenant_id, disclosure_id, legal_demand_id, disclosed, ground, disclosed_at, recorded_at)
      VALUES (\(transaction.tenant), \(id), \(demand), \(disclosed), \(disclosure.ground),
        \(disclosure.disclosedAt), \(disclosure.recordedAt))
      """)
  }

  /// With its disclosures. Nil if there is none.
  static func fetch(
    _ id: UUID, _ key: SealingKey, in transaction: TenantTransaction
  ) async throws -> LegalDemand? {
    let rows = try await transaction.query(
      """
      SELECT \(columns) FROM privacy.legal_demand
      WHERE tenant_id = \(transaction.tenant) AND legal_demand_id = \(id)
      """)
    return try await demands(rows.map { $0 }, key, in: transaction).first
  }

  static func list(
    _ page: Page, _ key: SealingKey, in transaction: TenantTransaction
  ) async throws -> (found: [LegalDemand], next: PagePosition?) {
    let (date, id) = (page.after?.date, page.after?.id)
    let rows = try await transaction.query(
      """
      SELECT \(columns) FROM privacy.legal_demand
      WHERE tenant_id = \(transaction.tenant)
        AND (\(date)::timestamptz IS NULL
          OR (recorded_at, legal_demand_id) < (\(date)::timestamptz, \(id)::uuid))
      ORDER BY recorded_at DESC, legal_demand_id DESC LIMIT \(page.size + 1)
      """)
    let shown = try await demands(Array(rows.prefix(page.size)), key, in: transaction)
    guard rows.count > page.size, let last = shown.last else { return (shown, nil) }
    return (shown, PagePosition(at: last.recordedAt, id: last.id))
  }

  private static let columns: SQL =
    "legal_demand_id, authority, legal_basis, matter, received_at, recorded_at"

  private static func demands(
    _ rows: [Row], _ key: SealingKey, in transaction: TenantTransaction
  ) async throws -> [LegalDemand] {
    let ids = try rows.map { try $0.get("legal_demand_id", as: UUID.self) }
    guard !ids.isEmpty else { return [] }
    var disclosures: [UUID: [LegalDemand.Disclosure]] = [:]
    let found = try await transaction.query(
      """
      SELECT disclosure_id, legal_demand_id, disclosed, ground, disclosed_at, recorded_at
      FROM privacy.disclosure
      WHERE tenant_id = \(transaction.tenant) AND legal_demand_id = ANY(\(ids))
      ORDER BY disclosed_at, disclosure_id
      """)
    for row in found {
      disclosures[try row.get("legal_demand_id"), default: []].append(
        LegalDemand.Disclosure(
          disclosed: try row.open(
            DisclosureColumns.Disclosed.self, row: try row.get("disclosure_id"), key),
          ground: try row.get("ground"), disclosedAt: try row.get("disclosed_at"),
          recordedAt: try row.get("recorded_at")))
    }
    return try zip(rows, ids).map { row, id in
      LegalDemand(
        id: id, authority: try row.get("authority"), legalBasis: try row.get("legal_basis"),
        matter: try row.open(LegalDemandColumns.Matter.self, row: id, key),
        receivedAt: try row.get("received_at"), recordedAt: try row.get("recorded_at"),
        disclosures: disclosures[id] ?? [])
    }
  }
}
