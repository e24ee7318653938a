import Foundation

/// A day of the calendar.
struct Day: Equatable, Comparable, Sendable, CustomStringConvertible {
  let year: Int
  let month: Int
  let day: Int

  /// Nil if there is no such day; years 1 to 9999.
  init?(year: Int, month: Int, day: Int) {
    guard (1...9999).contains(year), (1...12).contains(month),
      (1...Day.days(in: month, of: year)).contains(day)
    else { return nil }
    (self.year, self.month, self.day) = (year, month, day)
  }

  /// ISO 8601 in its extended form: `2026-11-23`, nothing before or after it.
  init(_ text: String) throws(FieldProblem) {
    guard !text.isEmpty else { throw .empty }
    let bytes = Array(text.utf8)
    let hyphen = UInt8(ascii: "-")
    guard bytes.count == 10, bytes[4] == hyphen, bytes[7] == hyphen,
      let year = Day.number(bytes[0..<4]), let month = Day.number(bytes[5..<7]),
      let day = Day.number(bytes[8..<10]), let date = Day(year: year, month: month, day: day)
    else { throw .notADate }
    self = date
  }

  /// The day of a moment, as they count it there.
  init(_ moment: Date, in zone: DayZone) {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = zone.zone
    let parts = calendar.dateComponents([.year, .month, .day], from: moment)
    guard let year = parts.year, let month = parts.month, let day = parts.day else {
      preconditionFailure("a date has a year, a month and a day")
    }
    (self.year, self.month, self.day) = (year, month, day)
  }

  static func < (left: Day, right: Day) -> Bool {
    (left.year, left.month, left.day) < (right.year, right.month, right.day)
  }

  /// The same day of the next month, or its last one where that month is shorter: with the end of
  /// this day a period of one month ends that began on `self` (Regulation 1182/71, article
  /// 3(2)(c)).
  var oneMonthLater: Day {
    let (year, month) = month == 12 ? (year + 1, 1) : (year, month + 1)
    let last = Day.days(in: month, of: year)
    // The end of the calendar: nothing comes after it.
    return Day(year: year, month: month, day: min(day, last)) ?? self
  }

  /// The same day of the next year; of 29 February the 28th.
  var oneYearLater: Day {
    Day(year: year + 1, month: month, day: min(day, Day.days(in: month, of: year + 1))) ?? self
  }

  /// ISO 8601.
  var description: String {
    func padded(_ number: Int, _ width: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    digits.reduce(Int?(0)) { sum, byte in
      guard let sum, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      return sum * 10 + Int(byte - UInt8(ascii: "0"))
    }
  }

  private static func days(in month: Int, of year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}

/// A stretch of days, the last one included; without an end: until further notice.
struct Period: Equatable, Sendable {
  let begin: Day
  let end: Day?

  /// Nil if it ends before it begins.
  init?(begin: Day, end: Day?) {
    if let end, end < begin { return nil }
    (self.begin, self.end) = (begin, end)
  }

  func contains(_ day: Day) -> Bool {
    begin <= day && end.map { day <= $0 } ?? true
  }
}

/// The time zone by which an organisation counts its days, by its IANA name.
struct DayZone: Equatable, Sendable {
  static let amsterdam = DayZone(known: "Europe/Amsterdam")
  static let utc = DayZone(known: "GMT")
  private static let names = Set(TimeZone.knownTimeZoneIdentifiers)

  let name: String
  let zone: TimeZone

  init(_ name: String) throws(FieldProblem) {
    guard !name.isEmpty else { throw .empty }
    // Offsets and abbreviations know no summer time.
    guard Self.names.contains(name), let zone = TimeZone(identifier: name) else {
      throw .notATimeZone
    }
    (self.name, self.zone) = (name, zone)
  }

  private init(known name: String) {
    guard let zone = TimeZone(identifier: name) else {
      preconditionFailure("the library knows the time zone \(name)")
    }
    (self.name, self.zone) = (name, zone)
  }
}
