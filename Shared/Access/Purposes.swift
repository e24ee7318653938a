package import FoundationEssentials
package import RPC

/// What every service knows of purposes beside their names: the catalogue is the privacy
/// service's, and one of its tests compares the two.
package enum Purposes {
  /// These go on for everybody: the service cannot do without, or a legal duty asks for them. Any
  /// other purpose can be stopped for an organisation or a person, one that is new here too.
  package static let unstoppable: Set<String> = [
    "enrolment", "contract", "sign-in", "information", "privacy-requests", "operations",
  ]

  /// Off until the organisation instructs it (clauses 12b, 12f and 13).
  package static let instructed: Set<String> = ["publishing", "reporting"]

  /// Of these, off for each person until they consent.
  package static let consented: Set<String> = ["publishing"]
}

/// What is said of a purpose for an organisation or for one person.
package enum PurposeMark: Sendable, Hashable {
  case stopped
  /// Of a purpose that is off for everybody else.
  case allowed
}

/// Something that changed: `mark` is nil where nothing in particular is said any more.
package struct PurposeChange: Sendable, Hashable {
  package var tenant: UUID
  /// Nil: everybody in the organisation.
  package var person: UUID?
  package var purpose: String
  package var mark: PurposeMark?

  package init(tenant: UUID, person: UUID?, purpose: String, mark: PurposeMark?) {
    (self.tenant, self.person, self.purpose, self.mark) = (tenant, person, purpose, mark)
  }
}

/// A batch of the stream of purposes.
package struct PurposeChanges: Sendable {
  package var changes: [PurposeChange]
  /// All changes up to here have come.
  package var sequence: Int64
  /// What was known before counts no more.
  package var reset: Bool
  /// Nothing more is to come at this moment.
  package var isComplete: Bool

  package init(
    _ changes: [PurposeChange], sequence: Int64, reset: Bool = false, isComplete: Bool
  ) {
    (self.changes, self.sequence) = (changes, sequence)
    (self.reset, self.isComplete) = (reset, isComplete)
  }
}

/// Why a purpose stops a call.
package enum PurposeRefusal: Error, Sendable, Equatable {
  /// The person objected, withdrew, or had it restricted (clause 34).
  case frozen(String)
  /// The organisation, which is the controller, does not instruct it (clause 11).
  case notInstructed(String)
  /// The person has not consented to it (clause 10).
  case notConsented(String)
  /// Privacy has not been heard from: it may be stopped.
  case unknown(String)
}

extension PurposeRefusal: PublicError {
  /// Neither who it is stopped for nor on what ground: whoever is told may be somebody else.
  package var status: RPCError {
    switch self {
    case .frozen(let purpose):
      .permissionDenied(
        "the purpose \"\(purpose)\" is stopped for a person whose data this call concerns: the"
          + " organisation's Authorised Person can say more"
      ).because("PURPOSE_FROZEN")
    case .notInstructed(let purpose):
      .permissionDenied(
        "the organisation does not instruct the purpose \"\(purpose)\": its Authorised Person can"
      ).because("PURPOSE_NOT_INSTRUCTED")
    case .notConsented(let purpose):
      .permissionDenied(
        "the purpose \"\(purpose)\" needs the consent of the person whose data this call concerns"
      ).because("CONSENT_MISSING")
    case .unknown(let purpose):
      .unavailable(
        "whether the purpose \"\(purpose)\" is stopped for somebody cannot be asked at this"
          + " moment: privacy is away; try again"
      ).because("PURPOSES_UNKNOWN").retrying(after: .seconds(5))
    }
  }
}
