import Cryptography
import Foundation
import Schemas
import SwiftProtobuf

extension GoalsGoal {
  init(_ goal: Goal) {
    self.init()
    goalID = goal.id.canonical
    title = goal.title
    why = goal.why
    measure = goal.measure
    dueOn = goal.dueOn?.description ?? ""
    feedbackIds = goal.feedback.map(\.canonical)
    state =
      switch goal.state {
      case .open: .open
      case .completed: .completed
      }
    progressPercent = UInt32(goal.progress)
    revision = UInt64(goal.revision)
    createdAt = Google_Protobuf_Timestamp(microsecondsOf: goal.createdAt)
    evaluation = goal.evaluation
  }
}

extension GoalsGoalCheckIn {
  init(_ checkIn: CheckIn) {
    self.init()
    checkInID = checkIn.id.canonical
    goalID = checkIn.goal.canonical
    progressPercent = UInt32(checkIn.progress)
    confidence = UInt32(checkIn.confidence)
    note = checkIn.note
    checkedInAt = Google_Protobuf_Timestamp(microsecondsOf: checkIn.at)
  }
}

extension Google_Protobuf_Timestamp {
  /// As exact as the database, so that a moment reads the same before and after it was stored.
  init(microsecondsOf date: Date) {
    let microseconds = Int64((date.timeIntervalSince1970 * 1e6).rounded())
    let (seconds, rest) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
    let borrowed: Int64 = rest < 0 ? 1 : 0
    self.init(seconds: seconds - borrowed, nanos: Int32((rest + borrowed * 1_000_000) * 1000))
  }
}
