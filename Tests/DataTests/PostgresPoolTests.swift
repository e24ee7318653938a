import Foundation
import ProgramSupport
import Reactor
import Testing

@testable import Postgres

@Suite(.timeLimit(.minutes(2))) struct PostgresPoolTests {
  private static let pid: SQL = "SELECT pg_backend_pid() AS pid"

  private static func pid(_ pool: PostgresPool) async throws -> Int {
    try await pool.run([pid])[0][0].get("pid")
  }

  /// Waits until as many statements as `count` run that contain `mark`.
  private static func running(_ mark: String, _ count: Int, _ pool: PostgresPool) async throws {
    try await until("\(count) statements with \(mark) run") {
      let found: Int = try await pool.run([
        """
        SELECT count(*) AS n FROM pg_stat_activity
        WHERE state = 'active' AND pid <> pg_backend_pid() AND query LIKE \("%\(mark)%")
        """
      ])[0][0].get("n")
      return found == count
    }
  }

  /// A pool with one connection that outlasts any test, beside one to watch it with.
  private static func single(
    _ change: @Sendable (inout PostgresConfiguration) -> Void = { _ in },
    _ body: @Sendable (PostgresPool, PostgresPool) async throws -> Void
  ) async throws {
    try await TestDatabase.cluster {
      $0.recoveryTimeout = .seconds(600)
    } _: { watcher, reactors in
      var configuration = watcher.configuration
      configuration.connectionsPerReactor = 1
      change(&configuration)
      let pool = PostgresPool(configuration: configuration, reactors: reactors)
      let result = await Result.of { try await body(pool, watcher) }
      await pool.shutdown()
      try result.get()
    }
  }

  @Test func `a passed deadline stops the statement on the server`() async throws {
    try await Self.single { pool, watcher in
      let before = try await Self.pid(pool)
      let mark = UUID().uuidString
      let sleep: SQL = "SELECT pg_sleep(600), \(mark) /* deadline-test */"
      let error = await databaseError {
        try await pool.run([sleep], deadline: .now + .milliseconds(20))
      }
      #expect(error == .deadlineExceeded)
      try await Self.running("deadline-test", 0, watcher)
      // The same connection is back: it was not closed to get rid of the statement.
      #expect(try await Self.pid(pool) == before)
    }
  }

  @Test func `a deadline that has passed already sends nothing`() async throws {
    try await TestDatabase.cluster { $0.dsn = "host=/nowhere" } _: { pool, _ in
      let error = await databaseError { try await pool.run(["SELECT 1"], deadline: .now) }
      #expect(error == .deadlineExceeded)
    }
  }

  @Test func `a cancelled task stops the statement on the server`() async throws {
    try await Self.single { pool, watcher in
      let before = try await Self.pid(pool)
      let task = Task {
        await databaseError { try await pool.run(["SELECT pg_sleep(600) /* cancel-test */"]) }
      }
      try await Self.running("cancel-test", 1, watcher)
      task.cancel()
      #expect(await task.value == .cancelled)
      try await Self.running("cancel-test", 0, watcher)
      #expect(try await Self.pid(pool) == before)
    }
  }

  @Test func `a task that is cancelled before it calls sends nothing`() async throws {
    try await TestDatabase.cluster { $0.dsn = "host=/nowhere" } _: { pool, _ in
      let signal = Signal()
      let task = Task {
        await signal.wait()
        return await databaseError { try await pool.run(["SELECT 1"]) }
      }
      task.cancel()
      signal.announce()
      #expect(await task.value == .cancelled)
    }
  }

  @Test func `a deadline inside of a transaction rolls it back`() async throws {
    try await TestDatabase.with { database in
      let pool = database.admin
      try await pool.simple("CREATE TABLE note (id int8 CONSTRAINT note_pkey PRIMARY KEY)")
      let error = await databaseError {
        try await pool.transaction(deadline: .now + .milliseconds(50)) { transaction in
          try await transaction.query("INSERT INTO note (id) VALUES (\(1))")
          try await transaction.query("SELECT pg_sleep(600)")
        }
      }
      #expect(error == .deadlineExceeded)
      try await pool.run(["INSERT INTO note (id) VALUES (\(1))"])
    }
  }

  @Test func `a cancelled task does not commit`() async throws {
    try await TestDatabase.with { database in
      let pool = database.admin
      try await pool.simple("CREATE TABLE note (id int8 CONSTRAINT note_pkey PRIMARY KEY)")
      let (inserted, cancelled) = (Signal(), Signal())
      let task = Task {
        await databaseError {
          try await pool.transaction { transaction in
            try await transaction.query("INSERT INTO note (id) VALUES (\(1))")
            inserted.announce()
            // A stream ends early for a cancelled task.
            await cancelled.wait()
          }
        }
      }
      await inserted.wait()
      task.cancel()
      #expect(await task.value == .cancelled)
      try await pool.run(["INSERT INTO note (id) VALUES (\(1))"])
    }
  }

  @Test func `one call more than the queue holds is refused at once`() async throws {
    try await Self.single {
      $0.queueLimit = 1
    } _: { pool, _ in
      let (held, free) = (Signal(), Signal())
      async let holder: Void = pool.transaction { transaction in
        try await transaction.query("SELECT 1")
        held.announce()
        await free.wait()
      }
      await held.wait()
      var refused = 0
      var passed = 0
      await withTaskGroup { group in
        for _ in 0..<2 {
          group.addTask { await databaseError { try await pool.run(["SELECT 2"]) } }
        }
        for await error in group {
          if error == .poolQueueFull { refused += 1 } else if error == nil { passed += 1 }
          free.announce()
        }
      }
      try await holder
      #expect(refused == 1 && passed == 1)
    }
  }

  @Test func `a wait for a connection ends with the acquire timeout`() async throws {
    try await Self.single {
      $0.acquireTimeout = .milliseconds(20)
    } _: { pool, _ in
      // The first connection may take longer to open than that.
      try await until("a connection opens") {
        await databaseError { try await pool.run(["SELECT 1"]) } == nil
      }
      try await pool.transaction { transaction in
        try await transaction.query("SELECT 1")
        let error = await Task { await databaseError { try await pool.run(["SELECT 2"]) } }.value
        #expect(error == .poolTimeout)
      }
    }
  }

  @Test func `a waiting call that is cancelled leaves the queue`() async throws {
    try await Self.single {
      $0.queueLimit = 1
    } _: { pool, _ in
      try await pool.transaction { transaction in
        try await transaction.query("SELECT 1")
        for _ in 0..<5 {
          let task = Task { await databaseError { try await pool.run(["SELECT 2"]) } }
          task.cancel()
          #expect(await task.value == .cancelled)
        }
      }
      try await pool.run(["SELECT 3"])
    }
  }

  @Test func `no more connections are opened than allowed`() async throws {
    try await TestDatabase.cluster { $0.connectionsPerReactor = 3 } _: { pool, _ in
      var seen = Set<Int>()
      try await withThrowingTaskGroup { group in
        for _ in 0..<60 { group.addTask { try await Self.pid(pool) } }
        for try await pid in group { seen.insert(pid) }
      }
      #expect(seen.count <= 3)
    }
  }

  @Test func `after a backend is terminated the next call works`() async throws {
    try await Self.single { pool, watcher in
      for _ in 0..<10 {
        let pid = try await Self.pid(pool)
        try await watcher.run(["SELECT pg_terminate_backend(\(Int32(pid)))"])
        #expect(try await Self.pid(pool) != pid)
      }
    }
  }

  /// Waits until another backend than `other` runs a statement that contains `mark`.
  private static func backend(
    _ mark: String, other: Int?, _ pool: PostgresPool
  ) async throws -> Int {
    try await eventually("a statement with \(mark) runs") {
      try await pool.run([
        """
        SELECT pid FROM pg_stat_activity
        WHERE state = 'active' AND query LIKE \("%\(mark)%")
          AND pid <> pg_backend_pid() AND pid IS DISTINCT FROM \(other)
        """
      ])[0].first.map { try $0.get("pid") }
    }
  }

  @Test func `a call whose backend is terminated runs once more, and once only`() async throws {
    try await Self.single { pool, watcher in
      async let failed = databaseError {
        try await pool.run(["SELECT pg_sleep(600) /* kill-test */"])
      }
      let first = try await Self.backend("kill-test", other: nil, watcher)
      try await watcher.run(["SELECT pg_terminate_backend(\(Int32(first)))"])
      let second = try await Self.backend("kill-test", other: first, watcher)
      try await watcher.run(["SELECT pg_terminate_backend(\(Int32(second)))"])
      let error = await failed
      guard case .connectionLost = error else {
        Issue.record("got \(String(describing: error))")
        return
      }
      try await pool.run(["SELECT 1"])
    }
  }

  @Test func `a COMMIT without an answer in time has an unknown outcome`() async throws {
    try await TestDatabase.with { database in
      try await database.admin.simple(
        """
        CREATE TABLE note (id int8);
        CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql
          AS 'BEGIN PERFORM pg_sleep(600); RETURN NULL; END';
        CREATE CONSTRAINT TRIGGER linger AFTER INSERT ON note
          DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION linger()
        """)
      var configuration = database.admin.configuration
      configuration.commitGrace = .milliseconds(20)
      let pool = PostgresPool(configuration: configuration, reactors: database.reactors)
      let error = await databaseError {
        // Far enough for the insert, which ends before, on a busy machine too; the COMMIT does not.
        try await pool.transaction(deadline: .now + .seconds(10)) { transaction in
          try await transaction.query("INSERT INTO note (id) VALUES (\(1))")
        }
      }
      await pool.shutdown()
      guard case .outcomeUnknown = error else {
        Issue.record("got \(String(describing: error))")
        return
      }
    }
  }

  @Test func `a call cut off from its answer has an unknown outcome`() async throws {
    try await Self.single {
      $0.recoveryTimeout = .milliseconds(1)
    } _: { pool, watcher in
      async let cut = databaseError {
        try await pool.run(["SELECT pg_sleep(600) /* cut-test */"])
      }
      let backend = try await Self.backend("cut-test", other: nil, watcher)
      await pool.shutdown()
      #expect(await cut == .outcomeUnknown("the pool is shut down"))
      try await watcher.run(["SELECT pg_terminate_backend(\(Int32(backend)))"])
    }
  }

  @Test func `no server: the call ends with libpq's reason`() async throws {
    try await TestDatabase.cluster {
      $0.dsn = "host=/nowhere/at/all"
      $0.acquireTimeout = .milliseconds(200)
    } _: { pool, _ in
      guard case .connectFailed(let reason) = await databaseError({ try await pool.run([]) })
      else {
        Issue.record("a call without a server did not fail")
        return
      }
      #expect(reason.contains("/nowhere/at/all"))
    }
  }

  @Test func `a pool that is shut down refuses`() async throws {
    try await TestDatabase.cluster { watcher, reactors in
      let pool = PostgresPool(configuration: watcher.configuration, reactors: reactors)
      try await pool.run(["SELECT 1"])
      await pool.shutdown()
      #expect(await databaseError { try await pool.run(["SELECT 1"]) } == .poolClosed)
    }
  }

  @Test func `a script runs whole or not at all`() async throws {
    try await TestDatabase.with { database in
      let pool = database.admin
      let error = await databaseError {
        try await pool.simple("CREATE TABLE a (id int8); CREATE TABLE a (id int8)")
      }
      #expect(error?.sqlstate == "42P07")
      try await pool.simple("CREATE TABLE a (id int8); CREATE TABLE b (id int8)")
      try await pool.run(["SELECT id FROM a", "SELECT id FROM b"])
    }
  }
}
