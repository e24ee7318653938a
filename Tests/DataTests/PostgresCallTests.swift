import Foundation
import Reactor
import Testing

@testable import Postgres

@Suite(.timeLimit(.minutes(2))) struct PostgresCallTests {
  @Test func `an error in the second statement undoes the first`() async throws {
    try await TestDatabase.with { database in
      let pool = database.admin
      try await pool.simple("CREATE TABLE note (id int8 CONSTRAINT note_pkey PRIMARY KEY)")
      let error = await databaseError {
        try await pool.run([
          "INSERT INTO note (id) VALUES (\(1))", "INSERT INTO note (id) VALUES (\(1))",
          "INSERT INTO note (id) VALUES (\(2))",
        ])
      }
      #expect(error?.violatedConstraint == "note_pkey")
      #expect(error?.sqlstate == "23505")
      let rest = try await pool.run([
        "INSERT INTO note (id) VALUES (\(3))", "SELECT id FROM note",
      ])
      #expect(rest[0].affected == 1)
      #expect(try rest[1].map { try $0.get("id") } == [3])
    }
  }

  @Test func `a deferred constraint that fails at the Sync fails the call`() async throws {
    try await TestDatabase.with { database in
      let pool = database.admin
      try await pool.simple(
        """
        CREATE TABLE note (
          id int8 CONSTRAINT note_once UNIQUE DEFERRABLE INITIALLY DEFERRED)
        """)
      let error = await databaseError {
        try await pool.run([
          "INSERT INTO note (id) VALUES (\(1))", "INSERT INTO note (id) VALUES (\(1))",
        ])
      }
      #expect(error?.violatedConstraint == "note_once")
      let count: Int = try await pool.run(["SELECT count(*) AS n FROM note"])[0][0].get("n")
      #expect(count == 0)
    }
  }

  @Test func `an error names constraint, table and column`() async throws {
    try await TestDatabase.with { database in
      let pool = database.admin
      try await pool.simple("CREATE TABLE note (id int8 NOT NULL, body text NOT NULL)")
      let error = await databaseError {
        try await pool.run(["INSERT INTO note (id, body) VALUES (\(1), \(String?.none))"])
      }
      guard case .server(let server) = error else {
        Issue.record("no server error: \(String(describing: error))")
        return
      }
      #expect(server.sqlstate == "23502")
      #expect(server.table == "note" && server.column == "body" && server.schema == "public")
      #expect(!server.description.contains("Failing row"))
    }
  }

  @Test func `SQL in a value stays a value`() async throws {
    try await TestDatabase.with { database in
      let pool = database.admin
      try await pool.simple("CREATE TABLE note (body text)")
      let hostile = "'); DROP TABLE note; --"
      try await pool.run(["INSERT INTO note (body) VALUES (\(hostile))"])
      let rows = try await pool.run(["SELECT body FROM note WHERE body = \(hostile)"])[0]
      #expect(try rows.map { try $0.get("body") } == [hostile])
    }
  }

  @Test func `one statement takes no second one along`() async throws {
    try await TestDatabase.cluster { pool, _ in
      let error = await databaseError { try await pool.run(["SELECT 1; SELECT 2"]) }
      #expect(error?.sqlstate == "42601")
      try await pool.run(["SELECT 1"])
    }
  }

  @Test func `more parameters than the protocol carries are refused by name`() async throws {
    try await TestDatabase.cluster { pool, _ in
      func list(_ count: Int) -> SQL {
        var list: SQL = "\(0)"
        var numbers: SQL = "\(0)"
        // Doubling keeps the number of fragments small.
        while numbers.parameterCount * 2 <= count { numbers = "\(numbers), \(numbers)" }
        list = numbers
        for _ in numbers.parameterCount..<count { list = "\(list), \(0)" }
        return list
      }
      let half = list(16_384)
      let most: SQL = "\(half), \(half), \(half), \(half)"
      #expect(most.parameterCount == SQL.parameterLimit + 1)
      let error = await databaseError { try await pool.run(["SELECT ARRAY[\(most)]"]) }
      #expect(error == .tooManyParameters(65_536))
    }
  }

  @Test func `a result of more rows or bytes than it may have fails its call`() async throws {
    try await TestDatabase.with { database in
      try await database.admin.simple("CREATE TABLE note (id int8)")
      var configuration = database.admin.configuration
      configuration.resultRowLimit = 100
      configuration.resultByteLimit = 100_000
      let pool = PostgresPool(configuration: configuration, reactors: database.reactors)
      let result = await Result.of {
        let fitting = try await pool.run([
          "SELECT n FROM generate_series(1, 100) AS n", "SELECT repeat('x', 50000) AS text",
        ])
        #expect(fitting.map(\.count) == [100, 1])
        for large: SQL in [
          "SELECT n FROM generate_series(1, 101) AS n", "SELECT repeat('x', 200000) AS text",
        ] {
          let error = await databaseError {
            try await pool.transaction { transaction in
              try await transaction.query("INSERT INTO note (id) VALUES (1)")
              try await transaction.query(large)
            }
          }
          guard case .resultTooLarge(_, _, statement: large.text) = error else {
            Issue.record("got \(String(describing: error))")
            continue
          }
        }
        let left = try await pool.run(["SELECT id FROM note"])[0]
        #expect(left.isEmpty)
      }
      await pool.shutdown()
      try result.get()
    }
  }

  @Test func `statements leave the cache and the server together`() async throws {
    try await TestDatabase.cluster {
      $0.statementCacheLimit = 2
      $0.connectionsPerReactor = 1
    } _: { pool, _ in
      for number in 0..<20 {
        let texts: [SQL] = ["SELECT 1 AS a", "SELECT 2 AS b", "SELECT 3 AS c"]
        try await pool.run([texts[number % 3], texts[(number + 1) % 3]])
        _ = await databaseError { try await pool.run(["SELECT 1 / \(0)", "SELECT 5"]) }
        _ = await databaseError { try await pool.run(["SELECT nothing", "SELECT 6"]) }
      }
      let rows = try await pool.run([
        "SELECT count(*) AS n FROM pg_prepared_statements WHERE name LIKE 'ikso%'"
      ])
      let count: Int = try rows[0][0].get("n")
      #expect(count <= 2)
    }
  }

  @Test func `a plan made stale by a migration costs one call, not the connection's user`()
    async throws
  {
    try await TestDatabase.with { database in
      let pool = database.admin
      try await pool.simple("CREATE TABLE note (id int8)")
      let all: SQL = "SELECT note FROM note AS note"
      let star: SQL = "SELECT * FROM note"
      try await pool.run([star])
      try await pool.simple("ALTER TABLE note ADD COLUMN body text")
      _ = await databaseError { try await pool.run([star]) }
      #expect(await databaseError { try await pool.run([star]) } == nil)
      #expect(await databaseError { try await pool.run([all]) } == nil)
    }
  }

  @Test func `a call from a reactor stays on that reactor's connections`() async throws {
    try await TestDatabase.cluster(reactors: 2) { pool, reactors in
      for reactor in reactors.reactors {
        let task = Task(executorPreference: reactor) {
          let first: Int = try await pool.run(["SELECT pg_backend_pid() AS pid"])[0][0].get("pid")
          #expect(reactor.isCurrent)
          let again: Int = try await pool.run(["SELECT pg_backend_pid() AS pid"])[0][0].get("pid")
          #expect(reactor.isCurrent)
          return first == again
        }
        let stays = try await task.value
        #expect(stays)
      }
    }
  }

  @Test func `large parameters and results pass`() async throws {
    try await TestDatabase.cluster { pool, _ in
      let text = String(repeating: "0123456789", count: 2_000_000)
      let results = try await pool.run([
        "SELECT \(text) AS echo", "SELECT length(\(text)) AS length",
      ])
      let echo: String = try results[0][0].get("echo")
      #expect(echo == text)
      #expect(try results[1][0].get("length") == 20_000_000)
    }
  }

  @Test func `COPY has no place here and costs its connection only`() async throws {
    try await TestDatabase.cluster { pool, _ in
      #expect(await databaseError { try await pool.run(["COPY (SELECT 1) TO STDOUT"]) } != nil)
      try await pool.run(["SELECT 1"])
    }
  }
}
