import HTTP2

@testable import RPC

/// Fields of a header block and what stands in them.
///
/// What has to hold: what was encoded comes back as it was; lengths and values stay in their
/// bounds; nothing of the peer's gets into a log line or a header of ours that does not belong.
enum MetadataTarget {
  static func check(_ input: [UInt8]) throws {
    var choices = FuzzInput(input)
    let kind = choices.byte()
    switch kind % 3 {
    case 0: try checkRequest(fields(&choices))
    case 1: try checkAnswer(fields(&choices))
    default: try checkTexts(String(decoding: choices.all(), as: UTF8.self))
    }
  }

  private static let names = [
    ":method", ":path", "content-type", "te", "grpc-timeout", "grpc-encoding",
    "grpc-accept-encoding", "connect-timeout-ms", "connect-protocol-version", "content-encoding",
    "connect-content-encoding", "connect-accept-encoding", "accept-encoding", "origin",
    "x-request-id", "authorization", "details-bin", ":status", "grpc-status", "grpc-message",
    "grpc-status-details-bin", "grpc-retry-pushback-ms", "access-control-request-method",
    "grpc-trace-bin",
  ]

  /// Values hold one scalar for a byte, as those of a connection do.
  private static func fields(_ input: inout FuzzInput) -> HeaderBlock {
    var block = HeaderBlock()
    while !input.isEmpty {
      let choice = Int(input.byte())
      let name = choice < names.count ? names[choice] : "x-\(choice)-bin"
      let bytes = input.bytes(Int(input.byte()))
      block.append(name, String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) })))
    }
    return block
  }

  private static func checkRequest(_ headers: HeaderBlock) throws {
    let head = RequestHead(headers)
    if let timeout = head.timeout {
      try demand(timeout >= .zero, "a timeout of \(timeout)")
      try demand(timeout <= .seconds(99_999_999 * 3_600), "a timeout of \(timeout)")
    }
    if let id = head.requestID {
      try demand(RequestHead.isRequestID(id) && id.utf8.count <= 64, "request id \"\(id)\"")
    }
    try demand(head.metadata.count <= headers.count, "more metadata than fields")
    _ = (head.refusal, head.encoding, head.acceptsGzip, head.isPreflight)
    let message = try? head.queryMessage()
    if let message, let query = head.query {
      try demand(message.bytes.count <= query.utf8.count, "a message longer than its query")
    }
    try checkMetadata(Metadata(received: head.metadata))
    if let policy = try? CORSPolicy(allowedOrigins: ["https://example.org"]) {
      let answered = policy.responseFields(origin: head.origin ?? "")
      for field in answered + policy.preflight(head).fields {
        try demand(
          field.name != "access-control-allow-origin" || field.value == "https://example.org",
          "\(field.name) is \(field.value)")
      }
    }
  }

  private static func checkAnswer(_ headers: HeaderBlock) throws {
    if let refusal = ResponseStatus.refusal(in: headers) {
      try demand(refusal.code != .ok, "a refusal is OK")
      let isPlain = refusal.message.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7f }
      try demand(isPlain, "a message of ours holds \"\(refusal.message)\"")
    }
    if let error = ResponseStatus.error(in: headers) { _ = ConnectError.json(error) }
    try checkMetadata(ResponseStatus.metadata(in: headers))
  }

  private static func checkMetadata(_ metadata: Metadata) throws(Violation) {
    for entry in metadata.entries where entry.name.hasSuffix("-bin") {
      let decoded = metadata.allBytes(entry.name).reduce(0) { $0 + $1.count }
      let encoded = metadata.all(entry.name).reduce(0) { $0 + $1.utf8.count }
      try demand(decoded <= encoded, "\(decoded) bytes of \(encoded) in \(entry.name)")
    }
    var again = Metadata()
    for entry in metadata.entries {
      do throws(MetadataError) {
        try again.add(entry.name, entry.value)
      } catch {
        continue
      }
      let isPlain = entry.value.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7f }
      try demand(isPlain, "metadata may hold \"\(entry.value)\"")
    }
  }

  private static func checkTexts(_ text: String) throws(Violation) {
    try demand(
      PercentEncoding.decode(PercentEncoding.encode(text)) == text, "percent-encoding of \(text)")
    let decoded = PercentEncoding.decode(text)
    // Three bytes of U+FFFD at most for a byte that is no UTF-8.
    try demand(decoded.utf8.count <= 3 * text.utf8.count, "\(decoded.utf8.count) bytes decoded")
    _ = (WireProtocol(contentType: text), ContentCoding.acceptsGzip(text))
    let parameters = QueryParameters(text[...])
    try demand(parameters.all.count <= text.utf8.count, "more parameters than characters")
    if let timeout = Timeout.parse(text) {
      let again = Timeout.parse(Timeout.format(timeout))
      // Rounded up, to eight digits.
      try demand(again.map { $0 >= timeout } == true, "\(text) becomes \(again as Any)")
    }
    if let timeout = Timeout.parse(milliseconds: text), timeout < .seconds(9_999_998) {
      let again = Timeout.parse(milliseconds: Timeout.format(milliseconds: timeout))
      try demand(again == timeout, "\(text) ms becomes \(again as Any)")
    }
    if let bytes = Base64.decode(text) {
      try demand(bytes.count <= text.utf8.count / 4 * 3 + 2, "too many bytes")
      try demand(Base64.decode(Base64.encode(bytes)) == bytes, "base64 of \(text)")
    }
    let error = RPCError.invalidArgument(text)
    let json = ConnectError.endOfStream(error, ["x": "y"])
    try demand(FuzzJSON.isObject(Array(json.utf8)), "no JSON: \(json)")
  }
}
