import FoundationEssentials
import Testing

@testable import Goals

@Suite struct DraftTests {
  func draft(
    title: String = "Speak up", why: String = "", measure: String = "", dueOn: String = "",
    feedback: [UUID] = []
  ) throws(GoalsError) -> GoalDraft {
    try GoalDraft(title: title, why: why, measure: measure, dueOn: dueOn, feedback: feedback)
  }

  @Test func `a text is trimmed before it is counted`() throws {
    #expect(try draft(title: "\n  Speak up \t").title == "Speak up")
    let longest = String(repeating: "é", count: 200)
    #expect(try draft(title: " \(longest) ").title == longest)
  }

  @Test func `a title is compulsory and bounded`() {
    #expect(throws: GoalsError.text(.title, .length)) { try draft(title: " \u{00A0}\n") }
    #expect(throws: GoalsError.text(.title, .length)) {
      try draft(title: String(repeating: "a", count: 201))
    }
  }

  @Test func `the other texts may be empty, not endless`() throws {
    #expect(try draft(why: "", measure: " ").measure == "")
    #expect(throws: GoalsError.text(.why, .length)) {
      try draft(why: String(repeating: "w", count: 4_001))
    }
    #expect(throws: GoalsError.text(.measure, .length)) {
      try draft(measure: String(repeating: "m", count: 1_000_000))
    }
  }

  @Test func `characters count as a reader counts them`() throws {
    let family = "👩‍👩‍👧‍👦"
    #expect(try draft(title: String(repeating: family, count: 200)).title.count == 200)
  }

  @Test func `one character of a thousand marks is refused for its bytes`() {
    let tower = "a" + String(repeating: "\u{0301}", count: 10_000)
    #expect(throws: GoalsError.text(.title, .bytes)) { try draft(title: tower) }
  }

  @Test func `a NUL is refused`() {
    #expect(throws: GoalsError.text(.title, .nul)) { try draft(title: "a\0b") }
  }

  @Test func `linked feedback is bounded and without repetition`() throws {
    let ids = (0..<21).map { _ in UUID() }
    #expect(try draft(feedback: Array(ids.prefix(20))).feedback.count == 20)
    #expect(throws: GoalsError.tooManyFeedback(limit: 20)) { try draft(feedback: ids) }
    #expect(throws: GoalsError.feedbackTwice(ids[0])) {
      try draft(feedback: [ids[0], ids[1], ids[0]])
    }
  }

  @Test(arguments: ["2026-11-23", "2028-02-29", "2000-02-29", "0001-01-01", "9999-12-31"])
  func `a due date is a day of the calendar`(text: String) throws {
    #expect(try draft(dueOn: text).dueOn?.description == text)
  }

  @Test(arguments: [
    "2027-02-29", "1900-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "2026-1-1", "23-11-2026",
    "2026/11/23", " 2026-11-23", "0000-01-01", "2026-11-2٣", "tomorrow",
  ])
  func `what is no day is refused`(text: String) {
    #expect(throws: GoalsError.dueOn) { try draft(dueOn: text) }
  }

  @Test func `a new goal is open, at its first revision and without progress`() throws {
    let (id, owner, now) = (UUID(), UUID(), Date(timeIntervalSince1970: 1_800_000_000))
    let goal = try draft(dueOn: "").goal(id: id, owner: owner, at: now)
    #expect(goal.state == .open && goal.revision == 1 && goal.progress == 0)
    #expect(goal.dueOn == nil && goal.createdAt == now && goal.evaluation == "")
  }
}

@Suite struct CheckInTests {
  @Test(arguments: [(0, 1), (100, 5), (50, 3)])
  func `progress and confidence within their ranges pass`(progress: UInt32, confidence: UInt32)
    throws
  {
    let draft = try CheckInDraft(progress: progress, confidence: confidence, note: " ")
    #expect(draft.progress == Int(progress) && draft.confidence == Int(confidence))
    #expect(draft.note == "")
  }

  @Test func `what lies beyond is refused`() {
    #expect(throws: GoalsError.progress) {
      try CheckInDraft(progress: 101, confidence: 3, note: "")
    }
    #expect(throws: GoalsError.progress) {
      try CheckInDraft(progress: .max, confidence: 3, note: "")
    }
    #expect(throws: GoalsError.confidence) {
      try CheckInDraft(progress: 1, confidence: 0, note: "")
    }
    #expect(throws: GoalsError.confidence) {
      try CheckInDraft(progress: 1, confidence: 6, note: "")
    }
    #expect(throws: GoalsError.text(.note, .length)) {
      try CheckInDraft(progress: 1, confidence: 1, note: String(repeating: "n", count: 4_001))
    }
  }
}

@Suite struct GoalChangeTests {
  @Test func `a change that changed nothing says why`() {
    #expect(GoalChange.refusal(nil) == .goalNotFound)
    #expect(GoalChange.refusal((.completed, 4)) == .goalCompleted)
    #expect(GoalChange.refusal((.open, 4)) == .revisionOutdated(current: 4))
  }

  @Test func `a revision beyond all counting is no other revision`() {
    #expect(GoalChange.revision(7) == 7)
    #expect(GoalChange.revision(.max) == .max)
  }
}
