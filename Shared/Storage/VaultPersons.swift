import Cryptography
package import FoundationEssentials
import Postgres

extension Vault {
  /// Persons whose keys are made before other work of this thread gets its turn.
  private static let personsPerTurn = 256

  /// Makes the keys of all `persons` that have none, in one statement, and the tenant's if it has
  /// none. If one of the persons was destroyed before, none is made: `destroyed`.
  package func createPersons(_ tenant: UUID, _ persons: [UUID]) async throws(VaultError) {
    let keys = try await keys(tenant, create: true)
    var references: [[UInt8]] = []
    var wrapped: [[UInt8]] = []
    references.reserveCapacity(persons.count)
    wrapped.reserveCapacity(persons.count)
    for (position, person) in persons.enumerated() {
      if position % Vault.personsPerTurn == Vault.personsPerTurn - 1 { await Task.yield() }
      references.append(keys.reference(person))
      wrapped.append(
        try wrap(.generate(), by: keys.wrapping, wrapping("person key", tenant, person)))
    }
    try await insert(tenant, references, wrapped)
  }

  private func insert(
    _ tenant: UUID, _ references: [[UInt8]], _ wrapped: [[UInt8]]
  ) async throws(VaultError) {
    do {
      try await database.transaction(tenant: tenant) { transaction in
        let results = try await transaction.query(all: [
          """
          INSERT INTO \(schema).person_key (tenant_id, person_ref, wrapped_key)
          SELECT \(tenant), person_ref, wrapped_key
          FROM unnest(\(references), \(wrapped)) AS made (person_ref, wrapped_key)
          ON CONFLICT (tenant_id, person_ref) DO NOTHING
          """,
          """
          SELECT count(*) AS destroyed FROM \(schema).person_key
          WHERE tenant_id = \(tenant) AND person_ref = ANY(\(references))
            AND wrapped_key IS NULL
          """,
        ])
        let destroyed: Int = try results[1][0].get("destroyed")
        if destroyed > 0 { throw VaultError.destroyed }
      }
    } catch let error as VaultError {
      throw error
    } catch let error as PostgresError {
      throw .store(error)
    } catch {
      preconditionFailure("the key store throws its own errors only: \(error)")
    }
  }

  /// The person's key; with `create` made if there is none, as is the tenant's. Throws `absent` or
  /// `tenantAbsent` without `create`, `destroyed` after `destroyPerson`.
  package func person(
    _ tenant: UUID, _ person: UUID, create: Bool = false
  ) async throws(VaultError) -> SealingKey {
    let place = VaultCache.Place(tenant: tenant, person: person)
    if case .person(let key) = cache.keys(place) { return key }
    let ticket = cache.ticket()
    let keys = try await keys(tenant, create: create)
    let reference = keys.reference(person)
    let fetch: SQL = """
      SELECT wrapped_key FROM \(schema).person_key
      WHERE tenant_id = \(tenant) AND person_ref = \(reference)
      """
    let found: Row?
    if create {
      let made = try wrap(.generate(), by: keys.wrapping, wrapping("person key", tenant, person))
      found = try await store(
        tenant,
        """
        INSERT INTO \(schema).person_key (tenant_id, person_ref, wrapped_key)
        VALUES (\(tenant), \(reference), \(made))
        ON CONFLICT (tenant_id, person_ref) DO NOTHING
        """, fetch)[1].first
    } else {
      found = try await store(tenant, fetch)[0].first
    }
    guard let found else { throw .absent }
    guard let wrapped: [UInt8] = try read(found, "wrapped_key") as [UInt8]? else {
      throw .destroyed
    }
    let key = try sealingKey(wrapped, tenant, person, keys)
    cache.put(.person(key), at: place, ticket)
    return key
  }

  /// The keys of all `persons` that have one; who is absent or destroyed is left out.
  package func persons(
    _ tenant: UUID, _ persons: [UUID]
  ) async throws(VaultError) -> [UUID: SealingKey] {
    var found: [UUID: SealingKey] = [:]
    var wanted: [[UInt8]: UUID] = [:]
    let ticket = cache.ticket()
    let keys = try await keys(tenant)
    for person in persons {
      if case .person(let key) = cache.keys(VaultCache.Place(tenant: tenant, person: person)) {
        found[person] = key
      } else {
        wanted[keys.reference(person)] = person
      }
    }
    guard !wanted.isEmpty else { return found }
    let rows = try await store(
      tenant,
      """
      SELECT person_ref, wrapped_key FROM \(schema).person_key
      WHERE tenant_id = \(tenant) AND person_ref = ANY(\(Array(wanted.keys)))
        AND wrapped_key IS NOT NULL
      """)[0]
    for (position, row) in rows.enumerated() {
      if position % Vault.personsPerTurn == Vault.personsPerTurn - 1 { await Task.yield() }
      let reference: [UInt8] = try read(row, "person_ref")
      guard let person = wanted[reference] else { continue }
      let key = try sealingKey(try read(row, "wrapped_key"), tenant, person, keys)
      found[person] = key
      cache.put(.person(key), at: VaultCache.Place(tenant: tenant, person: person), ticket)
    }
    return found
  }

  /// Destroys the person's key. What stays is a tombstone under a keyed digest of the id, also for
  /// a person who had no key and a tenant that had none. Again: nothing happens.
  package func destroyPerson(_ tenant: UUID, _ person: UUID) async throws(VaultError) {
    let keys: TenantKeys
    do {
      keys = try await self.keys(tenant, create: true)
    } catch .tenantDestroyed {
      return
    }
    let place = VaultCache.Place(tenant: tenant, person: person)
    cache.drop(place)
    defer { cache.drop(place) }
    _ = try await store(
      tenant,
      """
      INSERT INTO \(schema).person_key AS known
        (tenant_id, person_ref, wrapped_key, destroyed_at)
      VALUES (\(tenant), \(keys.reference(person)), NULL, now())
      ON CONFLICT (tenant_id, person_ref) DO UPDATE
        SET wrapped_key = NULL, destroyed_at = coalesce(known.destroyed_at, now())
      """)
  }

  private func sealingKey(
    _ wrapped: [UInt8], _ tenant: UUID, _ person: UUID, _ keys: TenantKeys
  ) throws(VaultError) -> SealingKey {
    SealingKey(
      tenant: tenant,
      key: try unwrap(wrapped, by: keys.wrapping, wrapping("person key", tenant, person)))
  }
}
