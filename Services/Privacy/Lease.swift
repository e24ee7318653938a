import Foundation

/// Work that only one process is to do at a time.
enum Lease {
  /// It is another process's by now.
  struct Lost: Error {}

  /// Runs `body` while the lease is renewed, three times in its life of `seconds`; stops it with
  /// `Lost` when `renew` says that it is another's.
  static func holding(
    for seconds: TimeInterval, renew: @escaping @Sendable () async throws -> Bool,
    _ body: @escaping @Sendable () async throws -> Void
  ) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await body() }
      group.addTask {
        while true {
          try await Task.sleep(for: .seconds(seconds / 3))
          // A database that is away for a moment is no reason to stop.
          let isOurs = try? await renew()
          if isOurs == false { throw Lost() }
        }
      }
      defer { group.cancelAll() }
      try await group.next()
    }
  }
}
