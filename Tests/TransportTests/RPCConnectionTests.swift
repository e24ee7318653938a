import HTTP2
import Reactor
import SwiftProtobuf
import Synchronization
import Testing

@testable import RPC

@Suite(.timeLimit(.minutes(5))) struct `Connections of clients` {
  @Test func `an endpoint where nobody listens is UNAVAILABLE and named`() async throws {
    try await RPCFixture.run([]) { fixture in
      let endpoint = Endpoint(host: "127.0.0.1", port: 1)
      let client = RPCClient(endpoint: endpoint, tls: nil, reactors: fixture.reactors)
      let error = await rpcError { let _: Text = try await client.unary(.test("Echo"), Text()) }
      #expect(error?.code == .unavailable)
      #expect(error?.message.contains("\(endpoint)") == true)
      #expect(error?.message.contains("refused") == true)
    }
  }

  @Test func `a call that waits for ready is answered once the server is there`() async throws {
    try await RPCFixture.run([], host: "127.0.0.2") { fixture in
      let address = fixture.endpoint
      await fixture.server.shutdown(grace: .zero)
      var configuration = RPCClientConfiguration()
      configuration.backoff.initial = .milliseconds(5)
      let client = fixture.client(address, configuration)
      // Has failed once before the server starts.
      let failed = await rpcError { let _: Text = try await client.unary(.test("Echo"), Text()) }
      #expect(failed?.code == .unavailable)
      async let answer: Text = client.unary(
        .test("Echo"), Text("late"), CallOptions(waitForReady: true))
      let late = RPCServer(
        methods: [.echo], configuration: RPCServerConfiguration(address: address, tls: nil),
        reactors: fixture.reactors)
      try late.start()
      let answered = try await answer.value
      #expect(answered == "late")
      await late.shutdown(grace: .zero)
    }
  }

  @Test func `calls above the limit of waiting ones fail at once`() async throws {
    try await RPCFixture.run([.echo]) { fixture in
      var configuration = RPCClientConfiguration()
      configuration.maxWaitingCalls = 1
      let client = fixture.client(configuration)
      let codes = Mutex<[StatusCode]>([])
      await withCheckedContinuation { done in
        fixture.reactors.reactors[0].execute {
          for last in [false, false, true] {
            client.withConnection(on: fixture.reactors.reactors[0], deadline: nil) { result in
              if case .failure(let error) = result { codes.withLock { $0.append(error.code) } }
            }
            if last { done.resume() }
          }
        }
      }
      #expect(codes.withLock { $0 } == [.unavailable, .unavailable])
    }
  }

  @Test func `a client connects anew after its server has restarted`() async throws {
    try await RPCFixture.run([.echo], host: "127.0.0.3") { fixture in
      let client = fixture.client()
      let first: Text = try await client.unary(.test("Echo"), Text("one"))
      #expect(first.value == "one")
      let address = fixture.endpoint
      await fixture.server.shutdown(grace: .zero)
      let next = RPCServer(
        methods: [.echo], configuration: RPCServerConfiguration(address: address, tls: nil),
        reactors: fixture.reactors)
      try next.start()
      let second: Text = try await client.unary(.test("Echo"), Text("two"))
      #expect(second.value == "two")
      await next.shutdown(grace: .zero)
    }
  }

  @Test func `a refused stream is sent once more, and only once`() async throws {
    let attempts = Counter()
    let refuse: UnmatchedHandler = { call in
      let stream = call.stream
      let attempt = attempts.add()
      let refusesAll = call.path.hasSuffix("Never")
      if attempt == 1 || refusesAll {
        stream.reset(.refusedStream)
      } else {
        stream.send(
          headers: [":status": "200", "content-type": "application/grpc"], endStream: false)
        stream.send(data: MessageFrame([10, 1, 65]).bytes, endStream: false)
        stream.send(trailers: ["grpc-status": "0"])
      }
      return Sink()
    }
    try await RPCFixture.run([], unmatched: refuse) { fixture in
      let client = fixture.client()
      let answer: Text = try await client.unary(.test("Once"), Text())
      #expect(answer.value == "A" && attempts.value == 2)
      attempts.value = 1
      let error = await rpcError { let _: Text = try await client.unary(.test("Never"), Text()) }
      #expect(error?.code == .unavailable && attempts.value == 3)
    }
  }

  @Test func `a reset, and an answer that is no gRPC, have their statuses`() async throws {
    let odd: UnmatchedHandler = { call in
      let stream = call.stream
      switch call.path.split(separator: "/").last {
      case "Calm": stream.reset(.enhanceYourCalm)
      case "Proxy": stream.send(headers: [":status": "503"], endStream: true)
      case "Page":
        stream.send(headers: [":status": "200", "content-type": "text/html"], endStream: false)
      default:
        stream.send(
          headers: [":status": "200", "content-type": "application/grpc"], endStream: false)
        stream.send(data: MessageFrame([]).bytes, endStream: true)
      }
      return Sink()
    }
    try await RPCFixture.run([], unmatched: odd) { fixture in
      let client = fixture.client()
      var codes: [StatusCode?] = []
      for name in ["Calm", "Proxy", "Page", "NoTrailers"] {
        codes.append(
          await rpcError { let _: Text = try await client.unary(.test(name), Text()) }?.code)
      }
      #expect(codes == [.resourceExhausted, .unavailable, .unknown, .unknown])
    }
  }

  @Test func `shutdown lets open calls finish and takes no new ones`() async throws {
    let journal = Journal()
    let slow = RPCMethod.unary(.test("Slow"), admit: admitAll) { (request: Text, _) in
      journal.note("entered")
      if request.value == "kept" { await journal.wait(for: "go on") }
      return request
    }
    try await RPCFixture.run([slow]) { fixture in
      let client = fixture.client()
      async let answer: Text = client.unary(.test("Slow"), Text("kept"))
      await journal.wait(for: "entered")
      async let end: Void = fixture.server.shutdown(grace: .seconds(20))
      // Calls are served until the client has been told.
      var late: RPCError?
      while late == nil {
        late = await rpcError { let _: Text = try await client.unary(.test("Slow"), Text()) }
      }
      #expect(late?.code == .unavailable)
      journal.note("go on")
      let answered = try await answer.value
      #expect(answered == "kept")
      await end
    }
  }

  @Test func `calls that outlast the grace period are cancelled`() async throws {
    let journal = Journal()
    let hang = RPCMethod.unary(.test("Hang"), admit: admitAll) { (request: Text, _) in
      journal.note("entered")
      do { try await sleepUntilCancelled() } catch { journal.note("cancelled") }
      return request
    }
    try await RPCFixture.run([hang]) { fixture in
      let client = fixture.client()
      let task = Task {
        await rpcError { let _: Text = try await client.unary(.test("Hang"), Text()) }
      }
      await journal.wait(for: "entered")
      await fixture.server.shutdown(grace: .milliseconds(20))
      #expect(await task.value?.code == .unavailable)
      await journal.wait(for: "cancelled")
    }
  }

  @Test func `a client that is shut down fails calls and closes its connection`() async throws {
    try await RPCFixture.run([.echo]) { fixture in
      let client = fixture.client()
      let _: Text = try await client.unary(.test("Echo"), Text())
      await client.shutdown()
      let error = await rpcError { let _: Text = try await client.unary(.test("Echo"), Text()) }
      #expect(error?.code == .unavailable)
    }
  }
}

extension RPCFixture {
  func client(_ endpoint: Endpoint, _ configuration: RPCClientConfiguration) -> RPCClient {
    RPCClient(endpoint: endpoint, tls: nil, reactors: reactors, configuration: configuration)
  }
}

private final class Sink: HTTP2StreamHandler {
  func headersReceived(_ headers: HeaderBlock, endStream: Bool) {}
  func dataReceived(_ bytes: UnsafeRawBufferPointer, endStream: Bool) {}
  func trailersReceived(_ trailers: HeaderBlock) {}
  func streamWritable() {}
  func streamClosed(_ reason: HTTP2CloseReason) {}
}
