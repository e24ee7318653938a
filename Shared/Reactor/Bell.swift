import Synchronization

/// Wakes who waits for something.
package final class Bell: Sendable {
  package enum Kind: Sendable {
    /// A ring wakes those who wait; one that nobody waits for is kept for the next.
    case each
    /// It goes on ringing: from then on nobody waits.
    case forGood
  }

  private struct State {
    var isRung = false
    var next = 0
    var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
  }

  private let kind: Kind
  private let state = Mutex(State())

  package init(_ kind: Kind) { self.kind = kind }

  /// Whether who asks next need not wait.
  package var isRung: Bool { state.withLock(\.isRung) }

  package func ring() {
    let waiters = state.withLock { state in
      state.isRung = kind == .forGood || state.waiters.isEmpty
      defer { state.waiters = [:] }
      return Array(state.waiters.values)
    }
    for waiter in waiters { waiter.resume() }
  }

  /// Returns at a ring, when `interval` has passed, or when the task is cancelled.
  package func wait(orFor interval: Duration) async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.wait() }
      group.addTask { try? await Task.sleep(for: interval) }
      await group.next()
      group.cancelAll()
    }
  }

  /// Returns at a ring, or when the task is cancelled.
  package func wait() async {
    let id = state.withLock { state in
      state.next += 1
      return state.next
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let done = state.withLock { state in
          if Task.isCancelled { return true }
          if state.isRung {
            state.isRung = kind == .forGood
            return true
          }
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
