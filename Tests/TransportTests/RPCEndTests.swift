import HTTP2
import Reactor
import SwiftProtobuf
import Testing

@testable import RPC

@Suite(.timeLimit(.minutes(5))) struct `Ends of calls` {
  private func hang(_ journal: Journal) -> RPCMethod {
    .unary(.test("Hang"), admit: admitAll) { (request: Text, _) in
      journal.note("entered")
      do { try await sleepUntilCancelled() } catch { journal.note("cancelled") }
      return request
    }
  }

  @Test func `a passed deadline ends the client's call`() async throws {
    let journal = Journal()
    try await RPCFixture.run([hang(journal)]) { fixture in
      let options = CallOptions(timeout: .milliseconds(50))
      let error = await rpcError {
        let _: Text = try await fixture.client().unary(.test("Hang"), Text(), options)
      }
      #expect(error?.code == .deadlineExceeded)
    }
  }

  @Test func `the server answers DEADLINE_EXCEEDED by itself`() async throws {
    let journal = Journal()
    try await RPCFixture.run([hang(journal)]) { fixture in
      let raw = try await WireCall.open(
        fixture, "Hang", ["grpc-timeout": "20m"], whole: MessageFrame([]).bytes)
      let answer = await raw.answer()
      #expect(answer.headers[first: "grpc-status"] == "4")
      await journal.wait(for: "cancelled")
      await fixture.observer.journal.wait(for: "DEADLINE_EXCEEDED /ikso.test.v1.Test/Hang")
    }
  }

  @Test func `a deadline that has passed already sends nothing`() async throws {
    try await RPCFixture.run([.echo]) { fixture in
      let options = CallOptions(deadline: .now - .seconds(1))
      let error = await rpcError {
        let _: Text = try await fixture.client().unary(.test("Echo"), Text(), options)
      }
      #expect(error?.code == .deadlineExceeded)
      #expect(fixture.observer.journal.entries.isEmpty)
    }
  }

  @Test func `the handler sees the client's deadline`() async throws {
    let method = RPCMethod.unary(.test("Left"), admit: admitAll) { (_: Text, call) in
      let left = call.deadline.map { $0 - .now } ?? .zero
      return Text(left > .seconds(50) && left <= .seconds(60) ? "about a minute" : "\(left)")
    }
    try await RPCFixture.run([method]) { fixture in
      let answer: Text = try await fixture.client().unary(
        .test("Left"), Text(), CallOptions(timeout: .seconds(60)))
      #expect(answer.value == "about a minute")
    }
  }

  @Test func `cancelling the caller's task cancels the handler's`() async throws {
    let journal = Journal()
    try await RPCFixture.run([hang(journal)]) { fixture in
      let client = fixture.client()
      let task = Task {
        await rpcError { let _: Text = try await client.unary(.test("Hang"), Text()) }
      }
      await journal.wait(for: "entered")
      task.cancel()
      #expect(await task.value?.code == .cancelled)
      await journal.wait(for: "cancelled")
      await fixture.observer.journal.wait(for: "CANCELLED /ikso.test.v1.Test/Hang")
    }
  }

  @Test func `a cancelled call leaves nothing to the calls after it`() async throws {
    let journal = Journal()
    let state = RPCMethod.unary(.test("State"), admit: admitAll) { (_: Text, _) in
      Text(Task.isCancelled ? "cancelled" : "alive")
    }
    try await RPCFixture.run([hang(journal), state]) { fixture in
      let client = fixture.client()
      for round in 1...20 {
        let task = Task {
          await rpcError { let _: Text = try await client.unary(.test("Hang"), Text()) }
        }
        await journal.wait(for: "entered", times: round)
        task.cancel()
        #expect(await task.value?.code == .cancelled)
        await journal.wait(for: "cancelled", times: round)
        for _ in 0..<3 {
          let answer: Text = try await client.unary(.test("State"), Text())
          #expect(answer.value == "alive")
        }
      }
    }
  }

  /// Held by a handler while it runs.
  private final class Held: Sendable {
    let journal: Journal
    init(_ journal: Journal) { self.journal = journal }
    deinit { journal.note("gone") }
  }

  @Test func `a task that waits for its next call holds nothing of its last one`() async throws {
    let journal = Journal()
    let holder = RPCMethod.unary(
      .test("Hold"), admit: { _ in Held(journal) }, { (request: Text, _) in request })
    try await RPCFixture.run([holder]) { fixture in
      for round in 1...3 {
        let _: Text = try await fixture.client().unary(.test("Hold"), Text())
        await journal.wait(for: "gone", times: round)
      }
    }
  }

  @Test func `a lost connection cancels the handler`() async throws {
    let journal = Journal()
    try await RPCFixture.run([hang(journal)]) { fixture in
      let raw = try await WireCall.open(fixture, "Hang")
      await raw.send(MessageFrame([]).bytes, endStream: true)
      await journal.wait(for: "entered")
      raw.closeConnection()
      await journal.wait(for: "cancelled")
    }
  }

  @Test func `a reader that goes cancels the stream of responses`() async throws {
    let journal = Journal()
    let endless = RPCMethod.serverStreaming(.test("Endless", .serverStreaming), admit: admitAll) {
      (_: Text, _, responses: ResponseWriter<Text>) in
      defer { journal.note("ended") }
      while true { try await responses.send(Text("again")) }
    }
    try await RPCFixture.run([endless]) { fixture in
      do {
        let stream = try await fixture.client().serverStreaming(
          endless.descriptor, Text(), as: Text.self)
        for try await _ in stream { break }
      }
      await journal.wait(for: "ended")
      await fixture.observer.journal.wait(for: "CANCELLED /ikso.test.v1.Test/Endless")
    }
  }

  @Test func `a slow reader stops the writer`() async throws {
    let sent = Counter()
    let journal = Journal()
    let total = 400
    let flood = RPCMethod.serverStreaming(.test("Flood", .serverStreaming), admit: admitAll) {
      (_: Bytes, _, responses: ResponseWriter<Bytes>) in
      var chunk = Bytes()
      chunk.value = .init(repeating: 7, count: 64 * 1024)
      for number in 0..<total {
        try await responses.send(chunk)
        sent.add()
        if number == 3 { journal.note("begun") }
      }
    }
    try await RPCFixture.run([flood]) { fixture in
      let stream = try await fixture.client().serverStreaming(
        flood.descriptor, Bytes(), as: Bytes.self)
      await journal.wait(for: "begun")
      // Round trips on the same connection: by then the writer has sent all that it may.
      for _ in 0..<50 { await fixture.roundTrip() }
      let ahead = sent.value
      #expect(ahead < 40, "windows and marks hold about a megabyte, sent are \(ahead) × 64 KiB")
      var received = 0
      for try await message in stream { received += message.value.count }
      #expect(received == total * 64 * 1024)
    }
  }

  @Test func `a slow handler stops the client's writer`() async throws {
    let sent = Counter()
    let journal = Journal()
    let total = 200
    let drain = RPCMethod.clientStreaming(.test("Drain", .clientStreaming), admit: admitAll) {
      (requests: RequestStream<Bytes>, _) in
      await journal.wait(for: "open the gate")
      var received = 0
      for try await request in requests { received += request.value.count }
      return Text("\(received)")
    }
    try await RPCFixture.run([drain]) { fixture in
      let client = fixture.client()
      async let answer = client.clientStreaming(drain.descriptor, as: Text.self) {
        (requests: RequestWriter<Bytes>) in
        var chunk = Bytes()
        chunk.value = .init(repeating: 7, count: 64 * 1024)
        for number in 0..<total {
          try await requests.send(chunk)
          sent.add()
          if number == 3 { journal.note("begun") }
        }
      }
      await journal.wait(for: "begun")
      for _ in 0..<50 { await fixture.roundTrip() }
      #expect(sent.value < 40)
      journal.note("open the gate")
      let answered = try await answer.value
      #expect(answered == "\(total * 64 * 1024)")
    }
  }

  @Test func `a writer on another thread gets its turn, in order`() async throws {
    let method = RPCMethod.serverStreaming(.test("Far", .serverStreaming), admit: admitAll) {
      (_: Text, _, responses: ResponseWriter<Text>) in
      try await Task.detached {
        #expect(Reactor.current == nil)
        for number in 0..<100 { try await responses.send(Text("\(number)")) }
      }.value
    }
    try await RPCFixture.run([method]) { fixture in
      let stream = try await fixture.client().serverStreaming(
        method.descriptor, Text(), as: Text.self)
      var numbers: [String] = []
      for try await message in stream { numbers.append(message.value) }
      #expect(numbers == (0..<100).map { "\($0)" })
    }
  }
}

extension RPCFixture {
  /// Goes once through the queue of the only reactor.
  func roundTrip() async {
    await withCheckedContinuation { continuation in
      reactors.reactors[0].execute { continuation.resume() }
    }
  }
}
