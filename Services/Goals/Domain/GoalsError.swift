package import FoundationEssentials

/// Why this service refuses; `GoalsStatus.swift` says how each case is answered.
package enum GoalsError: Error, Equatable {
  case text(TextRule, TextFault)
  case dueOn
  case tooManyFeedback(limit: Int)
  case feedbackTwice(UUID)
  case progress
  case confidence
  case goalNotFound
  case feedbackNotFound
  case goalCompleted
  /// Somebody was faster: the goal is at `current` by now.
  case revisionOutdated(current: Int64)
  /// The person's data in this service were erased and their key destroyed.
  case personErased
}
