import CSocket
import Glibc
import HTTP2
import TLS

/// A frame as it came.
struct WireFrame: Equatable, CustomStringConvertible {
  var kind: UInt8
  var flags: UInt8
  var stream: UInt32
  var payload: [UInt8]

  var endsStream: Bool { flags & 1 != 0 && kind <= 1 }
  var isAnswer: Bool { flags & 1 != 0 && (kind == 4 || kind == 6) }
  /// The error code of RST_STREAM or GOAWAY.
  var code: UInt32? {
    switch kind {
    case 3: number(0)
    case 7: number(4)
    default: nil
    }
  }
  var description: String {
    "frame \(kind) flags \(flags) stream \(stream), \(payload.count) bytes"
      + (code.map { ", code \($0)" } ?? "")
  }

  private func number(_ start: Int) -> UInt32 {
    payload[start..<start + 4].reduce(0) { $0 << 8 | UInt32($1) }
  }
}

/// A client of frames made by hand, blocking, with or without TLS, which remembers what came.
// Unchecked: used from one thread at a time.
final class WirePeer: @unchecked Sendable {
  private let raw: RawPeer
  private let tls: TLSSession?
  private var buffer: [UInt8] = []
  private(set) var isClosed = false
  private(set) var frames: [WireFrame] = []
  private(set) var pings: UInt8 = 0

  init(port: Int, tls context: TLSContext?) throws {
    let raw = try RawPeer(connectingTo: port)
    self.raw = raw
    tls = try context.map {
      try TLSSession($0, descriptor: raw.descriptor, serverName: "localhost")
    }
    _ = try tls?.handshake()
  }

  /// The address by which the server knows it.
  var address: String { "127.0.0.1:\(ikso_socket_port(raw.descriptor))" }

  func send(_ bytes: [UInt8]) {
    guard let tls else { return raw.write(bytes) }
    var sent = 0
    while sent < bytes.count {
      let progress = try? unsafe bytes[sent...].withUnsafeBytes { unsafe try tls.write($0) }
      guard case .done(let count) = progress else { return }
      sent += count
    }
  }

  /// Preface and SETTINGS, and the server's answer to them.
  func begin() {
    send(Frame.preface + Frame.settings)
    read { frames in
      frames.contains { $0.kind == 4 && $0.isAnswer }
        && frames.contains { $0.kind == 4 && !$0.isAnswer }
    }
    send(Frame.settingsAnswer)
    frames = []
  }

  /// Reads until the frames that came so far satisfy the condition or the connection is closed.
  func read(until isEnough: ([WireFrame]) -> Bool) {
    while !isEnough(frames) {
      if let frame = next() { frames.append(frame) } else { return }
    }
  }

  /// Reads what all that was sent so far has caused. Answers to PING overtake other frames, but the
  /// first one's comes with what its turn has to say, so the second one's comes after that.
  func settle() {
    for _ in 0..<2 {
      pings += 1
      let ping = [UInt8](repeating: pings, count: 8)
      send(Frame.frame(6, 0, 0, ping))
      read { $0.contains { $0.kind == 6 && $0.isAnswer && $0.payload == ping } }
    }
  }

  var hasSettled: Bool {
    frames.contains { $0.kind == 6 && $0.isAnswer && $0.payload.first == pings }
  }

  private func next() -> WireFrame? {
    while true {
      if buffer.count >= 9 {
        let length = Int(buffer[0]) << 16 | Int(buffer[1]) << 8 | Int(buffer[2])
        if buffer.count >= 9 + length {
          defer { buffer.removeFirst(9 + length) }
          return WireFrame(
            kind: buffer[3], flags: buffer[4],
            stream: buffer[5..<9].reduce(0) { $0 << 8 | UInt32($1) },
            payload: Array(buffer[9..<9 + length]))
        }
      }
      guard let more = readSome() else {
        isClosed = true
        return nil
      }
      buffer += more
    }
  }

  private func readSome() -> [UInt8]? {
    guard let tls else { return raw.readSome() }
    var bytes = [UInt8](repeating: 0, count: 16_384)
    let progress = try? unsafe bytes.withUnsafeMutableBytes { unsafe try tls.read(into: $0) }
    guard case .done(let count) = progress else { return nil }
    return Array(bytes[..<count])
  }
}

/// Frames and header blocks by hand (RFC 9113, section 6; RFC 7541, section 6).
enum Wire {
  static let get: [UInt8] = [0x82, 0x87, 0x84, 0x41, 1, 0x78]
  static let post: [UInt8] = [0x83, 0x87, 0x84, 0x41, 1, 0x78]

  /// A literal field without indexing, new name.
  static func field(_ name: String, _ value: String) -> [UInt8] {
    [0] + text(name) + text(value)
  }

  private static func text(_ text: String) -> [UInt8] {
    let bytes = Array(text.utf8)
    if bytes.count < 127 { return [UInt8(bytes.count)] + bytes }
    var rest = bytes.count - 127
    var length: [UInt8] = [127]
    while rest >= 128 {
      length.append(UInt8(rest % 128) | 128)
      rest /= 128
    }
    return length + [UInt8(rest)] + bytes
  }

  static func headers(
    _ stream: UInt32, _ block: [UInt8] = get, end: Bool = true, whole: Bool = true
  ) -> [UInt8] {
    Frame.frame(1, (end ? 1 : 0) | (whole ? 4 : 0), stream, block)
  }

  static func continuation(_ stream: UInt32, _ block: [UInt8], whole: Bool) -> [UInt8] {
    Frame.frame(9, whole ? 4 : 0, stream, block)
  }

  static func data(_ stream: UInt32, _ text: String = "test", end: Bool = true) -> [UInt8] {
    Frame.frame(0, end ? 1 : 0, stream, Array(text.utf8))
  }

  static func priority(_ stream: UInt32, on other: UInt32 = 0, _ weight: UInt8 = 255) -> [UInt8] {
    Frame.frame(2, 0, stream, Frame.word(other) + [weight])
  }

  static func window(_ stream: UInt32, _ increment: UInt32) -> [UInt8] {
    Frame.frame(8, 0, stream, Frame.word(increment))
  }

  static func setting(_ settings: (UInt16, UInt32)...) -> [UInt8] {
    let payload = settings.flatMap { [UInt8($0.0 >> 8), UInt8($0.0 & 255)] + Frame.word($0.1) }
    return Frame.frame(4, 0, 0, payload)
  }

  static let ping = Frame.frame(6, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0])
  /// A frame of a type that does not exist.
  static let unknown = Frame.frame(22, 0, 0, [UInt8](repeating: 0, count: 8))
}
