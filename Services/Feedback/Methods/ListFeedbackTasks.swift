package import Access
import Launch
package import Schemas
import SwiftProtobuf

extension FeedbackService {
  package func listFeedbackTasks(
    _ request: FeedbackListFeedbackTasksRequest, _ call: Call
  ) async throws -> FeedbackListFeedbackTasksResponse {
    let colleague = try Person(call)
    // What is asked about somebody for whom feedback is stopped waits.
    let tasks = try await store.taskList(colleague).filter {
      !call.isStopped(for: $0.asker, in: colleague.tenant)
    }
    try await accesses.write(
      .read, of: tasks.map(\.asker), ["topic", "question"], in: colleague.tenant, call)
    return .with { $0.tasks = tasks.map(FeedbackFeedbackTask.init) }
  }
}
