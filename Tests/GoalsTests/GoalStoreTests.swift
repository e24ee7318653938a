import Cryptography
import Foundation
import Launch
import Postgres
import RPC
import Schemas
import Storage
import StorageSupport
import SwiftProtobuf
import Testing

@testable import Goals

/// A folder beside this file's, so that it needs no bundle.
let migrations = URL(filePath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  .appending(path: "Services/Goals/Migrations")

@Suite(.serialized) struct GoalStoreTests {
  let start = Date(timeIntervalSince1970: 1_800_000_000)

  func goal(
    _ owner: Owner, title: String = "Speak up in meetings", dueOn: String = "2027-02-28",
    feedback: [UUID] = [], at date: Date? = nil
  ) throws -> Goal {
    try GoalDraft(
      title: title, why: "They miss my ideas", measure: "Three times a week", dueOn: dueOn,
      feedback: feedback
    ).goal(id: UUID(), owner: owner.person, at: date ?? start)
  }

  func checkIn(_ goal: Goal, progress: UInt32 = 40, note: String = "Twice") throws -> CheckIn {
    try CheckInDraft(progress: progress, confidence: 3, note: note)
      .checkIn(id: UUID(), goal: goal.id, at: start.addingTimeInterval(60))
  }

  func subject(_ owner: Owner) -> Subject {
    Subject(Mandate(tenant: owner.tenant), person: owner.person, orderedBy: .service("test"))
  }

  func subjectStore(_ service: ServiceDatabase) throws -> SubjectStore {
    let (outbox, start) = (try outbox(service), start)
    return try SubjectStore(
      database: service.database, vault: service.vault,
      accesses: AccessJournal(outbox, vault: service.vault, now: { start }), now: { start })
  }

  func outbox(_ service: ServiceDatabase) throws -> AccessOutbox {
    try AccessOutbox(database: service.database, vault: service.vault, schema: "goals")
  }

  func with(
    _ body: @Sendable (GoalStore, ServiceDatabase, Owner) async throws -> Void
  ) async throws {
    try await ServiceDatabase.with(schema: "goals", migrations: migrations) { service in
      let store = GoalStore(database: service.database, vault: service.vault)
      try await body(store, service, Owner(Mandate(tenant: UUID()), person: UUID()))
    }
  }

  @Test func `a goal is read as it was written, its texts sealed`() async throws {
    try await with { store, service, owner in
      let linked = [UUID(), UUID(), UUID()]
      let goal = try goal(owner, feedback: linked)
      try await store.goalInsert(goal, owner)
      #expect(try await store.goalFetch(goal.id, owner) == goal)
      let found = try await service.admin.run(
        ["SELECT count(*) AS n FROM goals.goal AS row WHERE row::text LIKE '%miss%'"],
        deadline: nil)
      #expect(try found[0][0].get("n", as: Int.self) == 0)
    }
  }

  @Test func `nobody else finds it, in this organisation or another`() async throws {
    try await with { store, _, owner in
      let goal = try goal(owner)
      try await store.goalInsert(goal, owner)
      let strangers = [
        Owner(owner.mandate, person: UUID()),
        Owner(Mandate(tenant: UUID()), person: owner.person),
      ]
      for stranger in strangers {
        try await store.goalInsert(try self.goal(stranger), stranger)
        await #expect(throws: GoalsError.goalNotFound) {
          try await store.goalFetch(goal.id, stranger)
        }
        await #expect(throws: GoalsError.goalNotFound) {
          try await store.checkInInsert(try checkIn(goal), expected: 1, stranger)
        }
        await #expect(throws: GoalsError.goalNotFound) {
          try await store.goalComplete(goal.id, evaluation: "", expected: 1, stranger)
        }
        await #expect(throws: GoalsError.goalNotFound) {
          try await store.checkInList(goal.id, stranger)
        }
        #expect(try await store.goalList(Page(size: 0), stranger).goals.count == 1)
      }
      #expect(try await store.goalFetch(goal.id, owner) == goal)
    }
  }

  @Test func `pages follow each other without a gap, ties included`() async throws {
    try await with { store, _, owner in
      var made: [UUID] = []
      for number in 0..<5 {
        let goal = try goal(owner, at: start.addingTimeInterval(Double(number / 2)))
        made.append(goal.id)
        try await store.goalInsert(goal, owner)
      }
      var seen: [Goal] = []
      var last: PagePosition?
      repeat {
        let (goals, next) = try await store.goalList(Page(size: 2, after: last), owner)
        seen += goals
        last = next
      } while last != nil
      #expect(Set(seen.map(\.id)) == Set(made) && seen.count == 5)
      #expect(seen.map(\.createdAt) == seen.map(\.createdAt).sorted(by: >))
      let nobody = Owner(Mandate(tenant: owner.tenant), person: UUID())
      #expect(try await store.goalList(Page(size: 2), nobody).goals.isEmpty)
    }
  }

  @Test func `a check-in moves the goal one revision on`() async throws {
    try await with { store, _, owner in
      let goal = try goal(owner)
      try await store.goalInsert(goal, owner)
      let (first, second) = (try checkIn(goal), try checkIn(goal, progress: 60, note: "More"))
      let after = try await store.checkInInsert(first, expected: 1, owner)
      #expect(after.revision == 2 && after.progress == 40)
      await #expect(throws: GoalsError.revisionOutdated(current: 2)) {
        try await store.checkInInsert(second, expected: 1, owner)
      }
      _ = try await store.checkInInsert(second, expected: 2, owner)
      #expect(try await store.checkInList(goal.id, owner) == [second, first])
    }
  }

  @Test func `of two check-ins on one revision exactly one counts`() async throws {
    try await with { store, _, owner in
      let goal = try goal(owner)
      try await store.goalInsert(goal, owner)
      let outcomes = await withTaskGroup(of: Bool.self) { group in
        for _ in 0..<4 {
          group.addTask {
            (try? await store.checkInInsert(try checkIn(goal), expected: 1, owner)) != nil
          }
        }
        return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
      }
      #expect(outcomes == 1)
      #expect(try await store.goalFetch(goal.id, owner).revision == 2)
      #expect(try await store.checkInList(goal.id, owner).count == 1)
    }
  }

  @Test func `a goal is completed once and then takes no check-in`() async throws {
    try await with { store, _, owner in
      let goal = try goal(owner)
      try await store.goalInsert(goal, owner)
      await #expect(throws: GoalsError.revisionOutdated(current: 1)) {
        try await store.goalComplete(goal.id, evaluation: "", expected: .max, owner)
      }
      let done = try await store.goalComplete(
        goal.id, evaluation: "They asked me to chair", expected: 1, owner)
      #expect(done.state == .completed && done.revision == 2)
      #expect(done.evaluation == "They asked me to chair")
      await #expect(throws: GoalsError.goalCompleted) {
        try await store.goalComplete(goal.id, evaluation: "", expected: 2, owner)
      }
      await #expect(throws: GoalsError.goalCompleted) {
        try await store.checkInInsert(try checkIn(goal), expected: 2, owner)
      }
    }
  }

  @Test func `the export holds every row with its texts opened`() async throws {
    try await with { store, service, owner in
      let feedback = UUID()
      let goal = try goal(owner, feedback: [feedback])
      try await store.goalInsert(goal, owner)
      let other = Owner(Mandate(tenant: owner.tenant), person: UUID())
      try await store.goalInsert(try self.goal(other), other)
      _ = try await store.checkInInsert(try checkIn(goal), expected: 1, owner)
      let subjects = try subjectStore(service)
      var records: [SubjectRecord] = []
      try await subjects.export(subject(owner)) { records.append($0) }
      #expect(records.map(\.table) == ["goal", "goal_feedback", "check_in"])
      #expect(records[0]["why"] == "They miss my ideas" && records[0]["due_on"] == "2027-02-28")
      #expect(records[0]["progress"] == "40")
      #expect(records[0]["created_at"] == "2027-01-15T08:00:00.000Z")
      #expect(records[1]["feedback_id"] == feedback.canonical)
      #expect(records[2]["note"] == "Twice")
    }
  }

  @Test func `an export is written down for the log, and stays there without who was erased`()
    async throws
  {
    try await with { store, service, owner in
      try await store.goalInsert(try goal(owner), owner)
      let (subjects, outbox) = (try subjectStore(service), try outbox(service))
      try await subjects.export(subject(owner)) { _ in
        // Before the first record is given away.
        let waiting = try await outbox.waiting()
        #expect(waiting == 1)
      }
      let known = try await outbox.fetch(of: owner.tenant).notes
      #expect(known.map(\.subject) == [owner.person])
      let detail = try PrivacyAccessDetail(serializedBytes: try #require(known[0].detail))
      #expect(detail.kind == .export && detail.data == ["goal", "goal_feedback", "check_in"])
      #expect(detail.actor == .service && detail.actorName == "test")
      let erased = try await subjects.erase(subject(owner))
      #expect(erased.last == ErasedRows(table: "access_event", rows: 1))
      let left = try await outbox.fetch(of: owner.tenant).notes
      #expect(left.map(\.id) == known.map(\.id))
      #expect(left[0].subject == nil && left[0].detail == nil)
      // Of whom nothing is held nothing is given away.
      let stranger = Owner(Mandate(tenant: owner.tenant), person: UUID())
      try await subjects.export(subject(stranger)) { _ in Issue.record("nobody's record") }
      #expect(try await outbox.waiting() == 1)
    }
  }

  @Test func `an export of many rows leaves none out`() async throws {
    try await with { store, service, owner in
      let goal = try goal(owner)
      try await store.goalInsert(goal, owner)
      let count = SubjectStore.batch + 1
      for number in 1...count {
        _ = try await store.checkInInsert(try checkIn(goal), expected: Int64(number), owner)
      }
      var ids: Set<String> = []
      let subjects = try subjectStore(service)
      try await subjects.export(subject(owner)) {
        if $0.table == "check_in" { ids.insert($0.id) }
      }
      #expect(ids.count == count)
      #expect(try await store.checkInList(goal.id, owner).count == GoalStore.checkInLimit)
    }
  }

  @Test func `a scan in turns finds what one at once finds`() async throws {
    try await with { store, service, owner in
      let other = Owner(Mandate(tenant: owner.tenant), person: UUID())
      for number in 0..<7 {
        let author = number % 2 == 0 ? owner : other
        try await store.goalInsert(try goal(author, feedback: [UUID(), UUID(), UUID()]), author)
      }
      let needles = SubjectScan.Needles(subject: owner.person, texts: [])
      let once = try await SubjectScan(database: service.database, schema: "goals")
        .run(tenant: owner.tenant, needles)
      #expect(once.first { $0.table == "goal" }?.rowsFound == 4)
      for batch in [1, 3, 7] {
        let scan = try SubjectScan(database: service.database, schema: "goals", batch: batch)
        var (progress, calls) = (SubjectScan.Progress(), 0)
        while !progress.isDone {
          progress = try await scan.go(on: progress, tenant: owner.tenant, needles, until: .now)
          calls += 1
        }
        #expect(progress.findings == once && calls > once.count)
      }
    }
  }

  @Test func `an erasure counts what all of its calls have deleted`() async throws {
    try await with { store, service, owner in
      let mine = try goal(owner, feedback: [UUID(), UUID()])
      try await store.goalInsert(mine, owner)
      let subjects = try subjectStore(service)
      let ordered = Subject(
        Mandate(tenant: owner.tenant), person: owner.person, orderedBy: .service("test"),
        request: UUID())
      let first = try await subjects.erase(ordered)
      #expect(first.map(\.rows) == [0, 2, 1, 0])
      // Its answer may have been lost.
      #expect(try await subjects.erase(ordered) == first)
      #expect(try await subjects.erase(subject(owner)).allSatisfy { $0.rows == 0 })
    }
  }

  @Test func `an erasure leaves nothing of the person and touches nobody else`() async throws {
    try await with { store, service, owner in
      let other = Owner(Mandate(tenant: owner.tenant), person: UUID())
      let (mine, theirs) = (try goal(owner, feedback: [UUID(), UUID()]), try goal(other))
      try await store.goalInsert(mine, owner)
      try await store.goalInsert(theirs, other)
      _ = try await store.checkInInsert(try checkIn(mine), expected: 1, owner)
      let subjects = try subjectStore(service)
      let scan = try SubjectScan(database: service.database, schema: "goals")
      let needles = SubjectScan.Needles(subject: owner.person, texts: [])
      let before = try await scan.run(tenant: owner.tenant, needles)
      #expect(before.reduce(0) { $0 + $1.rowsFound } == 1)

      let erased = try await subjects.erase(subject(owner))
      #expect(erased.map(\.table) == ["check_in", "goal_feedback", "goal", "access_event"])
      #expect(erased.map(\.rows) == [1, 2, 1, 0])
      let after = try await scan.run(tenant: owner.tenant, needles)
      #expect(after.allSatisfy { $0.rowsFound == 0 })
      #expect(before.filter { $0.rowsFound > 0 }.map(\.columns) == [["owner_id"]])
      #expect(try await subjects.erase(subject(owner)).allSatisfy { $0.rows == 0 })
      #expect(try await store.goalFetch(theirs.id, other) == theirs)
      #expect(try await store.goalList(Page(size: 0), owner).goals.isEmpty)
      await #expect(throws: GoalsError.personErased) {
        try await store.goalInsert(try goal(owner), owner)
      }
    }
  }

  @Test func `an erasure of somebody unknown leaves word that nothing is to be stored`()
    async throws
  {
    try await with { store, service, owner in
      let subjects = try subjectStore(service)
      let erased = try await subjects.erase(subject(owner))
      #expect(erased.map(\.rows) == [0, 0, 0, 0])
      await #expect(throws: GoalsError.personErased) {
        try await store.goalInsert(try goal(owner), owner)
      }
    }
  }

  @Test func `the schema passes the start-up check`() async throws {
    try await with { _, service, _ in
      let findings = try await StartupCheck(
        pool: service.database.pool, schemas: ["goals", "goals_keys"]
      ).findings(migrations: ["goals": migrations, "goals_keys": KeyMigrations.directory])
      #expect(findings.map { "\($0)" } == [])
    }
  }
}

@Suite struct StatusTests {
  @Test func `what the caller is told names the field and what would be right`() {
    #expect(
      GoalsError.text(.title, .length).status.message == "title must have 1 to 200 characters")
    #expect(
      GoalsError.text(.note, .length).status.message == "note must have at most 4000 characters")
    let outdated = GoalsError.revisionOutdated(current: 7).status
    #expect(outdated.code == .aborted && outdated.message.contains("revision 7"))
    #expect(GoalsError.goalNotFound.status.message == "goal not found")
  }
}
