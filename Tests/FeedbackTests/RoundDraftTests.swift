import FoundationEssentials
import Mail
import Testing

@testable import Feedback

@Suite struct RoundDraftTests {
  let asker = UUID()

  func draft(
    topic: String = "Chairing", question: String = "How do I chair a meeting?",
    visibility: Visibility? = .asker, colleagues: [UUID] = [UUID()],
    outsiders: [(name: String, email: String)] = []
  ) throws(FeedbackError) -> RoundDraft {
    try RoundDraft(
      asker: asker, topic: topic, question: question, visibility: visibility,
      colleagues: colleagues, outsiders: outsiders)
  }

  @Test func `topic and question are compulsory and bounded`() throws {
    #expect(try draft(topic: "  Chairing\n").topic == "Chairing")
    #expect(throws: FeedbackError.text(.topic, .length)) { try draft(topic: " ") }
    #expect(throws: FeedbackError.text(.topic, .length)) {
      try draft(topic: String(repeating: "t", count: 201))
    }
    #expect(throws: FeedbackError.text(.question, .length)) { try draft(question: "") }
    #expect(throws: FeedbackError.text(.question, .length)) {
      try draft(question: String(repeating: "q", count: 4_001))
    }
    #expect(throws: FeedbackError.text(.question, .nul)) { try draft(question: "a\0") }
  }

  @Test func `who will read the answers must be said`() {
    #expect(throws: FeedbackError.visibility) { try draft(visibility: nil) }
  }

  @Test func `somebody is asked, and not oneself, and nobody twice`() {
    let colleague = UUID()
    #expect(throws: FeedbackError.nobodyAsked) { try draft(colleagues: []) }
    #expect(throws: FeedbackError.asksOneself) { try draft(colleagues: [colleague, asker]) }
    #expect(throws: FeedbackError.colleagueTwice(colleague)) {
      try draft(colleagues: [colleague, UUID(), colleague])
    }
    #expect(throws: FeedbackError.outsiderTwice(field: "outsiders[1].email")) {
      try draft(outsiders: [("A", "a@example.org"), ("B", "A@Example.org ")])
    }
  }

  @Test func `colleagues and outsiders are bounded`() throws {
    let many = (0..<21).map { _ in UUID() }
    #expect(try draft(colleagues: Array(many.prefix(20))).colleagues.count == 20)
    #expect(throws: FeedbackError.tooManyColleagues(limit: 20)) { try draft(colleagues: many) }
    let outsiders = (0..<11).map { (name: "A", email: "a\($0)@example.org") }
    #expect(try draft(outsiders: Array(outsiders.prefix(10))).outsiders.count == 10)
    #expect(throws: FeedbackError.tooManyOutsiders(limit: 10)) {
      try draft(outsiders: outsiders)
    }
  }

  @Test func `an outsider's name is one line`() {
    let name = TextRule.outsiderName(0)
    #expect(throws: FeedbackError.text(name, .length)) {
      try draft(outsiders: [(" ", "a@example.org")])
    }
    #expect(throws: FeedbackError.controlCharacter(field: "outsiders[0].name")) {
      try draft(outsiders: [("Ann\r\nBcc: all@example.org", "a@example.org")])
    }
  }

  @Test(arguments: [
    "ann@example.org", " ann.o'neil+ikso@mail.example.org ", "josé@voorbeeld.nl", "a@b-c.example",
  ])
  func `an address with one at sign and a domain passes`(email: String) throws {
    #expect(try draft(outsiders: [("Ann", email)]).outsiders.count == 1)
  }

  @Test(arguments: [
    "", "ann", "ann@", "@example.org", "a@b@example.org", "ann@example", "an n@example.org",
    "ann@exam ple.org", "ann@-example.org", "ann@example..org", "ann.@example.org",
    "ann@example.org\r\nBcc: x@example.org", "<ann@example.org>", "ann@exa_mple.org",
    "a\0@example.org",
    "\(String(repeating: "a", count: 65))@example.org",
  ])
  func `what mail cannot be sent to is refused`(email: String) {
    #expect(throws: FeedbackError.emailAddress(field: "outsiders[0].email")) {
      try draft(outsiders: [("Ann", email)])
    }
  }
}

@Suite struct GuestTests {
  @Test func `a code leads back to its organisation and to one hash`() throws {
    let tenant = UUID()
    let made = GuestCode.make(tenant: tenant)
    let read = try GuestCode(made.text)
    #expect(read == made && read.tenant == tenant && read.hash.count == 32)
    #expect(GuestCode.make(tenant: tenant).text != made.text)
  }

  @Test func `what is no code is an unknown link`() {
    let code = GuestCode.make(tenant: UUID()).text
    for text in ["", "x", String(code.dropLast(4)), code + "AAAA", code + "=", " " + code] {
      #expect(throws: FeedbackError.linkUnknown) { try GuestCode(text) }
    }
  }

  @Test func `a link serves once and thirty days`() throws {
    let now = Date(timeIntervalSince1970: 1_800_000_000)
    let end = GuestCode.expiry(from: now)
    #expect(end == now.addingTimeInterval(30 * 24 * 60 * 60))
    try Answering.check(answered: false, expiresAt: end, now: end.addingTimeInterval(-1))
    #expect(throws: FeedbackError.linkExpired) {
      try Answering.check(answered: false, expiresAt: end, now: end)
    }
    #expect(throws: FeedbackError.linkUsed) {
      try Answering.check(answered: true, expiresAt: end, now: end)
    }
  }

  @Test func `an answer is compulsory and bounded`() throws {
    #expect(try NewAnswer(" Well done ", at: Date()).text == "Well done")
    #expect(throws: FeedbackError.text(.answer, .length)) { try NewAnswer("\n", at: Date()) }
    #expect(throws: FeedbackError.text(.answer, .length)) {
      try NewAnswer(String(repeating: "a", count: 10_001), at: Date())
    }
  }

  @Test func `the mail holds the link and the code, and nothing of the question`() {
    let code = GuestCode.make(tenant: UUID())
    for language in Letter.Language.allCases {
      let letter = GuestLetter.compose(
        language, asker: "Bo Beer", organisation: "Voorbeeld BV", code: code,
        base: "https://ikso.example")
      #expect(letter.parts.contains(.link("https://ikso.example/feedback#\(code.text)")))
      #expect(letter.parts.contains(.fact(name: "Code", value: code.text)))
      #expect(!letter.subject.contains("Bo") && !letter.subject.contains("Voorbeeld"))
    }
  }
}
