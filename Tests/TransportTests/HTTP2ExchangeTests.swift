import Reactor
import TLS
import Testing

@testable import HTTP2

@Suite struct HTTP2ExchangeTests {
  @Test func `a request is answered with headers, data and trailers`() async throws {
    let server = try Server()
    let connection = try await server.connect()
    let answer = try await connection.send("/a", body: Array("hello".utf8))
    #expect(await answer.ended.value == .finished)
    #expect(answer.headers == [":status": "200"])
    #expect(answer.body == Array("hello".utf8))
    #expect(answer.trailers == ["path": "/a"])
    #expect(answer.remoteEnds == 1)
    #expect(answer.closes == 1)
    await server.end()
  }

  @Test func `a request without a body and a response of headers only`() async throws {
    let server = try Server { _, stream, _, endStream in
      #expect(endStream)
      stream.send(headers: [":status": "204", "x": "1", "x": "2"], endStream: true)
      return Recorder()
    }
    let connection = try await server.connect()
    let answer = try await connection.send("/")
    #expect(await answer.ended.value == .finished)
    #expect(answer.headers?.all("x") == ["1", "2"])
    #expect(answer.trailers == nil)
    #expect(answer.remoteEnds == 1)
    await server.end()
  }

  @Test func `field values keep their bytes and lose what may not be sent`() async throws {
    let server = try Server { _, stream, headers, _ in
      stream.send(
        headers: [":status": "200", "same": headers[first: "x"] ?? "", "Bad": "a\r\nb: c\u{4e00}"],
        endStream: true)
      return Recorder()
    }
    let connection = try await server.connect()
    let answer = try await connection.reactor.run {
      let recorder = Recorder()
      var headers = request("/")
      headers.append("x", "caf\u{e9} \u{ff}")
      _ = try connection.request(headers, endStream: true, handler: recorder)
      return recorder
    }
    #expect(await answer.ended.value == .finished)
    #expect(answer.headers?[first: "same"] == "caf\u{e9} \u{ff}")
    #expect(answer.headers?[first: "bad"] == "a??b: c?")
    await server.end()
  }

  @Test(arguments: [false, true])
  func `a large body goes both ways through small windows`(_ encrypted: Bool) async throws {
    var limits = HTTP2Limits()
    limits.initialWindowBytes = 16 * 1024
    limits.connectionWindowBytes = 65_535
    let certificates = Certificates.shared
    let server = try Server(tls: encrypted ? certificates.server() : nil, limits: limits)
    let connection = try await server.connect(
      tls: encrypted ? certificates.client() : nil, limits: limits)
    let body = pattern(3 * 1024 * 1024)
    let first = try await connection.send("/one", body: body)
    let second = try await connection.send("/two", body: body)
    #expect(await first.ended.value == .finished)
    #expect(await second.ended.value == .finished)
    #expect(first.body == body)
    #expect(second.body == body)
    #expect(second.trailers?[first: "path"] == "/two")
    await server.end()
  }

  @Test func `many streams at once over several reactors each get their own answer`() async throws {
    let server = try Server(reactors: 2)
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      for _ in 0..<4 {
        let connection = try await server.connect()
        for number in 0..<100 {
          tasks.addTask {
            let body = pattern(number * 17)
            let answer = try await connection.send("/\(number)", body: body)
            #expect(await answer.ended.value == .finished)
            #expect(answer.body == body)
            #expect(answer.trailers?[first: "path"] == "/\(number)")
          }
        }
      }
      try await tasks.waitForAll()
    }
    await server.end()
  }

  @Test func `requests beyond the peer's limit of streams wait their turn`() async throws {
    var limits = HTTP2Limits()
    limits.maxConcurrentStreams = 1
    let server = try Server(limits: limits)
    let connection = try await server.connect()
    let answers = try await connection.reactor.run {
      try (0..<5).map { number in
        let recorder = Recorder()
        recorder.stream = try connection.request(
          request("/\(number)"), endStream: true, handler: recorder)
        return recorder
      }
    }
    for (number, answer) in answers.enumerated() {
      #expect(await answer.ended.value == .finished)
      #expect(answer.trailers?[first: "path"] == "/\(number)")
    }
    await server.end()
  }

  @Test func `a client beyond its own limit of requests is told so`() async throws {
    var limits = HTTP2Limits()
    limits.openRequests = 1
    let server = try Server { _, _, _, _ in Recorder() }
    let connection = try await server.connect(limits: limits)
    _ = try await connection.send("/")
    let error = await failure { _ = try await connection.send("/") }
    guard case .requestLimit(1) = error else { throw Unexpected(error) }
    await connection.closeNow()
    await server.end()
  }

  @Test func `a slow reader stops the sender and what waits stays bounded`() async throws {
    let limits = HTTP2Limits { limits in
      limits.initialWindowBytes = 64 * 1024
      limits.highWaterBytes = 128 * 1024
      limits.lowWaterBytes = 32 * 1024
    }
    let total = 2 * 1024 * 1024
    let chunk = 16 * 1024
    let highest = Promise<Int>()
    let server = try Server(limits: limits) { connection, stream, headers, endStream in
      if headers[first: ":path"] != "/large" { return echo(connection, stream, headers, endStream) }
      let recorder = Recorder()
      stream.send(headers: [":status": "200"], endStream: false)
      var left = total
      var most = 0
      let more = { [unowned stream] in
        while stream.isWritable, left > 0 {
          stream.send(data: [UInt8](repeating: 7, count: chunk), endStream: left == chunk)
          left -= chunk
          most = max(most, stream.pendingBytes)
          #expect(stream.pendingBytes < limits.highWaterBytes + chunk)
        }
        if left == 0 { highest.fulfil(most) }
      }
      recorder.onWritable = more
      more()
      #expect(!stream.isWritable)
      return recorder
    }
    let connection = try await server.connect(limits: limits)
    let filled = Promise<Void>()
    let answer = try await connection.reactor.run {
      let recorder = Recorder()
      let stream = try connection.request(request("/large"), endStream: true, handler: recorder)
      recorder.onData = { [unowned recorder] _ in
        if recorder.body.count == limits.initialWindowBytes { filled.fulfil(()) }
      }
      return (recorder, stream)
    }
    await filled.value
    // Another stream is served meanwhile, and after its round trip no byte more has come.
    #expect(await (try connection.send("/small", body: [1])).ended.value == .finished)
    try await connection.reactor.run {
      #expect(answer.0.body.count == limits.initialWindowBytes)
      answer.0.stream = answer.1
      answer.1.consumed(limits.initialWindowBytes)
    }
    #expect(await answer.0.ended.value == .finished)
    #expect(answer.0.body.count == total)
    #expect(await highest.value >= limits.highWaterBytes)
    await server.end()
  }

  @Test func `a reader that never takes anything does not hold up other streams`() async throws {
    var limits = HTTP2Limits()
    limits.initialWindowBytes = 32 * 1024
    limits.connectionWindowBytes = 128 * 1024
    let server = try Server(limits: limits)
    let connection = try await server.connect(limits: limits)
    let slow = try await connection.send("/slow", body: pattern(256 * 1024), consume: false)
    for _ in 0..<10 {
      let answer = try await connection.send("/quick", body: pattern(100_000))
      #expect(await answer.ended.value == .finished)
      #expect(answer.body.count == 100_000)
    }
    await connection.closeNow()
    guard case .connectionLost = await slow.ended.value else { throw Unexpected(nil) }
    #expect(slow.body.count == limits.initialWindowBytes)
    await server.end()
  }

  @Test func `what a closed stream left unread is given back to the connection`() async throws {
    var limits = HTTP2Limits()
    limits.initialWindowBytes = 65_535
    limits.connectionWindowBytes = 65_535
    let server = try Server(limits: limits) { _, stream, _, _ in
      stream.send(headers: [":status": "200"], endStream: false)
      stream.send(data: pattern(40_000), endStream: true)
      return Recorder()
    }
    let connection = try await server.connect(limits: limits)
    for _ in 0..<5 {
      let answer = try await connection.send("/", consume: false)
      #expect(await answer.ended.value == .finished)
      #expect(answer.body.count == 40_000)
    }
    await server.end()
  }

  @Test func `a stream that queues beyond the bound is reset`() async throws {
    var limits = HTTP2Limits()
    limits.streamBytesWaiting = 1024 * 1024
    let server = try Server(limits: limits) { _, stream, _, _ in
      let recorder = Recorder()
      stream.handler = recorder
      stream.send(headers: [":status": "200"], endStream: false)
      for _ in 0..<17 { stream.send(data: pattern(65_536), endStream: false) }
      #expect(stream.isClosed)
      return recorder
    }
    let connection = try await server.connect()
    let answer = try await connection.send("/", consume: false)
    #expect(await answer.ended.value == .reset(.enhanceYourCalm))
    #expect(await (try connection.send("/")).ended.value == .reset(.enhanceYourCalm))
    await server.end()
  }

  @Test func `output goes on when a full socket has room again`() async throws {
    let large = 12 * 1024 * 1024
    let rest = 1024 * 1024
    // A turn writes so often; each time the socket is full after another one of the turn's writes.
    for offset in 0..<16 {
      let opened = Promise<HTTP2Connection>()
      let server = try Server { connection, stream, _, _ in
        stream.send(headers: [":status": "200"], endStream: false)
        stream.send(data: pattern(offset * 36 * 1024 + 1), endStream: false)
        connection.reactor.execute { [unowned stream] in
          stream.send(data: pattern(large), endStream: false)
        }
        let recorder = Recorder()
        recorder.onWritable = { [unowned stream] in
          if stream.isWritable { stream.send(data: pattern(rest), endStream: false) }
        }
        opened.fulfil(connection)
        return recorder
      }
      let peer = try RawPeer(connectingTo: server.listener.boundPort)
      peer.write(
        Frame.preface + Wire.setting((4, 0x7fff_ffff)) + Wire.window(0, 0x7fff_0000)
          + Wire.headers(1))
      let connection = await opened.value
      while try await connection.reactor.run({ connection.backlog.isEmpty }) {}
      #expect(try await connection.reactor.run { connection.wantsWrite })
      let received = try await blocking {
        var count = 0
        while count < large + rest, let bytes = peer.readSome() { count += bytes.count }
        return count
      }
      #expect(received >= large + rest)
      await server.end()
    }
  }
}
