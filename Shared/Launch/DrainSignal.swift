import Synchronization

/// Tells those who would wait for ever that the process is to stop: streams without an end of their
/// own end with it, and hold nobody up.
package final class DrainSignal: Sendable {
  private struct State {
    var isGiven = false
    var next = 0
    var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
  }

  private let state = Mutex(State())

  package init() {}

  package var isGiven: Bool { state.withLock(\.isGiven) }

  package func give() {
    let waiters = state.withLock { state in
      state.isGiven = true
      defer { state.waiters = [:] }
      return Array(state.waiters.values)
    }
    for waiter in waiters { waiter.resume() }
  }

  /// Returns when it is given, when `interval` has passed, or when the task is cancelled.
  package func wait(orFor interval: Duration) async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.wait() }
      group.addTask { try? await Task.sleep(for: interval) }
      await group.next()
      group.cancelAll()
    }
  }

  /// Returns when it is given, or when the task is cancelled.
  package func wait() async {
    let id = state.withLock { state in
      state.next += 1
      return state.next
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let done = state.withLock { state in
          if state.isGiven || Task.isCancelled { return true }
          state.waiters[id] = continuation
          return false
        }
        if done { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.waiters.removeValue(forKey: id) }?.resume()
    }
  }
}
