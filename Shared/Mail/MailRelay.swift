import CCurl
import Foundation

/// The server that takes our mail (RFC 5321, RFC 6409). TLS is compulsory, and its certificate is
/// verified: a relay that offers none gets no mail.
package struct MailRelay: Sendable {
  package enum Security: String, Sendable, CaseIterable {
    /// RFC 3207, usually on port 587.
    case startTLS = "starttls"
    /// RFC 8314 section 3.3, usually on port 465.
    case tls
  }

  package struct Configuration: Sendable {
    package var host: String
    package var port: Int
    package var security: Security
    package var user: String?
    /// Read with each connection, so that a new password needs no restart; its first line counts.
    package var passwordFile: String?
    /// PEM; nil: the authorities that the system trusts.
    package var caFile: String?

    package init(
      host: String, port: Int, security: Security, user: String? = nil,
      passwordFile: String? = nil, caFile: String? = nil
    ) {
      (self.host, self.port, self.security) = (host, port, security)
      (self.user, self.passwordFile, self.caFile) = (user, passwordFile, caFile)
    }
  }

  private static let connectMilliseconds = 5_000
  /// Of one message, with the connection if that is new.
  package static let messageMilliseconds = 15_000

  private let configuration: Configuration
  private let url: String

  /// `sender`: we introduce ourselves by its domain, not by the name of the machine.
  /// - Throws: `MailFault` for a host that is neither a name nor an address.
  package init(_ configuration: Configuration, sender: MailAddress) throws(MailFault) {
    let host = configuration.host
    let letters = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:".utf8)
    guard !host.isEmpty, host.utf8.allSatisfy({ letters.contains($0) }) else {
      throw .closed("host")
    }
    let scheme =
      switch configuration.security {
      case .startTLS: "smtp"
      case .tls: "smtps"
      }
    let place = host.contains(":") ? "[\(host)]" : host
    url = "\(scheme)://\(place):\(configuration.port)/\(sender.domain)"
    self.configuration = configuration
  }

  func connection() throws(MailFault) -> Connection {
    _ = Self.library
    return try Connection(url, configuration.caFile, configuration.user, password())
  }

  private func password() throws(MailFault) -> String? {
    guard let file = configuration.passwordFile else { return nil }
    guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
      throw .closed("password file")
    }
    return text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
  }

  /// Once in a process, before the first handle.
  private static let library: Void = { _ = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) }()

  /// One connection at a time, opened with the first message and kept for those that follow. For
  /// one thread.
  @safe final class Connection {
    // Invariant: `handle` lives as long as the connection and is used by one thread at a time.
    private let handle: UnsafeMutableRawPointer

    fileprivate init(
      _ url: String, _ caFile: String?, _ user: String?, _ password: String?
    ) throws(MailFault) {
      let handle = unsafe ikso_mail_open(
        url, caFile, user, password, MailRelay.connectMilliseconds, MailRelay.messageMilliseconds)
      guard let handle = unsafe handle else { throw .closed("memory") }
      unsafe self.handle = handle
    }

    deinit { unsafe curl_easy_cleanup(handle) }

    func send(_ message: MailMessage) throws(MailFault) {
      var reply = 0
      var text = message.text
      let code = text.withUTF8 { bytes in
        unsafe bytes.withMemoryRebound(to: CChar.self) { bytes in
          unsafe ikso_mail_send(
            handle, "<\(message.sender.text)>", "<\(message.recipient.text)>", bytes.baseAddress,
            bytes.count, &reply)
        }
      }
      if let fault = Self.fault(code, reply: reply) { throw fault }
    }

    /// Who we are, or how we came, is not what the server has to like: that is the platform
    /// team's to mend, and the mail waits. RFC 4954 section 6; 530 also RFC 3207 section 4.
    private static let ofConfiguration: Set<Int> = [530, 534, 535, 538]

    private static func fault(_ code: CURLcode, reply: Int) -> MailFault? {
      switch code {
      case CURLE_OK: return nil
      // What libcurl says when a command, or the message, got another reply than the one hoped for.
      case CURLE_SEND_ERROR, CURLE_WEIRD_SERVER_REPLY, CURLE_RECV_ERROR:
        if (500...599).contains(reply), !ofConfiguration.contains(reply) {
          return .refused("smtp \(reply)")
        }
        if (400...499).contains(reply) { return .postponed("smtp \(reply)") }
        return .closed(ofConfiguration.contains(reply) ? "smtp \(reply)" : "connection")
      case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT: return .closed("unreachable")
      case CURLE_PEER_FAILED_VERIFICATION: return .closed("certificate")
      case CURLE_USE_SSL_FAILED, CURLE_SSL_CONNECT_ERROR: return .closed("tls")
      case CURLE_LOGIN_DENIED: return .closed("login")
      case CURLE_OPERATION_TIMEDOUT: return .closed("timeout")
      default: return .closed("curl \(code.rawValue)")
      }
    }
  }
}
