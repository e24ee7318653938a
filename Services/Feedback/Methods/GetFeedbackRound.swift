package import Access
import Foundation
package import Schemas

extension FeedbackService {
  package func getFeedbackRound(
    _ request: FeedbackGetFeedbackRoundRequest, _ call: Call
  ) async throws -> FeedbackFeedbackRound {
    let asker = try Person(call)
    let id = try UUID(field: "round_id", request.roundID)
    return FeedbackFeedbackRound(try await store.roundFetch(id, asker))
  }
}
