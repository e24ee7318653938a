import Foundation

/// How long a category of records is kept (clause 28).
enum RetentionRule: String, Sendable, CaseIterable {
  case application
  case breach
  case organisation
  case archive
  case request
  case legalHold = "legal_hold"
  case freeze
  case complaint
  case breachNotice = "breach_notice"
  case subscriber

  /// Whose records they are, and so who deletes them.
  enum Scope: Sendable {
    /// The platform's own.
    case platform
    /// Of each organisation; what concerns somebody on whom there is a legal hold stays.
    case organisations
    /// A whole organisation, which is erased and not swept.
    case whole
  }

  var scope: Scope {
    switch self {
    case .application, .breach, .subscriber: .platform
    case .organisation: .whole
    case .archive, .request, .legalHold, .freeze, .complaint, .breachNotice: .organisations
    }
  }

  static func all(of scope: Scope) -> [RetentionRule] { allCases.filter { $0.scope == scope } }

  /// What was done for a person or decided against them, and a breach (GDPR Art. 5(2), 33(5)), is
  /// documented as long as a claim may be brought for it (Art. 3:310 of the Dutch Civil Code: five
  /// years).
  static let claimYears = 5
  /// An archive is there to be fetched, and holds all that is known of a person.
  static let archiveDays = 90
  /// After the contract's last day; identity counts them (clause 29).
  static let organisationMonths = 1

  /// The rule in a sentence.
  var sentence: String { StatementWording.english.sentence(self) }

  /// What ended before this is due; applications carry their own day.
  func end(at time: Date) -> Date {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    let (unit, count): (Calendar.Component, Int) =
      self == .archive ? (.day, Self.archiveDays) : (.year, Self.claimYears)
    guard let end = calendar.date(byAdding: unit, value: -count, to: time) else {
      preconditionFailure("there is a day \(count) of \(unit) ago")
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

  static let ground = EntryField("ground", 1...500, isAboutPeople: true)
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

/// How long something is kept: as the rules say that delete it, and as what else ends it does,
/// which no rule of this service knows.
struct RetentionTerm: Sendable, Equatable {
  var rules: [RetentionRule] = []
  var besides: String?

  static func rules(_ rules: RetentionRule..., besides: String? = nil) -> RetentionTerm {
    RetentionTerm(rules: rules, besides: besides)
  }

  /// While the organisation uses the service, and a month.
  static let whileContract = RetentionTerm.rules(.organisation)

  static func besides(_ text: String) -> RetentionTerm { RetentionTerm(besides: text) }
}
