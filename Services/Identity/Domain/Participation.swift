import FoundationEssentials

/// How many take part in a programme, as an organisation is told it (clause 12b).
struct Participation: Equatable, Sendable {
  enum State: Equatable, Sendable {
    case planned
    case running
    case ended
  }

  /// Of fewer it is not told how many: few are easily known.
  static let threshold = 5
  /// Programmes of one report.
  static let limit = 200

  let programme: Programme
  let state: State
  /// Nil: fewer than `threshold`.
  let participants: Int?

  /// `participants`: today, or on the day of the programme that is nearest to it.
  init(_ programme: Programme, participants: Int, on today: Day) {
    self.programme = programme
    state = today < programme.begin ? .planned : today > programme.end ? .ended : .running
    self.participants = participants >= Self.threshold ? participants : nil
  }
}
