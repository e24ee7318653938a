import Foundation

/// How long a category of records is kept (clause 28).
enum RetentionRule: String, Sendable, CaseIterable {
  case application
  case breach
  case subscriber

  /// A breach is documented (GDPR Art. 33(5)) as long as a claim may be brought for it (Art. 3:310
  /// of the Dutch Civil Code: five years).
  static let breachYears = 5

  /// The rule in a sentence.
  var sentence: String {
    switch self {
    case .application:
      "applications: 4 weeks after the end of the procedure, with the applicant's consent 1 year"
    case .breach: "breaches, with their trail: \(Self.breachYears) years after they were closed"
    case .subscriber:
      "addresses for the newsletter that nobody has confirmed: \(Subscriber.confirmationDays) days"
    }
  }

  /// What was closed before this is due; applications carry their own day.
  static func breachEnd(at time: Date) -> Date {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    guard let end = calendar.date(byAdding: .year, value: -breachYears, to: time) else {
      preconditionFailure("there is a day \(breachYears) years ago")
    }
    return end
  }
}

/// A record that stays whatever its rule says (clause 12h).
struct RetentionHold: Sendable, Equatable {
  var category: RetentionRule
  var record: UUID
  var ground: String
  var owner: UUID
  var placedAt: Date
  var expiresAt: Date

  static let ground = EntryField("ground", 1...500)
  /// Seconds: five years.
  static let longest: TimeInterval = 5 * 366 * 86_400
  static let listLimit = 500
}

/// What a sweep has deleted of one category.
struct RetentionReport: Sendable, Equatable {
  var id: UUID
  var category: RetentionRule
  var beganAt: Date
  var endedAt: Date
  var deleted: Int
  var onHold: Int

  /// Seconds that a report is kept.
  static let lifetime: TimeInterval = 366 * 86_400
}
