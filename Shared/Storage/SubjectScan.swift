import Cryptography
package import Foundation
package import Postgres

/// Reads every row of every table of a schema and counts those in which a person is still found.
///
/// The tables come from the catalogue of the database, not from a list that somebody must keep;
/// values are compared as text (bytea as hexadecimal digits), so an identifier is found wherever it
/// stands. Row security holds: it sees the rows of one organisation. Rows are read some at a time,
/// by the primary key, so that any number of them ends.
package struct SubjectScan: Sendable {
  /// Texts that are looked for at once.
  package static let maximumNeedles = 64
  /// Rows of one statement.
  package static let standardBatch = 2_000

  /// What is looked for: a person's identifier and texts that identify them, in every form in which
  /// a column may hold them.
  package struct Needles: Sendable {
    let texts: [String]

    package init(subject: UUID, texts: [String]) {
      let plain = [subject.canonical] + texts.map { $0.lowercased() }
      let digits = subject.canonical.replacing("-", with: "")
      let hexadecimal = texts.map { Hex.encode(Array($0.utf8)) }
      self.texts = (plain + [digits] + hexadecimal).filter { !$0.isEmpty }
    }
  }

  package struct Finding: Codable, Sendable, Equatable {
    package var table: String
    package var rowsRead: Int
    package var rowsFound: Int
    /// In which columns it was found; never what they hold.
    package var columns: [String] = []

    package init(table: String, rowsRead: Int, rowsFound: Int, columns: [String] = []) {
      (self.table, self.rowsRead) = (table, rowsRead)
      (self.rowsFound, self.columns) = (rowsFound, columns)
    }
  }

  /// How far a scan has come.
  package struct Progress: Codable, Sendable, Equatable {
    /// Of each table that was read so far, also of those without a find.
    package var findings: [Finding] = []
    /// Nil: all was read.
    var place: Place? = Place()

    package init() {}

    package init(done findings: [Finding]) {
      self.findings = findings
      place = nil
    }

    package var isDone: Bool { place == nil }

    struct Place: Codable, Sendable, Equatable {
      var part = 0
      /// The first one that was not read to its end, by name.
      var table = ""
      /// The key of the last row that was read of it, an array of texts as PostgreSQL writes it;
      /// nil: none was.
      var after: String?
    }
  }

  private struct Part: Sendable {
    let database: Database
    let schema: SQLIdentifier
  }

  private let parts: [Part]
  private let batch: Int

  /// - Parameters:
  ///   - keys: with the service's key store, `<schema>_keys`.
  ///   - batch: rows of one statement.
  package init(
    database: Database, schema: String, keys: Database? = nil, batch: Int = standardBatch
  ) throws(PostgresError) {
    self.batch = batch
    var parts = [Part(database: database, schema: try SQLIdentifier(schema))]
    if let keys { parts.append(Part(database: keys, schema: try SQLIdentifier("\(schema)_keys"))) }
    self.parts = parts
  }

  /// A finding for each table, by name, also for those without a find.
  package func run(tenant: UUID, _ needles: Needles) async throws -> [Finding] {
    try await go(on: Progress(), tenant: tenant, needles, until: nil).findings
  }

  /// Goes on where `progress` says, until all is read or a batch ends after `end`; one is read.
  package func go(
    on progress: Progress, tenant: UUID, _ needles: Needles, until end: ContinuousClock.Instant?
  ) async throws -> Progress {
    var progress = progress
    while let place = progress.place, parts.indices.contains(place.part) {
      let part = parts[place.part]
      let isOver = try await read(part, needles, &progress, until: end) { body in
        try await part.database.transaction(tenant: tenant) { try await body($0) }
      }
      if isOver { return progress }
      progress.place = Progress.Place(part: place.part + 1)
    }
    progress.place = nil
    return progress
  }

  /// All of the first part within a transaction of the tenant's, which sees what it has changed.
  package func run(
    _ needles: Needles, in transaction: TenantTransaction
  ) async throws -> [Finding] {
    var progress = Progress()
    _ = try await read(parts[0], needles, &progress, until: nil) { try await $0(transaction) }
    return progress.findings
  }

  // MARK: Steps

  private typealias Step = (TenantTransaction) async throws -> Void

  /// Reads a part from its place on; true: time was over before its end.
  private func read(
    _ part: Part, _ needles: Needles, _ progress: inout Progress,
    until end: ContinuousClock.Instant?, in transaction: (Step) async throws -> Void
  ) async throws -> Bool {
    let start = progress.place ?? Progress.Place()
    var tables: [Table] = []
    try await transaction { tables = try await Self.tables(of: part.schema, in: $0) }
    let left = tables.filter { $0.name.name >= start.table }
    for (number, table) in left.enumerated() {
      var after = table.name.name == start.table ? start.after : nil
      if after == nil {
        progress.findings.append(Finding(table: table.name.name, rowsRead: 0, rowsFound: 0))
      }
      repeat {
        var finding = progress.findings.removeLast()
        try await transaction {
          after = try await read(
            table, of: part.schema, after: after, needles, into: &finding, in: $0)
        }
        progress.findings.append(finding)
        guard let end, .now >= end else { continue }
        let next = after == nil ? left.dropFirst(number + 1).first : table
        guard let next else { return false }
        progress.place = Progress.Place(part: start.part, table: next.name.name, after: after)
        return true
      } while after != nil
    }
    return false
  }

  fileprivate struct Table {
    let name: SQLIdentifier
    let columns: [SQLIdentifier]
    /// The columns of the primary key, with their types.
    let key: [(name: SQLIdentifier, type: SQLIdentifier)]
  }

  private static func tables(
    of schema: SQLIdentifier, in transaction: TenantTransaction
  ) async throws -> [Table] {
    try await transaction.query(
      """
      SELECT class.relname::text AS name,
        ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute a
          WHERE a.attrelid = class.oid AND a.attnum > 0 AND NOT a.attisdropped
          ORDER BY a.attnum) AS columns,
        ARRAY(SELECT a.attname::text FROM pg_catalog.pg_index i
          CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS part (number, place)
          JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = part.number
          WHERE i.indrelid = class.oid AND i.indisprimary ORDER BY part.place) AS key_columns,
        ARRAY(SELECT t.typname::text FROM pg_catalog.pg_index i
          CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS part (number, place)
          JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = part.number
          JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
          WHERE i.indrelid = class.oid AND i.indisprimary ORDER BY part.place) AS key_types
      FROM pg_catalog.pg_class class
      WHERE class.relnamespace = \(schema.name)::regnamespace AND class.relkind IN ('r', 'p')
        AND has_table_privilege(class.oid, 'SELECT')
      ORDER BY class.relname
      """
    ).map { row in
      let (names, types): ([String], [String]) = (
        try row.get("key_columns"), try row.get("key_types")
      )
      return Table(
        name: try SQLIdentifier(row.get("name")),
        columns: try row.get("columns", as: [String].self).map { try SQLIdentifier($0) },
        key: try zip(names, types).map { (try SQLIdentifier($0), try SQLIdentifier($1)) })
    }
  }

  /// Reads the rows after a key into a finding; the key of the last one, nil after the table's end.
  private func read(
    _ table: Table, of schema: SQLIdentifier, after key: String?, _ needles: Needles,
    into finding: inout Finding, in transaction: TenantTransaction
  ) async throws -> String? {
    let rows = rows(of: table, in: schema, after: key)
    let row = try await transaction.query(
      """
      SELECT count(*) AS rows_read, count(*) FILTER (WHERE EXISTS (
          SELECT FROM unnest(\(needles.texts)::text[]) AS needle
          WHERE position(needle IN page.content) > 0)) AS rows_found,
        (array_agg(page.key ORDER BY page.place DESC))[1] AS last_key
      FROM (SELECT lower(entry::text) AS content, \(table.keyText) AS key,
        row_number() OVER (ORDER BY \(table.order)) AS place \(rows)) AS page
      """)[0]
    let (read, found): (Int64, Int64) = (try row.get("rows_read"), try row.get("rows_found"))
    finding.rowsRead += Int(read)
    finding.rowsFound += Int(found)
    if found > 0 {
      let flags = table.columns.map { column -> SQL in
        """
        CASE WHEN bool_or(EXISTS (SELECT FROM unnest(\(needles.texts)::text[]) AS needle
          WHERE position(needle IN lower(page.\(column)::text)) > 0)) THEN \(column.name)::text END
        """
      }
      let columns: [String] = try await transaction.query(
        """
        SELECT array_remove(ARRAY[\(SQL.list(flags))], NULL) AS columns
        FROM (SELECT \(SQL.list(table.columns.map { "entry.\($0)" })) \(rows)) AS page
        """)[0].get("columns")
      finding.columns += columns.filter { !finding.columns.contains($0) }
    }
    return read < batch || table.key.isEmpty ? nil : try row.get("last_key")
  }

  /// From where on, in which order and how many; without a primary key all at once.
  private func rows(
    of table: Table, in schema: SQLIdentifier, after key: String?
  ) -> SQL {
    var after: SQL = "true"
    if let key {
      let values = table.key.enumerated().map { place, part -> SQL in
        "((\(key)::text)::text[])[\(Int32(place + 1))::integer]::\(part.type)"
      }
      after = "(\(SQL.list(table.key.map { "entry.\($0.name)" }))) > (\(SQL.list(values)))"
    }
    let limit: Int64? = table.key.isEmpty ? nil : Int64(batch)
    return """
      FROM \(schema).\(table.name) AS entry WHERE \(after)
      ORDER BY \(table.order) LIMIT \(limit)::bigint
      """
  }
}

extension SubjectScan.Table {
  fileprivate var order: SQL {
    key.isEmpty ? "true" : SQL.list(key.map { "entry.\($0.name)" })
  }

  /// The key of a row as one text.
  fileprivate var keyText: SQL {
    key.isEmpty ? "''" : "ARRAY[\(SQL.list(key.map { "entry.\($0.name)::text" }))]::text"
  }
}

extension SQL {
  /// Separated by commas.
  fileprivate static func list(_ parts: [SQL]) -> SQL {
    parts.dropFirst().reduce(parts.first ?? "") { "\($0), \($1)" }
  }
}
