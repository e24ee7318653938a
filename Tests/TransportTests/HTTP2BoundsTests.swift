import Reactor
import Synchronization
import TLS
import Testing

@testable import HTTP2

/// What ends streams and connections that take too long or ask for too much.
@Suite struct HTTP2BoundsTests {
  @Test func `a header block that does not end in time ends the connection`() async throws {
    let server = try BoundedServer { $0.headerTimeout = .milliseconds(10) }
    for bytes in [
      Wire.headers(1, whole: false), Array(Wire.headers(1).dropLast(2)),
      Wire.headers(1, whole: false) + Array(Wire.continuation(1, Wire.get, whole: true).dropLast()),
    ] {
      let frames = try await server.exchange(bytes)
      #expect(frames.last?.code == 11)
    }
    #expect(await server.end() == [.headerTimeout, .headerTimeout, .headerTimeout])
  }

  @Test func `a header block that comes in two parts in time is served`() async throws {
    let server = try BoundedServer { $0.headerTimeout = .seconds(600) }
    let port = server.port
    let frames = try await blocking {
      let peer = try WirePeer(port: port, tls: nil)
      peer.begin()
      peer.send(Wire.headers(1, whole: false))
      peer.send(Wire.continuation(1, Wire.field("x-test", "ok"), whole: true))
      peer.read { $0.contains { $0.endsStream } }
      return peer.frames
    }
    #expect(frames.last?.endsStream == true)
    #expect(await server.end() == [])
  }

  @Test(arguments: [
    Wire.ping, Wire.setting((255, 1)), Wire.priority(1), Wire.unknown, Wire.window(0, 1),
    Frame.frame(6, 1, 0, [1, 2, 3, 4, 5, 6, 7, 8]), Frame.goAway(last: 0, 0),
  ])
  func `control frames beyond the rate end the connection`(_ frame: [UInt8]) async throws {
    let server = try BoundedServer {
      $0.controlFrameBurst = 10
      $0.controlFramesPerSecond = 0
    }
    let frames = try await server.exchange((0..<20).flatMap { _ in frame })
    #expect(frames.last?.code == 11)
    #expect(await server.end() == [.controlFramesPerSecond])
  }

  @Test func `empty DATA and CONTINUATION count as control frames`() async throws {
    let server = try BoundedServer {
      $0.controlFrameBurst = 6
      $0.controlFramesPerSecond = 0
    }
    let open = Wire.headers(1, Wire.post, end: false)
    let empty = (0..<8).flatMap { _ in Wire.data(1, "", end: false) }
    #expect(try await server.exchange(open + empty).last?.code == 11)
    let parts = (0..<8).flatMap { _ in Wire.continuation(1, [], whole: false) }
    #expect(try await server.exchange(Wire.headers(1, whole: false) + parts).last?.code == 11)
    #expect(await server.end() == [.controlFramesPerSecond, .controlFramesPerSecond])
  }

  @Test func `a header block may have as many parts as allowed, in any pieces`() async throws {
    let server = try BoundedServer { $0.continuationFrames = 8 }
    let block = Wire.headers(1, whole: false)
    let empty = Wire.continuation(1, [], whole: false)
    let port = server.port
    let last = Wire.continuation(1, Wire.field("x-test", "ok"), whole: true)
    let frames = try await blocking {
      let peer = try WirePeer(port: port, tls: nil)
      peer.begin()
      // A byte at a time: each is a packet, and mostly a read, of its own.
      for byte in block + (0..<7).flatMap({ _ in empty }) + last { peer.send([byte]) }
      peer.read { $0.contains { $0.endsStream } }
      return peer.frames
    }
    #expect(frames.last?.endsStream == true)
    let nine = (0..<9).flatMap { _ in empty }
    #expect(try await server.exchange(block + nine).last?.code == 11)
    #expect(await server.end() == [.continuationFrames])
  }

  @Test func `the rest of a header block whose stream was reset in its middle goes nowhere`()
    async throws
  {
    let server = try BoundedServer { _ in
    } accept: { connection, stream, headers, endStream in
      guard stream.id == 1 else {
        return HTTP2ConformanceTests.early(connection, stream, headers, endStream)
      }
      let handler = Recorder()
      // In a turn of its own, when half of the trailers has come.
      handler.onData = { _ in stream.connection.reactor.execute { stream.reset(.cancel) } }
      return handler
    }
    let port = server.port
    let frames = try await blocking {
      let peer = try WirePeer(port: port, tls: nil)
      peer.begin()
      peer.send(Wire.headers(1, Wire.post, end: false))
      let trailers = Wire.headers(1, Wire.field("x-first", "1"), end: true, whole: false)
      peer.send(Wire.data(1, "x", end: false) + trailers)
      peer.read { $0.contains { $0.kind == 3 } }
      let rest = (0..<20).flatMap { Wire.field("x-more-\($0)", "\($0)") }
      peer.send(Wire.continuation(1, rest, whole: true) + Wire.headers(3))
      peer.read { $0.contains { $0.stream == 3 && $0.endsStream } }
      return peer.frames
    }
    #expect(frames.contains { $0.stream == 1 && $0.code == 8 })
    #expect(frames.contains { $0.stream == 3 && $0.endsStream })
    #expect(await server.end() == [])
  }

  @Test func `WINDOW_UPDATE for data that was sent does not count`() async throws {
    let server = try BoundedServer {
      $0.controlFrameBurst = 10
      $0.controlFramesPerSecond = 0
    } accept: { _, stream, _, _ in
      stream.send(headers: [":status": "200"], endStream: false)
      stream.send(data: pattern(1_000_000), endStream: true)
      return Recorder()
    }
    let port = server.port
    let received = try await blocking {
      let peer = try WirePeer(port: port, tls: nil)
      peer.begin()
      peer.send(Wire.headers(1))
      var count = 0
      while !peer.isClosed, peer.frames.last?.endsStream != true {
        let seen = peer.frames.count
        peer.read { $0.count > seen }
        guard let frame = peer.frames.last, frame.kind == 0 else { continue }
        count += frame.payload.count
        let increment = UInt32(frame.payload.count)
        if increment > 0 { peer.send(Wire.window(0, increment) + Wire.window(1, increment)) }
      }
      return count
    }
    #expect(received == 1_000_000)
    #expect(await server.end() == [])
  }

  @Test func `a body that stalls is reset, one that waits for window is not`() async throws {
    let server = try BoundedServer {
      $0.bodyStallTimeout = .milliseconds(20)
      $0.initialWindowBytes = 4
    } accept: { _, stream, _, _ in
      stream.expectBody()
      return Recorder()
    }
    let port = server.port
    let frames = try await blocking {
      let peer = try WirePeer(port: port, tls: nil)
      peer.begin()
      let open = Wire.headers(1, Wire.post, end: false) + Wire.headers(3, Wire.post, end: false)
      peer.send(open + Wire.data(1, end: false) + Wire.data(3, "t", end: false))
      peer.read { $0.contains { $0.kind == 3 } }
      peer.settle()
      return peer.frames
    }
    let resets = frames.filter { $0.kind == 3 }
    #expect(resets.map(\.stream) == [3])
    #expect(resets.first?.code == 11)
    #expect(await server.end() == [.bodyStallTimeout])
  }

  @Test func `a connection of age is drained, and closed after its grace`() async throws {
    let server = try BoundedServer {
      $0.connectionAge = .milliseconds(10)
      $0.connectionAgeGrace = .milliseconds(10)
    } accept: { _, _, _, _ in Recorder() }
    let open = try await server.exchange(Wire.headers(1, Wire.post, end: false))
    #expect(open.filter { $0.kind == 7 }.allSatisfy { $0.code == 0 })
    let idle = try await server.exchange([])
    #expect(idle.contains { $0.kind == 7 && $0.code == 0 })
    #expect(await server.end() == [])
  }

  @Test func `an early answer tells the client to stop after a time or some bytes`() async throws {
    for (time, bytes, body) in [(Duration.milliseconds(10), 1_000, 0), (.seconds(600), 100, 101)] {
      let server = try BoundedServer {
        $0.lingerTimeout = time
        $0.lingerBytes = bytes
      }
      let port = server.port
      let frames = try await blocking {
        let peer = try WirePeer(port: port, tls: nil)
        peer.begin()
        let text = String(repeating: "x", count: body)
        let data = body == 0 ? [] : Wire.data(1, text, end: false)
        peer.send(Wire.headers(1, Wire.post, end: false))
        peer.read { $0.contains { $0.endsStream } }
        peer.send(data)
        peer.read { $0.contains { $0.kind == 3 } }
        return peer.frames
      }
      #expect(frames.last?.code == 0)
      #expect(frames.last?.stream == 1)
      #expect(await server.end() == [])
    }
  }

  @Test func `the connection's window for what an early answer made moot is given back at once`()
    async throws
  {
    let server = try BoundedServer { $0.lingerTimeout = .seconds(600) }
    let port = server.port
    let frames = try await blocking {
      let peer = try WirePeer(port: port, tls: nil)
      peer.begin()
      peer.send(Wire.headers(1, Wire.post, end: false))
      peer.read { $0.contains { $0.endsStream } }
      peer.send(Wire.data(1, "moot!"))
      peer.settle()
      return peer.frames
    }
    let given = frames.filter { $0.kind == 8 && $0.stream == 0 }
    #expect(given.last?.payload == [0, 0, 0, 5])
    #expect(await server.end() == [])
  }

  @Test func `what early answers made moot takes no window from what is read`() async throws {
    let server = try BoundedServer {
      $0.lingerTimeout = .seconds(600)
      ($0.initialWindowBytes, $0.connectionWindowBytes) = (65_535, 65_535)
    } accept: { connection, stream, headers, ends in
      guard stream.id == 1 else {
        return HTTP2ConformanceTests.early(connection, stream, headers, ends)
      }
      let recorder = Recorder()
      recorder.stream = stream
      return recorder
    }
    let port = server.port
    let frames = try await blocking {
      let peer = try WirePeer(port: port, tls: nil)
      peer.begin()
      peer.send(Wire.headers(1, Wire.post, end: false))
      let text = String(repeating: "x", count: 1_000)
      for stream in (1...100).map({ UInt32(2 * $0 + 1) }) {
        peer.send(Wire.data(1, text, end: false) + Wire.headers(stream, Wire.post, end: false))
        peer.read { $0.contains { $0.stream == stream && $0.endsStream } }
        peer.send(Wire.data(stream, text))
      }
      peer.settle()
      return peer.frames
    }
    #expect(!frames.contains { $0.kind == 7 })
    // Less than half of the window is left to be given back with the next bytes.
    let given = frames.filter { $0.kind == 8 && $0.stream == 0 }
      .map { $0.payload.reduce(0) { $0 << 8 | Int($1) } }.reduce(0, +)
    #expect((200_000 - 32_768...200_000).contains(given))
    #expect(await server.end() == [])
  }

  @Test func `the owner learns of connections refused, silent or resetting`() async throws {
    var server = try BoundedServer { $0.handshakeTimeout = .milliseconds(10) }
    _ = try await RawPeer(connectingTo: server.port).readToEnd()
    #expect(await server.end() == [.handshakeTimeout])
    server = try BoundedServer { $0.connections = 1 }
    let first = try await server.server.connect()
    _ = try await RawPeer(connectingTo: server.port).readToEnd()
    #expect(await (try first.send("/")).ended.value == .finished)
    #expect(await server.end() == [.connections])
    server = try BoundedServer {
      $0.resetBurst = 2
      $0.resetsPerSecond = 0
    } accept: { _, _, _, _ in Recorder() }
    let resets = (0..<5).flatMap {
      Wire.headers(2 * $0 + 1, Wire.post, end: false) + Frame.reset(2 * $0 + 1, 8)
    }
    #expect(try await server.exchange(resets).last?.code == 11)
    #expect(await server.end() == [.resetsPerSecond])
    #expect(server.told.withLock { $0.first?.remoteAddress.hasPrefix("127.0.0.1:") } == true)
  }

  @Test func `a finding is the same in whatever pieces the bytes come`() {
    let bytes =
      Frame.preface + Frame.settings + Wire.headers(1, Wire.post, end: false) + Wire.data(1)
      + Wire.headers(9) + Wire.priority(3) + Wire.headers(5)
    for size in [1, 2, 7, 9, 10, 24, 1_000] {
      var inspector = FrameInspector(HTTP2Limits())
      var finding: FrameInspector.Finding?
      for start in stride(from: 0, to: bytes.count, by: size) {
        let piece = bytes[start..<min(start + size, bytes.count)]
        let found = unsafe piece.withUnsafeBytes { unsafe inspector.inspect($0) }
        finding = finding ?? found
      }
      #expect(finding?.code == .protocolError)
      #expect(finding?.reason == "a frame on stream 5, lower than one opened before")
    }
  }

  @Test func `streams that a client leaves open are forgotten in time, not refused`() {
    var streams = ClientStreams(limit: 4)
    for id in stride(from: Int32(1), through: 15, by: 2) {
      #expect(streams.headers(id, ends: false) == .rightful)
    }
    #expect(streams.data(1, ends: true) == .rightful)
    #expect(streams.data(1, ends: true) == .rightful)
    #expect(streams.data(15, ends: true) == .rightful)
    #expect(streams.data(15, ends: true) == .closed)
    #expect(streams.headers(31, ends: true) == .rightful)
    #expect(streams.headers(29, ends: true) == .skipped)
    #expect(streams.headers(31, ends: true) == .closed)
  }
}

/// A server that remembers which bounds its peers crossed.
final class BoundedServer: Sendable {
  let server: Server
  let told: Told

  final class Told: Sendable {
    private let excesses = Mutex<[HTTP2Excess]>([])
    func add(_ excess: HTTP2Excess) { excesses.withLock { $0.append(excess) } }
    func withLock<T>(_ body: ([HTTP2Excess]) -> T) -> T { excesses.withLock { body($0) } }
  }

  init(
    tls: TLSContext? = nil, _ change: (inout HTTP2Limits) -> Void,
    accept: @escaping HTTP2Listener.Accept = HTTP2ConformanceTests.early
  ) throws {
    var limits = HTTP2Limits.patient
    change(&limits)
    let told = Told()
    self.told = told
    server = try Server(
      tls: tls, limits: limits, accept: accept, onExcess: { told.add($0) })
  }

  var port: Int { server.listener.boundPort }

  /// What comes until the connection is closed.
  func exchange(_ bytes: [UInt8]) async throws -> [WireFrame] {
    let port = port
    return try await blocking {
      let peer = try WirePeer(port: port, tls: nil)
      peer.begin()
      peer.send(bytes)
      peer.read { _ in false }
      return peer.frames
    }
  }

  func end() async -> [HTTP2Bound] {
    await server.end()
    return told.withLock { $0.map(\.bound) }
  }
}
