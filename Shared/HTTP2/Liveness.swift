import CNGHTTP2
import Reactor
import TLS

/// Whether a connection still moves, judged once an interval from counters: no clock is read for
/// each input.
struct Liveness {
  /// Bytes that came and went; they wrap.
  var received = 0
  var sent = 0
  /// Streams that were opened; wraps.
  var opened = 0

  private var receivedBefore = 0
  private var openedBefore = 0
  /// Whether an answer is waited for.
  private(set) var isAsked = false
  private var idle = Duration.zero

  enum Verdict: Equatable { case alive, ask, silent, idle }

  /// What an interval without or with movement means.
  mutating func judge(
    after interval: Duration, openStreams: Int, idleTimeout: Duration, asksIdle: Bool = false
  ) -> Verdict {
    let hasReceived = received != receivedBefore
    let isUnused = openStreams == 0 && opened == openedBefore
    receivedBefore = received
    openedBefore = opened
    idle = isUnused ? idle + interval : .zero
    if idle >= idleTimeout { return .idle }
    if hasReceived {
      isAsked = false
      return .alive
    }
    if isAsked { return .silent }
    guard openStreams > 0 || asksIdle else { return .alive }
    isAsked = true
    return .ask
  }
}

extension HTTP2Connection {
  func watchLiveness() {
    let time = liveness.isAsked ? limits.livenessTimeout : limits.livenessInterval
    let interval = min(time, limits.idleTimeout)
    livenessTimer = reactor.schedule(after: interval) { [unowned self] in
      judgeAgain(after: interval)
    }
  }

  /// One call, which holds the connection: an end may let go of the last other reference.
  private func judgeAgain(after interval: Duration) {
    guard !isClosed else { return }
    judge(after: interval)
    if !isClosed { watchLiveness() }
  }

  private func judge(after interval: Duration) {
    if !isDraining, transport.session?.isPeerTrusted() == false {
      lastLibraryError = "ended in good order: the trust bundle no longer vouches for the peer"
      drain(within: limits.connectionAgeGrace)
      if isClosed { return }
    }
    let verdict = liveness.judge(
      after: interval, openStreams: streams.count, idleTimeout: limits.idleTimeout,
      asksIdle: limits.livenessWithoutStreams)
    switch verdict {
    case .alive: break
    case .ask:
      _ = unsafe nghttp2_submit_ping(session, UInt8(NGHTTP2_FLAG_NONE.rawValue), nil)
      markDirty()
    // No crossing of a bound: peers vanish.
    case .silent:
      end(.connectionLost(reason: "the peer does not answer (livenessInterval)"))
    case .idle:
      lastLibraryError = "ended in good order: no stream for the time allowed (idleTimeout)"
      goAway()
    }
  }
}
