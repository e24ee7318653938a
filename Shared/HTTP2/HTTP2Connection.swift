import CNGHTTP2
package import Reactor
package import TLS

/// An HTTP/2 connection over one socket, of either role. It belongs to its reactor's thread.
///
/// Input is read and fed to nghttp2 as it comes; what is to be sent is gathered and written once
/// at the end of each turn of the loop that touched the connection.
// Unchecked: all state is touched on `reactor`'s thread only.
@safe package final class HTTP2Connection: ReadinessHandler, TurnEndHandler, @unchecked Sendable {
  package enum Role: Sendable { case client, server }
  typealias Accept = (HTTP2Connection, HTTP2Stream, HeaderBlock, Bool) -> (any HTTP2StreamHandler)?

  package let reactor: Reactor
  package let role: Role
  /// `address:port` of the peer.
  package let remoteAddress: String
  /// Who the peer proved to be; nil without encryption or without a certificate.
  package internal(set) var peer: PeerIdentity?
  /// Called once, after the streams were told.
  package var onClose: (() -> Void)?
  /// Called once, when the connection takes or makes no more requests.
  package var onDraining: (() -> Void)?
  /// No further request is accepted (server) or can be made (client).
  package internal(set) var isDraining = false
  /// Why the connection has ended; nil while it has not.
  package private(set) var failure: HTTP2Error?
  /// The bound that the peer has crossed, if that is why.
  package internal(set) var excess: HTTP2Bound?
  /// Why the connection ends, with what the peer said if it ends it in an error; nil before.
  package var goAwayReason: String? { lastLibraryError }
  package var isClosed: Bool { state == .closed }
  package var openStreams: Int { streams.count }
  /// Shared by the connections of a reactor: they take the room of forty words.
  package var limits: HTTP2Limits { waiting.limits }

  /// The stream whose header block is coming in, and the blocks that a request's may be one of.
  // Unretained, as each field would count them: `streams` and `known` hold them, and `forget` and
  // `end` clear this with those.
  @unsafe struct Receiving {
    let stream: Unmanaged<HTTP2Stream>
    let known: Unmanaged<KnownBlocks>?

    init(_ stream: HTTP2Stream, _ known: KnownBlocks?) {
      unsafe self.stream = .passUnretained(stream)
      unsafe self.known = known.map { unsafe .passUnretained($0) }
    }
  }

  enum State { case handshaking, open, closed }
  private(set) var state = State.handshaking
  let transport: Transport
  let buffers: ReactorBuffers
  private(set) var accept: Accept?
  /// The listener's or connector's own hooks, beside the owner's.
  var closed: (() -> Void)?
  var established: (() -> Void)?
  /// Told of a bound that the peer has crossed with a stream.
  var crossed: ((HTTP2Connection, HTTP2Bound, String) -> Void)?
  var isEstablished = false

  var session: OpaquePointer?
  var streams: [HTTP2Stream] = []
  var receiving: Receiving?
  /// Streams whose peer owes the rest of a body.
  var bodiesDue = 0
  /// Of a server, from its second request on.
  var known: KnownBlocks?
  /// Bytes waiting in all streams.
  var bytesWaiting = 0
  /// Bytes of bodies that were put into frames; wraps.
  var bytesFramed = 0
  let waiting: WaitingOutput
  /// Known to `waiting`.
  var isWaiting = false
  var resets: RateBudget
  /// A server's view of what its client sends.
  var inspector: FrameInspector
  var lastLibraryError: String?
  var endings: [(HTTP2Stream, HTTP2CloseReason)] = []
  var writable: [HTTP2Stream] = []
  /// Inside a call of nghttp2 that must not be re-entered; an end is then put off.
  var isInLibrary = false
  var isEnding: HTTP2Error?
  var isDirty = false
  private var isDelivering = false

  /// Output that the socket has not taken yet.
  var backlog: [UInt8] = []
  var backlogOffset = 0
  var interest: Interest = .read
  var wantsWrite = false

  private var handshakeTimer: ReactorTimer?
  private var drainTimer: ReactorTimer?
  var liveness = Liveness()
  var livenessTimer: ReactorTimer?
  var headerTimer: ReactorTimer?
  var bodyTimer: ReactorTimer?
  var ageTimer: ReactorTimer?
  var lingerTimer: ReactorTimer?
  /// Streams that were answered early, oldest first.
  var lingering: [(stream: HTTP2Stream, due: ContinuousClock.Instant)] = []

  init(
    role: Role, transport: Transport, reactor: Reactor, limits: HTTP2Limits,
    remoteAddress: String, buffers: ReactorBuffers, waiting: WaitingOutput? = nil,
    accept: Accept? = nil
  ) {
    self.role = role
    self.transport = transport
    self.reactor = reactor
    self.remoteAddress = remoteAddress
    self.buffers = buffers
    self.waiting = waiting ?? WaitingOutput(reactor, limits)
    self.accept = accept
    resets = RateBudget(perSecond: limits.resetsPerSecond, burst: limits.resetBurst)
    inspector = FrameInspector(limits)
  }

  deinit {
    // Only when the reactor ended under the connection: `end` sees to it otherwise.
    if let session = unsafe session {
      unsafe nghttp2_session_del(session)
      transport.close()
    }
  }

  /// Starts: the first frames are queued, the descriptor watched, the handshake begun.
  func start() throws(HTTP2Error) {
    reactor.preconditionCurrent()
    unsafe session = SessionSettings.session(for: self)
    do {
      try reactor.register(transport.descriptor, .read, self)
    } catch {
      state = .closed
      unsafe nghttp2_session_del(session)
      unsafe session = nil
      transport.close()
      throw .connectionLost(reason: error.description)
    }
    // Unowned here and in other timers: `end` cancels them, and one weak reference would make each
    // retain and release of the connection take the slow way.
    handshakeTimer = reactor.schedule(after: limits.handshakeTimeout) { [unowned self] in
      end(.handshakeTimeout, "no HTTP/2 handshake within the time allowed")
    }
    handshake()
  }

  // MARK: For the owner

  /// Sends a request (client). It waits in line if the peer's limit of streams is reached.
  /// - Throws: `.draining`, `.requestLimit` or `.connectionLost`: nothing was sent.
  package func request(
    _ headers: HeaderBlock, endStream: Bool, handler: any HTTP2StreamHandler
  ) throws(HTTP2Error) -> HTTP2Stream {
    reactor.preconditionCurrent()
    precondition(role == .client, "a server makes no requests")
    if state == .closed || isEnding != nil {
      throw failure ?? isEnding ?? .connectionLost(reason: "closed")
    }
    if isDraining { throw .draining }
    if streams.count >= limits.openRequests { throw .requestLimit(limits.openRequests) }
    let stream = HTTP2Stream(self, id: 0, handler: handler)
    stream.isHeadSent = true
    stream.isEndQueued = endStream
    guard submitRequest(stream, headers, endStream: endStream) else {
      drained()  // stream identifiers are used up
      throw .draining
    }
    return stream
  }

  /// Takes (server) or makes (client) no more requests; closes when the last stream has ended.
  package func goAway() {
    reactor.preconditionCurrent()
    guard state != .closed, !isDraining else { return }
    drained()
    guard state == .open, isEstablished else {
      end(.connectionLost(reason: "closed by this side"))
      return
    }
    if role == .client {
      submitGoAway()
      return
    }
    // A first GOAWAY names no last stream, so that requests under way are served; the answer to
    // PING tells that the client has seen it (RFC 9113, section 6.8).
    submitShutdownNotice()
    drainTimer = reactor.schedule(after: .seconds(1)) { [unowned self] in submitGoAway() }
  }

  /// Closes at once; open streams are told `.connectionLost`.
  package func close() {
    reactor.preconditionCurrent()
    if let session = unsafe session {
      _ = unsafe nghttp2_session_terminate_session(session, HTTP2ErrorCode.noError.rawValue)
    }
    end(.connectionLost(reason: "closed by this side"))
  }

  // MARK: Reading

  package func ready(_ readiness: Readiness) {
    guard state != .closed else { return }
    if state == .handshaking {
      handshake()
      return
    }
    // At the end of the turn, when streams are told too that they are writable again.
    if readiness.contains(.write), wantsWrite { markDirty() }
    receive()
  }

  private func handshake() {
    switch transport.handshake() {
    case .done:
      state = .open
      peer = transport.session?.peer
      watch(write: false)
      markDirty()
      // Frames may have come in with the end of the handshake.
      receive()
    case .blocked(let onWrite): watch(write: onWrite)
    case .lost(let error): end(error)
    }
  }

  /// Reads until nothing is left or a fair share of the turn is used.
  private func receive() {
    for _ in 0..<Self.readsPerTurn {
      switch unsafe transport.read(into: buffers.input) {
      case .done(let count):
        liveness.received &+= count
        guard feed(count) else { return }
        if !transport.hasPending, count < ReactorBuffers.inputBytes { return }
      case .blocked(let onWrite):
        if onWrite { watch(write: true) }
        return
      case .lost(let error):
        end(error)
        return
      }
    }
    // The socket may not become readable again for what the TLS session already holds.
    if transport.hasPending {
      reactor.execute { [self] in
        if state == .open { receive() }
      }
    }
  }

  private static let readsPerTurn = 16

  /// Feeds received bytes to the library and tells the handlers; false when the connection ended.
  private func feed(_ count: Int) -> Bool {
    let input = unsafe UnsafeRawBufferPointer(rebasing: buffers.input[..<count])
    let finding = unsafe role == .server ? inspector.inspect(input) : nil
    isInLibrary = true
    let result = unsafe nghttp2_session_mem_recv(
      session, buffers.input.baseAddress, finding?.usable ?? count)
    isInLibrary = false
    if result < 0 {
      let text = unsafe String(cString: nghttp2_strerror(Int32(result)))
      isEnding = .connectionLost(reason: lastLibraryError ?? "HTTP/2: \(text)")
    } else if unsafe nghttp2_session_get_outbound_queue_size(session) > limits.framesWaiting {
      excess = .framesWaiting
      isEnding = .connectionLost(reason: "the peer does not read what it makes us send")
    } else if let finding, finding.code != .noError {
      terminate(finding.code, finding.reason, finding.bound)
    }
    if role == .server {
      watchHeaders()
      watchBodies()
    }
    if let error = isEnding {
      end(error)
      return false
    }
    deliver()
    markDirty()
    return state == .open
  }

  // MARK: The end

  func becameEstablished() {
    guard !isEstablished else { return }
    isEstablished = true
    handshakeTimer?.cancel()
    handshakeTimer = nil
    watchLiveness()
    if role == .server { watchAge() }
    established?()
    established = nil
  }

  func drained() {
    guard !isDraining else { return }
    isDraining = true
    onDraining?()
    onDraining = nil
  }

  func finishIfDone() {
    guard backlog.isEmpty, unsafe nghttp2_session_want_read(session) == 0,
      unsafe nghttp2_session_want_write(session) == 0
    else { return }
    end(.connectionLost(reason: lastLibraryError ?? "ended in good order"))
  }

  /// Ends the connection: closes the socket and tells every open stream; later calls do nothing.
  func end(_ error: HTTP2Error) {
    guard state != .closed else { return }
    if isInLibrary || isDelivering {
      isEnding = isEnding ?? error
      return
    }
    let wasOpen = state == .open
    state = .closed
    failure = error
    waiting.forget(self)
    for timer in [
      handshakeTimer, drainTimer, livenessTimer, headerTimer, bodyTimer, ageTimer, lingerTimer,
    ] { timer?.cancel() }
    lingering = []
    reactor.deregister(transport.descriptor)
    if wasOpen, backlog.isEmpty { sendLastFrames() }
    transport.close()
    unsafe nghttp2_session_del(session)
    unsafe session = nil
    let open = streams
    streams = []
    unsafe receiving = nil
    known = nil
    for stream in open {
      stream.expectNoBody()
      stream.slot = nil
      let isUnsent = role == .client && !stream.isOnWire
      end(stream, isUnsent ? .refused : .connectionLost(error.description))
    }
    deliver()
    drained()
    closed?()
    closed = nil
    onClose?()
    onClose = nil
    crossed = nil
    accept = nil
  }

  /// Tells the handlers what the library's callbacks have noted.
  func deliver() {
    guard !isDelivering, !isInLibrary else { return }
    isDelivering = true
    while !endings.isEmpty || !writable.isEmpty {
      let resumed = writable
      writable = []
      for stream in resumed where !stream.isOver { stream.handler?.streamWritable() }
      var ended = buffers.endings
      buffers.endings = []
      swap(&ended, &endings)
      for (stream, reason) in ended {
        let handler = stream.handler
        stream.handler = nil
        handler?.streamClosed(reason)
      }
      ended.removeAll(keepingCapacity: true)
      buffers.endings = ended
    }
    isDelivering = false
    if let error = isEnding { end(error) }
  }
}
