package import Foundation
package import Postgres

/// Whether the database keeps tenants apart even if this program is wrong. Run with the runtime
/// role's pool; a service with findings does not start.
package struct StartupCheck: Sendable {
  /// Something that is not as it must be, and how to mend it.
  package struct Finding: Sendable, Equatable, CustomStringConvertible {
    package var subject: String
    package var problem: String
    package var remedy: String

    package var description: String { "\(subject): \(problem). Remedy: \(remedy)" }
  }

  private let pool: PostgresPool
  private let schemas: [SQLIdentifier]

  /// `schemas`: those of the pool's database that belong to this service.
  package init(pool: PostgresPool, schemas: [String]) throws(PostgresError) {
    self.pool = pool
    var identifiers: [SQLIdentifier] = []
    for schema in schemas { identifiers.append(try SQLIdentifier(schema)) }
    self.schemas = identifiers
  }

  /// Empty if all is well. `migrations`: the directory of each schema's files, to find what is
  /// pending.
  package func findings(migrations: [String: URL] = [:]) async -> [Finding] {
    var findings: [Finding] = []
    do {
      let names = schemas.map(\.name)
      let results = try await pool.run(
        [StartupQueries.role(names)] + StartupQueries.rules.map { $0.query(names) })
      findings += try role(results[0])
      for (rule, rows) in zip(StartupQueries.rules, results.dropFirst()) {
        for row in rows {
          let subject: String = try row.get("subject")
          findings.append(Finding(subject: subject, problem: rule.problem, remedy: rule.remedy))
        }
      }
    } catch {
      return [StartupCheck.unreachable(error)]
    }
    for schema in schemas {
      if let directory = migrations[schema.name] { findings += await pending(schema, directory) }
    }
    return findings
  }

  static func unreachable(_ error: PostgresError) -> Finding {
    Finding(
      subject: "database", problem: "\(error)",
      remedy: "check the DSN, that PostgreSQL runs, and that this role may connect")
  }

  private func role(_ rows: ResultSet) throws(PostgresError) -> [Finding] {
    guard let row = rows.first else { return [] }
    let name: String = try row.get("name")
    var findings: [Finding] = []
    func find(_ column: String, _ problem: String, _ remedy: String) throws(PostgresError) {
      guard try row.get(column, as: Bool.self) else { return }
      findings.append(Finding(subject: "role \(name)", problem: problem, remedy: remedy))
    }
    try find("superuser", "is a superuser", "connect as the runtime role, not as \(name)")
    try find("bypasses", "bypasses row security", "ALTER ROLE \(name) NOBYPASSRLS")
    try find(
      "member", "belongs to the owner of the tables",
      "REVOKE the owner's role from \(name), or connect as the runtime role")
    return findings
  }

  private func pending(_ schema: SQLIdentifier, _ directory: URL) async -> [Finding] {
    let subject = "schema \(schema)"
    do {
      let files = try MigrationFile.load(directory)
      let rows = try await pool.run([AppliedMigration.fetch(schema)])[0]
      let done = try Migrator.verify(try rows.map(AppliedMigration.init), files)
      guard done < files.count else { return [] }
      let names = files[done...].map(\.name).joined(separator: ", ")
      return [
        Finding(subject: subject, problem: "pending: \(names)", remedy: "run the migrate command")
      ]
    } catch let error as PostgresError {
      // undefined_table, invalid_schema_name, insufficient_privilege
      guard ["42P01", "3F000", "42501"].contains(error.sqlstate) else {
        return [StartupCheck.unreachable(error)]
      }
      return [
        Finding(
          subject: subject, problem: "no migration has run, or this role may not see them",
          remedy: "run the migrate command with this runtime role")
      ]
    } catch {
      return [
        Finding(
          subject: subject, problem: "\(error)", remedy: "see above; then run the migrate command")
      ]
    }
  }
}
