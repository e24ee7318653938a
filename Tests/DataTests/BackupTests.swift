import Cryptography
import Foundation
import Testing

@testable import Postgres
@testable import Storage

/// What a destroyed key means for backups that were made before.
@Suite(.serialized, .timeLimit(.minutes(5))) struct BackupTests {
  @Test func `clause 24: a backup from before a destruction is unreadable, with and without keys`()
    async throws
  {
    let (tenant, gone, stays) = (UUID(), UUID(), UUID())
    let ended = Ended()
    try await KeyFixture.with { fixture in
      let admin = fixture.database.admin
      try await admin.simple(
        "CREATE TABLE public.note (person uuid, row_id uuid, text bytea)")
      for (tenant, person) in [(tenant, gone), (tenant, stays), (ended.tenant, ended.person)] {
        let note = try SealedNote(
          "before", try await fixture.vault.person(tenant, person, create: true))
        try await admin.run([
          """
          INSERT INTO public.note (person, row_id, text)
          VALUES (\(person), \(note.row), \(note.bytes))
          """
        ])
      }
      // The store knows of a journal, as every store that is served.
      try await fixture.vault.replayErasures()
      var backup = try await BackupServer.take()
      let receipt = try await fixture.vault.destroyPerson(
        tenant, gone, orderedBy: .service("test"))
      #expect(receipt?.number == 1)
      let whole = try await fixture.vault.destroyTenant(
        ended.tenant, orderedBy: .service("test"))
      #expect(whole.number == 2)
      let result = await Result.of {
        try await backup.start()
        let restored = PostgresPool(
          configuration: PostgresConfiguration(
            dsn: "\(backup.dsn) dbname=\(fixture.database.name)"),
          reactors: fixture.database.reactors)
        let inside = await Result.of {
          try await compare(fixture, restored, tenant, gone: gone, stays: stays, ended)
        }
        await restored.shutdown()
        try inside.get()
      }
      await backup.end()
      try result.get()
    }
  }

  /// An organisation that is erased whole (clause 29), and somebody of it.
  private struct Ended {
    let tenant = UUID()
    let person = UUID()
  }

  private func compare(
    _ fixture: KeyFixture, _ restored: PostgresPool, _ tenant: UUID, gone: UUID, stays: UUID,
    _ ended: Ended
  ) async throws {
    func read(
      _ person: UUID, _ vault: Vault, of tenant: UUID = tenant
    ) async throws -> String {
      let row = try #require(
        try await restored.run([
          "SELECT row_id, text FROM public.note WHERE person = \(person)"
        ])[0].first)
      let key = try await vault.person(tenant, person)
      return try key.open(
        row.get("text"), table: "goal", column: "title", row: row.get("row_id"))
    }
    // The data restored, the key store as it is.
    let today = try fixture.another()
    #expect(try await read(stays, today) == "before")
    #expect(await vaultError { try await read(gone, today) } == .destroyed)
    func readEnded(_ vault: Vault) async throws -> String {
      try await read(ended.person, vault, of: ended.tenant)
    }
    #expect(await vaultError { try await readEnded(today) } == .tenantDestroyed)

    // The key store restored too: it has forgotten, and would open it …
    let forgetful = try Vault(
      pool: restored, schema: KeyFixture.schema, masterKey: fixture.master)
    #expect(try await read(gone, forgetful) == "before")
    #expect(try await readEnded(forgetful) == "before")
    // … the journal has not.
    let reminded = try fixture.another(on: restored)
    #expect(try await reminded.replayErasures() == 2)
    #expect(await vaultError { try await read(gone, reminded) } == .destroyed)
    #expect(await vaultError { try await readEnded(reminded) } == .tenantDestroyed)
    #expect(try await read(stays, reminded) == "before")
  }
}
