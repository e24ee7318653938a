package import Access
package import Schemas
import Storage
import SwiftProtobuf

extension GoalsService {
  package func listGoals(
    _ request: GoalsListGoalsRequest, _ call: Call
  ) async throws -> GoalsListGoalsResponse {
    let owner = try Owner(call)
    let page = try Page(size: request.pageSize, token: request.pageToken)
    let (goals, next) = try await store.goalList(page, owner)
    return .with {
      $0.goals = goals.map(GoalsGoal.init)
      $0.nextPageToken = next?.token ?? ""
    }
  }
}
