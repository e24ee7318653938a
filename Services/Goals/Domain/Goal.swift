package import FoundationEssentials

package enum GoalState: String, Sendable {
  case open, completed
}

/// A development goal: what, why, how one will see that it is reached, and by when.
package struct Goal: Sendable, Equatable {
  package let id: UUID
  package var owner: UUID
  package var title: String
  package var why: String
  package var measure: String
  package var dueOn: DueDate?
  /// In the order in which they were linked.
  package var feedback: [UUID]
  package var state: GoalState
  /// Of the latest check-in, in percent.
  package var progress: Int
  /// Counts the changes, from 1.
  package var revision: Int64
  package var createdAt: Date
  package var evaluation: String
}

/// The texts and links of a goal that somebody wants to set, checked.
package struct GoalDraft: Sendable, Equatable {
  package static let feedbackLimit = 20

  package let title: String
  package let why: String
  package let measure: String
  package let dueOn: DueDate?
  package let feedback: [UUID]

  package init(
    title: String, why: String, measure: String, dueOn: String, feedback: [UUID]
  ) throws(GoalsError) {
    self.title = try TextRule.title.check(title)
    self.why = try TextRule.why.check(why)
    self.measure = try TextRule.measure.check(measure)
    self.dueOn = try DueDate.optional(dueOn)
    guard feedback.count <= GoalDraft.feedbackLimit else {
      throw .tooManyFeedback(limit: GoalDraft.feedbackLimit)
    }
    var seen: Set<UUID> = []
    for id in feedback {
      guard seen.insert(id).inserted else { throw .feedbackTwice(id) }
    }
    self.feedback = feedback
  }

  /// The goal at its first revision.
  package func goal(id: UUID, owner: UUID, at now: Date) -> Goal {
    Goal(
      id: id, owner: owner, title: title, why: why, measure: measure, dueOn: dueOn,
      feedback: feedback, state: .open, progress: 0, revision: 1, createdAt: now, evaluation: "")
  }
}
