package import HTTP2

/// What a client allows itself, and how it finds, picks and keeps its connections.
package struct RPCClientConfiguration: Sendable {
  /// Bytes of one response message.
  package var maxMessageBytes = 4 * 1024 * 1024
  /// Time of a call with one response that names no deadline.
  package var defaultTimeout: Duration? = .seconds(60)
  /// Time for one attempt to connect, encryption included; all addresses of it together.
  package var connectTimeout = Duration.seconds(5)
  /// Calls that wait for a connection of one reactor; more fail with UNAVAILABLE.
  package var maxWaitingCalls = 1_000
  /// Between attempts to connect, to look up names and to watch the health.
  package var backoff = Backoff()
  package var http2 = HTTP2Limits()

  package var loadBalancing = LoadBalancing.pickFirst
  /// The service by whose `grpc.health.v1` status connections are picked, "" for the server as a
  /// whole; nil picks every connection.
  package var healthService: String?
  /// Time without a call after which the connections of a reactor are closed.
  package var idleTimeout = Duration.seconds(300)
  package var resolution = Resolution()

  /// For methods that their schema calls idempotent; nil: only what the server has certainly not
  /// processed is sent again.
  package var retryPolicy: RetryPolicy?
  /// For methods by name, `package.Service/Method`, or all of a service, `package.Service`,
  /// whatever their schema says. The name of the method counts before that of its service.
  package var methodRetryPolicies: [String: RetryPolicy] = [:]
  /// Nil lets every policy retry as it likes.
  package var retryThrottling: RetryThrottling?
  /// Bytes of a call's request that are kept to be sent again; a longer request is sent once.
  package var retryBufferBytes = 256 * 1024

  package init() {}

  func retryPolicy(of method: MethodDescriptor) -> RetryPolicy? {
    if methodRetryPolicies.isEmpty { return method.idempotent ? retryPolicy : nil }
    return methodRetryPolicies[method.fullName] ?? methodRetryPolicies[method.service]
      ?? (method.idempotent ? retryPolicy : nil)
  }

  /// Time between attempts (gRPC connection-backoff.md): its defaults are 1 s up to 120 s, for
  /// servers of the wide world; ours stand next door.
  package struct Backoff: Sendable {
    package var initial = Duration.milliseconds(200)
    package var maximum = Duration.seconds(10)
    package var multiplier = 1.6
    /// Share by which each wait is lengthened or shortened at random.
    package var jitter = 0.2

    package init() {}

    /// The wait after `failures` failed attempts in a row; `random` is in -1...1.
    func delay(failures: Int, random: Double = .random(in: -1...1)) -> Duration {
      var delay = initial
      for _ in 1..<max(failures, 1) where delay < maximum { delay = delay * multiplier }
      return min(delay, maximum) * (1 + jitter * random)
    }
  }

  /// How names become addresses, and how often.
  package struct Resolution: Sendable {
    package typealias Resolve = @Sendable (Endpoint) async throws -> [ResolvedAddress]

    /// Nil: the system's resolver.
    package var resolve: Resolve?
    /// Time after which names are looked up again while calls are made.
    package var interval = Duration.seconds(60)
    /// Least time between two look-ups, however many connections fail.
    package var minInterval = Duration.seconds(5)
    /// Addresses that are taken of all that are found.
    package var maxAddresses = 64

    package init() {}
  }
}

/// Which of several connections a call goes to.
package enum LoadBalancing: Sendable, Hashable {
  /// One connection, to the first address that can be reached.
  case pickFirst
  /// A connection to each address, used in turn.
  case roundRobin
  /// A connection to each address; the one of two at random with fewer open calls of this reactor.
  case leastRequest
}
