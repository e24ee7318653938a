/// Base64 (RFC 4648 section 4; reading, section 5 too) for `-bin` metadata, bodies and details.
enum Base64 {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  private static let values: [UInt8] = {
    var values = [UInt8](repeating: 0xff, count: 256)
    for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
    // The URL-safe alphabet has other characters for the last two.
    values[Int(UInt8(ascii: "-"))] = 62
    values[Int(UInt8(ascii: "_"))] = 63
    return values
  }()

  /// Encodes without padding, as PROTOCOL-HTTP2 asks of senders.
  static func encode(_ bytes: some Sequence<UInt8>) -> String {
    String(decoding: characters(bytes, isPadded: false), as: UTF8.self)
  }

  /// The characters, padded to whole groups of four on demand.
  static func characters(_ bytes: some Sequence<UInt8>, isPadded: Bool) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.underestimatedCount + 2) / 3 * 4)
    var accumulator: UInt32 = 0
    var bits = 0
    for byte in bytes {
      accumulator = accumulator << 8 | UInt32(byte)
      bits += 8
      while bits >= 6 {
        bits -= 6
        text.append(alphabet[Int(accumulator >> UInt32(bits) & 0x3f)])
      }
    }
    if bits > 0 { text.append(alphabet[Int(accumulator << UInt32(6 - bits) & 0x3f)]) }
    while isPadded, text.count % 4 != 0 { text.append(UInt8(ascii: "=")) }
    return text
  }

  /// The six bits that a character stands for; nil for any other.
  static func value(_ character: UInt8) -> UInt8? {
    let value = values[Int(character)]
    return value == 0xff ? nil : value
  }

  /// Decodes with or without padding; `nil` for other characters and for a lone one.
  static func decode(_ text: some StringProtocol) -> [UInt8]? {
    var text = Array(text.utf8)
    if text.count % 4 == 0 {
      for _ in 0..<2 where text.last == UInt8(ascii: "=") { text.removeLast() }
    }
    guard text.count % 4 != 1 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count * 3 / 4)
    var accumulator: UInt32 = 0
    var bits = 0
    for character in text {
      let value = values[Int(character)]
      guard value != 0xff else { return nil }
      accumulator = accumulator << 6 | UInt32(value)
      bits += 6
      if bits >= 8 {
        bits -= 8
        bytes.append(UInt8(truncatingIfNeeded: accumulator >> UInt32(bits)))
      }
    }
    return bytes
  }
}

/// Base64 that comes in pieces, of which each may be padded (PROTOCOL-WEB, text-encoded streams).
struct Base64Decoder: Sendable {
  private var accumulator: UInt32 = 0
  private var characters = 0
  private var padding = 0

  /// Whether no group of four characters is begun.
  var isAtBoundary: Bool { characters == 0 }

  /// The bytes of the groups that `text` completes; nil for what is no base64.
  mutating func decode(_ text: UnsafeRawBufferPointer) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count / 4 * 3 + 3)
    for unsafe character in unsafe text {
      if character == UInt8(ascii: "=") {
        guard characters >= 2 else { return nil }
        padding += 1
        accumulator <<= 6
      } else {
        guard padding == 0, let value = Base64.value(character) else { return nil }
        accumulator = accumulator << 6 | UInt32(value)
      }
      characters += 1
      guard characters == 4 else { continue }
      for position in 0..<(3 - padding) {
        bytes.append(UInt8(truncatingIfNeeded: accumulator >> UInt32(16 - 8 * position)))
      }
      self = Base64Decoder()
    }
    return bytes
  }
}
