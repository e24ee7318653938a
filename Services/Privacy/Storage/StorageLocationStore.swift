import Foundation
import Postgres
import Storage

/// Where data, backups or keys lie.
struct StorageEntry: Sendable, Equatable {
  var id: UUID
  /// `UUID.platform`: everybody's.
  var organisation: UUID
  var service: String
  var kind: StorageRule.Kind
  var country: String
  var place: String
  var recordedAt: Date
  var endedAt: Date?

  /// Most that are listed of one organisation.
  static let listLimit = 200
}

/// In which countries besides the Netherlands an organisation lets its data lie.
struct StorageInstruction: Sendable, Equatable {
  var countries: [String]
  var reference: String
  var instructedAt: Date
}

enum StorageLocationStore {
  /// Replaces what was instructed. Throws `storageInUse` while data lie in a country that is not
  /// among the new ones.
  static func instruct(
    _ instruction: StorageInstruction, by person: UUID, in transaction: TenantTransaction
  ) async throws {
    // The row's lock holds a location back that is being recorded under the old instruction.
    let used = try await transaction.query(all: [
      """
      INSERT INTO privacy.storage_instruction
        (tenant_id, countries, reference, instructed_at, instructed_by)
      VALUES (\(transaction.tenant), \(instruction.countries), \(instruction.reference),
        \(instruction.instructedAt), \(person))
      ON CONFLICT (tenant_id) DO UPDATE SET countries = excluded.countries,
        reference = excluded.reference, instructed_at = excluded.instructed_at,
        instructed_by = excluded.instructed_by
      """,
      """
      SELECT country FROM privacy.storage_location
      WHERE tenant_id = \(transaction.tenant) AND ended_at IS NULL
        AND country <> \(Country.netherlands) AND country <> ALL(\(instruction.countries))
      ORDER BY country LIMIT 1
      """,
    ])[1]
    if let row = used.first {
      throw EntryError.storageInUse(country: try row.get("country"))
    }
  }

  /// `locked`: it stays as it is until the transaction ends.
  static func instruction(
    locked: Bool = false, in transaction: TenantTransaction
  ) async throws -> StorageInstruction? {
    let select: SQL = """
      SELECT countries, reference, instructed_at FROM privacy.storage_instruction
      WHERE tenant_id = \(transaction.tenant)
      """
    return try await transaction.query(locked ? "\(select) FOR SHARE" : select).first.map { row in
      StorageInstruction(
        countries: try row.get("countries"), reference: try row.get("reference"),
        instructedAt: try row.get("instructed_at"))
    }
  }

  static func insert(_ entry: StorageEntry, in transaction: TenantTransaction) async throws {
    try await transaction.query(
      """
      INSERT INTO privacy.storage_location
        (tenant_id, storage_location_id, service, kind, country, place, recorded_at)
      VALUES (\(transaction.tenant), \(entry.id), \(entry.service), \(entry.kind.rawValue),
        \(entry.country), \(entry.place), \(entry.recordedAt))
      """)
  }

  /// Nil if there is none. One that has ended stays as it is.
  static func end(
    _ id: UUID, at time: Date, in transaction: TenantTransaction
  ) async throws -> StorageEntry? {
    try await transaction.query(
      """
      UPDATE privacy.storage_location SET ended_at = coalesce(ended_at, \(time))
      WHERE tenant_id = \(transaction.tenant) AND storage_location_id = \(id)
      RETURNING \(columns)
      """
    ).first.map { try entry($0, of: transaction.tenant) }
  }

  static func list(
    onlyInForce: Bool = false, in transaction: TenantTransaction
  ) async throws -> [StorageEntry] {
    try await transaction.query(
      """
      SELECT \(columns) FROM privacy.storage_location
      WHERE tenant_id = \(transaction.tenant) AND (ended_at IS NULL OR NOT \(onlyInForce))
      ORDER BY recorded_at DESC, storage_location_id DESC LIMIT \(StorageEntry.listLimit)
      """
    ).map { try entry($0, of: transaction.tenant) }
  }

  private static let columns: SQL =
    "storage_location_id, service, kind, country, place, recorded_at, ended_at"

  private static func entry(_ row: Row, of tenant: UUID) throws -> StorageEntry {
    guard let kind = StorageRule.Kind(rawValue: try row.get("kind")) else {
      throw UnknownStoredValue(column: "kind")
    }
    return StorageEntry(
      id: try row.get("storage_location_id"), organisation: tenant,
      service: try row.get("service"), kind: kind, country: try row.get("country"),
      place: try row.get("place"), recordedAt: try row.get("recorded_at"),
      endedAt: try row.get("ended_at"))
  }
}
