package import Access
import Foundation
import Launch
package import Schemas

extension FeedbackService {
  package func giveFeedback(
    _ request: FeedbackGiveFeedbackRequest, _ call: Call
  ) async throws -> FeedbackGiveFeedbackResponse {
    let giver = try Person(call)
    let invitation = try UUID(field: "invitation_id", request.invitationID)
    let answer = try NewAnswer(request.answer, at: now())
    return try await call.once(request, giver.mandate, answers) { once in
      try await store.colleagueAnswerInsert(
        answer, invitation: invitation, giver, keep: once.keep { FeedbackGiveFeedbackResponse($0) }
      ) { asker in
        try await call.demandPurpose(for: [asker], in: giver.tenant)
      }
      return FeedbackGiveFeedbackResponse(answer)
    }
  }
}
