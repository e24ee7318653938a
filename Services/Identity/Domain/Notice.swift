import Foundation

/// What is to be told by mail to people of an organisation: handed over by another service, or
/// identity's own.
struct Notice: Sendable, Equatable {
  enum Kind: String, Sendable, CaseIterable {
    case requestReceived = "request-received"
    case requestForApproval = "request-for-approval"
    case requestSoon = "request-soon"
    case requestUrgent = "request-urgent"
    case requestOverdue = "request-overdue"
    case requestExtended = "request-extended"
    case requestCompleted = "request-completed"
    case requestRefused = "request-refused"
    case breach
    case breachChanged = "breach-changed"
    case subProcessor = "sub-processor"
    case statement
    case complaintReceived = "complaint-received"
    case complaintAnswered = "complaint-answered"
    /// Of identity's own: staff of IKSO want access.
    case supportAsked = "support-asked"
    /// As well: somebody may be under 16, and an officer decides (clause 20).
    case under16Reported = "under16-reported"

    /// It goes before all other mail (clause 39).
    var isUrgent: Bool { self == .breach || self == .breachChanged }
  }

  enum Audience: String, Sendable {
    /// The Authorised Person and the deputy; the administrators where there is neither.
    case authorisedPersons = "authorised_persons"
    /// These and the administrators.
    case responsible
    /// Who has an account that is not suspended.
    case everyone
    /// One, suspended or not.
    case person
  }

  var id: UUID
  var kind: Kind
  var audience: Audience
  /// With the audience `person` alone.
  var person: UUID?
  /// What it is about.
  var reference: UUID?
  var version: Int?
  var moment: Date?
  var authorityLink: String?

  /// Of `authorityLink`, in bytes.
  static let linkLimit = 500
}
