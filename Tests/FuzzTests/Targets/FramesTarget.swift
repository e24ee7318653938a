import Glibc
import Reactor

@testable import HTTP2

/// A server's connection that is fed bytes by hand.
///
/// What has to hold: the streams are told the same in whatever pieces the bytes come; each is told
/// its end once and at most one end of the request; limits hold; what is answered are frames.
enum FramesTarget {
  static func check(_ input: [UInt8]) throws {
    var input = FuzzInput(input)
    let seed = input.byte()
    let shape = input.byte()
    var bytes: [UInt8] = []
    if shape & 1 == 0 { bytes += FuzzFrame.preface + FuzzFrame.settings }
    bytes += shape & 2 == 0 ? FuzzFrame.frames(&input) : input.all()
    let all = bytes
    let flushes = shape & 4 != 0
    try FuzzReactor.run { reactor, done in
      do throws(Violation) {
        let whole = try FedConnection(reactor).feed([all], flushes: false)
        let cut = try FedConnection(reactor).feed(Cuts.of(all, seed: seed), flushes: false)
        if let whole, let cut {
          try demand(whole == cut, "in one piece:\n\(whole)\nin several:\n\(cut)")
        }
        // What is sent meanwhile may end a stream earlier: no comparison.
        if flushes { _ = try FedConnection(reactor).feed(Cuts.of(all, seed: seed), flushes: true) }
        done(nil)
      } catch {
        done(error)
      }
    }
  }
}

/// A connection on one end of a pair of sockets, whose other end is this object's.
private final class FedConnection {
  private let connection: HTTP2Connection
  private let peer: Int32
  private let journal: FuzzJournal
  private var output: [UInt8] = []

  init(_ reactor: Reactor) throws(Violation) {
    let (mine, its) = try FuzzReactor.sockets()
    peer = mine
    let journal = FuzzJournal()
    self.journal = journal
    connection = HTTP2Connection(
      role: .server, transport: Transport(descriptor: its, session: nil), reactor: reactor,
      limits: .fuzzed, remoteAddress: "fuzz", buffers: ReactorBuffers()
    ) { _, stream, headers, endStream in
      journal.accept(stream, headers, endStream)
    }
    do { try connection.start() } catch {
      Glibc.close(mine)
      throw Violation(description: "the connection does not start: \(error)")
    }
  }

  /// The journal of it all; nil if the peer has gone away and no stream is open: the library then
  /// takes what comes in the same piece for frames, and all further ones for nothing.
  func feed(_ pieces: [[UInt8]], flushes: Bool) throws(Violation) -> [String]? {
    for piece in pieces where !connection.isClosed {
      var sent = 0
      while sent < piece.count, !connection.isClosed {
        sent += try write(piece[sent...])
        connection.ready(.read)
        if flushes {
          connection.turnEnded()
          drain()
        }
      }
      try demand(
        connection.openStreams <= HTTP2Limits.fuzzed.maxConcurrentStreams * 2,
        "\(connection.openStreams) streams are open")
    }
    let hasGone = connection.isDraining && !connection.isClosed
    connection.turnEnded()
    drain()
    // The peer's end, then the connection's if that does not end it.
    shutdown(peer, Int32(SHUT_WR))
    connection.ready(.read)
    let failure = connection.failure?.description
    connection.close()
    drain()
    Glibc.close(peer)
    try demand(failure != nil, "the end of the bytes does not end the connection")
    try journal.verify()
    try FuzzFrame.verify(output)
    if hasGone { return nil }
    return journal.entries + [FuzzFrame.goAway(in: output).map { "GOAWAY \($0)" } ?? "no GOAWAY"]
  }

  private func write(_ bytes: ArraySlice<UInt8>) throws(Violation) -> Int {
    let count = unsafe bytes.withUnsafeBytes {
      unsafe send(peer, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
    }
    try demand(count > 0, "the connection does not read")
    return count
  }

  private func drain() {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = unsafe recv(peer, &buffer, buffer.count, 0)
      guard count > 0 else { return }
      output += buffer[..<count]
    }
  }
}

/// What the streams of a connection were told, in order for each.
private final class FuzzJournal {
  private var streams: [StreamJournal] = []

  func accept(
    _ stream: HTTP2Stream, _ headers: HeaderBlock, _ endStream: Bool
  ) -> any HTTP2StreamHandler {
    let journal = StreamJournal(stream, headers, endStream)
    streams.append(journal)
    return journal
  }

  var entries: [String] { streams.map(\.description) }

  func verify() throws(Violation) {
    for stream in streams {
      try demand(stream.closes == 1, "stream \(stream.id) is told its end \(stream.closes) times")
      try demand(stream.ends <= 1, "stream \(stream.id) ends \(stream.ends) times")
      try demand(
        stream.headerBytes <= HTTP2Limits.fuzzed.headerListBytes,
        "stream \(stream.id) has \(stream.headerBytes) bytes of headers")
    }
  }
}

private final class StreamJournal: HTTP2StreamHandler, CustomStringConvertible {
  let id: Int32
  private(set) var ends = 0
  private(set) var closes = 0
  private(set) var headerBytes: Int
  private let headers: HeaderBlock
  private var body: [UInt8] = []
  private var trailers: HeaderBlock?
  private var stream: HTTP2Stream?

  init(_ stream: HTTP2Stream, _ headers: HeaderBlock, _ endStream: Bool) {
    id = stream.id
    self.stream = stream
    self.headers = headers
    headerBytes = headers.fields.reduce(0) { sum, field in
      sum + field.name.unicodeScalars.count + field.value.unicodeScalars.count + 32
    }
    if endStream { ends += 1 }
    // Some are answered, and some of those early.
    guard headers.fields.count % 3 == 0 else { return }
    stream.send(headers: [":status": "200"], endStream: false)
    stream.send(data: [1, 2, 3], endStream: false)
    stream.send(trailers: ["x": "y"])
    if !endStream { stream.reset(.noError) }
  }

  // How it closes is left out: nothing was sent yet, so it depends on the last bytes alone.
  var description: String {
    "stream \(id): \(headers.fields) body \(body) trailers \(trailers?.fields ?? []) ends \(ends)"
  }

  func headersReceived(_ headers: HeaderBlock, endStream: Bool) {}

  func dataReceived(_ bytes: UnsafeRawBufferPointer, endStream: Bool) {
    unsafe body.append(contentsOf: bytes)
    stream?.consumed(bytes.count)
    if endStream { ends += 1 }
  }

  func trailersReceived(_ trailers: HeaderBlock) {
    self.trailers = trailers
    ends += 1
  }

  func streamWritable() {}

  func streamClosed(_ reason: HTTP2CloseReason) {
    closes += 1
    stream = nil
  }
}

/// Frames by hand (RFC 9113, section 4.1).
enum FuzzFrame {
  static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
  static let settings: [UInt8] = [0, 0, 0, 4, 0, 0, 0, 0, 0]

  /// Each as type, flags, stream and length in a byte, then the payload: every input is frames.
  static func frames(_ input: inout FuzzInput) -> [UInt8] {
    var bytes: [UInt8] = []
    while !input.isEmpty {
      let (kind, flags, stream) = (input.byte(), input.byte(), input.byte())
      let payload = input.bytes(Int(input.byte()))
      bytes += [0, 0, UInt8(payload.count), kind, flags, 0, 0, 0, stream] + payload
    }
    return bytes
  }

  /// Calls `body` with type and payload of each whole frame; false for a part at the end.
  private static func walk(_ bytes: [UInt8], _ body: (UInt8, ArraySlice<UInt8>) -> Void) -> Bool {
    var position = 0
    while position + 9 <= bytes.count {
      let length = bytes[position..<position + 3].reduce(0) { $0 << 8 | Int($1) }
      let end = position + 9 + length
      guard end <= bytes.count else { return false }
      body(bytes[position + 3], bytes[position + 9..<end])
      position = end
    }
    return position == bytes.count
  }

  static func verify(_ output: [UInt8]) throws(Violation) {
    var wrong: UInt8?
    let isWhole = walk(output) { kind, payload in
      let isRight =
        switch kind {
        case 3, 8: payload.count == 4
        case 4: payload.count % 6 == 0
        case 6: payload.count == 8
        case 7: payload.count >= 8
        default: kind <= 1
        }
      if !isRight { wrong = kind }
    }
    try demand(isWhole, "the answer breaks off within a frame")
    if let wrong { throw Violation(description: "a frame of type \(wrong) is malformed") }
  }

  static func goAway(in output: [UInt8]) -> UInt32? {
    var code: UInt32?
    _ = walk(output) { kind, payload in
      if kind == 7, code == nil || code == 0 {
        code = payload.dropFirst(4).prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
      }
    }
    return code
  }
}
