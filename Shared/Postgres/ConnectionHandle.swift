import CLibpq

/// The owner of one `PGconn`: libpq's calls, without any decision.
@safe final class ConnectionHandle: @unchecked Sendable {
  // Invariant: created by one thread (PQconnectStart can block in getaddrinfo) and handed over once
  // to its reactor, whose thread alone uses it from then on. The pointer is freed in deinit.

  enum Polled { case reading, writing, open, failed }
  enum Flushed { case all, some, failed }

  private let connection: OpaquePointer

  /// Begins to connect, with the host at `firstHost` of the DSN's list; nil without memory. A wrong
  /// DSN shows in `errorMessage`.
  init?(dsn: String, firstHost: Int = 0) {
    let settings =
      HostList.defaults + [("dbname", dsn), ("client_encoding", "UTF8")]
      + HostList(dsn: dsn).rotated(by: firstHost)
    let connection = unsafe ConnectionHandle.withParameters(settings) { keywords, values in
      unsafe PQconnectStartParams(keywords, values, 1)
    }
    guard let connection = unsafe connection else { return nil }
    unsafe self.connection = connection
    // The default receiver prints notices, which can quote rows, to standard error.
    unsafe PQsetNoticeReceiver(connection, { _, _ in }, nil)
  }

  deinit { unsafe PQfinish(connection) }

  var socket: Int32 { unsafe PQsocket(connection) }
  var isBroken: Bool { unsafe PQstatus(connection) == CONNECTION_BAD }
  var usesTLS: Bool { unsafe PQsslInUse(connection) == 1 }
  var backend: Int32 { unsafe PQbackendPID(connection) }
  /// Neither in a transaction nor busy.
  var isTransactionIdle: Bool { unsafe PQtransactionStatus(connection) == PQTRANS_IDLE }
  var isInTransaction: Bool { unsafe PQtransactionStatus(connection) == PQTRANS_INTRANS }

  var errorMessage: String {
    unsafe ConnectionHandle.trimmed(PQerrorMessage(connection)) ?? "no reason given"
  }

  func poll() -> Polled {
    switch unsafe PQconnectPoll(connection) {
    case PGRES_POLLING_READING: .reading
    case PGRES_POLLING_WRITING: .writing
    case PGRES_POLLING_OK: .open
    default: .failed
    }
  }

  func enterPipelineMode() -> Bool {
    unsafe PQsetnonblocking(connection, 1) == 0 && PQenterPipelineMode(connection) == 1
  }

  func leavePipelineMode() -> Bool { unsafe PQexitPipelineMode(connection) == 1 }

  func cancelHandle() -> CancelHandle? {
    guard let cancel = unsafe PQgetCancel(connection) else { return nil }
    return unsafe CancelHandle(cancel)
  }

  // MARK: Sending; false on failure

  func send(prepare statement: PreparedStatement) -> Bool {
    let types = statement.types.map { Oid($0.rawValue) }
    return unsafe PQsendPrepare(
      connection, statement.name, statement.text, Int32(types.count), types) == 1
  }

  func send(execute statement: PreparedStatement, _ parameters: ParameterBuffer) -> Bool {
    unsafe withValues(parameters) { count, values, lengths, formats in
      unsafe PQsendQueryPrepared(
        connection, statement.name, count, values, lengths, formats, 1) == 1
    }
  }

  /// With its text, prepared under no name.
  func send(unnamed statement: PreparedStatement, _ parameters: ParameterBuffer) -> Bool {
    let types = statement.types.map { Oid($0.rawValue) }
    return unsafe withValues(parameters) { count, values, lengths, formats in
      unsafe PQsendQueryParams(
        connection, statement.text, count, types, values, lengths, formats, 1) == 1
    }
  }

  private func withValues(
    _ parameters: ParameterBuffer,
    _ body: (Int32, [UnsafePointer<CChar>?], [Int32], [Int32]) -> Bool
  ) -> Bool {
    let entries = parameters.entries
    let lengths = entries.map { max($0.length, 0) }
    let formats = [Int32](repeating: 1, count: entries.count)
    // libpq copies the parameters into its output buffer before it returns. An empty value needs
    // an address, as nil stands for NULL: the buffer of an empty array may have none.
    return unsafe (parameters.bytes.isEmpty ? [0] : parameters.bytes).withUnsafeBytes { bytes in
      let base = unsafe bytes.baseAddress!.assumingMemoryBound(to: CChar.self)
      let values = unsafe entries.map { entry -> UnsafePointer<CChar>? in
        entry.length < 0 ? nil : unsafe base + entry.start
      }
      return unsafe body(Int32(entries.count), values, lengths, formats)
    }
  }

  /// A statement without parameters, outside of the cache.
  func send(text: String) -> Bool {
    unsafe PQsendQueryParams(connection, text, 0, nil, nil, nil, nil, 1) == 1
  }

  /// Several statements at once; not in pipeline mode.
  func send(script: String) -> Bool { unsafe PQsendQuery(connection, script) == 1 }

  func sendSync() -> Bool { unsafe PQpipelineSync(connection) == 1 }

  func flush() -> Flushed {
    switch unsafe PQflush(connection) {
    case 0: .all
    case 1: .some
    default: .failed
    }
  }

  // MARK: Receiving

  /// Reads what the socket holds; false if the connection is lost. Results that had come before
  /// can still be taken.
  func consumeInput() -> Bool { unsafe PQconsumeInput(connection) == 1 }

  /// Whether `next` would block.
  var isBusy: Bool { unsafe PQisBusy(connection) == 1 }

  /// The next result; nil is the end of a command.
  func next() -> ResultHandle? {
    guard let result = unsafe PQgetResult(connection) else { return nil }
    return unsafe ResultHandle(result)
  }

  // MARK: Helpers

  static func withParameters(
    _ settings: [(String, String)],
    _ body: (UnsafePointer<UnsafePointer<CChar>?>, UnsafePointer<UnsafePointer<CChar>?>) ->
      OpaquePointer?
  ) -> OpaquePointer? {
    let texts = settings.map { (Array($0.0.utf8CString), Array($0.1.utf8CString)) }
    let keywords = unsafe texts.map { unsafe copy($0.0) } + [nil]
    let values = unsafe texts.map { unsafe copy($0.1) } + [nil]
    defer {
      for unsafe pointer in unsafe keywords + values { unsafe pointer?.deallocate() }
    }
    return unsafe body(keywords, values)
  }

  private static func copy(_ text: [CChar]) -> UnsafePointer<CChar>? {
    let buffer = UnsafeMutablePointer<CChar>.allocate(capacity: text.count)
    unsafe buffer.initialize(from: text, count: text.count)
    return unsafe UnsafePointer(buffer)
  }

  static func trimmed(_ text: UnsafePointer<CChar>?) -> String? {
    guard let text = unsafe text else { return nil }
    var trimmed = unsafe String(cString: text)[...]
    while let last = trimmed.last, last.isWhitespace { trimmed.removeLast() }
    return trimmed.isEmpty ? nil : String(trimmed)
  }
}

/// The owner of one `PGcancel`: who to tell that a connection's statement shall stop.
@safe final class CancelHandle: @unchecked Sendable {
  // Invariant: a PGcancel is not changed after its creation; PQcancel is thread-safe. It is freed
  // in deinit.
  private let cancel: OpaquePointer

  init(_ cancel: OpaquePointer) { unsafe self.cancel = cancel }

  deinit { unsafe PQfreeCancel(cancel) }

  /// Blocks until the server has taken the request in.
  func send() {
    var reason = [CChar](repeating: 0, count: 256)
    _ = unsafe PQcancel(cancel, &reason, Int32(reason.count))
  }

  /// Stops what `backend` runs through a connection of its own, as PQcancel of libpq 15 knows no
  /// TLS. Blocks. A role may cancel its own backends.
  static func send(dsn: String, backend: Int32) {
    let settings = HostList.defaults + [("dbname", dsn)]
    let opened = unsafe ConnectionHandle.withParameters(settings) { keywords, values in
      unsafe PQconnectdbParams(keywords, values, 1)
    }
    guard let connection = unsafe opened else { return }
    defer { unsafe PQfinish(connection) }
    unsafe PQsetNoticeReceiver(connection, { _, _ in }, nil)
    unsafe PQclear(PQexec(connection, "SELECT pg_cancel_backend(\(backend))"))
  }
}
