import CSocket
import Foundation
import Glibc
import Reactor
import Synchronization
import TLS

@testable import HTTP2

/// A value that comes later, once.
final class Promise<Value: Sendable>: Sendable {
  private struct State {
    var value: Value?
    var waiting: [CheckedContinuation<Void, Never>] = []
  }
  private let state = Mutex(State())

  func fulfil(_ value: Value) {
    let waiting = state.withLock { state in
      guard state.value == nil else { return [CheckedContinuation<Void, Never>]() }
      state.value = value
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }

  var value: Value {
    get async {
      while true {
        // Under the lock, not by the continuation: the thread sanitizer sees the order of the one
        // and not of the other.
        if let value = state.withLock({ $0.value }) { return value }
        await withCheckedContinuation { continuation in
          let isThere = state.withLock { state in
            if state.value == nil { state.waiting.append(continuation) }
            return state.value != nil
          }
          if isThere { continuation.resume() }
        }
      }
    }
  }
}

/// Runs what blocks on a thread of its own: the pool of Swift's tasks is as small as the machine.
func blocking<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
  try await withCheckedThrowingContinuation { continuation in
    Thread.detachNewThread { continuation.resume(with: Result(catching: body)) }
  }
}

extension Reactor {
  /// Runs the body on the reactor's thread.
  func run<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
    let promise = Promise<Result<T, any Error>>()
    execute { promise.fulfil(Result(catching: body)) }
    return try await promise.value.get()
  }
}

extension HTTP2Limits {
  /// For machines under load.
  static let patient = HTTP2Limits { $0.handshakeTimeout = .seconds(600) }

  init(_ change: (inout HTTP2Limits) -> Void) {
    self.init()
    change(&self)
  }
}

/// What a stream's handler saw. Written on the reactor's thread, read after `ended`.
final class Recorder: HTTP2StreamHandler, @unchecked Sendable {
  var headers: HeaderBlock?
  var body: [UInt8] = []
  var trailers: HeaderBlock?
  var remoteEnds = 0
  var writableCalls = 0
  var closes = 0
  /// Called at each event, on the reactor's thread.
  var onHeaders: (() -> Void)?
  var onData: ((Int) -> Void)?
  var onEnd: (() -> Void)?
  var onWritable: (() -> Void)?
  /// Returns the window by itself.
  var stream: HTTP2Stream?
  let ended = Promise<HTTP2CloseReason>()

  func headersReceived(_ headers: HeaderBlock, endStream: Bool) {
    self.headers = headers
    if endStream { remoteEnds += 1 }
    onHeaders?()
  }

  func dataReceived(_ bytes: UnsafeRawBufferPointer, endStream: Bool) {
    unsafe body.append(contentsOf: bytes)
    stream?.consumed(bytes.count)
    if unsafe !bytes.isEmpty { onData?(bytes.count) }
    if endStream {
      remoteEnds += 1
      onEnd?()
    }
  }

  func trailersReceived(_ trailers: HeaderBlock) {
    self.trailers = trailers
    remoteEnds += 1
    onEnd?()
  }

  func streamWritable() {
    writableCalls += 1
    onWritable?()
  }

  func streamClosed(_ reason: HTTP2CloseReason) {
    closes += 1
    onHeaders = nil
    onData = nil
    onEnd = nil
    onWritable = nil
    stream = nil
    ended.fulfil(reason)
  }
}

/// A listener with its reactors; `end` stops both.
final class Server: Sendable {
  let group: ReactorGroup
  let listener: HTTP2Listener

  init(
    tls: TLSContext? = nil, limits: HTTP2Limits = .patient, reactors: Int = 1,
    accept: @escaping HTTP2Listener.Accept = echo, onExcess: HTTP2Listener.OnExcess? = nil
  ) throws {
    group = try ReactorGroup(count: reactors)
    group.start()
    listener = try HTTP2Listener(
      address: Endpoint(host: "127.0.0.1", port: 0), reactors: group, tls: tls, limits: limits,
      onExcess: onExcess, accept: accept)
  }

  var endpoint: Endpoint { Endpoint(host: "127.0.0.1", port: listener.boundPort) }

  func connect(
    tls: TLSContext? = nil, serverName: String? = nil, limits: HTTP2Limits = .patient
  ) async throws -> HTTP2Connection {
    try await HTTP2Connector.connect(
      to: endpoint, serverName: serverName, tls: tls, limits: limits, on: group.reactors[0],
      deadline: .now + .seconds(600))
  }

  func end() async {
    await listener.drain(grace: .zero)
    group.shutdown()
  }
}

/// Sends back the request's body with its path in a trailer.
let echo: HTTP2Listener.Accept = { _, stream, headers, endStream in
  let recorder = Recorder()
  recorder.stream = stream
  stream.send(headers: [":status": "200"], endStream: false)
  let trailers: HeaderBlock = ["path": headers[first: ":path"] ?? ""]
  if endStream {
    stream.send(trailers: trailers)
    return recorder
  }
  recorder.onData = { [unowned recorder, unowned stream] _ in
    stream.send(data: recorder.body, endStream: false)
    recorder.body = []
  }
  recorder.onEnd = { [unowned stream] in stream.send(trailers: trailers) }
  return recorder
}

func request(_ path: String, _ method: String = "POST") -> HeaderBlock {
  [":method": method, ":scheme": "http", ":path": path, ":authority": "test"]
}

extension HTTP2Connection {
  /// Sends a request, with a body unless nil; the recorder returns the window.
  func send(_ path: String, body: [UInt8]? = nil, consume: Bool = true) async throws -> Recorder {
    try await reactor.run { [self] in
      let recorder = Recorder()
      let stream = try self.request(
        TransportTests.request(path), endStream: body == nil, handler: recorder)
      if consume { recorder.stream = stream }
      if let body { stream.send(data: body, endStream: true) }
      return recorder
    }
  }
}

/// A stream socket that no program inherits which another test starts: PostgreSQL counts what it
/// has open, and a siege has thousands.
private let inheritedByNone = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)

/// Bytes that are not all the same, to compare what came with what went.
func pattern(_ count: Int) -> [UInt8] {
  // A prime length: no frame or buffer begins at the same place of it as another.
  var bytes: [UInt8] = []
  bytes.reserveCapacity(count + patternPeriod.count)
  while bytes.count < count { bytes += patternPeriod }
  return Array(bytes.prefix(count))
}

private let patternPeriod: [UInt8] = {
  var random = SplitMix(state: 1)
  return (0..<4_093).map { _ in UInt8(random.below(256)) }
}()

/// A peer that speaks frames by hand, blocking, for what a correct peer never sends.
final class RawPeer: Sendable {
  let descriptor: Int32
  init(descriptor: Int32) { self.descriptor = descriptor }
  deinit { Glibc.close(descriptor) }

  convenience init(connectingTo port: Int) throws {
    let descriptor = socket(AF_INET, inheritedByNone, 0)
    let addresses = try ResolvedAddress.resolve(
      Endpoint(host: "127.0.0.1", port: port), literalOnly: true
    ).get()
    let result = unsafe addresses[0].withAddress { unsafe Glibc.connect(descriptor, $0, $1) }
    precondition(result == 0)
    self.init(descriptor: descriptor)
  }

  func write(_ bytes: [UInt8]) {
    var sent = 0
    while sent < bytes.count {
      let count = unsafe bytes.withUnsafeBytes {
        unsafe Glibc.send(
          descriptor, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      if count <= 0 { return }
      sent += count
    }
  }

  /// All that comes until the other side closes.
  func readToEnd() async throws -> [UInt8] {
    try await blocking { [self] in
      var all: [UInt8] = []
      while let more = readSome() { all += more }
      return all
    }
  }

  func readSome() -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
    return count > 0 ? Array(buffer[..<count]) : nil
  }

  func finishWriting() { shutdown(descriptor, Int32(SHUT_WR)) }
}

/// A listening socket whose one connection is scripted by hand.
final class RawServer: Sendable {
  let listener: Int32
  let port: Int

  init() throws {
    let listener = socket(AF_INET, inheritedByNone, 0)
    self.listener = listener
    let address = try ResolvedAddress.resolve(
      Endpoint(host: "127.0.0.1", port: 0), literalOnly: true
    ).get()[0]
    let result = unsafe address.withAddress { unsafe ikso_listen(listener, $0, $1, 0, 8) }
    precondition(result == 0)
    port = Int(ikso_socket_port(listener))
  }
  deinit { Glibc.close(listener) }

  /// A client's connection to it, after the server's SETTINGS; and the server's side.
  func connection(
    _ group: ReactorGroup, limits: HTTP2Limits = .patient, settings: [UInt8] = Frame.settings
  ) async throws -> (HTTP2Connection, RawPeer) {
    async let connected = HTTP2Connector.connect(
      to: Endpoint(host: "127.0.0.1", port: port), tls: nil, limits: limits,
      on: group.reactors[0], deadline: .now + .seconds(600))
    let raw = try await accept()
    raw.write(settings)
    return (try await connected, raw)
  }

  func accept() async throws -> RawPeer {
    try await blocking { [listener] in RawPeer(descriptor: Glibc.accept(listener, nil, nil)) }
  }
}

enum Frame {
  static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
  static let settings = frame(4, 0, 0, [])
  static let settingsAnswer = frame(4, 1, 0, [])

  static func frame(
    _ type: UInt8, _ flags: UInt8, _ stream: UInt32, _ payload: [UInt8]
  ) -> [UInt8] {
    let length = payload.count
    return [UInt8(length >> 16), UInt8(length >> 8 & 255), UInt8(length & 255), type, flags]
      + word(stream) + payload
  }

  static func word(_ value: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(value >> $0 & 255) }
  }

  /// POST / as the static table of HPACK has it.
  static func headers(_ stream: UInt32, endStream: Bool) -> [UInt8] {
    frame(1, endStream ? 5 : 4, stream, [0x83, 0x86, 0x84, 0x41, 1, 0x78])
  }

  static func reset(_ stream: UInt32, _ code: UInt32) -> [UInt8] { frame(3, 0, stream, word(code)) }

  static func goAway(last: UInt32, _ code: UInt32, _ text: String = "") -> [UInt8] {
    frame(7, 0, 0, word(last) + word(code) + text.utf8)
  }

  /// The error code of the first GOAWAY among whole frames.
  static func goAwayCode(in bytes: [UInt8]) -> UInt32? {
    var position = 0
    while position + 9 <= bytes.count {
      let length = bytes[position..<position + 3].reduce(0) { $0 << 8 | Int($1) }
      let end = position + 9 + length
      if bytes[position + 3] == 7, end <= bytes.count, length >= 8 {
        return bytes[position + 13..<position + 17].reduce(0) { $0 << 8 | UInt32($1) }
      }
      position = end
    }
    return nil
  }
}
