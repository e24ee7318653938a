package import Access
package import Schemas
import Storage
import SwiftProtobuf

extension FeedbackService {
  package func listFeedback(
    _ request: FeedbackListFeedbackRequest, _ call: Call
  ) async throws -> FeedbackListFeedbackResponse {
    let recipient = try Person(call)
    let list = try await store.pages.list("feedback", recipient.mandate, reader: recipient.id)
    let page = try list.page(size: request.pageSize, token: request.pageToken)
    let (feedback, next) = try await store.feedbackList(page, recipient)
    return try .with {
      $0.feedback = feedback.map(FeedbackFeedback.init)
      $0.nextPageToken = try list.token(next)
    }
  }
}
