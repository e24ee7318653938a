/// A day of the Gregorian calendar, read from ISO 8601's extended form: 2026-11-23.
package struct DueDate: Sendable, Equatable {
  package let year: Int
  package let month: Int
  package let day: Int

  /// Nil for an empty text: no date is set.
  package static func optional(_ text: String) throws(GoalsError) -> DueDate? {
    text.isEmpty ? nil : try DueDate(text)
  }

  package init(_ text: String) throws(GoalsError) {
    let bytes = Array(text.utf8)
    guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
      let year = DueDate.number(bytes[0..<4]), let month = DueDate.number(bytes[5..<7]),
      let day = DueDate.number(bytes[8..<10]),
      year >= 1, (1...12).contains(month),
      (1...DueDate.days(year: year, month: month)).contains(day)
    else { throw .dueOn }
    self.init(year: year, month: month, day: day)
  }

  package init(year: Int, month: Int, day: Int) {
    self.year = year
    self.month = month
    self.day = day
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    var value = 0
    for digit in digits {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      value = value * 10 + Int(digit - UInt8(ascii: "0"))
    }
    return value
  }

  private static func days(year: Int, month: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}

extension DueDate: CustomStringConvertible {
  package var description: String {
    func padded(_ number: Int, _ width: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  }
}
