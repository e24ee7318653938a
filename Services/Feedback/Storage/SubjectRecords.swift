import Cryptography
import FoundationEssentials
import Postgres
import Storage

/// The records of an export, row by row.
extension SubjectRecord {
  init(round row: Row, _ id: UUID, _ key: SealingKey) throws {
    self.init(
      table: "round", id: id.canonical,
      fields: [
        Field(
          name: "topic",
          value: try row.open(RoundColumns.Topic.self, row: id, key)),
        Field(
          name: "question",
          value: try row.open(RoundColumns.Question.self, row: id, key)),
        Field(name: "visibility", value: try row.get("visibility")),
        Field(name: "asked_at", time: try row.get("asked_at", as: Date.self)),
      ])
  }

  /// An invitation that the person sent. The outsider's address stays out: it is the outsider's.
  init(sent row: Row, _ guests: [UUID: SealingKey]) throws {
    let id: UUID = try row.get("invitation_id")
    var fields = [Field(name: "round_id", value: try row.get("round_id", as: UUID.self).canonical)]
    if let colleague = try row.get("colleague_id", as: UUID?.self) {
      fields.append(Field(name: "colleague_id", value: colleague.canonical))
    } else {
      fields.append(Field(name: "outsider_name", value: try row.outsiderName(id, guests)))
    }
    fields += try Self.dates(row)
    self.init(table: "invitation", id: id.canonical, fields: fields)
  }

  /// A mail that waits to be sent to the person. What it says stays out: it holds a link.
  init(mail row: Row) throws {
    var fields = [
      Field(name: "kind", value: try row.get("kind")),
      Field(name: "created_at", time: try row.get("created_at", as: Date.self)),
      Field(name: "expires_at", time: try row.get("expires_at", as: Date.self)),
    ]
    if let deadAt = try row.get("dead_at", as: Date?.self) {
      fields.append(Field(name: "dead_at", time: deadAt))
    }
    self.init(
      table: "outbox", id: try row.get("outbox_id", as: UUID.self).canonical, fields: fields)
  }

  init(received answer: Answer) {
    var fields = [
      Field(name: "round_id", value: answer.round.canonical),
      Field(name: "topic", value: answer.topic),
      Field(name: "answer", value: answer.text),
    ]
    switch answer.giver {
    case .colleague(let id): fields.append(Field(name: "giver_id", value: id.canonical))
    case .outsider(let name): fields.append(Field(name: "giver_name", value: name))
    case .nobody: break
    }
    fields.append(Field(name: "given_at", time: answer.givenAt))
    self.init(table: "feedback", id: answer.id.canonical, fields: fields)
  }

  /// An invitation that the person got. Topic and question stay out: they are the asker's.
  init(got row: Row, _ id: UUID, _ keys: [UUID: SealingKey]) throws {
    var fields = [Field(name: "round_id", value: try row.get("round_id", as: UUID.self).canonical)]
    // Only an outsider's own key is asked for here under the invitation's id.
    if let key = keys[id] {
      fields += [
        Field(
          name: "outsider_name",
          value: try row.open(InvitationColumns.OutsiderName.self, row: id, key)),
        Field(
          name: "outsider_email",
          value: try row.open(InvitationColumns.OutsiderEmail.self, row: id, key)),
      ]
    }
    fields += try Self.dates(row)
    self.init(table: "invitation", id: id.canonical, fields: fields)
  }

  /// The answer that the person gave to the invitation of `row`, if any; nil too when its
  /// recipient is being erased.
  init?(given row: Row, _ keys: [UUID: SealingKey]) throws {
    guard let id = try row.get("feedback_id", as: UUID?.self),
      let key = keys[try row.get("recipient_id")]
    else { return nil }
    self.init(
      table: "feedback", id: id.canonical,
      fields: [
        Field(name: "recipient_id", value: try row.get("recipient_id", as: UUID.self).canonical),
        Field(
          name: "answer",
          value: try row.open(FeedbackColumns.Answer.self, row: id, key)),
        Field(name: "given_at", time: try row.get("answered_at", as: Date.self)),
      ])
  }

  private static func dates(_ row: Row) throws -> [Field] {
    try ["expires_at", "answered_at"].compactMap { column in
      try row.get(column, as: Date?.self).map { Field(name: column, time: $0) }
    }
  }
}
