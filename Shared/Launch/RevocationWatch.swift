package import Access
import Foundation
package import Logging
import RPC
import Schemas
import SwiftProtobuf
import Synchronization
package import Telemetry

/// Keeps what a process knows of revoked tokens up to date: holds the issuer's stream, and after a
/// break opens it again and catches up.
package struct RevocationWatch: Sendable {
  /// Takes a batch and the sequence up to which it goes.
  package typealias Take = @Sendable ([Revocation], Int64) -> Void
  /// Follows the issuer after a sequence until the stream breaks.
  package typealias Follow = @Sendable (Int64, @escaping Take) async throws -> Void

  /// The first pause after a break; each further one is twice as long, up to the longest. They vary
  /// by a fifth, so that processes do not come back all at once.
  static let firstPause: Duration = .milliseconds(250)
  static let longestPause: Duration = .seconds(4)
  /// A stream on which nothing came for so long is broken: identity says something every 3 s.
  static let longestSilence: Duration = .seconds(8)

  private let list: RevocationList
  private let logger: Logger
  private let follow: Follow

  package init(_ list: RevocationList, logger: Logger, follow: @escaping Follow) {
    (self.list, self.logger, self.follow) = (list, logger, follow)
  }

  /// A stream that is open and says nothing.
  private struct Silent: Error {}

  /// Follows for ever; ends with the task's cancellation.
  package func run() async throws {
    let standing = Standing(logger)
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
      if !list.isInTouch { standing.outOfTouch() }
      if let silence = list.silence, silence < .now - began { pause = Self.firstPause }
      try await Task.sleep(for: pause * Double.random(in: 0.8...1.2))
      pause = min(pause * 2, Self.longestPause)
    }
  }

  /// One stream, until it breaks or falls silent.
  private func attempt(_ standing: Standing) async throws {
    let (list, follow, began) = (list, follow, ContinuousClock.now)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        try await follow(list.sequence) { revocations, sequence in
          list.add(revocations, sequence: sequence, now: Date())
          standing.found()
        }
      }
      group.addTask {
        while true {
          try await Task.sleep(for: .seconds(1))
          let quiet = min(list.silence ?? .now - began, .now - began)
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
    private let logger: Logger

    init(_ logger: Logger) { self.logger = logger }

    func found() {
      if change(to: .following) { logger.notice("revocations are followed again") }
    }

    func lost(_ error: (any Error)?) {
      let isNews = state.withLock { state in
        guard state == .following else { return false }
        state = .lost
        return true
      }
      guard isNews else { return }
      let reason = error.map { "\($0)" } ?? "identity ended the stream"
      logger.warning("revocations are not followed", metadata: ["error": "\(reason)"])
    }

    func outOfTouch() {
      guard change(to: .outOfTouch) else { return }
      logger.error("nothing is known of revocations: no fresh authentication is admitted")
    }

    private func change(to new: State) -> Bool {
      state.withLock { state in
        defer { state = new }
        return state != new
      }
    }
  }
}

extension RevocationList {
  /// What a process measures of it.
  package func register(in metrics: MetricsRegistry) {
    metrics.counter(
      "ikso_revoked_tokens_refused_total", "Calls refused because their token was revoked."
    ) { Double(self.refusals) }
    metrics.gauge("ikso_revocations", "Revocations in force, as far as this process knows.") {
      Double(self.count)
    }
    metrics.gauge(
      "ikso_revocations_unknown",
      "1 while nothing was heard of revocations for so long that no fresh authentication counts."
    ) { self.isInTouch ? 0 : 1 }
  }
}

extension Peers {
  /// Holds identity's stream of revocations until it breaks.
  @Sendable package func followRevocations(
    after sequence: Int64, _ take: @escaping RevocationWatch.Take
  ) async throws {
    let identity = RevocationServiceClient(try client("identity"))
    let batches = try await identity.watch(.with { $0.afterSequence = sequence })
    for try await batch in batches {
      take(try batch.entries.compactMap(Revocation.init), batch.sequence)
    }
  }
}

extension Revocation {
  /// Nil for a kind that this build doesn't know.
  fileprivate init?(_ entry: RevocationEntry) throws(RPCError) {
    let subject: Subject
    switch entry.subject {
    case .sessionID(let id): subject = .session(try UUID(field: "session_id", id))
    case .organisationID(let id): subject = .tenant(try UUID(field: "organisation_id", id))
    case nil: return nil
    }
    self.init(
      subject, issuedUntil: entry.hasIssuedUntil ? entry.issuedUntil.date : nil,
      expiresAt: entry.expiresAt.date)
  }
}
