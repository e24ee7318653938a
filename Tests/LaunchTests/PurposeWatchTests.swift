import Access
import Foundation
import Logging
import Synchronization
import Testing

@testable import Hosting

@Suite(.timeLimit(.minutes(2))) struct PurposeWatchTests {
  private struct Broken: Error {}

  @Test func `a list that broke off is begun anew, a complete one goes on`() async throws {
    let list = PurposeList()
    let (attempts, asked) = AsyncStream<Int64>.makeStream()
    let count = Mutex(0)
    let (tenant, person) = (UUID(), UUID())
    let stopped = PurposeChange(
      tenant: tenant, person: person, purpose: "feedback", mark: .stopped)
    let watch = PurposeWatch(list, logger: Logger(label: "test")) { after, take in
      defer { asked.yield(after) }
      let attempt = count.withLock { count in
        count += 1
        return count
      }
      switch attempt {
      case 1: take(PurposeChanges([], sequence: 41, reset: true, isComplete: false))
      case 2: take(PurposeChanges([stopped], sequence: 42, reset: true, isComplete: true))
      default: throw Broken()
      }
    }
    let task = Task { try await watch.run() }
    var seen: [Int64] = []
    for await after in attempts {
      seen.append(after)
      if seen.count == 3 { break }
    }
    task.cancel()
    _ = await task.result
    #expect(seen == [0, 0, 42])
    #expect(list.isInTouch)
    #expect(list.refusal(of: "feedback", for: [person], in: tenant) == .frozen("feedback"))
  }
}
