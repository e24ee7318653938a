/// The machine-readable zone of travel documents and identity cards (ICAO 9303, parts 4 to 6).
enum MachineReadableZone {
  private static let filler = UInt8(ascii: "<")

  /// Whether a line of one stands in a text; spaces within a line and its case do not matter.
  static func isFound(in text: String) -> Bool {
    text.split(whereSeparator: \.isNewline).contains { line in
      let bytes = Array(line.uppercased().utf8.filter { $0 != UInt8(ascii: " ") })
      return isLine(bytes)
    }
  }

  private static func isLine(_ line: [UInt8]) -> Bool {
    guard [30, 36, 44].contains(line.count), line.allSatisfy({ value($0) != nil }) else {
      return false
    }
    return isFirst(line) || isSecond(line)
  }

  /// A document's kind, its country, and fillers: the line that holds the name, or of a card (TD1)
  /// the number with its check digit.
  private static func isFirst(_ line: [UInt8]) -> Bool {
    guard "PIACV".utf8.contains(line[0]), line[2..<5].allSatisfy({ !isDigit($0) }) else {
      return false
    }
    if line.count == 30 { return isChecked(line, 5..<14, at: 14) }
    return zip(line, line.dropFirst()).contains { $0 == filler && $1 == filler }
  }

  /// The line with the days of birth and expiry, each behind its check digit.
  private static func isSecond(_ line: [UInt8]) -> Bool {
    line.count == 30
      ? isChecked(line, 0..<6, at: 6) && isChecked(line, 8..<14, at: 14)
      : isChecked(line, 13..<19, at: 19) && isChecked(line, 21..<27, at: 27)
  }

  /// Part 3, 4.9: weights 7, 3, 1, modulo 10.
  private static func isChecked(_ line: [UInt8], _ field: Range<Int>, at place: Int) -> Bool {
    guard isDigit(line[place]) else { return false }
    let weights = [7, 3, 1]
    let sum = field.enumerated().reduce(0) { sum, item in
      sum + (value(line[item.element]) ?? 0) * weights[item.offset % 3]
    }
    return sum % 10 == value(line[place])
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  /// Nil for what does not stand in such a zone.
  private static func value(_ byte: UInt8) -> Int? {
    switch byte {
    case filler: 0
    case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): Int(byte - UInt8(ascii: "A")) + 10
    default: nil
    }
  }
}
