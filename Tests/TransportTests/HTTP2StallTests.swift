import Reactor
import Synchronization
import TLS
import Testing

@testable import HTTP2

/// What peers that take nothing make this side hold: little, for a time, while others are served;
/// and the owner is told who they are.
@Suite struct HTTP2StallTests {
  @Test func `a stream whose window stays closed is reset, and others go on`() async throws {
    let server = try FillingServer { $0.outputStallTimeout = .milliseconds(100) }
    let peer = try await server.peer()
    try await blocking {
      peer.send(Wire.setting((4, 0)) + Wire.headers(1, FillingServer.large))
      peer.read { $0.contains { $0.kind == 3 } }
      #expect(peer.frames.last?.code == 11)
      #expect(peer.frames.last?.stream == 1)
      // Its connection stays, and so do streams that have window.
      peer.send(Wire.setting((4, 65_535)) + Wire.headers(3, FillingServer.small))
      peer.read { $0.contains { $0.stream == 3 && $0.endsStream } }
      #expect(!peer.isClosed)
    }
    #expect(try await server.isServing())
    #expect(server.held.waiting > 0)
    #expect(server.held.waiting <= FillingServer.mark + FillingServer.piece)
    let excess = try #require(server.told.withLock { $0.first })
    #expect(excess.bound == .outputStallTimeout)
    #expect(excess.remoteAddress == peer.address)
    #expect(excess.reason == "stream 1: the peer keeps its window closed")
    await server.end()
  }

  /// What judges its peer's pace belongs to a client's connection, and is gone with it.
  @Test func `a connection that ends while something waits is looked at no more`() async throws {
    let peer = try RawServer()
    let group = try ReactorGroup(count: 1)
    group.start()
    let timeout = Duration.seconds(1)
    do {
      let (connection, raw) = try await peer.connection(
        group, limits: HTTP2Limits { $0.outputStallTimeout = timeout })
      let answer = try await connection.send("/", body: pattern(200_000))
      try await connection.reactor.run {
        #expect(connection.isWaiting)
        connection.close()
      }
      _ = await answer.ended.value
      raw.finishWriting()
    }
    // A timer behind the one that would have looked.
    let later = Promise<Void>()
    try await group.reactors[0].run { [reactor = group.reactors[0]] in
      _ = reactor.schedule(after: timeout / WaitingOutput.looksPerTimeout) { later.fulfil(()) }
    }
    await later.value
    group.shutdown()
  }

  @Test func `a connection whose window stays closed is ended`() async throws {
    let server = try FillingServer { $0.outputStallTimeout = .milliseconds(100) }
    let peer = try await server.peer()
    try await blocking {
      // Streams have window, the connection has that of the protocol.
      peer.send(Wire.setting((4, 1_000_000)))
      for number in 0..<UInt32(20) { peer.send(Wire.headers(2 * number + 1, FillingServer.large)) }
      peer.settle()
      peer.read { _ in false }
    }
    #expect(peer.frames.last?.code == 11)
    let framed = peer.frames.filter { $0.kind == 0 }.map(\.payload.count).reduce(0, +)
    #expect(framed == 65_535)
    #expect(try await server.isServing())
    #expect(server.held.waiting <= 20 * (FillingServer.mark + FillingServer.piece))
    let excess = try #require(server.told.withLock { $0.first })
    #expect(excess.bound == .outputStallTimeout)
    #expect(excess.remoteAddress == peer.address)
    #expect(excess.reason.contains("keeps the window of the connection closed"))
    await server.end()
  }

  @Test(arguments: [false, true])
  func `a peer that reads nothing from its socket is let go of`(_ isTLS: Bool) async throws {
    let server = try FillingServer(tls: isTLS ? try Certificates.shared.server() : nil) {
      $0.outputStallTimeout = .milliseconds(200)
    }
    let peer = try await server.peer(tls: isTLS ? try Certificates.shared.client() : nil)
    try await blocking {
      peer.send(Wire.setting((4, 0x7fff_ffff)) + Wire.window(0, 0x7fff_0000))
      peer.send(Wire.headers(1, FillingServer.large))
    }
    try await server.awaitExcess()
    #expect(try await server.isServing(tls: isTLS ? try Certificates.shared.client() : nil))
    // Queue, and what was gathered for the socket.
    #expect(server.held.waiting <= FillingServer.mark + FillingServer.piece + 98_304)
    let excess = try #require(server.told.withLock { $0.first })
    #expect(excess.bound == .outputStallTimeout)
    #expect(excess.remoteAddress == peer.address)
    #expect(excess.reason.contains("the peer does not take what is sent"))
    try await blocking { peer.read { _ in false } }
    await server.end()
  }

  @Test func `a peer that takes a little now and then is not taken for stalled`() async throws {
    let server = try FillingServer { $0.outputStallTimeout = .seconds(600) }
    let peer = try await server.peer()
    try await blocking {
      peer.send(Wire.setting((4, 0)) + Wire.headers(1, FillingServer.large))
      peer.settle()
    }
    for _ in 0..<4 * WaitingOutput.looksPerTimeout {
      try await server.look()
      try await blocking {
        let seen = peer.frames.count
        peer.send(Wire.window(1, 1))
        peer.read { $0.dropFirst(seen).contains { $0.kind == 0 } }
      }
    }
    #expect(server.told.withLock { $0.isEmpty })
    await server.end()
  }

  @Test func `what waits on all connections is bounded, whoever is slowest goes first`()
    async throws
  {
    let each = FillingServer.mark + FillingServer.piece
    let bound = 20 * each
    let server = try FillingServer {
      $0.outputStallTimeout = .seconds(600)
      $0.reactorBytesWaiting = bound
    }
    var peers: [WirePeer] = []
    for number in 0..<30 {
      let peer = try await server.peer()
      try await blocking {
        peer.send(Wire.setting((4, 0)) + Wire.headers(1, FillingServer.large))
        peer.settle()
      }
      peers.append(peer)
      // The first ten are slow already when the others come.
      if number == 9 { try await server.look() }
      #expect(try await server.isServing())
    }
    #expect(server.held.waitingOnAll > bound / 2)
    #expect(server.held.waitingOnAll <= bound)
    let excesses = server.told.withLock { $0 }
    #expect(excesses.count >= 5)
    #expect(excesses.allSatisfy { $0.bound == .reactorBytesWaiting })
    #expect(excesses.allSatisfy { $0.reason.contains("bytes wait for the peer") })
    let slow = Set(peers.prefix(10).map(\.address))
    #expect(excesses.prefix(10).allSatisfy { slow.contains($0.remoteAddress) })
    await server.end()
  }

  @Test func `of peers that are equally slow the one for which most waits goes`() async throws {
    let server = try FillingServer {
      $0.outputStallTimeout = .seconds(600)
      $0.reactorBytesWaiting = 5 * FillingServer.mark
    }
    let (large, small) = (try await server.peer(), try await server.peer())
    for (peer, streams) in [(small, [1]), (large, [1, 3, 5]), (small, [3])] {
      try await blocking {
        peer.send(Wire.setting((4, 0)))
        for stream in streams { peer.send(Wire.headers(UInt32(stream), FillingServer.large)) }
        peer.settle()
      }
    }
    #expect(server.told.withLock { $0.map(\.remoteAddress) } == [large.address])
    #expect(!small.isClosed)
    await server.end()
  }

  @Test func `a peer without window is let go of with its age`() async throws {
    let server = try FillingServer { $0.outputStallTimeout = .seconds(600) }
    let peer = try await server.peer()
    try await blocking {
      peer.send(Wire.setting((4, 0)))
      for number in 0..<UInt32(50) { peer.send(Wire.headers(2 * number + 1, FillingServer.large)) }
      peer.settle()
    }
    try await server.drain()
    try await blocking { peer.read { _ in false } }
    #expect(server.held.waiting > 0)
    #expect(server.held.waiting <= 50 * (FillingServer.mark + FillingServer.piece))
    #expect(try await server.isServing())
    let first = server.told.withLock { $0.first }
    #expect(first?.bound == .connectionAgeGrace)
    #expect(first?.remoteAddress == peer.address)
    await server.end()
  }
}

/// A server whose answers are as long as the peer may like, and which keeps account of what waits.
private final class FillingServer: Sendable {
  /// Bytes that wait on a stream, and at a time put there.
  static let mark = 8 * 1024
  static let piece = 1_000
  /// GET of `/`, and of `/index.html` as the static table of HPACK has it, which never ends.
  static let small = Wire.get
  static let large: [UInt8] = [0x82, 0x87, 0x85, 0x41, 1, 0x78]

  let held = Held()
  private let bounded: BoundedServer
  private let first = Promise<HTTP2Connection>()

  init(tls: TLSContext? = nil, _ change: (inout HTTP2Limits) -> Void) throws {
    let (held, first) = (held, first)
    bounded = try BoundedServer(tls: tls) {
      $0.highWaterBytes = Self.mark
      $0.lowWaterBytes = Self.mark / 8
      change(&$0)
    } accept: { connection, stream, headers, endStream in
      first.fulfil(connection)
      held.saw(connection, headers)
      guard headers[first: ":path"] != "/" else {
        return echo(connection, stream, headers, endStream)
      }
      let recorder = Recorder()
      stream.send(headers: [":status": "200"], endStream: false)
      recorder.onWritable = { [unowned stream] in
        while stream.isWritable { stream.send(data: pattern(Self.piece), endStream: false) }
        held.saw(connection, headers)
      }
      recorder.streamWritable()
      return recorder
    }
  }

  var told: BoundedServer.Told { bounded.told }

  func peer(tls: TLSContext? = nil) async throws -> WirePeer {
    let port = bounded.port
    return try await blocking {
      let peer = try WirePeer(port: port, tls: tls)
      peer.begin()
      return peer
    }
  }

  /// Whether another peer is answered.
  func isServing(tls: TLSContext? = nil) async throws -> Bool {
    let other = try await bounded.server.connect(tls: tls)
    let reason = await (try other.send("/", body: [1])).ended.value
    other.reactor.execute { other.close() }
    return reason == .finished
  }

  /// Has the reactor look at what waits, as if a quarter of the time allowed had passed.
  func look() async throws {
    let connection = await first.value
    try await connection.reactor.run { connection.waiting.look() }
  }

  /// Ends the first connection as its age does.
  func drain() async throws {
    let connection = await first.value
    try await connection.reactor.run { connection.drain(within: .zero) }
  }

  /// Waits until somebody has crossed a bound.
  func awaitExcess() async throws {
    let reactor = bounded.server.group.reactors[0]
    while try await reactor.run({ [told] in told.withLock(\.isEmpty) }) {}
  }

  func end() async { _ = await bounded.end() }
}
