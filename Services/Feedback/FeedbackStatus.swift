import Cryptography
package import RPC

extension FeedbackError: PublicError {
  /// What the caller is told.
  package var status: RPCError {
    switch self {
    case .text(let rule, let fault): .invalid(rule.field, rule.explain(fault))
    case .emailAddress(let field):
      .invalid(field, "must be an e-mail address such as ann@example.org")
    case .controlCharacter(let field):
      .invalid(field, "must be one line without control characters")
    case .visibility: .invalid("visibility", "must say who will read the answers")
    case .nobodyAsked:
      .invalidArgument("colleague_ids and outsiders must name at least one person together")
        .violating("colleague_ids", "must name somebody, or outsiders must")
    case .tooManyColleagues(let limit):
      .invalid("colleague_ids", "must hold at most \(limit) ids")
    case .tooManyOutsiders(let limit):
      .invalid("outsiders", "must be at most \(limit)")
    case .colleagueTwice(let id):
      .invalid("colleague_ids", "must not repeat an id: \(id.canonical)")
    case .outsiderTwice(let field):
      .invalid(field, "must not repeat the address of another outsider")
    case .asksOneself: .invalid("colleague_ids", "must not hold your own id")
    case .colleagueNotFound: .notFound("colleague not found")
    case .roundNotFound: .notFound("round not found")
    case .invitationNotFound: .notFound("invitation not found")
    case .feedbackNotFound: .notFound("feedback not found")
    case .alreadyAnswered: .failedPrecondition("the feedback has been given already")
    case .linkUnknown: .notFound("the link is not known")
    case .linkUsed: .failedPrecondition("the link has been used")
    case .linkExpired: .failedPrecondition("the link has expired")
    case .contractNotActive:
      .failedPrecondition("the contract with the organisation is not active: no feedback is taken")
    case .personErased:
      .failedPrecondition("the data of this person were erased: nothing new can be stored")
    }
  }
}

extension TextRule {
  fileprivate func explain(_ fault: TextFault) -> String {
    switch fault {
    case .length: "must have \(minimum) to \(limit) characters"
    case .bytes:
      "must have at most \(limit * TextRule.bytesPerCharacter) bytes in UTF-8"
    case .nul: "must not hold the character U+0000"
    }
  }
}
