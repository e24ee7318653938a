internal import COpenSSL
internal import Glibc

/// What a `TLSContext` uses from one load of its files to the next; connections keep theirs.
///
/// Session tickets are sealed with keys that belong to it: no session outlives a change of
/// certificate, key or trust.
// Unchecked: the SSL_CTX is complete when `init` returns and never changed afterwards; SSL_new()
// on it may be called from any thread, and OpenSSL locks what it counts in it.
@safe
final class TLSGeneration: @unchecked Sendable {
  let role: TLSContext.Role
  let handle: OpaquePointer
  let trust: Trust
  /// Sessions that a client may resume.
  let sessions = SessionCache()

  /// Seconds that a session may be resumed: also the longest that a resumed peer goes without its
  /// certificate being verified.
  private static let sessionSeconds = 3_600

  init(_ files: TLSFiles, trust: Trust) throws(TLSError) {
    Self.ignorePipeSignal
    ErrorQueue.clear()
    role = files.role
    self.trust = trust
    let method = unsafe role == .server ? TLS_server_method() : TLS_client_method()
    guard let handle = unsafe SSL_CTX_new(method) else {
      throw .failed(reason: ErrorQueue.drain() ?? "no memory for a TLS context")
    }
    unsafe self.handle = unsafe handle
    try setVersion(files.minimumVersion)
    unsafe ikso_SSL_CTX_set_mode(
      handle,
      Int(SSL_MODE_ENABLE_PARTIAL_WRITE)
        | Int(SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER) | Int(SSL_MODE_RELEASE_BUFFERS))
    // One read(2) fetches as many records as fit, rather than two per record.
    unsafe ikso_SSL_CTX_set_read_ahead(handle, 1)
    unsafe SSL_CTX_set_default_read_buffer_len(handle, 32_768)
    _ = unsafe SSL_CTX_set_timeout(handle, Self.sessionSeconds)
    switch role {
    case .server: try setServer(files)
    case .client: try setClient(files)
    }
  }

  deinit { unsafe SSL_CTX_free(handle) }

  /// Whether the trust of this generation vouches for the peer of a connection made under an
  /// earlier one. After a resumption its intermediates are not known, so a chain that needs them is
  /// refused: the peer makes a new handshake.
  func vouches(for connection: OpaquePointer) -> Bool {
    guard let leaf = unsafe SSL_get1_peer_certificate(connection) else { return role == .server }
    defer { unsafe X509_free(leaf) }
    guard let check = unsafe X509_STORE_CTX_new() else { return false }
    defer { unsafe X509_STORE_CTX_free(check) }
    ErrorQueue.clear()
    defer { ErrorQueue.clear() }
    let store = unsafe SSL_CTX_get_cert_store(handle)
    let chain = unsafe SSL_get_peer_cert_chain(connection)
    // Named after what the peer is.
    let purpose = role == .server ? "ssl_client" : "ssl_server"
    guard unsafe X509_STORE_CTX_init(check, store, leaf, chain) == 1,
      unsafe X509_STORE_CTX_set_default(check, purpose) == 1
    else { return false }
    return unsafe X509_verify_cert(check) == 1
  }

  private func setVersion(_ minimum: TLSVersion) throws(TLSError) {
    let version = minimum == .tls12 ? TLS1_2_VERSION : TLS1_3_VERSION
    guard unsafe ikso_SSL_CTX_set_min_proto_version(handle, version) == 1 else {
      throw .failed(reason: ErrorQueue.drain() ?? "the TLS version is not available")
    }
    guard minimum == .tls12 else { return }
    // What RFC 9113, section 9.2.2, leaves of TLS 1.2; TLS 1.3 has a list of its own.
    guard unsafe SSL_CTX_set_cipher_list(handle, "ECDHE+AESGCM:ECDHE+CHACHA20") == 1 else {
      throw .failed(reason: ErrorQueue.drain() ?? "no cipher suite of TLS 1.2 is available")
    }
    unsafe ikso_SSL_CTX_set_no_renegotiation(handle)
  }

  private func setServer(_ files: TLSFiles) throws(TLSError) {
    guard let chain = files.certificateChain, let key = files.privateKey else {
      throw .certificateFile(path: "", reason: "none is named")
    }
    try use(certificateChainFile: chain, privateKeyFile: key)
    if let file = files.trust {
      try loadTrust(file)
      let required = files.requiresPeerCertificate ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0
      unsafe SSL_CTX_set_verify(handle, SSL_VERIFY_PEER | required, nil)
    } else if files.requiresPeerCertificate {
      throw .trustFile(path: "", reason: "client certificates are required but none is named")
    }
    // The session is in its ticket, which nobody else can open; nothing is kept here.
    unsafe ikso_SSL_CTX_set_session_cache_mode(handle, Int(SSL_SESS_CACHE_OFF))
    _ = unsafe SSL_CTX_set_num_tickets(handle, 1)
    let scope: [UInt8] = Array("ikso".utf8)
    _ = unsafe SSL_CTX_set_session_id_context(handle, scope, UInt32(scope.count))
    unsafe SSL_CTX_set_alpn_select_cb(
      handle,
      { _, selected, selectedLength, offered, offeredLength, _ in
        guard let selected = unsafe selected, let length = unsafe selectedLength,
          let offered = unsafe offered,
          let found = unsafe TLSGeneration.offset(ofHTTP2In: offered, count: Int(offeredLength))
        else { return SSL_TLSEXT_ERR_ALERT_FATAL }
        // The answer may point into the offer: OpenSSL copies it before it returns.
        unsafe selected.pointee = offered + found
        unsafe length.pointee = 2
        return SSL_TLSEXT_ERR_OK
      }, nil)
  }

  private func setClient(_ files: TLSFiles) throws(TLSError) {
    guard let file = files.trust else { throw .trustFile(path: "", reason: "none is named") }
    try loadTrust(file)
    unsafe SSL_CTX_set_verify(handle, SSL_VERIFY_PEER, nil)
    switch (files.certificateChain, files.privateKey) {
    case (let chain?, let key?):
      try use(certificateChainFile: chain, privateKeyFile: key)
    case (let chain?, nil):
      throw .privateKeyFile(path: "", reason: "none is named for certificate file \"\(chain)\"")
    case (nil, let key?):
      throw .certificateFile(path: "", reason: "none is named for private key file \"\(key)\"")
    case (nil, nil): break
    }
    let failed = unsafe SSL_CTX_set_alpn_protos(handle, [2, 0x68, 0x32], 3)  // "h2"
    guard failed == 0 else { throw .failed(reason: "ALPN could not be set") }
    unsafe ikso_SSL_CTX_set_session_cache_mode(
      handle, Int(SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL))
    unsafe SSL_CTX_sess_set_new_cb(handle) { connection, session in
      guard let connection = unsafe connection, let session = unsafe session,
        let owner = unsafe TLSSession.owner(of: connection)
      else { return 0 }
      // One reference of the session is ours when the answer is 1.
      unsafe owner.keep(ResumableSession(session))
      return 1
    }
  }

  // SSL_write() writes with write(2), which raises SIGPIPE on a socket that the peer has reset.
  private static let ignorePipeSignal: Void = { _ = signal(SIGPIPE, SIG_IGN) }()

  private func use(certificateChainFile: String, privateKeyFile: String) throws(TLSError) {
    if let reason = Self.unreadable(certificateChainFile) {
      throw .certificateFile(path: certificateChainFile, reason: reason)
    }
    if let reason = Self.unreadable(privateKeyFile) {
      throw .privateKeyFile(path: privateKeyFile, reason: reason)
    }
    ErrorQueue.clear()
    guard unsafe SSL_CTX_use_certificate_chain_file(handle, certificateChainFile) == 1 else {
      let reason = ErrorQueue.drain() ?? "is no certificate chain"
      throw .certificateFile(path: certificateChainFile, reason: reason)
    }
    // Loads the key without comparing it, so that a key of another certificate is told apart
    // from a file that is no key.
    guard let file = unsafe BIO_new_file(privateKeyFile, "r") else {
      let reason = ErrorQueue.drain() ?? "cannot be opened"
      throw .privateKeyFile(path: privateKeyFile, reason: reason)
    }
    defer { _ = unsafe BIO_free(file) }
    // The callback answers that there is no passphrase; without it OpenSSL asks the terminal.
    guard let key = unsafe PEM_read_bio_PrivateKey(file, nil, { _, _, _, _ in -1 }, nil) else {
      let reason = ErrorQueue.drain() ?? "is no private key"
      throw .privateKeyFile(path: privateKeyFile, reason: reason)
    }
    defer { unsafe EVP_PKEY_free(key) }
    guard unsafe SSL_CTX_use_PrivateKey(handle, key) == 1,
      unsafe SSL_CTX_check_private_key(handle) == 1
    else {
      _ = ErrorQueue.drain()
      throw .keyMismatch(certificate: certificateChainFile, privateKey: privateKeyFile)
    }
  }

  private func loadTrust(_ file: String) throws(TLSError) {
    if let reason = Self.unreadable(file) { throw .trustFile(path: file, reason: reason) }
    ErrorQueue.clear()
    guard unsafe SSL_CTX_load_verify_file(handle, file) == 1 else {
      throw .trustFile(path: file, reason: ErrorQueue.drain() ?? "holds no certificate")
    }
    // Sent to clients, so that one with several certificates can choose.
    if role == .server, let names = unsafe SSL_load_client_CA_file(file) {
      unsafe SSL_CTX_set_client_CA_list(handle, names)
    }
    _ = ErrorQueue.drain()
  }

  /// Why the file cannot be read, or nil: the system's words are clearer than OpenSSL's.
  private static func unreadable(_ path: String) -> String? {
    if unsafe access(path, R_OK) == 0 { return nil }
    return unsafe String(cString: strerror(errno))
  }

  /// Where "h2" stands in an ALPN offer (RFC 7301, section 3.1: length-prefixed names), or nil.
  private static func offset(ofHTTP2In offer: UnsafePointer<UInt8>, count: Int) -> Int? {
    let names = unsafe UnsafeBufferPointer(start: offer, count: count)
    var position = 0
    while position < count {
      let length = unsafe Int(names[position])
      if length == 2, position + 2 < count,
        unsafe names[position + 1] == 0x68 && names[position + 2] == 0x32
      {
        return position + 1
      }
      position += 1 + length
    }
    return nil
  }
}
