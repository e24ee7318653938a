import HTTP2
import Reactor

/// What a call has tried, and what it needs to try again.
struct Attempts {
  /// Failed attempts that the server may have processed.
  fileprivate(set) var failed = 0
  /// Failed attempts since the server last said when to come again.
  fileprivate var failedSincePushback = 0
  /// Whether an attempt that the server has seen and not processed was repeated.
  fileprivate var wasRefused = false
  /// Attempts that were never sent.
  fileprivate var unsent = 0

  /// The request's messages so far, of a stream; none once the call is committed.
  private(set) var sent: [[UInt8]] = []
  private var sentBytes = 0
  /// Whether this is the last attempt: its answer has begun, or its request cannot be sent again.
  private(set) var isCommitted = false

  mutating func keep(_ frame: [UInt8], atMost limit: Int) {
    if isCommitted { return }
    sentBytes += frame.count
    if sentBytes > limit { commit() } else { sent.append(frame) }
  }

  mutating func commit() {
    isCommitted = true
    sent = []
  }
}

extension ClientCall {
  /// Times that a call is handed to a connection which ends before anything is sent.
  private static let mostUnsentAttempts = 10

  /// Makes the call again if the server has certainly not processed it (gRFC A6, "Transparent
  /// Retries"): always when nothing was sent, else once (RFC 9113, section 8.7).
  func repeatUnseen(wasSent: Bool) -> Bool {
    if attempts.isCommitted { return false }
    if wasSent {
      if attempts.wasRefused { return false }
      attempts.wasRefused = true
    } else {
      if attempts.unsent == Self.mostUnsentAttempts { return false }
      attempts.unsent += 1
    }
    leaveAttempt()
    // Not at once: the connection's owner may not have been told yet that it is of no use.
    reactor.execute { [self] in
      if !hasEnded { connect() }
    }
    return true
  }

  /// Ends the call with `error`, or makes it again as its policy says (gRFC A6).
  /// - Parameter block: the header block in which the error came, if it did.
  func attemptFailed(_ error: RPCError, _ block: HeaderBlock?) {
    guard !hasEnded else { return }
    guard let delay = retryDelay(error, block) else { return finish(error, block) }
    attempts.failed += 1
    leaveAttempt()
    retryTimer = reactor.schedule(after: delay) { [self] in
      retryTimer = nil
      connect()
    }
  }

  /// The wait before the next attempt; nil if there is none.
  private func retryDelay(_ error: RPCError, _ block: HeaderBlock?) -> Duration? {
    guard let retry else { return nil }
    let pushback = block?[first: "grpc-retry-pushback-ms"].map(RetryPushback.init)
    let isRetryable = retry.retryableCodes.contains(error.code)
    if isRetryable || pushback == .never { channel.retryTokens?.failed() }
    guard isRetryable, pushback != .never, !attempts.isCommitted,
      (request?.count ?? 0) <= channel.configuration.retryBufferBytes,
      retry.mayFollow(attempts: attempts.failed + 1), channel.retryTokens?.allowRetry != false
    else { return nil }
    let delay: Duration
    if case .after(let wait)? = pushback {
      attempts.failedSincePushback = 0
      delay = wait
    } else {
      attempts.failedSincePushback += 1
      delay = retry.backoff.delay(failures: attempts.failedSincePushback)
    }
    // The caller learns now what would come too late anyway.
    if let deadline, delay >= deadline - .now { return nil }
    return delay
  }
}
