import Foundation
import Postgres
import Storage

/// An organisation's erasure that this process works at until its lease ends.
struct OrganisationErasureClaim: Sendable {
  var erasure: OrganisationErasure
  let lease: UUID
  /// With the one that is about to be made.
  let attempts: Int
}

/// Erasures of organisations: rows of the platform.
struct OrganisationErasureStore: Sendable {
  let database: Database
  /// Seconds that a process that has taken one may say nothing before another one may take it.
  let lease: TimeInterval

  private static let columns: SQL = """
    organisation_id, erasure_id, state, reported_at, begun_at, completed_at, holds, on_hold_until,
    problem, next_attempt_at, erasure_order, order_key, attempts
    """

  private var platform: UUID { .platform }

  /// Has it looked at from now on, unless somebody is at it. One that was completed begins anew:
  /// who reports it again has forgotten, as after the restore of a backup.
  func report(_ organisation: UUID, at time: Date) async throws(PostgresError) {
    try await database.once(
      tenant: platform,
      """
      DELETE FROM privacy.organisation_erasure WHERE tenant_id = \(platform)
        AND organisation_id = \(organisation) AND state = 'completed'
      """,
      """
      INSERT INTO privacy.organisation_erasure AS known
        (tenant_id, organisation_id, erasure_id, state, reported_at, next_attempt_at)
      VALUES (\(platform), \(organisation), \(UUID()), 'waiting', \(time), \(time))
      ON CONFLICT ON CONSTRAINT organisation_erasure_pkey DO UPDATE
        SET next_attempt_at = excluded.next_attempt_at WHERE known.lease_id IS NULL
      """)
  }

  func claim(at time: Date) async throws -> OrganisationErasureClaim? {
    let id = UUID()
    let row = try await database.once(
      tenant: platform,
      """
      UPDATE privacy.organisation_erasure SET next_attempt_at = \(time + lease), lease_id = \(id),
        attempts = attempts + 1
      WHERE tenant_id = \(platform) AND organisation_id = (
        SELECT organisation_id FROM privacy.organisation_erasure
        WHERE tenant_id = \(platform) AND next_attempt_at <= \(time)
        ORDER BY next_attempt_at LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED)
      RETURNING \(Self.columns)
      """)[0].first
    return try row.map {
      OrganisationErasureClaim(
        erasure: try Self.erasure($0), lease: id,
        attempts: Int(try $0.get("attempts", as: Int32.self)))
    }
  }

  /// False when it is another's by now.
  func renew(_ claim: OrganisationErasureClaim, at time: Date) async throws -> Bool {
    try await database.once(
      tenant: platform,
      """
      UPDATE privacy.organisation_erasure SET next_attempt_at = \(time + lease)
      WHERE \(Self.held(claim))
      """)[0].affected > 0
  }

  /// To be tried again, and why.
  func putOff(
    _ claim: OrganisationErasureClaim, until next: Date, _ problem: String
  ) async throws(PostgresError) {
    try await database.once(
      tenant: platform,
      """
      UPDATE privacy.organisation_erasure SET next_attempt_at = \(next), lease_id = NULL,
        problem = \(problem)
      WHERE \(Self.held(claim))
      """)
  }

  func putOnHold(
    _ claim: OrganisationErasureClaim, _ holds: ErasureHolds, at time: Date
  ) async throws(PostgresError) {
    try await database.once(
      tenant: platform,
      """
      UPDATE privacy.organisation_erasure SET state = 'on_hold', holds = \(Int32(holds.count)),
        on_hold_until = \(holds.until), next_attempt_at = \(holds.nextLook(after: time)),
        attempts = 0, lease_id = NULL, problem = NULL
      WHERE \(Self.held(claim)) AND state IN ('waiting', 'on_hold')
      """)
  }

  /// It is not due any more.
  func drop(_ claim: OrganisationErasureClaim) async throws(PostgresError) {
    try await database.once(
      tenant: platform,
      "DELETE FROM privacy.organisation_erasure WHERE \(Self.held(claim)) AND begun_at IS NULL")
  }

  func put(
    _ step: OrganisationErasureStep, _ claim: OrganisationErasureClaim
  ) async throws(PostgresError) {
    let receipts = step.receipts
    try await database.once(
      tenant: platform,
      """
      INSERT INTO privacy.organisation_erasure_step
        (tenant_id, organisation_id, service, done, rows_erased, rows_kept, erase_receipt,
         scan_receipt, receipt_key)
      SELECT \(platform), organisation_id, \(step.service), \(step.done), \(step.rowsErased),
        \(step.rowsKept), \(receipts.erasure), \(receipts.scan), \(receipts.publicKey)
      FROM privacy.organisation_erasure WHERE \(Self.held(claim))
      ON CONFLICT ON CONSTRAINT organisation_erasure_step_pkey DO UPDATE SET done = excluded.done,
        rows_erased = excluded.rows_erased, rows_kept = excluded.rows_kept,
        erase_receipt = excluded.erase_receipt, scan_receipt = excluded.scan_receipt,
        receipt_key = excluded.receipt_key
      """,
      "UPDATE privacy.organisation_erasure SET attempts = 1 WHERE \(Self.held(claim))")
  }

  /// Ends it; the hold of an operator that has expired goes along.
  func complete(
    _ claim: OrganisationErasureClaim, certificate: String, at time: Date
  ) async throws(PostgresError) {
    try await database.once(
      tenant: platform,
      """
      DELETE FROM privacy.retention_hold WHERE tenant_id = \(platform)
        AND category = \(RetentionRule.organisation.rawValue)
        AND record_id = \(claim.erasure.organisation)
      """,
      """
      UPDATE privacy.organisation_erasure SET state = 'completed', completed_at = \(time),
        certificate = \(certificate), next_attempt_at = NULL, lease_id = NULL, problem = NULL,
        holds = 0, on_hold_until = NULL
      WHERE \(Self.held(claim))
      """)
  }

  private static func held(_ claim: OrganisationErasureClaim) -> SQL {
    """
    tenant_id = \(UUID.platform) AND organisation_id = \(claim.erasure.organisation)
      AND lease_id = \(claim.lease)
    """
  }

  // MARK: Reading

  func fetch(
    _ organisation: UUID
  ) async throws -> (erasure: OrganisationErasure, certificate: String?)? {
    try await database.once(
      tenant: platform,
      """
      SELECT \(Self.columns), certificate FROM privacy.organisation_erasure
      WHERE tenant_id = \(platform) AND organisation_id = \(organisation)
      """)[0].first.map {
        (erasure: try Self.erasure($0), certificate: try $0.get("certificate", as: String?.self))
      }
  }

  func list(
    _ page: Page
  ) async throws -> (erasures: [OrganisationErasure], next: PagePosition?) {
    let (date, id) = (page.after?.date, page.after?.id)
    let found = try await database.once(
      tenant: platform,
      """
      SELECT \(Self.columns) FROM privacy.organisation_erasure
      WHERE tenant_id = \(platform) AND (\(date)::timestamptz IS NULL
        OR (reported_at, organisation_id) < (\(date)::timestamptz, \(id)::uuid))
      ORDER BY reported_at DESC, organisation_id DESC LIMIT \(page.size + 1)
      """)[0].map(Self.erasure)
    let shown = Array(found.prefix(page.size))
    guard found.count > page.size, let last = shown.last else { return (shown, nil) }
    return (shown, PagePosition(at: last.reportedAt, id: last.organisation))
  }

  func steps(
    of organisations: [UUID]
  ) async throws -> [UUID: [OrganisationErasureStep]] {
    let rows = try await database.once(
      tenant: platform,
      """
      SELECT organisation_id, service, done, rows_erased, rows_kept, erase_receipt, scan_receipt,
        receipt_key
      FROM privacy.organisation_erasure_step
      WHERE tenant_id = \(platform) AND organisation_id = ANY(\(organisations))
      ORDER BY organisation_id, service
      """)[0]
    var steps: [UUID: [OrganisationErasureStep]] = [:]
    for row in rows {
      steps[try row.get("organisation_id"), default: []].append(
        OrganisationErasureStep(
          service: try row.get("service"), done: try row.get("done"),
          rowsErased: try row.get("rows_erased"), rowsKept: try row.get("rows_kept"),
          receipts: StepReceipts(
            erasure: try row.get("erase_receipt"), scan: try row.get("scan_receipt"),
            publicKey: try row.get("receipt_key"))))
    }
    return steps
  }

  private static func erasure(_ row: Row) throws -> OrganisationErasure {
    OrganisationErasure(
      organisation: try row.get("organisation_id"), id: try row.get("erasure_id"),
      state: try RequestStore.known(
        OrganisationErasure.State(rawValue: try row.get("state")), "state"),
      reportedAt: try row.get("reported_at"), begunAt: try row.get("begun_at"),
      completedAt: try row.get("completed_at"),
      holds: ErasureHolds(
        count: Int(try row.get("holds", as: Int32.self)), until: try row.get("on_hold_until")),
      problem: try row.get("problem"), nextAttemptAt: try row.get("next_attempt_at"),
      order: try row.get("erasure_order"), orderKey: try row.get("order_key"))
  }
}

// MARK: Holds

extension OrganisationErasureStore {
  /// Whoever begins the erasure of an organisation, and whoever places a hold that would stop it,
  /// takes this first: one of the two comes before the other. Holds on several people do not wait
  /// for one another.
  static func lock(_ organisation: UUID, shared: Bool, in transaction: TenantTransaction)
    async throws
  {
    let name = "ikso.privacy.organisation_erasure \(organisation)"
    try await transaction.query(
      shared
        ? "SELECT pg_advisory_xact_lock_shared(hashtextextended(\(name), 0))"
        : "SELECT pg_advisory_xact_lock(hashtextextended(\(name), 0))")
  }

  /// What stops the erasure of the transaction's organisation.
  static func holds(
    at time: Date, in transaction: TenantTransaction
  ) async throws -> ErasureHolds {
    let organisation = transaction.tenant
    let people = try await transaction.query(
      """
      SELECT count(*) AS holds, max(expires_at) AS until FROM privacy.legal_hold
      WHERE tenant_id = \(organisation) AND subject_id IS NOT NULL
        AND released_at IS NULL AND expires_at > \(time)
      """)
    let whole = try await transaction.platformQuery(
      """
      SELECT count(*) AS holds, max(expires_at) AS until FROM privacy.retention_hold
      WHERE tenant_id = \(UUID.platform) AND record_id = \(organisation)
        AND category = \(RetentionRule.organisation.rawValue) AND expires_at > \(time)
      """)
    return try ErasureHolds(people[0]) + ErasureHolds(whole[0])
  }

  /// Whether its erasure has begun, in a transaction of the platform.
  static func hasBegun(
    _ organisation: UUID, in transaction: TenantTransaction
  ) async throws -> Bool {
    try await !transaction.query(
      """
      SELECT FROM privacy.organisation_erasure WHERE tenant_id = \(UUID.platform)
        AND organisation_id = \(organisation) AND begun_at IS NOT NULL
      """
    ).isEmpty
  }

  /// Writes down that it begins, with the tombstone in the same transaction of the organisation's.
  static func begin(
    _ claim: OrganisationErasureClaim, order: String, key: [UInt8], at time: Date,
    in transaction: TenantTransaction
  ) throws(PostgresError) {
    try transaction.platformQueryAtCommit([
      """
      UPDATE privacy.organisation_erasure SET state = 'running', begun_at = \(time),
        erasure_order = \(order), order_key = \(key), holds = 0, on_hold_until = NULL,
        problem = NULL
      WHERE \(held(claim))
      """
    ])
  }
}

extension ErasureHolds {
  fileprivate init(_ row: Row) throws {
    self.init(
      count: Int(try row.get("holds", as: Int64.self)), until: try row.get("until"))
  }
}
