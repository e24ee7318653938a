import Cryptography
import Foundation
import Synchronization
import Testing

@testable import Postgres
@testable import Storage

@Suite(.timeLimit(.minutes(3))) struct StorageVaultTests {
  private let tenant = UUID()
  private let other = UUID()
  private let person = UUID()
  private let master = SymmetricKey.generate()

  private func with(
    _ body: @Sendable (Vault, PostgresPool, TestDatabase) async throws -> Void
  ) async throws {
    try await TestDatabase.with { database in
      try await database.migrator("goals_keys").run(directory: KeyMigrations.directory)
      try await database.asRuntime { pool in
        let vault = try Vault(pool: pool, schema: "goals_keys", masterKey: master)
        try await vault.createTenant(tenant)
        try await vault.createTenant(other)
        try await body(vault, pool, database)
      }
    }
  }

  /// A second process: another cache on the same store.
  private func another(_ pool: PostgresPool) throws -> Vault {
    try Vault(pool: pool, schema: "goals_keys", masterKey: master)
  }

  @Test func `what one process sealed another one opens`() async throws {
    try await with { vault, pool, _ in
      let row = UUID()
      let sealed = try await vault.person(tenant, person, create: true)
        .seal("Ärger", table: "goal", column: "title", row: row)
      #expect(!sealed.contains(UInt8(ascii: "r")) || sealed.count > 30)
      let opened = try await another(pool).person(tenant, person)
        .open(sealed, table: "goal", column: "title", row: row)
      #expect(opened == "Ärger")
    }
  }

  @Test func `a field opens in its own place only`() async throws {
    try await with { vault, _, _ in
      let (row, elsewhere) = (UUID(), UUID())
      let key = try await vault.person(tenant, person, create: true)
      let sealed = try key.seal("x", table: "goal", column: "title", row: row)
      let refused = SealingError.cannotOpen(table: "goal", column: "title")
      #expect(throws: refused) {
        try key.open(sealed, table: "goal", column: "title", row: elsewhere)
      }
      #expect(throws: SealingError.self) {
        try key.open(sealed, table: "step", column: "title", row: row)
      }
      #expect(throws: SealingError.self) {
        try key.open(sealed, table: "goal", column: "note", row: row)
      }
      #expect(throws: SealingError.self) {
        try key.open(sealed, table: "goalt", column: "itle", row: row)
      }
      var altered = sealed
      altered[altered.count - 1] ^= 1
      #expect(throws: refused) {
        try key.open(altered, table: "goal", column: "title", row: row)
      }
      #expect(throws: refused) { try key.open([], table: "goal", column: "title", row: row) }
    }
  }

  @Test func `neither another person's nor another tenant's key opens`() async throws {
    try await with { vault, _, _ in
      let row = UUID()
      let sealed = try await vault.person(tenant, person, create: true)
        .seal("x", table: "goal", column: "title", row: row)
      let keys = [
        try await vault.person(tenant, UUID(), create: true),
        try await vault.person(other, person, create: true),
        try await vault.tenant(tenant), try await vault.tenant(other),
      ]
      for key in keys {
        #expect(throws: SealingError.self) {
          try key.open(sealed, table: "goal", column: "title", row: row)
        }
      }
    }
  }

  @Test func `a key row moved to another person does not open`() async throws {
    try await with { vault, pool, database in
      let second = UUID()
      _ = try await vault.person(tenant, person, create: true)
      _ = try await vault.person(tenant, second, create: true)
      // With a superuser's power over the key store.
      try await database.admin.simple(
        """
        UPDATE goals_keys.person_key k SET wrapped_key = (
          SELECT wrapped_key FROM goals_keys.person_key o WHERE o.person_ref <> k.person_ref)
        """)
      let fresh = try another(pool)
      for person in [person, second] {
        #expect(
          await vaultError { try await fresh.person(tenant, person) }
            == .corrupt("a key in goals_keys"))
      }
    }
  }

  @Test func `a destroyed person's key is gone and stays gone`() async throws {
    try await with { vault, pool, database in
      let fresh = try another(pool)
      _ = try await vault.person(tenant, person, create: true)
      try await vault.destroyPerson(tenant, person, orderedBy: .service("test"))
      for vault in [vault, fresh] {
        #expect(await vaultError { try await vault.person(tenant, person) } == .destroyed)
        #expect(
          await vaultError { try await vault.person(tenant, person, create: true) } == .destroyed)
        #expect(
          await vaultError { try await vault.createPersons(tenant, [UUID(), person]) }
            == .destroyed)
        let none = try await vault.persons(tenant, [person])
        #expect(none.isEmpty)
      }
      try await vault.destroyPerson(tenant, person, orderedBy: .service("test"))
      let rows = try await database.admin.run([
        "SELECT person_ref, wrapped_key FROM goals_keys.person_key"
      ])[0]
      #expect(rows.count == 1)
      #expect(try rows[0].get("wrapped_key", as: [UInt8]?.self) == nil)
      let reference: [UInt8] = try rows[0].get("person_ref")
      #expect(reference.count == 32)
      // The same person elsewhere is another matter.
      _ = try await vault.person(other, person, create: true)
    }
  }

  @Test func `a person without a key can be destroyed in advance`() async throws {
    try await with { vault, _, _ in
      try await vault.destroyPerson(tenant, person, orderedBy: .service("test"))
      #expect(
        await vaultError { try await vault.person(tenant, person, create: true) } == .destroyed)
    }
  }

  @Test func `who has no key is absent, not created by a read`() async throws {
    try await with { vault, _, _ in
      #expect(await vaultError { try await vault.person(tenant, person) } == .absent)
      #expect(await vaultError { try await vault.person(tenant, person) } == .absent)
      let none = try await vault.persons(tenant, [person])
      #expect(none.isEmpty)
      let nobody = UUID()
      #expect(await vaultError { try await vault.tenant(nobody) } == .tenantAbsent)
      #expect(await vaultError { try await vault.person(nobody, person) } == .tenantAbsent)
    }
  }

  @Test func `a key that is made for the first person of a tenant brings the tenant's`()
    async throws
  {
    try await with { vault, _, _ in
      let new = UUID()
      _ = try await vault.person(new, person, create: true)
      _ = try await vault.tenant(new)
      let gone = UUID()
      try await vault.destroyPerson(gone, person, orderedBy: .service("test"))
      #expect(await vaultError { try await vault.person(gone, person, create: true) } == .destroyed)
    }
  }

  @Test func `a destroyed tenant takes all of its persons along`() async throws {
    try await with { vault, pool, _ in
      let fresh = try another(pool)
      _ = try await vault.person(tenant, person, create: true)
      try await vault.destroyTenant(tenant, orderedBy: .command(user: 0))
      for vault in [vault, fresh] {
        #expect(await vaultError { try await vault.tenant(tenant) } == .tenantDestroyed)
        #expect(await vaultError { try await vault.person(tenant, person) } == .tenantDestroyed)
        #expect(await vaultError { try await vault.createTenant(tenant) } == .tenantDestroyed)
      }
      try await vault.destroyPerson(tenant, person, orderedBy: .service("test"))
      _ = try await vault.tenant(other)
    }
  }

  @Test func `ten thousand persons get their keys in one statement`() async throws {
    try await with { vault, pool, database in
      let persons = (0..<10_000).map { _ in UUID() }
      _ = try await vault.person(tenant, persons[7], create: true)
      try await vault.createPersons(tenant, persons)
      try await vault.createPersons(tenant, persons)
      let count: Int = try await database.admin.run([
        "SELECT count(*) AS n FROM goals_keys.person_key"
      ])[0][0].get("n")
      #expect(count == persons.count)
      let row = UUID()
      let sealed = try await vault.person(tenant, persons[9_999])
        .seal("x", table: "goal", column: "title", row: row)
      let keys = try await another(pool).persons(tenant, persons)
      #expect(keys.count == persons.count)
      let key = try #require(keys[persons[9_999]])
      #expect(try key.open(sealed, table: "goal", column: "title", row: row) == "x")
    }
  }

  @Test func `all who ask first for a person's key get the same one`() async throws {
    try await with { vault, pool, _ in
      let row = UUID()
      var sealed: [[UInt8]] = []
      try await withThrowingTaskGroup(of: [UInt8].self) { group in
        for _ in 0..<8 {
          group.addTask {
            try await another(pool).person(tenant, person, create: true)
              .seal("x", table: "goal", column: "title", row: row)
          }
        }
        for try await one in group { sealed.append(one) }
      }
      let key = try await vault.person(tenant, person)
      for one in sealed {
        #expect(try key.open(one, table: "goal", column: "title", row: row) == "x")
      }
    }
  }

  @Test func `a blind index is the same for spellings of one address, per tenant and purpose`()
    async throws
  {
    try await with { vault, pool, _ in
      let index = try await vault.blindIndex(tenant, "Zoë@Example.org")
      #expect(try await another(pool).blindIndex(tenant, " zoe\u{308}@example.ORG\n") == index)
      #expect(try await vault.blindIndex(tenant, "zoe@example.org") != index)
      #expect(try await vault.blindIndex(other, "Zoë@Example.org") != index)
      #expect(try await vault.blindIndex(tenant, "Zoë@Example.org", purpose: "phone") != index)
    }
  }

  @Test(arguments: [
    ("Jan@Bücher.Example", "jan@xn--bcher-kva.example"),
    ("jan@XN--BCHER-KVA.example", "jan@xn--bcher-kva.example"),
    ("jan@bu\u{308}cher.example", "jan@xn--bcher-kva.example"),
    ("jan@日本.example", "jan@xn--wgv71a.example"),
    ("zoë@example.org", "zoë@example.org"),
    ("no domain ü", "no domain ü"),
    ("jan@a/b.ü", "jan@a/b.ü"),
  ])
  func `a domain beyond ASCII is found as mail servers name it`(typed: String, form: String) {
    #expect(BlindIndexForm(typed).text == form)
  }

  @Test func `a platform secret is made once and needs the master key`() async throws {
    try await with { vault, pool, _ in
      let first = try await vault.secret(named: "signing") { [1, 2, 3] }
      #expect(first == [1, 2, 3])
      let second = try await another(pool).secret(named: "signing") { [9] }
      #expect(second == [1, 2, 3])
      #expect(try await vault.secret(named: "other") { [9] } == [9])
      let stranger = try Vault(
        pool: pool, schema: "goals_keys", masterKey: SymmetricKey.generate())
      #expect(
        await vaultError { try await stranger.secret(named: "signing") { [] } }
          == .masterAbsent(MasterKeys(current: master).currentID))
      #expect(
        await vaultError { try await stranger.tenant(tenant) }
          == .masterAbsent(MasterKeys(current: master).currentID))
    }
  }

  @Test func `a tenant's keys are invisible to another tenant's transaction`() async throws {
    try await with { vault, pool, _ in
      _ = try await vault.person(tenant, person, create: true)
      let rows = try await Database(pool: pool).once(
        tenant: other, "SELECT person_ref FROM goals_keys.person_key")[0]
      #expect(rows.isEmpty)
      let error = await databaseError {
        try await Database(pool: pool).once(
          tenant: tenant, "DELETE FROM goals_keys.person_key")
      }
      #expect(error?.sqlstate == "42501")
    }
  }

  @Test func `cached keys expire, are bounded, and never come back after a destruction`()
    throws
  {
    let clock = Mutex(ContinuousClock.now)
    let cache = VaultCache(limit: 3) { clock.withLock { $0 } }
    func place(_ person: UUID) -> VaultCache.Place { .init(tenant: tenant, person: person) }
    let key = VaultCache.Keys.person(SealingKey(tenant: tenant, key: .generate()))
    func has(_ person: UUID) -> Bool { cache.keys(place(person)) != nil }

    let persons = (0..<5).map { _ in UUID() }
    for person in persons { cache.put(key, at: place(person), cache.ticket()) }
    #expect(persons.map(has) == [false, false, true, true, true])
    #expect(cache.count == 3)

    let before = cache.ticket()
    cache.drop(place(persons[4]))
    cache.put(key, at: place(persons[4]), before)
    #expect(!has(persons[4]) && has(persons[3]))

    clock.withLock { $0 += VaultCache.lifetime }
    #expect(!has(persons[3]))
    cache.put(key, at: place(persons[0]), cache.ticket())
    #expect(cache.count == 1)

    cache.drop(VaultCache.Place(tenant: tenant))
    #expect(cache.count == 0)
  }
}
