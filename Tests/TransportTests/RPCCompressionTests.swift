import Compression
import HTTP2
import SwiftProtobuf
import Synchronization
import Testing

@testable import RPC

@Suite struct `Messages in gzip` {
  private func packed(_ bytes: [UInt8]) -> [UInt8] {
    unsafe bytes.withUnsafeBytes { unsafe Gzip().compress($0) }
  }

  @Test func `what was compressed comes back, at any size, from one worker`() throws {
    let gzip = Gzip()
    for size in [0, 1, 4_096, 4_097, 1_000_000] {
      let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }
      let packed = unsafe bytes.withUnsafeBytes { unsafe gzip.compress($0, prefix: 5) }
      #expect(packed.prefix(5) == [0, 0, 0, 0, 0])
      #expect(try gzip.decompress(Array(packed.dropFirst(5)), limit: size) == bytes)
    }
  }

  @Test func `members behind each other are one message`() throws {
    let both = try Gzip().decompress(packed([1, 2]) + packed([3]), limit: 3)
    #expect(both == [1, 2, 3])
  }

  @Test func `a bomb is stopped at the limit`() {
    let bomb = packed([UInt8](repeating: 0, count: 10_000_000))
    #expect(bomb.count < 50_000)
    #expect(throws: GzipError.tooLarge(limit: 1_000)) {
      try Gzip().decompress(bomb, limit: 1_000)
    }
  }

  @Test func `what is cut off or no gzip is malformed, and the next message is read`() throws {
    let gzip = Gzip()
    let whole = packed(Array("a message".utf8))
    for bad in [[], [1, 2, 3], Array(whole.dropLast()), whole + [9]] {
      #expect(throws: GzipError.malformed) { try gzip.decompress(bad, limit: 100) }
    }
    #expect(try gzip.decompress(whole, limit: 9) == Array("a message".utf8))
  }
}

@Suite(.timeLimit(.minutes(5))) struct `Compressed calls` {
  /// Answers what the message was: "true hallo" if it came compressed.
  static let tell = RPCMethod.unary(.test("Tell"), admit: admitAll) { (request: Text, call) in
    if request.value == "plain" { call.setResponseCompression(false) }
    if request.value == "packed" { call.setResponseCompression(true) }
    return Text("\(call.lastRequestWasCompressed) \(request.value)")
  }

  private func tell(
    _ value: String, _ fields: [String: String], packed: Bool
  ) async throws -> WireCall.Answer {
    let message: [UInt8] = try Text(value).serializedBytes()
    let frame = try WireProtocol.grpc.encode(Text(value), gzip: packed ? Gzip() : nil).bytes
    var answer = WireCall.Answer()
    try await RPCFixture.run([Self.tell]) { fixture in
      let raw = try await WireCall.open(fixture, "Tell", fields)
      await raw.send(frame, endStream: true)
      answer = await raw.answer()
    }
    #expect(message.isEmpty == value.isEmpty)
    return answer
  }

  private func text(_ answer: WireCall.Answer) throws -> (text: String, packed: Bool) {
    let body = Array(answer.data.dropFirst(5))
    let packed = answer.data.first == 1
    let bytes = packed ? try Gzip().decompress(body, limit: 1_000) : body
    return (try Text(serializedBytes: bytes).value, packed)
  }

  private let both = ["grpc-encoding": "gzip", "grpc-accept-encoding": "identity,gzip"]

  @Test func `who compresses is answered compressed`() async throws {
    let answer = try await tell("hallo", both, packed: true)
    #expect(answer.headers[first: "grpc-encoding"] == "gzip")
    #expect(try text(answer) == ("true hallo", true))
  }

  @Test func `who compresses and does not read it is answered plainly`() async throws {
    let plain = ["grpc-encoding": "gzip", "grpc-accept-encoding": "identity"]
    let answer = try await tell("hallo", plain, packed: true)
    #expect(answer.headers[first: "grpc-encoding"] == nil)
    #expect(answer.headers[first: "grpc-accept-encoding"] == "gzip")
    #expect(try text(answer) == ("true hallo", false))
  }

  /// As older gRPC libraries for Go do.
  @Test func `who compresses and does not say what it reads is answered compressed`() async throws {
    let answer = try await tell("hallo", ["grpc-encoding": "gzip"], packed: true)
    #expect(answer.headers[first: "grpc-encoding"] == "gzip")
    #expect(answer.headers[first: "grpc-accept-encoding"] == "gzip")
    #expect(try text(answer) == ("true hallo", true))
  }

  @Test func `the handler may choose, for who reads gzip`() async throws {
    let packed = try await tell("packed", ["grpc-accept-encoding": "gzip"], packed: false)
    #expect(try text(packed) == ("false packed", true))
    let plain = try await tell("plain", both, packed: true)
    #expect(try text(plain) == ("true plain", false))
    let deaf = try await tell("packed", [:], packed: false)
    #expect(try text(deaf) == ("false packed", false))
  }

  @Test func `a bomb is RESOURCE_EXHAUSTED, half a message INTERNAL`() async throws {
    let bomb = try await tell(String(repeating: "a", count: 5_000_000), both, packed: true)
    #expect(bomb.headers[first: "grpc-status"] == "8")
    try await RPCFixture.run([Self.tell]) { fixture in
      let raw = try await WireCall.open(fixture, "Tell", both)
      await raw.send([1, 0, 0, 0, 3, 1, 2, 3], endStream: true)
      #expect(await raw.answer().headers[first: "grpc-status"] == "13")
    }
  }

  @Test func `a bomb that a reader waits for ends its call and no other`() async throws {
    let journal = Journal()
    let join = RPCMethod.clientStreaming(.test("Join", .clientStreaming), admit: admitAll) {
      (requests: RequestStream<Text>, _) in
      journal.note("reading")
      for try await _ in requests {}
      return Text()
    }
    let bomb = try WireProtocol.grpc.encode(
      Text(String(repeating: "a", count: 5_000_000)), gzip: Gzip())
    try await RPCFixture.run([join, .echo]) { fixture in
      let raw = try await WireCall.open(fixture, "Join", both)
      await journal.wait(for: "reading")
      await raw.send(bomb.bytes)
      #expect(await raw.answer().headers[first: "grpc-status"] == "8")
      let other: Text = try await fixture.client().unary(.test("Echo"), Text("b"))
      #expect(other.value == "b")
    }
  }

  @Test func `bombs end their calls alone, and their sender's name is told`() async throws {
    let told = Mutex<[HTTP2Excess]>([])
    let bomb = try WireProtocol.grpc.encode(
      Text(String(repeating: "a", count: 5_000_000)), gzip: Gzip())
    try await RPCFixture.run([.echo]) {
      $0.onExcess = { excess in told.withLock { $0.append(excess) } }
    } _: { fixture in
      let client = fixture.client()
      for count in 1...10 {
        let raw = try await WireCall.open(fixture, "Echo", both)
        await raw.send(bomb.bytes, endStream: true)
        #expect(await raw.answer().headers[first: "grpc-status"] == "8")
        let other: Text = try await client.unary(.test("Echo"), Text("b"))
        #expect(other.value == "b")
        #expect(told.withLock { $0.count } == count)
      }
    }
    let excesses = told.withLock { $0 }
    #expect(excesses.allSatisfy { $0.bound == .messageBytes && $0.reason.contains("4194304") })
    #expect(Set(excesses.map(\.remoteAddress)).count == 10)
  }

  @Test func `Connect compresses the body as HTTP does`() async throws {
    let body = unsafe Array("\"hallo\"".utf8).withUnsafeBytes { unsafe Gzip().compress($0) }
    try await RPCFixture.run([Self.tell]) { fixture in
      let raw = try await WireCall.open(
        fixture, "Tell",
        ["content-type": "application/json", "content-encoding": "gzip", "te": ""])
      await raw.send(body, endStream: true)
      let answer = await raw.answer()
      #expect(answer.headers[first: "content-encoding"] == "gzip")
      let text = try Gzip().decompress(answer.data, limit: 100)
      #expect(String(decoding: text, as: UTF8.self) == "\"true hallo\"")
    }
  }
}
