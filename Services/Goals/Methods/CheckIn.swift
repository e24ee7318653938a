package import Access
import Foundation
import Launch
package import Schemas
import SwiftProtobuf

extension GoalsService {
  package func checkIn(
    _ request: GoalsCheckInRequest, _ call: Call
  ) async throws -> GoalsCheckInResponse {
    let owner = try Owner(call)
    let id = try UUID(field: "goal_id", request.goalID)
    let draft = try CheckInDraft(
      progress: request.progressPercent, confidence: request.confidence, note: request.note)
    return try await call.once(request, owner.mandate, answers) { once in
      let checkIn = draft.checkIn(id: UUID(), goal: id, at: now())
      let answer = { @Sendable (goal: Goal) in
        GoalsCheckInResponse.with {
          $0.checkIn = GoalsGoalCheckIn(checkIn)
          $0.goal = GoalsGoal(goal)
        }
      }
      return answer(
        try await store.checkInInsert(
          checkIn, expected: GoalChange.revision(request.expectedRevision), owner,
          keep: once.keep(answer)))
    }
  }
}
