package import Access
import Cryptography
import Foundation
import Launch
import RPC
package import Schemas
import SwiftProtobuf

extension GoalsService {
  package func createGoal(
    _ request: GoalsCreateGoalRequest, _ call: Call
  ) async throws -> GoalsGoal {
    let owner = try Owner(call)
    let draft = try GoalDraft(
      title: request.title, why: request.why, measure: request.measure, dueOn: request.dueOn,
      feedback: feedbackIDs(request.feedbackIds))
    return try await call.once(request, owner.mandate, answers) { once in
      try await check(feedback: draft.feedback, call)
      let goal = draft.goal(id: UUID(), owner: owner.person, at: now())
      try await store.goalInsert(goal, owner, keep: once.keep { GoalsGoal($0) })
      return GoalsGoal(goal)
    }
  }

  private func feedbackIDs(_ texts: [String]) throws -> [UUID] {
    guard texts.count <= GoalDraft.feedbackLimit else {
      throw GoalsError.tooManyFeedback(limit: GoalDraft.feedbackLimit)
    }
    return try texts.enumerated().map { try UUID(field: "feedback_ids[\($0)]", $1) }
  }

  /// Reads each as the caller: what is not theirs is not found.
  private func check(feedback ids: [UUID], _ call: Call) async throws {
    let options = call.forwarded
    try await withThrowingTaskGroup { group in
      for id in ids { group.addTask { try await check(feedback: id, options) } }
      try await group.waitForAll()
    }
  }

  private func check(feedback id: UUID, _ options: CallOptions) async throws {
    do {
      _ = try await feedback.getFeedback(.with { $0.feedbackID = id.canonical }, options)
    } catch {
      guard error.code == .notFound else { throw error }
      throw GoalsError.feedbackNotFound
    }
  }
}
