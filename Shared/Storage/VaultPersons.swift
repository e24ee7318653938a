import Cryptography
package import FoundationEssentials
import Postgres

extension Vault {
  /// Persons whose keys are made before other work of this thread gets its turn.
  private static let personsPerTurn = 256
  /// How often keys are read anew because a rotation has made those at hand old.
  private static let readings = 3

  /// Makes the keys of all `persons` that have none, in one statement, and the tenant's if it has
  /// none. If one of the persons was destroyed before, none is made: `destroyed`.
  package func createPersons(_ tenant: UUID, _ persons: [UUID]) async throws(VaultError) {
    try await withKeys(tenant, create: true) { (keys) async throws(VaultError) in
      var references: [[UInt8]] = []
      var wrapped: [[UInt8]] = []
      references.reserveCapacity(persons.count)
      wrapped.reserveCapacity(persons.count)
      for (position, person) in persons.enumerated() {
        if position % Vault.personsPerTurn == Vault.personsPerTurn - 1 { await Task.yield() }
        references.append(keys.reference(person))
        wrapped.append(try newKey(of: person, references[position], keys).bytes)
      }
      return try await insert(tenant, references, wrapped, keys.generation) ? () : nil
    }
  }

  /// The person's key; with `create` made if there is none, as is the tenant's. Throws `absent` or
  /// `tenantAbsent` without `create`, `destroyed` after `destroyPerson`.
  package func person(
    _ tenant: UUID, _ person: UUID, create: Bool = false
  ) async throws(VaultError) -> SealingKey {
    let place = VaultCache.Place(tenant: tenant, person: person)
    if case .person(let key) = cache.keys(place) { return key }
    return try await withKeys(tenant, create: create) { (keys) async throws(VaultError) in
      let ticket = cache.ticket()
      let reference = keys.reference(person)
      let fetch: SQL = """
        SELECT wrapped_key, generation FROM \(schema).person_key
        WHERE tenant_id = \(tenant) AND person_ref = \(reference)
        """
      let row: Row?
      if create {
        let made = try newKey(of: person, reference, keys)
        row = try await store(
          tenant,
          all: insertion(tenant, [reference], [made.bytes], made.generation) + [fetch])[2].first
        // Not stored: a rotation came between.
        guard row != nil else { return nil }
      } else {
        row = try await store(tenant, fetch)[0].first
      }
      guard let row else { throw .absent }
      guard let wrapped = try wrapped(row) else { throw .destroyed }
      guard let key = try sealingKey(wrapped, tenant, person, reference, keys) else { return nil }
      cache.put(.person(key), at: place, ticket)
      return key
    }
  }

  /// The keys of all `persons` that have one; who is absent or destroyed is left out.
  package func persons(
    _ tenant: UUID, _ persons: [UUID]
  ) async throws(VaultError) -> [UUID: SealingKey] {
    try await withKeys(tenant) { (keys) async throws(VaultError) in
      var found: [UUID: SealingKey] = [:]
      var wanted: [[UInt8]: UUID] = [:]
      let ticket = cache.ticket()
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
        SELECT person_ref, wrapped_key, generation FROM \(schema).person_key
        WHERE tenant_id = \(tenant) AND person_ref = ANY(\(Array(wanted.keys)))
          AND wrapped_key IS NOT NULL
        """)[0]
      for (position, row) in rows.enumerated() {
        if position % Vault.personsPerTurn == Vault.personsPerTurn - 1 { await Task.yield() }
        let reference: [UInt8] = try read(row, "person_ref")
        guard let person = wanted[reference], let wrapped = try wrapped(row) else { continue }
        guard let key = try sealingKey(wrapped, tenant, person, reference, keys) else {
          return nil
        }
        found[person] = key
        cache.put(.person(key), at: VaultCache.Place(tenant: tenant, person: person), ticket)
      }
      return found
    }
  }

  /// The same; none of an organisation that has no keys, or none any more.
  package func keysLeft(
    of persons: [UUID], _ tenant: UUID
  ) async throws(VaultError) -> [UUID: SealingKey] {
    do {
      return try await self.persons(tenant, persons)
    } catch {
      switch error {
      case .tenantAbsent, .tenantDestroyed: return [:]
      default: throw error
      }
    }
  }

  // MARK: Helpers

  /// Runs `body` with the tenant's keys; when it returns nil, as a rotation has made them old, once
  /// more with fresh ones.
  private func withKeys<Value>(
    _ tenant: UUID, create: Bool = false,
    _ body: (TenantKeys) async throws(VaultError) -> Value?
  ) async throws(VaultError) -> Value {
    for _ in 0..<Vault.readings {
      if let value = try await body(try await keys(tenant, create: create)) { return value }
      cache.drop(VaultCache.Place(tenant: tenant))
    }
    throw .corrupt("a key in \(schema)")
  }

  /// Stores keys under the wrapping key of `generation`, unless a rotation has made a newer one.
  /// The lock lets a rotation's new key be seen, or makes the rotation wait for these rows: none
  /// can slip in behind it.
  private func insertion(
    _ tenant: UUID, _ references: [[UInt8]], _ wrapped: [[UInt8]], _ generation: Int?
  ) -> [SQL] {
    [
      "SELECT 1 FROM \(schema).tenant_key WHERE tenant_id = \(tenant) FOR KEY SHARE",
      """
      INSERT INTO \(schema).person_key (tenant_id, person_ref, wrapped_key, generation)
      SELECT \(tenant), person_ref, wrapped_key, \(generation)
      FROM unnest(\(references), \(wrapped)) AS made (person_ref, wrapped_key)
      WHERE NOT EXISTS (
        SELECT FROM \(schema).wrapping_key
        WHERE tenant_id = \(tenant) AND generation > \(generation ?? 0))
      ON CONFLICT (tenant_id, person_ref) DO NOTHING
      """,
    ]
  }

  /// False if a rotation came between, and nothing was stored.
  private func insert(
    _ tenant: UUID, _ references: [[UInt8]], _ wrapped: [[UInt8]], _ generation: Int?
  ) async throws(VaultError) -> Bool {
    try await transaction(tenant) { transaction in
      let results = try await transaction.query(
        all: insertion(tenant, references, wrapped, generation) + [
          """
          SELECT count(*) AS known, count(*) FILTER (WHERE wrapped_key IS NULL) AS destroyed
          FROM \(schema).person_key
          WHERE tenant_id = \(tenant) AND person_ref = ANY(\(references))
          """
        ])
      let destroyed: Int = try results[2][0].get("destroyed")
      if destroyed > 0 { throw VaultError.destroyed }
      let known: Int = try results[2][0].get("known")
      return known == Set(references).count
    }
  }

  private func newKey(
    of person: UUID, _ reference: [UInt8], _ keys: TenantKeys
  ) throws(VaultError) -> TenantKeys.Wrapped {
    do {
      return try keys.wrap(.generate(), of: person, reference)
    } catch {
      throw .corrupt("a new key")
    }
  }

  /// Nil for a tombstone.
  private func wrapped(_ row: Row) throws(VaultError) -> TenantKeys.Wrapped? {
    guard let bytes: [UInt8] = try read(row, "wrapped_key") as [UInt8]? else { return nil }
    return TenantKeys.Wrapped(bytes: bytes, generation: try read(row, "generation"))
  }

  /// Nil if `keys` are too old for it.
  private func sealingKey(
    _ wrapped: TenantKeys.Wrapped, _ tenant: UUID, _ person: UUID, _ reference: [UInt8],
    _ keys: TenantKeys
  ) throws(VaultError) -> SealingKey? {
    do throws(TenantKeys.Unreadable) {
      return SealingKey(tenant: tenant, key: try keys.unwrap(wrapped, of: person, reference))
    } catch {
      switch error {
      case .unknownGeneration: return nil
      case .corrupt: throw VaultError.corrupt("a key in \(schema)")
      }
    }
  }
}
