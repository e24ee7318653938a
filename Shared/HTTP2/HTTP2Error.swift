package import TLS

/// Why a listener, a connection or a request could not be had.
// Indirect: a connection has room for three, and most never need one.
package indirect enum HTTP2Error: Error, Sendable, CustomStringConvertible {
  case addressInUse(Endpoint)
  case permissionDenied(Endpoint)
  case addressUnavailable(Endpoint, reason: String)
  case hostNotFound(String, reason: String)
  case connectFailed(Endpoint, reason: String)
  case deadlineExceeded(Endpoint)
  case tls(TLSError)
  /// The connection has ended; streams that were open have been told.
  case connectionLost(reason: String)
  /// The connection ends when its streams have: nothing was sent, to be tried on another one.
  case draining
  /// As many requests are open as `HTTP2Limits.openRequests` allows; nothing was sent.
  case requestLimit(Int)
  case cancelled

  package var description: String {
    switch self {
    case .addressInUse(let endpoint):
      "\(endpoint) is in use by another process; stop it or configure another port"
    case .permissionDenied(let endpoint):
      "\(endpoint) may not be listened on by this user; configure a port from 1024 up or grant "
        + "CAP_NET_BIND_SERVICE"
    case .addressUnavailable(let endpoint, let reason):
      "\(endpoint) cannot be listened on: \(reason); configure an address of this host"
    case .hostNotFound(let host, let reason): "host \"\(host)\" is not found: \(reason)"
    case .connectFailed(let endpoint, let reason): "no connection to \(endpoint): \(reason)"
    case .deadlineExceeded(let endpoint): "no connection to \(endpoint) within the deadline"
    case .tls(let error): error.description
    case .connectionLost(let reason): "connection lost: \(reason)"
    case .draining: "the connection takes no more requests"
    case .requestLimit(let limit): "\(limit) requests are open on the connection"
    case .cancelled: "cancelled"
    }
  }
}

/// An error code of RST_STREAM and GOAWAY (RFC 9113, section 7); peers may send unknown ones.
package struct HTTP2ErrorCode: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
  package let rawValue: UInt32
  package init(rawValue: UInt32) { self.rawValue = rawValue }

  package static let noError = HTTP2ErrorCode(rawValue: 0)
  package static let protocolError = HTTP2ErrorCode(rawValue: 1)
  package static let internalError = HTTP2ErrorCode(rawValue: 2)
  package static let flowControlError = HTTP2ErrorCode(rawValue: 3)
  package static let settingsTimeout = HTTP2ErrorCode(rawValue: 4)
  package static let streamClosed = HTTP2ErrorCode(rawValue: 5)
  package static let frameSizeError = HTTP2ErrorCode(rawValue: 6)
  package static let refusedStream = HTTP2ErrorCode(rawValue: 7)
  package static let cancel = HTTP2ErrorCode(rawValue: 8)
  package static let compressionError = HTTP2ErrorCode(rawValue: 9)
  package static let connectError = HTTP2ErrorCode(rawValue: 10)
  package static let enhanceYourCalm = HTTP2ErrorCode(rawValue: 11)
  package static let inadequateSecurity = HTTP2ErrorCode(rawValue: 12)
  package static let http11Required = HTTP2ErrorCode(rawValue: 13)

  package var description: String {
    rawValue < Self.names.count ? Self.names[Int(rawValue)] : "error \(rawValue)"
  }

  private static let names = [
    "NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT",
    "STREAM_CLOSED", "FRAME_SIZE_ERROR", "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR",
    "CONNECT_ERROR", "ENHANCE_YOUR_CALM", "INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED",
  ]
}

/// How a stream ended.
package enum HTTP2CloseReason: Sendable, Equatable {
  /// Both sides have ended it, or the peer its side in full.
  case finished
  /// One side has reset it.
  case reset(HTTP2ErrorCode)
  /// The connection ended under it; the peer may have seen the request.
  case connectionLost(String)
  /// The peer has not processed the request: it may be sent again.
  case refused
}
