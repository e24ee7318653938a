import HTTP2
import Reactor
import SwiftProtobuf
import Synchronization
import TLS
import Testing

@testable import RPC

@Suite(.timeLimit(.minutes(5))) struct `Calls` {
  @Test func `a unary call is answered`() async throws {
    try await RPCFixture.run([.echo]) { fixture in
      let answer: Text = try await fixture.client().unary(.test("Echo"), Text("hallo"))
      #expect(answer.value == "hallo")
      #expect(fixture.observer.journal.entries == ["OK /ikso.test.v1.Test/Echo"])
    }
  }

  @Test func `many calls at once on two reactors each get their own answer`() async throws {
    try await RPCFixture.run([.echo], reactors: 2) { fixture in
      let client = fixture.client()
      try await withThrowingTaskGroup(of: Bool.self) { group in
        for number in 0..<500 {
          group.addTask {
            let text = "\(number)" + String(repeating: "x", count: number)
            let answer: Text = try await client.unary(.test("Echo"), Text(text))
            return answer.value == text
          }
        }
        for try await isRight in group { #expect(isRight) }
      }
    }
  }

  @Test func `the handler runs on the connection's reactor, the caller stays on its own`()
    async throws
  {
    let method = RPCMethod.unary(.test("Where"), admit: admitAll) { (_: Text, _) in
      Text(Reactor.current.map { "\($0.index)" } ?? "none")
    }
    try await RPCFixture.run([method]) { fixture in
      let client = fixture.client()
      let task = Task(executorPreference: fixture.reactors.reactors[0]) {
        let answer: Text = try await client.unary(.test("Where"), Text())
        return (answer.value, Reactor.current?.index)
      }
      let (server, caller) = try await task.value
      #expect(server == "0" && caller == 0)
    }
  }

  @Test func `a message larger than any window passes in both directions`() async throws {
    try await RPCFixture.run([.echo]) { fixture in
      // More than the window of a connection, 1 MiB; the thread sanitizer takes its time for that.
      let text = String(repeating: "0123456789", count: 120_000)
      let options = CallOptions(timeout: .seconds(600))
      let answer: Text = try await fixture.client().unary(.test("Echo"), Text(text), options)
      #expect(answer.value == text)
    }
  }

  @Test func `metadata travels both ways`() async throws {
    let method = RPCMethod.unary(.test("Meta"), admit: admitAll) { (_: Text, call) in
      var initial = Metadata()
      try initial.add("copy-bin", bytes: call.metadata.bytes(first: "in-bin") ?? [])
      call.setInitialMetadata(initial)
      for value in call.metadata.all("in") { try call.addTrailing("out", value) }
      return Text(call.requestID)
    }
    try await RPCFixture.run([method]) { fixture in
      var options = CallOptions()
      try options.metadata.add("in", "1")
      try options.metadata.add("in", "2")
      try options.metadata.add("in-bin", bytes: [0, 255])
      try options.metadata.add("x-request-id", "call-7")
      let answer = try await fixture.client().unaryWithMetadata(
        .test("Meta"), Text(), options, as: Text.self)
      #expect(answer.message.value == "call-7")
      #expect(answer.initialMetadata[first: "x-request-id"] == "call-7")
      #expect(answer.initialMetadata.bytes(first: "copy-bin") == [0, 255])
      #expect(answer.trailingMetadata.all("out") == ["1", "2"])
    }
  }

  @Test func `all four kinds of calls carry their messages`() async throws {
    let count = RPCMethod.serverStreaming(.test("Count", .serverStreaming), admit: admitAll) {
      (request: Text, _, responses: ResponseWriter<Text>) in
      for number in 0..<(Int(request.value) ?? 0) { try await responses.send(Text("\(number)")) }
    }
    let join = RPCMethod.clientStreaming(.test("Join", .clientStreaming), admit: admitAll) {
      (requests: RequestStream<Text>, _) in
      var all = ""
      for try await request in requests { all += request.value }
      return Text(all)
    }
    let chat = RPCMethod.bidirectional(.test("Chat", .bidirectional), admit: admitAll) {
      (requests: RequestStream<Text>, _, responses: ResponseWriter<Text>) in
      for try await request in requests { try await responses.send(Text("re: " + request.value)) }
    }
    try await RPCFixture.run([count, join, chat]) { fixture in
      let client = fixture.client()
      var numbers: [String] = []
      let stream = try await client.serverStreaming(
        count.descriptor, Text("3"), as: Text.self)
      for try await message in stream { numbers.append(message.value) }
      #expect(numbers == ["0", "1", "2"])

      let joined = try await client.clientStreaming(join.descriptor, as: Text.self) {
        (requests: RequestWriter<Text>) in
        for part in ["a", "b", "c"] { try await requests.send(Text(part)) }
      }
      #expect(joined.value == "abc")

      let answers = try await client.bidirectional(
        chat.descriptor, request: Text.self, as: Text.self
      ) { requests, responses in
        var answers: [String] = []
        var iterator = responses.makeAsyncIterator()
        for word in ["one", "two"] {
          try await requests.send(Text(word))
          answers.append(try await iterator.next()?.value ?? "")
        }
        requests.finish()
        let last = try await iterator.next()
        return answers + (last == nil ? [] : ["more"])
      }
      #expect(answers == ["re: one", "re: two"])
      await fixture.observer.journal.wait(for: "OK /ikso.test.v1.Test/Chat")
    }
  }

  @Test func `an empty stream of responses ends with OK`() async throws {
    let none = RPCMethod.serverStreaming(.test("None", .serverStreaming), admit: admitAll) {
      (_: Text, _, _: ResponseWriter<Text>) in
    }
    try await RPCFixture.run([none]) { fixture in
      let stream = try await fixture.client().serverStreaming(
        none.descriptor, Text(), as: Text.self)
      var iterator = stream.makeAsyncIterator()
      #expect(try await iterator.next() == nil)
    }
  }

  @Test func `with mutual TLS the handler knows who calls`() async throws {
    let who = RPCMethod.unary(.test("Who"), admit: admitAll) { (_: Text, call) in
      Text(call.peer?.spiffe ?? "nobody")
    }
    let server = try Certificates.shared.server()
    let tls = try Certificates.shared.client()
    try await RPCFixture.run([who], configure: { $0.tls = server }) { fixture in
      let client = RPCClient(endpoint: fixture.endpoint, tls: tls, reactors: fixture.reactors)
      let answer: Text = try await client.unary(.test("Who"), Text())
      #expect(answer.value == "spiffe://ikso/gateway")
      let plain = fixture.client()
      let error = await rpcError { let _: Text = try await plain.unary(.test("Who"), Text()) }
      #expect(error?.code == .unavailable)
    }
  }

  @Test func `admission comes before the request is read`() async throws {
    let method = RPCMethod.unary(
      .test("Guarded"),
      admit: { _ -> Int in throw RPCError.unauthenticated("a token is needed") },
      { (request: Text, _) in request })
    try await RPCFixture.run([method]) { fixture in
      // Far more than a window: the refusal comes although the request is never read whole.
      let large = Text(String(repeating: "x", count: 3_000_000))
      let error = await rpcError {
        let _: Text = try await fixture.client().unary(.test("Guarded"), large)
      }
      #expect(error?.description == "UNAUTHENTICATED: a token is needed")
    }
  }
}

extension Text {
  init(_ value: String) {
    self.init()
    self.value = value
  }
}

@Suite(.timeLimit(.minutes(5))) struct `Errors of calls` {
  private struct Secret: Error { let detail = "password hunter2" }

  private enum DomainError: Error, PublicError {
    case goalIsClosed
    var status: RPCError { .failedPrecondition("the goal is closed; reopen it first") }
  }

  private let failing = RPCMethod.unary(.test("Fail"), admit: admitAll) {
    (request: Text, call) -> Text in
    switch request.value {
    case "secret": throw Secret()
    case "domain": throw DomainError.goalIsClosed
    case "cancelled": throw CancellationError()
    default:
      try call.addTrailing("t", "1")
      throw RPCError(.aborted, "nicht möglich: 100 %", metadata: ["reason": "WHY"])
    }
  }

  @Test func `a status comes with its message and metadata`() async throws {
    try await RPCFixture.run([failing]) { fixture in
      let error = await rpcError {
        let _: Text = try await fixture.client().unary(.test("Fail"), Text())
      }
      #expect(error?.code == .aborted && error?.message == "nicht möglich: 100 %")
      #expect(error?.metadata[first: "reason"] == "WHY" && error?.metadata[first: "t"] == "1")
    }
  }

  @Test func `an unknown error shows the caller a request id and the observer the detail`()
    async throws
  {
    try await RPCFixture.run([failing]) { fixture in
      var options = CallOptions()
      try options.metadata.add("x-request-id", "r-1")
      let error = await rpcError {
        let _: Text = try await fixture.client().unary(.test("Fail"), Text("secret"), options)
      }
      #expect(error?.description == "INTERNAL: internal error (request r-1)")
      #expect(error?.metadata[first: "x-request-id"] == "r-1")
      #expect(fixture.observer.errors.withLock { $0 }.first?.contains("hunter2") == true)
    }
  }

  @Test func `domain errors and cancellation have their statuses`() async throws {
    try await RPCFixture.run([failing]) { fixture in
      let client = fixture.client()
      let domain = await rpcError {
        let _: Text = try await client.unary(.test("Fail"), Text("domain"))
      }
      #expect(domain?.code == .failedPrecondition)
      let cancelled = await rpcError {
        let _: Text = try await client.unary(.test("Fail"), Text("cancelled"))
      }
      #expect(cancelled?.code == .cancelled)
    }
  }

  @Test func `an error after some messages ends the stream of responses`() async throws {
    let method = RPCMethod.serverStreaming(.test("Some", .serverStreaming), admit: admitAll) {
      (_: Text, _, responses: ResponseWriter<Text>) in
      try await responses.send(Text("one"))
      throw RPCError.dataLoss("the rest is gone")
    }
    try await RPCFixture.run([method]) { fixture in
      let stream = try await fixture.client().serverStreaming(
        method.descriptor, Text(), as: Text.self)
      var received: [String] = []
      let error = await rpcError {
        for try await message in stream { received.append(message.value) }
      }
      #expect(received == ["one"] && error?.code == .dataLoss)
    }
  }

  @Test func `an unknown method is UNIMPLEMENTED and named`() async throws {
    try await RPCFixture.run([.echo]) { fixture in
      let error = await rpcError {
        let _: Text = try await fixture.client().unary(.test("Nothing"), Text())
      }
      #expect(error?.code == .unimplemented)
      #expect(error?.message == "unknown method /ikso.test.v1.Test/Nothing")
      #expect(fixture.observer.journal.entries == ["UNIMPLEMENTED /ikso.test.v1.Test/Nothing"])
    }
  }

  @Test func `a request above the limit is refused with both sizes`() async throws {
    try await RPCFixture.run([.echo], configure: { $0.maxMessageBytes = 1000 }) { fixture in
      let error = await rpcError {
        let large = Text(String(repeating: "x", count: 2_000_000))
        let _: Text = try await fixture.client().unary(.test("Echo"), large)
      }
      #expect(error?.code == .resourceExhausted)
      #expect(error?.message == "a message of 2000004 bytes exceeds the limit of 1000 bytes")
    }
  }

  @Test func `a response above the client's limit is refused by the client`() async throws {
    try await RPCFixture.run([.echo]) { fixture in
      var configuration = RPCClientConfiguration()
      configuration.maxMessageBytes = 1000
      let client = fixture.client(configuration)
      let error = await rpcError {
        let large = Text(String(repeating: "x", count: 2000))
        let _: Text = try await client.unary(.test("Echo"), large)
      }
      #expect(error?.code == .resourceExhausted)
      let answer: Text = try await client.unary(.test("Echo"), Text("next"))
      #expect(answer.value == "next")
    }
  }

  @Test func `calls above the limit of open ones are refused`() async throws {
    let journal = Journal()
    let hang = RPCMethod.unary(.test("Hang"), admit: admitAll) { (request: Text, _) in
      journal.note("in")
      try await sleepUntilCancelled()
      return request
    }
    try await RPCFixture.run([hang], configure: { $0.maxOpenCalls = 1 }) { fixture in
      let client = fixture.client()
      let first = Task { let _: Text = try await client.unary(.test("Hang"), Text()) }
      await journal.wait(for: "in")
      let error = await rpcError { let _: Text = try await client.unary(.test("Hang"), Text()) }
      #expect(error?.code == .resourceExhausted)
      first.cancel()
      _ = await first.result
    }
  }
}
