import Cryptography
package import Foundation
package import Postgres

/// Reads every row of every table of a schema and counts those in which a person is still found.
///
/// The tables come from the catalogue of the database, not from a list that somebody must keep;
/// values are compared as text (bytea as hexadecimal digits), so an identifier is found wherever it
/// stands. Row security holds: it sees the rows of one organisation.
package struct SubjectScan: Sendable {
  /// Texts that are looked for at once.
  package static let maximumNeedles = 16

  /// What is looked for: a person's identifier and texts that identify them, in every form in which
  /// a column may hold them.
  package struct Needles: Sendable {
    let texts: [String]

    package init(subject: UUID, texts: [String]) {
      let plain = [subject.canonical] + texts.map { $0.lowercased() }
      let digits = subject.canonical.replacing("-", with: "")
      let hexadecimal = texts.map { text in
        text.utf8.map { byte in
          (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
      }
      self.texts = (plain + [digits] + hexadecimal).filter { !$0.isEmpty }
    }
  }

  package struct Finding: Sendable, Equatable {
    package var table: String
    package var rowsRead: Int
    package var rowsFound: Int
  }

  private let database: Database
  private let schema: SQLIdentifier

  package init(database: Database, schema: String) throws(PostgresError) {
    self.database = database
    self.schema = try SQLIdentifier(schema)
  }

  /// A finding for each table, by name, also for those without a find.
  package func run(
    tenant: UUID, _ needles: Needles, deadline: ContinuousClock.Instant? = nil
  ) async throws -> [Finding] {
    try await database.transaction(tenant: tenant, deadline: deadline) {
      try await run(needles, in: $0)
    }
  }

  /// The same within a transaction of the tenant's, which sees what it has changed itself.
  package func run(
    _ needles: Needles, in transaction: TenantTransaction
  ) async throws -> [Finding] {
    let tables = try await transaction.query(
      """
      SELECT class.relname::text AS name FROM pg_catalog.pg_class class
      WHERE class.relnamespace = \(schema.name)::regnamespace AND class.relkind IN ('r', 'p')
        AND has_table_privilege(class.oid, 'SELECT')
      ORDER BY class.relname
      """
    ).map { try SQLIdentifier($0.get("name")) }
    return try await transaction.query(all: tables.map { count($0, needles) })
      .enumerated().map { position, result in
        guard let row = result.first else {
          return Finding(table: tables[position].name, rowsRead: 0, rowsFound: 0)
        }
        return Finding(
          table: tables[position].name, rowsRead: Int(try row.get("rows_read") as Int64),
          rowsFound: Int(try row.get("rows_found") as Int64))
      }
  }

  private func count(_ table: SQLIdentifier, _ needles: Needles) -> SQL {
    """
    SELECT count(*) AS rows_read,
      count(*) FILTER (WHERE EXISTS (
        SELECT FROM unnest(\(needles.texts)::text[]) AS needle
        WHERE position(needle IN lower(row::text)) > 0)) AS rows_found
    FROM \(schema).\(table) AS row
    """
  }
}
