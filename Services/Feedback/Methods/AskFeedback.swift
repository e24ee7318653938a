package import Access
import Foundation
import Launch
import RPC
package import Schemas

extension FeedbackService {
  package func askFeedback(
    _ request: FeedbackAskFeedbackRequest, _ call: Call
  ) async throws -> FeedbackFeedbackRound {
    let asker = try Person(call)
    let draft = try RoundDraft(
      asker: asker.id, topic: request.topic, question: request.question,
      visibility: Visibility(request.visibility), colleagues: colleagues(request.colleagueIds),
      outsiders: request.outsiders.map { ($0.name, $0.email) })
    return try await call.once(request, asker.mandate, answers) { once in
      let names = try await names(
        [asker.id] + draft.colleagues, tenant: asker.tenant, call.forwarded,
        absent: .colleagueNotFound)
      let round = NewRound(draft, tenant: asker.tenant, at: now())
      let mails = try await mails(round, asker: names[0], tenant: asker.tenant, call)
      let keep = once.keep { (round: NewRound) in FeedbackFeedbackRound(round.round) }
      try await store.roundInsert(round, asker, keep: keep) {
        if !mails.isEmpty { try await mail.deliver(mails) }
      }
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
  ) async throws -> [Mail] {
    guard !round.guests.isEmpty else { return [] }
    let organisation = try await organisationName(tenant, call)
    return round.invitations.compactMap { invitation in
      guard case .outsider(let outsider, let code) = invitation.invited else { return nil }
      let mail = GuestMail(
        outsider: outsider.name, asker: asker, organisation: organisation, code: code,
        base: linksBase)
      return Mail(
        to: outsider.email, name: outsider.name, subject: mail.subject, body: mail.body)
    }
  }
}
