/// What one text has other lines for than another one (clause 2).
struct StatementChanges: Sendable, Equatable {
  struct Line: Sendable, Equatable {
    /// From 1: in the new text, or in the old one if it was removed.
    var number: Int
    var isRemoved: Bool
    var text: String
  }

  /// Lines between the first and the last that differ, of either text. Beyond, it is only said that
  /// too much is different: comparing takes time by their square, at each login that shows it.
  static let maximumLines = 500

  var lines: [Line] = []
  var isTooLarge = false

  /// Nothing is different.
  init() {}

  init(from old: String, to new: String) {
    let (old, new) = (Self.lines(old), Self.lines(new))
    let start = zip(old, new).prefix { $0 == $1 }.count
    let rest = min(old.count, new.count) - start
    let end = zip(old.reversed(), new.reversed()).prefix(rest).prefix { $0 == $1 }.count
    let (before, after) = (old[start..<(old.count - end)], new[start..<(new.count - end)])
    guard max(before.count, after.count) <= Self.maximumLines else {
      isTooLarge = true
      return
    }
    let changes = Array(after).difference(from: Array(before)).map { change in
      switch change {
      case .insert(let offset, let text, _):
        Line(number: start + offset + 1, isRemoved: false, text: String(text))
      case .remove(let offset, let text, _):
        Line(number: start + offset + 1, isRemoved: true, text: String(text))
      }
    }
    // What was removed stands before what came in its place.
    lines = changes.sorted { ($0.number, $0.isRemoved ? 0 : 1) < ($1.number, $1.isRemoved ? 0 : 1) }
  }

  private static func lines(_ text: String) -> [Substring] {
    text.split(omittingEmptySubsequences: false) { $0.isNewline }
  }
}
