import Foundation
import Testing

@testable import Privacy

@Suite struct StatementChangesTests {
  private typealias Line = StatementChanges.Line

  @Test func `clause 2: lines that went and came are named, the old one first`() {
    let changes = StatementChanges(
      from: "# Titel\n\nEen jaar.\nSlot.\n", to: "# Titel\n\nTwee jaar.\nEn meer.\nSlot.\n")
    #expect(
      changes.lines == [
        Line(number: 3, isRemoved: true, text: "Een jaar."),
        Line(number: 3, isRemoved: false, text: "Twee jaar."),
        Line(number: 4, isRemoved: false, text: "En meer."),
      ])
    #expect(StatementChanges(from: "a\nb", to: "a\nb") == StatementChanges())
    #expect(StatementChanges(from: "a\r\nb", to: "a\nb") == StatementChanges())
  }

  /// Whatever the two texts are: taking out what was removed and putting in what is new makes one
  /// of the other.
  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func `the changes make the new text of the old one`(seed: UInt64) {
    var random = seed
    func next(_ bound: UInt64) -> UInt64 {
      random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (random >> 33) % bound
    }
    let old = (0..<next(60)).map { _ in "\(next(8))" }
    let new = (0..<next(60)).map { _ in "\(next(8))" }
    let changes = StatementChanges(
      from: old.joined(separator: "\n"), to: new.joined(separator: "\n"))
    var made = old.isEmpty ? [""] : old
    for line in changes.lines.filter(\.isRemoved).reversed() {
      #expect(made.remove(at: line.number - 1) == line.text, "seed \(seed)")
    }
    for line in changes.lines.filter({ !$0.isRemoved }) {
      made.insert(line.text, at: line.number - 1)
    }
    #expect(made == (new.isEmpty ? [""] : new), "seed \(seed)")
  }

  @Test func `too much is not compared, and what surrounds it doesn't count`() {
    let many = (0...StatementChanges.maximumLines).map { "regel \($0)" }
    let same = String(repeating: "hetzelfde\n", count: 5_000)
    let large = StatementChanges(from: same + "x", to: same + many.joined(separator: "\n"))
    #expect(large.isTooLarge && large.lines.isEmpty)
    let small = StatementChanges(from: same + "x\n" + same, to: same + "y\n" + same)
    #expect(small.lines.map(\.number) == [5_001, 5_001] && !small.isTooLarge)
  }

  @Test func `a version counts at once or later, at most a year ahead`() throws {
    let now = Date(timeIntervalSince1970: 1_800_000_000)
    #expect(try StatementValidity.checked(nil, now: now) == now)
    #expect(try StatementValidity.checked(now - 60, now: now) == now)
    #expect(try StatementValidity.checked(now + 60, now: now) == now + 60)
    #expect(throws: StatementError.tooFarAhead) {
      try StatementValidity.checked(.distantFuture, now: now)
    }
  }
}
