import Access
import Foundation
import Logging
import Synchronization
import Testing

@testable import Hosting

@Suite(.timeLimit(.minutes(2))) struct RevocationWatchTests {
  private struct Broken: Error {}

  /// Says nothing until it is cancelled.
  private static func silence() async throws {
    let (never, end) = AsyncStream<Never>.makeStream()
    for await _ in never {}
    end.finish()
    throw CancellationError()
  }

  @Test func `after a break it goes on from the last sequence`() async throws {
    let list = RevocationList()
    let (attempts, asked) = AsyncStream<Int64>.makeStream()
    let count = Mutex(0)
    let session = UUID()
    let watch = RevocationWatch(list, logger: Logger(label: "test")) { after, take in
      defer { asked.yield(after) }
      switch count.withLock({ count in
        count += 1
        return count
      }) {
      case 1:
        take([], 41)
        throw Broken()
      case 2: throw Broken()
      // An end without an error is a break too.
      case 3: take([Revocation(.session(session), expiresAt: .distantFuture)], 42)
      default:
        take([], 42)
        asked.yield(after)
        try await Self.silence()
      }
    }
    let task = Task { try await watch.run() }
    var seen: [Int64] = []
    for await after in attempts {
      seen.append(after)
      if seen.count == 4 { break }
    }
    task.cancel()
    _ = await task.result
    #expect(seen == [0, 41, 41, 42])
    #expect(list.count == 1)
    #expect(list.isInTouch)
  }

  @Test func `a stream that falls silent is given up and opened again`() async throws {
    let list = RevocationList()
    let (attempts, asked) = AsyncStream<Int64>.makeStream()
    let watch = RevocationWatch(list, logger: Logger(label: "test")) { after, take in
      if after == 0 { take([], 1) }
      asked.yield(after)
      try await Self.silence()
    }
    let task = Task { try await watch.run() }
    var seen: [Int64] = []
    for await after in attempts {
      seen.append(after)
      if seen.count == 2 { break }
    }
    task.cancel()
    _ = await task.result
    #expect(seen == [0, 1])
  }
}
