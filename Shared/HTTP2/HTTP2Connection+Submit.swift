import CNGHTTP2

/// What a connection asks of nghttp2 for its streams. Submitting only queues: it is allowed
/// anywhere, callbacks of the library included.
extension HTTP2Connection {
  /// False when the connection has no stream identifiers left.
  func submitRequest(_ stream: HTTP2Stream, _ headers: HeaderBlock, endStream: Bool) -> Bool {
    let user = unsafe Unmanaged.passUnretained(stream).toOpaque()
    let id = unsafe buffers.headers.encode(nil, headers.fields) { fields, count in
      if endStream {
        return unsafe nghttp2_submit_request(session, nil, fields, count, nil, user)
      }
      var provider = unsafe DataProvider.provider(for: stream)
      return unsafe nghttp2_submit_request(session, nil, fields, count, &provider, user)
    }
    guard id > 0 else { return false }
    stream.id = id
    add(stream)
    markDirty()
    return true
  }

  func submitResponse(
    _ stream: HTTP2Stream, _ constant: ConstantBlock?,
    _ fields: some RandomAccessCollection<HeaderField>, endStream: Bool
  ) {
    precondition(role == .server, "a client's headers go with its request")
    let result = unsafe buffers.headers.encode(constant, fields) { fields, count in
      if endStream {
        return unsafe nghttp2_submit_response(session, stream.id, fields, count, nil)
      }
      var provider = unsafe DataProvider.provider(for: stream)
      return unsafe nghttp2_submit_response(session, stream.id, fields, count, &provider)
    }
    if result != 0 { stream.reset(.internalError) }
    markDirty()
  }

  func submitTrailers(_ stream: HTTP2Stream, _ trailers: HTTP2Stream.Trailers) -> Int32 {
    let constant: ConstantBlock?
    let own: [HeaderField]
    switch trailers {
    case .constant(let block): (constant, own) = (block, [])
    case .own(let block): (constant, own) = (nil, block.fields)
    }
    return unsafe buffers.headers.encode(constant, own) { fields, count in
      unsafe nghttp2_submit_trailer(session, stream.id, fields, count)
    }
  }

  func submitReset(_ stream: HTTP2Stream, _ code: HTTP2ErrorCode) {
    guard unsafe session != nil, stream.slot != nil else { return }
    let flags = UInt8(NGHTTP2_FLAG_NONE.rawValue)
    _ = unsafe nghttp2_submit_rst_stream(session, flags, stream.id, code.rawValue)
    markDirty()
  }

  /// Whether that many more bytes may wait; resets the stream if not.
  func admit(_ count: Int, on stream: HTTP2Stream) -> Bool {
    guard stream.output.count + count <= limits.streamBytesWaiting else {
      reset(stream, .streamBytesWaiting, "too much waits for the peer")
      return false
    }
    guard bytesWaiting + count <= limits.connectionBytesWaiting else {
      reset(stream, .connectionBytesWaiting, "too much waits for the peer on all streams")
      return false
    }
    bytesWaiting += count
    return true
  }

  /// Tells the library that a stream has something to send again.
  func resume(_ stream: HTTP2Stream) {
    if stream.isDeferred {
      stream.isDeferred = false
      _ = unsafe nghttp2_session_resume_data(session, stream.id)
    }
    markDirty()
  }

  func giveBack(_ count: Int, of stream: HTTP2Stream) {
    guard let session = unsafe session else { return }
    if stream.isOver {
      _ = unsafe nghttp2_session_consume_connection(session, count)
    } else {
      _ = unsafe nghttp2_session_consume(session, stream.id, count)
    }
    markDirty()
  }

  func submitShutdownNotice() {
    _ = unsafe nghttp2_submit_shutdown_notice(session)
    unsafe Self.drainPing.withUnsafeBufferPointer { bytes in
      _ = unsafe nghttp2_submit_ping(
        session, UInt8(NGHTTP2_FLAG_NONE.rawValue), bytes.baseAddress)
    }
    markDirty()
  }

  /// The final GOAWAY, with the last stream that is served.
  func submitGoAway() {
    guard let session = unsafe session else { return }
    let last = unsafe nghttp2_session_get_last_proc_stream_id(session)
    _ = unsafe nghttp2_submit_goaway(
      session, UInt8(NGHTTP2_FLAG_NONE.rawValue), last, HTTP2ErrorCode.noError.rawValue, nil, 0)
    markDirty()
  }

  /// Opaque data of the PING behind the shutdown notice.
  static var drainPing: [UInt8] { Array("draining".utf8) }

  // MARK: Bookkeeping

  func add(_ stream: HTTP2Stream) {
    stream.slot = streams.count
    streams.append(stream)
    liveness.opened &+= 1
  }

  /// Lets go of a stream that the library has closed and points to no longer.
  func forget(_ stream: HTTP2Stream) {
    guard let slot = stream.slot else { return }
    stream.expectNoBody()
    stream.slot = nil
    // A stream can be reset in the middle of a header block: the rest of it has nowhere to go.
    if unsafe receiving?.stream.toOpaque() == Unmanaged.passUnretained(stream).toOpaque() {
      unsafe receiving = nil
    }
    let last = streams.removeLast()
    if last !== stream {
      streams[slot] = last
      last.slot = slot
    }
    let waiting = stream.output.count
    guard waiting > 0 else { return }
    bytesWaiting -= waiting
    stream.output.removeAll()
  }

  /// Notes the end of a stream, to be told when the library has returned.
  func end(_ stream: HTTP2Stream, _ reason: HTTP2CloseReason) {
    guard !stream.isOver else { return }
    stream.isOver = true
    if stream.unconsumed > 0 {
      giveBack(stream.unconsumed, of: stream)
      stream.unconsumed = 0
    }
    endings.append((stream, reason))
    markDirty()
  }
}
