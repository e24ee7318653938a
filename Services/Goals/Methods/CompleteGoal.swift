package import Access
import Foundation
import Launch
package import Schemas

extension GoalsService {
  package func completeGoal(
    _ request: GoalsCompleteGoalRequest, _ call: Call
  ) async throws -> GoalsGoal {
    let owner = try Owner(call)
    let id = try UUID(field: "goal_id", request.goalID)
    let evaluation = try TextRule.evaluation.check(request.evaluation)
    return try await call.once(request, owner.mandate, answers) { once in
      GoalsGoal(
        try await store.goalComplete(
          id, evaluation: evaluation, expected: GoalChange.revision(request.expectedRevision),
          owner, keep: once.keep { GoalsGoal($0) }))
    }
  }
}
