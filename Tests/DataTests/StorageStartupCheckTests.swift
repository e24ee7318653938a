import Foundation
import Testing

@testable import Postgres
@testable import Storage

@Suite(.timeLimit(.minutes(2))) struct StorageStartupCheckTests {
  /// What is found after `break` was done to a schema in order.
  private func findings(
    after damage: String, asAdmin: Bool = false
  ) async throws -> [StartupCheck.Finding] {
    try await TestDatabase.with { database in
      try await Example.migrate(database)
      let script = damage.replacingOccurrences(of: "{{owner}}", with: database.owner)
        .replacingOccurrences(of: "{{runtime}}", with: database.runtime)
      try await database.admin.simple(script)
      if asAdmin {
        return try await StartupCheck(pool: database.admin, schemas: ["goals"]).findings()
      }
      return try await database.asRuntime { pool in
        try await StartupCheck(pool: pool, schemas: ["goals"]).findings()
      }
    }
  }

  @Test func `the example of the README and the key store have no finding`() async throws {
    try await TestDatabase.with { database in
      try await TestFiles.with(["0001_create_goal.sql": try Example.text()]) { directory in
        try await database.migrator("goals").run(directory: directory)
        try await database.migrator("goals_keys").run(directory: KeyMigrations.directory)
        let findings = try await database.asRuntime { pool in
          try await StartupCheck(pool: pool, schemas: ["goals", "goals_keys"]).findings(
            migrations: ["goals": directory, "goals_keys": KeyMigrations.directory])
        }
        #expect(findings == [])
      }
    }
  }

  @Test(arguments: [
    ("ALTER ROLE {{runtime}} BYPASSRLS", "bypasses row security"),
    ("ALTER ROLE {{runtime}} SUPERUSER", "is a superuser"),
    ("GRANT {{owner}} TO {{runtime}}", "belongs to the owner of the tables"),
    ("ALTER SCHEMA goals OWNER TO {{runtime}}", "belongs to the owner of the tables"),
    ("ALTER TABLE goals.goal OWNER TO {{runtime}}", "is owned by the runtime role"),
    ("ALTER TABLE goals.goal NO FORCE ROW LEVEL SECURITY", "has no forced row security"),
    ("ALTER TABLE goals.goal DISABLE ROW LEVEL SECURITY", "has no forced row security"),
    ("DROP POLICY tenant ON goals.goal", "has no policy"),
    ("GRANT TRUNCATE ON goals.goal TO {{runtime}}", "can be truncated by the runtime role"),
    (
      "ALTER TABLE goals.step DROP CONSTRAINT step_pkey",
      "has no primary key that begins with tenant_id"
    ),
    (
      """
      ALTER TABLE goals.step DROP CONSTRAINT step_pkey,
        ADD CONSTRAINT step_pkey PRIMARY KEY (step_id, tenant_id)
      """, "has no primary key that begins with tenant_id"
    ),
    (
      """
      DROP POLICY tenant ON goals.goal;
      CREATE POLICY tenant ON goals.goal USING (
        tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
      """, "lacks WITH CHECK"
    ),
    ("CREATE POLICY more ON goals.goal FOR SELECT USING (true)", "is not the tenant's policy"),
    (
      """
      CREATE POLICY more ON goals.goal FOR INSERT WITH CHECK (
        tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid OR true)
      """, "is not the tenant's policy"
    ),
    (
      "CREATE POLICY more ON goals.goal FOR UPDATE WITH CHECK (true)", "lacks USING"
    ),
    (
      "COMMENT ON COLUMN goals.goal.title IS NULL",
      "has no comment that begins with its class"
    ),
    (
      "COMMENT ON COLUMN goals.goal.title IS 'class=personally identifiable'",
      "has no comment that begins with its class"
    ),
    (
      "ALTER TABLE goals.goal ADD COLUMN note text",
      "has no comment that begins with its class"
    ),
    ("CREATE INDEX due ON goals.goal (due)", "does not begin with tenant_id"),
    ("CREATE INDEX lower ON goals.goal (lower(state))", "does not begin with tenant_id"),
    (
      "ALTER TABLE goals.goal ADD CONSTRAINT once UNIQUE (goal_id)",
      "does not begin with tenant_id"
    ),
    (
      """
      ALTER TABLE goals.goal ADD CONSTRAINT once UNIQUE (goal_id);
      ALTER TABLE goals.step ADD CONSTRAINT loose FOREIGN KEY (goal_id)
        REFERENCES goals.goal (goal_id)
      """, "does not join tenant_id with tenant_id"
    ),
    ("CREATE VIEW goals.titles AS SELECT title FROM goals.goal", "runs as its owner"),
    (
      "CREATE MATERIALIZED VIEW goals.titles AS SELECT title FROM goals.goal",
      "is a materialised view, which has no row security"
    ),
    (
      """
      CREATE FUNCTION goals.all() RETURNS int8 LANGUAGE sql SECURITY DEFINER
        AS 'SELECT count(*) FROM goals.goal'
      """, "is SECURITY DEFINER"
    ),
    ("DROP SCHEMA goals CASCADE", "does not exist"),
  ])
  func `each violation is found`(damage: String, problem: String) async throws {
    let findings = try await findings(after: damage)
    #expect(findings.contains { $0.problem == problem }, "\(findings)")
    #expect(findings.allSatisfy { !$0.remedy.isEmpty && !$0.subject.isEmpty })
  }

  @Test func `a view with its invoker's rights and a narrower policy are no findings`()
    async throws
  {
    let findings = try await findings(
      after: """
        CREATE VIEW goals.titles WITH (security_invoker = true) AS
          SELECT title FROM goals.goal;
        CREATE POLICY narrower ON goals.goal AS RESTRICTIVE FOR ALL
          USING (state <> 'hidden') WITH CHECK (true)
        """)
    #expect(findings == [])
  }

  @Test func `a superuser's pool is refused`() async throws {
    let findings = try await findings(after: "SELECT 1", asAdmin: true)
    #expect(findings.contains { $0.problem == "is a superuser" })
  }

  @Test func `pending and changed migrations are found with their remedy`() async throws {
    try await TestDatabase.with { database in
      try await TestFiles.with(["0001_create_goal.sql": try Example.text()]) { directory in
        func found() async throws -> [String] {
          try await database.asRuntime { pool in
            try await StartupCheck(pool: pool, schemas: ["goals"])
              .findings(migrations: ["goals": directory]).map(\.description)
          }
        }
        let before = try await found()
        #expect(before.contains { $0.contains("no migration has run") })
        try await database.migrator("goals").run(directory: directory)
        #expect(try await found() == [])
        try TestFiles.write(["0002_next.sql": "SELECT 1"], directory)
        let pending = try await found()
        #expect(pending == ["schema goals: pending: 0002_next. Remedy: run the migrate command"])
        try TestFiles.write(["0001_create_goal.sql": "SELECT 1"], directory)
        let changed = try await found()
        #expect(changed.count == 1 && changed[0].contains("was changed since"))
      }
    }
  }

  @Test func `no database is a finding, not a crash`() async throws {
    try await TestDatabase.cluster {
      $0.dsn = "host=/nowhere"
      $0.acquireTimeout = .milliseconds(200)
    } _: { pool, _ in
      let findings = try await StartupCheck(pool: pool, schemas: ["goals"]).findings()
      #expect(findings.map(\.subject) == ["database"])
    }
  }
}
