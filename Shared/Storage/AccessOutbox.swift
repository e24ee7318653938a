package import FoundationEssentials
package import Postgres
import Reactor

/// An access to somebody's data, on its way to the organisation's log.
package struct AccessNote: Sendable, Equatable {
  package let id: UUID
  /// Whose data; nil once they are erased.
  package let subject: UUID?
  /// What stands for the subject when they are: of 32 bytes, and nothing leads back from it.
  package let commitment: [UInt8]
  package let occurredAt: Date
  /// What the log keeps of it, as it will; nil once the key of `subject` is destroyed.
  package let detail: [UInt8]?

  package init(
    id: UUID, subject: UUID?, commitment: [UInt8], occurredAt: Date, detail: [UInt8]?
  ) {
    (self.id, self.subject, self.commitment) = (id, subject, commitment)
    (self.occurredAt, self.detail) = (occurredAt, detail)
  }
}

/// Accesses that the log has not got yet: written in the transaction of the access, so that there
/// is none without its entry, and kept until the log has said that it holds them.
///
/// `access_event` holds them, rows of the organisation sealed under the subject's key.
/// `access_event_due`, rows of the platform, tells whose there are.
package struct AccessOutbox: Sendable {
  /// Organisations that one look finds at most, and events of one organisation that are brought at
  /// a time: one organisation's import holds nobody else's up.
  package static let organisationLimit = 100
  package static let batchLimit = 100

  let database: Database
  let vault: Vault
  let schema: SQLIdentifier
  private let bell = Bell(.each)

  package init(database: Database, vault: Vault, schema: String) throws(PostgresError) {
    self.database = database
    self.vault = vault
    self.schema = try SQLIdentifier(schema)
  }

  /// The statements that write `notes` down, each sealed under the key of its subject.
  /// Call `ring` once they are committed.
  package func insert(
    _ notes: [(note: AccessNote, key: SealingKey)], tenant: UUID
  ) throws(SealingError) -> [SQL] {
    guard !notes.isEmpty else { return [] }
    var sealed: [[UInt8]] = []
    sealed.reserveCapacity(notes.count)
    for (note, key) in notes {
      sealed.append(
        try key.seal(
          bytes: note.detail ?? [], table: Self.table, column: Self.column, row: note.id))
    }
    let ids = notes.map(\.note.id)
    let insert: SQL = """
      INSERT INTO \(schema).access_event (
        tenant_id, event_id, subject_id, subject_commitment, occurred_at, sealed_detail)
      SELECT \(tenant), event_id, subject_id, subject_commitment, occurred_at, sealed_detail
      FROM unnest(
        \(ids), \(notes.map(\.note.subject)), \(notes.map(\.note.commitment)),
        \(notes.map(\.note.occurredAt)), \(sealed)
      ) AS new (event_id, subject_id, subject_commitment, occurred_at, sealed_detail)
      """
    let due: SQL = """
      INSERT INTO \(schema).access_event_due (tenant_id, organisation_id, event_id)
      SELECT \(UUID.platform), \(tenant), event_id FROM unnest(\(ids)) AS new (event_id)
      """
    return [insert] + SQL.asPlatform([due], backTo: tenant)
  }

  /// Runs what `insert` gave, in a transaction of its own, and rings.
  package func write(_ statements: [SQL], _ mandate: Mandate) async throws(PostgresError) {
    try await database.once(mandate, all: statements)
    ring()
  }

  /// Tells whoever waits in this process that there is something to bring.
  package func ring() { bell.ring() }

  /// Returns at the next `ring`, at once if there was one meanwhile, or after `interval`.
  package func wait(orFor interval: Duration) async { await bell.wait(orFor: interval) }

  /// Organisations of which there are events, by a look into the index for each.
  package func organisations() async throws -> [UUID] {
    let platform = UUID.platform
    return try await database.once(
      tenant: platform,
      """
      WITH RECURSIVE organisation (id) AS (
        (SELECT organisation_id FROM \(schema).access_event_due
        WHERE tenant_id = \(platform) ORDER BY organisation_id LIMIT 1)
        UNION ALL
        SELECT (
          SELECT next.organisation_id FROM \(schema).access_event_due next
          WHERE next.tenant_id = \(platform) AND next.organisation_id > organisation.id
          ORDER BY next.organisation_id LIMIT 1)
        FROM organisation WHERE organisation.id IS NOT NULL
      )
      SELECT id FROM organisation WHERE id IS NOT NULL LIMIT \(Self.organisationLimit)
      """
    )[0].map { try $0.get("id") }
  }

  /// Some of an organisation, opened; and those of which there is only left that there were any:
  /// the organisation's rows are gone.
  package func fetch(of tenant: UUID) async throws -> (notes: [AccessNote], gone: [UUID]) {
    let platform = UUID.platform
    // First these: whatever is due stands in the organisation's rows as well, committed with it.
    let due: [UUID] = try await database.once(
      tenant: platform,
      """
      SELECT event_id FROM \(schema).access_event_due
      WHERE tenant_id = \(platform) AND organisation_id = \(tenant)
      ORDER BY event_id LIMIT \(Self.batchLimit)
      """
    )[0].map { try $0.get("event_id") }
    let rows = try await database.once(
      tenant: tenant,
      """
      SELECT event_id, subject_id, subject_commitment, occurred_at, sealed_detail
      FROM \(schema).access_event
      WHERE tenant_id = \(tenant) AND event_id = ANY(\(due)) ORDER BY occurred_at, event_id
      """)[0]
    guard !rows.isEmpty else { return ([], due) }
    let subjects = try rows.map { try $0.get("subject_id", as: UUID?.self) }
    let keys = try await vault.keysLeft(of: subjects.compactMap(\.self), tenant)
    let notes = try zip(rows, subjects).map { row, subject in
      let id: UUID = try row.get("event_id")
      let sealed: [UInt8] = try row.get("sealed_detail")
      let detail = try subject.flatMap { keys[$0] }.map {
        try $0.open(bytes: sealed, table: Self.table, column: Self.column, row: id)
      }
      return AccessNote(
        id: id, subject: subject, commitment: try row.get("subject_commitment"),
        occurredAt: try row.get("occurred_at"), detail: detail)
    }
    let found = Set(notes.map(\.id))
    return (notes, due.filter { !found.contains($0) })
  }

  /// What the log holds now, or is gone.
  package func remove(_ ids: [UUID], of tenant: UUID) async throws(PostgresError) {
    let platform = UUID.platform
    let held: SQL = """
      DELETE FROM \(schema).access_event WHERE tenant_id = \(tenant) AND event_id = ANY(\(ids))
      """
    let due: SQL = """
      DELETE FROM \(schema).access_event_due
      WHERE tenant_id = \(platform) AND organisation_id = \(tenant) AND event_id = ANY(\(ids))
      """
    try await database.once(tenant: tenant, all: [held] + SQL.asPlatform([due], backTo: tenant))
  }

  /// Of all organisations.
  package func waiting() async throws -> Int64 {
    let rows = try await database.once(
      tenant: .platform,
      """
      SELECT count(*) AS waiting FROM \(schema).access_event_due
      WHERE tenant_id = \(UUID.platform)
      """)[0]
    return try rows[0].get("waiting")
  }

  static let table = "access_event"
  static let column = "sealed_detail"
}
