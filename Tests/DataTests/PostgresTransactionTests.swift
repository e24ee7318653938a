import Foundation
import Testing

@testable import Postgres

@Suite(.timeLimit(.minutes(2))) struct PostgresTransactionTests {
  private struct Stop: Error {}

  private static let table = "CREATE TABLE note (id int8 CONSTRAINT note_pkey PRIMARY KEY)"

  private func count(_ pool: PostgresPool) async throws -> Int {
    try await pool.run(["SELECT count(*) AS n FROM note"])[0][0].get("n")
  }

  @Test func `a body that returns commits`() async throws {
    try await TestDatabase.with { database in
      let pool = database.admin
      try await pool.simple(Self.table)
      let inserted = try await pool.transaction { transaction in
        try await transaction.query("INSERT INTO note (id) VALUES (\(1))")
        return try await transaction.query("INSERT INTO note (id) VALUES (\(2)), (\(3))").affected
      }
      #expect(inserted == 2)
      #expect(try await count(pool) == 3)
    }
  }

  @Test func `a body that throws rolls back before its error arrives`() async throws {
    try await TestDatabase.with { database in
      let pool = database.admin
      try await pool.simple(Self.table)
      await #expect(throws: Stop.self) {
        try await pool.transaction { transaction in
          try await transaction.query("INSERT INTO note (id) VALUES (\(1))")
          throw Stop()
        }
      }
      // Not blocked by the transaction's lock on the key.
      try await pool.run(["INSERT INTO note (id) VALUES (\(1))"])
      #expect(try await count(pool) == 1)
    }
  }

  @Test func `the prelude holds for all statements and for this transaction only`() async throws {
    try await TestDatabase.cluster { $0.connectionsPerReactor = 1 } _: { pool, _ in
      let setting: SQL = "SELECT current_setting('ikso.test', true) AS value"
      let seen = try await pool.transaction(
        prelude: ["SELECT set_config('ikso.test', \("inside"), true)"]
      ) { transaction in
        let first: String? = try await transaction.query(setting)[0].get("value")
        let second: String? = try await transaction.query(setting)[0].get("value")
        return [first, second]
      }
      #expect(seen == ["inside", "inside"])
      let after: String? = try await pool.run([setting])[0][0].get("value")
      #expect(after == "")
    }
  }

  @Test func `a body without a statement sends nothing and takes no connection`() async throws {
    try await TestDatabase.cluster {
      $0.dsn = "host=/nowhere"
    } _: { pool, _ in
      let value = try await pool.transaction { _ in 7 }
      #expect(value == 7)
    }
  }

  @Test func `a failure that the body swallows still rolls back and is thrown`() async throws {
    try await TestDatabase.with { database in
      let pool = database.admin
      try await pool.simple(Self.table)
      let error = await databaseError {
        try await pool.transaction { transaction in
          try await transaction.query("INSERT INTO note (id) VALUES (\(1))")
          _ = await databaseError {
            try await transaction.query("INSERT INTO note (id) VALUES (\(1))")
          }
        }
      }
      #expect(error?.violatedConstraint == "note_pkey")
      #expect(try await count(pool) == 0)
    }
  }

  @Test func `after a failure further statements give the first failure`() async throws {
    try await TestDatabase.cluster { pool, _ in
      await #expect(throws: Stop.self) {
        try await pool.transaction { transaction in
          for _ in 0..<2 {
            let error = await databaseError { try await transaction.query("SELECT 1 / \(0)") }
            #expect(error?.sqlstate == "22012")
          }
          throw Stop()
        }
      }
    }
  }

  @Test func `a constraint checked at COMMIT fails the transaction`() async throws {
    try await TestDatabase.with { database in
      let pool = database.admin
      try await pool.simple(
        """
        CREATE TABLE note (
          id int8 CONSTRAINT note_once UNIQUE DEFERRABLE INITIALLY DEFERRED)
        """)
      let error = await databaseError {
        try await pool.transaction { transaction in
          try await transaction.query("INSERT INTO note (id) VALUES (\(1)), (\(1))")
        }
      }
      #expect(error?.violatedConstraint == "note_once")
      #expect(try await count(pool) == 0)
    }
  }

  @Test func `query all stops at the first failure`() async throws {
    try await TestDatabase.with { database in
      let pool = database.admin
      try await pool.simple(Self.table)
      let results = try await pool.transaction { transaction in
        try await transaction.query(all: [
          "INSERT INTO note (id) VALUES (\(1))", "SELECT id FROM note",
        ])
      }
      #expect(try results[1].map { try $0.get("id") } == [1])
      let error = await databaseError {
        try await pool.transaction { transaction in
          try await transaction.query(all: [
            "INSERT INTO note (id) VALUES (\(2))", "SELECT 1 / \(0)",
            "INSERT INTO note (id) VALUES (\(3))",
          ])
        }
      }
      #expect(error?.sqlstate == "22012")
      #expect(try await count(pool) == 1)
    }
  }

  @Test func `the pool is not asked again inside of a transaction`() async throws {
    try await TestDatabase.cluster { pool, _ in
      let error = await databaseError {
        try await pool.transaction { transaction in
          try await transaction.query("SELECT 1")
          try await pool.run(["SELECT 2"])
        }
      }
      #expect(error == .nestedTransaction)
      try await pool.run(["SELECT 3"])
    }
  }

  @Test func `a transaction kept beyond its body is of no use`() async throws {
    try await TestDatabase.cluster { pool, _ in
      let kept = try await pool.transaction { transaction in
        try await transaction.query("SELECT 1")
        return transaction
      }
      let error = await databaseError { try await kept.query("SELECT 2") }
      #expect(error == .transactionMisused("it has ended"))
    }
  }

  @Test func `two statements at once are refused`() async throws {
    try await TestDatabase.cluster { pool, _ in
      try await pool.transaction { transaction in
        async let first = databaseError { try await transaction.query("SELECT 1") }
        async let second = databaseError { try await transaction.query("SELECT 2") }
        let errors = await [first, second].compactMap { $0 }
        #expect(errors.allSatisfy { $0 == .transactionMisused("two statements at once") })
      }
    }
  }

  @Test func `transactions of many tasks share few connections`() async throws {
    try await TestDatabase.with { database in
      let pool = database.admin
      try await pool.simple("CREATE TABLE counter (n int8); INSERT INTO counter VALUES (0)")
      try await withThrowingTaskGroup { group in
        for _ in 0..<40 {
          group.addTask {
            try await pool.transaction { transaction in
              let n: Int = try await transaction.query("SELECT n FROM counter FOR UPDATE")[0]
                .get("n")
              try await transaction.query("UPDATE counter SET n = \(n + 1)")
            }
          }
        }
        try await group.waitForAll()
      }
      let n: Int = try await pool.run(["SELECT n FROM counter"])[0][0].get("n")
      #expect(n == 40)
    }
  }

  @Test func `a lost connection ends the transaction without effect`() async throws {
    try await TestDatabase.with { database in
      let pool = database.admin
      try await pool.simple(Self.table)
      let error = await databaseError {
        try await pool.transaction { transaction in
          try await transaction.query("INSERT INTO note (id) VALUES (\(1))")
          try await transaction.query("SELECT pg_terminate_backend(pg_backend_pid())")
        }
      }
      guard case .connectionLost = error else {
        Issue.record("got \(String(describing: error))")
        return
      }
      #expect(try await count(pool) == 0)
    }
  }
}
