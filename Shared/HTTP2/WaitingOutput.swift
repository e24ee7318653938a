import Reactor

/// What waits to be sent on the connections of one reactor, and for how long.
///
/// A connection is known here from the end of a turn that left bytes behind until they are gone:
/// what is sent and taken at once costs nothing. Beyond `HTTP2Limits.reactorBytesWaiting`
/// connections are closed, first those whose peers have been too slow for longest, of these the one
/// on which most waits.
final class WaitingOutput {
  /// Looks in the time of `HTTP2Limits.outputStallTimeout`. Who takes nothing from one look to the
  /// next for one more than that has had the time, and at most a quarter of it more.
  static let looksPerTimeout = 4

  private struct Entry {
    // Unowned: it leaves with its end, and no timer runs when the reactor has ended under it.
    unowned let connection: HTTP2Connection
    var bytes: Int
    var pace: OutputPace

    func stays(before other: Entry) -> Bool {
      (pace.slowLooks, bytes) < (other.pace.slowLooks, other.bytes)
    }
  }

  let limits: HTTP2Limits
  private let reactor: Reactor
  private var entries: [ObjectIdentifier: Entry] = [:]
  private var timer: ReactorTimer?
  /// Bytes that wait on all connections.
  private(set) var bytes = 0

  init(_ reactor: Reactor, _ limits: HTTP2Limits) {
    self.reactor = reactor
    self.limits = limits
  }

  /// A connection has ended. With the last one the timer goes, which does not hold this.
  func forget(_ connection: HTTP2Connection) {
    if connection.isWaiting { note(0, on: connection) }
    guard entries.isEmpty else { return }
    timer?.cancel()
    timer = nil
  }

  /// Notes how many bytes wait on a connection. Between turns of connections only: this may close
  /// one.
  func note(_ count: Int, on connection: HTTP2Connection) {
    let key = ObjectIdentifier(connection)
    let before = entries[key]
    bytes += count - (before?.bytes ?? 0)
    guard count > 0 else {
      entries[key] = nil
      return
    }
    entries[key] = Entry(
      connection: connection, bytes: count, pace: before?.pace ?? OutputPace(connection))
    watch()
    while bytes > limits.reactorBytesWaiting,
      let worst = entries.values.max(by: { $0.stays(before: $1) })
    {
      worst.connection.end(
        .reactorBytesWaiting,
        "\(worst.bytes) bytes wait for the peer, and too many for all peers together")
    }
  }

  private func watch() {
    guard timer == nil else { return }
    let interval = limits.outputStallTimeout / Self.looksPerTimeout
    timer = reactor.schedule(after: interval) { [unowned self] in
      timer = nil
      look()
      if !entries.isEmpty { watch() }
    }
  }

  /// Judges what has moved since the look before.
  func look() {
    // Held: an end may let go of the last other reference to one that is still to come.
    for connection in entries.values.map(\.connection) {
      let key = ObjectIdentifier(connection)
      guard var pace = entries[key]?.pace else { continue }
      connection.judge(&pace)
      entries[key]?.pace = pace
    }
  }
}

/// How fast a peer takes what waits for it, judged by counters: no clock is read for a frame.
struct OutputPace {
  /// Looks in a row at which what waits would have taken longer than the time allowed.
  private(set) var slowLooks = 0
  private var stuckLooks = 0
  private var written: Int
  private var framed: Int

  enum Verdict: Equatable {
    /// The socket has taken nothing for the time allowed.
    case stuck
    /// The socket takes what is sent; whether windows allow anything is another matter.
    case open(isAnyTaken: Bool)
    case waiting
  }

  init(_ connection: HTTP2Connection) {
    self.init(written: connection.liveness.sent, framed: connection.bytesFramed)
  }

  /// - Parameters:
  ///   - written: bytes that the socket has taken, ever.
  ///   - framed: bytes of bodies that windows have allowed to be put into frames, ever.
  init(written: Int, framed: Int) {
    self.written = written
    self.framed = framed
  }

  /// What has moved since the look before. Both counters wrap.
  mutating func judge(
    written: Int, framed: Int, waiting: Int, isSocketBlocked: Bool
  ) -> Verdict {
    let sent = written &- self.written
    let allowed = framed &- self.framed
    (self.written, self.framed) = (written, framed)
    // Answers to PING and the like are sent beside a window that is closed.
    let taken = isSocketBlocked ? max(sent, allowed) : allowed
    slowLooks = taken < waiting / WaitingOutput.looksPerTimeout ? slowLooks + 1 : 0
    guard isSocketBlocked, sent == 0 else {
      stuckLooks = 0
      return .open(isAnyTaken: allowed > 0)
    }
    stuckLooks += 1
    return stuckLooks > WaitingOutput.looksPerTimeout ? .stuck : .waiting
  }
}
