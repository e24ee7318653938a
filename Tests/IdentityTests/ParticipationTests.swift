import FoundationEssentials
import Testing

@testable import Identity

@Suite struct ParticipationTests {
  private func programme() throws -> Programme {
    Programme(
      id: UUID(), name: try ProgrammeName("Leergang"), kind: .training,
      begin: try #require(Day(year: 2027, month: 2, day: 1)),
      end: try #require(Day(year: 2027, month: 2, day: 28)), learningPaths: [])
  }

  @Test(arguments: [(0, nil), (1, nil), (4, nil), (5, 5), (6, 6), (500, 500)] as [(Int, Int?)])
  func `clause 12b: fewer than five are not counted out loud`(count: Int, told: Int?) throws {
    let today = try #require(Day(year: 2027, month: 2, day: 14))
    let participation = Participation(try programme(), participants: count, on: today)
    #expect(participation.participants == told && participation.state == .running)
  }

  @Test(arguments: [
    (1, 31, Participation.State.planned), (2, 1, .running), (2, 28, .running), (3, 1, .ended),
  ])
  func `a programme runs from its first day to its last`(
    month: Int, day: Int, state: Participation.State
  ) throws {
    let today = try #require(Day(year: 2027, month: month, day: day))
    #expect(Participation(try programme(), participants: 9, on: today).state == state)
  }
}
