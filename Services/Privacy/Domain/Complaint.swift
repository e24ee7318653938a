import Foundation

/// A complaint to an organisation's privacy officer (clause 44).
struct Complaint: Sendable, Equatable {
  enum State: String, Sendable {
    case open
    case upheld
    case refused
  }

  var id: UUID
  var subject: UUID
  var state = State.open
  var text: String
  var answer: String?
  var filedAt: Date
  var answeredAt: Date?

  static let text = EntryField("text", 1...4_000, isAboutPeople: true)
  static let answer = EntryField("answer", 1...4_000, isAboutPeople: true)
  /// Most that one person has open at a time.
  static let openLimit = 20
}
