import Logging
import Synchronization

/// Holds a stream of what another service keeps, and after a break opens it again.
struct FeedWatch: Sendable {
  /// What is followed, and what is known of it by now.
  struct Subject: Sendable {
    /// In the plural, as logs name it.
    let name: String
    /// The service that tells it.
    let source: String
    /// What no longer happens while nothing is known of it.
    let withoutIt: String
    /// Since the last word; nil before the first.
    let silence: @Sendable () -> Duration?
    let isInTouch: @Sendable () -> Bool
  }

  /// Follows until the stream breaks; calls what it is given at each word.
  typealias Follow = @Sendable (_ heard: @escaping @Sendable () -> Void) async throws -> Void

  /// The first pause after a break; each further one is twice as long, up to the longest. They vary
  /// by a fifth, so that processes do not come back all at once.
  static let firstPause: Duration = .milliseconds(250)
  static let longestPause: Duration = .seconds(4)
  /// A stream on which nothing came for so long is broken: its source says something every 3 s.
  static let longestSilence: Duration = .seconds(8)

  private let subject: Subject
  private let logger: Logger
  private let follow: Follow

  init(_ subject: Subject, logger: Logger, follow: @escaping Follow) {
    (self.subject, self.logger, self.follow) = (subject, logger, follow)
  }

  /// A stream that is open and says nothing.
  private struct Silent: Error {}

  /// Follows for ever; ends with the task's cancellation.
  func run() async throws {
    let standing = Standing(subject, logger)
    var pause = Self.firstPause
    while true {
      let began = ContinuousClock.now
      do {
        try await attempt(standing)
        standing.lost(nil)
      } catch {
        try Task.checkCancellation()
        standing.lost(error)
      }
      try Task.checkCancellation()
      if !subject.isInTouch() { standing.outOfTouch() }
      if let silence = subject.silence(), silence < .now - began { pause = Self.firstPause }
      try await Task.sleep(for: pause * Double.random(in: 0.8...1.2))
      pause = min(pause * 2, Self.longestPause)
    }
  }

  /// One stream, until it breaks or falls silent.
  private func attempt(_ standing: Standing) async throws {
    let (subject, follow, began) = (subject, follow, ContinuousClock.now)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await follow { standing.found() } }
      group.addTask {
        while true {
          try await Task.sleep(for: .seconds(1))
          let quiet = min(subject.silence() ?? .now - began, .now - began)
          if quiet > Self.longestSilence { throw Silent() }
        }
      }
      defer { group.cancelAll() }
      try await group.next()
    }
  }

  /// Says once each time that something has changed, not with every attempt.
  private final class Standing: Sendable {
    private enum State { case following, lost, outOfTouch }

    private let state = Mutex(State.following)
    private let subject: Subject
    private let logger: Logger

    init(_ subject: Subject, _ logger: Logger) { (self.subject, self.logger) = (subject, logger) }

    func found() {
      if change(to: .following) { logger.notice("\(subject.name) are followed again") }
    }

    func lost(_ error: (any Error)?) {
      let isNews = state.withLock { state in
        guard state == .following else { return false }
        state = .lost
        return true
      }
      guard isNews else { return }
      let reason = error.map { "\($0)" } ?? "\(subject.source) ended the stream"
      logger.warning("\(subject.name) are not followed", metadata: ["error": "\(reason)"])
    }

    func outOfTouch() {
      guard change(to: .outOfTouch) else { return }
      logger.error("nothing is known of \(subject.name): \(subject.withoutIt)")
    }

    private func change(to new: State) -> Bool {
      state.withLock { state in
        defer { state = new }
        return state != new
      }
    }
  }
}
