package import FoundationEssentials

/// One person asked within a round.
package struct Invitation: Sendable, Equatable {
  package enum Invited: Sendable, Equatable {
    case colleague(UUID)
    /// The invitation's id is the outsider's subject id.
    case outsider(name: String)
  }

  package let id: UUID
  package let invited: Invited
  package let answeredAt: Date?
}

/// A round with what the asker may see of its invitations.
package struct Round: Sendable, Equatable {
  package let id: UUID
  package let topic: String
  package let question: String
  package let visibility: Visibility
  package let askedAt: Date
  package var invitations: [Invitation]
}

/// An open question to the caller.
package struct FeedbackTask: Sendable, Equatable {
  package static let limit = 100

  package let invitation: UUID
  package let asker: UUID
  package let topic: String
  package let question: String
  package let visibility: Visibility
  package let askedAt: Date
}

/// An answer as its recipient reads it.
package struct Answer: Sendable, Equatable {
  /// Nobody, once the giver's data were erased.
  package enum Giver: Sendable, Equatable {
    case colleague(UUID)
    case outsider(name: String)
    case nobody
  }

  package let id: UUID
  package let round: UUID
  package let topic: String
  package let text: String
  package let giver: Giver
  package let givenAt: Date
}

/// What an outsider's one-time link leads to.
package struct GuestInvitation: Sendable, Equatable {
  /// The invitation's id, which is the outsider's subject id.
  package let id: UUID
  package let asker: UUID
  package let outsiderName: String
  package let topic: String
  package let question: String
  package let visibility: Visibility
  package let expiresAt: Date
}

/// Whether an invitation may still be answered.
package enum Answering {
  /// By the colleague who is asked.
  package static func check(answered: Bool) throws(FeedbackError) {
    guard !answered else { throw .alreadyAnswered }
  }

  /// By an outsider's link.
  package static func check(
    answered: Bool, expiresAt: Date, now: Date
  ) throws(FeedbackError) {
    guard !answered else { throw .linkUsed }
    guard now < expiresAt else { throw .linkExpired }
  }
}

/// An answer that somebody wants to give, checked.
package struct NewAnswer: Sendable, Equatable {
  package let id: UUID
  package let text: String
  package let givenAt: Date

  package init(_ text: String, at now: Date) throws(FeedbackError) {
    self.text = try TextRule.answer.check(text)
    id = UUID()
    givenAt = now
  }
}
