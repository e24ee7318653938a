import Access
import FoundationEssentials
import HTTP2
import RPC
import Reactor

/// One call on its way through: the stream of the caller and, once the service is reached, the
/// stream to the service. On one reactor's thread, which holds both connections.
///
/// Each side's window is given back only when the other side has room, so a slow reader stops a
/// fast writer through the gateway, and what it holds of a call stays bounded.
// Invariant behind @unchecked: touched on the reactor's thread of the caller's connection only;
// the task that waits for a token's key runs there too by its executor preference.
final class ProxyCall: @unchecked Sendable {
  private enum Phase {
    case connecting
    case open(HTTP2Stream)
    case ended
  }

  private let gateway: Gateway
  private let route: Routes.Route
  private let raw: RawCall
  private let caller: HTTP2Stream
  private let started = ContinuousClock.now
  private var phase = Phase.connecting

  private var tenant: UUID?
  private var isCounted = false
  private var deadline: ContinuousClock.Instant?
  private var timer: ReactorTimer?

  /// Request bytes that wait for the connection to the service.
  private var waiting: [UInt8] = []
  private var requestEnded: Bool
  /// The request so far, for sending it again; nil when it is too long or the service has answered.
  private var replay: [UInt8]? = []
  private var hasRetried = false
  /// The status that the answer's headers told; nil before the answer.
  private var answered: StatusCode?
  /// Bytes taken from one side whose window waits for room on the other.
  private var owedToCaller = 0
  private var owedToService = 0

  init(gateway: Gateway, route: Routes.Route, _ raw: RawCall) {
    self.gateway = gateway
    self.route = route
    self.raw = raw
    caller = raw.stream
    requestEnded = raw.requestEnded
  }

  private var reactor: Reactor { caller.connection.reactor }

  // MARK: The way in

  /// Checks protocol, token and bounds, and goes on to the service.
  func begin() {
    do {
      let longest = gateway.limits.deadline
      let timeout = min(try raw.timeout() ?? longest, longest)
      deadline = started + timeout
      timer = reactor.schedule(after: timeout) { [weak self] in
        self?.fail(.deadlineExceeded("the deadline of the call has passed").because("DEADLINE"))
      }
      guard let bearer = try raw.bearerToken() else { return try enter(nil) }
      if let token = try tokenInHand(bearer) { return try enter(token.tenant) }
      // The key may be new: ask, without holding the reactor.
      Task(executorPreference: reactor) { [self] in
        do {
          try enter(try await gateway.verifier.verify(bearer, now: Date()).tenant)
        } catch {
          fail(RPCError(publicly: error))
        }
      }
    } catch {
      fail(RPCError(publicly: error))
    }
  }

  /// The token if it can be judged with the keys in hand; nil if its key is not known here yet.
  private func tokenInHand(_ bearer: String) throws(TokenError) -> Token? {
    do throws(TokenError) {
      return try gateway.verifier.verifyNow(bearer, now: Date())
    } catch {
      guard error == .unknownKey || error == .keysUnavailable else { throw error }
      return nil
    }
  }

  private func enter(_ tenant: UUID?) throws {
    guard case .connecting = phase else { return }
    try gateway.admit(tenant)
    self.tenant = tenant
    isCounted = true
    connect()
  }

  private func connect() {
    route.client.withConnection(on: reactor, deadline: deadline) { [self] result in
      guard case .connecting = phase else { return }
      do {
        let connection = try result.get()
        let ended = requestEnded && waiting.isEmpty
        let service = try connection.request(
          forwarded(), endStream: ended, handler: ServiceSide(self))
        phase = .open(service)
        guard !ended else { return }
        let bytes = waiting
        waiting = []
        if !bytes.isEmpty || requestEnded { pass(bytes, to: service) }
      } catch {
        fail(unreachable(error))
      }
    }
  }

  /// Why the service's stream could not be opened, as the caller is told: their time has run out,
  /// or the service is away. The address stays inside.
  private func unreachable(_ error: any Error) -> RPCError {
    if let error = error as? RPCError, error.code == .deadlineExceeded {
      return .deadlineExceeded("the deadline of the call has passed", cause: error)
        .because("DEADLINE")
    }
    return .unavailable("the service \(route.peer) cannot be reached; try again", cause: error)
      .because("SERVICE_UNREACHABLE").retrying(after: .seconds(1))
  }

  /// The headers for the service: what belongs to this connection is replaced, the deadline is what
  /// is left of it. A browser's origin is judged here: answered twice, it would be refused.
  private func forwarded() -> HeaderBlock {
    var block: HeaderBlock = [
      ":method": raw.headers[first: ":method"] ?? "POST", ":scheme": "https",
      ":path": raw.headers[first: ":path"] ?? raw.path,
      ":authority": route.client.endpoint.description,
    ]
    for field in raw.headers.fields where !Self.replaced.contains(field.name) {
      block.fields.append(field)
    }
    block.append(RawCall.requestIDName, raw.requestID)
    block.append(AccessGuard.forwardedName, callerHost)
    if let deadline { block.fields.append(raw.timeoutField(deadline - .now)) }
    return block
  }

  /// The caller's address without the port: services slow guessing down by where it comes from.
  private var callerHost: String {
    let address = caller.connection.remoteAddress
    return address.lastIndex(of: ":").map { String(address[..<$0]) } ?? address
  }

  private static let replaced: Set<String> = [
    ":method", ":scheme", ":path", ":authority", "host", "origin", "grpc-timeout",
    "connect-timeout-ms", RawCall.requestIDName, "content-length", "forwarded",
    AccessGuard.forwardedName, "x-forwarded-client-cert",
  ]

  // MARK: From the caller

  func callerSent(_ bytes: UnsafeRawBufferPointer, endStream: Bool) {
    requestEnded = endStream
    let chunk = unsafe [UInt8](bytes)
    if let kept = replay {
      replay = kept.count + chunk.count <= gateway.limits.replayBytes ? kept + chunk : nil
    }
    switch phase {
    case .connecting:
      // Bounded by the caller's window, which is given back when the bytes have gone on.
      waiting += chunk
      owedToCaller += chunk.count
    case .open(let service):
      owedToCaller += chunk.count
      pass(chunk, to: service)
    case .ended: break
    }
  }

  private func pass(_ bytes: [UInt8], to service: HTTP2Stream) {
    service.send(data: bytes, endStream: requestEnded)
    if service.isWritable { serviceHasRoom() }
  }

  func serviceHasRoom() {
    caller.consumed(owedToCaller)
    owedToCaller = 0
  }

  func callerClosed(_ reason: HTTP2CloseReason) {
    guard case .ended = phase else {
      if case .open(let service) = phase, !service.isClosed { service.reset(.cancel) }
      return end(reason == .finished ? .ok : .cancelled)
    }
  }

  // MARK: From the service

  func serviceAnswered(_ headers: HeaderBlock, endStream: Bool) {
    let status = raw.status(of: headers)
    answered = status
    replay = nil
    caller.send(headers: headers, endStream: endStream)
    if endStream { endAnswered(status) }
  }

  func serviceSent(_ bytes: UnsafeRawBufferPointer, endStream: Bool) {
    let count = bytes.count
    caller.send(data: unsafe [UInt8](bytes), endStream: endStream)
    owedToService += count
    if caller.isWritable { callerHasRoom() }
    if endStream { endAnswered(answered ?? .unknown) }
  }

  func serviceEnded(_ trailers: HeaderBlock) {
    caller.send(trailers: trailers)
    endAnswered(raw.status(of: trailers))
  }

  func callerHasRoom() {
    guard case .open(let service) = phase else { return }
    service.consumed(owedToService)
    owedToService = 0
  }

  func serviceClosed(_ reason: HTTP2CloseReason) {
    guard case .open = phase else { return }
    if reason == .refused, answered == nil, !hasRetried, let request = replay {
      hasRetried = true
      waiting = request
      phase = .connecting
      return connect()
    }
    fail(
      .unavailable("the service \(route.peer) went away during the call; try again")
        .because("SERVICE_LOST"))
  }

  // MARK: The end

  /// Ends the call after the service's answer. What the caller still sends is not wanted (RFC 9113,
  /// section 8.1), and neither stream may stay half open until it comes.
  private func endAnswered(_ code: StatusCode) {
    let phase = phase
    end(code)
    guard !requestEnded else { return }
    // An end, not a reset: services count those of the gateway's connection together.
    if case .open(let service) = phase, !service.isClosed {
      service.send(data: [], endStream: true)
    }
    if !caller.isClosed { caller.reset(.noError) }
  }

  /// Ends the call with `error` on the caller's side and takes it back on the service's.
  private func fail(_ error: RPCError) {
    if case .ended = phase { return }
    if case .open(let service) = phase, !service.isClosed { service.reset(.cancel) }
    raw.end(with: error, hasAnswered: answered != nil)
    end(error.code, error)
  }

  private func end(_ code: StatusCode, _ error: RPCError? = nil) {
    if case .ended = phase { return }
    phase = .ended
    timer?.cancel()
    timer = nil
    waiting = []
    replay = nil
    if isCounted { gateway.leave(tenant) }
    gateway.observer.callEnded(
      nil, path: raw.path, code: code, duration: .now - started, error: error?.cause)
  }
}

/// The caller's stream tells the call.
final class CallerSide: HTTP2StreamHandler {
  private let call: ProxyCall

  init(_ call: ProxyCall) { self.call = call }

  func headersReceived(_ headers: HeaderBlock, endStream: Bool) {}
  func dataReceived(_ bytes: UnsafeRawBufferPointer, endStream: Bool) {
    unsafe call.callerSent(bytes, endStream: endStream)
  }
  /// gRPC knows no request trailers; they end the request.
  func trailersReceived(_ trailers: HeaderBlock) {
    unsafe call.callerSent(UnsafeRawBufferPointer(start: nil, count: 0), endStream: true)
  }
  func streamWritable() { call.callerHasRoom() }
  func streamClosed(_ reason: HTTP2CloseReason) { call.callerClosed(reason) }
}

/// The service's stream tells the call.
final class ServiceSide: HTTP2StreamHandler {
  private let call: ProxyCall

  init(_ call: ProxyCall) { self.call = call }

  func headersReceived(_ headers: HeaderBlock, endStream: Bool) {
    call.serviceAnswered(headers, endStream: endStream)
  }
  func dataReceived(_ bytes: UnsafeRawBufferPointer, endStream: Bool) {
    unsafe call.serviceSent(bytes, endStream: endStream)
  }
  func trailersReceived(_ trailers: HeaderBlock) { call.serviceEnded(trailers) }
  func streamWritable() { call.serviceHasRoom() }
  func streamClosed(_ reason: HTTP2CloseReason) { call.serviceClosed(reason) }
}
