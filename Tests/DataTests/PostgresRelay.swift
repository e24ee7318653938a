import Foundation
import Glibc
import Synchronization

@testable import Postgres

/// A real hop between libpq and the test's cluster, which counts what passes and can fall silent.
final class PostgresRelay: Sendable {
  /// What has passed since the last `reset`, connecting left out.
  struct Traffic: Sendable, Equatable {
    /// Times that the client spoke after the server had: round trips.
    var turns = 0
    /// Pieces that came from the client: a write that fits into a socket's buffer is one.
    var pieces = 0
    /// Sync messages of the client, and the server's ReadyForQuery.
    var syncs = 0
    var readies = 0
  }

  private struct State {
    var traffic = Traffic()
    var isSilent = false
    var connections = 0
    var closed = 0
    var sockets: [Int32] = []
  }

  private let state = Mutex(State())
  private let folder: URL
  private let listener: Int32
  private let target: String

  /// Adds to a DSN: its connections go through the relay.
  var dsn: String { "host=\(folder.path) port=5432 sslmode=disable gssencmode=disable" }
  var traffic: Traffic { state.withLock { $0.traffic } }
  /// How many connections there have been.
  var connections: Int { state.withLock { $0.connections } }

  /// How many of them the client has closed.
  var closed: Int { state.withLock { $0.closed } }

  static func with<Value>(_ body: (PostgresRelay) async throws -> Value) async throws -> Value {
    let relay = try PostgresRelay()
    defer { relay.end() }
    return try await body(relay)
  }

  private init() throws {
    let dsn = try TestDatabase.dsn()
    let hosts = Dictionary(
      uniqueKeysWithValues: HostList(dsn: dsn).lists.map { ($0.keyword, $0.values[0]) })
    target = "\(hosts["host"] ?? "/tmp")/.s.PGSQL.\(hosts["port"] ?? "5432")"
    folder = FileManager.default.temporaryDirectory.appending(
      path: "relay-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let path = folder.appending(path: ".s.PGSQL.5432").path
    listener = try Self.socket()
    let bound = unsafe Self.withAddress(path) { unsafe bind(listener, $0, $1) }
    guard bound == 0, listen(listener, 16) == 0 else { throw POSIXError(.init(rawValue: errno)!) }
    Thread.detachNewThread { [self] in accept() }
  }

  func reset() { state.withLock { $0.traffic = Traffic() } }

  /// From now on what comes is lost, and nobody is told.
  func fallSilent() { state.withLock { $0.isSilent = true } }
  func speakAgain() { state.withLock { $0.isSilent = false } }

  /// Ends all connections that there are, without a word of either side's.
  func cut() {
    for socket in state.withLock({ $0.sockets }) { _ = shutdown(socket, Int32(SHUT_RDWR)) }
  }

  private func end() {
    cut()
    _ = shutdown(listener, Int32(SHUT_RDWR))
    try? FileManager.default.removeItem(at: folder)
  }

  // MARK: Threads

  private func accept() {
    while true {
      let client = Glibc.accept(listener, nil, nil)
      guard client >= 0 else { break }
      guard let server = try? Self.socket(),
        unsafe Self.withAddress(target, { unsafe connect(server, $0, $1) }) == 0
      else {
        close(client)
        continue
      }
      state.withLock {
        $0.connections += 1
        $0.sockets += [client, server]
      }
      let turn = Turn()
      Thread.detachNewThread { [self] in pass(client, to: server, fromClient: true, turn) }
      Thread.detachNewThread { [self] in pass(server, to: client, fromClient: false, turn) }
    }
    close(listener)
  }

  private func pass(_ source: Int32, to target: Int32, fromClient: Bool, _ turn: Turn) {
    var messages = MessageCounter(skipsStartup: fromClient)
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes {
        unsafe recv(source, $0.baseAddress, $0.count, 0)
      }
      guard count > 0 else { break }
      if state.withLock({ $0.isSilent }) { continue }
      let seen = messages.count(buffer[..<count], of: UInt8(ascii: fromClient ? "S" : "Z"))
      state.withLock { state in
        if fromClient {
          state.traffic.pieces += 1
          state.traffic.syncs += seen
          if turn.clientSpeaks() { state.traffic.turns += 1 }
        } else {
          state.traffic.readies += seen
          turn.serverSpeaks()
        }
      }
      var sent = 0
      while sent < count {
        let written = unsafe buffer.withUnsafeBytes {
          unsafe send(target, $0.baseAddress! + sent, count - sent, Int32(MSG_NOSIGNAL))
        }
        guard written > 0 else { break }
        sent += written
      }
    }
    if fromClient { state.withLock { $0.closed += 1 } }
    _ = shutdown(target, Int32(SHUT_RDWR))
  }

  /// Who spoke last on one connection.
  private final class Turn: Sendable {
    private let isClient = Mutex(false)

    /// True if it had been the server.
    func clientSpeaks() -> Bool {
      isClient.withLock { isClient in
        defer { isClient = true }
        return !isClient
      }
    }

    func serverSpeaks() { isClient.withLock { $0 = false } }
  }

  // MARK: Sockets

  private static func socket() throws -> Int32 {
    let socket = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    guard socket >= 0 else { throw POSIXError(.init(rawValue: errno)!) }
    _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
    return socket
  }

  private static func withAddress(
    _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { place in
      for (index, byte) in path.utf8.prefix(place.count - 1).enumerated() {
        unsafe place[index] = byte
      }
    }
    return unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }
}

/// Counts messages of one kind in a stream of PostgreSQL's protocol: a letter and a length, which
/// counts itself; a client's first message has no letter.
private struct MessageCounter {
  private var skipsStartup: Bool
  private var header: [UInt8] = []
  private var rest = 0

  init(skipsStartup: Bool) { self.skipsStartup = skipsStartup }

  mutating func count(_ bytes: ArraySlice<UInt8>, of letter: UInt8) -> Int {
    var found = 0
    var bytes = bytes
    while !bytes.isEmpty {
      if rest > 0 {
        let skipped = min(rest, bytes.count)
        bytes = bytes.dropFirst(skipped)
        rest -= skipped
        continue
      }
      header.append(bytes.removeFirst())
      guard header.count == (skipsStartup ? 4 : 5) else { continue }
      rest = header.suffix(4).reduce(0) { $0 << 8 | Int($1) } - 4
      if !skipsStartup, header[0] == letter { found += 1 }
      skipsStartup = false
      header = []
    }
    return found
  }
}
