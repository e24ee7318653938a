internal import COpenSSL
internal import Glibc

/// Certificate, key and trust of this process for one role; shared by all its connections.
///
/// TLS 1.3 only, ALPN `h2` only, no session tickets, no early data.
// Unchecked: the SSL_CTX is complete when `init` returns and never changed afterwards; SSL_new()
// on it may be called from any thread.
@safe
package final class TLSContext: @unchecked Sendable {
  enum Role { case client, server }

  let role: Role
  let handle: OpaquePointer

  /// A context for accepting connections.
  ///
  /// - Parameter clientTrustFile: PEM authorities of client certificates; nil: none is asked for.
  /// - Parameter requireClientCertificate: without a certificate the handshake is refused.
  package static func server(
    certificateChainFile: String, privateKeyFile: String, clientTrustFile: String?,
    requireClientCertificate: Bool
  ) throws(TLSError) -> TLSContext {
    let context = try TLSContext(.server)
    try context.use(certificateChainFile: certificateChainFile, privateKeyFile: privateKeyFile)
    if let clientTrustFile {
      try context.trust(clientTrustFile)
      let required = requireClientCertificate ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0
      unsafe SSL_CTX_set_verify(context.handle, SSL_VERIFY_PEER | required, nil)
    } else if requireClientCertificate {
      throw .trustFile(path: "", reason: "client certificates are required but none is named")
    }
    unsafe SSL_CTX_set_alpn_select_cb(
      context.handle,
      { _, selected, selectedLength, offered, offeredLength, _ in
        guard let selected = unsafe selected, let length = unsafe selectedLength,
          let offered = unsafe offered,
          let found = unsafe TLSContext.offset(ofHTTP2In: offered, count: Int(offeredLength))
        else { return SSL_TLSEXT_ERR_ALERT_FATAL }
        // The answer may point into the offer: OpenSSL copies it before it returns.
        unsafe selected.pointee = offered + found
        unsafe length.pointee = 2
        return SSL_TLSEXT_ERR_OK
      }, nil)
    return context
  }

  /// A context for connecting; the server's chain and host name are always verified.
  package static func client(
    trustFile: String, certificateChainFile: String?, privateKeyFile: String?
  ) throws(TLSError) -> TLSContext {
    let context = try TLSContext(.client)
    try context.trust(trustFile)
    unsafe SSL_CTX_set_verify(context.handle, SSL_VERIFY_PEER, nil)
    switch (certificateChainFile, privateKeyFile) {
    case (let chain?, let key?):
      try context.use(certificateChainFile: chain, privateKeyFile: key)
    case (let chain?, nil):
      throw .privateKeyFile(path: "", reason: "none is named for certificate file \"\(chain)\"")
    case (nil, let key?):
      throw .certificateFile(path: "", reason: "none is named for private key file \"\(key)\"")
    case (nil, nil): break
    }
    let failed = unsafe SSL_CTX_set_alpn_protos(context.handle, [2, 0x68, 0x32], 3)  // "h2"
    guard failed == 0 else { throw .failed(reason: "ALPN could not be set") }
    return context
  }

  private init(_ role: Role) throws(TLSError) {
    Self.ignorePipeSignal
    ErrorQueue.clear()
    let method = unsafe role == .server ? TLS_server_method() : TLS_client_method()
    guard let handle = unsafe SSL_CTX_new(method) else {
      throw .failed(reason: ErrorQueue.drain() ?? "no memory for a TLS context")
    }
    self.role = role
    unsafe self.handle = unsafe handle
    guard unsafe ikso_SSL_CTX_set_min_proto_version(handle, TLS1_3_VERSION) == 1 else {
      throw .failed(reason: ErrorQueue.drain() ?? "TLS 1.3 is not available")
    }
    unsafe ikso_SSL_CTX_set_mode(
      handle,
      Int(SSL_MODE_ENABLE_PARTIAL_WRITE)
        | Int(SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER) | Int(SSL_MODE_RELEASE_BUFFERS))
    // One read(2) fetches as many records as fit, rather than two per record.
    unsafe ikso_SSL_CTX_set_read_ahead(handle, 1)
    unsafe SSL_CTX_set_default_read_buffer_len(handle, 32_768)
    unsafe ikso_SSL_CTX_set_session_cache_mode(handle, Int(SSL_SESS_CACHE_OFF))
    _ = unsafe SSL_CTX_set_num_tickets(handle, 0)
  }

  deinit { unsafe SSL_CTX_free(handle) }

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

  private func trust(_ file: String) throws(TLSError) {
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
