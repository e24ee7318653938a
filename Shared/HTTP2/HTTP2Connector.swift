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
    let addresses = try await resolve(endpoint)
    let attempt = ConnectAttempt(
      endpoint, addresses, serverName: serverName ?? endpoint.host, tls: tls, limits: limits,
      reactor: reactor)
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        reactor.execute { attempt.start(deadline: deadline) { continuation.resume(returning: $0) } }
      }
    } onCancel: {
      reactor.execute { attempt.finish(.failure(.cancelled)) }
    }
    return try result.get()
  }

  // Names are looked up off the reactor; two threads are enough as connections are few.
  private static let resolver = BlockingPool(threads: 2, queueLimit: 256)

  private static func resolve(_ endpoint: Endpoint) async throws(HTTP2Error) -> [ResolvedAddress] {
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
  private let endpoint: Endpoint
  private var addresses: ArraySlice<ResolvedAddress>
  private let serverName: String
  private let tls: TLSContext?
  private let limits: HTTP2Limits
  private let reactor: Reactor

  private var descriptor: Int32 = -1
  private var connection: HTTP2Connection?
  private var timer: ReactorTimer?
  private var done: ((Result<HTTP2Connection, HTTP2Error>) -> Void)?
  private var isFinished = false
  private var lastError = "the host has no address"

  init(
    _ endpoint: Endpoint, _ addresses: [ResolvedAddress], serverName: String, tls: TLSContext?,
    limits: HTTP2Limits, reactor: Reactor
  ) {
    self.endpoint = endpoint
    self.addresses = addresses[...]
    self.serverName = serverName
    self.tls = tls
    self.limits = limits
    self.reactor = reactor
  }

  func start(
    deadline: ContinuousClock.Instant,
    _ done: @escaping (Result<HTTP2Connection, HTTP2Error>) -> Void
  ) {
    // Cancelled before it began.
    if isFinished { return done(.failure(.cancelled)) }
    self.done = done
    timer = reactor.schedule(after: max(.zero, deadline - .now)) { [self] in
      finish(.failure(.deadlineExceeded(endpoint)))
    }
    connectNext()
  }

  private func connectNext() {
    while let address = addresses.popFirst() {
      let socket = ikso_socket_tcp(address.family)
      guard socket >= 0 else {
        lastError = String(systemError: -socket)
        continue
      }
      let result = unsafe address.withAddress { pointer, length in
        unsafe ikso_connect(socket, pointer, length)
      }
      if result < 0, result != -EINPROGRESS {
        lastError = String(systemError: -result)
        Glibc.close(socket)
        continue
      }
      do {
        try reactor.register(socket, .write, self)
      } catch {
        lastError = error.description
        Glibc.close(socket)
        continue
      }
      descriptor = socket
      return
    }
    finish(.failure(.connectFailed(endpoint, reason: lastError)))
  }

  func ready(_ readiness: Readiness) {
    let socket = descriptor
    descriptor = -1
    reactor.deregister(socket)
    let error = ikso_socket_error(socket)
    guard error == 0 else {
      lastError = String(systemError: -error)
      Glibc.close(socket)
      connectNext()
      return
    }
    var session: TLSSession?
    if let tls {
      do throws(TLSError) {
        session = try TLSSession(tls, descriptor: socket, serverName: serverName)
      } catch {
        Glibc.close(socket)
        finish(.failure(.tls(error)))
        return
      }
    }
    begin(Transport(descriptor: socket, session: session))
  }

  private func begin(_ transport: Transport) {
    let connection = HTTP2Connection(
      role: .client, transport: transport, reactor: reactor, limits: limits,
      remoteAddress: endpoint.description, buffers: ReactorBuffers())
    self.connection = connection
    connection.closed = { [weak self, unowned connection] in
      self?.finish(.failure(connection.failure ?? .connectionLost(reason: "closed")))
    }
    connection.established = { [weak self, unowned connection] in
      self?.finish(.success(connection))
    }
    do throws(HTTP2Error) {
      try connection.start()
    } catch {
      finish(.failure(error))
    }
  }

  /// Ends the attempt once; later calls do nothing.
  func finish(_ result: Result<HTTP2Connection, HTTP2Error>) {
    guard !isFinished else { return }
    isFinished = true
    timer?.cancel()
    timer = nil
    if descriptor >= 0 {
      reactor.deregister(descriptor)
      Glibc.close(descriptor)
      descriptor = -1
    }
    connection?.closed = nil
    connection?.established = nil
    if case .failure = result { connection?.close() }
    connection = nil
    done?(result)
    done = nil
  }
}
