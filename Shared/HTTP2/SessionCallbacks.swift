import CNGHTTP2

/// The sessions of nghttp2: their options, first frames and callbacks.
///
/// A session's user data is its connection, unretained: the connection deletes the session before
/// it is gone. Each callback finds it and forwards; none unwinds through the library.
enum SessionSettings {
  static func session(for connection: HTTP2Connection) -> OpaquePointer {
    let user = unsafe Unmanaged.passUnretained(connection).toOpaque()
    let limits = connection.limits
    var session: OpaquePointer?
    var settings = [
      setting(NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, limits.initialWindowBytes),
      setting(NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, limits.headerListBytes),
    ]
    let failed: Int32
    switch connection.role {
    case .server:
      failed = unsafe nghttp2_session_server_new2(
        &session, SessionCallbacks.table, user, serverOptions)
      settings.append(setting(NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, limits.maxConcurrentStreams))
      // Spares the library the dependency tree of RFC 7540.
      settings.append(setting(NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES, 1))
    case .client:
      failed = unsafe nghttp2_session_client_new2(&session, SessionCallbacks.table, user, options)
      settings.append(setting(NGHTTP2_SETTINGS_ENABLE_PUSH, 0))
    }
    guard failed == 0, let session = unsafe session else {
      preconditionFailure("no memory for an HTTP/2 session")
    }
    let flags = UInt8(NGHTTP2_FLAG_NONE.rawValue)
    var result = unsafe nghttp2_submit_settings(session, flags, settings, settings.count)
    precondition(result == 0, "the settings are refused: \(result)")
    let window = max(limits.connectionWindowBytes, limits.initialWindowBytes)
    result = unsafe nghttp2_session_set_local_window_size(session, flags, 0, Int32(window))
    precondition(result == 0, "the window size is refused: \(result)")
    return unsafe session
  }

  // Set up once and only read by the library afterwards.
  private nonisolated(unsafe) static let options: OpaquePointer? = unsafe newOptions()

  private nonisolated(unsafe) static let serverOptions: OpaquePointer? = {
    guard let options = unsafe newOptions() else { return nil }
    // `FrameInspector` counts: the library takes each piece in which a frame comes for a frame.
    unsafe nghttp2_option_set_max_continuations(options, .max)
    return unsafe options
  }()

  private static func newOptions() -> OpaquePointer? {
    var options: OpaquePointer?
    guard unsafe nghttp2_option_new(&options) == 0 else { return nil }
    unsafe nghttp2_option_set_no_auto_window_update(options, 1)
    unsafe nghttp2_option_set_no_closed_streams(options, 1)
    // `RateBudget` counts, and the answer is ENHANCE_YOUR_CALM.
    unsafe nghttp2_option_set_stream_reset_rate_limit(options, UInt64(1) << 60, UInt64(1) << 60)
    return unsafe options
  }

  private static func setting(_ id: nghttp2_settings_id, _ value: Int) -> nghttp2_settings_entry {
    nghttp2_settings_entry(settings_id: Int32(id.rawValue), value: UInt32(value))
  }
}

/// Where DATA frames come from: a stream's queue, copied once, into the connection's output.
enum DataProvider {
  /// The source is the stream, unretained: the connection holds it until the library closes it.
  static func provider(for stream: HTTP2Stream) -> nghttp2_data_provider {
    unsafe nghttp2_data_provider(
      source: nghttp2_data_source(ptr: Unmanaged.passUnretained(stream).toOpaque()),
      read_callback: { _, _, _, length, flags, source, _ in
        guard let flags = unsafe flags, let stream = unsafe source?.pointee.ptr else {
          return Int(NGHTTP2_ERR_CALLBACK_FAILURE.rawValue)
        }
        return unsafe Unmanaged<HTTP2Stream>.fromOpaque(stream)._withUnsafeGuaranteedRef {
          unsafe DataProvider.announce($0, atMost: length, &flags.pointee)
        }
      })
  }

  /// Says how many bytes the next DATA frame has; `copy` then writes it.
  private static func announce(
    _ stream: HTTP2Stream, atMost length: Int, _ flags: inout UInt32
  ) -> Int {
    let waiting = stream.output.count
    if stream.isOver || (waiting == 0 && !stream.isEndQueued) {
      stream.isDeferred = true
      return Int(NGHTTP2_ERR_DEFERRED.rawValue)
    }
    flags |= UInt32(NGHTTP2_DATA_FLAG_NO_COPY.rawValue)
    guard waiting <= length, stream.isEndQueued else { return min(waiting, length) }
    flags |= UInt32(NGHTTP2_DATA_FLAG_EOF.rawValue)
    if let trailers = stream.trailers {
      flags |= UInt32(NGHTTP2_DATA_FLAG_NO_END_STREAM.rawValue)
      if stream.connection.submitTrailers(stream, trailers) != 0 {
        return Int(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue)
      }
    }
    return waiting
  }

  /// Writes a DATA frame into the output, or puts it off when that is full.
  static func copy(
    _ stream: HTTP2Stream, header: UnsafePointer<UInt8>, count: Int,
    into connection: HTTP2Connection
  ) -> Int32 {
    let buffers = connection.buffers
    if buffers.isOutputFull { return NGHTTP2_ERR_WOULDBLOCK.rawValue }
    guard count <= stream.output.count else {
      return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue
    }
    unsafe buffers.append(UnsafeRawBufferPointer(start: header, count: 9))
    if count > 0 { unsafe stream.output.move(to: buffers.reserve(count)) }
    connection.bytesWaiting -= count
    connection.bytesFramed &+= count
    stream.hasGone = true
    connection.inspector.dataWasSent()
    if stream.isBlocked, stream.output.count < connection.limits.lowWaterBytes {
      stream.isBlocked = false
      connection.writable.append(stream)
    }
    return 0
  }
}

enum SessionCallbacks {
  // Set up once and only read by the library afterwards.
  nonisolated(unsafe) static let table: OpaquePointer? = {
    var table: OpaquePointer?
    guard unsafe nghttp2_session_callbacks_new(&table) == 0 else { return nil }
    unsafe setReceiving(table)
    unsafe setSending(table)
    return unsafe table
  }()

  private static func setReceiving(_ table: OpaquePointer?) {
    unsafe nghttp2_session_callbacks_set_on_begin_headers_callback(table) { _, frame, user in
      unsafe withOwner(user, frame) { connection, frame in
        let isRequest = unsafe frame.pointee.headers.cat == NGHTTP2_HCAT_REQUEST
        unsafe connection.headersBegan(frame.pointee.hd.stream_id, isRequest: isRequest)
      }
    }
    unsafe nghttp2_session_callbacks_set_on_header_callback2(table) {
      _, _, name, value, flags, user in
      unsafe withOwner(user, name) { connection, name in
        guard let value = unsafe value else { return }
        let isSecret = flags & UInt8(NGHTTP2_NV_FLAG_NO_INDEX.rawValue) != 0
        unsafe connection.headerReceived(name, value, isSecret: isSecret)
      }
    }
    unsafe nghttp2_session_callbacks_set_on_data_chunk_recv_callback(table) {
      _, _, id, data, count, user in
      unsafe withOwner(user, data) { connection, data in
        unsafe connection.dataReceived(id, UnsafeRawBufferPointer(start: data, count: count))
      }
    }
    unsafe nghttp2_session_callbacks_set_on_frame_recv_callback(table) { _, frame, user in
      unsafe withOwner(user, frame) { connection, frame in
        unsafe SessionCallbacks.received(frame, connection)
      }
    }
    unsafe nghttp2_session_callbacks_set_on_stream_close_callback(table) { _, id, code, user in
      unsafe withOwner(user, user) { connection, _ in
        connection.streamClosed(id, HTTP2ErrorCode(rawValue: code))
      }
    }
    unsafe nghttp2_session_callbacks_set_error_callback2(table) { _, _, text, count, user in
      unsafe withOwner(user, text) { connection, text in
        let bytes = unsafe UnsafeRawBufferPointer(start: text, count: count)
        connection.lastLibraryError = unsafe "HTTP/2: " + String(decoding: bytes, as: UTF8.self)
      }
    }
  }

  private static func received(
    _ frame: UnsafePointer<nghttp2_frame>, _ connection: HTTP2Connection
  ) {
    let head = unsafe frame.pointee.hd
    let hasEnd = head.flags & UInt8(NGHTTP2_FLAG_END_STREAM.rawValue) != 0
    let isAnswer = head.flags & UInt8(NGHTTP2_FLAG_ACK.rawValue) != 0
    switch UInt32(head.type) {
    case NGHTTP2_DATA.rawValue: if hasEnd { connection.dataEnded(head.stream_id) }
    case NGHTTP2_HEADERS.rawValue: connection.headersReceived(head.stream_id, endStream: hasEnd)
    case NGHTTP2_RST_STREAM.rawValue: connection.resetReceived(head.stream_id)
    case NGHTTP2_SETTINGS.rawValue: if !isAnswer { connection.becameEstablished() }
    case NGHTTP2_PING.rawValue:
      guard isAnswer else { return }
      var opaque = unsafe frame.pointee.ping.opaque_data
      unsafe withUnsafeBytes(of: &opaque) { bytes in
        unsafe connection.pingAnswered(bytes.bindMemory(to: UInt8.self))
      }
    case NGHTTP2_GOAWAY.rawValue:
      let goAway = unsafe frame.pointee.goaway
      let text = unsafe HeaderTexts.new(
        UnsafeBufferPointer(start: goAway.opaque_data, count: min(goAway.opaque_data_len, 200)))
      connection.goAwayReceived(
        last: unsafe goAway.last_stream_id,
        code: unsafe HTTP2ErrorCode(rawValue: goAway.error_code), text: text)
    default: break
    }
  }

  private static func setSending(_ table: OpaquePointer?) {
    unsafe nghttp2_session_callbacks_set_before_frame_send_callback(table) { _, frame, user in
      unsafe withOwner(user, frame) { connection, frame in
        let head = unsafe frame.pointee.hd
        guard connection.role == .client, UInt32(head.type) == NGHTTP2_HEADERS.rawValue else {
          return
        }
        connection.frameIsSent(head.stream_id)
      }
    }
    unsafe nghttp2_session_callbacks_set_on_frame_send_callback(table) { _, frame, user in
      unsafe withOwner(user, frame) { connection, frame in
        let head = unsafe frame.pointee.hd
        switch UInt32(head.type) {
        case NGHTTP2_DATA.rawValue, NGHTTP2_HEADERS.rawValue:
          guard head.flags & UInt8(NGHTTP2_FLAG_END_STREAM.rawValue) != 0 else { break }
          connection.endWasSent(head.stream_id)
        case NGHTTP2_RST_STREAM.rawValue:
          let code = unsafe HTTP2ErrorCode(rawValue: frame.pointee.rst_stream.error_code)
          connection.resetWasSent(head.stream_id, code)
        default: break
        }
      }
    }
    unsafe nghttp2_session_callbacks_set_on_frame_not_send_callback(table) {
      _, frame, error, user in
      unsafe withOwner(user, frame) { connection, frame in
        let head = unsafe frame.pointee.hd
        guard UInt32(head.type) == NGHTTP2_HEADERS.rawValue else { return }
        let isRequest = unsafe frame.pointee.headers.cat == NGHTTP2_HCAT_REQUEST
        connection.headersNotSent(head.stream_id, isRequest: isRequest, error: error)
      }
    }
    unsafe nghttp2_session_callbacks_set_send_data_callback(table) {
      _, _, header, count, source, user in
      guard let header = unsafe header, let user = unsafe user,
        let stream = unsafe source?.pointee.ptr
      else { return NGHTTP2_ERR_CALLBACK_FAILURE.rawValue }
      return unsafe Unmanaged<HTTP2Connection>.fromOpaque(user)._withUnsafeGuaranteedRef {
        connection in
        unsafe Unmanaged<HTTP2Stream>.fromOpaque(stream)._withUnsafeGuaranteedRef {
          unsafe DataProvider.copy($0, header: header, count: count, into: connection)
        }
      }
    }
  }
}

/// Tells the connection of a session what has come, unless there is nothing. Called several times
/// for each request: not counted as a reference, as the session's owner outlives it.
private func withOwner<Argument>(
  _ user: UnsafeMutableRawPointer?, _ argument: Argument?,
  _ tell: (HTTP2Connection, Argument) -> Void
) -> Int32 {
  guard let user = unsafe user, let argument else {
    return NGHTTP2_ERR_CALLBACK_FAILURE.rawValue
  }
  unsafe Unmanaged<HTTP2Connection>.fromOpaque(user)._withUnsafeGuaranteedRef {
    tell($0, argument)
  }
  return 0
}
