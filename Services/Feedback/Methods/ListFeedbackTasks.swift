package import Access
package import Schemas
import SwiftProtobuf

extension FeedbackService {
  package func listFeedbackTasks(
    _ request: FeedbackListFeedbackTasksRequest, _ call: Call
  ) async throws -> FeedbackListFeedbackTasksResponse {
    let tasks = try await store.taskList(Person(call))
    return .with { $0.tasks = tasks.map(FeedbackFeedbackTask.init) }
  }
}
