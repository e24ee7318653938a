import Foundation
import ProgramSupport
import Reactor
import Synchronization
import Testing

@testable import Postgres
@testable import Storage

/// Several units of one tenant on one connection: each keeps its own tenant, outcome and end,
/// whatever becomes of those around it.
@Suite(.timeLimit(.minutes(5))) struct PostgresUnitTests {
  /// A pool with one connection, and a gate that its first unit stands at.
  private struct Bench {
    let pool: PostgresPool
    let relay: PostgresRelay
    let watcher: PostgresPool
    let reactor: Reactor
    let tenant = UUID()
    let lock = Int.random(in: 1...Int.max)

    /// With time for a machine that is busy with all other tests, a sanitizer in each.
    var database: Database { Database(pool: pool, longestCall: .seconds(240)) }

    /// Starts a unit on the pool's own thread, where it is sent before anything else happens.
    func unit(
      _ statements: SQL..., tenant: UUID? = nil, deadline: ContinuousClock.Instant? = nil
    ) -> Task<PostgresError?, Never> {
      let mandate = Mandate(tenant: tenant ?? self.tenant, deadline: deadline)
      return Task(executorPreference: reactor) {
        await databaseError { try await database.once(mandate, all: statements) }
      }
    }

    /// Waits at the gate while `closed` runs.
    var gate: SQL { "SELECT pg_advisory_xact_lock_shared(\(lock))" }

    func closed<Value: Sendable>(
      _ body: @Sendable () async throws -> Value
    ) async throws -> Value {
      try await watcher.transaction { transaction in
        try await transaction.query("SELECT pg_advisory_xact_lock(\(lock))")
        return try await body()
      }
    }

    /// Waits until so many units have been sent since the connection was opened or `reset`.
    func sent(_ count: Int) async throws {
      try await until("\(count) units are sent") { relay.traffic.syncs >= count }
    }

    /// Waits until a statement of the pool runs that contains `mark`.
    func runs(_ mark: String) async throws -> Int {
      try await eventually("a statement with \(mark) runs") {
        try await watcher.run([
          """
          SELECT pid FROM pg_stat_activity
          WHERE state = 'active' AND pid <> pg_backend_pid() AND query LIKE \("%\(mark)%")
            AND datname = current_database()
          """
        ])[0].first.map { try $0.get("pid") }
      }
    }

    func backend() async throws -> Int {
      try await pool.run(["SELECT pg_backend_pid() AS pid"])[0][0].get("pid")
    }

    /// The notes that took effect, by the order of their numbers.
    func notes() async throws -> [Int] {
      try await watcher.run(["SELECT id FROM note ORDER BY id"])[0].map { try $0.get("id") }
    }

    func note(_ id: Int) -> SQL { "INSERT INTO note (id) VALUES (\(id))" }
  }

  private static func with(
    _ change: @Sendable (inout PostgresConfiguration) -> Void = { _ in },
    _ body: @Sendable (Bench) async throws -> Void
  ) async throws {
    try await PostgresRelay.with { relay in
      try await TestDatabase.with { database in
        try await database.admin.simple("CREATE TABLE note (id int8 NOT NULL, body text)")
        var configuration = database.admin.configuration
        configuration.dsn += " \(relay.dsn)"
        configuration.connectionsPerReactor = 1
        configuration.unitsPerConnection = 8
        configuration.recoveryTimeout = .seconds(600)
        configuration.queueLimit = 10_000
        change(&configuration)
        let pool = PostgresPool(configuration: configuration, reactors: database.reactors)
        let bench = Bench(
          pool: pool, relay: relay, watcher: database.admin,
          reactor: database.reactors.reactors[0])
        let result = await Result.of {
          try await pool.run(["SELECT 1"])
          relay.reset()
          try await body(bench)
        }
        await pool.shutdown()
        try result.get()
      }
    }
  }

  /// Who came when.
  private final class Order: Sendable {
    private let names = Mutex<[String]>([])

    var noted: [String] { names.withLock { $0 } }
    func note(_ name: String) { names.withLock { $0.append(name) } }
  }

  private static let tenant: SQL =
    "SELECT coalesce(current_setting('ikso.tenant', true), '') AS tenant"

  @Test func `units of a tenant go out behind the one that runs, up to the bound`() async throws {
    try await Self.with {
      $0.unitsPerConnection = 3
    } _: { bench in
      let units = try await bench.closed {
        let first = bench.unit(bench.gate)
        try await bench.sent(1)
        let rest = (0..<4).map { bench.unit(bench.note($0)) }
        try await bench.sent(3)
        // The others have asked as well, on the same thread, and nothing was answered.
        await Task(executorPreference: bench.reactor) {}.value
        #expect(bench.relay.traffic.syncs == 3 && bench.relay.traffic.readies == 0)
        return [first] + rest
      }
      for unit in units { #expect(await unit.value == nil) }
      #expect(try await bench.notes() == [0, 1, 2, 3])
      #expect(bench.relay.connections == 1)
    }
  }

  @Test func `another tenant's unit goes on no connection that is in use`() async throws {
    try await Self.with { bench in
      let units = try await bench.closed {
        let first = bench.unit(bench.gate)
        try await bench.sent(1)
        let other = bench.unit(bench.note(1), tenant: UUID())
        // Nor does one of the same tenant from now on: it would push in.
        let same = bench.unit(bench.note(2))
        await Task(executorPreference: bench.reactor) {}.value
        #expect(bench.relay.traffic.syncs == 1)
        return [first, other, same]
      }
      for unit in units { #expect(await unit.value == nil) }
    }
  }

  @Test func `an error leaves the neighbours whole, and what they have to prepare`() async throws {
    try await Self.with { bench in
      let units = try await bench.closed {
        let first = bench.unit(bench.gate)
        try await bench.sent(1)
        // The insert would have been prepared by the one that fails before.
        let failing = bench.unit("SELECT 1 / \(0)", bench.note(1))
        let rest = [bench.unit(bench.note(2)), bench.unit(bench.note(3), "SELECT nothing")]
        let last = bench.unit(bench.note(4))
        try await bench.sent(5)
        return [first, failing] + rest + [last]
      }
      var errors: [String?] = []
      for unit in units { errors.append(await unit.value?.sqlstate) }
      #expect(errors == [nil, "22012", nil, "42703", nil])
      #expect(try await bench.notes() == [2, 4])
      #expect(bench.relay.connections == 1)
    }
  }

  @Test func `a cancelled unit stops no neighbour, and alone it is stopped`() async throws {
    try await Self.with { bench in
      let backend = try await bench.backend()
      let (second, third) = try await bench.closed {
        let first = bench.unit(bench.gate, bench.note(1))
        try await bench.sent(2)
        let second = bench.unit("SELECT pg_sleep(600) /* unit-second */")
        let third = bench.unit(bench.note(3))
        try await bench.sent(4)
        // The one that runs is given up while two stand behind it, then the one in the middle.
        first.cancel()
        #expect(await first.value == .cancelled)
        return (second, third)
      }
      _ = try await bench.runs("unit-second")
      second.cancel()
      #expect(await second.value == .cancelled)
      // Its sleep is not stopped for the third one's sake; that is given up too, and both end.
      third.cancel()
      #expect(await third.value == .cancelled)
      // The connection is free again, and the same.
      #expect(try await bench.backend() == backend)
      // What ran when it was given up, with others behind it, was not stopped.
      #expect(try await bench.notes().first == 1)
    }
  }

  @Test func `cancelling here and there costs nobody else anything`() async throws {
    try await Self.with { bench in
      let count = 200
      let outcomes = await withTaskGroup(of: (Int, PostgresError?).self) { group in
        for number in 0..<count {
          let unit = bench.unit("SELECT pg_sleep(0.0005)", bench.note(number))
          if number % 3 == 0 { group.addTask { (unit.cancel(), (-1, await unit.value)).1 } }
          else { group.addTask { (number, await unit.value) } }
        }
        return await group.reduce(into: [(Int, PostgresError?)]()) { $0.append($1) }
      }
      let kept = outcomes.filter { $0.0 >= 0 }
      let notes = try await bench.notes()
      #expect(kept.allSatisfy { $0.1 == nil }, "\(kept.compactMap(\.1).prefix(3))")
      #expect(Set(notes).isSuperset(of: kept.map(\.0)) && Set(notes).count == notes.count)
    }
  }

  /// It was given up among others, and had ended when the last of them gave the connection back.
  @Test func `a unit that was given up does not stop the one that comes after it`() async throws {
    try await Self.with { bench in
      let (second, third) = try await bench.closed {
        let first = bench.unit(bench.gate)
        try await bench.sent(1)
        let second = bench.unit(bench.note(2))
        try await bench.sent(2)
        first.cancel()
        #expect(await first.value == .cancelled)
        // It waits, as nothing is put behind what was given up.
        return (second, bench.unit("SELECT pg_sleep(0.3)", bench.note(3)))
      }
      #expect(await second.value == nil)
      #expect(await third.value == nil)
      #expect(try await bench.notes() == [2, 3])
    }
  }

  @Test func `an overdue unit ends by itself and those behind it are served`() async throws {
    try await Self.with { bench in
      let slow = bench.unit("SELECT pg_sleep(600)", deadline: .now + .milliseconds(500))
      try await bench.sent(1)
      let next = bench.unit(bench.note(1))
      try await bench.sent(2)
      #expect(await slow.value == .deadlineExceeded)
      #expect(await next.value == nil)
      #expect(bench.relay.connections == 1)
    }
  }

  @Test func `a server process that ends takes no unit with it that it had not begun`()
    async throws
  {
    try await Self.with { bench in
      let units = try await bench.closed {
        let first = bench.unit(bench.gate, bench.note(0))
        try await bench.sent(1)
        let rest = (1..<5).map { bench.unit(bench.note($0)) }
        try await bench.sent(5)
        // Of a task of its own, as this one is inside a transaction.
        try await Task {
          let backend = try await bench.runs("pg_advisory_xact_lock_shared")
          try await bench.watcher.run(["SELECT pg_terminate_backend(\(Int32(backend)))"])
        }.value
        // They are made again, on another connection.
        try await until("another connection is made") { bench.relay.connections > 1 }
        return [first] + rest
      }
      for unit in units { #expect(await unit.value == nil) }
      #expect(try await bench.notes() == [0, 1, 2, 3, 4])
    }
  }

  @Test func `a connection cut in the middle leaves the outcome of all on it unknown`()
    async throws
  {
    try await Self.with { bench in
      let units = try await bench.closed {
        let first = bench.unit(bench.gate, bench.note(0))
        try await bench.sent(1)
        let rest = (1..<4).map { bench.unit(bench.note($0)) }
        try await bench.sent(4)
        bench.relay.cut()
        return [first] + rest
      }
      for unit in units {
        guard case .outcomeUnknown = await unit.value else {
          Issue.record("got \(String(describing: await unit.value))")
          continue
        }
      }
      #expect(await bench.unit(bench.note(9)).value == nil)
    }
  }

  @Test func `no unit sees another's tenant, however the others end`() async throws {
    try await Self.with { bench in
      let statements: @Sendable (String?) -> [SQL] = { tenant in
        guard let tenant else { return [Self.tenant] }
        return ["SELECT set_config('ikso.tenant', \(tenant), true)", Self.tenant]
      }
      let share = bench.tenant
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<300 {
          group.addTask(executorPreference: bench.reactor) {
            let tenant = number % 3 == 0 ? nil : UUID().uuidString
            if number % 5 == 0 {
              let failing = statements(UUID().uuidString) + ["SELECT 1 / \(0)"]
              let error = await databaseError {
                try await bench.pool.run(failing, share: share)
              }
              #expect(error?.sqlstate == "22012")
            }
            let results = try await bench.pool.run(statements(tenant), share: share)
            let seen: String = try results[results.count - 1][0].get("tenant")
            #expect(seen == tenant ?? "")
          }
        }
        try await group.waitForAll()
      }
      #expect(bench.relay.connections == 1)
    }
  }

  @Test func `a transaction of the same tenant gets its turn among units`() async throws {
    try await Self.with { bench in
      let order = Order()
      let (first, transaction, units) = try await bench.closed {
        let first = bench.unit(bench.gate)
        try await bench.sent(1)
        let transaction = Task(executorPreference: bench.reactor) {
          try await bench.database.transaction(tenant: bench.tenant) { transaction in
            try await transaction.query("SELECT 1")
            order.note("transaction")
          }
        }
        let units = (0..<3).map { number in
          Task(executorPreference: bench.reactor) {
            try await bench.database.once(tenant: bench.tenant, bench.note(number))
            order.note("unit")
          }
        }
        await Task(executorPreference: bench.reactor) {}.value
        #expect(bench.relay.traffic.syncs == 1)
        return (first, transaction, units)
      }
      #expect(await first.value == nil)
      try await transaction.value
      for unit in units { try await unit.value }
      #expect(order.noted == ["transaction", "unit", "unit", "unit"])
    }
  }

  @Test func `a unit can neither begin nor end a transaction`() async throws {
    try await Self.with { bench in
      for text in ["BEGIN", "commit", "ROLLBACK", "savepoint a"] {
        let error = await bench.unit(bench.note(1), SQL(stringLiteral: text), bench.note(2)).value
        #expect(error == .transactionMisused("a unit of work cannot \(text)"))
      }
      let notes = try await bench.notes()
      #expect(notes.isEmpty)
    }
  }

  @Test func `a statement made stale by a migration spoils no neighbour's unit`() async throws {
    try await Self.with { bench in
      let star: SQL = "SELECT * FROM note"
      #expect(await bench.unit(star).value == nil)
      bench.relay.reset()
      try await bench.watcher.simple("ALTER TABLE note ADD COLUMN more text")
      let units = try await bench.closed {
        let first = bench.unit(bench.gate)
        try await bench.sent(1)
        let rest = [bench.unit(star), bench.unit(bench.note(2)), bench.unit(bench.note(3))]
        try await bench.sent(4)
        return [first] + rest
      }
      var errors: [String?] = []
      for unit in units { errors.append(await unit.value?.sqlstate) }
      #expect(errors == [nil, "0A000", nil, nil])
      #expect(try await bench.notes() == [2, 3])
      // The connection is given up once all on it have been answered.
      #expect(await bench.unit(star).value == nil)
      #expect(bench.relay.connections == 2)
    }
  }
}
