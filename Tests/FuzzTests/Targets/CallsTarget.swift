import Compression
import Glibc
import Reactor
import SwiftProtobuf

@testable import HTTP2
@testable import RPC

private typealias Text = Google_Protobuf_StringValue

/// Requests to a server with a method of each kind, of a client that writes headers and bodies as
/// the input says.
///
/// What has to hold: each request is answered in full in its protocol, or its stream is reset; the
/// connection stays; nothing is left open.
enum CallsTarget {
  private static let longest = 3

  static func check(_ input: [UInt8]) throws {
    var input = FuzzInput(input)
    var requests: [FuzzRequest] = []
    while !input.isEmpty, requests.count < longest { requests.append(FuzzRequest(&input)) }
    let all = requests
    try FuzzReactor.run { reactor, done in
      do throws(Violation) {
        try FuzzExchange(reactor, all, done).begin()
      } catch {
        done(error)
      }
    }
  }

  fileprivate static let methods: [RPCMethod] = [
    .unary(method("Echo", .unary), admit: admit) { (request: Text, _) in request },
    .serverStreaming(method("Count", .serverStreaming), admit: admit) {
      (request: Text, _, responses: ResponseWriter<Text>) in
      for _ in 0..<(request.value.utf8.count % 8) { try await responses.send(request) }
    },
    .clientStreaming(method("Join", .clientStreaming), admit: admit) {
      (requests: RequestStream<Text>, _) in
      var all = ""
      for try await request in requests { all += request.value }
      return Text(all)
    },
    .bidirectional(method("Chat", .bidirectional), admit: admit) {
      (requests: RequestStream<Text>, _, responses: ResponseWriter<Text>) in
      for try await request in requests { try await responses.send(request) }
    },
  ]

  private static func method(_ name: String, _ kind: CallKind) -> MethodDescriptor {
    MethodDescriptor(service: "fuzz.Test", name: name, kind: kind, hasNoSideEffects: kind == .unary)
  }

  private static func admit(_ call: ServerCall) async throws -> ServerCall { call }

  static let paths = methods.map(\.descriptor.path) + ["/fuzz.Test/None", "/"]
}

/// A request as an input describes it.
struct FuzzRequest: Sendable {
  var headers: HeaderBlock
  var pieces: [[UInt8]] = []
  /// The client gives up after so many pieces.
  var givesUpAfter: Int?

  private static let contentTypes = [
    "application/grpc", "application/grpc+proto", "application/grpc+json", "application/grpc-web",
    "application/grpc-web+json", "application/grpc-web-text", "application/grpc-web-text+proto",
    "application/proto", "application/json", "application/connect+proto",
    "application/connect+json", "application/json; charset=utf-8", "text/plain", "",
  ]
  private static let names = [
    "grpc-timeout", "grpc-encoding", "grpc-accept-encoding", "connect-timeout-ms",
    "connect-protocol-version", "content-encoding", "connect-content-encoding",
    "connect-accept-encoding", "accept-encoding", "origin", "x-request-id", "x-any-bin", "x-any",
    "content-length",
  ]

  init(_ input: inout FuzzInput) {
    let path = CallsTarget.paths[input.below(CallsTarget.paths.count)]
    let type = FuzzRequest.contentTypes[input.below(FuzzRequest.contentTypes.count)]
    let shape = input.byte()
    let isGet = shape & 1 != 0
    headers = [
      ":method": isGet ? "GET" : "POST", ":scheme": "http", ":authority": "fuzz",
      ":path": isGet ? "\(path)?\(input.text())" : path, "te": "trailers",
    ]
    if !type.isEmpty { headers.append("content-type", type) }
    for _ in 0..<input.below(5) {
      headers.append(FuzzRequest.names[input.below(FuzzRequest.names.count)], input.text())
    }
    guard !isGet else { return }
    var body: [UInt8] = []
    for _ in 0..<input.below(4) {
      body += FuzzRequest.message(input.bytes(Int(input.byte())), shape)
    }
    // Base64, for gRPC-Web as text.
    if shape & 8 != 0 { body = Base64.characters(body, isPadded: true) }
    pieces = Cuts.of(body, seed: input.byte())
    if shape & 64 != 0 { givesUpAfter = input.below(4) }
  }

  /// As the body has them, whole or not.
  private static func message(_ bytes: [UInt8], _ shape: UInt8) -> [UInt8] {
    var bytes = bytes
    let isCompressed = shape & 4 != 0
    if isCompressed { bytes = unsafe bytes.withUnsafeBytes { unsafe Gzip().compress($0) } }
    guard shape & 2 == 0 else { return bytes }
    var frame = [UInt8](repeating: 0, count: MessageDecoder.prefixBytes) + bytes
    MessageFrame.setPrefix(of: &frame, flag: isCompressed ? 1 : 0)
    return frame
  }
}

/// A client and a server on the two ends of a pair of sockets. Reactor thread only.
// Unchecked: touched on the reactor's thread only.
private final class FuzzExchange: @unchecked Sendable {
  private let requests: [FuzzRequest]
  private let done: @Sendable (Violation?) -> Void
  private let client: HTTP2Connection
  private let server: HTTP2Connection
  private var answers: [FuzzAnswer] = []
  private var violation: Violation?
  private var open = 0

  init(
    _ reactor: Reactor, _ requests: [FuzzRequest], _ done: @escaping @Sendable (Violation?) -> Void
  ) throws(Violation) {
    self.requests = requests
    self.done = done
    let (one, other) = try FuzzReactor.sockets()
    var configuration = RPCServerConfiguration(
      address: SocketAddress(host: "fuzz", port: 0), tls: nil)
    configuration.maxMessageBytes = 200
    let shard = ServerShard(reactor: reactor, configuration: configuration, observer: nil)
    let router = Router(
      methods: CallsTarget.methods, shards: [shard], cors: nil, unmatched: nil, plain: nil)
    let buffers = ReactorBuffers()
    server = HTTP2Connection(
      role: .server, transport: Transport(descriptor: one, session: nil), reactor: reactor,
      limits: HTTP2Limits(), remoteAddress: "fuzz", buffers: buffers
    ) { router.accept($0, $1, $2, $3) }
    client = HTTP2Connection(
      role: .client, transport: Transport(descriptor: other, session: nil), reactor: reactor,
      limits: HTTP2Limits(), remoteAddress: "fuzz", buffers: buffers)
  }

  func begin() throws(Violation) {
    do {
      try server.start()
      try client.start()
      for request in requests { try send(request) }
    } catch {
      throw Violation(description: "the request is not sent: \(error)")
    }
    open += 1
    server.onClose = { [self] in ended() }
    if requests.isEmpty { client.close() }
  }

  private func send(_ request: FuzzRequest) throws(HTTP2Error) {
    open += 1
    let answer = FuzzAnswer { [self] answer in judge(answer) }
    let stream = try client.request(
      request.headers, endStream: request.pieces.isEmpty && request.givesUpAfter == nil,
      handler: answer)
    for (index, piece) in request.pieces.enumerated() {
      if index == request.givesUpAfter { return stream.reset(.cancel) }
      let isLast = index == request.pieces.count - 1 && request.givesUpAfter == nil
      stream.send(data: piece, endStream: isLast)
    }
    if request.givesUpAfter != nil { stream.reset(.cancel) }
  }

  private func judge(_ answer: FuzzAnswer) {
    do throws(Violation) { try answer.verify() } catch { violation = violation ?? error }
    ended()
  }

  private func ended() {
    open -= 1
    // The server's end is the last, and the client's close brings it.
    if open == 1 { client.close() }
    if open == 0 { done(violation) }
  }
}

/// What came back for a request.
private final class FuzzAnswer: HTTP2StreamHandler {
  private let ended: (FuzzAnswer) -> Void
  private var headers: HeaderBlock?
  private var body: [UInt8] = []
  private var trailers: HeaderBlock?
  private var reason: HTTP2CloseReason?

  init(_ ended: @escaping (FuzzAnswer) -> Void) { self.ended = ended }

  func headersReceived(_ headers: HeaderBlock, endStream: Bool) { self.headers = headers }

  func dataReceived(_ bytes: UnsafeRawBufferPointer, endStream: Bool) {
    unsafe body.append(contentsOf: bytes)
  }

  func trailersReceived(_ trailers: HeaderBlock) { self.trailers = trailers }
  func streamWritable() {}

  func streamClosed(_ reason: HTTP2CloseReason) {
    self.reason = reason
    ended(self)
  }

  func verify() throws(Violation) {
    switch reason {
    case .finished: break
    case .reset: return
    case let reason: throw Violation(description: "the stream ends with \(reason as Any)")
    }
    guard let headers, let status = headers[first: ":status"].flatMap({ Int($0) }) else {
      throw Violation(description: "no status")
    }
    try demand((200...599).contains(status), "status \(status)")
    let type = headers[first: "content-type"] ?? ""
    if type.hasPrefix("application/grpc-web-text") {
      try verifyWeb(try text(), "grpc-status:", flag: MessageFrame.trailersFlag)
    } else if type.hasPrefix("application/grpc-web") {
      try verifyWeb(body, "grpc-status:", flag: MessageFrame.trailersFlag)
    } else if type.hasPrefix("application/grpc") {
      let text = (trailers ?? headers)[first: "grpc-status"] ?? ""
      try demand(Int(text).map { (0...16).contains($0) } == true, "grpc-status \"\(text)\"")
    } else if type.hasPrefix("application/connect") {
      try verifyWeb(body, "{", flag: MessageFrame.endOfStreamFlag)
    } else if status != 200, type == "application/json" {
      try demand(FuzzJSON.isObject(body), "an error that is no JSON")
    }
  }

  private func text() throws(Violation) -> [UInt8] {
    var decoder = Base64Decoder()
    guard let bytes = unsafe body.withUnsafeBytes({ unsafe decoder.decode($0) }),
      decoder.isAtBoundary
    else { throw Violation(description: "the answer is no base64") }
    return bytes
  }

  /// Messages, and one frame more of that flag, which begins with `start`.
  private func verifyWeb(_ bytes: [UInt8], _ start: String, flag: UInt8) throws(Violation) {
    var position = 0
    var ends = 0
    while position < bytes.count {
      try demand(position + 5 <= bytes.count && ends == 0, "the answer breaks off or goes on")
      let length = bytes[position + 1..<position + 5].reduce(0) { $0 << 8 | Int($1) }
      let end = position + 5 + length
      try demand(end <= bytes.count, "the answer breaks off")
      if bytes[position] & flag != 0 {
        ends += 1
        let isCompressed = bytes[position] & 1 != 0
        let isRight = isCompressed || bytes[position + 5..<end].starts(with: start.utf8)
        try demand(isRight, "the last frame does not begin with \(start)")
      }
      position = end
    }
    try demand(ends == 1, "the answer has no end")
  }
}

/// Whether bytes are an object in JSON.
enum FuzzJSON {
  static func isObject(_ bytes: [UInt8]) -> Bool {
    (try? Google_Protobuf_Struct(jsonUTF8Bytes: bytes)) != nil
  }
}
