import FoundationEssentials
import Postgres
import Storage

extension SealedOutsider {
  init(
    _ outsider: Outsider, _ code: GuestCode, _ key: SealingKey, invitation: UUID, until end: Date
  ) throws {
    self.init(
      name: try key.seal(
        outsider.name, table: "invitation", column: "outsider_name", row: invitation),
      email: try key.seal(
        outsider.email, table: "invitation", column: "outsider_email", row: invitation),
      codeHash: code.hash, expiresAt: end)
  }
}

extension NewAnswer {
  func sealed(_ key: SealingKey) throws -> [UInt8] {
    try key.seal(text, table: "feedback", column: "answer", row: id)
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
      topic: try key.open(row.get("topic"), table: "round", column: "topic", row: round),
      question: try key.open(row.get("question"), table: "round", column: "question", row: round),
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
      outsiderName: try guestKey.open(
        row.get("outsider_name"), table: "invitation", column: "outsider_name", row: id),
      topic: try askerKey.open(row.get("topic"), table: "round", column: "topic", row: round),
      question: try askerKey.open(
        row.get("question"), table: "round", column: "question", row: round),
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
      topic: try key.open(row.get("topic"), table: "round", column: "topic", row: round),
      text: try key.open(row.get("answer"), table: "feedback", column: "answer", row: id),
      giver: giver, givenAt: try row.get("given_at"))
  }
}

extension Row {
  /// Empty while the outsider, whose key is gone, is being erased.
  func outsiderName(_ invitation: UUID, _ guests: [UUID: SealingKey]) throws -> String {
    guard let key = guests[invitation] else { return "" }
    return try key.open(
      get("outsider_name"), table: "invitation", column: "outsider_name", row: invitation)
  }
}
