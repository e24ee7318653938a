package import Access
package import Schemas
import Storage
import SwiftProtobuf

extension GoalsService {
  package func listGoals(
    _ request: GoalsListGoalsRequest, _ call: Call
  ) async throws -> GoalsListGoalsResponse {
    let owner = try Owner(call)
    let list = try await store.pages.list("goals", owner.mandate, reader: owner.person)
    let page = try list.page(size: request.pageSize, token: request.pageToken)
    let (goals, next) = try await store.goalList(page, owner)
    return try .with {
      $0.goals = goals.map(GoalsGoal.init)
      $0.nextPageToken = try list.token(next)
    }
  }
}
