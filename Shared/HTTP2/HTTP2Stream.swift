import Reactor

/// What the owner of a stream is told; on the reactor's thread, between calls into the library.
///
/// Any method of the stream and its connection may be called from within.
package protocol HTTP2StreamHandler: AnyObject {
  /// A client's: the response, after any 1xx. A server's request goes to the listener's `accept`.
  func headersReceived(_ headers: HeaderBlock, endStream: Bool)
  /// The bytes are gone when it returns. The end may come with zero bytes. The bytes count against
  /// the peer's window until `HTTP2Stream.consumed`.
  func dataReceived(_ bytes: UnsafeRawBufferPointer, endStream: Bool)
  /// Always the end of what the peer sends.
  func trailersReceived(_ trailers: HeaderBlock)
  /// The stream was not writable and is again.
  func streamWritable()
  /// The last event, exactly once.
  func streamClosed(_ reason: HTTP2CloseReason)
}

/// One request and its response on a connection. Reactor thread only.
///
/// After its end or close, what is sent on it is dropped: the handler learns of it by
/// `streamClosed`.
// Unchecked: all state is touched on the connection's reactor thread only; members that others
// could call by mistake check that.
@safe package final class HTTP2Stream: @unchecked Sendable {
  // Strong both ways: the connection lets go of a stream when it is closed.
  package let connection: HTTP2Connection
  package internal(set) var id: Int32
  /// Told of what happens; held until the stream is closed.
  package var handler: (any HTTP2StreamHandler)?
  /// Set once `streamClosed` is due: nothing more is sent or told.
  package var isClosed: Bool { isOver }
  /// Go with the response's headers, whoever sends them.
  package var responseFields: [HeaderField] = []
  /// Whether the peer has sent its last byte.
  package var isRemoteEnded: Bool { hasRemoteEnded }
  /// The request's header list is beyond `HTTP2Limits.headerListBytes`: `accept` got the fields
  /// that came before the limit, and is to answer 431 in the caller's protocol.
  package internal(set) var isHeaderListTooLarge = false
  /// The request's header block, if it is one that has come before; during `accept` only.
  package internal(set) var known: KnownBlock?
  // What other modules see has each access checked for exclusivity at run time; these, read several
  // times a call, are seen by none.
  var isOver = false
  var hasRemoteEnded = false {
    didSet { if isBodyDue { expectNoBody() } }
  }
  /// Counted by the connection; see `expectBody`.
  private(set) var isBodyDue = false
  /// Position in the connection's list, nil when the library has closed the stream.
  var slot: Int?
  var output = ByteQueue()
  var trailers: Trailers?
  var isHeadSent = false
  var isEndQueued = false
  var isEndSent = false
  /// The library waits for `nghttp2_session_resume_data`.
  var isDeferred = false
  var isBlocked = false
  /// Reset as soon as the end has gone out.
  var isResetDue = false
  /// Whether a frame of the stream was given to the socket: the peer may have seen it.
  var isOnWire = false

  var block = HeaderBlock()
  var blockBytes = 0
  var isHeadReceived = false
  /// Bytes have come since the last look, and looks since then.
  var hasMoved = false
  var quietLooks = 0
  /// The same of bytes that went.
  var hasGone = false
  var closedLooks = 0
  /// Bytes that came after an early answer.
  var lingeredBytes = 0
  /// Received bytes that were not given back to the peer's window.
  var unconsumed = 0

  enum Trailers {
    case constant(ConstantBlock)
    case own(HeaderBlock)
  }

  init(_ connection: HTTP2Connection, id: Int32, handler: (any HTTP2StreamHandler)?) {
    self.connection = connection
    self.id = id
    self.handler = handler
  }

  /// Bytes that were queued and not yet put into frames for the socket.
  package var pendingBytes: Int { output.count }

  /// False from `highWaterBytes` waiting until `lowWaterBytes`; then `streamWritable` comes.
  package var isWritable: Bool { !isBlocked && !isOver }

  /// Whether the peer may have seen anything of it.
  package var wasSent: Bool { isOnWire }

  /// Sends the response's headers (server), once and first.
  package func send(headers: HeaderBlock, endStream: Bool) {
    guard beginHead(endStream: endStream) else { return }
    let fields = responseFields.isEmpty ? headers.fields : headers.fields + responseFields
    connection.submitResponse(self, nil, fields, endStream: endStream)
  }

  /// Sends a response's headers that are the same in every answer but for one field.
  package func send(headers constant: ConstantBlock, and field: HeaderField) {
    guard responseFields.isEmpty else {
      return send(headers: HeaderBlock(constant.block.fields + [field]), endStream: false)
    }
    guard beginHead(endStream: false) else { return }
    connection.submitResponse(self, constant, CollectionOfOne(field), endStream: false)
  }

  private func beginHead(endStream: Bool) -> Bool {
    guard canSend else { return false }
    precondition(!isHeadSent, "headers are sent once")
    isHeadSent = true
    isEndQueued = endStream
    return true
  }

  /// Queues bytes behind what waits; `endStream` ends what this side sends.
  package func send(data: [UInt8], endStream: Bool) {
    guard canSend else { return }
    precondition(isHeadSent, "data is sent after headers")
    guard connection.admit(data.count, on: self) else { return }
    output.append(data)
    isEndQueued = endStream
    if output.count >= connection.limits.highWaterBytes { isBlocked = true }
    connection.resume(self)
  }

  /// Ends what this side sends with a trailing header block, after the data that waits.
  package func send(trailers: HeaderBlock) { end(with: .own(trailers)) }

  package func send(trailers: ConstantBlock) { end(with: .constant(trailers)) }

  private func end(with trailers: Trailers) {
    guard canSend else { return }
    precondition(isHeadSent, "trailers are sent after headers")
    self.trailers = trailers
    isEndQueued = true
    connection.resume(self)
  }

  /// Ends the stream at once in both directions, dropping what waits; `streamClosed` follows.
  ///
  /// With `.noError` after this side's end was queued, that goes out first: a server that has
  /// answered tells the client to stop sending (RFC 9113, section 8.1), though only after
  /// `HTTP2Limits.lingerTimeout` or `lingerBytes` as most requests end by themselves meanwhile.
  package func reset(_ code: HTTP2ErrorCode) {
    connection.reactor.preconditionCurrent()
    guard !isOver else { return }
    if code == .noError, isEndQueued {
      isResetDue = true
      if isEndSent { connection.linger(self) }
      return
    }
    connection.submitReset(self, code)
    connection.end(self, .reset(code))
  }

  /// The peer owes the rest of its body: a pause beyond `HTTP2Limits.bodyStallTimeout`, without the
  /// time that it waits for window, resets the stream. Not where a peer may pause as it likes.
  package func expectBody() {
    guard !isBodyDue, !hasRemoteEnded, slot != nil else { return }
    isBodyDue = true
    connection.bodiesDue += 1
  }

  /// The body has come, or the stream has gone.
  func expectNoBody() {
    guard isBodyDue else { return }
    isBodyDue = false
    connection.bodiesDue -= 1
  }

  /// Has the owner of the listener told that the peer has crossed a bound with this stream.
  package func crossed(_ bound: HTTP2Bound, _ reason: String) {
    connection.crossed?(connection, bound, "stream \(id): \(reason)")
  }

  /// Lets the peer send as many bytes more; nothing is given back automatically before the close.
  package func consumed(_ bytes: Int) {
    connection.reactor.preconditionCurrent()
    precondition(bytes >= 0, "a negative number of bytes")
    let count = min(bytes, unconsumed)
    guard count > 0 else { return }
    unconsumed -= count
    connection.giveBack(count, of: self)
  }

  private var canSend: Bool {
    connection.reactor.preconditionCurrent()
    return !isOver && !isEndQueued
  }
}
