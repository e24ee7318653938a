import FoundationEssentials
import Postgres
import Storage

extension SupportAccess.State: PostgresValue {}

extension SupportAccess {
  init(_ row: Row) throws(PostgresError) {
    let minutes: Int32 = try row.get("minutes")
    self.init(
      id: try row.get("support_access_id"), reason: try row.get("reason"),
      scopes: try row.get("scopes"), minutes: Int(minutes),
      requestedBy: try row.get("requested_by"), requestedAt: try row.get("requested_at"),
      state: try row.get("state"), decidedBy: try row.get("decided_by"),
      decidedAt: try row.get("decided_at"), endsAt: try row.get("ends_at"),
      lastUsedAt: try row.get("last_used_at"))
  }
}

extension SQL {
  private static let supportAccess: SQL = """
    SELECT support_access_id, reason, scopes, minutes, requested_by, requested_at, state,
      decided_by, decided_at, ends_at, last_used_at
    FROM identity.support_access
    """

  static func supportAccessInsert(_ tenant: UUID, _ access: SupportAccess) -> SQL {
    """
    INSERT INTO identity.support_access (
      tenant_id, support_access_id, reason, scopes, minutes, requested_by, requested_at, state)
    VALUES (
      \(tenant), \(access.id), \(access.reason), \(access.scopes), \(Int32(access.minutes)),
      \(access.requestedBy), \(access.requestedAt), \(access.state))
    """
  }

  static func supportAccessLock(_ tenant: UUID, _ access: UUID) -> SQL {
    """
    \(supportAccess) WHERE tenant_id = \(tenant) AND support_access_id = \(access) FOR UPDATE
    """
  }

  static func supportAccessUpdate(_ tenant: UUID, _ access: SupportAccess) -> SQL {
    """
    UPDATE identity.support_access
    SET state = \(access.state), decided_by = \(access.decidedBy),
      decided_at = \(access.decidedAt), ends_at = \(access.endsAt),
      last_used_at = \(access.lastUsedAt)
    WHERE tenant_id = \(tenant) AND support_access_id = \(access.id)
    """
  }

  /// Those that wait, since `start`, or last.
  static func supportAccessCount(_ tenant: UUID, at time: Date, since start: Date) -> SQL {
    """
    SELECT count(*) AS open FROM identity.support_access
    WHERE tenant_id = \(tenant) AND (
      (state = 'requested' AND requested_at > \(start))
      OR (state = 'approved' AND ends_at > \(time)))
    """
  }

  /// One more than a page holds, if there are as many; the one asked for last first.
  static func supportAccessPage(_ tenant: UUID, _ page: Page) -> SQL {
    let rows: SQL = "\(supportAccess) WHERE tenant_id = \(tenant)"
    let order: SQL = """
      ORDER BY requested_at DESC, support_access_id DESC LIMIT \(page.size + 1)
      """
    guard let after = page.after else { return "\(rows) \(order)" }
    return """
      \(rows) AND (requested_at, support_access_id) < (\(after.date), \(after.id)) \(order)
      """
  }

  /// Says of those whose time has passed that it has.
  static func supportAccessExpire(_ tenant: UUID, at time: Date) -> SQL {
    """
    UPDATE identity.support_access SET state = 'expired'
    WHERE tenant_id = \(tenant) AND (
      (state = 'requested' AND requested_at <= \(time - SupportLimits.patience))
      OR (state = 'approved' AND ends_at <= \(time)))
    """
  }

  /// Who decided was a person of the organisation: the row stays, without them.
  static func supportAccessForget(_ tenant: UUID, _ person: UUID) -> SQL {
    """
    UPDATE identity.support_access SET decided_by = NULL
    WHERE tenant_id = \(tenant) AND decided_by = \(person)
    """
  }
}
