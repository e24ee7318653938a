import HTTP2
import Reactor
import TLS

/// The connection of one reactor to one server, by one or several addresses: opened on demand,
/// renewed after its end, with a growing pause between failed attempts.
final class Subchannel {
  // Invariant: touched on the channel's reactor only.

  // The channel owns it, and may go on any thread: a callback holds the channel or does nothing.
  private weak let channel: ClientChannel?
  private(set) var addresses: [ServerAddress]
  private(set) var state = State.idle
  private var failures = 0
  private var health: HealthWatch?
  /// Pauses of the peer are taken to be as many times longer: it has said that it is asked too
  /// often (gRFC A8).
  private var patience = 1

  enum State {
    case idle
    /// With what gives the attempt up.
    case connecting(cancel: () -> Void)
    case ready(HTTP2Connection, ServerAddress?, since: ContinuousClock.Instant)
    /// Nothing is tried until the timer has fired.
    case pausing(RPCError, ReactorTimer)
    case closed
  }

  init(_ channel: ClientChannel, _ addresses: [ServerAddress]) {
    self.channel = channel
    self.addresses = addresses
  }

  /// The connection, if calls can be made on it now.
  var usable: HTTP2Connection? {
    guard case .ready(let connection, _, _) = state, !connection.isDraining, !connection.isClosed,
      health?.isServing != false
    else { return nil }
    return connection
  }

  /// Calls open on this connection.
  var openCalls: Int {
    guard case .ready(let connection, _, _) = state else { return 0 }
    return connection.openStreams - (health?.isOpen == true ? 1 : 0)
  }

  /// Why no call can be made, when that is known; nil while it may soon be.
  var failure: RPCError? {
    switch state {
    case .pausing(let error, _): error
    case .ready: health?.failure
    case .idle, .connecting, .closed: nil
    }
  }

  private static let mostPatience = 1_024

  // MARK: Connecting

  /// Connects unless it does, has done or waits for a pause to end.
  func connect() {
    guard case .idle = state, let channel else { return }
    let configuration = channel.configuration
    // The attempt belongs to no single call, and ends by `connectTimeout`.
    state = .connecting(cancel: {})
    var limits = configuration.http2
    limits.livenessInterval = limits.livenessInterval * patience
    let cancel = HTTP2Connector.connect(
      to: addresses[0].endpoint, at: addresses, tls: channel.tls, limits: limits,
      on: channel.reactor, deadline: .now + configuration.connectTimeout
    ) { [weak self] result, address in
      guard let self, let channel = self.channel, case .connecting = state else {
        if case .success(let connection) = result { connection.close() }
        return
      }
      switch result {
      case .success(let connection): connected(channel, connection, address)
      case .failure(let error): failed(channel, "cannot be reached: \(error)", error)
      }
    }
    // An attempt can fail before it returns.
    if case .connecting = state { state = .connecting(cancel: cancel) }
  }

  private func connected(
    _ channel: ClientChannel, _ connection: HTTP2Connection, _ address: ServerAddress?
  ) {
    state = .ready(connection, address, since: .now)
    connection.onDraining = { [weak self, unowned connection] in self?.ended(connection) }
    if let service = channel.configuration.healthService {
      health = HealthWatch(
        service, connection, fields: channel.commonFields, channel.configuration.backoff
      ) { [weak channel] in channel?.changed() }
      health?.begin()
    }
    channel.changed()
  }

  private func failed(_ channel: ClientChannel, _ what: String, _ cause: any Error) {
    failures += 1
    let error = RPCError.unavailable("\(addresses[0].endpoint) \(what)", cause: cause)
    let delay = channel.configuration.backoff.delay(failures: failures)
    let timer = channel.reactor.schedule(after: delay) { [weak self] in self?.pauseEnded() }
    state = .pausing(error, timer)
    channel.lookUpSoon()
    channel.changed()
  }

  private func pauseEnded() {
    guard case .pausing = state, let channel else { return }
    state = .idle
    if channel.wantsConnection { connect() }
  }

  /// The connection takes no more calls, or is gone.
  private func ended(_ connection: HTTP2Connection) {
    guard let channel, case .ready(let current, _, let since) = state, current === connection
    else { return }
    if patience < Self.mostPatience, connection.goAwayReason?.contains("too_many_pings") == true {
      patience *= 2
    }
    let hadCalls = openCalls > 0
    let wasUsed = release(connection)
    state = .idle
    let backoff = channel.configuration.backoff
    if connection.isClosed, !wasUsed, .now - since < backoff.initial {
      // A server that accepts and closes at once is no better than one that does not accept.
      let cause = connection.failure ?? .connectionLost(reason: "closed")
      return failed(channel, "closed the connection at once: \(cause)", cause)
    }
    failures = 0
    channel.lookUpSoon()
    if channel.wantsConnection || hadCalls { connect() }
    channel.changed()
  }

  /// Lets go of a connection; whether calls were made on it.
  private func release(_ connection: HTTP2Connection) -> Bool {
    connection.onDraining = nil
    health?.end()
    health = nil
    if !connection.isClosed { channel?.letDrain(connection) }
    let wasUsed = wasPicked
    wasPicked = false
    return wasUsed
  }

  /// Set by the channel when it gives a call to the connection.
  var wasPicked = false

  /// What ends the connection in good order after its channel is gone; to be run on the reactor.
  var farewell: (@Sendable () -> Void)? {
    guard case .ready(let connection, _, _) = state else { return nil }
    let health = health
    return {
      health?.end()
      if !connection.isClosed { connection.goAway() }
    }
  }

  // MARK: Changes

  /// Takes over what a look-up has found. A connection to an address that is gone is left.
  func update(_ addresses: [ServerAddress]) {
    self.addresses = addresses
    guard case .ready(let connection, let address?, _) = state, !addresses.contains(address) else {
      return
    }
    let hadCalls = openCalls > 0
    _ = release(connection)
    connection.goAway()
    state = .idle
    if hadCalls || channel?.wantsConnection == true { connect() }
  }

  /// Closes the connection when its open calls have ended; it is connected anew by `connect`.
  func rest() { stop(.idle) }

  /// The same for good.
  func close() { stop(.closed) }

  private func stop(_ end: State) {
    let before = state
    state = end
    switch before {
    case .ready(let connection, _, _):
      _ = release(connection)
      connection.goAway()
    case .connecting(let cancel): cancel()
    case .pausing(_, let timer): timer.cancel()
    case .idle, .closed: break
    }
  }
}
