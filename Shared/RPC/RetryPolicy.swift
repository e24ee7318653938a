import Synchronization

/// When a failed call is made again (gRFC A6).
package struct RetryPolicy: Sendable {
  /// gRFC A6, "Limits on Retries and Hedges".
  package static let mostAttempts = 5

  /// Attempts in all, the first included; more than `mostAttempts` count as that many.
  package var maxAttempts = 3
  package var backoff: RPCClientConfiguration.Backoff
  package var retryableCodes: Set<StatusCode>

  package init(maxAttempts: Int = 3, retryableCodes: Set<StatusCode> = [.unavailable]) {
    self.maxAttempts = maxAttempts
    self.retryableCodes = retryableCodes
    backoff = RPCClientConfiguration.Backoff()
    backoff.initial = .milliseconds(100)
    backoff.maximum = .seconds(1)
    backoff.multiplier = 2
  }

  func mayFollow(attempts: Int) -> Bool { attempts < min(maxAttempts, RetryPolicy.mostAttempts) }
}

/// How many failures of a server stop the retries to it (gRFC A6, "Throttling").
package struct RetryThrottling: Sendable {
  /// A failed call costs one; at half of them nothing is retried.
  package var maxTokens: Int
  /// What a successful call gives back.
  package var tokenRatio: Double

  package init(maxTokens: Int = 10, tokenRatio: Double = 0.1) {
    self.maxTokens = maxTokens
    self.tokenRatio = tokenRatio
  }
}

/// The tokens of one server name, for the calls of all reactors.
final class RetryTokens: Sendable {
  /// Thousandths: the ratio has up to three decimal places.
  private let thousandths: Atomic<Int>
  private let most: Int
  private let gain: Int

  init(_ throttling: RetryThrottling) {
    most = max(0, throttling.maxTokens) * 1_000
    gain = max(0, Int((throttling.tokenRatio * 1_000).rounded()))
    thousandths = Atomic(most)
  }

  var allowRetry: Bool { thousandths.load(ordering: .relaxed) > most / 2 }

  func succeeded() { change { min(self.most, $0 + self.gain) } }

  func failed() { change { max(0, $0 - 1_000) } }

  private func change(_ next: (Int) -> Int) {
    var before = thousandths.load(ordering: .relaxed)
    while true {
      let after = next(before)
      if after == before { return }
      let result = thousandths.weakCompareExchange(
        expected: before, desired: after, ordering: .relaxed)
      if result.exchanged { return }
      before = result.original
    }
  }
}

/// What a server says about a retry in `grpc-retry-pushback-ms`.
enum RetryPushback: Equatable {
  case never
  case after(Duration)

  /// A value that is no 32-bit number or below zero forbids the retry.
  init(_ text: String) {
    guard let milliseconds = Int32(text), milliseconds >= 0, text.first != "+" else {
      self = .never
      return
    }
    self = .after(.milliseconds(Int64(milliseconds)))
  }
}
