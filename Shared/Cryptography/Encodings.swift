package import FoundationEssentials

/// Base 64 with the URL-safe alphabet and without padding (RFC 4648 section 5).
package enum Base64URL {
  private static let alphabet = Base64Alphabet(extra: "-_")

  package static func encode(_ bytes: [UInt8]) -> String {
    alphabet.encode(bytes, padded: false)
  }

  /// Strict: no padding, no white space, no bits left over.
  package static func decode(_ text: String) throws(CryptographyError) -> [UInt8] {
    try alphabet.decode(text.utf8, padded: false)
  }

  package static func decode(_ text: Substring) throws(CryptographyError) -> [UInt8] {
    try alphabet.decode(text.utf8, padded: false)
  }
}

/// Base 64 with the standard alphabet (RFC 4648 section 4).
package enum Base64 {
  private static let alphabet = Base64Alphabet(extra: "+/")

  package static func encode(_ bytes: [UInt8], padded: Bool = true) -> String {
    alphabet.encode(bytes, padded: padded)
  }

  /// Strict: padding exactly as said, no white space, no bits left over.
  package static func decode(
    _ text: String, padded: Bool = true
  ) throws(CryptographyError) -> [UInt8] {
    try alphabet.decode(text.utf8, padded: padded)
  }
}

/// Base 32 without padding (RFC 4648 section 6): secrets and codes that people type.
package enum Base32 {
  private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

  package static func encode(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count * 8 + 4) / 5)
    var (group, bits): (UInt32, UInt32) = (0, 0)
    for byte in bytes {
      group = group << 8 | UInt32(byte)
      bits += 8
      while bits >= 5 {
        bits -= 5
        text.append(digits[Int(group >> bits & 31)])
      }
      group &= 31
    }
    if bits > 0 { text.append(digits[Int(group << (5 - bits) & 31)]) }
    return String(decoding: text, as: UTF8.self)
  }

  /// Takes both cases; strict otherwise: no padding, no white space, no bits left over.
  package static func decode(_ text: String) throws(CryptographyError) -> [UInt8] {
    let text = Array(text.utf8)
    guard ![1, 3, 6].contains(text.count % 8) else {
      throw .malformed("base 32: impossible length")
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count * 5 / 8)
    var (group, bits): (UInt32, UInt32) = (0, 0)
    for digit in text {
      guard let value = value(digit) else { throw .malformed("base 32: a foreign character") }
      group = group << 5 | UInt32(value)
      bits += 5
      if bits >= 8 {
        bits -= 8
        bytes.append(UInt8(truncatingIfNeeded: group >> bits))
      }
      group &= 127
    }
    guard group & ((1 << bits) - 1) == 0 else { throw .malformed("base 32: bits left over") }
    return bytes
  }

  private static func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit - UInt8(ascii: "A")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): digit - UInt8(ascii: "a")
    case UInt8(ascii: "2")...UInt8(ascii: "7"): digit - UInt8(ascii: "2") + 26
    default: nil
    }
  }
}

/// Two lower-case digits a byte.
package enum Hex {
  /// `value`: below 16.
  fileprivate static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") - 10 + value
  }

  package static func encode(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count * 2)
    for byte in bytes {
      text.append(digit(byte >> 4))
      text.append(digit(byte & 15))
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Takes both cases.
  package static func decode(_ text: String) throws(CryptographyError) -> [UInt8] {
    let text = Array(text.utf8)
    guard text.count.isMultiple(of: 2) else { throw .malformed("hex: odd number of digits") }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count / 2)
    for index in stride(from: 0, to: text.count, by: 2) {
      guard let high = value(text[index]), let low = value(text[index + 1]) else {
        throw .malformed("hex: not a digit at \(index)")
      }
      bytes.append(high << 4 | low)
    }
    return bytes
  }

  static func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}

extension UUID {
  private static let canonicalLength = 36

  /// The text form in lower case (RFC 9562 section 4). Foundation's `uuidString` has capitals, and
  /// formats each byte with snprintf, of which a page of goals felt 4 %.
  package var canonical: String {
    unsafe withUnsafeBytes(of: uuid) { bytes in
      unsafe String(unsafeUninitializedCapacity: Self.canonicalLength) { text in
        var end = 0
        for place in 0..<16 {
          if place == 4 || place == 6 || place == 8 || place == 10 {
            unsafe text[end] = UInt8(ascii: "-")
            end += 1
          }
          unsafe text[end] = Hex.digit(bytes[place] >> 4)
          unsafe text[end + 1] = Hex.digit(bytes[place] & 15)
          end += 2
        }
        return end
      }
    }
  }
}

private struct Base64Alphabet: Sendable {
  private static let invalid: UInt8 = 0xff
  private let digits: [UInt8]
  private let values: [UInt8]

  init(extra: String) {
    digits = Array(("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" + extra).utf8)
    var values = [UInt8](repeating: Self.invalid, count: 256)
    for (value, digit) in digits.enumerated() { values[Int(digit)] = UInt8(value) }
    self.values = values
  }

  func encode(_ bytes: [UInt8], padded: Bool) -> String {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    var index = 0
    while index < bytes.count {
      let left = min(3, bytes.count - index)
      var group = UInt32(bytes[index]) << 16
      if left > 1 { group |= UInt32(bytes[index + 1]) << 8 }
      if left > 2 { group |= UInt32(bytes[index + 2]) }
      for position in 0...left {
        text.append(digits[Int(group >> UInt32(18 - 6 * position) & 63)])
      }
      if padded { text.append(contentsOf: repeatElement(UInt8(ascii: "="), count: 3 - left)) }
      index += 3
    }
    return String(decoding: text, as: UTF8.self)
  }

  func decode(
    _ text: some BidirectionalCollection<UInt8>, padded: Bool
  ) throws(CryptographyError) -> [UInt8] {
    var text = Array(text)
    if padded {
      guard text.count.isMultiple(of: 4) else { throw .malformed("base 64: padding is missing") }
      for _ in 0..<2 where text.last == UInt8(ascii: "=") { text.removeLast() }
    }
    guard text.count % 4 != 1 else { throw .malformed("base 64: impossible length") }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count * 3 / 4)
    var group: UInt32 = 0
    var bits = 0
    for digit in text {
      let value = values[Int(digit)]
      guard value != Self.invalid else { throw .malformed("base 64: a foreign character") }
      group = group << 6 | UInt32(value)
      bits += 6
      if bits >= 8 {
        bits -= 8
        bytes.append(UInt8(truncatingIfNeeded: group >> UInt32(bits)))
      }
      group &= 0xff
    }
    // Two texts must never stand for the same bytes.
    guard group & ((1 << UInt32(bits)) - 1) == 0 else {
      throw .malformed("base 64: bits left over")
    }
    return bytes
  }
}
