import HTTP2
import SwiftProtobuf
import Testing

@testable import RPC

@Suite(.timeLimit(.minutes(5))) struct `What a call passes on` {
  @Test func `a nested call has what is left of the deadline`() async throws {
    let clients = AsyncStream.makeStream(of: RPCClient.self)
    let inner = RPCMethod.unary(.test("Inner"), admit: admitAll) { (_: Text, call) in
      let left = try #require(call.deadline) - .now
      return Text("\(left.components.seconds)")
    }
    let outer = RPCMethod.unary(.test("Outer"), admit: admitAll) { (request: Text, call) in
      var iterator = clients.stream.makeAsyncIterator()
      let client = try #require(await iterator.next())
      return try await client.unary(
        .test("Inner"), request, CallOptions(deadline: call.deadline), as: Text.self)
    }
    try await RPCFixture.run([inner, outer]) { fixture in
      let client = fixture.client()
      clients.continuation.yield(client)
      let answer: Text = try await client.unary(
        .test("Outer"), Text(), CallOptions(timeout: .seconds(40)))
      // Without a deadline passed on it would be the client's 60 seconds.
      #expect((1..<40).contains(Int(answer.value) ?? 0))
    }
  }

  @Test func `a deadline ends a stream on both sides`() async throws {
    let journal = Journal()
    let method = RPCMethod.bidirectional(.test("Chat", .bidirectional), admit: admitAll) {
      (requests: RequestStream<Text>, _, responses: ResponseWriter<Text>) in
      journal.note("begun")
      do {
        for try await request in requests { try await responses.send(request) }
      } catch {
        journal.note("ended")
      }
    }
    try await RPCFixture.run([method]) { fixture in
      let client = fixture.client()
      var timeout = Duration.milliseconds(50)
      // On a busy machine it may pass before the call has got to the server.
      repeat {
        let error = await rpcError {
          try await client.bidirectional(
            method.descriptor, CallOptions(timeout: timeout), request: Text.self, as: Text.self
          ) { requests, responses in
            do { try await requests.send(Text("one")) } catch is CallEnded {}
            for try await _ in responses {}
          }
        }
        #expect(error?.code == .deadlineExceeded)
        timeout *= 2
      } while !journal.entries.contains("begun")
      await journal.wait(for: "ended")
    }
  }

  @Test func `a client that leaves a call cancels its handler`() async throws {
    let journal = Journal()
    let method = RPCMethod.bidirectional(.test("Chat", .bidirectional), admit: admitAll) {
      (requests: RequestStream<Text>, _, responses: ResponseWriter<Text>) in
      for try await request in requests {
        try await responses.send(request)
        do { try await sleepUntilCancelled() } catch { journal.note("cancelled") }
      }
    }
    try await RPCFixture.run([method]) { fixture in
      let first = try await fixture.client().bidirectional(
        method.descriptor, request: Text.self, as: Text.self
      ) { requests, responses in
        try await requests.send(Text("hello"))
        var iterator = responses.makeAsyncIterator()
        return try await iterator.next()?.value
      }
      #expect(first == "hello")
      await journal.wait(for: "cancelled")
    }
  }

  @Test func `a server that ends a call stops the client's writer`() async throws {
    let method = RPCMethod.bidirectional(.test("Chat", .bidirectional), admit: admitAll) {
      (requests: RequestStream<Text>, _, _: ResponseWriter<Text>) in
      for try await _ in requests { throw RPCError.failedPrecondition("enough") }
    }
    try await RPCFixture.run([method]) { fixture in
      let error = await rpcError {
        try await fixture.client().bidirectional(
          method.descriptor, request: Text.self, as: Text.self
        ) { requests, responses in
          do {
            while true { try await requests.send(Text("more")) }
          } catch is CallEnded {}
          for try await _ in responses {}
        }
      }
      #expect(error?.code == .failedPrecondition && error?.message == "enough")
    }
  }

  @Test func `metadata of a stream keeps repeated names, bytes and order`() async throws {
    let method = RPCMethod.serverStreaming(.test("Meta", .serverStreaming), admit: admitAll) {
      (request: Text, call, responses: ResponseWriter<Text>) in
      var initial = Metadata()
      for value in call.metadata.all("x-in") { try initial.add("x-out", value) }
      for bytes in call.metadata.allBytes("x-in-bin") { try initial.add("x-out-bin", bytes: bytes) }
      call.setInitialMetadata(initial)
      try await responses.send(request)
      var error = RPCError.aborted("stop")
      for bytes in call.metadata.allBytes("x-in-bin") {
        try error.metadata.add("x-end-bin", bytes: bytes)
      }
      throw error
    }
    try await RPCFixture.run([method]) { fixture in
      var options = CallOptions()
      for value in ["b", "a", "b"] { try options.metadata.add("x-in", value) }
      let parts: [[UInt8]] = [[0, 255], [], [44, 44]]
      for bytes in parts { try options.metadata.add("x-in-bin", bytes: bytes) }
      let stream = try await fixture.client().serverStreaming(
        method.descriptor, Text("one"), options, as: Text.self)
      let error = await rpcError { for try await _ in stream {} }
      let (initial, trailing) = await stream.metadata()
      #expect(initial.all("x-out") == ["b", "a", "b"])
      #expect(initial.allBytes("x-out-bin") == parts)
      #expect(trailing.allBytes("x-end-bin") == parts)
      #expect(error?.metadata.allBytes("x-end-bin") == parts)
    }
  }
}
