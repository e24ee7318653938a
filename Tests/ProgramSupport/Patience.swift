/// Asking again until it is so: after pauses that grow, as a client does, and not for ever.
package struct Patience {
  package struct Exhausted: Error, CustomStringConvertible {
    package let description: String
  }

  /// The pause after the first answer; each further one is twice as long…
  private static let firstPause: Duration = .milliseconds(2)
  /// …up to here.
  private static let longestPause: Duration = .milliseconds(500)

  private let limit: Duration
  private var end: ContinuousClock.Instant
  private var pause = Patience.firstPause

  /// Long enough for a machine that is busy with all other tests.
  package init(_ limit: Duration = .seconds(120)) {
    self.limit = limit
    end = .now + limit
  }

  /// Returns when to ask again; throws `Exhausted`, which repeats what was answered `last`, when
  /// the time is over, and when the task is cancelled.
  package mutating func wait(after last: @autoclosure () -> String) async throws {
    guard .now < end else { throw Exhausted(description: "not within \(limit): \(last())") }
    try await Task.sleep(for: pause * Double.random(in: 0.5...1))
    pause = min(pause * 2, Self.longestPause)
  }

  /// It was as wished for: patience begins anew.
  package mutating func succeeded() { self = Patience(limit) }
}

/// What `ask` answers, as soon as that is not nil.
package func eventually<Value>(
  _ what: String, within limit: Duration = .seconds(120), _ ask: () async throws -> Value?
) async throws -> Value {
  var patience = Patience(limit)
  while true {
    if let value = try await ask() { return value }
    try await patience.wait(after: what)
  }
}

/// Returns as soon as `isSo`.
package func until(
  _ what: String, within limit: Duration = .seconds(120), _ isSo: () async throws -> Bool
) async throws {
  _ = try await eventually(what, within: limit) { try await isSo() ? true : nil }
}
