package import Access
import Foundation
package import Schemas
import SwiftProtobuf

extension GoalsService {
  package func listCheckIns(
    _ request: GoalsListCheckInsRequest, _ call: Call
  ) async throws -> GoalsListCheckInsResponse {
    let owner = try Owner(call)
    let goal = try UUID(field: "goal_id", request.goalID)
    let checkIns = try await store.checkInList(goal, owner)
    return .with { $0.checkIns = checkIns.map(GoalsGoalCheckIn.init) }
  }
}
