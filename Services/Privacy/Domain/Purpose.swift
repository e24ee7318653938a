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
  case publishing
  case reporting

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
    case .publishing: "showing your information to others, if you consent"
    case .reporting: "naming you in reports to your organisation, if it has instructed that"
    }
  }

  /// Whether it can be stopped, for an organisation or for one person. The others are what the
  /// service cannot do without and still serve anybody, or rest on a legal duty: enrolling people,
  /// letting them sign in, telling them what happens, answering their requests, keeping safe.
  ///
  /// The guard of every service knows the same (`Access.Purposes.unstoppable`); a test holds them
  /// together.
  var canBeStopped: Bool {
    switch self {
    case .feedback, .development, .publishing, .reporting: true
    case .enrolment, .contract, .signIn, .information, .privacyRequests, .operations: false
    }
  }

  /// Whether it rests on the person's consent alone (GDPR Art. 6(1)(a)): off until it is given, and
  /// until the organisation instructs it (clauses 12f and 13).
  var needsConsent: Bool { self == .publishing }

  /// Whether the processing agreement of every organisation instructs it; else it is off until an
  /// instruction of its own (clauses 12b, 12f and 13).
  ///
  /// The guard of every service knows the same (`Access.Purposes.instructed`).
  var isStandard: Bool { self != .publishing && self != .reporting }

  /// Those that concern somebody of this kind.
  static func concerning(_ kind: SubjectKind) -> [Purpose] {
    switch kind {
    case .participant:
      [
        .enrolment, .signIn, .feedback, .development, .information, .privacyRequests, .operations,
        .publishing, .reporting,
      ]
    case .guest: [.feedback, .information, .privacyRequests, .operations]
    }
  }
}

/// How somebody has to do with an organisation (clause 6).
enum SubjectKind: String, Sendable {
  case participant
  case guest
}
