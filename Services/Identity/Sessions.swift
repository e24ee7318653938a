import Access
import FoundationEssentials
import Postgres
import Storage

/// The end of sessions and of the access tokens that were issued for them, in the transaction of
/// what makes it necessary. Every service refuses the tokens within five seconds of its commit.
///
/// A session begins under the lock of its person's credential (`SQL.credentialLock`), and what
/// concerns all sessions of a person is done under it: whoever signs in at the same moment has a
/// session that is found here, or reads what has changed.
struct Sessions: Sendable {
  /// How far the clocks of processes may be apart, beside what verifiers allow for.
  static let skew: TimeInterval = 60

  /// `tokens.lifetimeSeconds`, seconds.
  let tokenLifetime: TimeInterval

  init(_ settings: IdentitySettings) { tokenLifetime = settings.tokenLifetime / .seconds(1) }

  /// Ends all sessions of a person but one, and says how many there were. `origin`: whoever ends
  /// them for no other reason; what else they end for records itself.
  @discardableResult
  func end(
    of person: UUID, except session: UUID? = nil, _ reason: SessionEnd,
    recordedBy origin: EventOrigin? = nil, at time: Date, in transaction: TenantTransaction
  ) async throws -> Int {
    let ended = try await transaction.underLock(
      of: person, .sessionEndAll(transaction.tenant, of: person, except: session, reason, at: time))
    if let origin, !ended.isEmpty {
      try transaction.record(
        SecurityEvent(.sessionEnded, about: person, occurrences: ended.count), by: origin,
        at: time)
    }
    try revoke(ended, at: time, in: transaction)
    return ended.count
  }

  /// Ends one session of a person; false if it had ended, or is none of theirs.
  @discardableResult
  func end(
    _ session: UUID, of person: UUID, _ reason: SessionEnd, by origin: EventOrigin, at time: Date,
    in transaction: TenantTransaction
  ) async throws -> Bool {
    let ended = try await transaction.query(
      .sessionEnd(transaction.tenant, session, of: person, reason, at: time))
    if !ended.isEmpty {
      let event =
        reason == .refreshTokenReused
        ? SecurityEvent(.refreshTokenReused, .failed, about: person, session: session)
        : SecurityEvent(.sessionEnded, about: person, session: session)
      try transaction.record(event, by: origin, at: time)
    }
    try revoke(ended, at: time, in: transaction)
    return !ended.isEmpty
  }

  /// Has the access tokens of a person replaced that say what holds no longer, as after a change of
  /// roles: their sessions go on, with a refresh. In the transaction of the change, before or after
  /// it: a refresh at the same moment waits, and reads what has become of it.
  func replaceTokens(
    of person: UUID, at time: Date, in transaction: TenantTransaction
  ) async throws {
    let sessions = try await transaction.underLock(
      of: person, .sessionLockAll(transaction.tenant, of: person))
    try revoke(sessions, sessionsGoOn: true, at: time, in: transaction)
  }

  /// The same for everybody in the transaction's organisation.
  func replaceTokensOfOrganisation(at time: Date, in transaction: TenantTransaction) throws {
    try transaction.platformQueryAtCommit(
      SQL.revocationInsert([
        Revocation(.tenant(transaction.tenant), issuedUntil: time, expiresAt: time + validity)
      ]))
  }

  /// Has the tokens refused of a person whose sessions are deleted later in this transaction.
  func revokeTokens(
    of person: UUID, at time: Date, in transaction: TenantTransaction
  ) async throws {
    let sessions = try await transaction.underLock(
      of: person, .sessionLockAll(transaction.tenant, of: person))
    try revoke(sessions, at: time, in: transaction)
  }

  /// How long after its issue a token may be taken by a verifier.
  private var validity: TimeInterval { tokenLifetime + TokenLimits.clockSkew + Self.skew }

  /// Sessions without a token that can be valid still are left out. Of one that goes on the tokens
  /// count no more that were issued so far, by the clock of whoever issued them.
  private func revoke(
    _ sessions: ResultSet, sessionsGoOn: Bool = false, at time: Date,
    in transaction: TenantTransaction
  ) throws {
    let revocations = try sessions.compactMap { row -> Revocation? in
      let lastUsedAt: Date = try row.get("last_used_at")
      guard lastUsedAt > time - validity else { return nil }
      return Revocation(
        .session(try row.get("session_id")), issuedUntil: sessionsGoOn ? lastUsedAt : nil,
        expiresAt: time + validity)
    }
    guard !revocations.isEmpty else { return }
    try transaction.platformQueryAtCommit(SQL.revocationInsert(revocations))
  }
}

extension TenantTransaction {
  fileprivate func underLock(of person: UUID, _ statement: SQL) async throws -> ResultSet {
    try await query(all: [.credentialLock(tenant, person), statement])[1]
  }
}
