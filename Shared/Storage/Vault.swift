package import Cryptography
package import Foundation
package import Postgres

/// The keys of a service: one per tenant, one per person, and the platform's secrets.
///
/// A person's key is wrapped under the tenant's, the tenant's under the master key (AES-256-GCM,
/// the owner as associated data). Destroying a key makes all that it sealed unreadable, in
/// backups too; a tombstone keeps the person from getting a new one.
///
/// Give it a pool of its own, so that it can be asked while a transaction is open.
package struct Vault: Sendable {
  let database: Database
  let schema: SQLIdentifier
  private let master: SymmetricKey
  let cache: VaultCache

  /// Most keys that are kept unwrapped.
  package static let cacheLimit = 4096

  /// `schema` as in `goals_keys`; its tables are made by `KeyMigrations.directory`.
  package init(
    pool: PostgresPool, schema: String, masterKey: SymmetricKey,
    cacheLimit: Int = Vault.cacheLimit,
    now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
  ) throws(PostgresError) {
    database = Database(pool: pool)
    self.schema = try SQLIdentifier(schema)
    master = masterKey
    cache = VaultCache(limit: cacheLimit, now: now)
  }

  // MARK: Tenants

  /// Makes the tenant's key unless there is one. Throws `tenantDestroyed` after `destroyTenant`.
  package func createTenant(_ tenant: UUID) async throws(VaultError) {
    let wrapped = try wrap(.generate(), by: master, wrapping("tenant key", tenant))
    let results = try await store(
      tenant,
      """
      INSERT INTO \(schema).tenant_key (tenant_id, wrapped_key) VALUES (\(tenant), \(wrapped))
      ON CONFLICT (tenant_id) DO NOTHING
      """,
      "SELECT wrapped_key FROM \(schema).tenant_key WHERE tenant_id = \(tenant)")
    _ = try open(tenantRow: results[1].first, tenant)
  }

  /// The key for fields that belong to the organisation and no person.
  package func tenant(_ tenant: UUID) async throws(VaultError) -> SealingKey {
    try await keys(tenant).sealing
  }

  /// A keyed digest by which a value is found without being readable: HMAC-SHA256 of the value in
  /// lower case, Unicode form C, without white space at its ends. `purpose` keeps equal
  /// values of different columns apart.
  package func blindIndex(
    _ tenant: UUID, _ value: String, purpose: String = "e-mail"
  ) async throws(VaultError) -> [UInt8] {
    let keys = try await keys(tenant)
    let plain = value.trimmingCharacters(in: .whitespacesAndNewlines).lowercased()
      .precomposedStringWithCanonicalMapping
    var data = AssociatedData(purpose)
    data.append(plain)
    return HMACSHA256.authenticate(data.bytes, key: keys.index)
  }

  /// Destroys the tenant's key and with it everything that it or its persons' keys sealed.
  package func destroyTenant(_ tenant: UUID) async throws(VaultError) {
    let place = VaultCache.Place(tenant: tenant)
    cache.drop(place)
    defer { cache.drop(place) }
    _ = try await store(
      tenant,
      """
      UPDATE \(schema).tenant_key SET wrapped_key = NULL, destroyed_at = now()
      WHERE tenant_id = \(tenant) AND wrapped_key IS NOT NULL
      """,
      """
      UPDATE \(schema).person_key SET wrapped_key = NULL, destroyed_at = now()
      WHERE tenant_id = \(tenant) AND wrapped_key IS NOT NULL
      """)
  }

  // MARK: The platform's secrets

  /// The secret of this name; the first caller of all processes makes it with `generate`.
  package func secret(
    named name: String, generate: () -> [UInt8]
  ) async throws(VaultError) -> [UInt8] {
    let fetch: SQL = """
      SELECT sealed_secret FROM \(schema).platform_secret
      WHERE tenant_id = \(UUID.platform) AND name = \(name)
      """
    var data = AssociatedData("ikso platform secret 1")
    data.append(name)
    var found = try await store(.platform, fetch)[0].first
    if found == nil {
      let sealed: [UInt8]
      do {
        sealed = try AEAD.seal(generate(), associatedData: data.bytes, key: master)
      } catch {
        throw .corrupt("secret \(name)")
      }
      found = try await store(
        .platform,
        """
        INSERT INTO \(schema).platform_secret (tenant_id, name, sealed_secret)
        VALUES (\(UUID.platform), \(name), \(sealed)) ON CONFLICT (tenant_id, name) DO NOTHING
        """, fetch)[1].first
    }
    guard let found else { throw .corrupt("secret \(name)") }
    let sealed: [UInt8] = try read(found, "sealed_secret")
    do {
      return try AEAD.open(sealed, associatedData: data.bytes, key: master)
    } catch {
      throw .corrupt("secret \(name)")
    }
  }

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
    let results = try await store(
      tenant, "SELECT wrapped_key FROM \(schema).tenant_key WHERE tenant_id = \(tenant)")
    let keys = TenantKeys(try open(tenantRow: results[0].first, tenant), tenant: tenant)
    cache.put(.tenant(keys), at: place, ticket)
    return keys
  }

  private func open(tenantRow row: Row?, _ tenant: UUID) throws(VaultError) -> SymmetricKey {
    guard let row else { throw .tenantAbsent }
    let wrapped: [UInt8]? = try read(row, "wrapped_key")
    guard let wrapped else { throw .tenantDestroyed }
    return try unwrap(wrapped, by: master, wrapping("tenant key", tenant))
  }

  func wrapping(_ purpose: String, _ tenant: UUID, _ person: UUID? = nil) -> [UInt8] {
    var data = AssociatedData("ikso \(purpose) 1")
    data.append(tenant)
    if let person { data.append(person) }
    return data.bytes
  }

  func wrap(
    _ key: SymmetricKey, by outer: SymmetricKey, _ data: [UInt8]
  ) throws(VaultError) -> [UInt8] {
    do {
      return try key.wrapped(by: outer, associatedData: data)
    } catch {
      throw .corrupt("a new key")
    }
  }

  func unwrap(
    _ wrapped: [UInt8], by outer: SymmetricKey, _ data: [UInt8]
  ) throws(VaultError) -> SymmetricKey {
    do {
      return try SymmetricKey(unwrapping: wrapped, by: outer, associatedData: data)
    } catch {
      throw .corrupt("a key in \(schema)")
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
    do {
      return try await database.once(tenant: tenant, all: statements)
    } catch {
      throw .store(error)
    }
  }
}
