import Foundation
import Testing

@testable import Postgres
@testable import Storage

/// The complete example of the README of Storage.
enum Example {
  static func text() throws -> String {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Shared/Storage/README.md")
    let readme = try String(contentsOf: file, encoding: .utf8)
    let blocks = readme.components(separatedBy: "```sql\n").dropFirst()
    let block = try #require(blocks.first { $0.hasPrefix("CREATE TABLE") })
    return try #require(block.components(separatedBy: "```").first)
  }

  static func migrate(_ database: TestDatabase) async throws {
    try await database.migrate("goals", ["0001_create_goal.sql": try text()])
  }
}

@Suite(.timeLimit(.minutes(2))) struct StorageDatabaseTests {
  private let ours = UUID()
  private let theirs = UUID()

  private func insert(_ tenant: UUID, _ goal: UUID = UUID()) -> SQL {
    """
    INSERT INTO goals.goal (tenant_id, goal_id, owner_id, title, state)
    VALUES (\(tenant), \(goal), \(UUID()), \([1, 2, 3] as [UInt8]), 'open')
    """
  }

  private let count: SQL = "SELECT count(*) AS n FROM goals.goal"

  @Test func `a tenant sees its own rows and no others`() async throws {
    try await TestDatabase.with { test in
      try await Example.migrate(test)
      try await test.asRuntime { pool in
        let database = Database(pool: pool)
        try await database.once(tenant: ours, insert(ours), insert(ours))
        try await database.once(tenant: theirs, insert(theirs))
        let seen: Int = try await database.once(tenant: ours, count)[0][0].get("n")
        #expect(seen == 2)
        let deleted = try await database.once(tenant: theirs, "DELETE FROM goals.goal")[0].affected
        #expect(deleted == 1)
        let left: Int = try await database.transaction(tenant: ours) {
          try await $0.query(count)[0].get("n")
        }
        #expect(left == 2)
      }
    }
  }

  @Test func `without a tenant there is no row, on a used connection too`() async throws {
    try await TestDatabase.with { test in
      try await Example.migrate(test)
      try await test.asRuntime({ $0.connectionsPerReactor = 1 }) { pool in
        let database = Database(pool: pool)
        let fresh: Int = try await pool.run([count])[0][0].get("n")
        #expect(fresh == 0)
        try await database.once(tenant: ours, insert(ours))
        try await database.transaction(tenant: ours) { _ = try await $0.query(count) }
        _ = await databaseError {
          try await database.transaction(tenant: ours) { try await $0.query("SELECT 1 / \(0)") }
        }
        let after: Int = try await pool.run([count])[0][0].get("n")
        #expect(after == 0)
        let error = await databaseError { try await pool.run([insert(ours)]) }
        #expect(error?.sqlstate == "42501")
      }
    }
  }

  @Test func `a row cannot move to another tenant`() async throws {
    try await TestDatabase.with { test in
      try await Example.migrate(test)
      try await test.asRuntime { pool in
        let database = Database(pool: pool)
        try await database.once(tenant: ours, insert(ours))
        let move: SQL = "UPDATE goals.goal SET tenant_id = \(theirs)"
        let moved = await databaseError { try await database.once(tenant: ours, move) }
        #expect(moved?.sqlstate == "42501")
        let planted = await databaseError {
          try await database.once(tenant: ours, insert(theirs))
        }
        #expect(planted?.sqlstate == "42501")
      }
    }
  }

  @Test func `a child row cannot hang on another tenant's parent`() async throws {
    try await TestDatabase.with { test in
      try await Example.migrate(test)
      try await test.asRuntime { pool in
        let database = Database(pool: pool)
        let goal = UUID()
        try await database.once(tenant: theirs, insert(theirs, goal))
        let error = await databaseError {
          try await database.once(
            tenant: ours,
            """
            INSERT INTO goals.step (tenant_id, step_id, goal_id)
            VALUES (\(ours), \(UUID()), \(goal))
            """)
        }
        #expect(error?.violatedConstraint == "step_goal")
      }
    }
  }

  @Test func `the owner is bound by row security as well`() async throws {
    try await TestDatabase.with { test in
      try await Example.migrate(test)
      try await test.asRuntime { pool in
        try await Database(pool: pool).once(tenant: ours, insert(ours))
      }
      let seen: Int = try await test.admin.run([
        "SELECT set_config('role', \(test.owner), true)", count,
      ])[1][0].get("n")
      #expect(seen == 0)
    }
  }

  @Test func `the deadline becomes the server's statement timeout`() async throws {
    try await TestDatabase.cluster { pool, _ in
      let database = Database(pool: pool, longestCall: .seconds(20))
      let timeout: SQL = """
        SELECT setting::int8 AS ms FROM pg_settings WHERE name = 'statement_timeout'
        """
      let longest: Int = try await database.once(tenant: ours, timeout)[0][0].get("ms")
      #expect((1...20_000).contains(longest))
      let short: Int = try await database.once(
        tenant: ours, deadline: .now + .seconds(5), timeout)[0][0].get("ms")
      #expect((1...5_000).contains(short))
      let inside: Int = try await database.transaction(tenant: ours) {
        try await $0.query(timeout)[0].get("ms")
      }
      #expect((1...20_000).contains(inside))
      let after: Int = try await pool.run([timeout])[0][0].get("ms")
      #expect(after == 0)
    }
  }
}
