package import Access
import Cryptography
import Foundation
import Launch
import RPC
package import Schemas
import SwiftProtobuf

extension FeedbackService {
  package func giveGuestFeedback(
    _ request: FeedbackGiveGuestFeedbackRequest, _ call: Call
  ) async throws -> FeedbackGiveFeedbackResponse {
    let code = try GuestCode(request.code)
    let answer = try NewAnswer(request.answer, at: now())
    let mandate = call.mandate(code.tenant)
    // Nothing is looked up or kept for somebody who only knows the number of an organisation.
    try await store.guestLinkDemand(code, mandate)
    return try await call.once(request, mandate, answers) { once in
      let invitation = try await store.guestInvitationFetch(code, at: answer.givenAt, mandate)
      try await call.demandPurpose(for: [invitation.asker, invitation.id], in: code.tenant)
      try await requireContract(code.tenant, call)
      // Without the current version FAILED_PRECONDITION goes to the caller as it is, and the link
      // stays unused.
      _ = try await statements.recordAcceptance(
        .with {
          $0.organisationID = code.tenant.canonical
          $0.subjectID = invitation.id.canonical
          $0.subjectKind = .guest
          $0.version = request.statementVersion
          $0.sha256 = request.statementSha256
        }, call.inOwnName.forwarded)
      try await store.guestAnswerInsert(
        answer, to: invitation, code, mandate, keep: once.keep { FeedbackGiveFeedbackResponse($0) })
      return FeedbackGiveFeedbackResponse(answer)
    }
  }
}
