import Foundation
import Synchronization
import Testing

@testable import Postgres
@testable import Storage

/// Units that PostgreSQL chose to give way to others.
@Suite(.timeLimit(.minutes(2))) struct StorageRepetitionTests {
  private let tenant = UUID()

  /// Every transaction serializable, and two counters that each look at the other one.
  private func with(_ body: @Sendable (Database) async throws -> Void) async throws {
    try await TestDatabase.with { test in
      try await test.admin.simple(
        """
        CREATE TABLE counter (id int8 PRIMARY KEY, n int8 NOT NULL);
        INSERT INTO counter VALUES (1, 0), (2, 0);
        GRANT SELECT, UPDATE ON counter TO \(test.runtime)
        """)
      try await test.asRuntime {
        $0.dsn += " options='-c default_transaction_isolation=serializable'"
      } _: { pool in
        try await body(Database(pool: pool))
      }
    }
  }

  /// Reads one counter and raises the other, once both have read: one of the two must give way.
  private func cross(_ database: Database, repeatable: Bool) async -> (errors: Int, runs: Int) {
    let meeting = Meeting(of: 2)
    let runs = Mutex(0)
    let raise = { @Sendable (mine: Int, other: Int) async -> PostgresError? in
      await databaseError {
        try await database.transaction(Mandate(tenant: tenant), repeatable: repeatable) {
          runs.withLock { $0 += 1 }
          let seen: Int = try await $0.query(
            "SELECT n FROM counter WHERE id = \(other)")[0].get("n")
          await meeting.arrive()
          try await $0.query("UPDATE counter SET n = \(seen + 1) WHERE id = \(mine)")
        }
      }
    }
    async let one = raise(1, 2)
    async let two = raise(2, 1)
    let failed = await [one, two].compactMap { $0 }
    #expect(failed.allSatisfy { $0.sqlstate == "40001" })
    let errors = failed.count
    return (errors, runs.withLock { $0 })
  }

  @Test func `a unit that is declared repeatable runs again after a serialization failure`()
    async throws
  {
    try await with { database in
      let (errors, runs) = await cross(database, repeatable: true)
      #expect(errors == 0 && runs > 2)
    }
  }

  @Test func `one that is not fails`() async throws {
    try await with { database in
      let (errors, runs) = await cross(database, repeatable: false)
      #expect(errors == 1 && runs == 2)
    }
  }

  @Test func `a deadlock costs nobody an answer`() async throws {
    try await with { database in
      let meeting = Meeting(of: 2)
      try await withThrowingTaskGroup { group in
        for (first, second) in [(1, 2), (2, 1)] {
          group.addTask {
            try await database.transaction(Mandate(tenant: tenant), repeatable: true) {
              try await $0.query("UPDATE counter SET n = n + 1 WHERE id = \(first)")
              await meeting.arrive()
              try await $0.query("UPDATE counter SET n = n + 1 WHERE id = \(second)")
            }
          }
        }
        try await group.waitForAll()
      }
      let sum: Int = try await database.once(
        tenant: tenant, "SELECT sum(n)::int8 AS n FROM counter")[0][0].get("n")
      #expect(sum == 4)
    }
  }

  @Test func `it is not done more often than the bound says, nor past the deadline`() async throws {
    let error = PostgresError.server(ServerError(sqlstate: "40P01", message: ""))
    var repetition = Repetition(isAllowed: true, until: .now + .seconds(600))
    for _ in 0..<Repetition.limit { try await repetition.wait(after: error) }
    #expect(await databaseError { try await repetition.wait(after: error) } == error)
    var late = Repetition(isAllowed: true, until: .now)
    #expect(await databaseError { try await late.wait(after: error) } == error)
    var other = Repetition(isAllowed: true, until: .now + .seconds(600))
    let another = await databaseError { try await other.wait(after: .poolTimeout) }
    #expect(another == .poolTimeout)
  }
}

/// Lets the first `count` pass together; whoever comes later passes at once.
private final class Meeting: Sendable {
  private let left: Mutex<Int>
  private let all = Signal()

  init(of count: Int) { left = Mutex(count) }

  func arrive() async {
    let last = left.withLock { left in
      left -= 1
      return left == 0
    }
    if last { all.announce() }
    await all.wait()
  }
}
