package import Foundation

/// One line of JSON under construction: an object with its fields in the order of `add`.
package struct JSONLine {
  /// The longest text of a field, in bytes; the rest is cut off.
  package static let maximumFieldBytes = 4096
  private static let digits = Array("0123456789abcdef".utf8)

  private var bytes: [UInt8] = []

  /// Begins with `time` (RFC 3339, UTC, milliseconds) and `level`.
  package init(level: String, time: Date = Date()) {
    bytes.reserveCapacity(512)
    append("{\"time\":\"")
    append(time)
    append("\",\"level\":\"")
    append(plain: level)
    append("\"")
  }

  /// `name` is our own text and needs no escape.
  package mutating func add(_ name: StaticString, _ value: String) {
    key(name)
    quote(value)
  }

  package mutating func add(_ name: StaticString, _ value: Int) {
    key(name)
    if value < 0 { append("-") }
    append(value.magnitude, width: 1)
  }

  /// A field whose name is not our own text.
  package mutating func add(named name: String, _ value: String) {
    append(",")
    quote(name)
    append(":")
    quote(value)
  }

  /// In milliseconds with three decimals.
  package mutating func add(_ name: StaticString, milliseconds duration: Duration) {
    key(name)
    let parts = duration.components
    let microseconds = max(0, parts.seconds * 1_000_000 + parts.attoseconds / 1_000_000_000_000)
    append(UInt(microseconds / 1000), width: 1)
    append(".")
    append(UInt(microseconds % 1000), width: 3)
  }

  package consuming func finish() -> [UInt8] {
    append("}\n")
    return bytes
  }

  private mutating func key(_ name: StaticString) {
    append(",\"")
    append(name)
    append("\":")
  }

  private mutating func quote(_ text: String) {
    append("\"")
    if text.utf8.count <= Self.maximumFieldBytes, Self.needsNoEscape(text) {
      append(plain: text)
    } else {
      escape(text)
    }
    append("\"")
  }

  /// Printable ASCII without quotation mark and backslash, as most fields are.
  private static func needsNoEscape(_ text: String) -> Bool {
    let span = text.utf8.span
    var odd = false
    for position in span.indices {
      let byte = span[position]
      odd = odd || byte &- 0x20 >= 0x5f || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }
    return !odd
  }

  private mutating func escape(_ text: String) {
    var left = Self.maximumFieldBytes
    for scalar in text.unicodeScalars {
      let width = scalar.utf8.count
      guard left >= width else {
        append("…")
        break
      }
      left -= width
      append(scalar: scalar)
    }
  }

  private mutating func append(scalar: Unicode.Scalar) {
    switch scalar {
    case "\"", "\\":
      bytes.append(UInt8(ascii: "\\"))
      bytes.append(UInt8(scalar.value))
    case "\n": append("\\n")
    case "\t": append("\\t")
    case "\u{0}"..<" ", "\u{7f}"..<"\u{a0}":
      // Control characters, those beyond ASCII included: a terminal might obey them.
      append("\\u00")
      bytes.append(Self.digits[Int(scalar.value >> 4)])
      bytes.append(Self.digits[Int(scalar.value & 15)])
    default: bytes += scalar.utf8
    }
  }

  /// Our own text.
  private mutating func append(_ text: StaticString) {
    // Safe: the text lives as long as the process.
    unsafe bytes.append(
      contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  private mutating func append(plain text: String) {
    // Safe: the bytes are copied before the text can go.
    unsafe text.utf8.span.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
  }

  private mutating func append(_ number: UInt, width: Int) {
    var digits = 1
    var power: UInt = 1
    while number / power >= 10 || digits < width {
      power *= 10
      digits += 1
    }
    while power > 0 {
      bytes.append(UInt8(ascii: "0") + UInt8(number / power % 10))
      power /= 10
    }
  }

  /// Civil date from days since 1970 (H. Hinnant, chrono-compatible algorithms).
  private mutating func append(_ time: Date) {
    let milliseconds = Int((time.timeIntervalSince1970 * 1000).rounded(.down))
    let (days, inDay) = milliseconds.dividedFloor(by: 86_400_000)
    let (era, dayOfEra) = (days + 719_468).dividedFloor(by: 146_097)
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    append(UInt(max(0, yearOfEra + era * 400 + (month <= 2 ? 1 : 0))), width: 4)
    append("-")
    append(UInt(month), width: 2)
    append("-")
    append(UInt(dayOfYear - (153 * shifted + 2) / 5 + 1), width: 2)
    append("T")
    append(UInt(inDay / 3_600_000), width: 2)
    append(":")
    append(UInt(inDay / 60_000 % 60), width: 2)
    append(":")
    append(UInt(inDay / 1000 % 60), width: 2)
    append(".")
    append(UInt(inDay % 1000), width: 3)
    append("Z")
  }
}

extension Int {
  fileprivate func dividedFloor(by divisor: Int) -> (quotient: Int, remainder: Int) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}
