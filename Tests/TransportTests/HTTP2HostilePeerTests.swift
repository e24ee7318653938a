import Reactor
import TLS
import Testing

@testable import HTTP2

/// What broken, hostile and absent peers do.
@Suite struct HTTP2HostilePeerTests {
  @Test func `a garbage preface is closed and others are served`() async throws {
    let server = try Server { connection, stream, headers, endStream in
      echo(connection, stream, headers, endStream)
    }
    for garbage in [
      Array("GET / HTTP/1.1\r\nHost: test\r\n\r\n".utf8), pattern(1_000), [0],
      Array(Frame.preface.dropLast()) + [0],
    ] {
      let raw = try RawPeer(connectingTo: server.listener.boundPort)
      raw.write(garbage)
      if garbage.count == 1 { raw.finishWriting() }
      _ = try await raw.readToEnd()
    }
    let connection = try await server.connect()
    #expect(await (try connection.send("/")).ended.value == .finished)
    await server.end()
  }

  @Test(arguments: [
    [0, 0, 200, 0, 0, 0, 0, 0, 1, 1, 2, 3],  // DATA of 200 bytes, of which three came
    [0, 0, 4, 3, 0],  // half a frame header
    [],
  ] as [[UInt8]])
  func `an end in the middle of a frame tells the open stream once`(_ part: [UInt8]) async throws {
    let opened = Promise<Recorder>()
    let server = try Server { _, _, _, _ in
      let recorder = Recorder()
      opened.fulfil(recorder)
      return recorder
    }
    let raw = try RawPeer(connectingTo: server.listener.boundPort)
    raw.write(Frame.preface + Frame.settings + Frame.headers(1, endStream: false) + part)
    let recorder = await opened.value
    raw.finishWriting()
    guard case .connectionLost = await recorder.ended.value else { throw Unexpected(nil) }
    await server.end()
    #expect(recorder.closes == 1)
    #expect(recorder.remoteEnds == 0)
  }

  @Test func `an answer that breaks off within a frame is lost, not whole`() async throws {
    let peer = try RawServer()
    let group = try ReactorGroup(count: 1)
    group.start()
    let (connection, raw) = try await peer.connection(group)
    let answer = try await connection.send("/")
    raw.write(Frame.frame(1, 4, 1, [0x88]) + [0, 0, 100, 0, 1, 0, 0, 0, 1] + pattern(50))
    raw.finishWriting()
    guard case .connectionLost = await answer.ended.value else { throw Unexpected(nil) }
    #expect(answer.headers == [":status": "200"])
    #expect(answer.remoteEnds == 0)
    #expect(answer.closes == 1)
    group.shutdown()
  }

  @Test func `a protocol error ends the connection with GOAWAY`() async throws {
    let server = try Server()
    for wrong in [
      Frame.frame(0, 0, 0, [1]),  // DATA on stream 0
      Frame.frame(8, 0, 0, Frame.word(0)),  // WINDOW_UPDATE of 0
      Frame.headers(2, endStream: true),  // an even stream
      Frame.frame(1, 4, 1, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),  // not HPACK
      Frame.frame(4, 0, 0, [0, 0, 0]),  // SETTINGS of an odd length
    ] {
      let raw = try RawPeer(connectingTo: server.listener.boundPort)
      raw.write(Frame.preface + Frame.settings + wrong)
      let code = Frame.goAwayCode(in: try await raw.readToEnd())
      #expect(code != nil && code != 0)
    }
    await server.end()
  }

  @Test func `rapid resets end the connection with ENHANCE_YOUR_CALM`() async throws {
    var limits = HTTP2Limits()
    limits.resetBurst = 5
    limits.resetsPerSecond = 0
    let server = try Server(limits: limits) { _, _, _, _ in Recorder() }
    let raw = try RawPeer(connectingTo: server.listener.boundPort)
    var bytes = Frame.preface + Frame.settings
    for number in 0..<20 {
      let id = UInt32(2 * number + 1)
      bytes += Frame.headers(id, endStream: false) + Frame.reset(id, 8)
    }
    raw.write(bytes)
    #expect(Frame.goAwayCode(in: try await raw.readToEnd()) == 11)
    await server.end()
  }

  @Test func `resets that a client provokes count as its own`() async throws {
    var limits = HTTP2Limits()
    limits.resetBurst = 5
    limits.resetsPerSecond = 0
    let server = try Server(limits: limits) { _, _, _, _ in Recorder() }
    let raw = try RawPeer(connectingTo: server.listener.boundPort)
    var bytes = Frame.preface + Frame.settings
    for number in 0..<20 {
      let id = UInt32(2 * number + 1)
      // WINDOW_UPDATE of 0 on a stream is an error of that stream (CVE-2025-8671).
      bytes += Frame.headers(id, endStream: false) + Frame.frame(8, 0, id, Frame.word(0))
    }
    raw.write(bytes)
    let code = Frame.goAwayCode(in: try await raw.readToEnd())
    #expect(code != nil && code != 0)
    await server.end()
  }

  @Test(arguments: [false, true])
  func `a header block beyond the limit is answered 431`(_ byAccept: Bool) async throws {
    var limits = HTTP2Limits()
    limits.headerListBytes = 1_000
    let server = try Server(limits: limits) { connection, stream, headers, endStream in
      #expect(headers[first: "x"] == nil)
      #expect(headers[first: ":path"] == "/")
      guard stream.isHeaderListTooLarge else {
        return echo(connection, stream, headers, endStream)
      }
      guard byAccept else { return nil }
      stream.send(headers: [":status": "431", "by": "accept"], endStream: true)
      stream.reset(.noError)
      return Recorder()
    }
    let connection = try await server.connect()
    let answer = try await connection.reactor.run {
      let recorder = Recorder()
      var headers = request("/")
      headers.append("x", String(repeating: "a", count: 2_000))
      let stream = try connection.request(headers, endStream: false, handler: recorder)
      stream.send(data: [1], endStream: false)
      return recorder
    }
    #expect(await answer.ended.value == .finished)
    #expect(answer.headers?[first: ":status"] == "431")
    #expect(answer.headers?[first: "by"] == (byAccept ? "accept" : nil))
    #expect(await (try connection.send("/")).ended.value == .finished)
    await server.end()
  }

  @Test func `pings that are not read back do not pile up`() async throws {
    let server = try Server(limits: .patient.with { $0.controlFrameBurst = 10_000_000 })
    let raw = try RawPeer(connectingTo: server.listener.boundPort)
    let pings = (0..<5_000).flatMap { _ in Frame.frame(6, 0, 0, [1, 2, 3, 4, 5, 6, 7, 8]) }
    let write = Task {
      try await blocking {
        raw.write(Frame.preface + Frame.settings)
        for _ in 0..<200 { raw.write(pings) }
        raw.finishWriting()
      }
    }
    try await write.value
    _ = try await raw.readToEnd()
    await server.end()
  }

  @Test func `a peer that says nothing is closed after the handshake time`() async throws {
    var limits = HTTP2Limits()
    limits.handshakeTimeout = .milliseconds(10)
    for tls in [nil, try Certificates.shared.server()] {
      let server = try Server(tls: tls, limits: limits)
      let raw = try RawPeer(connectingTo: server.listener.boundPort)
      _ = try await raw.readToEnd()
      await server.end()
    }
  }

  @Test func `a connection beyond the limit is closed at once`() async throws {
    var limits = HTTP2Limits()
    limits.connections = 1
    let server = try Server(limits: limits)
    let first = try await server.connect()
    let error = await failure { _ = try await server.connect() }
    guard case .connectionLost = error else { throw Unexpected(error) }
    #expect(await (try first.send("/")).ended.value == .finished)
    await server.end()
  }

  @Test func `random bytes never stop the server`() async throws {
    let server = try Server()
    var random = SplitMix(state: 2_026)
    for _ in 0..<300 {
      let raw = try RawPeer(connectingTo: server.listener.boundPort)
      var bytes = Frame.preface + Frame.settings
      for _ in 0..<random.below(20) {
        let payload = (0..<random.below(64)).map { _ in UInt8(random.below(256)) }
        let stream = UInt32(random.below(8))
        if random.below(2) == 0 { bytes += Frame.headers(stream | 1, endStream: false) }
        bytes += Frame.frame(UInt8(random.below(11)), UInt8(random.below(256)), stream, payload)
      }
      raw.write(Array(bytes.prefix(bytes.count - random.below(20))))
      raw.finishWriting()
      _ = try await raw.readToEnd()
    }
    let connection = try await server.connect()
    #expect(await (try connection.send("/")).ended.value == .finished)
    await server.end()
  }
}

/// A fixed sequence of numbers: a failure happens again.
struct SplitMix {
  var state: UInt64

  mutating func below(_ bound: Int) -> Int {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return Int((z ^ (z >> 31)) % UInt64(bound))
  }
}
