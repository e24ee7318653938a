import Cryptography
import Foundation
import Logging
import Reactor
import Synchronization

@testable import Postgres
@testable import Storage

/// A database of one test on the cluster of IKSO_TEST_POSTGRES, with an owner and a runtime role.
/// It is dropped when the body ends.
struct TestDatabase: Sendable {
  let name: String
  let reactors: ReactorGroup
  /// A superuser's pool on this database.
  let admin: PostgresPool

  var owner: String { name + "_owner" }
  var runtime: String { name + "_runtime" }

  struct Missing: Error, CustomStringConvertible {
    var description: String {
      """
      IKSO_TEST_POSTGRES is not set: run the tests with Deploy/test, which starts a throw-away \
      cluster, or set it to the DSN of a superuser, as in \
      "host=/tmp/cluster user=postgres dbname=postgres"
      """
    }
  }

  static func dsn() throws -> String {
    guard let dsn = ProcessInfo.processInfo.environment["IKSO_TEST_POSTGRES"] else {
      throw Missing()
    }
    return dsn
  }

  /// A pool on the cluster's own database, for tests that need no table.
  @discardableResult
  static func cluster<Value: Sendable>(
    reactors count: Int = 1, _ change: (inout PostgresConfiguration) -> Void = { _ in },
    _ body: @Sendable (PostgresPool, ReactorGroup) async throws -> Value
  ) async throws -> Value {
    let dsn = try dsn()
    await Gate.shared.enter()
    defer { Gate.shared.leave() }
    let reactors = try ReactorGroup(count: count)
    reactors.start()
    defer { reactors.shutdown() }
    var configuration = PostgresConfiguration(dsn: dsn)
    configuration.acquireTimeout = .seconds(60)
    change(&configuration)
    let pool = PostgresPool(configuration: configuration, reactors: reactors)
    let result = await Result.of { try await body(pool, reactors) }
    await pool.shutdown()
    return try result.get()
  }

  @discardableResult
  static func with<Value: Sendable>(
    _ body: @Sendable (TestDatabase) async throws -> Value
  ) async throws -> Value {
    try await cluster { cluster, reactors in
      let number = UUID().canonical.filter { $0 != "-" }.prefix(12)
      let name = "ikso_\(number)"
      try await cluster.simple("CREATE DATABASE \(name) TEMPLATE template0")
      try await cluster.simple(
        """
        CREATE ROLE \(name)_owner NOLOGIN; CREATE ROLE \(name)_runtime LOGIN;
        REVOKE ALL ON DATABASE \(name) FROM PUBLIC;
        GRANT CONNECT ON DATABASE \(name) TO \(name)_runtime
        """)
      let admin = PostgresPool(
        configuration: try configuration(name, user: nil), reactors: reactors)
      let database = TestDatabase(name: name, reactors: reactors, admin: admin)
      let result = await Result.of { try await body(database) }
      await admin.shutdown()
      try await cluster.simple("DROP DATABASE \(name) WITH (FORCE)")
      try await cluster.simple("DROP ROLE \(name)_owner; DROP ROLE \(name)_runtime")
      return try result.get()
    }
  }

  static func configuration(_ database: String, user: String?) throws -> PostgresConfiguration {
    let user = user.map { " user=\($0)" } ?? ""
    var configuration = PostgresConfiguration(dsn: "\(try dsn()) dbname=\(database)\(user)")
    configuration.acquireTimeout = .seconds(60)
    return configuration
  }

  /// A pool of the runtime role, shut down after `body`.
  @discardableResult
  func asRuntime<Value: Sendable>(
    _ change: (inout PostgresConfiguration) -> Void = { _ in },
    _ body: @Sendable (PostgresPool) async throws -> Value
  ) async throws -> Value {
    var configuration = try Self.configuration(name, user: runtime)
    change(&configuration)
    let pool = PostgresPool(configuration: configuration, reactors: reactors)
    let result = await Result.of { try await body(pool) }
    await pool.shutdown()
    return try result.get()
  }

  func migrator(_ schema: String) throws -> Migrator {
    try Migrator(
      pool: admin, schema: schema, owner: owner, runtime: runtime,
      log: Self.silent)
  }

  static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }

  /// Writes files of SQL into a directory of their own and runs them.
  func migrate(_ schema: String, _ files: [String: String]) async throws {
    _ = try await TestFiles.with(files) { try await migrator(schema).run(directory: $0) }
  }
}

enum TestFiles {
  static func with<Value>(
    _ files: [String: String], _ body: (URL) async throws -> Value
  ) async throws -> Value {
    let directory = FileManager.default.temporaryDirectory
      .appendingPathComponent("ikso-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    try write(files, directory)
    return try await body(directory)
  }

  static func write(_ files: [String: String], _ directory: URL) throws {
    for (name, text) in files {
      try Data(text.utf8).write(to: directory.appendingPathComponent(name))
    }
  }
}

/// Bounds how many tests are on the cluster at once, for the sake of its max_connections.
final class Gate: Sendable {
  static let shared = Gate(places: 6)

  private struct State {
    var places: Int
    var waiting: [CheckedContinuation<Void, Never>] = []
  }
  private let state: Mutex<State>

  init(places: Int) { state = Mutex(State(places: places)) }

  func enter() async {
    await withCheckedContinuation { continuation in
      let enters = state.withLock { state in
        guard state.places == 0 else {
          state.places -= 1
          return true
        }
        state.waiting.append(continuation)
        return false
      }
      if enters { continuation.resume() }
    }
  }

  func leave() {
    let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
      if state.waiting.isEmpty {
        state.places += 1
        return nil
      }
      return state.waiting.removeFirst()
    }
    next?.resume()
  }
}

/// Something that one task waits for and another one announces, once.
final class Signal: Sendable {
  private let stream: AsyncStream<Void>
  private let continuation: AsyncStream<Void>.Continuation

  init() { (stream, continuation) = AsyncStream.makeStream() }

  func announce() { continuation.finish() }
  func wait() async { for await _ in stream {} }
}

extension Result where Failure == any Error, Success: Sendable {
  static func of(_ body: () async throws -> Success) async -> Result {
    do {
      return .success(try await body())
    } catch {
      return .failure(error)
    }
  }
}

/// The error of a database call, nil if there is none.
func databaseError<Value>(_ body: () async throws -> Value) async -> PostgresError? {
  do {
    _ = try await body()
    return nil
  } catch {
    return error as? PostgresError
  }
}
