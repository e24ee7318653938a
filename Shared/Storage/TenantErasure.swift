package import FoundationEssentials
package import Postgres

/// The end of one client organisation in a service (clause 29): its rows, then its keys.
///
/// It begins with a tombstone, `tenant_erasure`, from which on the policies of the schema's tables
/// refuse new rows of the organisation. The tables come from the catalogue, so that one of a later
/// migration is not forgotten; rows go some at a time, each time in a transaction of its own with
/// the count of what is gone, so that any number of rows goes and a process can die anywhere.
package struct TenantErasure: Sendable {
  /// Rows of one transaction.
  static let batchLimit = 500
  /// Between two batches, for everything else that the database has to do.
  static let pause: Duration = .milliseconds(2)
  /// Between two looks at transactions that had begun before the tombstone.
  static let quietPause: Duration = .milliseconds(20)

  /// Rows that outlive the organisation, and why.
  package struct Kept: Sendable {
    let table: String
    let isOfPlatform: Bool
    let ground: String

    private init(table: String, isOfPlatform: Bool, because ground: String) {
      (self.table, self.isOfPlatform, self.ground) = (table, isOfPlatform, ground)
    }

    /// Rows of the organisation itself.
    package static func rows(of table: String, because ground: String) -> Kept {
      Kept(table: table, isOfPlatform: false, because: ground)
    }

    /// Rows of the platform that name it in `organisation_id`.
    package static func platformRows(of table: String, because ground: String) -> Kept {
      Kept(table: table, isOfPlatform: true, because: ground)
    }
  }

  package struct Progress: Sendable {
    /// False: time ran out, and there may be more.
    package let isDone: Bool
    /// By all runs so far; tables without a row are left out.
    package let erased: [ErasedRows]
    /// Nil until it is done.
    package let erasedAt: Date?
  }

  /// The tables refer to one another in a circle, so that no row of them can go first.
  struct CircularReferences: Error {
    let tables: [String]
  }

  let database: Database
  let vault: Vault
  let schema: SQLIdentifier
  let kept: [Kept]
  let now: @Sendable () -> Date

  /// `schema`: the service's own, with the table `tenant_erasure`.
  package init(
    database: Database, vault: Vault, schema: String, keeping kept: [Kept] = [],
    now: @escaping @Sendable () -> Date
  ) throws(PostgresError) {
    (self.database, self.vault, self.now) = (database, vault, now)
    self.schema = try SQLIdentifier(schema)
    self.kept =
      kept + [
        .rows(
          of: "tenant_erasure",
          because: "shows that the organisation was erased, and keeps it so (GDPR Art. 5(2))")
      ]
  }

  /// Goes on where an earlier run stopped, until `end`. Again: what is left, as a rule nothing.
  ///
  /// Throws `PostgresError` with the constraint `tenant_erasure_client` for the platform itself.
  package func run(
    _ tenant: UUID, erasure: UUID, orderedBy: OrderedBy, until end: ContinuousClock.Instant
  ) async throws -> Progress {
    try await database.transaction(tenant: tenant) { try await begin(erasure, in: $0) }
    guard try await waitForQuiet(until: end) else { return try await progress(tenant, false) }
    let tables = try await erasableTables()
    for table in tables where !keeps(table, ofPlatform: false) {
      guard try await empty(table, of: tenant, until: end) else {
        return try await progress(tenant, false)
      }
    }
    // After them: what a change of theirs has left in lists of the platform is there by now.
    for table in tables where table.namesOrganisation && !keeps(table, ofPlatform: true) {
      guard try await empty(table, of: tenant, ofPlatform: true, until: end) else {
        return try await progress(tenant, false)
      }
    }
    try await vault.destroyTenant(tenant, orderedBy: orderedBy)
    try await database.once(
      tenant: tenant,
      """
      UPDATE \(schema).tenant_erasure SET erased_at = \(now())
      WHERE tenant_id = \(tenant) AND erased_at IS NULL
      """)
    return try await progress(tenant, true)
  }

  /// Leaves the tombstone, in a transaction of the organisation's; twice is once.
  package func begin(_ erasure: UUID, in transaction: TenantTransaction) async throws {
    try await transaction.query(
      """
      INSERT INTO \(schema).tenant_erasure (tenant_id, erasure_id, begun_at, counts)
      VALUES (\(transaction.tenant), \(erasure), \(now()), '{}')
      ON CONFLICT ON CONSTRAINT tenant_erasure_pkey DO NOTHING
      """)
  }

  // MARK: Steps

  /// Transactions that could not see the tombstone when they looked have ended: whatever they wrote
  /// is there to be deleted. False: not before `end`.
  private func waitForQuiet(until end: ContinuousClock.Instant) async throws -> Bool {
    let row = try await database.once(tenant: .platform, openTransactions)[0].first
    let open: [String] = try row?.get("open") ?? []
    while true {
      let left: Int64 = try await database.once(
        tenant: .platform,
        """
        SELECT count(*) AS open FROM pg_catalog.pg_stat_activity AS a
        WHERE a.pid || ' ' || extract(epoch FROM a.xact_start) = ANY(\(open))
        """)[0][0].get("open")
      if left == 0 { return true }
      guard .now < end else { return false }
      try await Task.sleep(for: Self.quietPause)
    }
  }

  /// Of the role that serves, whatever process they are of; who has none open is not in the list.
  private var openTransactions: SQL {
    """
    SELECT coalesce(array_agg(a.pid || ' ' || extract(epoch FROM a.xact_start)), '{}') AS open
    FROM pg_catalog.pg_stat_activity AS a
    WHERE a.datname = current_database() AND a.usename = current_user
      AND a.pid <> pg_backend_pid() AND a.xact_start IS NOT NULL
    """
  }

  /// False: not before `end`.
  private func empty(
    _ table: Table, of tenant: UUID, ofPlatform: Bool = false, until end: ContinuousClock.Instant
  ) async throws -> Bool {
    while true {
      let deleted = try await database.transaction(
        Mandate(tenant: tenant), repeatable: true
      ) { transaction in
        let rows = ofPlatform ? platformRows(tenant) : rows(tenant)
        let deletion: SQL = """
          DELETE FROM \(schema).\(table.name) WHERE \(rows) AND ctid = ANY(ARRAY(
            SELECT ctid FROM \(schema).\(table.name) WHERE \(rows) LIMIT \(Self.batchLimit)))
          """
        let results = try await transaction.query(
          all: ofPlatform ? SQL.asPlatform([deletion], backTo: tenant) : [deletion])
        let deleted = results[ofPlatform ? 1 : 0].affected
        guard deleted > 0 else { return 0 }
        let label = label(table.name.name, ofPlatform)
        try transaction.queryAtCommit([
          """
          UPDATE \(schema).tenant_erasure SET counts = jsonb_set(counts, ARRAY[\(label)],
            to_jsonb(coalesce((counts ->> \(label))::bigint, 0) + \(Int64(deleted))))
          WHERE tenant_id = \(tenant)
          """
        ])
        return deleted
      }
      if deleted == 0 { return true }
      guard .now < end else { return false }
      try await Task.sleep(for: Self.pause)
    }
  }

  private func progress(_ tenant: UUID, _ isDone: Bool) async throws -> Progress {
    let results = try await database.once(
      tenant: tenant,
      "SELECT erased_at FROM \(schema).tenant_erasure WHERE tenant_id = \(tenant)",
      """
      SELECT counted.key AS label, counted.value::bigint AS rows
      FROM \(schema).tenant_erasure CROSS JOIN LATERAL jsonb_each_text(counts) AS counted
      WHERE tenant_id = \(tenant) ORDER BY counted.key
      """)
    return Progress(
      isDone: isDone,
      erased: try results[1].map {
        ErasedRows(table: try $0.get("label"), rows: Int(try $0.get("rows", as: Int64.self)))
      },
      erasedAt: try results[0].first?.get("erased_at"))
  }

  // MARK: The catalogue

  struct Table: Sendable {
    let name: SQLIdentifier
    let isErasable: Bool
    let namesOrganisation: Bool
    /// Tables that it refers to.
    let parents: [String]
  }

  /// Those that the service may read; without the bookkeeping of migrations.
  func tables() async throws -> [Table] {
    try await database.once(
      tenant: .platform,
      """
      SELECT c.relname::text AS name, has_table_privilege(c.oid, 'DELETE') AS erasable,
        EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid
          AND a.attname = 'organisation_id' AND NOT a.attisdropped) AS names_organisation,
        ARRAY(SELECT DISTINCT d.relname::text FROM pg_catalog.pg_constraint f
          JOIN pg_catalog.pg_class d ON d.oid = f.confrelid
          WHERE f.conrelid = c.oid AND f.contype = 'f' AND d.oid <> c.oid) AS parents
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = \(schema.name) AND c.relkind IN ('r', 'p') AND c.relname <> 'migration'
        AND has_table_privilege(c.oid, 'SELECT')
      ORDER BY c.relname
      """)[0].map {
        Table(
          name: try SQLIdentifier($0.get("name")), isErasable: try $0.get("erasable"),
          namesOrganisation: try $0.get("names_organisation"), parents: try $0.get("parents"))
      }
  }

  /// Each before those that it refers to.
  private func erasableTables() async throws -> [Table] {
    var left = try await tables()
    var ordered: [Table] = []
    while !left.isEmpty {
      let referredTo = Set(left.flatMap(\.parents))
      let free = left.filter { !referredTo.contains($0.name.name) }
      guard !free.isEmpty else { throw CircularReferences(tables: left.map(\.name.name)) }
      ordered += free
      left.removeAll { table in free.contains { $0.name == table.name } }
    }
    return ordered.filter(\.isErasable)
  }

  private func keeps(_ table: Table, ofPlatform: Bool) -> Bool {
    ground(table.name.name, ofPlatform) != nil
  }

  func ground(_ table: String, _ ofPlatform: Bool) -> String? {
    kept.first { $0.table == table && $0.isOfPlatform == ofPlatform }?.ground
  }

  /// As counts and findings name the rows.
  func label(_ table: String, _ ofPlatform: Bool) -> String {
    ofPlatform ? "\(table), of the platform" : table
  }

  func rows(_ tenant: UUID) -> SQL { "tenant_id = \(tenant)" }

  func platformRows(_ tenant: UUID) -> SQL {
    "tenant_id = \(UUID.platform) AND organisation_id = \(tenant)"
  }
}
