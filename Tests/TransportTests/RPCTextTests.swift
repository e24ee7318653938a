import HTTP2
import Testing

@testable import RPC

@Suite struct `Timeouts` {
  @Test(arguments: [
    ("1H", Duration.seconds(3600)), ("2M", .seconds(120)), ("3S", .seconds(3)),
    ("4m", .milliseconds(4)), ("5u", .microseconds(5)), ("6n", .nanoseconds(6)),
    ("99999999H", .seconds(99_999_999 * 3600)), ("0n", .zero), ("00000001S", .seconds(1)),
  ])
  func `all units are read`(_ text: String, _ duration: Duration) {
    #expect(Timeout.parse(text) == duration)
  }

  @Test(arguments: ["", "S", "1", "123456789S", "-1S", "+1S", "1s", "1 S", "1.5S", "１S", "1SS"])
  func `anything else is refused`(_ text: String) {
    #expect(Timeout.parse(text) == nil)
  }

  @Test(arguments: [
    (Duration.zero, "0n"), (.seconds(-1), "0n"), (.milliseconds(-1), "0n"),
    (.nanoseconds(99_999_999), "99999999n"), (.milliseconds(100), "100000u"),
    (.seconds(99), "99000000u"), (.seconds(100), "100000m"), (.seconds(100_000), "100000S"),
    (.seconds(100_000_000), "1666667M"), (.seconds(Int64.max), "99999999H"),
  ])
  func `the finest unit that fits eight digits is written`(_ duration: Duration, _ text: String) {
    #expect(Timeout.format(duration) == text)
  }

  @Test func `what is written is read as no less and hardly more`() throws {
    var duration = Duration.nanoseconds(1)
    while duration < .seconds(100_000_000_000) {
      let text = Timeout.format(duration)
      let read = try #require(Timeout.parse(text))
      #expect(text.utf8.count <= 9)
      #expect(read >= duration && read <= duration * 1.001 + .nanoseconds(1))
      duration = duration * 3 + .nanoseconds(7)
    }
  }
}

@Suite struct `Status messages` {
  @Test(arguments: [
    ("plain text, 100", "plain text, 100"), ("50 %", "50 %25"), ("é", "%C3%A9"),
    ("a\nb\t", "a%0Ab%09"), ("\u{1F600}", "%F0%9F%98%80"), ("", ""), ("\u{7f}", "%7F"),
  ])
  func `everything but printable ASCII is escaped`(_ text: String, _ encoded: String) {
    #expect(PercentEncoding.encode(text) == encoded)
    #expect(PercentEncoding.decode(encoded) == text)
  }

  @Test(arguments: [
    ("%", "%"), ("%4", "%4"), ("%zz", "%zz"), ("%c3%a9", "é"), ("%41%", "A%"),
    ("%FF", "\u{FFFD}"),
  ])
  func `what is no escape stays as it is`(_ encoded: String, _ text: String) {
    #expect(PercentEncoding.decode(encoded) == text)
  }

  @Test func `names are those of the specification`() {
    #expect(StatusCode.allCases.map(\.rawValue) == Array(0...16))
    #expect(StatusCode.internalError.name == "INTERNAL")
    #expect(StatusCode.allCases.map(\.digits) == (0...16).map { "\($0)" })
  }
}

@Suite struct `Metadata entries` {
  @Test func `names repeat in order`() throws {
    var metadata: Metadata = ["a": "1", "b": "2"]
    try metadata.add("a", "3")
    #expect(metadata[first: "a"] == "1")
    #expect(metadata.all("a") == ["1", "3"])
    #expect(metadata[first: "c"] == nil)
  }

  @Test func `bytes are base64 without padding on the wire`() throws {
    var metadata = Metadata()
    try metadata.add("x-bin", bytes: [0xff, 0xfe])
    #expect(metadata.entries.map(\.value) == ["//4"])
    #expect(metadata.bytes(first: "x-bin") == [0xff, 0xfe])
  }

  @Test(arguments: [
    ("//4", [0xff, 0xfe]), ("//4=", [0xff, 0xfe]), ("__4", [0xff, 0xfe]),
    ("AA==", [0]), ("AA", [0]), ("", []),
  ] as [(String, [UInt8])])
  func `padding is optional`(_ text: String, _ bytes: [UInt8]) {
    #expect(Base64.decode(text) == bytes)
  }

  @Test(arguments: ["A", "AA=", "A===", "AA AA", "+*", "AAAA="])
  func `other text is no base64`(_ text: String) {
    #expect(Base64.decode(text) == nil)
  }

  @Test func `all lengths come back`() {
    for count in 0...50 {
      let bytes = (0..<count).map { UInt8($0 * 5 & 0xff) }
      #expect(Base64.decode(Base64.encode(bytes)) == bytes)
    }
  }

  @Test func `values joined by a comma are several`() {
    let metadata = Metadata(received: [Metadata.Entry(name: "x-bin", value: "AA==, AQ")])
    #expect(metadata.allBytes("x-bin") == [[0], [1]])
  }

  @Test func `reserved and malformed names are refused`() {
    var metadata = Metadata()
    for name in ["grpc-status", "grpc-foo", "te", "content-type"] {
      #expect(throws: MetadataError.reservedName(name)) { try metadata.add(name, "1") }
    }
    for name in ["", "Upper", "with space", ":path", "ü"] {
      #expect(throws: MetadataError.invalidName(name)) { try metadata.add(name, "1") }
    }
    #expect(throws: MetadataError.invalidValue(name: "a")) { try metadata.add("a", "b\r\nc: d") }
    #expect(throws: MetadataError.wrongKind(name: "a-bin")) { try metadata.add("a-bin", "1") }
    #expect(throws: MetadataError.wrongKind(name: "a")) { try metadata.add("a", bytes: [1]) }
    #expect(metadata.isEmpty)
  }

  @Test(arguments: [
    ("Bearer abc", "abc"), ("bearer abc", "abc"), ("Bearer  abc", "abc"), ("Bearer ", nil),
    ("Basic abc", nil), ("Bearer", nil),
  ])
  func `the bearer token is read`(_ value: String, _ token: String?) {
    let method = MethodDescriptor(service: "s", name: "M")
    #expect(ServerCall(method: method, metadata: ["authorization": value]).bearerToken == token)
  }
}

@Suite struct `Heads of requests and responses` {
  private let request: HeaderBlock = [
    ":method": "POST", ":scheme": "http", ":path": "/s/M", ":authority": "h", "te": "trailers",
    "content-type": "application/grpc", "grpc-timeout": "1S", "grpc-encoding": "gzip",
    "grpc-accept-encoding": "gzip", "grpc-trace-bin": "AA", "x-request-id": "abc-1", "k": "v",
    "content-length": "5",
  ]

  @Test func `the protocol's own fields are no metadata`() throws {
    let head = RequestHead(request)
    #expect(head.metadata.map(\.name) == ["grpc-trace-bin", "x-request-id", "k"])
    #expect(head.encoding == "gzip" && head.acceptsGzip && head.requestID == "abc-1")
    #expect(head.timeout == .seconds(1))
    #expect(head.wire == .grpc && head.refusal == nil && head.path == "/s/M")
  }

  private func changed(_ name: String, _ value: String?) -> RequestHead {
    var block = request
    block.removeAll(name)
    if let value { block.append(name, value) }
    return RequestHead(block)
  }

  @Test(arguments: [
    ("application/grpc", WireProtocol.Family.grpc, WireProtocol.Codec.proto),
    ("application/grpc+proto", .grpc, .proto), ("application/grpc+json", .grpc, .json),
    ("application/grpc; charset=utf-8", .grpc, .proto), ("Application/gRPC", .grpc, .proto),
    ("application/grpc-web", .grpcWeb, .proto), ("application/grpc-web+json", .grpcWeb, .json),
    ("application/grpc-web-text", .grpcWebText, .proto),
    ("application/json", .connectUnary, .json), ("application/proto", .connectUnary, .proto),
    ("application/json; charset=\"UTF-8\"", .connectUnary, .json),
    ("application/connect+json", .connectStream, .json),
    ("application/connect+proto", .connectStream, .proto),
  ])
  func `the content type tells the protocol`(
    _ type: String, _ family: WireProtocol.Family, _ codec: WireProtocol.Codec
  ) {
    let wire = changed("content-type", type).wire
    #expect(wire?.family == family && wire?.codec == codec)
  }

  @Test(arguments: [
    nil, "", "text/plain", "application/grpcx", "application/grpc+thrift", "application/connect",
    "application/json; charset=latin1",
  ])
  func `other content types are of no protocol`(_ type: String?) {
    #expect(changed("content-type", type).wire == nil)
  }

  @Test func `a GET tells its codec in the query`() {
    let head = RequestHead([
      ":method": "GET", ":path": "/s/M?connect=v1&encoding=json&message=%7B%22a%22%3A+1%7D&x=",
    ])
    #expect(head.wire?.family == .connectGet && head.wire?.codec == .json)
    #expect(head.path == "/s/M" && head.parameters?["message"] == "{\"a\": 1}")
    #expect(head.parameters?["x"] == "" && head.parameters?["y"] == nil && head.refusal == nil)
    #expect(RequestHead([":method": "GET", ":path": "/s/M?encoding=xml"]).wire == nil)
    #expect(RequestHead([":method": "GET", ":path": "/s/M"]).wire == nil)
  }

  @Test(arguments: [
    ("gzip", true), ("br, gzip", true), ("gzip;q=0.5", true), ("gzip;q=0", false),
    ("gzip; q=0.0", false), ("identity", false), ("", false), ("gzipped", false),
  ])
  func `gzip is accepted if it is named and not ruled out`(_ list: String, _ accepted: Bool) {
    #expect(ContentCoding.acceptsGzip(list) == accepted)
    #expect(!ContentCoding.acceptsGzip(nil))
  }

  @Test func `a request without te or with a malformed timeout is refused`() {
    #expect(changed("te", nil).refusal?.message.contains("te: trailers") == true)
    #expect(changed("grpc-timeout", "1 day").refusal?.message.contains("grpc-timeout") == true)
  }

  @Test(arguments: ["", "a b", "a\u{22}", String(repeating: "a", count: 65), "é"])
  func `a request id that is no sane token is not taken over`(_ id: String) {
    #expect(changed("x-request-id", id).requestID == nil)
  }

  @Test func `random request ids are short names that are taken over as they are, and differ`() {
    var ids = RequestIDs()
    let some = (0..<100).map { _ in ids.next() }
    #expect(Set(some).count == 100)
    #expect(some.allSatisfy { $0.utf8.count == 15 && $0.first?.isLetter == true })
    #expect(some.allSatisfy(RequestHead.isRequestID))
  }

  @Test func `a status other than 200 maps as the specification says`() {
    let codes = ["400", "401", "403", "404", "429", "502", "503", "504", "500", "418"].map {
      ResponseStatus.refusal(in: [":status": $0])?.code
    }
    #expect(
      codes == [
        .internalError, .unauthenticated, .permissionDenied, .unimplemented, .unavailable,
        .unavailable, .unavailable, .unavailable, .unknown, .unknown,
      ])
  }

  @Test func `what a peer calls its status is told without control characters`() {
    let refusal = ResponseStatus.refusal(in: [":status": "5\u{7f}0\u{1}\r\n2\u{e9}"])
    #expect(refusal?.message == "the server answered with HTTP status 502")
  }

  @Test func `trailers without or with an unknown status are UNKNOWN`() {
    #expect(ResponseStatus.error(in: [:])?.code == .unknown)
    #expect(ResponseStatus.error(in: ["grpc-status": "99"])?.code == .unknown)
    #expect(ResponseStatus.error(in: ["grpc-status": "x"])?.code == .unknown)
    #expect(ResponseStatus.error(in: ["grpc-status": "0"])?.code == nil)
  }

  @Test func `an error's message and metadata come back from its trailers`() throws {
    let sent = RPCError(.notFound, "kein Ziel: 100 % weg\u{2026}", metadata: ["reason": "GONE"])
    let answer = Answer(wire: .grpc, requestID: nil)
    let read = try #require(ResponseStatus.error(in: answer.trailers(sent, ["a": "b"])))
    #expect(read.code == .notFound && read.message == sent.message)
    #expect(read.metadata == ["reason": "GONE", "a": "b"])
  }

  @Test func `the pause between attempts grows to its maximum, with jitter`() {
    let backoff = RPCClientConfiguration.Backoff()
    let pauses = (1...20).map { backoff.delay(failures: $0, random: 0) }
    #expect(pauses[0] == backoff.initial && pauses[19] == backoff.maximum)
    #expect(zip(pauses, pauses.dropFirst()).allSatisfy { $0 <= $1 })
    #expect(backoff.delay(failures: 20, random: 1) == backoff.maximum * 1.2)
  }
}
