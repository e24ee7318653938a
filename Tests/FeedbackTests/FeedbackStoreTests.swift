import Foundation
import Launch
import Postgres
import Storage
import StorageSupport
import Testing

@testable import Feedback

/// A folder beside this file's, so that it needs no bundle.
let migrations = URL(filePath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  .appending(path: "Services/Feedback/Migrations")

/// A service's database with an asker and two colleagues in it.
struct Office: Sendable {
  let service: ServiceDatabase
  let store: FeedbackStore
  let subjects: SubjectStore
  let asker: Person
  let colleagues: [Person]

  static let start = Date(timeIntervalSince1970: 1_800_000_000)

  static func with(_ body: @Sendable (Office) async throws -> Void) async throws {
    try await ServiceDatabase.with(schema: "feedback", migrations: migrations) { service in
      let tenant = UUID()
      try await body(
        Office(
          service: service,
          store: FeedbackStore(database: service.database, vault: service.vault),
          subjects: try SubjectStore(
            database: service.database, vault: service.vault,
            accesses: AccessJournal(
              try AccessOutbox(
                database: service.database, vault: service.vault, schema: "feedback"),
              vault: service.vault, now: { Practice.now }), now: { Practice.now }),
          asker: Person(Mandate(tenant: tenant), id: UUID()),
          colleagues: (0..<2).map { _ in Person(Mandate(tenant: tenant), id: UUID()) }))
    }
  }

  /// A round to the colleagues and one outsider.
  func ask(
    _ asker: Person? = nil, topic: String = "Chairing", at date: Date = start
  ) async throws -> NewRound {
    let asker = asker ?? self.asker
    let draft = try RoundDraft(
      asker: asker.id, topic: topic, question: "How do I chair a meeting?", visibility: .asker,
      colleagues: colleagues.map(\.id).filter { $0 != asker.id },
      outsiders: [("Ann Guest", "ann@example.org")])
    let round = NewRound(draft, tenant: asker.tenant, at: date)
    try await store.roundInsert(round, asker) { _ in [] }
    return round
  }

  func answer(_ text: String = "Calmly", after seconds: Double = 60) throws -> NewAnswer {
    try NewAnswer(text, at: Office.start.addingTimeInterval(seconds))
  }

  func give(_ answer: NewAnswer, _ round: NewRound, colleague: Int = 0) async throws {
    try await store.colleagueAnswerInsert(
      answer, invitation: round.invitations[colleague].id, colleagues[colleague])
  }

  func giveAsGuest(_ answer: NewAnswer, _ round: NewRound) async throws {
    let code = try code(round)
    let invitation = try await store.guestInvitationFetch(
      code, at: answer.givenAt, Mandate(tenant: code.tenant))
    try await store.guestAnswerInsert(answer, to: invitation, code, Mandate(tenant: code.tenant))
  }

  func code(_ round: NewRound) throws -> GuestCode {
    for case .outsider(_, let code) in round.invitations.map(\.invited) { return code }
    throw FeedbackError.linkUnknown
  }

  func list(_ person: Person) async throws -> [Answer] {
    try await store.feedbackList(Page(size: 0), person).feedback
  }

  func found(_ person: Person) async throws -> Int {
    let scan = try SubjectScan(database: service.database, schema: "feedback")
    return try await scan.run(
      tenant: person.tenant, SubjectScan.Needles(subject: person.id, texts: [])
    ).reduce(0) { $0 + $1.rowsFound }
  }

  func export(_ person: Person) async throws -> [SubjectRecord] {
    var records: [SubjectRecord] = []
    try await subjects.export(subject(person)) { records.append($0) }
    return records
  }

  func erase(_ person: Person) async throws -> [ErasedRows] {
    try await subjects.erase(subject(person))
  }

  private func subject(_ person: Person) -> Subject {
    Subject(Mandate(tenant: person.tenant), person: person.id, orderedBy: .service("test"))
  }
}

@Suite(.serialized) struct FeedbackStoreTests {
  @Test func `a round is read as it was asked, its texts sealed`() async throws {
    try await Office.with { office in
      let round = try await office.ask()
      #expect(try await office.store.roundFetch(round.id, office.asker) == round.round)
      for (table, text) in [("round", "Chairing"), ("invitation", "Ann"), ("invitation", "ann@")] {
        let rows = try await office.service.admin.run(
          [
            """
            SELECT count(*) AS n FROM feedback.\(try SQLIdentifier(table)) AS row
            WHERE position(\(text) IN row::text) > 0
              OR position(encode(convert_to(\(text), 'UTF8'), 'hex') IN row::text) > 0
            """
          ], deadline: nil)
        #expect(try rows[0][0].get("n", as: Int.self) == 0)
      }
    }
  }

  @Test func `a round whose mail cannot be written was not asked`() async throws {
    struct Unwritten: Error {}
    try await Office.with { office in
      let draft = try RoundDraft(
        asker: office.asker.id, topic: "T", question: "Q", visibility: .asker,
        colleagues: office.colleagues.map(\.id), outsiders: [])
      let round = NewRound(draft, tenant: office.asker.tenant, at: Office.start)
      await #expect(throws: Unwritten.self) {
        try await office.store.roundInsert(round, office.asker) { _ in throw Unwritten() }
      }
      await #expect(throws: FeedbackError.roundNotFound) {
        try await office.store.roundFetch(round.id, office.asker)
      }
    }
  }

  @Test func `a colleague sees the task until it is done`() async throws {
    try await Office.with { office in
      let later = try await office.ask(at: Office.start.addingTimeInterval(10))
      let earlier = try await office.ask(topic: "Writing")
      let tasks = try await office.store.taskList(office.colleagues[0])
      #expect(tasks.map(\.invitation) == [earlier.invitations[0].id, later.invitations[0].id])
      #expect(tasks[0].topic == "Writing" && tasks[0].asker == office.asker.id)
      try await office.give(try office.answer(), earlier)
      let left = try await office.store.taskList(office.colleagues[0])
      #expect(left.map(\.invitation) == [later.invitations[0].id])
      let stranger = Person(Mandate(tenant: UUID()), id: office.colleagues[0].id)
      #expect(try await office.store.taskList(stranger).isEmpty)
    }
  }

  @Test func `only the invited colleague answers, and once`() async throws {
    try await Office.with { office in
      let round = try await office.ask()
      let answer = try office.answer()
      let strangers = [
        office.asker, office.colleagues[1],
        Person(Mandate(tenant: UUID()), id: office.colleagues[0].id),
      ]
      for stranger in strangers {
        await #expect(throws: FeedbackError.invitationNotFound) {
          try await office.store.colleagueAnswerInsert(
            answer, invitation: round.invitations[0].id, stranger)
        }
      }
      try await office.give(answer, round)
      await #expect(throws: FeedbackError.alreadyAnswered) {
        try await office.give(try office.answer("Again"), round)
      }
      let received = try await office.list(office.asker)
      #expect(received.map(\.text) == ["Calmly"])
      #expect(received[0].giver == .colleague(office.colleagues[0].id))
      let states = try await office.store.roundFetch(round.id, office.asker).invitations
      #expect(states.map(\.answeredAt) == [answer.givenAt, nil, nil])
    }
  }

  @Test func `a link leads to the question until it is used or ends`() async throws {
    try await Office.with { office in
      let round = try await office.ask()
      let code = try office.code(round)
      let invitation = try await office.store.guestInvitationFetch(
        code, at: Office.start, Mandate(tenant: code.tenant))
      #expect(invitation.outsiderName == "Ann Guest" && invitation.topic == "Chairing")
      #expect(invitation.id == round.guests[0] && invitation.asker == office.asker.id)
      let unknown = [
        GuestCode.make(tenant: code.tenant), GuestCode.make(tenant: UUID()),
      ]
      for code in unknown {
        await #expect(throws: FeedbackError.linkUnknown) {
          try await office.store.guestInvitationFetch(
            code, at: Office.start, Mandate(tenant: code.tenant))
        }
      }
      await #expect(throws: FeedbackError.linkExpired) {
        try await office.store.guestInvitationFetch(
          code, at: round.linksExpireAt, Mandate(tenant: code.tenant))
      }
      await #expect(throws: FeedbackError.linkExpired) {
        try await office.store.guestAnswerInsert(
          try NewAnswer("Late", at: round.linksExpireAt), to: invitation, code,
          Mandate(tenant: code.tenant))
      }
      try await office.giveAsGuest(try office.answer(), round)
      await #expect(throws: FeedbackError.linkUsed) {
        try await office.store.guestInvitationFetch(
          code, at: Office.start, Mandate(tenant: code.tenant))
      }
      #expect(try await office.list(office.asker).map(\.giver) == [.outsider(name: "Ann Guest")])
    }
  }

  @Test func `of several answers by one link at once exactly one is stored`() async throws {
    try await Office.with { office in
      let round = try await office.ask()
      let code = try office.code(round)
      let invitation = try await office.store.guestInvitationFetch(
        code, at: Office.start, Mandate(tenant: code.tenant))
      let used = await withTaskGroup(of: FeedbackError?.self) { group in
        for number in 0..<4 {
          group.addTask {
            do {
              let answer = try office.answer("Answer \(number)")
              try await office.store.guestAnswerInsert(
                answer, to: invitation, code, Mandate(tenant: code.tenant))
              return nil
            } catch {
              return error as? FeedbackError ?? .linkUnknown
            }
          }
        }
        return await group.reduce(into: [FeedbackError]()) { all, error in
          if let error { all.append(error) }
        }
      }
      #expect(used == [.linkUsed, .linkUsed, .linkUsed])
      #expect(try await office.list(office.asker).count == 1)
    }
  }

  @Test func `nobody else finds round or feedback`() async throws {
    try await Office.with { office in
      let round = try await office.ask()
      let answer = try office.answer()
      try await office.give(answer, round)
      let strangers = [office.colleagues[0], Person(Mandate(tenant: UUID()), id: office.asker.id)]
      for stranger in strangers {
        _ = try await office.ask(stranger)
        await #expect(throws: FeedbackError.roundNotFound) {
          try await office.store.roundFetch(round.id, stranger)
        }
        await #expect(throws: FeedbackError.feedbackNotFound) {
          try await office.store.feedbackFetch(answer.id, stranger)
        }
        #expect(try await office.list(stranger).isEmpty)
      }
      #expect(try await office.store.feedbackFetch(answer.id, office.asker).text == "Calmly")
    }
  }

  @Test func `pages of feedback follow each other without a gap, ties included`() async throws {
    try await Office.with { office in
      var given: Set<UUID> = []
      for number in 0..<3 {
        let round = try await office.ask()
        for colleague in 0..<2 {
          let answer = try office.answer(after: Double(60 + number / 2))
          given.insert(answer.id)
          try await office.give(answer, round, colleague: colleague)
        }
      }
      var seen: [Answer] = []
      var last: PagePosition?
      repeat {
        let (page, next) = try await office.store.feedbackList(
          Page(size: 4, after: last), office.asker)
        seen += page
        last = next
      } while last != nil
      #expect(Set(seen.map(\.id)) == given && seen.count == 6)
      #expect(seen.map(\.givenAt) == seen.map(\.givenAt).sorted(by: >))
    }
  }

  @Test func `the schema passes the start-up check`() async throws {
    try await Office.with { office in
      let findings = try await StartupCheck(
        pool: office.service.database.pool, schemas: ["feedback", "feedback_keys"]
      ).findings(migrations: ["feedback": migrations, "feedback_keys": KeyMigrations.directory])
      #expect(findings.map { "\($0)" } == [])
    }
  }
}
