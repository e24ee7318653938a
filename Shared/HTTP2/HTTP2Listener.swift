import CSocket
import Glibc
package import Reactor
import Synchronization
package import TLS

/// Accepts connections on one address with every reactor of a group: each has a socket of its own
/// on the same port, between which the kernel spreads connections.
package final class HTTP2Listener: Sendable {
  /// Is told of each request, on the connection's reactor, when its headers are complete; gives the
  /// stream's handler, or nil to refuse it (unless it has answered already).
  package typealias Accept =
    @Sendable (HTTP2Connection, HTTP2Stream, HeaderBlock, Bool) -> (any HTTP2StreamHandler)?

  package typealias OnExcess = @Sendable (HTTP2Excess) -> Void

  /// The address that was asked for.
  package let address: SocketAddress
  /// The port that it listens on, the system's choice if 0 was asked for.
  package let boundPort: Int
  private let acceptors: [Acceptor]

  /// Listens from its return on.
  /// - Parameters:
  ///   - tls: nil means no encryption (HTTP/2 with prior knowledge): tests and benchmarks.
  ///   - onExcess: told on a reactor of each connection that was refused or ended because its peer
  ///     crossed a bound.
  /// - Throws: `addressInUse`, `permissionDenied`, `addressUnavailable` or `hostNotFound`, with the
  ///   address and what to do.
  package init(
    address: SocketAddress, reactors: ReactorGroup, tls: TLSContext?,
    limits: HTTP2Limits = HTTP2Limits(), onExcess: OnExcess? = nil, accept: @escaping Accept
  ) throws(HTTP2Error) {
    self.address = address
    var endpoint = address
    if address.port != 0 {
      // Sockets with SO_REUSEPORT join those of another process of the same user without a word,
      // so one without it looks first.
      Glibc.close(try Self.listen(endpoint, shared: false))
    }
    var descriptors: [Int32] = []
    do throws(HTTP2Error) {
      for _ in reactors.reactors {
        let descriptor = try Self.listen(endpoint, shared: true)
        descriptors.append(descriptor)
        endpoint.port = Int(ikso_socket_port(descriptor))
      }
    } catch {
      for descriptor in descriptors { Glibc.close(descriptor) }
      throw error
    }
    boundPort = endpoint.port
    let share = max(1, limits.connections / descriptors.count)
    acceptors = zip(reactors.reactors, descriptors).map { reactor, descriptor in
      Acceptor(
        reactor: reactor, descriptor: descriptor, tls: tls, limits: limits,
        connectionLimit: share, onExcess: onExcess, accept: accept)
    }
    for acceptor in acceptors { acceptor.start() }
  }

  /// Closes the listening sockets; connections stay.
  package func stopAccepting() {
    for acceptor in acceptors { acceptor.stop() }
  }

  /// Stops accepting, sends GOAWAY, lets open streams finish within `grace` and closes the rest.
  package func drain(grace: Duration) async {
    for acceptor in acceptors { acceptor.drain(grace: grace) }
    for acceptor in acceptors { await acceptor.drained() }
  }

  /// Connections that are open now, by the count of each reactor.
  package func connectionCount() async -> Int {
    var count = 0
    for acceptor in acceptors { count += await acceptor.connectionCount() }
    return count
  }

  private static let backlog: Int32 = 1_024

  private static func listen(_ endpoint: Endpoint, shared: Bool) throws(HTTP2Error) -> Int32 {
    let addresses = try ResolvedAddress.resolve(endpoint, literalOnly: false, passive: true).get()
    guard let address = addresses.first else {
      throw .hostNotFound(endpoint.host, reason: "it has no address")
    }
    let descriptor = ikso_socket_tcp(address.family)
    guard descriptor >= 0 else {
      throw .addressUnavailable(endpoint, reason: String(systemError: -descriptor))
    }
    let result = unsafe address.withAddress { pointer, length in
      unsafe ikso_listen(descriptor, pointer, length, shared ? 1 : 0, backlog)
    }
    if result >= 0 { return descriptor }
    Glibc.close(descriptor)
    switch -result {
    case EADDRINUSE: throw .addressInUse(endpoint)
    case EACCES, EPERM: throw .permissionDenied(endpoint)
    default: throw .addressUnavailable(endpoint, reason: String(systemError: -result))
    }
  }
}

/// One reactor's socket of a listener and the connections that came by it.
// Unchecked: all variables are touched on the reactor's thread only.
final class Acceptor: ReadinessHandler, @unchecked Sendable {
  private let reactor: Reactor
  private let descriptor: Int32
  private let tls: TLSContext?
  private let limits: HTTP2Limits
  private let connectionLimit: Int
  private let onExcess: HTTP2Listener.OnExcess?
  private let crossed: ((HTTP2Connection, HTTP2Bound, String) -> Void)?
  private let accept: HTTP2Listener.Accept
  private let buffers = ReactorBuffers()
  private let waitingOutput: WaitingOutput

  private var isListening = true
  private var connections: [ObjectIdentifier: HTTP2Connection] = [:]
  private var isDraining = false
  private var graceTimer: ReactorTimer?
  private var waiting: [CheckedContinuation<Void, Never>] = []

  /// Connections accepted in one turn of the loop, before others have their turn.
  private static let acceptsPerTurn = 64
  /// Pause after the process or the host has run out of descriptors.
  private static let exhaustedPause = Duration.milliseconds(100)

  init(
    reactor: Reactor, descriptor: Int32, tls: TLSContext?, limits: HTTP2Limits,
    connectionLimit: Int, onExcess: HTTP2Listener.OnExcess?, accept: @escaping HTTP2Listener.Accept
  ) {
    self.reactor = reactor
    self.descriptor = descriptor
    self.tls = tls
    self.limits = limits
    self.connectionLimit = connectionLimit
    self.onExcess = onExcess
    crossed = onExcess.map { tell in
      { connection, bound, reason in
        tell(
          HTTP2Excess(
            bound: bound, remoteAddress: connection.remoteAddress, peer: connection.peer,
            reason: reason))
      }
    }
    self.accept = accept
    waitingOutput = WaitingOutput(reactor, limits)
  }

  func start() {
    reactor.execute { [self] in
      guard isListening else { return }
      do {
        try reactor.register(descriptor, .read, self)
      } catch {
        preconditionFailure("a new socket cannot be watched: \(error)")
      }
    }
  }

  func stop() {
    reactor.execute { [self] in stopNow() }
  }

  private func stopNow() {
    guard isListening else { return }
    isListening = false
    reactor.deregister(descriptor)
    Glibc.close(descriptor)
  }

  func ready(_ readiness: Readiness) {
    for _ in 0..<Self.acceptsPerTurn {
      guard isListening else { return }
      var address = sockaddr_storage()
      var length: socklen_t = 0
      let accepted = unsafe ikso_accept(descriptor, &address, &length)
      switch -accepted {
      case EAGAIN: return
      case EMFILE, ENFILE, ENOBUFS, ENOMEM:
        pause()
        return
      case 1...: continue  // a connection that was gone again (accept(2) lists its errors)
      default: take(accepted, from: ResolvedAddress.text(&address, length))
      }
    }
  }

  /// The socket stays readable: without a pause the loop would spin until a descriptor is free.
  private func pause() {
    reactor.update(descriptor, [])
    _ = reactor.schedule(after: Self.exhaustedPause) { [weak self] in
      guard let self, isListening else { return }
      reactor.update(descriptor, .read)
    }
  }

  private func take(_ socket: Int32, from remoteAddress: String) {
    guard connections.count < connectionLimit, !isDraining else {
      Glibc.close(socket)
      if !isDraining {
        onExcess?(
          HTTP2Excess(
            bound: .connections, remoteAddress: remoteAddress, peer: nil,
            reason: "as many connections are open as allowed"))
      }
      return
    }
    ikso_socket_nodelay(socket)
    var session: TLSSession?
    if let tls {
      do {
        session = try TLSSession(tls, descriptor: socket)
      } catch {
        Glibc.close(socket)
        return
      }
    }
    let connection = HTTP2Connection(
      role: .server, transport: Transport(descriptor: socket, session: session),
      reactor: reactor, limits: limits, remoteAddress: remoteAddress, buffers: buffers,
      waiting: waitingOutput, accept: accept)
    let key = ObjectIdentifier(connection)
    connections[key] = connection
    connection.closed = { [weak self] in self?.remove(key) }
    connection.crossed = crossed
    // A failed start has closed the socket; the peer tries again.
    do { try connection.start() } catch { remove(key) }
  }

  private func remove(_ key: ObjectIdentifier) {
    let connection = connections.removeValue(forKey: key)
    if let connection, let bound = connection.excess {
      crossed?(connection, bound, connection.failure?.description ?? "")
    }
    if isDraining, connections.isEmpty { finish() }
  }

  func drain(grace: Duration) {
    reactor.execute { [self] in
      guard !isDraining else { return }
      stopNow()
      isDraining = true
      for connection in Array(connections.values) { connection.goAway() }
      if connections.isEmpty {
        finish()
        return
      }
      graceTimer = reactor.schedule(after: grace) { [weak self] in
        guard let self else { return }
        for connection in Array(connections.values) { connection.close() }
      }
    }
  }

  private func finish() {
    graceTimer?.cancel()
    graceTimer = nil
    for continuation in waiting { continuation.resume() }
    waiting = []
  }

  func drained() async {
    await withCheckedContinuation { continuation in
      reactor.execute { [self] in
        if isDraining, connections.isEmpty {
          continuation.resume()
        } else {
          waiting.append(continuation)
        }
      }
    }
  }

  func connectionCount() async -> Int {
    await withCheckedContinuation { continuation in
      reactor.execute { [self] in continuation.resume(returning: connections.count) }
    }
  }
}
