import Foundation
import Synchronization

/// Bounds what one source may send without having signed in: a number of submissions, each of which
/// comes back after a time.
final class IntakeThrottle: Sendable {
  /// Submissions of one source within `window`.
  static let limit = 10
  /// Seconds.
  static let window: TimeInterval = 3_600
  /// Sources that are remembered; the older half goes when there are more.
  static let capacity = 20_000

  private struct State {
    var young: [String: [Date]] = [:]
    var old: [String: [Date]] = [:]
  }

  private let state = Mutex(State())

  /// Counts a submission before its work begins, so that many at once do not pass together.
  func admit(_ source: String, at time: Date) throws(EntryError) {
    let wait = state.withLock { state -> TimeInterval in
      let recent = (state.young[source] ?? state.old[source] ?? []).filter {
        abs(time.timeIntervalSince($0)) < Self.window
      }
      guard recent.count < Self.limit else {
        return Self.window - time.timeIntervalSince(recent[0])
      }
      if state.young[source] == nil, state.young.count >= Self.capacity / 2 {
        state.old = state.young
        state.young = [:]
      }
      state.young[source] = recent + [time]
      return 0
    }
    guard wait <= 0 else {
      throw .tooManySubmissions(
        retryAfterSeconds: max(1, min(Int(wait.rounded(.up)), Int(Self.window))))
    }
  }
}
