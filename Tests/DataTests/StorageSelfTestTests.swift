import Foundation
import Testing

@testable import Postgres
@testable import Storage

@Suite(.timeLimit(.minutes(5))) struct StorageSelfTestTests {
  /// What two canaries could do in the example's schema and a key store, after some damage.
  private func breaches(after damage: String = "SELECT 1") async throws -> [SelfTest.Trial] {
    try await trials(after: damage).filter { $0.breach != nil }
  }

  private func trials(after damage: String) async throws -> [SelfTest.Trial] {
    try await TestDatabase.with { database in
      try await Example.migrate(database)
      try await database.migrator("goals_keys").run(directory: KeyMigrations.directory)
      try await database.admin.simple(
        damage.replacingOccurrences(of: "{{runtime}}", with: database.runtime)
          .replacingOccurrences(of: "{{owner}}", with: database.owner))
      return try await database.asRuntime { pool in
        try await SelfTest(pool: pool, schema: "goals").run()
          + SelfTest(pool: pool, schema: "goals_keys").run()
      }
    }
  }

  @Test func `between sound tables no attempt goes through, and each was made`() async throws {
    let trials = try await trials(after: "SELECT 1")
    #expect(trials.filter { $0.breach != nil } == [])
    for table in ["goals.goal", "goals.step", "goals_keys.person_key", "goals_keys.tenant_key"] {
      #expect(
        trials.filter { $0.subject == table }.map(\.attempt) == CanaryAttack.all.map(\.name))
    }
  }

  @Test func `nothing is left of a run`() async throws {
    try await TestDatabase.with { database in
      try await Example.migrate(database)
      try await database.asRuntime { pool in
        _ = try await SelfTest(pool: pool, schema: "goals").run()
      }
      let rows = try await database.admin.run([
        "SELECT (SELECT count(*) FROM goals.goal) + (SELECT count(*) FROM goals.step) AS n"
      ])
      let left: Int64 = try rows[0][0].get("n")
      #expect(left == 0)
    }
  }

  @Test(arguments: [
    ("DROP POLICY tenant ON goals.goal", "make a row to attack"),
    (
      "CREATE POLICY wide ON goals.goal FOR SELECT USING (true)", "read by the other tenant"
    ),
    (
      "CREATE POLICY wide ON goals.goal FOR SELECT USING (tenant_id IS NOT NULL)",
      "infer from an error that a row would raise"
    ),
    ("ALTER TABLE goals.step DISABLE ROW LEVEL SECURITY", "read without a tenant"),
    ("ALTER TABLE goals.step DISABLE ROW LEVEL SECURITY", "switch row security off"),
    (
      """
      DROP POLICY tenant ON goals.step;
      CREATE POLICY tenant ON goals.step USING (
        tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid) WITH CHECK (true)
      """, "write a row for the other"
    ),
    ("CREATE POLICY wide ON goals.goal USING (true)", "move one's row to the other"),
    ("CREATE POLICY wide ON goals.goal USING (true)", "change the other's row"),
    ("CREATE POLICY wide ON goals.step USING (true)", "delete the other's row"),
    ("GRANT TRUNCATE ON goals.step TO {{runtime}}", "empty the table"),
    ("GRANT {{owner}} TO {{runtime}}", "become the owner by SET ROLE"),
    ("ALTER TABLE goals.goal ADD CONSTRAINT once UNIQUE (goal_id)", "infer from a unique value"),
    (
      """
      ALTER TABLE goals.goal ADD CONSTRAINT once UNIQUE (goal_id);
      ALTER TABLE goals.step DROP CONSTRAINT step_goal,
        ADD CONSTRAINT step_goal FOREIGN KEY (goal_id) REFERENCES goals.goal (goal_id)
      """, "infer from a foreign key"
    ),
    (
      """
      CREATE TABLE goals.odd (tenant_id uuid NOT NULL, n int NOT NULL CHECK (n = 4711),
        CONSTRAINT odd_pkey PRIMARY KEY (tenant_id, n));
      ALTER TABLE goals.odd ENABLE ROW LEVEL SECURITY;
      CREATE POLICY tenant ON goals.odd USING (
        tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
      GRANT SELECT, INSERT ON goals.odd TO {{runtime}}
      """, "make a row to attack"
    ),
  ])
  func `a hole in the wall is gone through`(damage: String, attempt: String) async throws {
    let breaches = try await breaches(after: damage)
    #expect(breaches.contains { $0.attempt == attempt }, "\(breaches)")
  }
}
