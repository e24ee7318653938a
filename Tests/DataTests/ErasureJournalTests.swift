import Cryptography
import Foundation
import Reactor
import Testing

@testable import Postgres
@testable import Storage

@Suite(.timeLimit(.minutes(5))) struct ErasureJournalTests {
  private let tenant = UUID()
  private let person = UUID()

  /// Puts the key store back to what it was, as a restore does.
  private func restoring(
    _ fixture: KeyFixture, _ body: () async throws -> Void
  ) async throws {
    let tables = ["journal_position", "destruction", "person_key", "wrapping_key", "tenant_key"]
    for table in tables {
      try await fixture.database.admin.simple(
        "CREATE TABLE public.\(table) AS TABLE goals_keys.\(table)")
    }
    try await body()
    for table in tables {
      try await fixture.database.admin.simple("DELETE FROM goals_keys.\(table)")
    }
    for table in tables.reversed() {
      try await fixture.database.admin.simple(
        "INSERT INTO goals_keys.\(table) SELECT * FROM public.\(table)")
    }
  }

  private func lines(_ fixture: KeyFixture) throws -> [Substring] {
    try String(contentsOfFile: fixture.journal.path, encoding: .utf8).split(separator: "\n")
  }

  @Test func `a destruction leaves a receipt, in the store and in the journal, and no name`()
    async throws
  {
    try await KeyFixture.with { fixture in
      let officer = UUID()
      _ = try await fixture.vault.person(tenant, person, create: true)
      let first = try await fixture.vault.destroyPerson(
        tenant, person, orderedBy: .person(officer))
      let receipt = try #require(first)
      #expect(receipt.number == 1)
      #expect(
        try await fixture.another().destroyPerson(tenant, person, orderedBy: .service("again"))
          == receipt)
      let row = try await fixture.database.admin.run([
        """
        SELECT destruction_id, person_ref, ordered_by, destroyed_at, journal_number
        FROM goals_keys.destruction
        """
      ])[0]
      #expect(row.count == 1)
      #expect(try row[0].get("destruction_id") == receipt.id)
      #expect(try row[0].get("destroyed_at") == receipt.at)
      #expect(try row[0].get("ordered_by", as: String.self).hasPrefix("person "))
      let lines = try lines(fixture)
      #expect(lines.count == 2)
      for id in [person, officer] {
        for text in [id.uuidString, id.uuidString.filter { $0 != "-" }] {
          #expect(!lines.joined().lowercased().contains(text.lowercased()))
        }
      }
    }
  }

  @Test func `after the restore of an older key store the erasures are replayed`() async throws {
    try await KeyFixture.with { fixture in
      let (gone, stays) = (UUID(), UUID())
      for tenant in [tenant, gone] {
        for person in [person, stays] {
          _ = try await fixture.vault.person(tenant, person, create: true)
        }
      }
      let note = try SealedNote("x", try await fixture.vault.person(tenant, person))
      try await fixture.vault.destroyPerson(tenant, UUID(), orderedBy: .service("test"))
      try await restoring(fixture) {
        try await fixture.vault.destroyPerson(tenant, person, orderedBy: .service("test"))
        try await fixture.vault.destroyTenant(gone, orderedBy: .command(user: 0))
      }
      // The restored store would open it: without the journal the erasure is undone.
      let forgetful = try Vault(
        pool: fixture.runtime, schema: KeyFixture.schema, masterKey: fixture.master)
      #expect(try await note.open(forgetful.person(tenant, person)) == "x")

      let vault = try fixture.another()
      #expect(try await vault.erasuresArePending())
      #expect(try await vault.replayErasures() == 2)
      #expect(await vaultError { try await vault.person(tenant, person) } == .destroyed)
      #expect(await vaultError { try await vault.person(gone, stays) } == .tenantDestroyed)
      _ = try await vault.person(tenant, stays)
      #expect(try await !vault.erasuresArePending())
      #expect(try await vault.replayErasures() == 0)
    }
  }

  @Test func `a record without its destruction is carried out before the next one`() async throws {
    try await KeyFixture.with { fixture in
      let other = UUID()
      _ = try await fixture.vault.person(tenant, person, create: true)
      try await fixture.vault.destroyPerson(tenant, UUID(), orderedBy: .service("test"))
      // The process dies between the record and the commit.
      try await restoring(fixture) {
        try await fixture.vault.destroyPerson(tenant, person, orderedBy: .service("test"))
      }
      let receipt = try await fixture.another().destroyPerson(
        tenant, other, orderedBy: .service("test"))
      #expect(receipt?.number == 3)
      #expect(
        await vaultError { try await fixture.another().person(tenant, person) } == .destroyed)
    }
  }

  @Test func `a torn last line was never acknowledged and is overwritten`() async throws {
    try await KeyFixture.with { fixture in
      try await fixture.vault.destroyPerson(tenant, person, orderedBy: .service("test"))
      let file = try FileHandle(forWritingTo: URL(filePath: fixture.journal.path))
      try file.seekToEnd()
      try file.write(contentsOf: Data(#"{"at":"2026-11"#.utf8))
      try file.close()
      let receipt = try await fixture.another().destroyPerson(
        tenant, UUID(), orderedBy: .service("test"))
      #expect(receipt?.number == 2)
      #expect(try lines(fixture).count == 3)
      #expect(try await fixture.another().replayErasures() == 0)
    }
  }

  @Test func `a journal that is cut, altered, missing or another's is not served`() async throws {
    try await KeyFixture.with { fixture in
      for _ in 0..<3 {
        try await fixture.vault.destroyPerson(tenant, UUID(), orderedBy: .service("test"))
      }
      let path = fixture.journal.path
      let whole = try String(contentsOfFile: path, encoding: .utf8)
      let lines = try lines(fixture)
      func error(_ text: String?) async throws -> VaultError? {
        if let text {
          try Data(text.utf8).write(to: URL(filePath: path))
        } else {
          try FileManager.default.removeItem(atPath: path)
        }
        return await vaultError { try await fixture.another().replayErasures() }
      }
      let cut = lines.dropLast().joined(separator: "\n") + "\n"
      #expect(try await error(cut) == .journal(.behind(path)))
      let altered = whole.replacing("service test", with: "service else")
      #expect(try await error(altered) == .journal(.broken(path, line: 2)))
      let foreign = whole.replacing("goals_keys", with: "identity_keys")
      #expect(try await error(foreign) == .journal(.foreign(path, of: "identity_keys")))
      let another = JournalHead(journal: UUID(), schema: "goals_keys")
      #expect(
        try await error(String(decoding: another.line, as: UTF8.self)) == .journal(.behind(path)))
      #expect(try await error(nil) == .journal(.failed(path, code: 2)))
      #expect(try await error(whole) == nil)
    }
  }

  @Test func `a destruction that cannot be recorded does not happen`() async throws {
    try await KeyFixture.with { fixture in
      _ = try await fixture.vault.person(tenant, person, create: true)
      let blocking = BlockingPool(threads: 1, queueLimit: 1)
      defer { blocking.shutdown() }
      let lost = ErasureJournal(path: "/nowhere/erasures.jsonl", blocking: blocking)
      let vault = try fixture.another(journal: lost)
      let error = await vaultError {
        try await vault.destroyPerson(tenant, person, orderedBy: .service("test"))
      }
      #expect(error == .journal(.failed("/nowhere/erasures.jsonl", code: 2)))
      _ = try await fixture.another().person(tenant, person)
    }
  }

  @Test func `many processes destroy at once, and the journal has each once`() async throws {
    try await KeyFixture.with { fixture in
      let persons = (0..<24).map { _ in UUID() }
      try await fixture.vault.createPersons(tenant, persons)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for person in persons {
          group.addTask {
            try await fixture.another().destroyPerson(
              tenant, person, orderedBy: .service("test"))
          }
        }
        try await group.waitForAll()
      }
      #expect(try lines(fixture).count == 25)
      #expect(try await fixture.another().replayErasures() == 0)
      #expect(try await fixture.another().persons(tenant, persons).isEmpty)
    }
  }
}
