package import Access
import Foundation
import Launch
import Mail
import RPC
package import Schemas
import Storage

extension FeedbackService {
  package func askFeedback(
    _ request: FeedbackAskFeedbackRequest, _ call: Call
  ) async throws -> FeedbackFeedbackRound {
    let asker = try Person(call)
    let draft = try RoundDraft(
      asker: asker.id, topic: request.topic, question: request.question,
      visibility: Visibility(request.visibility), colleagues: colleagues(request.colleagueIds),
      outsiders: request.outsiders.map { ($0.name, $0.email) })
    try await call.demandPurpose(for: draft.colleagues, in: asker.tenant)
    return try await call.once(request, asker.mandate, answers) { once in
      let names = try await names(
        [asker.id] + draft.colleagues, tenant: asker.tenant, call.forwarded,
        absent: .colleagueNotFound)
      let round = NewRound(draft, tenant: asker.tenant, at: now())
      let mails = try await mails(round, asker: names[0], tenant: asker.tenant, call)
      let keep = once.keep { (round: NewRound) in FeedbackFeedbackRound(round.round) }
      try await store.roundInsert(round, asker, keep: keep) { keys in
        try outbox.post(
          mails.map { mail in
            guard let key = keys[mail.person] else { throw FeedbackError.personErased }
            return (mail: mail, key: key)
          }, tenant: asker.tenant, at: round.askedAt)
      }
      outbox.ring()
      return FeedbackFeedbackRound(round.round)
    }
  }

  private func colleagues(_ texts: [String]) throws -> [UUID] {
    guard texts.count <= RoundDraft.colleagueLimit else {
      throw FeedbackError.tooManyColleagues(limit: RoundDraft.colleagueLimit)
    }
    return try texts.enumerated().map { try UUID(field: "colleague_ids[\($0)]", $1) }
  }

  /// A mail with the one-time link for each outsider.
  private func mails(
    _ round: NewRound, asker: String, tenant: UUID, _ call: Call
  ) async throws -> [OutgoingMail] {
    guard !round.guests.isEmpty else { return [] }
    let organisation = try await organisation(tenant, call)
    let language = Letter.Language(organisation.language)
    return round.invitations.compactMap { invitation in
      guard case .outsider(let outsider, let code) = invitation.invited else { return nil }
      let letter = GuestLetter.compose(
        language, asker: asker, organisation: organisation.name, code: code, base: linksBase)
      return OutgoingMail(
        Mail(to: outsider.email, name: outsider.name, letter), kind: GuestLetter.kind,
        person: invitation.id, expiresAt: round.linksExpireAt)
    }
  }
}

extension Letter.Language {
  /// Dutch of an identity service of before, which names none.
  fileprivate init(_ language: IdentityLanguage) {
    switch language {
    case .english: self = .english
    case .dutch, .unspecified, .UNRECOGNIZED: self = .dutch
    }
  }
}
