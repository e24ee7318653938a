import HTTP2
import Reactor
import SwiftProtobuf
import Synchronization
import TLS

@testable import RPC

typealias Text = Google_Protobuf_StringValue
typealias Bytes = Google_Protobuf_BytesValue

/// What happened, in order, and who waits for it.
final class Journal: Sendable {
  private struct State {
    var entries: [String] = []
    var waiters: [(String, Int, CheckedContinuation<Void, Never>)] = []
  }

  private let state = Mutex(State())

  var entries: [String] { state.withLock { $0.entries } }

  func count(_ entry: String) -> Int { entries.count { $0 == entry } }

  func note(_ entry: String) {
    let woken = state.withLock { state in
      state.entries.append(entry)
      let count = state.entries.count { $0 == entry }
      let woken = state.waiters.filter { $0.0 == entry && $0.1 <= count }
      state.waiters.removeAll { $0.0 == entry && $0.1 <= count }
      return woken
    }
    for waiter in woken { waiter.2.resume() }
  }

  /// Returns once `entry` has been noted `times` times.
  func wait(for entry: String, times: Int = 1) async {
    await withCheckedContinuation { continuation in
      let isThere = state.withLock { state in
        if state.entries.count(where: { $0 == entry }) >= times { return true }
        state.waiters.append((entry, times, continuation))
        return false
      }
      if isThere { continuation.resume() }
    }
  }
}

final class Counter: Sendable {
  private let count = Mutex(0)

  var value: Int {
    get { count.withLock { $0 } }
    set { count.withLock { $0 = newValue } }
  }

  @discardableResult func add() -> Int {
    count.withLock { count in
      count += 1
      return count
    }
  }
}

/// Notes "CODE path" of each call; errors apart.
final class JournalObserver: CallObserver {
  let journal = Journal()
  let errors = Mutex<[String]>([])

  func callEnded(
    _ call: ServerCall?, path: String, code: StatusCode, duration: Duration, error: (any Error)?
  ) {
    if let error { errors.withLock { $0.append("\(error)") } }
    journal.note("\(code) \(path)")
  }
}

/// Returns when its task is cancelled.
func sleepUntilCancelled() async throws {
  let (stream, _) = AsyncStream.makeStream(of: Never.self)
  for await _ in stream {}
  throw CancellationError()
}

extension MethodDescriptor {
  static func test(_ name: String, _ kind: CallKind = .unary) -> MethodDescriptor {
    MethodDescriptor(service: "ikso.test.v1.Test", name: name, kind: kind)
  }
}

func admitAll(_ call: ServerCall) async throws -> ServerCall { call }

extension RPCMethod {
  static let echo = RPCMethod.unary(.test("Echo"), admit: admitAll) { (request: Text, _) in
    request
  }
}

/// A server and clients on reactors of their own.
struct RPCFixture {
  let reactors: ReactorGroup
  let server: RPCServer
  let observer: JournalObserver

  let host: String

  var endpoint: Endpoint { Endpoint(host: host, port: server.boundPort) }

  func client(
    _ configuration: RPCClientConfiguration = RPCClientConfiguration()
  ) -> RPCClient {
    RPCClient(endpoint: endpoint, tls: nil, reactors: reactors, configuration: configuration)
  }

  /// Runs `body` against a plaintext server that is shut down afterwards.
  /// - Parameter host: a loopback address of its own for a test that uses its port twice, so that
  ///   no other test gets the port in between.
  static func run(
    _ methods: [RPCMethod], reactors count: Int = 1, host: String = "127.0.0.1",
    configure: (inout RPCServerConfiguration) -> Void = { _ in },
    unmatched: UnmatchedHandler? = nil,
    _ body: (RPCFixture) async throws -> Void
  ) async throws {
    let reactors = try ReactorGroup(count: count)
    reactors.start()
    defer { reactors.shutdown() }
    let address = SocketAddress(host: host, port: 0)
    var configuration = RPCServerConfiguration(address: address, tls: nil)
    configure(&configuration)
    let observer = JournalObserver()
    let server = RPCServer(
      methods: methods, configuration: configuration, reactors: reactors, observer: observer,
      unmatched: unmatched)
    try server.start()
    let fixture = RPCFixture(
      reactors: reactors, server: server, observer: observer, host: host)
    do {
      try await body(fixture)
    } catch {
      await server.shutdown(grace: .zero)
      throw error
    }
    await server.shutdown(grace: .zero)
  }
}

/// The error that `body` throws, as the RPC error that it should be.
func rpcError(_ body: () async throws -> Void) async -> RPCError? {
  do {
    try await body()
    return nil
  } catch {
    return error as? RPCError
  }
}
