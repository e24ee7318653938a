import Cryptography
package import RPC

extension GoalsError: PublicError {
  /// What the caller is told.
  package var status: RPCError {
    switch self {
    case .text(let rule, let fault): .invalid(rule.field, rule.explain(fault))
    case .dueOn:
      .invalid("due_on", "must be a date such as 2027-02-28, or empty for none")
    case .tooManyFeedback(let limit):
      .invalid("feedback_ids", "must hold at most \(limit) ids")
    case .feedbackTwice(let id):
      .invalid("feedback_ids", "must not repeat an id: \(id.canonical)")
    case .progress: .invalid("progress_percent", "must be 0 to 100")
    case .confidence: .invalid("confidence", "must be 1 (doubtful) to 5 (certain)")
    case .goalNotFound: .notFound("goal not found")
    case .feedbackNotFound: .notFound("feedback not found")
    case .goalCompleted: .failedPrecondition("the goal is completed already")
    case .revisionOutdated(let current):
      .aborted("expected_revision is not the goal's: it is at revision \(current); read it again")
    case .personErased:
      .failedPrecondition("the data of this person were erased: nothing new can be stored")
    }
  }
}

extension TextRule {
  fileprivate func explain(_ fault: TextFault) -> String {
    switch fault {
    case .length where minimum == 0: "must have at most \(limit) characters"
    case .length: "must have \(minimum) to \(limit) characters"
    case .bytes:
      "must have at most \(limit * TextRule.bytesPerCharacter) bytes in UTF-8"
    case .nul: "must not hold the character U+0000"
    }
  }
}
