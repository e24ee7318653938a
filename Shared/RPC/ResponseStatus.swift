import HTTP2

/// What an HTTP/2 stream says about the end of a call, as a client reads it.
enum ResponseStatus {
  /// Whether a header block begins a gRPC answer; otherwise the error that it means.
  static func refusal(in headers: HeaderBlock) -> RPCError? {
    let status = headers[first: ":status"] ?? ""
    guard status == "200" else {
      let code = code(httpStatus: status)
      return RPCError(code, "the server answered with HTTP status \(printable(status))")
    }
    // A gRPC status counts whatever the content type says.
    if headers[first: "grpc-status"] != nil { return nil }
    let contentType = headers[first: "content-type"] ?? ""
    guard WireProtocol(contentType: contentType)?.family == .grpc else {
      return .unknown("the server answered with content-type \"\(printable(contentType))\"")
    }
    return nil
  }

  /// The error in `trailers`; `nil` for OK.
  static func error(in trailers: HeaderBlock) -> RPCError? {
    guard let text = trailers[first: "grpc-status"] else {
      return .unknown("the server ended the call without grpc-status")
    }
    let code = Int(text).flatMap(StatusCode.init(rawValue:))
    if code == .ok { return nil }
    let message = PercentEncoding.decode(trailers[first: "grpc-message"] ?? "")
    let metadata = metadata(in: trailers)
    let status = metadata.bytes(first: RPCError.detailsName)
    var error = RPCError(
      code ?? .unknown, message, metadata: metadata,
      details: status.map(RPCError.details(inStatus:)) ?? [])
    error.reason = error.detail(RPCErrorInfo.self)?.reason
    return error
  }

  static func metadata(in headers: HeaderBlock) -> Metadata {
    let entries = headers.fields.compactMap { field -> Metadata.Entry? in
      let name = field.name
      if name.utf8.first == UInt8(ascii: ":") || name == "content-type" { return nil }
      if name.hasPrefix("grpc-"), !name.hasSuffix("-bin") { return nil }
      return Metadata.Entry(name: name, value: field.value)
    }
    return Metadata(received: entries)
  }

  /// http-grpc-status-mapping.md
  static func code(httpStatus: String) -> StatusCode {
    switch httpStatus {
    case "400": .internalError
    case "401": .unauthenticated
    case "403": .permissionDenied
    case "404": .unimplemented
    case "429", "502", "503", "504": .unavailable
    default: .unknown
    }
  }

  /// PROTOCOL-HTTP2, "Errors"
  static func code(reset: HTTP2ErrorCode) -> StatusCode {
    switch reset {
    case .refusedStream: .unavailable
    case .cancel: .cancelled
    case .enhanceYourCalm: .resourceExhausted
    case .inadequateSecurity: .permissionDenied
    case .streamClosed, .http11Required: .unknown
    default: .internalError
    }
  }

  /// A peer's text in one of our messages: short and without control characters.
  private static func printable(_ text: String) -> String {
    String(text.prefix(60).filter { $0.isASCII && !$0.isNewline && $0 >= " " && $0 < "\u{7f}" })
  }
}
