package import FoundationEssentials

/// What an owner says about a goal at one moment.
package struct CheckIn: Sendable, Equatable {
  package let id: UUID
  package let goal: UUID
  package let progress: Int
  package let confidence: Int
  package let note: String
  package let at: Date
}

/// A check-in that somebody wants to make, checked.
package struct CheckInDraft: Sendable, Equatable {
  /// In percent.
  package static let progressRange = 0...100
  /// From doubtful to certain.
  package static let confidenceRange = 1...5

  package let progress: Int
  package let confidence: Int
  package let note: String

  package init(progress: UInt32, confidence: UInt32, note: String) throws(GoalsError) {
    guard CheckInDraft.progressRange.contains(Int(progress)) else { throw .progress }
    guard CheckInDraft.confidenceRange.contains(Int(confidence)) else { throw .confidence }
    self.progress = Int(progress)
    self.confidence = Int(confidence)
    self.note = try TextRule.note.check(note)
  }

  package func checkIn(id: UUID, goal: UUID, at now: Date) -> CheckIn {
    CheckIn(
      id: id, goal: goal, progress: progress, confidence: confidence, note: note, at: now)
  }
}
