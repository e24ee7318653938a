package import FoundationEssentials
import Glibc
import Synchronization

/// One line of JSON under construction: an object with its fields in the order of `add`.
// With memory of its own: each append to an array asks anew whether the array is shared.
@safe package struct JSONLine: ~Copyable {
  /// The longest text of a field, in bytes; the rest is cut off.
  package static let maximumFieldBytes = 4096
  private static let digits = Array("0123456789abcdef".utf8)

  private var room: UnsafeMutableRawBufferPointer
  private var count = 0

  /// Begins with `time` (RFC 3339, UTC, milliseconds) and `level`.
  package init(level: String, time: Date = Date()) {
    self.init()
    append("{\"time\":\"")
    append(time)
    append("\",\"level\":\"")
    append(plain: level)
    append("\"")
  }

  private init() { unsafe room = .allocate(byteCount: 512, alignment: 1) }

  deinit { unsafe room.deallocate() }

  /// Fields that many lines have, to be added as they are.
  static func fields(_ fill: (inout JSONLine) -> Void) -> [UInt8] {
    var line = JSONLine()
    fill(&line)
    return line.bytes
  }

  mutating func add(fields: [UInt8]) {
    unsafe fields.withUnsafeBytes { unsafe append($0) }
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

  private var bytes: [UInt8] { unsafe Array(UnsafeRawBufferPointer(rebasing: room[..<count])) }

  /// Ends the line and lends it.
  consuming func finish(_ take: (UnsafeRawBufferPointer) -> Void) {
    append("}\n")
    unsafe take(UnsafeRawBufferPointer(rebasing: room[..<count]))
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
      append(UInt8(ascii: "\\"))
      append(UInt8(scalar.value))
    case "\n": append("\\n")
    case "\t": append("\\t")
    case "\u{0}"..<" ", "\u{7f}"..<"\u{a0}":
      // Control characters, those beyond ASCII included: a terminal might obey them.
      append("\\u00")
      append(Self.digits[Int(scalar.value >> 4)])
      append(Self.digits[Int(scalar.value & 15)])
    default: for byte in scalar.utf8 { append(byte) }
    }
  }

  /// Our own text.
  private mutating func append(_ text: StaticString) {
    // Safe: the text lives as long as the process.
    unsafe append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  private mutating func append(plain text: String) {
    // Safe: the bytes are copied before the text can go.
    unsafe text.utf8.span.withUnsafeBytes { unsafe append($0) }
  }

  private mutating func append(_ more: UnsafeRawBufferPointer) {
    guard let source = more.baseAddress else { return }
    makeRoom(more.count)
    unsafe (room.baseAddress! + count).copyMemory(from: source, byteCount: more.count)
    count += more.count
  }

  private mutating func append(_ byte: UInt8) {
    makeRoom(1)
    unsafe room[count] = byte
    count += 1
  }

  private mutating func makeRoom(_ more: Int) {
    guard unsafe count + more > room.count else { return }
    let larger = unsafe UnsafeMutableRawBufferPointer.allocate(
      byteCount: max(2 * room.count, count + more), alignment: 1)
    unsafe larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: room[..<count]))
    unsafe room.deallocate()
    unsafe room = larger
  }

  private mutating func append(_ number: UInt, width: Int) {
    var digits = 1
    var power: UInt = 1
    while number / power >= 10 || digits < width {
      power *= 10
      digits += 1
    }
    while power > 0 {
      append(UInt8(ascii: "0") + UInt8(number / power % 10))
      power /= 10
    }
  }

  /// The last second that was written, as far as `.` and the milliseconds.
  private static let lastSecond = Mutex<(second: Int, text: [UInt8])>((Int.min, []))

  private mutating func append(_ time: Date) {
    let milliseconds = Int((time.timeIntervalSince1970 * 1000).rounded(.down))
    let (second, part) = milliseconds.dividedFloor(by: 1000)
    let text = Self.lastSecond.withLock { last in
      if last.second != second { last = (second, Self.fields { $0.append(second: second) }) }
      return last.text
    }
    add(fields: text)
    append(UInt(part), width: 3)
    append("Z")
  }

  /// Civil date from days since 1970 (H. Hinnant, chrono-compatible algorithms).
  private mutating func append(second: Int) {
    let (days, inDay) = second.dividedFloor(by: 86_400)
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
    append(UInt(inDay / 3_600), width: 2)
    append(":")
    append(UInt(inDay / 60 % 60), width: 2)
    append(":")
    append(UInt(inDay % 60), width: 2)
    append(".")
  }
}

extension Int {
  fileprivate func dividedFloor(by divisor: Int) -> (quotient: Int, remainder: Int) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}
