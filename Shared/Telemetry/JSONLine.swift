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
    bytes += "{\"time\":\"".utf8
    Self.append(time, to: &bytes)
    bytes += "\",\"level\":\"".utf8
    bytes += level.utf8
    bytes += "\"".utf8
  }

  /// `name` is our own text and needs no escape.
  package mutating func add(_ name: StaticString, _ value: String) {
    key(name)
    quote(value)
  }

  package mutating func add(_ name: StaticString, _ value: Int) {
    key(name)
    bytes += String(value).utf8
  }

  /// A field whose name is not our own text.
  package mutating func add(named name: String, _ value: String) {
    bytes += ",".utf8
    quote(name)
    bytes += ":".utf8
    quote(value)
  }

  /// In milliseconds with three decimals.
  package mutating func add(_ name: StaticString, milliseconds duration: Duration) {
    key(name)
    let parts = duration.components
    let microseconds = max(0, parts.seconds * 1_000_000 + parts.attoseconds / 1_000_000_000_000)
    bytes += String(microseconds / 1000).utf8
    bytes += ".".utf8
    Self.append(Int(microseconds % 1000), width: 3, to: &bytes)
  }

  package consuming func finish() -> [UInt8] {
    bytes += "}\n".utf8
    return bytes
  }

  private mutating func key(_ name: StaticString) {
    bytes += ",\"".utf8
    bytes += name.description.utf8
    bytes += "\":".utf8
  }

  private mutating func quote(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    var left = Self.maximumFieldBytes
    for scalar in text.unicodeScalars {
      let width = scalar.utf8.count
      guard left >= width else {
        bytes += "…".utf8
        break
      }
      left -= width
      append(scalar)
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func append(_ scalar: Unicode.Scalar) {
    switch scalar {
    case "\"", "\\":
      bytes.append(UInt8(ascii: "\\"))
      bytes.append(UInt8(scalar.value))
    case "\n": bytes += "\\n".utf8
    case "\t": bytes += "\\t".utf8
    case "\u{0}"..<" ", "\u{7f}"..<"\u{a0}":
      // Control characters, those beyond ASCII included: a terminal might obey them.
      bytes += "\\u00".utf8
      bytes.append(Self.digits[Int(scalar.value >> 4)])
      bytes.append(Self.digits[Int(scalar.value & 15)])
    default: bytes += scalar.utf8
    }
  }

  private static func append(_ number: Int, width: Int, to bytes: inout [UInt8]) {
    let text = String(number).utf8
    for _ in 0..<max(0, width - text.count) { bytes.append(UInt8(ascii: "0")) }
    bytes += text
  }

  /// Civil date from days since 1970 (H. Hinnant, chrono-compatible algorithms).
  private static func append(_ time: Date, to bytes: inout [UInt8]) {
    let milliseconds = Int((time.timeIntervalSince1970 * 1000).rounded(.down))
    let (days, inDay) = milliseconds.dividedFloor(by: 86_400_000)
    let (era, dayOfEra) = (days + 719_468).dividedFloor(by: 146_097)
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    append(yearOfEra + era * 400 + (month <= 2 ? 1 : 0), width: 4, to: &bytes)
    bytes += "-".utf8
    append(month, width: 2, to: &bytes)
    bytes += "-".utf8
    append(dayOfYear - (153 * shifted + 2) / 5 + 1, width: 2, to: &bytes)
    bytes += "T".utf8
    append(inDay / 3_600_000, width: 2, to: &bytes)
    bytes += ":".utf8
    append(inDay / 60_000 % 60, width: 2, to: &bytes)
    bytes += ":".utf8
    append(inDay / 1000 % 60, width: 2, to: &bytes)
    bytes += ".".utf8
    append(inDay % 1000, width: 3, to: &bytes)
    bytes += "Z".utf8
  }
}

extension Int {
  fileprivate func dividedFloor(by divisor: Int) -> (quotient: Int, remainder: Int) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}
