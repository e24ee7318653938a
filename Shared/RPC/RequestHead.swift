import HTTP2

/// The header block of a request, sorted into what the protocol, the runtime and the handler want.
struct RequestHead {
  private(set) var method = ""
  private(set) var contentType = ""
  private(set) var timeout: String?
  private(set) var encoding: String?
  private(set) var requestID: String?
  private(set) var metadata: [Metadata.Entry] = []
  private var acceptsTrailers = false

  /// Longest request id that is taken from a caller, in characters.
  private static let longestRequestID = 64

  /// Fields of a request that are no metadata: four pseudo-headers, te, content-type and two more.
  private static let usualFields = 8

  init(_ headers: HeaderBlock) {
    metadata.reserveCapacity(max(2, headers.fields.count - RequestHead.usualFields))
    for field in headers.fields { take(field) }
  }

  /// Sorts by the first character: most names are compared with one or two of the known ones.
  private mutating func take(_ field: HeaderField) {
    switch field.name.utf8.first {
    case UInt8(ascii: ":"):
      if field.name == ":method" { method = field.value }
      return
    case UInt8(ascii: "g") where field.name.hasPrefix("grpc-"):
      if field.name == "grpc-timeout" { timeout = field.value }
      if field.name == "grpc-encoding" { encoding = field.value }
      // `grpc-trace-bin` and its like are the tracing library's, not the protocol's.
      if !field.name.hasSuffix("-bin") { return }
    case UInt8(ascii: "c"):
      if field.name == "content-type" {
        contentType = field.value
        return
      }
      if field.name == "content-length" { return }
    case UInt8(ascii: "t") where field.name == "te":
      acceptsTrailers = field.value == "trailers"
      return
    case UInt8(ascii: "x") where field.name == "x-request-id":
      if requestID == nil, RequestHead.isRequestID(field.value) { requestID = field.value }
    default: break
    }
    metadata.append(Metadata.Entry(name: field.name, value: field.value))
  }

  /// What is answered with an HTTP status, since the peer does not speak gRPC.
  var httpRefusal: HTTPRefusal? {
    if !RequestHead.isGRPC(contentType) {
      return HTTPRefusal(
        status: "415", text: "content-type must be application/grpc or application/grpc+proto\n")
    }
    if method != "POST" { return HTTPRefusal(status: "405", text: "the method must be POST\n") }
    return nil
  }

  /// What is answered with a gRPC status.
  var refusal: RPCError? {
    if !acceptsTrailers {
      return .internalError(
        "header \"te: trailers\" is missing: something on the way does not pass trailers on")
    }
    if let timeout, Timeout.parse(timeout) == nil {
      return .internalError(
        "grpc-timeout \"\(timeout)\" is malformed; at most eight digits and one of H M S m u n")
    }
    return nil
  }

  /// `application/grpc`, alone, with `+proto` or with parameters.
  static func isGRPC(_ contentType: String) -> Bool {
    if contentType == "application/grpc" || contentType == "application/grpc+proto" { return true }
    let kind = contentType.lowercased()
    return kind == "application/grpc" || kind == "application/grpc+proto"
      || kind.hasPrefix("application/grpc;") || kind.hasPrefix("application/grpc+proto;")
  }

  /// Letters, digits and `-._:`: safe in a log line and a header.
  static func isRequestID(_ text: String) -> Bool {
    let bytes = text.utf8
    guard (1...longestRequestID).contains(bytes.count) else { return false }
    return bytes.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: ":"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"):
        true
      default: false
      }
    }
  }
}

/// An answer in plain HTTP.
struct HTTPRefusal {
  let status: String
  let text: String
}
