import Glibc
import Reactor
import Synchronization
import TLS
import Testing

@testable import HTTP2

/// What hostile peers do while another one calls: it is served throughout, what is held for them
/// stays in its bounds, and the owner is told who it was and why.
@Suite struct HTTP2SiegeTests {
  struct Attack: Sendable, CustomTestStringConvertible {
    var testDescription: String
    /// What is crossed in the end; nil when nothing is.
    var bound: HTTP2Bound?
    /// The connection is not ended for it.
    var mayStay = false
    var limits: @Sendable (inout HTTP2Limits) -> Void = { _ in }
    /// What is sent, in parts between which the other peer calls.
    var parts: [[UInt8]]
  }

  private static let rounds = 10

  static let attacks: [Attack] = [
    Attack(
      testDescription: "rapid reset", bound: .resetsPerSecond, limits: { noResets(&$0) },
      parts: (0..<rounds).map { opened(50, after: 50 * $0, isReset: true) }),
    Attack(
      testDescription: "CONTINUATION flood", bound: .continuationFrames,
      parts: [Wire.headers(1, whole: false)]
        + repeated(50, Wire.continuation(1, Wire.field("x", text(1_000)), whole: false))),
    Attack(
      testDescription: "PING flood", bound: .controlFramesPerSecond, limits: { noControl(&$0) },
      parts: repeated(50, Wire.ping)),
    Attack(
      testDescription: "SETTINGS flood", bound: .controlFramesPerSecond, limits: { noControl(&$0) },
      parts: repeated(50, Wire.setting((1, 0), (1, 65_536), (4, 1)))),
    Attack(
      testDescription: "empty frames", bound: .controlFramesPerSecond, limits: { noControl(&$0) },
      parts: [Wire.headers(1, Wire.post, end: false)]
        + repeated(50, Wire.data(1, "", end: false))),
    Attack(
      testDescription: "HPACK bomb", bound: .headerListBytes, mayStay: true,
      parts: (0..<rounds).map { bomb(UInt32(2 * $0 + 1)) }),
    Attack(
      testDescription: "a header block in drops", bound: .headerTimeout,
      limits: { $0.headerTimeout = .milliseconds(20) },
      parts: [Wire.headers(1, whole: false)]),
    Attack(
      testDescription: "one stream after the other is left open", mayStay: true,
      parts: (0..<rounds).map { opened(200, after: 200 * $0, isReset: false) }),
  ]

  @Test(arguments: attacks)
  func `who floods is stopped, and others are served meanwhile`(_ attack: Attack) async throws {
    let held = Held()
    let server = try BoundedServer {
      $0.maxConcurrentStreams = 100
      attack.limits(&$0)
    } accept: { connection, stream, headers, endStream in
      held.saw(connection, headers)
      return echo(connection, stream, headers, endStream)
    }
    let other = try await server.server.connect()
    let port = server.port
    let peer = try await blocking {
      let peer = try WirePeer(port: port, tls: nil)
      peer.begin()
      return peer
    }
    for part in attack.parts {
      try await blocking { peer.send(part) }
      #expect(await (try other.send("/", body: [1])).ended.value == .finished)
    }
    try await blocking {
      if attack.mayStay { peer.settle() } else { peer.read { _ in false } }
    }
    #expect(await (try other.send("/", body: [1])).ended.value == .finished)
    #expect(held.streams <= 102)
    #expect(held.headerBytes <= 16 * 1024)
    let excesses = server.told.withLock { $0 }
    #expect(Set(excesses.map(\.bound)) == (attack.bound.map { [$0] } ?? []))
    #expect(excesses.count <= (attack.mayStay ? attack.parts.count : 1))
    #expect(excesses.allSatisfy { $0.remoteAddress == peer.address && !$0.reason.isEmpty })
    _ = await server.end()
  }

  @Test(arguments: [false, true])
  func `slow handshakes hold nobody up and end in time`(_ isTLS: Bool) async throws {
    let tls = isTLS ? try Certificates.shared.server() : nil
    let told = Mutex<[HTTP2Excess]>([])
    let begun = isTLS ? [22, 3, 1, 2, 0, 1, 0] : Array(Frame.preface.dropLast())
    let server = try Server(
      tls: tls, limits: HTTP2Limits { $0.handshakeTimeout = .milliseconds(500) },
      onExcess: { excess in told.withLock { $0.append(excess) } })
    let other = try await server.connect(tls: isTLS ? try Certificates.shared.client() : nil)
    let port = server.listener.boundPort
    var peers: [RawPeer] = []
    for _ in 0..<50 {
      let peer = try RawPeer(connectingTo: port)
      peer.write(begun)
      peers.append(peer)
    }
    #expect(await (try other.send("/", body: [1])).ended.value == .finished)
    for peer in peers { _ = try await peer.readToEnd() }
    #expect(await (try other.send("/", body: [1])).ended.value == .finished)
    #expect(told.withLock { $0.map(\.bound) } == Array(repeating: .handshakeTimeout, count: 50))
    await server.end()
  }

  @Test func `slow bodies hold a window at most, for a time, while others are served`()
    async throws
  {
    let held = Mutex(0)
    let server = try BoundedServer {
      $0.bodyStallTimeout = .milliseconds(200)
      $0.initialWindowBytes = 1_000
    } accept: { connection, stream, headers, endStream in
      guard !endStream else { return echo(connection, stream, headers, endStream) }
      stream.expectBody()
      let recorder = Recorder()
      recorder.onData = { [unowned stream] _ in
        held.withLock { $0 = max($0, stream.unconsumed) }
      }
      return recorder
    }
    let (port, other) = (server.port, try await server.server.connect())
    let peer = try await blocking {
      let peer = try WirePeer(port: port, tls: nil)
      peer.begin()
      for number in 0..<UInt32(50) {
        peer.send(Wire.headers(2 * number + 1, Wire.post, end: false))
        peer.send(Wire.data(2 * number + 1, Self.text(500), end: false))
      }
      peer.settle()
      return peer
    }
    #expect(await (try other.send("/")).ended.value == .finished)
    try await blocking { peer.read { $0.count { $0.kind == 3 } == 50 } }
    #expect(await (try other.send("/")).ended.value == .finished)
    #expect(peer.frames.allSatisfy { $0.kind != 3 || $0.code == 11 })
    #expect(!peer.isClosed)
    #expect(held.withLock { $0 } == 500)
    let excesses = server.told.withLock { $0 }
    #expect(excesses.count == 50)
    #expect(excesses.allSatisfy { $0.bound == .bodyStallTimeout })
    #expect(excesses.allSatisfy { $0.remoteAddress == peer.address && !$0.reason.isEmpty })
    _ = await server.end()
  }

  @Test func `peers that close one half are let go of`() async throws {
    let server = try Server()
    let other = try await server.connect()
    var peers: [RawPeer] = []
    for number in 0..<200 {
      let peer = try RawPeer(connectingTo: server.listener.boundPort)
      if number % 2 == 0 { peer.write(Frame.preface + Frame.settings) }
      if number % 4 == 0 { peer.write(Frame.headers(1, endStream: false)) }
      peer.finishWriting()
      peers.append(peer)
    }
    for peer in peers { _ = try await peer.readToEnd() }
    #expect(await server.listener.connectionCount() == 1)
    #expect(await (try other.send("/", body: [1])).ended.value == .finished)
    await server.end()
  }

  @Test(.enabled(if: Descriptors.allow(2 * 3_000 + 500)))
  func `thousands of idle connections are held, and others are served`() async throws {
    let server = try Server()
    let other = try await server.connect()
    let port = server.listener.boundPort
    let peers = try await blocking {
      try (0..<3_000).map { _ in
        let peer = try RawPeer(connectingTo: port)
        peer.write(Frame.preface + Frame.settings)
        // Its answer: the connection is there.
        _ = peer.readSome()
        return peer
      }
    }
    #expect(await server.listener.connectionCount() == 3_001)
    #expect(await (try other.send("/", body: [1])).ended.value == .finished)
    for peer in peers { peer.finishWriting() }
    for peer in peers { _ = try await peer.readToEnd() }
    #expect(await server.listener.connectionCount() == 1)
    #expect(await (try other.send("/", body: [1])).ended.value == .finished)
    await server.end()
  }

  // MARK: What is sent

  private static func noResets(_ limits: inout HTTP2Limits) {
    limits.resetBurst = 100
    limits.resetsPerSecond = 0
  }

  private static func noControl(_ limits: inout HTTP2Limits) {
    limits.controlFrameBurst = 100
    limits.controlFramesPerSecond = 0
  }

  private static func repeated(_ count: Int, _ frame: [UInt8]) -> [[UInt8]] {
    Array(repeating: (0..<count).flatMap { _ in frame }, count: rounds)
  }

  /// Requests that do not end, on the streams behind the first `after`.
  private static func opened(_ count: Int, after: Int, isReset: Bool) -> [UInt8] {
    var bytes: [UInt8] = []
    for number in after..<after + count {
      let id = UInt32(2 * number + 1)
      bytes += Wire.headers(id, Wire.post, end: false)
      if isReset { bytes += Frame.reset(id, 8) }
    }
    return bytes
  }

  private static func text(_ count: Int) -> String { String(repeating: "x", count: count) }

  /// A field of 3,900 bytes into the table (RFC 7541, section 6.2.1), then a byte for each of
  /// 12,000 more: 46 MiB when unpacked.
  private static func bomb(_ stream: UInt32) -> [UInt8] {
    let field = Wire.field("x", text(3_900))
    var block = Wire.get + [0x40]
    block += field.dropFirst()
    block += [UInt8](repeating: 0xbe, count: 12_000)
    return Wire.headers(stream, block)
  }
}

/// The most that a server's connections held.
final class Held: Sendable {
  private struct Most {
    var streams = 0
    var headerBytes = 0
    var waiting = 0
    var waitingOnAll = 0
  }
  private let most = Mutex(Most())

  var streams: Int { most.withLock { $0.streams } }
  var headerBytes: Int { most.withLock { $0.headerBytes } }
  var waiting: Int { most.withLock { $0.waiting } }
  var waitingOnAll: Int { most.withLock { $0.waitingOnAll } }

  func saw(_ connection: HTTP2Connection, _ headers: HeaderBlock) {
    let bytes = headers.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count + 32 }
    let (streams, waiting) = (connection.openStreams, connection.heldBytes)
    let waitingOnAll = connection.waiting.bytes
    most.withLock { most in
      most.streams = max(most.streams, streams)
      most.headerBytes = max(most.headerBytes, bytes)
      most.waiting = max(most.waiting, waiting)
      most.waitingOnAll = max(most.waitingOnAll, waitingOnAll)
    }
  }
}

enum Descriptors {
  /// Raises what the process may open, as far as the system lets it.
  static func allow(_ count: Int) -> Bool {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
      return false
    }
    if limit.rlim_cur >= rlim_t(count) { return true }
    guard limit.rlim_max >= rlim_t(count) else { return false }
    limit.rlim_cur = rlim_t(count)
    return unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
  }
}
