import HTTP2

/// The header block of a request, sorted into what the protocol, the runtime and the handler want.
// A class: it is passed along, and too large to be copied.
final class RequestHead {
  private(set) var method = ""
  /// Without the query.
  private(set) var path = ""
  /// What stands behind `?`, as it came.
  private(set) var query: Substring?
  private(set) var contentType = ""
  private(set) var origin: String?
  private(set) var requestID: String?
  private(set) var metadata: [Metadata.Entry] = []
  /// nil when the request is none of the protocols'.
  private(set) var wire: WireProtocol?
  /// The parameters of a Connect GET.
  private(set) var parameters: QueryParameters?
  /// What makes the request wrong in its own protocol, if anything.
  private(set) var refusal: RPCError?
  /// The time that the caller gives the call; nil for any, and for one that is refused.
  private(set) var timeout: Duration?
  /// Who serves that path, once the router of its connection has found it.
  var served: RPCMethod?

  private var acceptsTrailers = false
  private var grpcTimeout: String?
  private var grpcEncoding: String?
  private var grpcAcceptEncoding: String?
  private var connectTimeout: String?
  private var connectVersion: String?
  private var connectEncoding: String?
  private var connectAcceptEncoding: String?
  private var contentEncoding: String?
  private var acceptEncoding: String?

  /// Longest request id that is taken from a caller, in characters.
  private static let longestRequestID = 64

  /// Fields of a request that are no metadata: four pseudo-headers, te, content-type and two more.
  private static let usualFields = 8

  /// The head of a request, read once for all that begin with the same header block.
  static func reading(_ headers: HeaderBlock, of stream: HTTP2Stream) -> RequestHead {
    guard let known = stream.known else { return RequestHead(headers) }
    if let head = known.reading as? RequestHead { return head }
    let head = RequestHead(headers)
    known.reading = head
    return head
  }

  init(_ headers: HeaderBlock) {
    metadata.reserveCapacity(max(2, headers.fields.count - RequestHead.usualFields))
    for field in headers.fields { take(field) }
    switch method {
    case "POST": wire = WireProtocol(contentType: contentType)
    case "GET":
      parameters = query.map(QueryParameters.init)
      wire = parameters?["encoding"].flatMap(WireProtocol.init(getEncoding:))
    default: break
    }
    guard let wire else { return }
    do throws(RPCError) {
      try check(wire)
      timeout = try readTimeout(wire)
    } catch {
      refusal = error
    }
  }

  /// Sorts by the first character: most names are compared with one or two of the known ones.
  private func take(_ field: HeaderField) {
    switch field.name.utf8.first {
    case UInt8(ascii: ":"): return takePseudo(field)
    case UInt8(ascii: "g") where field.name.hasPrefix("grpc-"):
      switch field.name {
      case "grpc-timeout": grpcTimeout = field.value
      case "grpc-encoding": grpcEncoding = field.value
      case "grpc-accept-encoding": grpcAcceptEncoding = field.value
      default: break
      }
      // `grpc-trace-bin` and its like are the tracing library's, not the protocol's.
      if !field.name.hasSuffix("-bin") { return }
    case UInt8(ascii: "c"): if takeC(field) { return }
    case UInt8(ascii: "a") where field.name == "accept-encoding":
      acceptEncoding = field.value
      return
    case UInt8(ascii: "o") where field.name == "origin": origin = field.value
    case UInt8(ascii: "t") where field.name == "te":
      acceptsTrailers = field.value == "trailers"
      return
    case UInt8(ascii: "x") where field.name == "x-request-id":
      if requestID == nil, RequestHead.isRequestID(field.value) { requestID = field.value }
    default: break
    }
    metadata.append(Metadata.Entry(name: field.name, value: field.value))
  }

  private func takePseudo(_ field: HeaderField) {
    switch field.name {
    case ":method": method = field.value
    case ":path":
      let bytes = field.value.utf8.span
      guard let mark = bytes.indices.first(where: { bytes[$0] == UInt8(ascii: "?") }) else {
        path = field.value
        return
      }
      path = String(field.value.utf8.prefix(mark)) ?? ""
      query = Substring(field.value.utf8.dropFirst(mark + 1))
    default: break
    }
  }

  /// Whether a field whose name begins with `c` is the protocol's.
  private func takeC(_ field: HeaderField) -> Bool {
    switch field.name {
    case "content-type": contentType = field.value
    case "content-length": break
    case "content-encoding": contentEncoding = field.value
    case "connect-timeout-ms": connectTimeout = field.value
    case "connect-protocol-version": connectVersion = field.value
    case "connect-content-encoding": connectEncoding = field.value
    case "connect-accept-encoding": connectAcceptEncoding = field.value
    default: return field.name.hasPrefix("connect-")
    }
    return true
  }

  // MARK: By protocol

  /// The name of the compression of the request's messages; nil for none.
  var encoding: String? {
    let name: String? =
      switch wire?.family {
      case .grpc, .grpcWeb, .grpcWebText: grpcEncoding
      case .connectStream: connectEncoding
      case .connectUnary: contentEncoding
      case .connectGet: parameters?["compression"]
      case nil: nil
      }
    return name == ContentCoding.identity.rawValue || name == "" ? nil : name
  }

  /// Whether the caller reads gzip: by its word, or as it wrote it itself (Connect).
  var acceptsGzip: Bool {
    switch wire?.family {
    case .grpc, .grpcWeb, .grpcWebText:
      ContentCoding.acceptsGzip(grpcAcceptEncoding ?? grpcEncoding)
    case .connectStream: ContentCoding.acceptsGzip(connectAcceptEncoding ?? connectEncoding)
    case .connectUnary: ContentCoding.acceptsGzip(acceptEncoding ?? contentEncoding)
    case .connectGet: ContentCoding.acceptsGzip(acceptEncoding ?? parameters?["compression"])
    case nil: false
    }
  }

  /// - Throws: what a malformed one is answered with.
  private func readTimeout(_ wire: WireProtocol) throws(RPCError) -> Duration? {
    if wire.isConnect {
      guard let connectTimeout else { return nil }
      guard let timeout = Timeout.parse(milliseconds: connectTimeout) else {
        throw .invalidArgument(
          "connect-timeout-ms \"\(connectTimeout)\" is malformed; give up to ten digits")
      }
      return timeout
    }
    guard let grpcTimeout else { return nil }
    guard let timeout = Timeout.parse(grpcTimeout) else {
      throw .internalError(
        "grpc-timeout \"\(grpcTimeout)\" is malformed; at most eight digits and one of H M S m u n")
    }
    return timeout
  }

  private func check(_ wire: WireProtocol) throws(RPCError) {
    if wire.family == .grpc, !acceptsTrailers {
      throw .internalError(
        "header \"te: trailers\" is missing: something on the way does not pass trailers on")
    }
    guard wire.isConnect else { return }
    if let connectVersion, connectVersion != "1" {
      throw .invalidArgument("connect-protocol-version must be \"1\"")
    }
    if wire.family == .connectGet {
      if let version = parameters?["connect"], version != "v1" {
        throw .invalidArgument("the query parameter connect must be \"v1\"")
      }
      if parameters?["message"] == nil {
        throw .invalidArgument("the query parameter message is missing")
      }
    }
    if let encoding, encoding != ContentCoding.gzip.rawValue {
      throw .unimplemented(
        "compression \"\(encoding)\" is not supported; send \(ContentCoding.supported) or identity")
    }
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

/// The parameters of a query (`name=value&…`), percent-decoded; `+` is a space.
struct QueryParameters: Sendable {
  let all: [(name: String, value: String)]

  init(_ query: Substring) {
    all = query.split(separator: "&").map { pair in
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let value = parts.count > 1 ? parts[1] : ""
      return (QueryParameters.text(parts[0]), QueryParameters.text(value))
    }
  }

  subscript(name: String) -> String? { all.first { $0.name == name }?.value }

  private static func text(_ part: Substring) -> String {
    PercentEncoding.decode(String(part.replacing("+", with: " ")))
  }
}
