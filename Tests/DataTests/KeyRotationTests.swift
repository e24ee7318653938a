import Cryptography
import Foundation
import Testing

@testable import Postgres
@testable import Storage

@Suite(.timeLimit(.minutes(5))) struct KeyRotationTests {
  private let tenant = UUID()
  private let person = UUID()

  @Test func `a new master key takes over, both are read meanwhile, and the old one can go`()
    async throws
  {
    try await KeyFixture.with { fixture in
      let next = SymmetricKey.generate()
      let note = try SealedNote(
        "x", try await fixture.vault.person(tenant, person, create: true))
      let index = try await fixture.vault.blindIndex(tenant, "a@example.org")
      let secret = try await fixture.vault.secret(named: "signing") { [1, 2] }
      let before = try await fixture.rows("person_key", "k.wrapped_key")

      let rotation = try fixture.rotation(next, others: [fixture.master])
      let tenants = try await rotation.tenants()
      #expect(tenants == [tenant])
      #expect(try await rotation.rotateMaster(of: tenant) == 1)
      // The platform's secret is still under the old one: who has both reads both.
      let both = try fixture.another(fixture.master, others: [next])
      #expect(try await note.open(both.person(tenant, person)) == "x")
      #expect(try await both.secret(named: "signing") { [] } == secret)
      #expect(try await rotation.rotateMaster(of: .platform) == 1)
      #expect(try await rotation.rotateMaster(of: tenant) == 0)

      let new = try fixture.another(next)
      #expect(try await note.open(new.person(tenant, person)) == "x")
      #expect(try await new.blindIndex(tenant, "a@example.org") == index)
      #expect(try await new.secret(named: "signing") { [] } == secret)
      #expect(try await fixture.rows("person_key", "k.wrapped_key") == before)
      let id = MasterKeys(current: next).currentID
      #expect(
        await vaultError { try await fixture.another().tenant(tenant) } == .masterAbsent(id))
      let inventory = try await rotation.inventory()
      #expect(inventory.masters == [id: 2] && inventory.generations == [nil: 1])
    }
  }

  @Test func `keys from before rows named their master key are found and named`() async throws {
    try await KeyFixture.with { fixture in
      let note = try SealedNote(
        "x", try await fixture.vault.person(tenant, person, create: true))
      try await fixture.database.admin.simple("UPDATE goals_keys.tenant_key SET master_id = NULL")
      #expect(try await note.open(fixture.another().person(tenant, person)) == "x")
      let next = SymmetricKey.generate()
      let both = try fixture.another(next, others: [fixture.master])
      #expect(try await note.open(both.person(tenant, person)) == "x")
      let rotation = try fixture.rotation(next, others: [fixture.master])
      #expect(try await rotation.inventory().masters == [nil: 1])
      #expect(try await rotation.rotateMaster(of: tenant) == 1)
      #expect(try await note.open(fixture.another(next).person(tenant, person)) == "x")
    }
  }

  @Test func `a new tenant's key takes over every person's, twice, and touches no data`()
    async throws
  {
    try await KeyFixture.with { fixture in
      let persons = (0..<1_203).map { _ in UUID() }
      try await fixture.vault.createPersons(tenant, persons)
      var notes: [UUID: SealedNote] = [:]
      for (person, key) in try await fixture.vault.persons(tenant, persons) {
        notes[person] = try SealedNote(person.uuidString, key)
      }
      let index = try await fixture.vault.blindIndex(tenant, "a@example.org")
      let own = try SealedNote("ours", try await fixture.vault.tenant(tenant))
      let rotation = try fixture.rotation()
      for generation in 1...2 {
        var heard: [Int] = []
        let done = try await rotation.rotateTenant(tenant) { heard.append($0) }
        #expect(done == persons.count + generation - 1 && heard == [500, 1_000, done])
        // Made by a process that has known the older key until now.
        _ = try await fixture.vault.person(tenant, UUID(), create: true)
        let rows = try await fixture.rows("wrapping_key", "k.generation")
        #expect(rows == ["\(generation)"], "an older key is still there")
        let keys = try await fixture.another().persons(tenant, persons)
        #expect(keys.count == persons.count)
        for (person, note) in notes {
          #expect(try note.open(#require(keys[person])) == person.uuidString)
        }
        let vault = try fixture.another()
        #expect(try await vault.blindIndex(tenant, "a@example.org") == index)
        #expect(try await own.open(vault.tenant(tenant)) == "ours")
        let inventory = try await rotation.inventory()
        #expect(inventory.generations == [generation: persons.count + generation])
      }
    }
  }

  @Test func `a rotation that was interrupted goes on where it was`() async throws {
    struct Interruption: Error {}
    try await KeyFixture.with { fixture in
      let persons = (0..<1_100).map { _ in UUID() }
      try await fixture.vault.createPersons(tenant, persons)
      let note = try SealedNote("x", try await fixture.vault.person(tenant, persons[0]))
      let rotation = try fixture.rotation()
      await #expect(throws: Interruption.self) {
        try await rotation.rotateTenant(tenant) { _ in throw Interruption() }
      }
      let half = try await rotation.inventory().generations
      #expect(half == [nil: 600, 1: 500])
      let keys = try await fixture.another().persons(tenant, persons)
      #expect(keys.count == persons.count)
      #expect(try note.open(#require(keys[persons[0]])) == "x")
      #expect(try await rotation.rotateTenant(tenant) == 600)
      #expect(try await rotation.inventory().generations == [1: 1_100])
    }
  }

  @Test func `what is destroyed stays destroyed through both rotations`() async throws {
    try await KeyFixture.with { fixture in
      let gone = UUID()
      for tenant in [tenant, gone] {
        _ = try await fixture.vault.person(tenant, person, create: true)
      }
      let rotation = try fixture.rotation()
      _ = try await rotation.rotateTenant(tenant)
      try await fixture.vault.destroyPerson(tenant, person, orderedBy: .service("test"))
      try await fixture.vault.destroyTenant(gone, orderedBy: .command(user: 0))
      _ = try await rotation.rotateTenant(tenant)
      #expect(await vaultError { try await rotation.rotateTenant(gone) } == .tenantDestroyed)
      let next = SymmetricKey.generate()
      let both = try fixture.rotation(next, others: [fixture.master])
      for tenant in [tenant, gone] { _ = try await both.rotateMaster(of: tenant) }
      let vault = try fixture.another(next)
      #expect(await vaultError { try await vault.person(tenant, person) } == .destroyed)
      #expect(await vaultError { try await vault.tenant(gone) } == .tenantDestroyed)
    }
  }

  @Test func `keys made while their tenant's key rotates are all under the new one`() async throws {
    try await KeyFixture.with { fixture in
      try await fixture.vault.createTenant(tenant)
      let rotation = try fixture.rotation()
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<4 {
          group.addTask {
            let vault = try fixture.another()
            for _ in 0..<40 { _ = try await vault.person(tenant, UUID(), create: true) }
          }
        }
        group.addTask { for _ in 0..<3 { _ = try await rotation.rotateTenant(tenant) } }
        try await group.waitForAll()
      }
      // None is lost behind a key that was taken out.
      _ = try await rotation.rotateTenant(tenant)
      #expect(try await rotation.inventory().generations == [4: 160])
    }
  }

  @Test func `the runtime role can neither list tenants nor make or drop a wrapping key`()
    async throws
  {
    try await KeyFixture.with { fixture in
      try await fixture.vault.createTenant(tenant)
      let rotation = try KeyRotation(
        pool: fixture.runtime, schema: KeyFixture.schema, owner: fixture.database.owner,
        masterKeys: MasterKeys(current: fixture.master))
      guard case .store(let listing)? = await vaultError({ try await rotation.tenants() }) else {
        Issue.record("the runtime role lists tenants")
        return
      }
      #expect(listing.sqlstate == "42501")
      let making = await vaultError { try await rotation.rotateTenant(tenant) }
      guard case .store(let refusal)? = making else {
        Issue.record("the runtime role rotates: \(String(describing: making))")
        return
      }
      #expect(refusal.sqlstate == "42501")
    }
  }
}
