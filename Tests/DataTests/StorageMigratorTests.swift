import Foundation
import Testing

@testable import Postgres
@testable import Storage

@Suite(.timeLimit(.minutes(2))) struct StorageMigratorTests {
  private let first = "CREATE TABLE {{schema}}.one (tenant_id uuid);"
  private let second = "CREATE TABLE {{schema}}.two (tenant_id uuid);"

  private func migrationError(_ body: () async throws -> Void) async -> MigrationError? {
    do {
      try await body()
      return nil
    } catch {
      return error as? MigrationError
    }
  }

  private func tables(_ database: TestDatabase) async throws -> [String] {
    try await database.admin.run([
      """
      SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'goals' ORDER BY tablename
      """
    ])[0].map { try $0.get("name") }
  }

  @Test func `files run once, in order, as the owner`() async throws {
    try await TestDatabase.with { database in
      let files = ["0001_one.sql": first, "0002_two.sql": second]
      try await TestFiles.with(files) { directory in
        let migrator = try database.migrator("goals")
        #expect(try await migrator.run(directory: directory) == ["0001_one", "0002_two"])
        #expect(try await migrator.run(directory: directory) == [])
        try TestFiles.write(
          ["0003_three.sql": "ALTER TABLE {{schema}}.one ADD COLUMN note text"], directory)
        #expect(try await migrator.run(directory: directory) == ["0003_three"])
      }
      #expect(try await tables(database) == ["migration", "one", "two"])
      let owners = try await database.admin.run([
        "SELECT DISTINCT tableowner::text AS owner FROM pg_tables WHERE schemaname = 'goals'"
      ])[0]
      #expect(try owners.map { try $0.get("owner") } == [database.owner])
    }
  }

  @Test func `a file changed after it ran is refused`() async throws {
    try await TestDatabase.with { database in
      try await database.migrate("goals", ["0001_one.sql": first])
      let error = await migrationError {
        try await database.migrate("goals", ["0001_one.sql": first + "\n"])
      }
      #expect(error == .changed("0001_one"))
      let renamed = await migrationError {
        try await database.migrate("goals", ["0001_uno.sql": first])
      }
      #expect(renamed == .renamed(applied: "0001_one", file: "0001_uno"))
    }
  }

  @Test(arguments: [
    (["0001_a.sql", "0003_c.sql"], MigrationError.gap(expected: 2, found: "0003_c.sql")),
    (["0002_b.sql"], .gap(expected: 1, found: "0002_b.sql")),
    (["0001_a.sql", "0001_b.sql"], .gap(expected: 2, found: "0001_b.sql")),
    (["1_a.sql"], .badName("1_a.sql")),
    (["0001.sql"], .badName("0001.sql")),
    (["create.sql"], .badName("create.sql")),
  ])
  func `a gap or a bad name is refused before anything runs`(
    names: [String], expected: MigrationError
  ) async throws {
    let files = Dictionary(uniqueKeysWithValues: names.map { ($0, "SELECT 1") })
    let error = try await TestFiles.with(files) { directory in
      await migrationError { _ = try MigrationFile.load(directory) }
    }
    #expect(error == expected)
    #expect(!"\(expected)".isEmpty)
  }

  @Test func `a database newer than the binary is refused`() async throws {
    try await TestDatabase.with { database in
      try await database.migrate("goals", ["0001_one.sql": first, "0002_two.sql": second])
      let error = await migrationError {
        try await database.migrate("goals", ["0001_one.sql": first])
      }
      #expect(error == .newerDatabase(applied: 2, known: 1))
    }
  }

  @Test func `a gap in what has run is refused`() throws {
    let applied = [AppliedMigration(number: 2, name: "0002_b", checksum: "")]
    #expect(throws: MigrationError.gap(expected: 1, found: "0002_b")) {
      try Migrator.verify(applied, [])
    }
  }

  @Test func `a file that fails leaves nothing behind and those before it stay`() async throws {
    try await TestDatabase.with { database in
      let error = await migrationError {
        try await database.migrate(
          "goals",
          [
            "0001_one.sql": first,
            "0002_bad.sql": "CREATE TABLE {{schema}}.two (id int8); SELECT 1 / 0;",
          ])
      }
      guard case .failed("0002_bad", .server(let server)) = error else {
        Issue.record("got \(String(describing: error))")
        return
      }
      #expect(server.sqlstate == "22012")
      #expect(try await tables(database) == ["migration", "one"])
      try await database.migrate("goals", ["0001_one.sql": first, "0002_two.sql": second])
    }
  }

  @Test(arguments: ["COMMIT;", "COMMIT; BEGIN;", "ROLLBACK;"])
  func `a file that ends its transaction is refused`(ending: String) async throws {
    try await TestDatabase.with { database in
      let error = await migrationError {
        let allowed = "\n-- allow transaction: to see it refused all the same\n"
        let text = first + ending.split(separator: " ").map { allowed + $0 }.joined()
        try await database.migrate("goals", ["0001_one.sql": text])
      }
      #expect(error == .leftTransaction("0001_one"))
    }
  }

  @Test func `an unknown placeholder is refused`() async throws {
    try await TestDatabase.with { database in
      let error = await migrationError {
        try await database.migrate("goals", ["0001_one.sql": "CREATE TABLE {{shema}}.one ()"])
      }
      #expect(error == .unknownPlaceholder("0001_one"))
    }
  }

  @Test func `many processes that migrate at once run each file once`() async throws {
    try await TestDatabase.with { database in
      let files = ["0001_one.sql": first, "0002_two.sql": second]
      try await TestFiles.with(files) { directory in
        let migrator = try database.migrator("goals")
        let applied = try await withThrowingTaskGroup(of: [String].self) { group in
          for _ in 0..<4 { group.addTask { try await migrator.run(directory: directory) } }
          return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(applied.sorted() == ["0001_one", "0002_two"])
      }
    }
  }

  @Test func `what is not safe is refused before anything runs`() async throws {
    try await TestDatabase.with { database in
      let error = await migrationError {
        try await database.migrate(
          "goals", ["0001_one.sql": first, "0002_two.sql": "DROP TABLE {{schema}}.gone"])
      }
      guard case .unsafe(let findings) = error else {
        Issue.record("got \(String(describing: error))")
        return
      }
      #expect(findings.map(\.rule) == [.drop])
      let left = try await tables(database)
      #expect(left == [])
    }
  }

  @Test func `a plan shows what would run and changes nothing`() async throws {
    try await TestDatabase.with { database in
      let files = ["0001_one.sql": first, "0002_two.sql": second]
      try await TestFiles.with(files) { directory in
        let migrator = try database.migrator("goals")
        let plan = try await migrator.plan(directory: directory)
        #expect(plan.pending.map(\.name) == ["0001_one", "0002_two"])
        #expect(plan.pending[0].script == "CREATE TABLE \"goals\".one (tenant_id uuid);")
        #expect(try await tables(database) == [])
        try await migrator.run(directory: directory)
        try TestFiles.write(["0003_no.sql": "ALTER TABLE {{schema}}.one RENAME TO x"], directory)
        let next = try await migrator.plan(directory: directory)
        #expect(next.pending.map(\.name) == ["0003_no"] && next.findings.map(\.rule) == [.rename])
      }
    }
  }

  private static let concurrently = """
    -- not in a transaction
    CREATE UNIQUE INDEX CONCURRENTLY one_tenant ON {{schema}}.one (tenant_id);
    """

  private func indexes(_ database: TestDatabase) async throws -> [String] {
    try await database.admin.run([
      """
      SELECT c.relname || CASE WHEN i.indisvalid THEN '' ELSE ' (invalid)' END AS name
      FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
      WHERE c.relnamespace = 'goals'::regnamespace AND NOT i.indisprimary
      """
    ])[0].map { try $0.get("name") }
  }

  @Test func `an index that was left half-made is made anew`() async throws {
    try await TestDatabase.with { database in
      try await database.migrate("goals", ["0001_one.sql": first])
      let twice: SQL = """
        INSERT INTO goals.one VALUES ('11111111-1111-1111-1111-111111111111'),
          ('11111111-1111-1111-1111-111111111111')
        """
      try await database.admin.run([twice])
      let files = ["0001_one.sql": first, "0002_index.sql": Self.concurrently]
      let error = await migrationError { try await database.migrate("goals", files) }
      guard case .failed("0002_index", .server(let server)) = error else {
        Issue.record("got \(String(describing: error))")
        return
      }
      #expect(server.sqlstate == "23505")
      #expect(try await indexes(database) == ["one_tenant (invalid)"])
      try await database.admin.run(["DELETE FROM goals.one"])
      try await database.migrate("goals", files)
      #expect(try await indexes(database) == ["one_tenant"])
      try await database.migrate(
        "goals",
        files.merging([
          "0003_drop.sql": "-- not in a transaction\nDROP INDEX CONCURRENTLY {{schema}}.one_tenant"
        ]) { $1 })
      #expect(try await indexes(database) == [])
    }
  }

  @Test func `an index that was finished and not noted is left as it is`() async throws {
    try await TestDatabase.with { database in
      try await database.migrate("goals", ["0001_one.sql": first])
      try await database.admin.run([
        "CREATE UNIQUE INDEX CONCURRENTLY one_tenant ON goals.one (tenant_id)"
      ])
      try await database.migrate(
        "goals", ["0001_one.sql": first, "0002_index.sql": Self.concurrently])
      #expect(try await indexes(database) == ["one_tenant"])
    }
  }

  /// Whoever waits for the lock must not be waited for by CREATE INDEX CONCURRENTLY.
  @Test func `many processes make an index concurrently once`() async throws {
    try await TestDatabase.with { database in
      let files = [
        "0001_one.sql": first, "0002_index.sql": Self.concurrently, "0003_two.sql": second,
      ]
      try await TestFiles.with(files) { directory in
        let migrator = try database.migrator("goals")
        let applied = try await withThrowingTaskGroup(of: [String].self) { group in
          for _ in 0..<3 { group.addTask { try await migrator.run(directory: directory) } }
          return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(applied.sorted() == ["0001_one", "0002_index", "0003_two"])
      }
      #expect(try await indexes(database) == ["one_tenant"])
    }
  }

  @Test func `a role that may not make the schema is told who must`() async throws {
    try await TestDatabase.with { database in
      try await database.asRuntime { pool in
        let migrator = try Migrator(
          pool: pool, schema: "goals", owner: database.owner, runtime: database.runtime,
          log: TestDatabase.silent)
        let error = try await TestFiles.with(["0001_one.sql": first]) { directory in
          await migrationError { try await migrator.run(directory: directory) }
        }
        #expect(error == .noSchema(schema: "goals", owner: database.owner))
      }
    }
  }
}
