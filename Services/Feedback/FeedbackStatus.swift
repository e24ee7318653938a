package import RPC

extension FeedbackError: PublicError {
  /// What the caller is told.
  package var status: RPCError {
    switch self {
    case .text(let rule, let fault): .invalidArgument(rule.explain(fault))
    case .emailAddress(let field):
      .invalidArgument("\(field) must be an e-mail address such as ann@example.org")
    case .controlCharacter(let field):
      .invalidArgument("\(field) must be one line without control characters")
    case .visibility: .invalidArgument("visibility must say who will read the answers")
    case .nobodyAsked:
      .invalidArgument("colleague_ids and outsiders must name at least one person together")
    case .tooManyColleagues(let limit):
      .invalidArgument("colleague_ids must hold at most \(limit) ids")
    case .tooManyOutsiders(let limit):
      .invalidArgument("outsiders must be at most \(limit)")
    case .colleagueTwice(let id):
      .invalidArgument("colleague_ids must not repeat an id: \(id.canonical)")
    case .outsiderTwice(let field):
      .invalidArgument("\(field) must not repeat the address of another outsider")
    case .asksOneself: .invalidArgument("colleague_ids must not hold your own id")
    case .colleagueNotFound: .notFound("colleague not found")
    case .roundNotFound: .notFound("round not found")
    case .invitationNotFound: .notFound("invitation not found")
    case .feedbackNotFound: .notFound("feedback not found")
    case .alreadyAnswered: .failedPrecondition("the feedback has been given already")
    case .linkUnknown: .notFound("the link is not known")
    case .linkUsed: .failedPrecondition("the link has been used")
    case .linkExpired: .failedPrecondition("the link has expired")
    case .personErased:
      .failedPrecondition("the data of this person were erased: nothing new can be stored")
    }
  }
}

extension TextRule {
  fileprivate func explain(_ fault: TextFault) -> String {
    switch fault {
    case .length: "\(field) must have \(minimum) to \(limit) characters"
    case .bytes:
      "\(field) must have at most \(limit * TextRule.bytesPerCharacter) bytes in UTF-8"
    case .nul: "\(field) must not hold the character U+0000"
    }
  }
}
