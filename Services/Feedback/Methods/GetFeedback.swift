package import Access
import Foundation
package import Schemas

extension FeedbackService {
  package func getFeedback(
    _ request: FeedbackGetFeedbackRequest, _ call: Call
  ) async throws -> FeedbackFeedback {
    let recipient = try Person(call)
    let id = try UUID(field: "feedback_id", request.feedbackID)
    return FeedbackFeedback(try await store.feedbackFetch(id, recipient))
  }
}
