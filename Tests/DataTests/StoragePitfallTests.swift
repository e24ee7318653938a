import Cryptography
import Foundation
import Testing

@testable import Postgres
@testable import Storage

/// The pitfalls of tenants in one PostgreSQL, each attacked with raw SQL as the runtime role. What
/// every table is attacked with stands in `SelfTest`.
@Suite(.timeLimit(.minutes(2))) struct StoragePitfallTests {
  private static let a = UUID()
  private static let b = UUID()

  /// A schema with a goal of each of two tenants, seen through one connection.
  private func withGoals(
    _ body: @Sendable (PostgresPool, TestDatabase) async throws -> Void
  ) async throws {
    try await TestDatabase.with { database in
      try await Example.migrate(database)
      for tenant in [Self.a, Self.b] {
        try await database.admin.run([
          """
          INSERT INTO goals.goal (tenant_id, goal_id, owner_id, title, state)
          VALUES (\(tenant), \(UUID()), \(UUID()), \([UInt8(1)]), 'open')
          """
        ])
      }
      try await database.asRuntime { configuration in
        configuration.connectionsPerReactor = 1
      } _: { pool in
        try await body(pool, database)
      }
    }
  }

  private func count(_ pool: PostgresPool, _ before: SQL...) async throws -> Int64 {
    let results = try await pool.run(before + ["SELECT count(*) AS n FROM goals.goal"])
    return try results[results.count - 1][0].get("n")
  }

  @Test func `a tenant ends with its transaction, on the same connection too`() async throws {
    try await withGoals { pool, _ in
      let inside = try await count(pool, SelfTest.become(Self.a))
      let after = try await count(pool)
      #expect(inside == 1 && after == 0)
      let left = try await pool.run(["SELECT current_setting('ikso.tenant', true) AS tenant"])
      let tenant: String? = try left[0][0].get("tenant")
      #expect(tenant ?? "" == "")
    }
  }

  @Test func `a tenant that was set for the session by hand does not reach the next call`()
    async throws
  {
    try await withGoals { pool, _ in
      try await pool.run(["SELECT set_config('ikso.tenant', \(Self.a.uuidString), false)"])
      let next = try await pool.run([
        SelfTest.become(Self.b),
        "SELECT count(*) AS n FROM goals.goal WHERE tenant_id <> \(Self.b)",
      ])
      let foreign: Int64 = try next[1][0].get("n")
      #expect(foreign == 0)
    }
  }

  @Test func `a plan that was prepared for one tenant shows another one only its own`()
    async throws
  {
    try await withGoals { pool, _ in
      // From the sixth time on PostgreSQL may keep a plan for all values.
      for round in 0..<14 {
        let tenant = round.isMultiple(of: 2) ? Self.a : Self.b
        let rows = try await pool.run([
          SelfTest.become(tenant), "SELECT tenant_id FROM goals.goal",
        ])[1]
        let seen: [UUID] = try rows.map { try $0.get("tenant_id") }
        #expect(seen == [tenant])
      }
    }
  }

  @Test func `the owner of the tables sees no row either`() async throws {
    try await withGoals { _, database in
      let results = try await database.admin.run([
        "SELECT set_config('role', \(database.owner), true)",
        "SELECT count(*) AS n FROM goals.goal",
      ])
      let seen: Int64 = try results[1][0].get("n")
      #expect(seen == 0)
    }
  }

  @Test func `a view sees what its reader may see`() async throws {
    try await withGoals { pool, database in
      try await database.admin.simple(
        """
        CREATE VIEW goals.states WITH (security_invoker = true) AS
          SELECT tenant_id, state FROM goals.goal;
        GRANT SELECT ON goals.states TO \(database.runtime)
        """)
      let results = try await pool.run([
        SelfTest.become(Self.a), "SELECT tenant_id FROM goals.states",
      ])
      let seen: [UUID] = try results[1].map { try $0.get("tenant_id") }
      #expect(seen == [Self.a])
    }
  }

  @Test(arguments: [
    "SET SESSION AUTHORIZATION postgres", "SET ROLE pg_read_all_data",
    "SET session_replication_role = replica", "CREATE TEMP TABLE t (n int)",
    "CREATE TEMP VIEW v AS SELECT 1", "CREATE TABLE goals.t (n int)",
    "CREATE FUNCTION goals.f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
    "COPY goals.goal TO '/tmp/goals'", "COPY goals.goal TO PROGRAM 'cat'",
    "ALTER TABLE goals.goal DISABLE ROW LEVEL SECURITY", "DROP POLICY tenant ON goals.goal",
    "TRUNCATE goals.goal",
    "SELECT lo_import('/etc/passwd')", "SELECT pg_read_file('/etc/passwd')",
    "SELECT stavalues1 FROM pg_statistic", "SELECT * FROM pg_authid",
    "CREATE PUBLICATION p FOR ALL TABLES",
    "SELECT pg_create_logical_replication_slot('s', 'test_decoding')",
  ])
  func `what goes round row security is refused to the runtime role`(
    statement: String
  ) async throws {
    try await withGoals { pool, _ in
      let error = await databaseError { try await pool.simple(statement) }
      // Some of them say "must be owner", which has the same SQLSTATE.
      #expect(error?.sqlstate == "42501", "\(statement): \(String(describing: error))")
    }
  }

  @Test func `rows come in by COPY for nobody`() async throws {
    try await withGoals { pool, _ in
      let error = await databaseError { try await pool.simple("COPY goals.goal FROM STDIN") }
      #expect(error != nil)
      let seen = try await count(pool, SelfTest.become(Self.a))
      #expect(seen == 1)
    }
  }

  @Test func `an error about another's row tells no value of it`() async throws {
    try await withGoals { pool, database in
      let rows = try await database.admin.run([
        "SELECT goal_id FROM goals.goal WHERE tenant_id = \(Self.b)"
      ])
      let goal: UUID = try rows[0][0].get("goal_id")
      let error = await databaseError {
        try await pool.run([
          SelfTest.become(Self.a),
          """
          INSERT INTO goals.step (tenant_id, step_id, goal_id)
          VALUES (\(Self.a), \(UUID()), \(goal))
          """,
        ])
      }
      #expect(error?.sqlstate == "23503")
      let text = "\(String(describing: error))".lowercased()
      #expect(!text.contains(goal.canonical))
    }
  }

  @Test func `the tenant's comparison reaches the index`() async throws {
    try await withGoals { pool, _ in
      let plan = try await pool.run([
        SelfTest.become(Self.a), "SELECT set_config('enable_seqscan', 'off', true)",
        "EXPLAIN SELECT title FROM goals.goal WHERE tenant_id = \(Self.a)",
      ])[2].map { try $0.get("QUERY PLAN", as: String.self) }.joined(separator: "\n")
      #expect(plan.contains("Index Cond: (tenant_id ="), "\(plan)")
    }
  }

  /// Citus plans a join only within a tenant, and one without it is slow anywhere.
  @Test func `every join of the services is within a tenant`() throws {
    let root = URL(filePath: #filePath).appending(path: "../../..").standardized
    let services = root.appending(path: "Services")
    let files = try #require(FileManager.default.enumerator(atPath: services.path))
    var joins = 0
    for case let path as String in files
    where path.contains("/Storage/") && path.hasSuffix(".swift") {
      let text = try String(contentsOf: services.appending(path: path), encoding: .utf8)
      for match in text.matches(of: /\bJOIN\b(?:[^"]{0,200})/) {
        joins += 1
        #expect(match.output.contains("tenant_id"), "\(path): \(match.output.prefix(80))")
      }
    }
    #expect(joins > 10)
  }
}
