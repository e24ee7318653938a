import Foundation
import Postgres
import Storage

/// A transfer to a country outside of the EEA as it is registered.
struct TransferEntry: Sendable, Equatable {
  var id: UUID
  /// `UUID.platform`: everybody's.
  var organisation: UUID
  var recipient: String
  var country: String
  var basis: TransferBasis
  /// ISO 8601.
  var beginsOn: String
  var recordedAt: Date
  var endedAt: Date?

  static let recipient = EntryField("recipient", 1...200)
  /// Most that are listed of one organisation.
  static let listLimit = 200
}

enum TransferStore {
  static func insert(_ entry: TransferEntry, in transaction: TenantTransaction) async throws {
    let begins = try CalendarDate(field: "begins_on", entry.beginsOn)
    try await transaction.query(
      """
      INSERT INTO privacy.transfer
        (tenant_id, transfer_id, recipient, country, mechanism, basis_reference, basis_ground,
         begins_on, recorded_at)
      VALUES (\(transaction.tenant), \(entry.id), \(entry.recipient), \(entry.country),
        \(entry.basis.mechanism.rawValue), \(entry.basis.reference), \(entry.basis.ground),
        \(begins), \(entry.recordedAt))
      """)
  }

  /// Nil if there is none. One that has ended stays as it is.
  static func end(
    _ id: UUID, at time: Date, in transaction: TenantTransaction
  ) async throws -> TransferEntry? {
    try await transaction.query(
      """
      UPDATE privacy.transfer SET ended_at = coalesce(ended_at, \(time))
      WHERE tenant_id = \(transaction.tenant) AND transfer_id = \(id)
      RETURNING \(columns)
      """
    ).first.map { try entry($0, of: transaction.tenant) }
  }

  /// The latest first, at most `listLimit`.
  static func list(
    onlyInForce: Bool = false, in transaction: TenantTransaction
  ) async throws -> [TransferEntry] {
    try await transaction.query(
      """
      SELECT \(columns) FROM privacy.transfer
      WHERE tenant_id = \(transaction.tenant) AND (ended_at IS NULL OR NOT \(onlyInForce))
      ORDER BY recorded_at DESC, transfer_id DESC LIMIT \(TransferEntry.listLimit)
      """
    ).map { try entry($0, of: transaction.tenant) }
  }

  private static let columns: SQL = """
    transfer_id, recipient, country, mechanism, basis_reference, basis_ground, begins_on,
    recorded_at, ended_at
    """

  private static func entry(_ row: Row, of tenant: UUID) throws -> TransferEntry {
    guard let basis = try TransferBasis(row) else { throw UnknownStoredValue(column: "mechanism") }
    return TransferEntry(
      id: try row.get("transfer_id"), organisation: tenant, recipient: try row.get("recipient"),
      country: try row.get("country"), basis: basis,
      beginsOn: try row.get("begins_on", as: CalendarDate.self).description,
      recordedAt: try row.get("recorded_at"), endedAt: try row.get("ended_at"))
  }
}

extension TransferBasis {
  /// As it was stored, however the rules have changed since; nil where there is none.
  init?(_ row: Row) throws {
    guard let name: String = try row.get("mechanism") as String? else { return nil }
    guard let mechanism = Mechanism(rawValue: name) else {
      throw UnknownStoredValue(column: "mechanism")
    }
    self.init(
      mechanism: mechanism, reference: try row.get("basis_reference"),
      ground: try row.get("basis_ground"))
  }
}

extension CalendarDate {
  /// The day in a request's field, "2026-11-23".
  init(field: String, _ text: String) throws(EntryError) {
    let (year, month, day) = try EntryField.day(text, field: field)
    guard let date = CalendarDate(year: year, month: month, day: day) else {
      throw .notADay(field: field)
    }
    self = date
  }
}
