/// A purpose that data are processed for; the catalogue is closed (clauses 11 and 12). Each
/// method in Schemas/ names one of these, and a test holds them together.
enum Purpose: String, CaseIterable, Sendable {
  case enrolment
  case contract
  case signIn = "sign-in"
  case feedback
  case development
  case information
  case privacyRequests = "privacy-requests"
  case operations

  /// As people are told it.
  var description: String {
    switch self {
    case .enrolment: "inviting you and keeping your account"
    case .contract: "carrying out the agreement with your organisation"
    case .signIn: "letting you, and nobody else, sign in"
    case .feedback: "asking for feedback, giving it and reading it"
    case .development: "setting development goals and following them"
    case .information: "telling you what happens with your data, and remembering that you were told"
    case .privacyRequests: "answering requests about your data"
    case .operations: "keeping the service running and safe"
    }
  }

  /// Those that concern somebody of this kind.
  static func concerning(_ kind: SubjectKind) -> [Purpose] {
    switch kind {
    case .participant:
      [.enrolment, .signIn, .feedback, .development, .information, .privacyRequests, .operations]
    case .guest: [.feedback, .information, .privacyRequests, .operations]
    }
  }
}

/// How somebody has to do with an organisation (clause 6).
enum SubjectKind: String, Sendable {
  case participant
  case guest
}
