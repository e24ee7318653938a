package import FoundationEssentials

/// Who will read an answer; fixed when the question is asked.
package enum Visibility: String, Sendable {
  case asker
}

/// A question to colleagues and outsiders that somebody wants to ask, checked.
package struct RoundDraft: Sendable, Equatable {
  package static let colleagueLimit = 20
  package static let outsiderLimit = 10

  package let asker: UUID
  package let topic: String
  package let question: String
  package let visibility: Visibility
  package let colleagues: [UUID]
  package let outsiders: [Outsider]

  package init(
    asker: UUID, topic: String, question: String, visibility: Visibility?,
    colleagues: [UUID], outsiders: [(name: String, email: String)]
  ) throws(FeedbackError) {
    self.asker = asker
    self.topic = try TextRule.topic.check(topic)
    self.question = try TextRule.question.check(question)
    guard let visibility else { throw .visibility }
    self.visibility = visibility
    self.colleagues = try RoundDraft.check(colleagues: colleagues, asker: asker)
    self.outsiders = try RoundDraft.check(outsiders: outsiders)
    guard !colleagues.isEmpty || !outsiders.isEmpty else { throw .nobodyAsked }
  }

  private static func check(
    colleagues: [UUID], asker: UUID
  ) throws(FeedbackError) -> [UUID] {
    guard colleagues.count <= colleagueLimit else {
      throw .tooManyColleagues(limit: colleagueLimit)
    }
    var seen: Set<UUID> = []
    for colleague in colleagues {
      guard colleague != asker else { throw .asksOneself }
      guard seen.insert(colleague).inserted else { throw .colleagueTwice(colleague) }
    }
    return colleagues
  }

  private static func check(
    outsiders: [(name: String, email: String)]
  ) throws(FeedbackError) -> [Outsider] {
    guard outsiders.count <= outsiderLimit else { throw .tooManyOutsiders(limit: outsiderLimit) }
    var checked: [Outsider] = []
    var seen: Set<String> = []
    for (index, candidate) in outsiders.enumerated() {
      let outsider = try Outsider(name: candidate.name, email: candidate.email, index: index)
      guard seen.insert(EmailAddress.normalised(outsider.email)).inserted else {
        throw .outsiderTwice(field: "outsiders[\(index)].email")
      }
      checked.append(outsider)
    }
    return checked
  }
}
