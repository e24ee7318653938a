import Dispatch
import Glibc
import Reactor
import Synchronization

@testable import HTTP2

/// The reactor on which connections are fuzzed; one for the process, as making one takes longer
/// than an input.
enum FuzzReactor {
  static let group: ReactorGroup? = {
    let group = try? ReactorGroup(count: 1)
    group?.start()
    return group
  }()

  /// How long the runtime may be at work on one input, in seconds; they take less than a
  /// hundredth.
  private static let patience = 120

  /// Runs `body` on the reactor and returns when it has called what it is given.
  static func run(
    _ body: @escaping @Sendable (Reactor, @escaping @Sendable (Violation?) -> Void) -> Void
  ) throws {
    guard let reactor = group?.reactors.first else {
      throw Violation(description: "no reactor can be had")
    }
    let result = Mutex<Violation?>(nil)
    let done = DispatchSemaphore(value: 0)
    reactor.execute {
      body(reactor) { violation in
        result.withLock { $0 = violation }
        done.signal()
      }
    }
    let end = DispatchTime.now() + .seconds(patience)
    try demand(done.wait(timeout: end) == .success, "it does not come to an end")
    if let violation = result.withLock({ $0 }) { throw violation }
  }

  /// Two ends of a connection, neither of which blocks.
  static func sockets() throws(Violation) -> (Int32, Int32) {
    var ends: [Int32] = [-1, -1]
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    let result = unsafe socketpair(AF_UNIX, kind, 0, &ends)
    try demand(result == 0, "no sockets can be had")
    return (ends[0], ends[1])
  }
}

/// Limits under which nothing depends on the clock.
extension HTTP2Limits {
  static let fuzzed: HTTP2Limits = {
    var limits = HTTP2Limits()
    limits.headerListBytes = 2_048
    limits.maxConcurrentStreams = 20
    limits.initialWindowBytes = 1_024
    limits.connectionWindowBytes = 4_096
    limits.resetBurst = 30
    limits.resetsPerSecond = 0
    limits.controlFrameBurst = 100
    limits.controlFramesPerSecond = 0
    return limits
  }()
}
