import Foundation

/// What GDPR Art. 33(3) asks to be told of a breach.
struct BreachContent: Sendable, Equatable {
  var nature = ""
  var peopleCategories = ""
  /// About how many.
  var people = 0
  var recordCategories = ""
  /// About how many.
  var records = 0
  var consequences = ""
  var measures = ""
  /// The people concerned must be told as well (Art. 34).
  var isHighRisk = false

  static let numbers = 0...1_000_000_000_000

  static func text(_ name: String) -> EntryField {
    EntryField("content.\(name)", 0...4_000, isAboutPeople: true)
  }

  /// What is still missing, by the names of the fields. That nobody or nothing is concerned is an
  /// answer too, where the categories say so.
  var missing: [String] {
    [
      ("content.nature", nature), ("content.people_categories", peopleCategories),
      ("content.record_categories", recordCategories), ("content.consequences", consequences),
      ("content.measures", measures),
    ].filter(\.1.isEmpty).map(\.0)
  }
}

enum BreachState: String, Sendable {
  case reported
  case open
  case closed
}

/// An addition to a breach's trail.
struct BreachEntry: Sendable, Equatable {
  enum Kind: String, Sendable {
    case report
    case note
    case effect
    case measure

    /// Affected organisations read it.
    var isShared: Bool {
      switch self {
      case .report, .note: false
      case .effect, .measure: true
      }
    }
  }

  var kind: Kind
  var text: String
  var addedAt: Date

  static let text = EntryField("text", 1...4_000, isAboutPeople: true)
  /// Most that one breach has.
  static let limit = 500
}

/// The 72 hours within which a breach is notified (Art. 33(1)).
enum BreachClock {
  static let hours = 72

  /// Counted in hours, not in days: a change of the clocks makes it neither longer nor shorter
  /// (Regulation 1182/71, Art. 3(1)).
  static func end(from aware: Date) -> Date {
    aware.addingTimeInterval(TimeInterval(hours) * 3_600)
  }
}

/// A breach in the platform's register.
struct Breach: Sendable, Equatable {
  var id: UUID
  var state: BreachState
  /// Counts the changes that affected organisations see.
  var revision = 1
  /// The organisation of a report that nobody has looked at.
  var reportedIn: UUID?
  /// Of a report that nobody has looked at: how many of its organisation's there were when it came
  /// in. The lowest is shown first, so that no organisation's reports hide another's.
  var turn = 0
  var content = BreachContent()
  var awareAt: Date
  var notifiedAt: Date?
  var authorityReference: String?
  var delayReason: String?
  var noRiskReason: String?
  var closedAt: Date?

  var authorityDueAt: Date { BreachClock.end(from: awareAt) }

  static let authorityReference = EntryField("reference", 1...200, isAboutPeople: true)
  static let delayReason = EntryField("delay_reason", 0...4_000, isAboutPeople: true)
  static let noRiskReason = EntryField("no_risk_reason", 0...4_000, isAboutPeople: true)
  /// Most organisations that one affects.
  static let affectedLimit = 1_000
  /// Reports of one organisation that operators have not looked at, from which on its people make
  /// no further one. Services, which find faults on their own, and operators have as much again.
  static let reportLimit = 20
  /// Reports of one person within `reportPeriod`.
  static let personReportLimit = 5
  /// Seconds. For as long an unread report keeps a further mail to the officer back.
  static let reportPeriod: TimeInterval = 86_400

  /// The time has passed, and the authority was not notified or only afterwards. One that was
  /// closed as no risk needed no notification.
  func isOverdue(at time: Date) -> Bool {
    if let notifiedAt { return notifiedAt > authorityDueAt }
    return closedAt == nil && time > authorityDueAt
  }

  /// Throws `incomplete` unless it may be closed.
  func demandComplete() throws(EntryError) {
    var missing = content.missing
    if notifiedAt == nil, noRiskReason == nil {
      missing.append("the authority's notice or no_risk_reason")
    }
    guard missing.isEmpty else { throw .incomplete(missing: missing) }
  }
}
