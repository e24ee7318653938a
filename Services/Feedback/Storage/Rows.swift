import FoundationEssentials
import Postgres
import Storage

extension SealedOutsider {
  init(
    _ outsider: Outsider, _ code: GuestCode, _ key: SealingKey, invitation: UUID, until end: Date
  ) throws {
    self.init(
      name: try Sealed(outsider.name, row: invitation, key),
      email: try Sealed(outsider.email, row: invitation, key),
      codeHash: code.hash, expiresAt: end)
  }
}

extension NewAnswer {
  func sealed(_ key: SealingKey) throws -> Sealed<FeedbackColumns.Answer> {
    try Sealed(text, row: id, key)
  }
}

extension Invitation {
  init(_ row: Row, _ guests: [UUID: SealingKey]) throws {
    let id: UUID = try row.get("invitation_id")
    let invited: Invited =
      if let colleague = try row.get("colleague_id", as: UUID?.self) {
        .colleague(colleague)
      } else {
        .outsider(name: try row.outsiderName(id, guests))
      }
    self.init(id: id, invited: invited, answeredAt: try row.get("answered_at"))
  }
}

extension FeedbackTask {
  init(_ row: Row, _ key: SealingKey) throws {
    let round: UUID = try row.get("round_id")
    self.init(
      invitation: try row.get("invitation_id"), asker: try row.get("asker_id"),
      topic: try row.open(RoundColumns.Topic.self, row: round, key),
      question: try row.open(RoundColumns.Question.self, row: round, key),
      visibility: try row.get("visibility"), askedAt: try row.get("asked_at"))
  }
}

extension GuestInvitation {
  init(
    _ row: Row, _ id: UUID, _ asker: UUID, guestKey: SealingKey, askerKey: SealingKey
  ) throws {
    let round: UUID = try row.get("round_id")
    self.init(
      id: id, asker: asker,
      outsiderName: try row.open(InvitationColumns.OutsiderName.self, row: id, guestKey),
      topic: try row.open(RoundColumns.Topic.self, row: round, askerKey),
      question: try row.open(RoundColumns.Question.self, row: round, askerKey),
      visibility: try row.get("visibility"), expiresAt: try row.get("expires_at"))
  }
}

extension Answer {
  init(_ row: Row, _ key: SealingKey, _ guests: [UUID: SealingKey]) throws {
    let id: UUID = try row.get("feedback_id")
    let round: UUID = try row.get("round_id")
    let giver: Giver =
      if let colleague = try row.get("colleague_id", as: UUID?.self) {
        .colleague(colleague)
      } else if let invitation = try row.get("invitation_id", as: UUID?.self),
        guests[invitation] != nil
      {
        .outsider(name: try row.outsiderName(invitation, guests))
      } else {
        .nobody
      }
    self.init(
      id: id, round: round,
      topic: try row.open(RoundColumns.Topic.self, row: round, key),
      text: try row.open(FeedbackColumns.Answer.self, row: id, key),
      giver: giver, givenAt: try row.get("given_at"))
  }
}

extension Row {
  /// Empty while the outsider, whose key is gone, is being erased.
  func outsiderName(_ invitation: UUID, _ guests: [UUID: SealingKey]) throws -> String {
    guard let key = guests[invitation] else { return "" }
    return try open(InvitationColumns.OutsiderName.self, row: invitation, key)
  }
}
