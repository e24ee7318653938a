import Foundation
import Testing

@testable import Privacy

/// The clocks of requests and holds, over many moments and time zones; a failure names the seed.
@Suite struct RequestClockTests {
  /// As they were drawn once: a run is repeated by its seed.
  private static let seeds: [UInt64] = [1, 2026, 0xDEAD_BEEF, 28, 365]
  private static let zones = [
    "Europe/Amsterdam", "America/Sao_Paulo", "Pacific/Apia", "Asia/Kathmandu",
    "Australia/Lord_Howe", "America/New_York", "Africa/Casablanca", "GMT",
  ]

  /// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators).
  private struct Random: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }

  private func calendar(_ zone: TimeZone) -> Calendar {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = zone
    return calendar
  }

  private func moment(_ text: String) throws -> Date { try Date(text, strategy: .iso8601) }

  private func zone(_ name: String) throws -> TimeZone { try #require(TimeZone(identifier: name)) }

  private func request(receivedAt: Date) -> PrivacyRequest {
    PrivacyRequest(.access, about: UUID(), by: UUID(), asOfficer: true, at: receivedAt)
  }

  @Test(arguments: seeds)
  func `clause 38: due 28 days after receipt, over changes of the clocks too`(
    seed: UInt64
  ) {
    var random = Random(state: seed)
    for _ in 0..<500 {
      let received = Date(timeIntervalSince1970: Double.random(in: 0...4e9, using: &random))
      let request = request(receivedAt: received)
      #expect(
        request.dueAt.timeIntervalSince(received) == 28 * 86_400, "seed \(seed), \(received)")
    }
  }

  @Test(arguments: seeds)
  func `clause 38: an extension ends two months later, and never after the law's three`(
    seed: UInt64
  ) throws {
    var random = Random(state: seed)
    for _ in 0..<500 {
      let name = try #require(Self.zones.randomElement(using: &random))
      let zone = try zone(name)
      let received = Date(timeIntervalSince1970: Double.random(in: 0...4e9, using: &random))
      let due = RequestClock.due(receivedAt: received)
      let extended = RequestClock.extendedDue(receivedAt: received, in: zone)
      let place = "seed \(seed), \(name), \(received)"
      // January and February of a common year are the shortest two months.
      #expect(extended.timeIntervalSince(due) >= (58 * 24 - 2) * 3_600, "\(place)")
      #expect(extended.timeIntervalSince(due) <= (62 * 24 + 2) * 3_600, "\(place)")
      let limit = try #require(calendar(zone).date(byAdding: .month, value: 3, to: received))
      #expect(extended <= limit, "\(place)")
    }
  }

  @Test(arguments: [
    // Receipt, zone, the extended due date: common and leap years, month ends, summer time.
    ("2027-01-03T09:00:00Z", "GMT", "2027-03-31T09:00:00Z"),
    ("2026-12-03T09:00:00Z", "GMT", "2027-02-28T09:00:00Z"),
    ("2027-12-03T09:00:00Z", "GMT", "2028-02-29T09:00:00Z"),
    ("2027-12-02T09:00:00Z", "GMT", "2028-02-29T09:00:00Z"),
    ("2028-02-01T09:00:00Z", "GMT", "2028-04-29T09:00:00Z"),
    // 12:00 in Amsterdam before and after the clocks change on 28 March 2027.
    ("2027-02-01T11:00:00Z", "Europe/Amsterdam", "2027-05-01T10:00:00Z"),
    // 02:30 does not exist there on 28 March 2027.
    ("2026-12-31T01:30:00Z", "Europe/Amsterdam", "2027-03-28T01:30:00Z"),
  ])
  func `clause 38: an extension keeps the day of the month and the time of day`(
    received: String, name: String, extended: String
  ) throws {
    let due = RequestClock.extendedDue(receivedAt: try moment(received), in: try zone(name))
    #expect(try due == moment(extended), "\(due.formatted(.iso8601))")
  }

  @Test func `an extension is made once, and before the day is over`() throws {
    let received = try moment("2027-01-03T09:00:00Z")
    let request = request(receivedAt: received)
    let extended = try request.extended(in: .gmt, at: request.dueAt)
    #expect(extended.dueAt > request.dueAt && extended.extendedAt == request.dueAt)
    #expect(try extended.extended(in: .gmt, at: extended.dueAt + 1) == extended)
    #expect(throws: RequestError.overdue) {
      try request.extended(in: .gmt, at: request.dueAt + 1)
    }
  }

  @Test func `clause 38: reminders come at seven and two days, and overdue shows`() {
    var request = request(receivedAt: Date(timeIntervalSince1970: 1_774_000_000))
    let day = 86_400.0
    func attention(_ left: TimeInterval) -> RequestAttention {
      request.attention(at: request.dueAt - left)
    }
    #expect(attention(8 * day) == .none && attention(7 * day) == .soon)
    #expect(attention(3 * day) == .soon && attention(2 * day) == .urgent)
    #expect(attention(0) == .urgent && attention(-1) == .overdue)
    // A clock that is set back shows what is so then.
    #expect(attention(8 * day) == .none)
    request.state = .completed
    #expect(attention(-1) == .none)
  }

  @Test(arguments: seeds)
  func `clause 12h: a hold lasts to the end of its day in the organisation's time zone`(
    seed: UInt64
  ) throws {
    var random = Random(state: seed)
    for _ in 0..<300 {
      let name = try #require(Self.zones.randomElement(using: &random))
      let calendar = calendar(try zone(name))
      let time = Date(timeIntervalSince1970: Double.random(in: 1e9...4e9, using: &random))
      let days = Int.random(in: 0...3_000, using: &random)
      let last = try #require(calendar.date(byAdding: .day, value: days, to: time))
      let parts = calendar.dateComponents([.year, .month, .day], from: last)
      let text = try String(
        format: "%04d-%02d-%02d", #require(parts.year), #require(parts.month),
        #require(parts.day))
      let place = "seed \(seed), \(name), \(text)"
      let end = try LegalHold.end(of: text, in: calendar.timeZone, from: time)
      #expect(end > last, "\(place)")
      // The last second is of that day, the end of the next one.
      #expect(calendar.isDate(end - 1, inSameDayAs: last), "\(place)")
      #expect(!calendar.isDate(end, inSameDayAs: last), "\(place)")
      #expect(calendar.startOfDay(for: end) == end, "\(place)")
    }
  }

  @Test func `a hold is in force until it ends or is released`() {
    let begin = Date(timeIntervalSince1970: 1_774_000_000)
    var hold = LegalHold(
      id: UUID(), subject: UUID(), ground: .audit, reference: "7", owner: UUID(), placedAt: begin,
      expiresAt: begin + 10)
    #expect(hold.isInForce(at: begin + 9) && !hold.isInForce(at: begin + 10))
    hold.releasedAt = begin + 5
    #expect(!hold.isInForce(at: begin + 6))
  }

  @Test func `attempts wait longer each time, up to a quarter of an hour`() {
    for attempts in [-1, 0, 1, 2, 5, 10, 1_000_000] {
      let delay = RequestPace.delay(after: attempts)
      #expect(delay >= RequestPace.firstDelay && delay <= 1.2 * RequestPace.longestDelay)
    }
    #expect(RequestPace.delay(after: 60) >= RequestPace.longestDelay)
  }
}
