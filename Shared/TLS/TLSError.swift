internal import COpenSSL

/// What can go wrong with certificates, keys and encrypted connections.
package enum TLSError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The certificate chain of this process could not be used.
  case certificateFile(path: String, reason: String)
  /// The private key of this process could not be used.
  case privateKeyFile(path: String, reason: String)
  /// The file of certificate authorities to trust could not be used.
  case trustFile(path: String, reason: String)
  /// The key is not the one of the certificate.
  case keyMismatch(certificate: String, privateKey: String)
  /// The peer's certificate was not accepted: unknown authority, expired, another host, …
  case peerRefused(reason: String)
  /// The peer agreed to another protocol than HTTP/2, or to none.
  case protocolNotAgreed
  /// The handshake or the connection failed otherwise; the reason as OpenSSL gives it.
  case failed(reason: String)
  /// The socket ended or broke without the peer's close_notify.
  case connectionLost(reason: String)

  package var description: String {
    switch self {
    case .certificateFile(let path, let reason):
      "certificate file \"\(path)\": \(reason); give a readable PEM file with this process's "
        + "certificate first and its intermediates after it"
    case .privateKeyFile(let path, let reason):
      "private key file \"\(path)\": \(reason); give a readable PEM file with the unencrypted "
        + "private key of the certificate"
    case .trustFile(let path, let reason):
      "trust file \"\(path)\": \(reason); give a readable PEM file with the certificates of the "
        + "authorities to trust"
    case .keyMismatch(let certificate, let privateKey):
      "private key file \"\(privateKey)\" does not belong to certificate file "
        + "\"\(certificate)\"; give the key with which the certificate was requested"
    case .peerRefused(let reason): "the peer's certificate is refused: \(reason)"
    case .protocolNotAgreed: "the peer does not speak HTTP/2 (ALPN \"h2\" was not agreed)"
    case .failed(let reason): "TLS failed: \(reason)"
    case .connectionLost(let reason): "connection lost: \(reason)"
    }
  }
}

/// The calling thread's OpenSSL error queue.
enum ErrorQueue {
  /// To be called before each OpenSSL call whose failure is to be explained.
  static func clear() { ERR_clear_error() }

  /// Empties the queue; the reasons, first cause first, or nil when there was none.
  static func drain() -> String? {
    var reasons: [String] = []
    while true {
      let code = ERR_get_error()
      if code == 0 { break }
      if let text = unsafe ERR_reason_error_string(code) {
        unsafe reasons.append(String(cString: text))
      } else {
        reasons.append("error \(code)")
      }
    }
    return reasons.isEmpty ? nil : reasons.joined(separator: ", ")
  }

  /// Whether the oldest error says that the peer closed the socket without close_notify.
  static var isUnexpectedEnd: Bool {
    ikso_ERR_GET_REASON(ERR_peek_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING
  }
}
