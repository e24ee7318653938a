import Cryptography
package import FoundationEssentials
package import Postgres

/// Puts the keys of a service under new ones: what wraps changes, what was sealed is not touched.
///
/// Runs as the owner of the tables, beside the running service. Each step is a transaction of its
/// own and is found done by whoever runs it again: a rotation that was interrupted goes on where it
/// was. A destroyed key stays destroyed.
package struct KeyRotation: Sendable {
  /// Persons whose keys are rewrapped in one transaction.
  private static let personsAtOnce = 500

  private let vault: Vault
  private let owner: SQLIdentifier

  /// `pool` connects as `owner` or a member of it.
  package init(
    pool: PostgresPool, schema: String, owner: String, masterKeys: MasterKeys
  ) throws(PostgresError) {
    vault = try Vault(pool: pool, schema: schema, masterKeys: masterKeys)
    self.owner = try SQLIdentifier(owner)
  }

  /// How many keys are under which master key, and how many of persons under which generation.
  package struct Inventory: Sendable, Equatable {
    /// By the id of the master key; nil: from before rows said which.
    package var masters: [String?: Int] = [:]
    /// By generation; nil: the one derived from the tenant's secret.
    package var generations: [Int?: Int] = [:]
    package var destroyed = 0

    package init() {}

    fileprivate mutating func add(_ other: Inventory) {
      masters.merge(other.masters, uniquingKeysWith: +)
      generations.merge(other.generations, uniquingKeysWith: +)
      destroyed += other.destroyed
    }
  }

  /// Every tenant that has or had a key, in the order of their ids.
  ///
  /// Row security hides them from everybody, the owner too. The owner lifts that for a moment,
  /// within a transaction that nobody else sees into.
  package func tenants() async throws(VaultError) -> [UUID] {
    let table: SQL = "\(vault.schema).tenant_key"
    return try await vault.transaction(.platform) { transaction in
      let results = try await transaction.query(all: [
        "SELECT set_config('role', \(owner.name), true), set_config('lock_timeout', '10s', true)",
        "ALTER TABLE \(table) NO FORCE ROW LEVEL SECURITY",
        "SELECT tenant_id FROM \(table) ORDER BY tenant_id",
        "ALTER TABLE \(table) FORCE ROW LEVEL SECURITY",
      ])
      return try results[2].map { try $0.get("tenant_id") }
    }
  }

  /// Counts tenant by tenant.
  package func inventory() async throws(VaultError) -> Inventory {
    var all = Inventory()
    for tenant in [.platform] + (try await tenants()).filter({ $0 != .platform }) {
      all.add(try await inventory(of: tenant))
    }
    return all
  }

  // MARK: The master key

  /// Rewraps under the current master key what a tenant, or the platform, has under another one.
  /// - Returns: how many keys it rewrapped.
  package func rotateMaster(of tenant: UUID) async throws(VaultError) -> Int {
    try await vault.transaction(tenant) { transaction in
      let results = try await transaction.query(all: tablesUnderMaster(tenant))
      var changes: [SQL] = []
      for row in results[0] { changes.append(try rewrapSecret(row, tenant)) }
      for row in results[1] { changes.append(try rewrapWrappingKey(row, tenant)) }
      for row in results[2] { changes.append(try rewrapPlatformSecret(row)) }
      if !changes.isEmpty { try await transaction.query(all: changes) }
      return changes.count
    }
  }

  private func tablesUnderMaster(_ tenant: UUID) -> [SQL] {
    let (schema, id) = (vault.schema, vault.masters.current.id)
    return [
      """
      SELECT wrapped_key, master_id FROM \(schema).tenant_key
      WHERE tenant_id = \(tenant) AND wrapped_key IS NOT NULL
        AND master_id IS DISTINCT FROM \(id) FOR UPDATE
      """,
      """
      SELECT generation, wrapped_key, master_id FROM \(schema).wrapping_key
      WHERE tenant_id = \(tenant) AND wrapped_key IS NOT NULL
        AND master_id IS DISTINCT FROM \(id) FOR UPDATE
      """,
      """
      SELECT name, sealed_secret, master_id FROM \(schema).platform_secret
      WHERE tenant_id = \(tenant) AND master_id IS DISTINCT FROM \(id) FOR UPDATE
      """,
    ]
  }

  private func rewrapSecret(_ row: Row, _ tenant: UUID) throws -> SQL {
    let wrapped = try rewrapped(row, vault.wrapping("tenant key", tenant))
    return """
      UPDATE \(vault.schema).tenant_key
      SET wrapped_key = \(wrapped), master_id = \(vault.masters.current.id)
      WHERE tenant_id = \(tenant)
      """
  }

  private func rewrapWrappingKey(_ row: Row, _ tenant: UUID) throws -> SQL {
    let generation: Int = try row.get("generation")
    let wrapped = try rewrapped(
      row, vault.wrapping("wrapping key", tenant, generation: generation))
    return """
      UPDATE \(vault.schema).wrapping_key
      SET wrapped_key = \(wrapped), master_id = \(vault.masters.current.id)
      WHERE tenant_id = \(tenant) AND generation = \(generation)
      """
  }

  private func rewrapPlatformSecret(_ row: Row) throws -> SQL {
    let name: String = try row.get("name")
    let secret = try vault.open(
      row.get("sealed_secret"), under: row.get("master_id"), named: name)
    return """
      UPDATE \(vault.schema).platform_secret
      SET sealed_secret = \(try vault.seal(secret, named: name)),
        master_id = \(vault.masters.current.id)
      WHERE tenant_id = \(UUID.platform) AND name = \(name)
      """
  }

  private func rewrapped(_ row: Row, _ place: [UInt8]) throws -> [UInt8] {
    let key = try vault.unwrap(row.get("wrapped_key"), under: row.get("master_id"), place)
    return try vault.wrap(key, place)
  }

  // MARK: A tenant's key

  /// Gives the tenant a new wrapping key, rewraps all of its persons' keys, and takes the old ones
  /// out of the store; goes on with a rotation that was interrupted. `progress` hears how many are
  /// done after each transaction. Throws `tenantAbsent` or `tenantDestroyed`.
  package func rotateTenant(
    _ tenant: UUID, progress: (Int) async throws -> Void = { _ in }
  ) async throws -> Int {
    try await beginGeneration(tenant)
    var done = 0
    while true {
      let step = try await rewrapPersons(tenant)
      if step == 0 { break }
      done += step
      try await progress(done)
    }
    try await retireGenerations(tenant)
    return done
  }

  /// A generation that not everybody is under yet is gone on with. The lock lets no key be stored
  /// by a process that doesn't know the new one; see `Vault.insertion`.
  private func beginGeneration(_ tenant: UUID) async throws(VaultError) {
    let schema = vault.schema
    try await vault.transaction(tenant) { transaction in
      let lock: SQL = "SELECT 1 FROM \(schema).tenant_key WHERE tenant_id = \(tenant) FOR UPDATE"
      let results = try await transaction.query(
        all: [lock] + vault.tenantFetch(tenant) + [
          """
          SELECT max(generation) AS newest FROM \(schema).wrapping_key
          WHERE tenant_id = \(tenant)
          """,
          leftBehind(tenant),
        ])
      _ = try vault.tenantKeys(Array(results[1...2]), tenant)
      let newest: Int? = try results[3][0].get("newest")
      let open = try results[4][0].get("open", as: Bool.self)
      let retired = try results[2].allSatisfy { try $0.get("generation", as: Int.self) == newest }
      if newest != nil, open || !retired { return }
      let generation = (newest ?? 0) + 1
      let wrapped = try vault.wrap(
        .generate(), vault.wrapping("wrapping key", tenant, generation: generation))
      try await transaction.query(
        """
        INSERT INTO \(schema).wrapping_key (tenant_id, generation, wrapped_key, master_id)
        VALUES (\(tenant), \(generation), \(wrapped), \(vault.masters.current.id))
        """)
    }
  }

  private func leftBehind(_ tenant: UUID) -> SQL {
    """
    SELECT EXISTS (
      SELECT FROM \(vault.schema).person_key p WHERE p.tenant_id = \(tenant)
        AND p.wrapped_key IS NOT NULL AND p.generation IS DISTINCT FROM (
          SELECT max(w.generation) FROM \(vault.schema).wrapping_key w
          WHERE w.tenant_id = \(tenant))) AS open
    """
  }

  private func rewrapPersons(_ tenant: UUID) async throws(VaultError) -> Int {
    let schema = vault.schema
    return try await vault.transaction(tenant) { transaction in
      let results = try await transaction.query(
        all: vault.tenantFetch(tenant) + [
          """
          SELECT p.person_ref, p.wrapped_key, p.generation FROM \(schema).person_key p
          WHERE p.tenant_id = \(tenant) AND p.wrapped_key IS NOT NULL
            AND p.generation IS DISTINCT FROM (
              SELECT max(w.generation) FROM \(schema).wrapping_key w
              WHERE w.tenant_id = \(tenant))
          LIMIT \(KeyRotation.personsAtOnce) FOR UPDATE OF p
          """
        ])
      let keys = try vault.tenantKeys(Array(results[0...1]), tenant)
      guard !results[2].isEmpty else { return 0 }
      var (references, wrapped): ([[UInt8]], [[UInt8]]) = ([], [])
      for row in results[2] {
        let reference: [UInt8] = try row.get("person_ref")
        let old = TenantKeys.Wrapped(
          bytes: try row.get("wrapped_key"), generation: try row.get("generation"))
        do throws(CryptographyError) {
          wrapped.append(try keys.rewrap(old, reference).bytes)
        } catch {
          throw VaultError.corrupt("a key in \(schema)")
        }
        references.append(reference)
      }
      try await transaction.query(
        """
        UPDATE \(schema).person_key p
        SET wrapped_key = new.wrapped_key, generation = \(keys.generation)
        FROM unnest(\(references), \(wrapped)) AS new (person_ref, wrapped_key)
        WHERE p.tenant_id = \(tenant) AND p.person_ref = new.person_ref
        """)
      return references.count
    }
  }

  /// Nothing is under the older ones by now, or the foreign key refuses.
  private func retireGenerations(_ tenant: UUID) async throws(VaultError) {
    _ = try await vault.store(
      tenant,
      """
      UPDATE \(vault.schema).person_key SET generation = NULL
      WHERE tenant_id = \(tenant) AND wrapped_key IS NULL AND generation IS NOT NULL
      """,
      """
      DELETE FROM \(vault.schema).wrapping_key w WHERE w.tenant_id = \(tenant)
        AND w.generation < (SELECT max(n.generation) FROM \(vault.schema).wrapping_key n
          WHERE n.tenant_id = \(tenant))
      """)
  }

  // MARK: Counting

  private func inventory(of tenant: UUID) async throws(VaultError) -> Inventory {
    let schema = vault.schema
    return try await vault.transaction(tenant) { transaction in
      let results = try await transaction.query(all: [
        """
        SELECT under.master_id, count(*) AS keys FROM (
          SELECT master_id FROM \(schema).tenant_key
          WHERE tenant_id = \(tenant) AND wrapped_key IS NOT NULL
          UNION ALL SELECT master_id FROM \(schema).wrapping_key
          WHERE tenant_id = \(tenant) AND wrapped_key IS NOT NULL
          UNION ALL SELECT master_id FROM \(schema).platform_secret
          WHERE tenant_id = \(tenant)) AS under
        GROUP BY under.master_id
        """,
        """
        SELECT generation, count(*) AS keys FROM \(schema).person_key
        WHERE tenant_id = \(tenant) AND wrapped_key IS NOT NULL GROUP BY generation
        """,
        """
        SELECT count(*) AS keys FROM \(schema).person_key
        WHERE tenant_id = \(tenant) AND wrapped_key IS NULL
        """,
      ])
      var found = Inventory()
      for row in results[0] {
        found.masters[try row.get("master_id", as: String?.self)] = try row.get("keys")
      }
      for row in results[1] {
        found.generations[try row.get("generation", as: Int?.self)] = try row.get("keys")
      }
      found.destroyed = try results[2][0].get("keys")
      return found
    }
  }
}
