import Foundation

/// When a request is to be answered, and how near that is.
enum RequestClock {
  /// Clause 38: four weeks. The statement promises a number of days and no hour, so the promise is
  /// kept to the second: a change of the clocks neither gives nor takes an hour.
  static let term: TimeInterval = 28 * 86_400
  /// GDPR Art. 12(3): "two further months".
  static let extensionMonths = 2
  /// One month of Art. 12(3) and the two further ones.
  static let longestMonths = 3

  static func due(receivedAt: Date) -> Date { receivedAt.addingTimeInterval(term) }

  /// Two calendar months after the first due date, in the organisation's time zone: the same day of
  /// the month and time of day, of a month that is too short its last day (Regulation 1182/71,
  /// article 3(2)(c)), an hour that summer time leaves out an hour later. Never later than three
  /// such months after receipt, which is what the law allows in all.
  static func extendedDue(receivedAt: Date, in zone: TimeZone) -> Date {
    min(
      moment(extensionMonths, after: due(receivedAt: receivedAt), in: zone),
      moment(longestMonths, after: receivedAt, in: zone))
  }

  private static func moment(_ months: Int, after date: Date, in zone: TimeZone) -> Date {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = zone
    guard let moment = calendar.date(byAdding: .month, value: months, to: date) else {
      preconditionFailure("the calendar goes on for some months")
    }
    return moment
  }

  /// The distances before the due date at which an open request is brought to mind.
  static let soon: TimeInterval = 7 * 86_400
  static let urgent: TimeInterval = 2 * 86_400
}

/// How near the due date of a request is.
enum RequestAttention: Int, Sendable, Comparable {
  case none, soon, urgent, overdue

  static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

extension PrivacyRequest {
  /// Follows from the two times alone, so that a clock that was set back shows what is so now.
  func attention(at time: Date) -> RequestAttention {
    guard !state.isClosed else { return .none }
    let left = dueAt.timeIntervalSince(time)
    if left < 0 { return .overdue }
    if left <= RequestClock.urgent { return .urgent }
    return left <= RequestClock.soon ? .soon : .none
  }
}

/// How a request that could not be carried out is tried again: for ever, and not too often.
enum RequestPace {
  /// Before the second attempt; doubled each time, up to the longest.
  static let firstDelay: TimeInterval = 2
  static let longestDelay: TimeInterval = 900
  /// By lot up to a fifth more, so that those who failed together do not come together.
  static let spread = 1.0...1.2

  static func delay(after attempts: Int) -> TimeInterval {
    let doublings = min(max(attempts - 1, 0), 20)
    return min(firstDelay * Double(1 << doublings), longestDelay) * Double.random(in: spread)
  }
}
