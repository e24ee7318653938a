import Foundation

/// The erasure of a whole client organisation, one calendar month after its contract (clause 29).
struct OrganisationErasure: Sendable, Equatable {
  enum State: String, Sendable {
    /// Reported, and not begun.
    case waiting
    /// A hold stops it (clause 12h).
    case onHold = "on_hold"
    /// Nothing of the organisation is written any more; what is left goes.
    case running
    case completed
  }

  let organisation: UUID
  /// Of the receipts.
  let id: UUID
  var state: State
  var reportedAt: Date
  var begunAt: Date?
  var completedAt: Date?
  /// Of one on hold: how many there are, and when the last of them ends.
  var holds = ErasureHolds()
  /// Which service did not do what.
  var problem: String?
  var nextAttemptAt: Date?
  /// Identity's order, signed, and its key; empty before it began.
  var order = ""
  var orderKey: [UInt8] = []

  /// Whether the first row may have been deleted.
  var hasBegun: Bool { state == .running || state == .completed }
}

/// What stops the erasure of an organisation: legal holds on its people, and an operator's on the
/// whole of it.
struct ErasureHolds: Sendable, Equatable {
  var count = 0
  /// The end of the last one; nil without one.
  var until: Date?

  static func + (left: ErasureHolds, right: ErasureHolds) -> ErasureHolds {
    ErasureHolds(
      count: left.count + right.count, until: [left.until, right.until].compactMap(\.self).max())
  }

  /// Holds are released before their end as well: they are looked at again after this, in seconds.
  static let look: TimeInterval = 3_600

  /// When it is worth a look.
  func nextLook(after time: Date) -> Date { min(until ?? time, time + Self.look) }
}

/// What one service has done for it.
struct OrganisationErasureStep: Sendable, Equatable {
  var service: String
  /// Rows and keys are gone, and a scan found nothing that has no ground to stay.
  var done: Bool
  var rowsErased: Int
  var rowsKept: Int
  var receipts = StepReceipts()
  /// Tables in which rows were left.
  var left: [String] = []
}
