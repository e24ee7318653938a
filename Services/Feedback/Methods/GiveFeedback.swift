package import Access
import Foundation
package import Schemas

extension FeedbackService {
  package func giveFeedback(
    _ request: FeedbackGiveFeedbackRequest, _ call: Call
  ) async throws -> FeedbackGiveFeedbackResponse {
    let giver = try Person(call)
    let invitation = try UUID(field: "invitation_id", request.invitationID)
    let answer = try NewAnswer(request.answer, at: now())
    try await store.colleagueAnswerInsert(answer, invitation: invitation, giver)
    return FeedbackGiveFeedbackResponse(answer)
  }
}
