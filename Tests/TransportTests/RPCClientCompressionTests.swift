import Compression
import HTTP2
import SwiftProtobuf
import Synchronization
import Testing

@testable import RPC

@Suite(.timeLimit(.minutes(5))) struct `Compression at the client` {
  private static let text = String(repeating: "again and ", count: 2_000)

  @Test func `a call that asks for it goes out as gzip, and may come back so`() async throws {
    let sizes = Mutex<[Int]>([])
    let method = RPCMethod.unary(.test("Echo"), admit: admitAll) { (request: Text, call) in
      sizes.withLock { $0.append(call.lastRequestWasCompressed ? 1 : 0) }
      call.setResponseCompression(request.value.isEmpty == false)
      return request
    }
    try await RPCFixture.run([method]) { fixture in
      let client = fixture.client()
      for compresses in [true, false] {
        let answer: Text = try await client.unary(
          .test("Echo"), Text(Self.text), CallOptions(compressesRequests: compresses))
        #expect(answer.value == Self.text)
      }
      #expect(sizes.withLock { $0 } == [1, 0])
    }
  }

  @Test func `each message of a stream may be compressed or not`() async throws {
    let method = RPCMethod.bidirectional(.test("Chat", .bidirectional), admit: admitAll) {
      (requests: RequestStream<Text>, call, responses: ResponseWriter<Text>) in
      for try await request in requests {
        call.setResponseCompression(!call.lastRequestWasCompressed)
        try await responses.send(Text("\(call.lastRequestWasCompressed) \(request.value)"))
      }
    }
    try await RPCFixture.run([method]) { fixture in
      let answers = try await fixture.client().bidirectional(
        method.descriptor, CallOptions(compressesRequests: true), request: Text.self, as: Text.self
      ) { requests, responses in
        try await requests.send(Text("one"))
        try await requests.sendUncompressed(Text("two"))
        try await requests.send(Text("three"))
        requests.finish()
        var answers: [String] = []
        for try await answer in responses { answers.append(answer.value) }
        return answers
      }
      #expect(answers == ["true one", "false two", "true three"])
    }
  }

  /// Calls a server that answers with these bytes.
  private func answer(_ body: [UInt8], encoding: String?, limit: Int = 1_000) async throws
    -> Result<String, RPCError>
  {
    let unmatched: UnmatchedHandler = { raw in
      var headers: HeaderBlock = [":status": "200", "content-type": "application/grpc"]
      if let encoding { headers.append("grpc-encoding", encoding) }
      raw.stream.send(headers: headers, endStream: false)
      raw.stream.send(data: body, endStream: false)
      raw.stream.send(trailers: ["grpc-status": "0"])
      return NoHandler()
    }
    var result: Result<String, RPCError> = .success("")
    try await RPCFixture.run([], unmatched: unmatched) { fixture in
      var configuration = RPCClientConfiguration()
      configuration.maxMessageBytes = limit
      let client = fixture.client(configuration)
      do throws(RPCError) {
        let text: Text = try await client.unary(.test("Zip"), Text())
        result = .success(text.value)
      } catch {
        result = .failure(error)
      }
    }
    return result
  }

  private func zipped(_ text: String) throws -> [UInt8] {
    try WireProtocol.grpc.encode(Text(text), gzip: Gzip()).bytes
  }

  @Test func `an answer is bounded as it came and as it is decompressed`() async throws {
    let fits = try await answer(try zipped("short"), encoding: "gzip")
    #expect((try? fits.get()) == "short")
    let bomb = try zipped(String(repeating: "0", count: 100_000))
    #expect(bomb.count < 1_000)
    let refused = try await answer(bomb, encoding: "gzip")
    guard case .failure(let error) = refused else {
      Issue.record("the answer was taken")
      return
    }
    #expect(error.code == .resourceExhausted && error.message.contains("1000"))
  }

  @Test(arguments: [nil, "identity", "zstd"] as [String?])
  func `a compression that was not offered is the server's mistake`(_ encoding: String?)
    async throws
  {
    let result = try await answer(try zipped("text"), encoding: encoding)
    guard case .failure(let error) = result else {
      Issue.record("the answer was taken")
      return
    }
    #expect(error.code == .internalError)
  }

  @Test func `what is no gzip is INTERNAL`() async throws {
    var bytes = try zipped("text")
    bytes[9] ^= 0xFF
    bytes.removeLast()
    MessageFrame.setPrefix(of: &bytes, flag: MessageFrame.compressedFlag)
    let result = try await answer(bytes, encoding: "gzip")
    guard case .failure(let error) = result else {
      Issue.record("the answer was taken")
      return
    }
    #expect(error.code == .internalError)
  }

  @Test func `the client says that it reads gzip`() async throws {
    let seen = Mutex<HeaderBlock?>(nil)
    let unmatched: UnmatchedHandler = { raw in
      seen.withLock { $0 = raw.headers }
      return nil
    }
    try await RPCFixture.run([], unmatched: unmatched) { fixture in
      _ = await rpcError { let _: Text = try await fixture.client().unary(.test("Any"), Text()) }
    }
    let headers = seen.withLock { $0 }
    #expect(headers?[first: "grpc-accept-encoding"] == "gzip")
    #expect(headers?[first: "grpc-encoding"] == nil)
  }

  private static func refusal(_ call: ServerCall) throws -> RPCError {
    try call.addTrailing("x-last", "2")
    return RPCError.invalidArgument("no").violating("goal.title", "is empty")
  }

  @Test func `details and metadata of an error come with it, whatever the kind of call`()
    async throws
  {
    let unary = RPCMethod.unary(.test("Unary"), admit: admitAll) { (_: Text, call) -> Text in
      call.setInitialMetadata(["x-first": "1"])
      throw try Self.refusal(call)
    }
    let stream = RPCMethod.serverStreaming(.test("Stream", .serverStreaming), admit: admitAll) {
      (request: Text, call, responses: ResponseWriter<Text>) in
      call.setInitialMetadata(["x-first": "1"])
      try await responses.send(request)
      throw try Self.refusal(call)
    }
    try await RPCFixture.run([unary, stream]) { fixture in
      let client = fixture.client()
      var options = CallOptions()
      for kind in ["unary", "stream"] {
        let metadata = AnswerMetadata()
        options.answerMetadata = metadata
        let error = await rpcError {
          if kind == "unary" {
            let _: Text = try await client.unary(unary.descriptor, Text(), options)
          } else {
            let answers = try await client.serverStreaming(
              stream.descriptor, Text(), options, as: Text.self)
            for try await _ in answers {}
          }
        }
        let violations = error?.detail(RPCBadRequest.self)?.fieldViolations ?? []
        #expect(violations.map(\.field) == ["goal.title"])
        #expect(metadata.trailing[first: "x-last"] == "2")
        #expect((metadata.initial[first: "x-first"] ?? metadata.trailing[first: "x-first"]) == "1")
      }
    }
  }

  @Test func `a call that its writer or reader cancels ends with CANCELLED`() async throws {
    let journal = Journal()
    let method = RPCMethod.bidirectional(.test("Chat", .bidirectional), admit: admitAll) {
      (requests: RequestStream<Text>, _, responses: ResponseWriter<Text>) in
      do {
        for try await request in requests { try await responses.send(request) }
      } catch {
        journal.note("cancelled")
      }
    }
    try await RPCFixture.run([method]) { fixture in
      for byWriter in [true, false] {
        let (first, error) = try await fixture.client().bidirectional(
          method.descriptor, request: Text.self, as: Text.self
        ) { requests, responses in
          try await requests.send(Text("one"))
          var iterator = responses.makeAsyncIterator()
          let first = try await iterator.next()?.value
          if byWriter { requests.cancel() } else { responses.cancel() }
          let error = await rpcError { _ = try await iterator.next() }
          return (first, error)
        }
        #expect(first == "one" && error?.code == .cancelled)
      }
      await journal.wait(for: "cancelled", times: 2)
    }
  }
}

private final class NoHandler: HTTP2StreamHandler {
  func headersReceived(_ headers: HeaderBlock, endStream: Bool) {}
  func dataReceived(_ bytes: UnsafeRawBufferPointer, endStream: Bool) {}
  func trailersReceived(_ trailers: HeaderBlock) {}
  func streamWritable() {}
  func streamClosed(_ reason: HTTP2CloseReason) {}
}
