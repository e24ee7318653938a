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
        .replacingOccurrences(of: "{{database}}", with: database.name)
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

  private static let ways: [(damage: String, problem: String)] = [
    ("GRANT pg_read_all_data TO {{runtime}}", "may become a role that row security does not hold"),
    ("ALTER ROLE {{runtime}} CREATEROLE", "may make roles or databases, or replicate"),
    (
      "ALTER ROLE {{runtime}} SET ikso.tenant = '11111111-1111-1111-1111-111111111111'",
      "is set for whole sessions, which a pool shares among tenants"
    ),
    (
      "GRANT TEMPORARY ON DATABASE {{database}} TO {{runtime}}",
      "lets the runtime role make temporary objects, which outlive a tenant's transaction"
    ),
    ("GRANT CREATE ON SCHEMA goals TO {{runtime}}", "lets the runtime role create objects"),
    (
      """
      CREATE SCHEMA payroll; CREATE TABLE payroll.salary (tenant_id uuid);
      GRANT USAGE ON SCHEMA payroll TO {{runtime}};
      GRANT SELECT (tenant_id) ON payroll.salary TO {{runtime}}
      """, "of another owner can be reached by the runtime role"
    ),
    (
      """
      CREATE FOREIGN DATA WRAPPER away; CREATE SERVER elsewhere FOREIGN DATA WRAPPER away;
      GRANT USAGE ON FOREIGN SERVER elsewhere TO {{runtime}}
      """, "can be used by the runtime role"
    ),
    (
      "GRANT SELECT ON goals.goal TO PUBLIC",
      "is granted to others than its owner and the runtime role"
    ),
    (
      "GRANT SELECT (state) ON goals.goal TO pg_monitor",
      "is granted to others than its owner and the runtime role"
    ),
    (
      "GRANT USAGE ON SCHEMA goals TO PUBLIC",
      "is granted to others than its owner and the runtime role"
    ),
    (
      "GRANT SELECT ON goals.goal TO {{runtime}} WITH GRANT OPTION",
      "can be passed on by the runtime role"
    ),
    (
      "GRANT REFERENCES ON goals.goal TO {{runtime}}",
      "may be referred to or watched by triggers of the runtime role"
    ),
    (
      """
      ALTER DEFAULT PRIVILEGES FOR ROLE {{owner}} IN SCHEMA goals
        GRANT SELECT ON TABLES TO PUBLIC
      """,
      "opens tables to come to others"
    ),
    ("CREATE SEQUENCE goals.number", "counts over all tenants"),
    (
      "ALTER TABLE goals.step ADD COLUMN number int8 GENERATED ALWAYS AS IDENTITY",
      "counts over all tenants"
    ),
    (
      """
      CREATE FOREIGN DATA WRAPPER away; CREATE SERVER elsewhere FOREIGN DATA WRAPPER away;
      CREATE FOREIGN TABLE goals.far (tenant_id uuid) SERVER elsewhere
      """, "is a foreign table, which has no row security"
    ),
    ("ALTER TABLE goals.step SET UNLOGGED", "is unlogged: a crash empties it"),
    (
      "CREATE FUNCTION goals.leak(text) RETURNS bool LANGUAGE sql LEAKPROOF AS 'SELECT true'",
      "says it is leakproof, so that it sees rows before a policy does"
    ),
    (
      "CREATE FUNCTION goals.c(cstring) RETURNS int4 LANGUAGE internal AS 'int4in'",
      "is written in an untrusted language"
    ),
    (
      "CREATE FUNCTION goals.f() RETURNS int LANGUAGE sql SET row_security = off AS 'SELECT 1'",
      "sets what the wall stands on"
    ),
    (
      "CREATE RULE also AS ON INSERT TO goals.goal DO ALSO DELETE FROM goals.step",
      "rewrites statements with the rights of the table's owner"
    ),
    (
      """
      CREATE FUNCTION public.see() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        AS 'BEGIN RETURN NEW; END';
      CREATE TRIGGER seen BEFORE INSERT ON goals.goal FOR EACH ROW EXECUTE FUNCTION public.see()
      """, "calls a SECURITY DEFINER function"
    ),
    ("SELECT lo_create(0)", "is a large object, which has no row security"),
    (
      """
      CREATE TABLE goals.loose (id uuid PRIMARY KEY, tenant_id text);
      ALTER TABLE goals.loose OWNER TO {{owner}}
      """, "is no plain uuid NOT NULL"
    ),
    (
      """
      ALTER TABLE goals.step DROP CONSTRAINT step_goal, ADD CONSTRAINT step_goal
        FOREIGN KEY (tenant_id, goal_id) REFERENCES goals.goal ON DELETE SET NULL
      """, "leaves the schema or the tenant"
    ),
    (
      """
      CREATE TABLE public.other (tenant_id uuid, id uuid, PRIMARY KEY (tenant_id, id));
      ALTER TABLE goals.step ADD CONSTRAINT away
        FOREIGN KEY (tenant_id, goal_id) REFERENCES public.other
      """, "leaves the schema or the tenant"
    ),
    (
      "ALTER TABLE goals.goal ADD CONSTRAINT apart EXCLUDE (due WITH =, tenant_id WITH =)",
      "does not compare tenant_id for equality"
    ),
  ]

  @Test(arguments: ways)
  func `each way round the wall that is granted or built is found`(
    damage: String, problem: String
  ) async throws {
    let findings = try await findings(after: damage)
    #expect(findings.contains { $0.problem == problem }, "\(findings)")
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
