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

/// A round as it is first stored: every invitation open, and with an outsider's goes a fresh code.
package struct NewRound: Sendable, Equatable {
  package struct NewInvitation: Sendable, Equatable {
    package enum Invited: Sendable, Equatable {
      case colleague(UUID)
      case outsider(Outsider, GuestCode)
    }

    package let id: UUID
    package let invited: Invited
  }

  package let draft: RoundDraft
  package let id: UUID
  package let askedAt: Date
  /// When the outsiders' links end.
  package let linksExpireAt: Date
  /// Colleagues first, each group in the order asked.
  package let invitations: [NewInvitation]

  package init(_ draft: RoundDraft, tenant: UUID, at now: Date) {
    self.draft = draft
    id = UUID()
    askedAt = now
    linksExpireAt = GuestCode.expiry(from: now)
    invitations =
      draft.colleagues.map { NewInvitation(id: UUID(), invited: .colleague($0)) }
      + draft.outsiders.map {
        NewInvitation(id: UUID(), invited: .outsider($0, GuestCode.make(tenant: tenant)))
      }
  }

  /// The subject ids of the outsiders.
  package var guests: [UUID] {
    invitations.compactMap {
      if case .outsider = $0.invited { $0.id } else { nil }
    }
  }

  /// The round as the asker sees it.
  package var round: Round {
    Round(
      id: id, topic: draft.topic, question: draft.question, visibility: draft.visibility,
      askedAt: askedAt,
      invitations: invitations.map { invitation in
        switch invitation.invited {
        case .colleague(let colleague):
          Invitation(id: invitation.id, invited: .colleague(colleague), answeredAt: nil)
        case .outsider(let outsider, _):
          Invitation(
            id: invitation.id, invited: .outsider(name: outsider.name), answeredAt: nil)
        }
      })
  }
}
