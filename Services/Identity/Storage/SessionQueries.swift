import FoundationEssentials
import Postgres

/// A session with its person.
struct SessionRow: Sendable {
  let id: UUID
  let person: UUID
  let session: Session

  init(_ row: Row) throws(PostgresError) {
    id = try row.get("session_id")
    person = try row.get("person_id")
    let signedInAt: Date = try row.get("created_at")
    session = Session(
      signedInAt: signedInAt, authenticatedAt: try row.get("authenticated_at"),
      lastUsedAt: try row.get("last_used_at", as: Date?.self) ?? signedInAt,
      endedAt: try row.get("ended_at"))
  }
}

/// A session as its refresh token finds it.
struct RefreshRow: Sendable {
  let session: SessionRow
  let refresh: RefreshState

  init(_ row: Row) throws(PostgresError) {
    session = try SessionRow(row)
    refresh = RefreshState(
      current: try row.get("token_hash"), previous: try row.get("previous_hash"),
      rotatedAt: try row.get("rotated_at"))
  }
}

extension SessionEnd: PostgresValue {}
extension FactorProof: PostgresValue {}

extension SQL {
  /// The session, and the refresh token that it goes on with.
  static func sessionInsert(
    _ tenant: UUID, _ session: UUID, _ person: UUID, _ refresh: RotatingToken,
    authenticatedAt: Date, _ proof: FactorProof?, at time: Date
  ) -> [SQL] {
    [
      """
      INSERT INTO identity.session (
        tenant_id, session_id, person_id, created_at, authenticated_at, last_used_at,
        second_factor)
      VALUES (
        \(tenant), \(session), \(person), \(time), \(authenticatedAt), \(time), \(proof))
      """,
      """
      INSERT INTO identity.refresh_token (
        tenant_id, session_id, family_hash, token_hash, rotated_at)
      VALUES (\(tenant), \(session), \(refresh.familyHash), \(refresh.hash), \(time))
      """,
    ]
  }

  static func sessionFetch(_ tenant: UUID, _ session: UUID, of person: UUID) -> SQL {
    """
    SELECT session_id, person_id, created_at, authenticated_at, last_used_at, ended_at
    FROM identity.session
    WHERE tenant_id = \(tenant) AND session_id = \(session) AND person_id = \(person)
    """
  }

  /// Those of a person without an end, the newest first; whether one is over the domain decides.
  static func sessionFetchAll(
    _ tenant: UUID, of person: UUID, since time: Date, limit: Int
  ) -> SQL {
    """
    SELECT session_id, person_id, created_at, authenticated_at, last_used_at, ended_at
    FROM identity.session
    WHERE tenant_id = \(tenant) AND person_id = \(person) AND ended_at IS NULL
      AND created_at > \(time)
    ORDER BY created_at DESC, session_id LIMIT \(limit)
    """
  }

  /// Gives the row, or none of a session that has ended. Waits for whoever ends it at this
  /// moment: a token is issued before the end, and revoked by it, or not at all.
  static func sessionUse(
    _ tenant: UUID, _ session: UUID, at time: Date, authenticated: Bool = false
  ) -> SQL {
    """
    UPDATE identity.session SET last_used_at = \(time),
      authenticated_at = CASE WHEN \(authenticated) THEN \(time) ELSE authenticated_at END
    WHERE tenant_id = \(tenant) AND session_id = \(session) AND ended_at IS NULL
    RETURNING second_factor
    """
  }

  /// The session in which the factor was set up or removed proves what holds since.
  static func sessionSetFactor(_ tenant: UUID, _ session: UUID, _ proof: FactorProof?) -> SQL {
    """
    UPDATE identity.session SET second_factor = \(proof)
    WHERE tenant_id = \(tenant) AND session_id = \(session)
    """
  }

  /// One session of a person; gives its row if it had not ended before.
  static func sessionEnd(
    _ tenant: UUID, _ session: UUID, of person: UUID, _ reason: SessionEnd, at time: Date
  ) -> SQL {
    """
    UPDATE identity.session SET ended_at = \(time), end_reason = \(reason)
    WHERE tenant_id = \(tenant) AND session_id = \(session) AND person_id = \(person)
      AND ended_at IS NULL
    RETURNING session_id, COALESCE(last_used_at, created_at) AS last_used_at
    """
  }

  /// All of a person but one; gives the rows of those that had not ended before.
  static func sessionEndAll(
    _ tenant: UUID, of person: UUID, except session: UUID?, _ reason: SessionEnd, at time: Date
  ) -> SQL {
    """
    UPDATE identity.session SET ended_at = \(time), end_reason = \(reason)
    WHERE tenant_id = \(tenant) AND person_id = \(person) AND ended_at IS NULL
      AND session_id IS DISTINCT FROM \(session)
    RETURNING session_id, COALESCE(last_used_at, created_at) AS last_used_at
    """
  }

  /// All of a person; no token is issued for them until the end of the transaction.
  static func sessionLockAll(_ tenant: UUID, of person: UUID) -> SQL {
    """
    SELECT session_id, COALESCE(last_used_at, created_at) AS last_used_at
    FROM identity.session
    WHERE tenant_id = \(tenant) AND person_id = \(person)
    ORDER BY session_id FOR UPDATE
    """
  }

  static func refreshFetch(_ tenant: UUID, familyHash: [UInt8]) -> SQL {
    """
    SELECT session.session_id, session.person_id, session.created_at, session.authenticated_at,
      session.last_used_at, session.ended_at,
      refresh_token.token_hash, refresh_token.previous_hash, refresh_token.rotated_at
    FROM identity.refresh_token
    JOIN identity.session ON session.tenant_id = refresh_token.tenant_id
      AND session.session_id = refresh_token.session_id
    WHERE refresh_token.tenant_id = \(tenant) AND refresh_token.family_hash = \(familyHash)
    """
  }

  /// Changes one row, or none if somebody else was faster. `previous`: the token whose answer may
  /// be asked for once more.
  static func refreshRotate(
    _ tenant: UUID, _ session: UUID, from current: [UInt8], to next: [UInt8], previous: [UInt8]?,
    at time: Date
  ) -> SQL {
    """
    UPDATE identity.refresh_token
    SET token_hash = \(next), previous_hash = \(previous), rotated_at = \(time)
    WHERE tenant_id = \(tenant) AND session_id = \(session) AND token_hash = \(current)
    """
  }
}
