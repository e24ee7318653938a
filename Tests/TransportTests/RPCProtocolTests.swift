import Compression
import HTTP2
import SwiftProtobuf
import Testing

@testable import RPC

/// gRPC-Web and Connect as bytes on the wire, for what a browser or curl sends and reads.
@Suite(.timeLimit(.minutes(5))) struct `The three protocols on the wire` {
  static let get = RPCMethod.unary(
    MethodDescriptor(service: "ikso.test.v1.Test", name: "Get", hasNoSideEffects: true),
    admit: admitAll
  ) { (request: Text, _) in request }

  static let fail = RPCMethod.unary(.test("Fail"), admit: admitAll) {
    (request: Text, call) -> Text in
    call.setInitialMetadata(["before": "1"])
    call.setTrailingMetadata(["after": "2"])
    throw RPCError.notFound("no \"goal\"").because("GOAL_UNKNOWN").violating("value", "other")
  }

  static let failStream = RPCMethod.serverStreaming(
    .test("FailStream", .serverStreaming), admit: admitAll
  ) { (request: Text, call, responses: ResponseWriter<Text>) in
    call.setInitialMetadata(["before": "1"])
    call.setTrailingMetadata(["after": "2"])
    throw RPCError.notFound("no \"goal\"").because("GOAL_UNKNOWN").violating("value", "other")
  }

  static let count = RPCMethod.serverStreaming(.test("Count", .serverStreaming), admit: admitAll) {
    (request: Text, call, responses: ResponseWriter<Text>) in
    call.setTrailingMetadata(["after": "2"])
    for part in request.value { try await responses.send(Text(String(part))) }
    if request.value == "ab" { throw RPCError(.aborted, "enough") }
  }

  static func call(
    _ method: String, _ body: [UInt8], _ changes: [String: String]
  ) async throws -> WireCall.Answer {
    var answer = WireCall.Answer()
    let methods = [.echo, get, fail, failStream, count]
    try await RPCFixture.run(methods, configure: { $0.errorDomain = "ikso" }) { fixture in
      let raw = try await WireCall.open(fixture, method, changes.merging(["te": ""]) { a, _ in a })
      await raw.send(body, endStream: true)
      answer = await raw.answer()
    }
    return answer
  }

  private func frame(_ flag: UInt8, _ text: String) -> [UInt8] {
    [flag, 0, 0, 0, UInt8(text.utf8.count)] + text.utf8
  }

  private let message = MessageFrame([10, 1, 65]).bytes

  // MARK: gRPC-Web

  @Test func `gRPC-Web ends its body with the trailers`() async throws {
    let answer = try await Self.call(
      "Echo", message, ["content-type": "application/grpc-web+proto"])
    #expect(answer.headers[first: "content-type"] == "application/grpc-web+proto")
    #expect(answer.data == message + frame(0x80, "grpc-status: 0\r\n"))
    #expect(answer.trailers.isEmpty && answer.close == .finished)
  }

  @Test func `gRPC-Web text is base64 both ways, padded wherever it pauses`() async throws {
    let body = Base64.characters(message.prefix(4), isPadded: true)
      + Base64.characters(message.dropFirst(4), isPadded: true)
    let answer = try await Self.call(
      "Echo", body, ["content-type": "application/grpc-web-text"])
    #expect(answer.headers[first: "content-type"] == "application/grpc-web-text")
    var decoder = Base64Decoder()
    let decoded = unsafe answer.data.withUnsafeBytes { unsafe decoder.decode($0) }
    #expect(decoded == message + frame(0x80, "grpc-status: 0\r\n"))
    let bad = try await Self.call(
      "Echo", Array("AAA".utf8), ["content-type": "application/grpc-web-text"])
    #expect(bad.headers[first: ":status"] == "200" && !bad.data.isEmpty)
  }

  @Test func `an error of gRPC-Web stands in the body, with its details`() async throws {
    let answer = try await Self.call("Fail", message, ["content-type": "application/grpc-web"])
    #expect(answer.headers[first: "before"] == "1")
    #expect(answer.data.first == 0x80)
    let text = String(decoding: answer.data.dropFirst(5), as: UTF8.self)
    #expect(text.hasPrefix("grpc-status: 5\r\ngrpc-message: no \"goal\"\r\n"))
    #expect(text.contains("grpc-status-details-bin: ") && text.contains("after: 2\r\n"))
  }

  // MARK: Connect, one message each way

  @Test func `a plain JSON post is answered with plain JSON`() async throws {
    let answer = try await Self.call(
      "Echo", Array("\"hallo\"".utf8), ["content-type": "application/json"])
    #expect(answer.headers[first: ":status"] == "200")
    #expect(answer.headers[first: "content-type"] == "application/json")
    #expect(String(decoding: answer.data, as: UTF8.self) == "\"hallo\"")
    #expect(answer.headers[first: "grpc-status"] == nil && answer.trailers.isEmpty)
  }

  @Test func `a binary post without a byte is an empty message`() async throws {
    let answer = try await Self.call("Echo", [], ["content-type": "application/proto"])
    #expect(answer.headers[first: ":status"] == "200" && answer.data.isEmpty)
  }

  @Test func `an error has HTTP status, code, details and both metadata`() async throws {
    let answer = try await Self.call(
      "Fail", Array("\"x\"".utf8), ["content-type": "application/json"])
    #expect(answer.headers[first: ":status"] == "404")
    #expect(answer.headers[first: "before"] == "1" && answer.headers[first: "trailer-after"] == "2")
    let text = String(decoding: answer.data, as: UTF8.self)
    #expect(text.hasPrefix(#"{"code":"not_found","message":"no \"goal\"","details":["#))
    #expect(text.contains(#"{"type":"google.rpc.ErrorInfo","value":""#))
    #expect(text.contains(#"{"type":"google.rpc.BadRequest","value":""#))
  }

  @Test(arguments: [
    (#""open"#, "the JSON itself is malformed"), ("{}", "another type"), ("", "malformed"),
  ])
  func `JSON that cannot be read is INVALID_ARGUMENT that says why`(
    _ body: String, _ reason: String
  ) async throws {
    let answer = try await Self.call(
      "Echo", Array(body.utf8), ["content-type": "application/json"])
    #expect(answer.headers[first: ":status"] == "400")
    let text = String(decoding: answer.data, as: UTF8.self)
    #expect(text.contains(#""code":"invalid_argument""#))
    #expect(text.contains("the message is no google.protobuf.StringValue in JSON"), "\(text)")
  }

  @Test func `a body above the limit is RESOURCE_EXHAUSTED in each protocol`() async throws {
    for (type, expected) in [
      ("application/json", "resource_exhausted"), ("application/grpc-web", "grpc-status: 8"),
    ] {
      try await RPCFixture.run([.echo], configure: { $0.maxMessageBytes = 10 }) { fixture in
        let raw = try await WireCall.open(fixture, "Echo", ["content-type": type])
        await raw.send([0, 0, 0, 0, 200] + [UInt8](repeating: 0x20, count: 200), endStream: true)
        let answer = await raw.answer()
        #expect(String(decoding: answer.data, as: UTF8.self).contains(expected))
      }
    }
  }

  @Test(arguments: [
    ["connect-protocol-version": "2"], ["connect-timeout-ms": "1s"],
    ["connect-timeout-ms": "12345678901"],
  ])
  func `a malformed field of Connect is INVALID_ARGUMENT`(_ fields: [String: String]) async throws {
    let answer = try await Self.call(
      "Echo", [], fields.merging(["content-type": "application/proto"]) { a, _ in a })
    #expect(answer.headers[first: ":status"] == "400")
  }

  @Test func `an unknown compression is UNIMPLEMENTED and names the known one`() async throws {
    let answer = try await Self.call(
      "Echo", [1], ["content-type": "application/proto", "content-encoding": "br"])
    #expect(answer.headers[first: ":status"] == "501")
    #expect(answer.headers[first: "accept-encoding"] == "gzip")
  }

  @Test func `an unknown path is 404 in the caller's protocol`() async throws {
    let connect = try await Self.call("Nothing", [], ["content-type": "application/json"])
    #expect(connect.headers[first: ":status"] == "404")
    #expect(String(decoding: connect.data, as: UTF8.self).contains(#""code":"unimplemented""#))
    let web = try await Self.call("Nothing", [], ["content-type": "application/grpc-web"])
    #expect(web.headers[first: ":status"] == "200")
    #expect(String(decoding: web.data, as: UTF8.self).contains("grpc-status: 12"))
  }

  @Test func `headers above the limit are refused in the caller's protocol`() async throws {
    let large = String(repeating: "a", count: 3_000)
    for (type, status, text) in [
      ("application/json", "431", "resource_exhausted"),
      ("application/grpc-web", "200", "grpc-status: 8"), ("text/plain", "431", "headers"),
    ] {
      try await RPCFixture.run([.echo], configure: { $0.http2.headerListBytes = 2_000 }) {
        let raw = try await WireCall.open($0, "Echo", ["content-type": type, "zz": large])
        await raw.send([], endStream: true)
        let answer = await raw.answer()
        #expect(answer.headers[first: ":status"] == status)
        #expect(String(decoding: answer.data, as: UTF8.self).contains(text))
      }
    }
  }

  // MARK: Connect, GET

  @Test func `a method without side effects can be called with GET`() async throws {
    let query = "?connect=v1&encoding=json&message=%22a%20b%22"
    let answer = try await Self.call("Get" + query, [], [":method": "GET", "content-type": ""])
    #expect(answer.headers[first: ":status"] == "200")
    #expect(String(decoding: answer.data, as: UTF8.self) == "\"a b\"")
    #expect(answer.headers[first: "cache-control"] == "private, no-store")
    let plain: [UInt8] = [10, 1, 65]
    let packed = Base64.encode(unsafe plain.withUnsafeBytes { unsafe Gzip().compress($0) })
      .replacing("+", with: "-").replacing("/", with: "_")
    let binary = "?encoding=proto&base64=1&compression=gzip&message=\(packed)"
    let other = try await Self.call("Get" + binary, [], [":method": "GET", "content-type": ""])
    #expect(other.headers[first: "content-encoding"] == "gzip")
    #expect(try Gzip().decompress(other.data, limit: 100) == plain)
  }

  @Test(arguments: [
    ("Echo?encoding=json&message=%22a%22", "405"), ("Get?message=%22a%22", "415"),
    ("Get?encoding=xml&message=a", "415"), ("Get?encoding=json", "400"), ("Get", "415"),
    ("Get?encoding=proto&base64=1&message=%21", "400"), ("Nothing?encoding=json&message=1", "404"),
    ("Get?connect=v2&encoding=json&message=%22a%22", "400"), ("Nothing", "404"),
  ])
  func `a GET that calls no such method says why`(_ path: String, _ status: String) async throws {
    let answer = try await Self.call(path, [], [":method": "GET", "content-type": ""])
    #expect(answer.headers[first: ":status"] == status)
    #expect(!answer.data.isEmpty)
  }

  // MARK: Connect, streams

  @Test func `a Connect stream ends with a frame of its own`() async throws {
    let answer = try await Self.call(
      "Count", frame(0, #""xy""#), ["content-type": "application/connect+json"])
    #expect(answer.headers[first: "content-type"] == "application/connect+json")
    #expect(
      answer.data == frame(0, #""x""#) + frame(0, #""y""#)
        + frame(2, #"{"metadata":{"after":["2"]}}"#))
  }

  @Test func `a Connect stream tells its error at the end, with HTTP status 200`() async throws {
    let answer = try await Self.call(
      "Count", frame(0, #""ab""#), ["content-type": "application/connect+json"])
    #expect(answer.headers[first: ":status"] == "200")
    let end = #"{"error":{"code":"aborted","message":"enough"},"metadata":{"after":["2"]}}"#
    #expect(answer.data == frame(0, #""a""#) + frame(0, #""b""#) + frame(2, end))
  }

  @Test func `an error of a stream looks as that of a call with one answer`() async throws {
    let one = try await Self.call(
      "Fail", Array(#""x""#.utf8), ["content-type": "application/json"])
    let stream = try await Self.call(
      "FailStream", frame(0, #""x""#), ["content-type": "application/connect+json"])
    let error = String(decoding: one.data, as: UTF8.self)
    let end = String(decoding: stream.data.dropFirst(5), as: UTF8.self)
    #expect(end == #"{"error":"# + error + #","metadata":{"after":["2"]}}"#)
    #expect(stream.headers[first: "before"] == "1")
    for type in ["application/grpc", "application/grpc-web"] {
      let fields = ["content-type": type, "te": "trailers"]
      let one = try await Self.call("Fail", message, fields)
      let stream = try await Self.call("FailStream", message, fields)
      #expect(one.data == stream.data)
      let told = one.headers.filter { $0.name.hasPrefix("grpc-") }
      #expect(told == stream.headers.filter { $0.name.hasPrefix("grpc-") })
    }
  }

  @Test func `a content type of the other kind of method is 415`() async throws {
    let unary = try await Self.call("Count", [], ["content-type": "application/json"])
    #expect(unary.headers[first: ":status"] == "415")
    let stream = try await Self.call("Echo", [], ["content-type": "application/connect+json"])
    #expect(stream.headers[first: ":status"] == "415")
  }
}
