package import Access
import Foundation
package import Schemas

extension GoalsService {
  package func getGoal(
    _ request: GoalsGetGoalRequest, _ call: Call
  ) async throws -> GoalsGoal {
    let owner = try Owner(call)
    let id = try UUID(field: "goal_id", request.goalID)
    return GoalsGoal(try await store.goalFetch(id, owner))
  }
}
