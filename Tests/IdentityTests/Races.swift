import Foundation
import Postgres
import ProgramSupport
import Synchronization

@testable import Identity

extension House {
  /// What two calls come to of which the second begins when the first has got as far as a table:
  /// it waits there until the second waits for it, or has gone past it.
  func race<First: Sendable, Second: Sendable>(
    at table: String, _ first: @escaping @Sendable () async throws -> First,
    _ second: @escaping @Sendable () async throws -> Second
  ) async throws -> (first: Result<First, any Error>, second: Result<Second, any Error>) {
    let table = try SQLIdentifier(table)
    let (locked, lockedDoor) = AsyncStream<Void>.makeStream()
    let (released, release) = AsyncStream<Void>.makeStream()
    let isPast = Mutex(false)
    async let gate: Void = admin.transaction { transaction in
      // Whoever writes to it waits.
      try await transaction.query("LOCK TABLE identity.\(table) IN SHARE MODE")
      lockedDoor.finish()
      for await _ in released {}
    }
    for await _ in locked {}
    async let one = Self.result(first)
    try await until("the first call waits at the table") { try await waiting() == 1 }
    async let two = {
      let result = await Self.result(second)
      isPast.withLock { $0 = true }
      return result
    }()
    try await until("the second one waits, or is past it") {
      if isPast.withLock(\.self) { return true }
      return try await waiting() == 2
    }
    release.finish()
    try await gate
    return (await one, await two)
  }

  private static func result<Value: Sendable>(
    _ body: @Sendable () async throws -> Value
  ) async -> Result<Value, any Error> {
    do { return .success(try await body()) } catch { return .failure(error) }
  }

  /// How many connections to this test's database wait for a lock.
  private func waiting() async throws -> Int {
    try await admin.run(
      [
        """
        SELECT count(*) AS n FROM pg_catalog.pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'
        """
      ], deadline: nil)[0][0].get("n")
  }
}

extension Result where Failure == any Error {
  var succeeded: Bool { if case .success = self { true } else { false } }

  /// Nil of a success.
  func refused() async throws -> Refusal? { try await refusal { try get() } }
}
