internal import COpenSSL
internal import Glibc

/// What an operation on a non-blocking encrypted socket came to.
package enum TLSProgress: Equatable, Sendable {
  /// So many bytes were read or written; 0 for a completed handshake.
  case done(Int)
  /// To be called again when the socket is readable.
  case wantRead
  /// To be called again when the socket is writable.
  case wantWrite
  /// The peer has closed its direction in good order (close_notify).
  case ended
}

/// The encryption of one connected, non-blocking socket; it does not own the descriptor.
///
/// Used from one thread at a time. After an error the session is unusable and only to be dropped.
@safe
package final class TLSSession {
  private let context: TLSContext
  private let generation: TLSGeneration
  /// What the peer was verified against last.
  private var verified: Trust
  private let handle: OpaquePointer
  private let serverName: String
  private var isBroken = false
  /// Who the peer is: nil until the handshake is done, or if it gave no certificate.
  package private(set) var peer: PeerIdentity?

  /// - Parameter serverName: the host name or address that the server's certificate has to carry;
  ///   ignored in a server.
  package init(_ context: TLSContext, descriptor: Int32, serverName: String = "")
    throws(TLSError)
  {
    ErrorQueue.clear()
    let generation = context.current
    guard let handle = unsafe SSL_new(generation.handle) else {
      throw .failed(reason: ErrorQueue.drain() ?? "no memory for a TLS session")
    }
    self.context = context
    self.generation = generation
    verified = generation.trust
    self.serverName = serverName
    unsafe self.handle = unsafe handle
    guard unsafe SSL_set_fd(handle, descriptor) == 1 else {
      throw .failed(reason: ErrorQueue.drain() ?? "the socket cannot be used")
    }
    switch context.role {
    case .server: unsafe SSL_set_accept_state(handle)
    case .client:
      unsafe SSL_set_connect_state(handle)
      try verify(serverName)
      // Found by the callback that brings new sessions; the handle does not outlive this object.
      unsafe SSL_set_ex_data(handle, 0, Unmanaged.passUnretained(self).toOpaque())
      if let session = generation.sessions.take(for: serverName) {
        _ = unsafe SSL_set_session(handle, session.handle)
      }
    }
  }

  deinit { unsafe SSL_free(handle) }

  /// Carries the handshake on; `.done` when it is complete, the peer verified and `h2` agreed.
  package func handshake() throws(TLSError) -> TLSProgress {
    let result = begin { unsafe SSL_do_handshake(handle) }
    guard result == 1 else { return try progress(result) }
    guard isHTTP2Agreed else {
      close()
      throw .protocolNotAgreed
    }
    if let certificate = unsafe SSL_get1_peer_certificate(handle) {
      defer { unsafe X509_free(certificate) }
      // A resumed handshake verifies nothing anew.
      if isResumed, unsafe X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0 {
        close()
        throw .peerRefused(reason: "certificate has expired")
      }
      peer = unsafe PeerIdentity(certificate: certificate)
    }
    return .done(0)
  }

  /// Whether the handshake continued an earlier session.
  package var isResumed: Bool { unsafe SSL_session_reused(handle) == 1 }

  /// The version of TLS that was agreed, as OpenSSL names it.
  package var version: String { unsafe String(cString: SSL_get_version(handle)) }

  /// Whether what the context trusts now still vouches for the peer; cheap while the trust file
  /// has not changed.
  package func isPeerTrusted() -> Bool {
    let current = context.current
    if current.trust === verified { return true }
    verified = current.trust
    return unsafe current.vouches(for: handle)
  }

  /// The session object of a client's handle.
  static func owner(of handle: OpaquePointer) -> TLSSession? {
    guard let pointer = unsafe SSL_get_ex_data(handle, 0) else { return nil }
    // Alive: it frees the handle when it goes, and OpenSSL calls from within its own calls only.
    return unsafe Unmanaged<TLSSession>.fromOpaque(pointer).takeUnretainedValue()
  }

  func keep(_ session: ResumableSession) { generation.sessions.keep(session, for: serverName) }

  /// Reads what has arrived, up to one record (16 KiB). To be repeated until `.wantRead`: what
  /// OpenSSL has already taken from the socket does not make it readable again.
  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(TLSError) -> TLSProgress {
    var count = 0
    let result = begin {
      unsafe SSL_read_ex(handle, buffer.baseAddress, buffer.count, &count)
    }
    return result == 1 ? .done(count) : try progress(result)
  }

  /// Writes a first part of the bytes, up to one record; a repeated call may give other memory.
  package func write(_ bytes: UnsafeRawBufferPointer) throws(TLSError) -> TLSProgress {
    var count = 0
    let result = begin {
      unsafe SSL_write_ex(handle, bytes.baseAddress, bytes.count, &count)
    }
    return result == 1 ? .done(count) : try progress(result)
  }

  /// Whether bytes have been taken from the socket that `read` has not given yet; without any the
  /// socket's readiness tells of more.
  package var hasPending: Bool { unsafe SSL_has_pending(handle) == 1 }

  /// Sends close_notify if the socket takes it at once; the caller closes the descriptor.
  package func close() {
    guard !isBroken else { return }
    isBroken = true
    ErrorQueue.clear()
    if unsafe SSL_is_init_finished(handle) == 1 { _ = unsafe SSL_shutdown(handle) }
    ErrorQueue.clear()
  }

  private func begin(_ call: () -> Int32) -> Int32 {
    guard !isBroken else { return 0 }
    ErrorQueue.clear()
    errno = 0
    return call()
  }

  private func progress(_ result: Int32) throws(TLSError) -> TLSProgress {
    guard !isBroken else { throw .connectionLost(reason: "the session has ended") }
    let systemError = errno
    switch unsafe SSL_get_error(handle, result) {
    case SSL_ERROR_WANT_READ: return .wantRead
    case SSL_ERROR_WANT_WRITE: return .wantWrite
    case SSL_ERROR_ZERO_RETURN: return .ended
    case SSL_ERROR_SYSCALL:
      isBroken = true
      let text =
        unsafe systemError == 0
        ? "the peer closed the connection" : String(cString: strerror(systemError))
      throw .connectionLost(reason: ErrorQueue.drain() ?? text)
    default:
      isBroken = true
      if ErrorQueue.isUnexpectedEnd {
        _ = ErrorQueue.drain()
        throw .connectionLost(reason: "the peer closed the connection")
      }
      let reason = ErrorQueue.drain() ?? "unknown error"
      let verified = unsafe SSL_get_verify_result(handle)
      guard verified == Int(X509_V_OK) else {
        throw .peerRefused(reason: unsafe String(cString: X509_verify_cert_error_string(verified)))
      }
      throw .failed(reason: reason)
    }
  }

  private var isHTTP2Agreed: Bool {
    var name: UnsafePointer<UInt8>?
    var length: UInt32 = 0
    unsafe SSL_get0_alpn_selected(handle, &name, &length)
    guard let name = unsafe name, length == 2 else { return false }
    return unsafe name[0] == 0x68 && name[1] == 0x32
  }

  private func verify(_ serverName: String) throws(TLSError) {
    guard !serverName.isEmpty else { throw .failed(reason: "no server name to verify") }
    let parameters = unsafe SSL_get0_param(handle)
    // Only subjectAltName counts, and `*` only as a whole label.
    unsafe X509_VERIFY_PARAM_set_hostflags(
      parameters,
      UInt32(X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
    if unsafe X509_VERIFY_PARAM_set1_ip_asc(parameters, serverName) == 1 { return }
    ErrorQueue.clear()
    guard unsafe SSL_set1_host(handle, serverName) == 1,
      unsafe ikso_SSL_set_tlsext_host_name(handle, serverName) == 1
    else {
      let reason = ErrorQueue.drain() ?? "refused by OpenSSL"
      throw .failed(reason: "server name \"\(serverName)\": \(reason)")
    }
  }
}
