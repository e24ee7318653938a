import Reactor
import TLS
import Testing

@testable import HTTP2

@Suite struct HTTP2EndTests {
  @Test func `a client's reset in the middle reaches the server's handler once`() async throws {
    let closed = Promise<HTTP2CloseReason>()
    let server = try Server { _, stream, _, _ in
      let recorder = Recorder()
      stream.send(headers: [":status": "200"], endStream: false)
      stream.send(data: [1], endStream: false)
      Task { closed.fulfil(await recorder.ended.value) }
      return recorder
    }
    let connection = try await server.connect()
    let begun = Promise<Void>()
    let answer = try await connection.reactor.run {
      let recorder = Recorder()
      let stream = try connection.request(request("/"), endStream: false, handler: recorder)
      recorder.onData = { _ in begun.fulfil(()) }
      stream.send(data: pattern(100_000), endStream: false)
      return (recorder, stream)
    }
    await begun.value
    try await connection.reactor.run {
      answer.1.reset(.cancel)
      #expect(answer.0.closes == 0)
      answer.1.send(data: [1], endStream: true)  // dropped
    }
    #expect(await answer.0.ended.value == .reset(.cancel))
    #expect(await closed.value == .reset(.cancel))
    await server.end()
    #expect(answer.0.closes == 1)
  }

  @Test func `a server's reset reaches the client`() async throws {
    let server = try Server { _, stream, _, _ in
      let recorder = Recorder()
      stream.send(headers: [":status": "200"], endStream: false)
      recorder.onData = { [unowned stream] _ in stream.reset(.internalError) }
      return recorder
    }
    let connection = try await server.connect()
    let answer = try await connection.send("/", body: pattern(10))
    #expect(await answer.ended.value == .reset(.internalError))
    #expect(answer.remoteEnds == 0)
    await server.end()
  }

  @Test func `a request reset before it was sent never reaches the server`() async throws {
    let server = try Server { connection, stream, headers, endStream in
      #expect(headers[first: ":path"] == "/after")
      return echo(connection, stream, headers, endStream)
    }
    let connection = try await server.connect()
    let cancelled = try await connection.reactor.run {
      let recorder = Recorder()
      let stream = try connection.request(request("/before"), endStream: true, handler: recorder)
      stream.reset(.cancel)
      return recorder
    }
    #expect(await cancelled.ended.value == .reset(.cancel))
    #expect(await (try connection.send("/after")).ended.value == .finished)
    await server.end()
  }

  @Test func `a server that refuses a request leaves it safe to retry`() async throws {
    let server = try Server { _, _, _, _ in nil }
    let connection = try await server.connect()
    #expect(await (try connection.send("/")).ended.value == .refused)
    await server.end()
  }

  @Test func `an early answer stops the client's upload and is whole`() async throws {
    let server = try Server { _, stream, _, _ in
      stream.send(headers: [":status": "200"], endStream: false)
      stream.send(data: pattern(50_000), endStream: false)
      stream.send(trailers: ["done": "yes"])
      stream.reset(.noError)
      return Recorder()
    }
    let connection = try await server.connect()
    let answer = try await connection.send("/", body: pattern(2_000_000))
    #expect(await answer.ended.value == .finished)
    #expect(answer.body == pattern(50_000))
    #expect(answer.trailers == ["done": "yes"])
    await server.end()
  }

  @Test func `a closed connection tells every open stream once, then its owner`() async throws {
    let closed = Promise<HTTP2CloseReason>()
    let arrived = Journal()
    let server = try Server { _, _, _, _ in
      arrived.note("request")
      let recorder = Recorder()
      Task { closed.fulfil(await recorder.ended.value) }
      return recorder
    }
    let connection = try await server.connect()
    let told = Promise<Void>()
    let first = try await connection.send("/", body: [1])
    let second = try await connection.send("/", body: [2])
    try await connection.reactor.run {
      connection.onClose = {
        #expect(first.closes == 1)
        #expect(second.closes == 1)
        told.fulfil(())
      }
    }
    await arrived.wait(for: "request", times: 2)
    await connection.closeNow()
    await told.value
    for answer in [first, second] {
      guard case .connectionLost(let reason) = await answer.ended.value else {
        Issue.record("not lost")
        continue
      }
      #expect(reason.contains("closed by this side"))
    }
    guard case .connectionLost = await closed.value else { throw Unexpected(nil) }
    let error = await failure { _ = try await connection.send("/") }
    guard case .connectionLost = error else { throw Unexpected(error) }
    await server.end()
  }

  @Test func `closing from within a handler is put off and loses no event`() async throws {
    let server = try Server()
    let connection = try await server.connect()
    let closed = Promise<Int>()
    let answer = try await connection.reactor.run {
      let recorder = Recorder()
      recorder.stream = try connection.request(request("/"), endStream: true, handler: recorder)
      recorder.onHeaders = { connection.close() }
      connection.onClose = { [unowned recorder] in closed.fulfil(recorder.closes) }
      return recorder
    }
    #expect(await closed.value == 1)
    _ = await answer.ended.value
    await server.end()
  }

  @Test func `draining lets open streams finish and takes no new ones`() async throws {
    let arrived = Promise<HTTP2Stream>()
    let server = try Server { connection, stream, headers, endStream in
      let handler = echo(connection, stream, headers, endStream)
      arrived.fulfil(stream)
      return handler
    }
    let connection = try await server.connect()
    let draining = Promise<Void>()
    let closed = Promise<Void>()
    let open = try await connection.reactor.run {
      connection.onDraining = { draining.fulfil(()) }
      connection.onClose = { closed.fulfil(()) }
      let recorder = Recorder()
      let stream = try connection.request(request("/open"), endStream: false, handler: recorder)
      recorder.stream = stream
      return (recorder, stream)
    }
    _ = await arrived.value
    async let drained: Void = server.listener.drain(grace: .seconds(60))
    await draining.value
    let error = await failure { _ = try await connection.send("/late") }
    guard case .draining = error else { throw Unexpected(error) }
    try await connection.reactor.run { open.1.send(data: [1, 2], endStream: true) }
    #expect(await open.0.ended.value == .finished)
    #expect(open.0.body == [1, 2])
    await drained
    await closed.value
    #expect(await server.listener.connectionCount() == 0)
    let refused = await failure { _ = try await server.connect() }
    guard case .connectFailed = refused else { throw Unexpected(refused) }
    await server.end()
  }

  @Test func `after the grace period open streams are lost`() async throws {
    let arrived = Promise<Void>()
    let server = try Server { _, _, _, _ in
      arrived.fulfil(())
      return Recorder()
    }
    let connection = try await server.connect()
    let answer = try await connection.send("/")
    await arrived.value
    await server.listener.drain(grace: .zero)
    guard case .connectionLost = await answer.ended.value else { throw Unexpected(nil) }
    await server.end()
  }

  @Test func `a client that goes away finishes what is open and closes`() async throws {
    let server = try Server()
    let connection = try await server.connect()
    let closed = Promise<Void>()
    let open = try await connection.reactor.run {
      connection.onClose = { closed.fulfil(()) }
      let recorder = Recorder()
      recorder.stream = try connection.request(request("/"), endStream: true, handler: recorder)
      connection.goAway()
      return recorder
    }
    #expect(await open.ended.value == .finished)
    await closed.value
    await server.end()
  }

  @Test func `streams that the peer has not processed at GOAWAY may be retried`() async throws {
    let peer = try RawServer()
    let group = try ReactorGroup(count: 1)
    group.start()
    let (connection, raw) = try await peer.connection(group)
    let first = try await connection.send("/1")
    let second = try await connection.send("/2")
    raw.write(Frame.goAway(last: 1, 0))
    #expect(await second.ended.value == .refused)
    raw.finishWriting()
    guard case .connectionLost = await first.ended.value else { throw Unexpected(nil) }
    group.shutdown()
  }

  /// The library notices only when its turn has come that it cannot be sent any more.
  @Test func `a request that waits in line at GOAWAY is refused once, and leaves nothing behind`()
    async throws
  {
    let peer = try RawServer()
    let group = try ReactorGroup(count: 1)
    group.start()
    let oneStream = Frame.frame(4, 0, 0, [0, 3, 0, 0, 0, 1])
    let (connection, raw) = try await peer.connection(group, settings: oneStream)
    let closed = Promise<Void>()
    let first = try await connection.send("/1")
    // Nobody but the connection holds the stream.
    let second = try await connection.send("/2", consume: false)
    try await connection.reactor.run { connection.onClose = { closed.fulfil(()) } }
    raw.write(Frame.goAway(last: 1, 0))
    #expect(await second.ended.value == .refused)
    raw.write(Frame.frame(1, 5, 1, [0x88]))
    #expect(await first.ended.value == .finished)
    await closed.value
    #expect(second.closes == 1)
    group.shutdown()
  }

  @Test func `an idle connection ends in good order`() async throws {
    var limits = HTTP2Limits()
    limits.idleTimeout = .milliseconds(10)
    let server = try Server(limits: limits)
    let connection = try await server.connect()
    let closed = Promise<Void>()
    try await connection.reactor.run {
      connection.onClose = { closed.fulfil(()) }
      if connection.isClosed { closed.fulfil(()) }
    }
    await closed.value
    await server.end()
  }

  @Test func `a peer that does not answer is given up`() async throws {
    let peer = try RawServer()
    let group = try ReactorGroup(count: 1)
    group.start()
    let (connection, raw) = try await peer.connection(
      group,
      limits: HTTP2Limits {
        $0.livenessInterval = .milliseconds(10)
        $0.livenessTimeout = .milliseconds(10)
      })
    let answer = try await connection.send("/")
    let reason = await answer.ended.value
    let text = "connection lost: the peer does not answer (livenessInterval)"
    #expect(reason == .connectionLost(text))
    raw.finishWriting()
    group.shutdown()
  }
}
