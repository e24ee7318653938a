import CSocket
import Glibc
package import Reactor
package import TLS

/// Opens client connections.
package enum HTTP2Connector {
  /// Connects, encrypts and waits for the peer's SETTINGS: only then is it certain that the peer
  /// has accepted this side's certificate.
  ///
  /// A host's addresses are tried in the resolver's order. The connection belongs to `reactor`: it
  /// is used on its thread only, and closed by its owner.
  /// - Parameter serverName: the name that the server's certificate has to carry; the endpoint's
  ///   host if nil.
  /// - Parameter tls: nil means no encryption: tests and benchmarks.
  package static func connect(
    to endpoint: Endpoint, serverName: String? = nil, tls: TLSContext?,
    limits: HTTP2Limits = HTTP2Limits(), on reactor: Reactor,
    deadline: ContinuousClock.Instant
  ) async throws(HTTP2Error) -> HTTP2Connection {
    let addresses = try await resolve(endpoint).map {
      ServerAddress(endpoint: endpoint, address: $0)
    }
    let attempt = ConnectAttempt(
      endpoint, addresses, serverName: serverName, tls: tls, limits: limits, reactor: reactor)
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        reactor.execute {
          attempt.start(deadline: deadline) { result, _ in continuation.resume(returning: result) }
        }
      }
    } onCancel: {
      reactor.execute { attempt.finish(.failure(.cancelled)) }
    }
    return try result.get()
  }

  /// The same for addresses that are known, tried one after the other, each with its share of the
  /// time. On `reactor`'s thread; `done` is called there once, with the address that was reached.
  /// - Returns: what ends the attempt; `done` is then told `.cancelled`.
  package static func connect(
    to endpoint: Endpoint, at addresses: [ServerAddress], tls: TLSContext?, limits: HTTP2Limits,
    on reactor: Reactor, deadline: ContinuousClock.Instant,
    _ done: @escaping (Result<HTTP2Connection, HTTP2Error>, ServerAddress?) -> Void
  ) -> () -> Void {
    reactor.preconditionCurrent()
    let attempt = ConnectAttempt(
      endpoint, addresses, serverName: nil, tls: tls, limits: limits, reactor: reactor)
    attempt.start(deadline: deadline, done)
    return { attempt.finish(.failure(.cancelled)) }
  }

  // Names are looked up off the reactor; two threads are enough as connections are few.
  private static let resolver = BlockingPool(threads: 2, queueLimit: 256)

  /// The addresses of an endpoint in the resolver's order.
  package static func resolve(_ endpoint: Endpoint) async throws(HTTP2Error) -> [ResolvedAddress] {
    if case .success(let literal) = ResolvedAddress.resolve(endpoint, literalOnly: true) {
      return literal
    }
    let result: Result<[ResolvedAddress], HTTP2Error>
    do {
      result = try await resolver.run { ResolvedAddress.resolve(endpoint, literalOnly: false) }
    } catch {
      throw .hostNotFound(endpoint.host, reason: "too many look-ups are waiting")
    }
    return try result.get()
  }
}

/// One try to connect, from the first socket to an established connection.
// Unchecked: all variables are touched on the reactor's thread only.
final class ConnectAttempt: ReadinessHandler, @unchecked Sendable {
  typealias Done = (Result<HTTP2Connection, HTTP2Error>, ServerAddress?) -> Void

  private let endpoint: Endpoint
  private var addresses: ArraySlice<ServerAddress>
  private var current: ServerAddress?
  private let serverName: String?
  private let tls: TLSContext?
  private let limits: HTTP2Limits
  private let reactor: Reactor

  private var descriptor: Int32 = -1
  private var connection: HTTP2Connection?
  private var timer: ReactorTimer?
  private var addressTimer: ReactorTimer?
  private var deadline = ContinuousClock.now
  private var done: Done?
  private var isFinished = false
  private var lastError: HTTP2Error

  /// - Parameter serverName: nil: the host of the endpoint that an address belongs to.
  init(
    _ endpoint: Endpoint, _ addresses: [ServerAddress], serverName: String?, tls: TLSContext?,
    limits: HTTP2Limits, reactor: Reactor
  ) {
    self.endpoint = endpoint
    self.addresses = addresses[...]
    self.serverName = serverName
    self.tls = tls
    self.limits = limits
    self.reactor = reactor
    lastError = .connectFailed(endpoint, reason: "the host has no address")
  }

  func start(deadline: ContinuousClock.Instant, _ done: @escaping Done) {
    // Cancelled before it began.
    if isFinished { return done(.failure(.cancelled), nil) }
    self.done = done
    self.deadline = deadline
    timer = reactor.schedule(after: max(.zero, deadline - .now)) { [self] in
      finish(.failure(.deadlineExceeded(endpoint)))
    }
    connectNext()
  }

  private func connectNext() {
    addressTimer?.cancel()
    addressTimer = nil
    while let next = addresses.popFirst() {
      guard begin(next) else { continue }
      // An address that does not answer must not use up the time of those behind it.
      if !addresses.isEmpty {
        let share = (deadline - .now) / (addresses.count + 1)
        addressTimer = reactor.schedule(after: max(.zero, share)) { [self] in
          failed(.deadlineExceeded(next.endpoint))
        }
      }
      return
    }
    finish(.failure(lastError))
  }

  /// Whether a connection to that address is under way.
  private func begin(_ next: ServerAddress) -> Bool {
    current = next
    let socket = ikso_socket_tcp(next.address.family)
    guard socket >= 0 else {
      lastError = .connectFailed(next.endpoint, reason: String(systemError: -socket))
      return false
    }
    let result = unsafe next.address.withAddress { pointer, length in
      unsafe ikso_connect(socket, pointer, length)
    }
    if result < 0, result != -EINPROGRESS {
      lastError = .connectFailed(next.endpoint, reason: String(systemError: -result))
      Glibc.close(socket)
      return false
    }
    do {
      try reactor.register(socket, .write, self)
    } catch {
      lastError = .connectFailed(next.endpoint, reason: error.description)
      Glibc.close(socket)
      return false
    }
    descriptor = socket
    return true
  }

  /// Goes on to the next address.
  private func failed(_ error: HTTP2Error) {
    guard !isFinished else { return }
    lastError = error
    abandon()
    connectNext()
  }

  func ready(_ readiness: Readiness) {
    guard let current else { return }
    let socket = descriptor
    descriptor = -1
    reactor.deregister(socket)
    let error = ikso_socket_error(socket)
    guard error == 0 else {
      Glibc.close(socket)
      return failed(.connectFailed(current.endpoint, reason: String(systemError: -error)))
    }
    var session: TLSSession?
    if let tls {
      do throws(TLSError) {
        session = try TLSSession(
          tls, descriptor: socket, serverName: serverName ?? current.endpoint.host)
      } catch {
        Glibc.close(socket)
        return failed(.tls(error))
      }
    }
    begin(Transport(descriptor: socket, session: session), to: current)
  }

  private func begin(_ transport: Transport, to address: ServerAddress) {
    let connection = HTTP2Connection(
      role: .client, transport: transport, reactor: reactor, limits: limits,
      remoteAddress: address.address.description, buffers: ReactorBuffers())
    self.connection = connection
    connection.closed = { [weak self, unowned connection] in
      self?.failed(connection.failure ?? .connectionLost(reason: "closed"))
    }
    connection.established = { [weak self, unowned connection] in
      self?.finish(.success(connection))
    }
    do throws(HTTP2Error) {
      try connection.start()
    } catch {
      failed(error)
    }
  }

  private func abandon() {
    if descriptor >= 0 {
      reactor.deregister(descriptor)
      Glibc.close(descriptor)
      descriptor = -1
    }
    guard let connection else { return }
    self.connection = nil
    connection.closed = nil
    connection.established = nil
    connection.close()
  }

  /// Ends the attempt once; later calls do nothing.
  func finish(_ result: Result<HTTP2Connection, HTTP2Error>) {
    guard !isFinished else { return }
    isFinished = true
    timer?.cancel()
    timer = nil
    addressTimer?.cancel()
    addressTimer = nil
    if case .success = result {
      connection?.closed = nil
      connection?.established = nil
      connection = nil
    } else {
      abandon()
    }
    done?(result, current)
    done = nil
  }
}
