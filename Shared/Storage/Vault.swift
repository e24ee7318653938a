package import Cryptography
package import Foundation
package import Postgres

/// The keys of a service: one per tenant, one per person, and the platform's secrets.
///
/// A person's key is wrapped under the tenant's, the tenant's under a master key (AES-256-GCM,
/// the owner as associated data). Destroying a key makes all that it sealed unreadable, in
/// backups too; a tombstone keeps the person from getting a new one.
///
/// Give it a pool of its own, so that it can be asked while a transaction is open.
package struct Vault: Sendable {
  let database: Database
  let schema: SQLIdentifier
  let masters: MasterKeys
  let cache: VaultCache
  /// Where destructions are recorded outside of the store; nil: nowhere, so that one does not
  /// survive the restore of a store from before it.
  let journal: ErasureJournal?

  /// Most keys that are kept unwrapped.
  package static let cacheLimit = 4096

  /// `schema` as in `goals_keys`; its tables are made by `KeyMigrations.directory`.
  package init(
    pool: PostgresPool, schema: String, masterKeys: MasterKeys, journal: ErasureJournal? = nil,
    cacheLimit: Int = Vault.cacheLimit,
    now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
  ) throws(PostgresError) {
    database = Database(pool: pool)
    self.schema = try SQLIdentifier(schema)
    masters = masterKeys
    self.journal = journal
    cache = VaultCache(limit: cacheLimit, now: now)
  }

  /// With one master key, and none to pass to.
  package init(
    pool: PostgresPool, schema: String, masterKey: SymmetricKey, journal: ErasureJournal? = nil
  ) throws(PostgresError) {
    try self.init(
      pool: pool, schema: schema, masterKeys: MasterKeys(current: masterKey), journal: journal)
  }

  // MARK: Tenants

  /// Makes the tenant's key unless there is one. Throws `tenantDestroyed` after `destroyTenant`.
  package func createTenant(_ tenant: UUID) async throws(VaultError) {
    let wrapped = try wrap(.generate(), wrapping("tenant key", tenant))
    let results = try await store(
      tenant,
      """
      INSERT INTO \(schema).tenant_key (tenant_id, wrapped_key, master_id)
      VALUES (\(tenant), \(wrapped), \(masters.current.id))
      ON CONFLICT (tenant_id) DO NOTHING
      """,
      "SELECT wrapped_key, master_id FROM \(schema).tenant_key WHERE tenant_id = \(tenant)")
    _ = try open(tenantRow: results[1].first, tenant)
  }

  /// The key for fields that belong to the organisation and no person.
  package func tenant(_ tenant: UUID) async throws(VaultError) -> SealingKey {
    try await keys(tenant).sealing
  }

  /// A keyed digest by which a value is found without being readable: HMAC-SHA256 under a key of
  /// the tenant over the value in its `BlindIndexForm`. `purpose` keeps equal values of different
  /// columns apart.
  package func blindIndex(
    _ tenant: UUID, _ value: String, purpose: String = "e-mail"
  ) async throws(VaultError) -> [UInt8] {
    let keys = try await keys(tenant)
    var data = AssociatedData(purpose)
    data.append(BlindIndexForm(value).text)
    return HMACSHA256.authenticate(data.bytes, key: keys.index)
  }

  /// Drops unwrapped keys whose time is over; call it from time to time.
  package func sweep() { cache.sweep() }

  // MARK: Helpers

  /// The tenant's keys; with `create` made if there are none.
  func keys(_ tenant: UUID, create: Bool) async throws(VaultError) -> TenantKeys {
    guard create else { return try await keys(tenant) }
    do {
      return try await keys(tenant)
    } catch .tenantAbsent {
      try await createTenant(tenant)
      return try await keys(tenant)
    }
  }

  func keys(_ tenant: UUID) async throws(VaultError) -> TenantKeys {
    let place = VaultCache.Place(tenant: tenant)
    if case .tenant(let keys) = cache.keys(place) { return keys }
    let ticket = cache.ticket()
    let results = try await store(tenant, all: tenantFetch(tenant))
    let keys = try tenantKeys(results, tenant)
    cache.put(.tenant(keys), at: place, ticket)
    return keys
  }

  /// What `tenantKeys` reads.
  func tenantFetch(_ tenant: UUID) -> [SQL] {
    [
      "SELECT wrapped_key, master_id FROM \(schema).tenant_key WHERE tenant_id = \(tenant)",
      """
      SELECT generation, wrapped_key, master_id FROM \(schema).wrapping_key
      WHERE tenant_id = \(tenant) AND wrapped_key IS NOT NULL
      """,
    ]
  }

  func tenantKeys(_ results: [ResultSet], _ tenant: UUID) throws(VaultError) -> TenantKeys {
    let secret = try open(tenantRow: results[0].first, tenant)
    var generations: [Int: SymmetricKey] = [:]
    for row in results[1] {
      let generation: Int = try read(row, "generation")
      generations[generation] = try unwrap(
        try read(row, "wrapped_key"), under: try read(row, "master_id"),
        wrapping("wrapping key", tenant, generation: generation))
    }
    return TenantKeys(secret, generations: generations, tenant: tenant)
  }

  private func open(tenantRow row: Row?, _ tenant: UUID) throws(VaultError) -> SymmetricKey {
    guard let row else { throw .tenantAbsent }
    let wrapped: [UInt8]? = try read(row, "wrapped_key")
    guard let wrapped else { throw .tenantDestroyed }
    return try unwrap(wrapped, under: try read(row, "master_id"), wrapping("tenant key", tenant))
  }

  func wrapping(_ purpose: String, _ tenant: UUID, generation: Int? = nil) -> [UInt8] {
    var data = AssociatedData("ikso \(purpose) 1")
    data.append(tenant)
    if let generation { data.append("\(generation)") }
    return data.bytes
  }

  /// Under the current master key.
  func wrap(_ key: SymmetricKey, _ data: [UInt8]) throws(VaultError) -> [UInt8] {
    do {
      return try key.wrapped(by: masters.current.key, associatedData: data)
    } catch {
      throw .corrupt("a new key")
    }
  }

  func unwrap(
    _ wrapped: [UInt8], under master: String?, _ data: [UInt8]
  ) throws(VaultError) -> SymmetricKey {
    try masters.open(under: master, "a key in \(schema)") { (master) throws(CryptographyError) in
      try SymmetricKey(unwrapping: wrapped, by: master, associatedData: data)
    }
  }

  func read<Value: PostgresValue>(_ row: Row, _ column: String) throws(VaultError) -> Value {
    do {
      return try row.get(column)
    } catch {
      throw .store(error)
    }
  }

  func store(_ tenant: UUID, _ statements: SQL...) async throws(VaultError) -> [ResultSet] {
    try await store(tenant, all: statements)
  }

  func store(_ tenant: UUID, all statements: [SQL]) async throws(VaultError) -> [ResultSet] {
    do {
      return try await database.once(tenant: tenant, all: statements)
    } catch {
      throw .store(error)
    }
  }

  /// A transaction of the key store, which throws nothing but the store's own errors.
  func transaction<Value>(
    _ tenant: UUID, _ body: (TenantTransaction) async throws -> Value
  ) async throws(VaultError) -> Value {
    do {
      return try await database.transaction(tenant: tenant, body)
    } catch let error as VaultError {
      throw error
    } catch let error as ErasureJournalError {
      throw .journal(error)
    } catch let error as PostgresError {
      throw .store(error)
    } catch {
      preconditionFailure("the key store throws its own errors only: \(error)")
    }
  }
}
