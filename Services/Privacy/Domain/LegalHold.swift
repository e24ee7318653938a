import Foundation

/// Why somebody's data are kept although they, or an officer, want them erased (clause 12h).
enum HoldGround: String, Sendable, CaseIterable {
  case dispute, audit
  case legalDuty = "legal_duty"
}

/// While it is in force nothing of the person is erased.
struct LegalHold: Sendable, Equatable {
  static let referenceLimit = 100
  /// The farthest last day.
  static let longestYears = 10

  var id: UUID
  /// Nil once the person was erased.
  var subject: UUID?
  var ground: HoldGround
  var reference: String
  /// Nil once they were erased.
  var owner: UUID?
  var placedAt: Date
  var expiresAt: Date
  var releasedAt: Date?

  func isInForce(at time: Date) -> Bool { releasedAt == nil && time < expiresAt }

  /// The end of the last day, given as ISO 8601, in the organisation's time zone: the first moment
  /// of the next day. From today on, and not more than ten years away.
  static func end(
    of day: String, in zone: TimeZone, from time: Date
  ) throws(RequestError) -> Date {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = zone
    guard let match = day.wholeMatch(of: /(\d{4})-(\d{2})-(\d{2})/),
      let year = Int(match.output.1), let month = Int(match.output.2),
      let number = Int(match.output.3)
    else { throw .holdDayOutside }
    let parts = DateComponents(year: year, month: month, day: number)
    guard parts.isValidDate(in: calendar), let begin = calendar.date(from: parts),
      let next = calendar.date(byAdding: .day, value: 1, to: begin),
      let limit = calendar.date(byAdding: .year, value: longestYears, to: time)
    else { throw .holdDayOutside }
    let end = calendar.startOfDay(for: next)
    guard end > time, end <= limit else { throw .holdDayOutside }
    return end
  }
}
