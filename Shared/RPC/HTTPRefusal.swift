import HTTP2

/// An answer in plain HTTP, to a request that is no call or whose headers forbid one.
struct HTTPRefusal: Sendable {
  var status: String
  var text: String
  var fields: [HeaderField] = []
  /// What a caller is told whose protocol is known all the same.
  var error: RPCError?
  var isPreflight = false

  static let noSuchMethod = HTTPRefusal(
    status: "404",
    text: "There is no such method here; paths are /package.Service/Method (case matters).\n")

  static let unsupportedMediaType = HTTPRefusal(
    status: "415", text: "The content type must be one of \(WireProtocol.contentTypes).\n",
    fields: [HeaderField(name: "accept-post", value: WireProtocol.contentTypes)])

  static let unsupportedEncoding = HTTPRefusal(
    status: "415", text: "The query must say encoding=json or encoding=proto.\n")

  static let headersTooLarge = HTTPRefusal(
    status: "431", text: "The request's headers exceed what this server takes.\n",
    error: .resourceExhausted("the request's headers exceed what this server takes")
      .because("HEADERS_TOO_LARGE"))

  static func methodNotAllowed(_ method: MethodDescriptor?) -> HTTPRefusal {
    let allowed = method?.hasNoSideEffects == true ? "GET, POST" : "POST"
    return HTTPRefusal(
      status: "405", text: "The HTTP method must be one of: \(allowed).\n",
      fields: [HeaderField(name: "allow", value: allowed)])
  }
}

/// Answers a refused request when it has ended, since a plain HTTP client reads no answer before;
/// one that sends more than `patience` bytes is answered at once.
final class RefusalStream: HTTP2StreamHandler {
  private static let patience = 64 * 1024

  private let stream: HTTP2Stream
  private let refusal: HTTPRefusal
  private let isHead: Bool
  private var received = 0
  private var hasAnswered = false

  /// - Parameter isHead: the answer to HEAD has no body (RFC 9110, section 9.3.2).
  init(_ stream: HTTP2Stream, _ refusal: HTTPRefusal, isHead: Bool) {
    self.stream = stream
    self.refusal = refusal
    self.isHead = isHead
    stream.expectBody()
  }

  func answer() {
    guard !hasAnswered else { return }
    hasAnswered = true
    var block: HeaderBlock = [":status": refusal.status]
    block.fields += refusal.fields
    let isEmpty = isHead || refusal.text.isEmpty
    if !isEmpty { block.append("content-type", "text/plain; charset=utf-8") }
    stream.send(headers: block, endStream: isEmpty)
    if !isEmpty { stream.send(data: Array(refusal.text.utf8), endStream: true) }
    if !stream.isRemoteEnded { stream.reset(.noError) }
  }

  func dataReceived(_ bytes: UnsafeRawBufferPointer, endStream: Bool) {
    received += bytes.count
    stream.consumed(bytes.count)
    if endStream || received > Self.patience { answer() }
  }

  func headersReceived(_ headers: HeaderBlock, endStream: Bool) {}
  func trailersReceived(_ trailers: HeaderBlock) { answer() }
  func streamWritable() {}
  func streamClosed(_ reason: HTTP2CloseReason) {}
}

/// Takes what a refused client still sends, without room for more than an initial window.
final class Discard: HTTP2StreamHandler {
  func headersReceived(_ headers: HeaderBlock, endStream: Bool) {}
  func dataReceived(_ bytes: UnsafeRawBufferPointer, endStream: Bool) {}
  func trailersReceived(_ trailers: HeaderBlock) {}
  func streamWritable() {}
  func streamClosed(_ reason: HTTP2CloseReason) {}
}
