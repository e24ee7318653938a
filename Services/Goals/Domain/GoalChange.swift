/// Why a change that asked for a revision of an open goal changed nothing.
package enum GoalChange {
  /// The state and revision that the goal has now; nil: the caller has no such goal.
  package static func refusal(
    _ current: (state: GoalState, revision: Int64)?
  ) -> GoalsError {
    guard let current else { return .goalNotFound }
    switch current.state {
    case .completed: return .goalCompleted
    case .open: return .revisionOutdated(current: current.revision)
    }
  }

  /// A revision as the database counts; one that it can't reach stays unequal to every other.
  package static func revision(_ expected: UInt64) -> Int64 { Int64(clamping: expected) }
}
