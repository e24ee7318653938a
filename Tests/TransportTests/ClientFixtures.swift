import HTTP2
import Reactor
import SwiftProtobuf
import Synchronization
import Testing

@testable import RPC

/// Several servers on one port, each at a loopback address of its own.
struct ServerFleet {
  let reactors: ReactorGroup
  let servers: [RPCServer]
  let port: Int

  /// The host's name of which the resolver of `configuration` names the addresses.
  static let name = "fleet.test"

  static func address(_ index: Int) -> String { "127.0.7.\(index + 1)" }

  func resolved(_ indices: [Int]) -> [ResolvedAddress] {
    indices.compactMap { ResolvedAddress(literal: Endpoint(host: Self.address($0), port: port)) }
  }

  /// Runs `body` with `count` servers whose method `Which` answers with the server's number.
  /// - Parameter methods: of each server, beside `Which`.
  static func run(
    _ count: Int, methods: (Int) -> [RPCMethod] = { _ in [] },
    _ body: (ServerFleet) async throws -> Void
  ) async throws {
    let reactors = try ReactorGroup(count: 1)
    reactors.start()
    defer { reactors.shutdown() }
    var servers: [RPCServer] = []
    var port = 0
    for index in 0..<count {
      let which = RPCMethod.unary(.test("Which"), admit: admitAll) { (_: Text, _) in
        Text("\(index)")
      }
      let server = RPCServer(
        methods: [which] + methods(index),
        configuration: RPCServerConfiguration(
          address: Endpoint(host: address(index), port: port), tls: nil),
        reactors: reactors)
      try server.start()
      port = server.boundPort
      servers.append(server)
    }
    let fleet = ServerFleet(reactors: reactors, servers: servers, port: port)
    let result: Result<Void, any Error>
    do { result = .success(try await body(fleet)) } catch { result = .failure(error) }
    for server in servers { await server.shutdown(grace: .zero) }
    try result.get()
  }

  /// A client of the endpoints at these addresses.
  func client(
    _ indices: [Int], _ change: (inout RPCClientConfiguration) -> Void = { _ in }
  ) -> RPCClient {
    var configuration = RPCClientConfiguration()
    configuration.backoff.initial = .milliseconds(2)
    change(&configuration)
    return RPCClient(
      endpoints: indices.map { Endpoint(host: Self.address($0), port: port) }, tls: nil,
      reactors: reactors, configuration: configuration)
  }

  /// A client of one name, whose addresses are those that `list` holds at the time.
  func client(
    naming list: AddressList, _ change: (inout RPCClientConfiguration) -> Void = { _ in }
  ) -> RPCClient {
    var configuration = RPCClientConfiguration()
    configuration.backoff.initial = .milliseconds(2)
    configuration.resolution.interval = .milliseconds(2)
    configuration.resolution.minInterval = .milliseconds(1)
    configuration.resolution.resolve = { _ in try self.resolved(list.take()) }
    change(&configuration)
    return RPCClient(
      endpoint: Endpoint(host: Self.name, port: port), tls: nil, reactors: reactors,
      configuration: configuration)
  }
}

/// What a resolver finds, which a test may change.
final class AddressList: Sendable {
  struct Unknown: Error {}

  private let indices: Mutex<[Int]?>
  let lookUps = Journal()

  init(_ indices: [Int]?) { self.indices = Mutex(indices) }

  func set(_ indices: [Int]?) { self.indices.withLock { $0 = indices } }

  fileprivate func take() throws -> [Int] {
    defer { lookUps.note("look-up") }
    guard let indices = indices.withLock({ $0 }) else { throw Unknown() }
    return indices
  }
}

extension RPCClient {
  /// The number of the server that a call went to.
  func which(waitForReady: Bool = false) async throws -> String {
    let answer: Text = try await unary(
      .test("Which"), Text(), CallOptions(waitForReady: waitForReady))
    return answer.value
  }

  /// Calls until each of `servers`, and no other, has answered `rounds` calls in a row.
  func settle(on servers: Set<String>, rounds: Int = 12) async throws {
    while true {
      var seen: Set<String> = []
      for _ in 0..<rounds { seen.insert(try await which(waitForReady: true)) }
      if seen == servers { return }
    }
  }
}

/// A server that is scripted by hand, and the client that calls it.
struct ScriptedServer {
  let server: RawServer
  let reactors: ReactorGroup
  let client: RPCClient

  static func run(
    _ change: (inout RPCClientConfiguration) -> Void = { _ in },
    _ body: (ScriptedServer) async throws -> Void
  ) async throws {
    let server = try RawServer()
    let reactors = try ReactorGroup(count: 1)
    reactors.start()
    defer { reactors.shutdown() }
    var configuration = RPCClientConfiguration()
    configuration.http2 = .patient
    configuration.connectTimeout = .seconds(600)
    change(&configuration)
    let client = RPCClient(
      endpoint: Endpoint(host: "127.0.0.1", port: server.port), tls: nil, reactors: reactors,
      configuration: configuration)
    try await body(ScriptedServer(server: server, reactors: reactors, client: client))
  }

  /// The next connection, which has the server's SETTINGS.
  func accept() async throws -> ScriptedPeer {
    let peer = ScriptedPeer(try await server.accept())
    peer.write(Frame.settings)
    return peer
  }
}

/// Reads a connection frame by frame.
final class ScriptedPeer: Sendable {
  struct Received: Sendable {
    let type: UInt8
    let flags: UInt8
    let stream: UInt32
    let payload: [UInt8]
  }

  private let peer: RawPeer
  private let state = Mutex<(bytes: [UInt8], skip: Int)>(([], Frame.preface.count))

  init(_ peer: RawPeer) { self.peer = peer }

  func write(_ bytes: [UInt8]) { peer.write(bytes) }

  /// The next frame; nil when the client has closed.
  func next() async throws -> Received? {
    try await blocking { [self] in
      while true {
        if let frame = state.withLock({ Self.cut(&$0) }) { return frame }
        guard let more = peer.readSome() else { return nil }
        state.withLock { $0.bytes += more }
      }
    }
  }

  private static func cut(_ state: inout (bytes: [UInt8], skip: Int)) -> Received? {
    guard state.bytes.count >= state.skip + 9 else { return nil }
    let head = Array(state.bytes[state.skip..<state.skip + 9])
    let length = head[..<3].reduce(0) { $0 << 8 | Int($1) }
    let end = state.skip + 9 + length
    guard state.bytes.count >= end else { return nil }
    let payload = Array(state.bytes[(state.skip + 9)..<end])
    state.bytes.removeFirst(end)
    state.skip = 0
    let stream = head[5...].reduce(0) { $0 << 8 | UInt32($1) }
    return Received(type: head[3], flags: head[4], stream: stream, payload: payload)
  }

  /// Returns once a frame of that type has come on the stream.
  func wait(for type: UInt8, of stream: UInt32) async throws {
    while let frame = try await next() {
      if frame.type == type, frame.stream == stream { return }
    }
    Issue.record("the client closed before a frame of type \(type) on stream \(stream)")
  }

  func request(on stream: UInt32) async throws { try await wait(for: 1, of: stream) }

  /// What comes on a stream until its end.
  func body(of stream: UInt32) async throws -> [UInt8] {
    var body: [UInt8] = []
    while let frame = try await next() {
      guard frame.type == 0, frame.stream == stream else { continue }
      body += frame.payload
      if frame.flags & 1 == 1 { break }
    }
    return body
  }

  /// Returns when the client has closed the connection.
  func end() async throws { while try await next() != nil {} }
}

extension Frame {
  /// `:status: 200` and the content type.
  static func answerHead(_ stream: UInt32) -> [UInt8] {
    frame(1, 4, stream, [0x88, 0x0F, 0x10] + text("application/grpc"))
  }

  /// The end of an answer, or all of one with `head`.
  static func status(_ stream: UInt32, _ code: Int, isWhole: Bool = false) -> [UInt8] {
    let head: [UInt8] = isWhole ? [0x88, 0x0F, 0x10] + text("application/grpc") : []
    return frame(1, 5, stream, head + [0x00] + text("grpc-status") + text("\(code)"))
  }

  /// A whole answer with one text.
  static func answer(_ stream: UInt32, _ value: String) -> [UInt8] {
    let message = MessageFrame([10, UInt8(value.utf8.count)] + Array(value.utf8)).bytes
    return answerHead(stream) + frame(0, 0, stream, message) + status(stream, 0)
  }

  private static func text(_ text: String) -> [UInt8] { [UInt8(text.utf8.count)] + text.utf8 }
}
