import Foundation
import Postgres
import Storage

/// Legal holds. Whoever places one, and whoever begins an erasure, takes the person's lock first:
/// one of the two comes before the other.
enum HoldStore {
  private static let columns: SQL = """
    SELECT hold_id, subject_id, ground, reference, owner_id, placed_at, expires_at, released_at
    FROM privacy.legal_hold
    """

  static func lock(_ subject: UUID, in transaction: TenantTransaction) async throws {
    let name = "ikso.privacy.hold \(transaction.tenant) \(subject)"
    _ = try await transaction.query(
      "SELECT pg_advisory_xact_lock(hashtextextended(\(name), 0))")
  }

  static func insert(_ hold: LegalHold, in transaction: TenantTransaction) async throws {
    try await OrganisationErasureStore.lock(transaction.tenant, shared: true, in: transaction)
    _ = try await transaction.query(
      """
      INSERT INTO privacy.legal_hold
        (tenant_id, hold_id, subject_id, ground, reference, owner_id, placed_at, expires_at)
      VALUES (\(transaction.tenant), \(hold.id), \(hold.subject), \(hold.ground.rawValue),
        \(hold.reference), \(hold.owner), \(hold.placedAt), \(hold.expiresAt))
      """)
  }

  /// Whether an erasure of the person has begun and is not completed.
  static func isBeingErased(
    _ subject: UUID, in transaction: TenantTransaction
  ) async throws -> Bool {
    try await !transaction.query(
      """
      SELECT request_id FROM privacy.request
      WHERE tenant_id = \(transaction.tenant) AND subject_id = \(subject) AND kind = 'erasure'
        AND begun_at IS NOT NULL AND state IN ('running', 'incomplete') LIMIT 1
      """
    ).isEmpty
  }

  /// The hold that is in force for the longest; nil: none is.
  static func inForce(
    _ subject: UUID, at time: Date, in transaction: TenantTransaction
  ) async throws -> LegalHold? {
    try await transaction.query(
      """
      \(columns)
      WHERE tenant_id = \(transaction.tenant) AND subject_id = \(subject)
        AND released_at IS NULL AND expires_at > \(time)
      ORDER BY expires_at DESC LIMIT 1
      """
    ).first.map(hold)
  }

  /// Ends a hold, and has the erasures that wait for it looked at again; one that was ended before
  /// stays as it is. Nil: there is none.
  static func release(
    _ id: UUID, at time: Date, in transaction: TenantTransaction
  ) async throws -> LegalHold? {
    let tenant = transaction.tenant
    let results = try await transaction.query(all: [
      """
      UPDATE privacy.legal_hold SET released_at = \(time)
      WHERE tenant_id = \(tenant) AND hold_id = \(id) AND released_at IS NULL
      """,
      "\(columns) WHERE tenant_id = \(tenant) AND hold_id = \(id)",
      """
      SELECT request_id FROM privacy.request
      WHERE tenant_id = \(tenant) AND state = 'on_hold' AND subject_id = (
        SELECT subject_id FROM privacy.legal_hold
        WHERE tenant_id = \(tenant) AND hold_id = \(id))
      """,
    ])
    for row in results[2] {
      try RequestQueue.enqueue(row.get("request_id"), at: time, in: transaction)
    }
    return try results[1].first.map(hold)
  }

  static func list(
    _ page: Page, in transaction: TenantTransaction
  ) async throws -> (holds: [LegalHold], next: PagePosition?) {
    let (date, id) = (page.after?.date, page.after?.id)
    let found = try await transaction.query(
      """
      \(columns)
      WHERE tenant_id = \(transaction.tenant)
        AND (\(date)::timestamptz IS NULL
          OR (placed_at, hold_id) < (\(date)::timestamptz, \(id)::uuid))
      ORDER BY placed_at DESC, hold_id DESC LIMIT \(page.size + 1)
      """
    ).map(hold)
    let shown = Array(found.prefix(page.size))
    guard found.count > page.size, let last = shown.last else { return (shown, nil) }
    return (shown, PagePosition(at: last.placedAt, id: last.id))
  }

  static func about(
    _ subject: UUID, in transaction: TenantTransaction
  ) async throws -> [LegalHold] {
    try await transaction.query(
      """
      \(columns) WHERE tenant_id = \(transaction.tenant) AND subject_id = \(subject)
      ORDER BY placed_at
      """
    ).map(hold)
  }

  private static func hold(_ row: Row) throws -> LegalHold {
    let ground: String = try row.get("ground")
    return LegalHold(
      id: try row.get("hold_id"), subject: try row.get("subject_id"),
      ground: try RequestStore.known(HoldGround(rawValue: ground), "ground"),
      reference: try row.get("reference"), owner: try row.get("owner_id"),
      placedAt: try row.get("placed_at"), expiresAt: try row.get("expires_at"),
      releasedAt: try row.get("released_at"))
  }
}
