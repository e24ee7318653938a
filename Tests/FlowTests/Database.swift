import Foundation
import Postgres
import ProgramSupport
import Reactor

/// What the database's own catalogue says about the tables of the services.
struct Tables: Sendable {
  struct Table: Sendable, Hashable, CustomStringConvertible {
    let schema: String
    let name: String
    let columns: [String]
    var description: String { "\(schema).\(name)" }
  }

  /// Schema names of all services, those of their keys among them.
  static let schemas = HousePlan.stores.flatMap { [$0, "\($0)_keys"] }

  /// Every table of every schema that is not PostgreSQL's own.
  static func all(_ pool: PostgresPool) async throws -> [Table] {
    try await pool.run([
      """
      SELECT n.nspname::text AS schema, c.relname::text AS name,
        array_agg(a.attname::text ORDER BY a.attnum) AS columns
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE c.relkind IN ('r', 'p', 'm', 'f')
        AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
      GROUP BY n.nspname, c.relname ORDER BY 1, 2
      """
    ])[0].map { row in
      Table(
        schema: try row.get("schema"), name: try row.get("name"), columns: try row.get("columns"))
    }
  }

  /// Where any of `texts` stands: in which table and column, in how many rows, whatever the
  /// organisation. Compared as text in lower case; bytes also as hexadecimal digits.
  static func places(of texts: [String], in pool: PostgresPool) async throws -> [String] {
    let plain = texts.map { $0.lowercased() }
    let hexadecimal = plain.map(hex) + texts.map(hex)
    let compact = plain.filter { UUID(uuidString: $0) != nil }.map { $0.replacing("-", with: "") }
    let needles = Array(Set(plain + hexadecimal + compact))
    var places: [String] = []
    for table in try await all(pool) {
      let (schema, name) = (try SQLIdentifier(table.schema), try SQLIdentifier(table.name))
      let queries = try table.columns.map { column -> SQL in
        let column = try SQLIdentifier(column)
        return """
          SELECT count(*) AS found FROM \(schema).\(name) AS t
          WHERE EXISTS (SELECT FROM unnest(\(needles)::text[]) AS needle
            WHERE position(needle IN lower(t.\(column)::text)) > 0)
          """
      }
      for (column, result) in zip(table.columns, try await pool.run(queries)) {
        let found: Int64 = try result[0].get("found")
        if found > 0 { places.append("\(table).\(column): \(found)") }
      }
    }
    return places
  }

  /// Tables whose rows a service takes away again when what they tell of is done.
  private static let waiting: Set<String> = ["access_event", "outbox"]
  /// A table in which every organisation gets rows when an operator tells all of them something, as
  /// another test may have one do at any time; and rows of what it did itself, a little later.
  private static let told: Set<String> = ["notice"]

  /// The rows of an organisation by table, once none waits for a service to be done with it.
  static func counts(of tenant: UUID, in pool: PostgresPool) async throws -> [String: Int] {
    try await untilSettled(tenant, in: pool)
    let tables = try await all(pool).filter {
      $0.columns.contains("tenant_id") && !told.contains($0.name) && !waiting.contains($0.name)
    }
    var counts: [String: Int] = [:]
    for table in tables { counts["\(table)"] = try await count(table, of: tenant, in: pool) }
    return counts
  }

  /// Returns when nothing of the organisation waits for a service to be done with it: what was read
  /// is in its log, and what was written to people is sent.
  static func untilSettled(_ tenant: UUID, in pool: PostgresPool) async throws {
    for table in try await all(pool) where waiting.contains(table.name) {
      try await until("\(table) is empty") { try await count(table, of: tenant, in: pool) == 0 }
    }
  }

  private static func count(
    _ table: Table, of tenant: UUID, in pool: PostgresPool
  ) async throws -> Int {
    let (schema, name) = (try SQLIdentifier(table.schema), try SQLIdentifier(table.name))
    let rows = try await pool.run([
      "SELECT count(*) AS n FROM \(schema).\(name) WHERE tenant_id = \(tenant)"
    ])
    return Int(try rows[0][0].get("n") as Int64)
  }

  private static func hex(_ text: String) -> String {
    text.utf8.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
  }
}

extension House {
  /// Runs statements as a superuser, past row security: what a test needs that no call can do.
  @discardableResult
  func sql(_ statements: SQL...) async throws -> [ResultSet] {
    try await superuser.run(statements)
  }

  /// A pool of the runtime role of a service, as the service itself connects.
  @discardableResult
  func withRuntimePool<Value>(
    _ service: String, _ body: (PostgresPool) async throws -> Value
  ) async throws -> Value {
    var configuration = PostgresConfiguration(
      dsn: try plan.settings(of: service).string("database.dsn"))
    configuration.connectionsPerReactor = 1
    configuration.acquireTimeout = .seconds(120)
    let pool = PostgresPool(configuration: configuration, reactors: reactors)
    do {
      let value = try await body(pool)
      await pool.shutdown()
      return value
    } catch {
      await pool.shutdown()
      throw error
    }
  }
}

extension PostgresTransaction {
  /// How many backends wait for a lock of this transaction. From `pg_locks`, which shows what is so
  /// at the moment: of `pg_stat_activity` a transaction sees what was so when it first looked.
  func waiters() async throws -> Int64 {
    try await query(
      """
      SELECT count(DISTINCT pid) AS n FROM pg_catalog.pg_locks
      WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))
      """)[0].get("n")
  }
}
