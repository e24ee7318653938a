import CNGHTTP2

/// What nghttp2 tells of received frames. Called by its callbacks: streams may be submitted to
/// from here, the session may not be fed, drained or deleted.
extension HTTP2Connection {
  /// Hands over the stream, if there is one that the library has not closed. `streams` holds it
  /// until then, so that no reference of its own is counted: `tell` lets go of none.
  private func withStream(_ id: Int32, _ tell: (HTTP2Stream) -> Void) {
    guard let user = unsafe nghttp2_session_get_stream_user_data(session, id) else { return }
    unsafe Unmanaged<HTTP2Stream>.fromOpaque(user)._withUnsafeGuaranteedRef { tell($0) }
  }

  func stream(_ id: Int32) -> HTTP2Stream? {
    var found: HTTP2Stream?
    withStream(id) { found = $0 }
    return found
  }

  /// Fields of a usual request: room for them is made at once.
  private static let usualFields = 12
  /// Fields whose room is kept for the next request.
  private static let fieldsKept = 64

  func headersBegan(_ id: Int32, isRequest: Bool) {
    unsafe receiving = nil
    if isRequest {
      let stream = HTTP2Stream(self, id: id, handler: nil)
      let user = unsafe Unmanaged.passUnretained(stream).toOpaque()
      guard unsafe nghttp2_session_set_stream_user_data(session, id, user) == 0 else { return }
      stream.isOnWire = true
      add(stream)
      // Many connections make one request and wait, and there are thousands of them.
      if known == nil, liveness.opened > 1 { known = KnownBlocks() }
      known?.begin()
      unsafe receiving = Receiving(stream, known)
    } else if let stream = stream(id) {
      stream.block = HeaderBlock()
      stream.blockBytes = 0
      unsafe receiving = Receiving(stream, nil)
    }
  }

  /// Another field of the header block that has begun.
  func headerReceived(_ name: OpaquePointer, _ value: OpaquePointer, isSecret: Bool) {
    guard let receiving = unsafe receiving else { return }
    let field = unsafe KnownBlock.Field(name: name, value: value)
    if let known = unsafe receiving.known,
      unsafe known._withUnsafeGuaranteedRef({ $0.follow(field) })
    {
      return
    }
    unsafe receiving.stream._withUnsafeGuaranteedRef { stream in
      headerReceived(field, isSecret: isSecret, of: stream)
    }
  }

  private func headerReceived(
    _ field: KnownBlock.Field, isSecret: Bool, of stream: HTTP2Stream
  ) {
    if !stream.isHeadReceived, role == .server {
      if stream.blockBytes == 0 { depart(stream) }
      known?.note(field, isSecret: isSecret)
    }
    stream.blockBytes += field.bytes
    if stream.blockBytes > limits.headerListBytes {
      if !stream.isHeaderListTooLarge {
        stream.crossed(.headerListBytes, "a header list is larger than allowed")
      }
      stream.isHeaderListTooLarge = true
      return
    }
    unsafe stream.block.fields.append(
      buffers.texts.field(field.name, field.value, isSecret: isSecret))
  }

  /// The request's block is none that is known: makes the list of its fields so far.
  private func depart(_ stream: HTTP2Stream) {
    swap(&stream.block.fields, &buffers.fields)
    stream.block.fields.reserveCapacity(Self.usualFields)
    stream.blockBytes = known?.depart(into: &stream.block.fields) ?? 0
  }

  func headersReceived(_ id: Int32, endStream: Bool) {
    unsafe receiving = nil
    withStream(id) { stream in
      if !stream.isOver { headersReceived(stream, endStream: endStream) }
    }
  }

  private func headersReceived(_ stream: HTTP2Stream, endStream: Bool) {
    if endStream { stream.hasRemoteEnded = true }
    if !stream.isHeadReceived, role == .server {
      stream.isHeadReceived = true
      requestReceived(stream, endStream: endStream)
      return
    }
    let block = stream.block
    stream.block = HeaderBlock()
    if stream.isHeaderListTooLarge {
      stream.reset(.enhanceYourCalm)
    } else if stream.isHeadReceived {
      stream.handler?.trailersReceived(block)
    } else {
      // 1xx is no response yet.
      if let status = block[first: ":status"], status.hasPrefix("1"), !endStream { return }
      stream.isHeadReceived = true
      stream.handler?.headersReceived(block, endStream: endStream)
    }
  }

  private func requestReceived(_ stream: HTTP2Stream, endStream: Bool) {
    if let whole = known?.whole {
      stream.known = whole
      admitRequest(stream, whole.block, endStream: endStream)
      stream.known = nil
      return
    }
    if stream.blockBytes == 0 { depart(stream) }
    var block = HeaderBlock()
    swap(&block, &stream.block)
    known?.end(block)
    admitRequest(stream, block, endStream: endStream)
    if block.fields.capacity <= Self.fieldsKept {
      block.fields.removeAll(keepingCapacity: true)
      buffers.fields = block.fields
    }
  }

  private func admitRequest(_ stream: HTTP2Stream, _ block: HeaderBlock, endStream: Bool) {
    if let handler = accept?(self, stream, block, endStream) {
      stream.handler = handler
    } else if !stream.isHeadSent {
      refuse(stream)
    }
  }

  private func refuse(_ stream: HTTP2Stream) {
    guard stream.isHeaderListTooLarge else {
      stream.reset(.refusedStream)
      return
    }
    stream.send(headers: [":status": "431"], endStream: true)
    if !stream.hasRemoteEnded { stream.reset(.noError) }
  }

  func dataReceived(_ id: Int32, _ bytes: UnsafeRawBufferPointer) {
    var isTaken = false
    withStream(id) { stream in
      guard !stream.isOver, let handler = stream.handler else { return }
      isTaken = true
      stream.unconsumed += bytes.count
      stream.hasMoved = true
      unsafe handler.dataReceived(bytes, endStream: false)
    }
    if !isTaken { discard(bytes.count, id) }
  }

  func dataEnded(_ id: Int32) {
    withStream(id) { stream in
      guard !stream.isOver else { return }
      stream.hasRemoteEnded = true
      let nothing = unsafe UnsafeRawBufferPointer(start: nil, count: 0)
      unsafe stream.handler?.dataReceived(nothing, endStream: true)
    }
  }

  func goAwayReceived(last: Int32, code: HTTP2ErrorCode, text: String) {
    if code != .noError {
      let detail = text.isEmpty ? "" : " (\(text))"
      lastLibraryError = "the peer ended the connection: \(code)\(detail)"
    }
    drained()
    guard role == .client else { return }
    for stream in streams where stream.id > last || !stream.isOnWire { end(stream, .refused) }
  }

  func pingAnswered(_ opaque: UnsafeBufferPointer<UInt8>) {
    if role == .server, isDraining, unsafe opaque.elementsEqual(Self.drainPing) { submitGoAway() }
  }

  func resetReceived(_ id: Int32) {
    // The answer is out already: the client only stops to send.
    if let stream = stream(id), stream.isResetDue { return }
    resetCaused()
  }

  /// Counts a reset that the peer caused; too many end the connection.
  private func resetCaused() {
    guard role == .server, !resets.spend() else { return }
    terminate(.enhanceYourCalm, "the peer resets streams too fast", .resetsPerSecond)
  }

  func streamClosed(_ id: Int32, _ code: HTTP2ErrorCode) {
    guard let stream = stream(id) else { return }
    end(stream, closeReason(stream, code))
    forget(stream)
  }

  private func closeReason(_ stream: HTTP2Stream, _ code: HTTP2ErrorCode) -> HTTP2CloseReason {
    switch code {
    case .noError:
      let isWhole = stream.hasRemoteEnded || (role == .server && stream.isEndSent)
      return isWhole ? .finished : .reset(.noError)
    case .refusedStream where role == .client && !stream.isHeadReceived: return .refused
    default: return .reset(code)
    }
  }

  // MARK: Sent frames

  func frameIsSent(_ id: Int32) {
    withStream(id) { $0.isOnWire = true }
  }

  func endWasSent(_ id: Int32) {
    withStream(id) { stream in
      stream.isEndSent = true
      if stream.isResetDue, !stream.hasRemoteEnded { linger(stream) }
    }
  }

  func resetWasSent(_ id: Int32, _ code: HTTP2ErrorCode) {
    // A reset of our own choice ended the stream before; the rest are answers to errors.
    if let stream = stream(id), stream.isResetDue ? code == .noError : stream.isOver { return }
    resetCaused()
  }

  /// The library gives up a HEADERS frame.
  func headersNotSent(_ id: Int32, isRequest: Bool, error: Int32) {
    if isRequest {
      guard let stream = streams.first(where: { $0.id == id }) else { return }
      let isTooLarge =
        error == NGHTTP2_ERR_FRAME_SIZE_ERROR.rawValue || error == NGHTTP2_ERR_HEADER_COMP.rawValue
      end(stream, isTooLarge ? .reset(.internalError) : .refused)
      // Told of before the library closes the stream, which must not lead to it any more.
      _ = unsafe nghttp2_session_set_stream_user_data(session, id, nil)
      forget(stream)
    } else if error != NGHTTP2_ERR_STREAM_CLOSED.rawValue,
      error != NGHTTP2_ERR_STREAM_CLOSING.rawValue
    {
      stream(id)?.reset(.internalError)
    }
  }
}
