package import HTTP2

/// What a client allows itself.
package struct RPCClientConfiguration: Sendable {
  /// Bytes of one response message.
  package var maxMessageBytes = 4 * 1024 * 1024
  /// Time of a call with one response that names no deadline.
  package var defaultTimeout: Duration? = .seconds(60)
  /// Time for one attempt to connect, encryption included.
  package var connectTimeout = Duration.seconds(5)
  /// Calls that wait for the connection of one reactor; more fail with UNAVAILABLE.
  package var maxWaitingCalls = 1_000
  package var backoff = Backoff()
  package var http2 = HTTP2Limits()

  package init() {}

  /// Time between attempts to connect (gRPC connection-backoff.md).
  package struct Backoff: Sendable {
    package var initial = Duration.milliseconds(200)
    package var maximum = Duration.seconds(10)
    package var multiplier = 1.6
    /// Share by which each wait is lengthened or shortened at random.
    package var jitter = 0.2

    package init() {}

    /// The wait after `failures` failed attempts in a row; `random` is in -1...1.
    func delay(failures: Int, random: Double) -> Duration {
      var delay = initial
      for _ in 1..<max(failures, 1) where delay < maximum { delay = delay * multiplier }
      return min(delay, maximum) * (1 + jitter * random)
    }
  }
}
