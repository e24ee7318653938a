import Synchronization

/// What a caller says about one call, beside its message.
package struct CallOptions: Sendable {
  /// The call ends with DEADLINE_EXCEEDED at this instant, here and at the server.
  package var deadline: ContinuousClock.Instant?
  /// Time from the start of the call; the earlier of both ends counts.
  package var timeout: Duration?
  package var metadata: Metadata
  /// Waits for a connection until the deadline instead of failing while the endpoint is away.
  package var waitForReady: Bool
  /// Sends messages as gzip. A server that does not read it answers UNIMPLEMENTED.
  package var compressesRequests: Bool
  /// Is filled when the call has ended, whichever way.
  package var answerMetadata: AnswerMetadata?

  package init(
    deadline: ContinuousClock.Instant? = nil, timeout: Duration? = nil,
    metadata: Metadata = Metadata(), waitForReady: Bool = false, compressesRequests: Bool = false,
    answerMetadata: AnswerMetadata? = nil
  ) {
    self.deadline = deadline
    self.timeout = timeout
    self.metadata = metadata
    self.waitForReady = waitForReady
    self.compressesRequests = compressesRequests
    self.answerMetadata = answerMetadata
  }

  /// `authorization: Bearer …`; the token must be printable ASCII.
  package static func bearer(_ token: String) -> CallOptions {
    var options = CallOptions()
    options.metadata.add(unchecked: "authorization", "Bearer \(token)")
    return options
  }

  func deadline(from now: ContinuousClock.Instant) -> ContinuousClock.Instant? {
    guard let timeout else { return deadline }
    let end = now + timeout
    return deadline.map { min($0, end) } ?? end
  }
}

/// The metadata of one answer, for who wants it of a call that fails too.
package final class AnswerMetadata: Sendable {
  private let state = Mutex((initial: Metadata(), trailing: Metadata()))

  package init() {}

  /// Empty until the call has ended, and when no answer came.
  package var initial: Metadata { state.withLock { $0.initial } }
  package var trailing: Metadata { state.withLock { $0.trailing } }

  func set(initial: Metadata, trailing: Metadata) {
    state.withLock { $0 = (initial, trailing) }
  }
}
