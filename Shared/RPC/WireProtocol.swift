/// How a caller speaks: one of three protocols in its variants, and how messages are written in it.
///
/// PROTOCOL-HTTP2 and PROTOCOL-WEB of gRPC; the Connect protocol reference.
package struct WireProtocol: Sendable, Hashable {
  package enum Family: Sendable, Hashable {
    /// Messages with a prefix each, the status in trailers.
    case grpc
    /// As gRPC, the status in a last frame of the body.
    case grpcWeb
    /// As gRPC-Web, the body in base64.
    case grpcWebText
    /// Connect: the body is the message, the HTTP status tells of errors.
    case connectUnary
    /// As the last, with the request in the query (methods without side effects).
    case connectGet
    /// Connect: messages with a prefix each, the end is a message of its own.
    case connectStream
  }

  /// How messages are written: binary protobuf or its canonical JSON mapping.
  package enum Codec: Sendable, Hashable { case proto, json }

  package let family: Family
  package let codec: Codec
  /// The content type of the answer to such a request.
  let contentType: String

  private init(_ family: Family, _ codec: Codec, _ contentType: String) {
    self.family = family
    self.codec = codec
    self.contentType = contentType
  }

  static let grpc = WireProtocol(.grpc, .proto, "application/grpc")

  private static let byContentType: [String: WireProtocol] = {
    let all = [
      grpc,
      WireProtocol(.grpc, .proto, "application/grpc+proto"),
      WireProtocol(.grpc, .json, "application/grpc+json"),
      WireProtocol(.grpcWeb, .proto, "application/grpc-web"),
      WireProtocol(.grpcWeb, .proto, "application/grpc-web+proto"),
      WireProtocol(.grpcWeb, .json, "application/grpc-web+json"),
      WireProtocol(.grpcWebText, .proto, "application/grpc-web-text"),
      WireProtocol(.grpcWebText, .proto, "application/grpc-web-text+proto"),
      WireProtocol(.connectUnary, .proto, "application/proto"),
      WireProtocol(.connectUnary, .json, "application/json"),
      WireProtocol(.connectStream, .proto, "application/connect+proto"),
      WireProtocol(.connectStream, .json, "application/connect+json"),
    ]
    return Dictionary(uniqueKeysWithValues: all.map { ($0.contentType, $0) })
  }()

  /// What `accept-post` says to who came with another one.
  static let contentTypes = byContentType.keys.sorted().joined(separator: ", ")

  /// By the content type of a POST, in any case and with parameters; nil for any other.
  init?(contentType: String) {
    if contentType == WireProtocol.grpc.contentType {
      self = .grpc
      return
    }
    let type = contentType.prefix { $0 != ";" && $0 != " " }.lowercased()
    guard let found = WireProtocol.byContentType[type],
      WireProtocol.isUTF8(contentType.dropFirst(type.utf8.count))
    else { return nil }
    self = found
  }

  /// A GET with the message in its query; nil for an unknown `encoding`.
  init?(getEncoding encoding: String) {
    switch encoding {
    case "proto": self.init(.connectGet, .proto, "application/proto")
    case "json": self.init(.connectGet, .json, "application/json")
    default: return nil
    }
  }

  /// A charset, where one is named, is UTF-8; other parameters mean nothing here.
  private static func isUTF8(_ parameters: Substring) -> Bool {
    let text = parameters.lowercased().filter { $0 != " " && $0 != "\"" }
    guard let range = text.firstRange(of: "charset=") else { return true }
    return text[range.upperBound...].prefix { $0 != ";" } == "utf-8"
  }

  /// Whether each message has a prefix of a flag and its length.
  var isEnveloped: Bool {
    switch family {
    case .connectUnary, .connectGet: false
    case .grpc, .grpcWeb, .grpcWebText, .connectStream: true
    }
  }

  var isConnect: Bool {
    switch family {
    case .connectUnary, .connectGet, .connectStream: true
    case .grpc, .grpcWeb, .grpcWebText: false
    }
  }

  /// Connect has content types of its own for methods with one message each way.
  func serves(_ kind: CallKind) -> Bool {
    switch family {
    case .grpc, .grpcWeb, .grpcWebText: true
    case .connectUnary, .connectGet: kind == .unary
    case .connectStream: kind != .unary
    }
  }
}

/// The compression of messages.
enum ContentCoding: String, Sendable {
  case identity, gzip

  /// What is named to callers: identity is always understood.
  static let supported = "gzip"

  /// Whether a list like `gzip, br;q=0.5` names gzip and does not rule it out.
  static func acceptsGzip(_ list: String?) -> Bool {
    guard let list else { return false }
    if list == supported { return true }
    return list.split(separator: ",").contains { item in
      let parts = item.filter { $0 != " " }.split(separator: ";")
      guard parts.first == "gzip" else { return false }
      guard let quality = parts.dropFirst().first(where: { $0.hasPrefix("q=") }) else {
        return true
      }
      return (Double(quality.dropFirst(2)) ?? 0) > 0
    }
  }
}
