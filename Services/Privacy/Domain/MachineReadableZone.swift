/// The machine-readable zone of travel documents and identity cards (ICAO 9303, parts 4 to 6).
enum MachineReadableZone {
  /// Letters of a line, by the size of the document: TD1, TD2, TD3.
  private static let lengths = [30, 36, 44]
  private static let space = UInt8(ascii: " ")

  /// Whether a line of one stands in a text. Spaces and case do not matter, nor what else stands on
  /// the same line: what is taken out of a PDF letter by letter is one line.
  static func isFound(in text: String) -> Bool {
    text.split(whereSeparator: \.isNewline).contains { line in
      let bytes = Array(line.uppercased().utf8.filter { $0 != space })
      return isLine(bytes) || isWithin(bytes)
    }
  }

  private static func isLine(_ bytes: [UInt8]) -> Bool {
    let line = ZoneLine(bytes: bytes[...])
    guard lengths.contains(bytes.count), bytes.allSatisfy({ ZoneLine.value($0) != nil }) else {
      return false
    }
    return line.isFirst || line.isSecond
  }

  /// Among other letters more has to fit, as two check digits do by chance.
  private static func isWithin(_ bytes: [UInt8]) -> Bool {
    bytes.split { ZoneLine.value($0) == nil }.contains { run in
      lengths.contains { length in
        stride(from: run.startIndex, through: run.endIndex - length, by: 1).contains { start in
          let line = ZoneLine(bytes: run[start..<start + length])
          return (line.isFirst || line.isSecond && line.hasDates) && line.hasFiller
        }
      }
    }
  }
}

/// Letters that may be a line of a zone, all of them such as stand in one.
private struct ZoneLine {
  private static let filler = UInt8(ascii: "<")

  let bytes: ArraySlice<UInt8>

  private subscript(place: Int) -> UInt8 { bytes[bytes.startIndex + place] }
  private var isOfCard: Bool { bytes.count == 30 }
  /// Where the day of birth begins in the second line; the sex and the day of expiry follow it.
  private var datesStart: Int { isOfCard ? 0 : 13 }

  var hasFiller: Bool { bytes.contains(Self.filler) }

  /// A document's kind, its country, and fillers: the line that holds the name, or of a card (TD1)
  /// the number with its check digit.
  var isFirst: Bool {
    guard "PIACV".utf8.contains(self[0]), (2..<5).allSatisfy({ !Self.isDigit(self[$0]) }) else {
      return false
    }
    if isOfCard { return isChecked(5..<14) }
    return zip(bytes, bytes.dropFirst()).contains { $0 == Self.filler && $1 == Self.filler }
  }

  /// The line with the days of birth and expiry, each before its check digit.
  var isSecond: Bool {
    isChecked(datesStart..<datesStart + 6) && isChecked(datesStart + 8..<datesStart + 14)
  }

  /// The days are digits, and between them stands a sex.
  var hasDates: Bool {
    let days = [datesStart..<datesStart + 6, datesStart + 8..<datesStart + 14]
    return days.joined().allSatisfy { Self.isDigit(self[$0]) }
      && "MFX<".utf8.contains(self[datesStart + 7])
  }

  /// Part 3, 4.9: weights 7, 3, 1, modulo 10; the digit stands behind the field.
  private func isChecked(_ field: Range<Int>) -> Bool {
    guard Self.isDigit(self[field.upperBound]) else { return false }
    let weights = [7, 3, 1]
    let sum = field.enumerated().reduce(0) { sum, item in
      sum + (Self.value(self[item.element]) ?? 0) * weights[item.offset % 3]
    }
    return sum % 10 == Self.value(self[field.upperBound])
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  /// Nil for what does not stand in such a zone.
  static func value(_ byte: UInt8) -> Int? {
    switch byte {
    case filler: 0
    case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): Int(byte - UInt8(ascii: "A")) + 10
    default: nil
    }
  }
}
