import Reactor

/// Tells those who would wait for ever that the process is to stop: streams without an end of their
/// own end with it, and hold nobody up.
package final class DrainSignal: Sendable {
  private let bell = Bell(.forGood)

  package init() {}

  package var isGiven: Bool { bell.isRung }

  package func give() { bell.ring() }

  /// Returns when it is given, when `interval` has passed, or when the task is cancelled.
  package func wait(orFor interval: Duration) async { await bell.wait(orFor: interval) }

  /// Returns when it is given, or when the task is cancelled.
  package func wait() async { await bell.wait() }
}
