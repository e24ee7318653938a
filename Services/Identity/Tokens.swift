import Access
import Cryptography
import FoundationEssentials
import Launch
import Postgres
import RPC
import Storage

/// An access token as a caller gets it.
struct IssuedToken: Sendable {
  let text: String
  let expiresAt: Date
}

/// A session as a caller gets it.
struct OpenedSession: Sendable {
  let id: UUID
  let token: IssuedToken
  let refresh: RotatingToken
  let expiresAt: Date
  /// Of the device that it was opened on, when that is remembered.
  let deviceToken: RotatingToken?
}

extension IdentityService {
  /// Attempts at a refresh while others change the same session or person.
  static let issueAttempts = 3

  /// Begins a session for somebody who has proved who they are and may have a token. A sign-in on
  /// its way (`isKept`) is used up by it.
  func openSession(
    _ account: Account, _ admission: Admission, _ signIn: SignInRow, isKept: Bool,
    _ device: DeviceUse?, _ call: Call
  ) async throws -> OpenedSession {
    let signer = try await keys.signer()
    let (session, time) = (UUID(), now())
    let (tenant, person) = (account.tenant, account.person.id)
    let refresh = RotatingToken(tenant: tenant)
    let token = try token(
      for: session, of: person, tenant, admission,
      authenticatedAt: signIn.passwordAt, at: time, signer)
    let origin = try await origin(of: call, in: tenant).proved(by: person)
    var events = [SecurityEvent(.signIn, about: person, session: session)]
    var statements = SQL.sessionInsert(
      tenant, session, person, refresh, authenticatedAt: signIn.passwordAt, signIn.proof, at: time)
    let isRemembered = isKept && signIn.remembersDevice && admission.remembersDevices
    let newDevice = isRemembered ? RotatingToken(tenant: tenant) : nil
    if let newDevice, let policy = admission.policy {
      statements += SQL.deviceInsert(
        tenant, UUID(), of: person, newDevice, at: time,
        expiresAt: DeviceRules.end(from: time, policy))
      events.append(SecurityEvent(.deviceRemembered, about: person))
      statements += try post(
        .deviceRemembered, to: try await addressee(account.person, of: tenant, call), of: tenant,
        at: time)
    }
    events += device?.events(about: person) ?? []
    statements += events.map { .securityEvent(tenant, $0, by: origin, at: time) }
    var requirements = device?.requirements ?? []
    if isKept {
      requirements.append(
        Requirement(statement: .signInDelete(tenant, signIn.id), error: .challengeUnknown))
    }
    try await database.transaction(call.mandate(tenant)) { transaction in
      guard try await transaction.heldPolicy() == admission.policy else {
        throw IdentityError.changedMeanwhile
      }
      let current = try await transaction.requireUnchanged(account)
      guard
        SecondFactorRules.admits(signIn.proof, of: current, admission.roles, admission.policy)
      else { throw IdentityError.factorCompulsoryNow }
      try await transaction.write(statements, requiring: requirements)
    }
    if newDevice != nil { outbox.ring() }
    let begun = Session(
      signedInAt: time, authenticatedAt: signIn.passwordAt, lastUsedAt: time, endedAt: nil)
    return OpenedSession(
      id: session, token: token, refresh: refresh,
      expiresAt: begun.expiresAt(settings.sessions.under(admission.policy)),
      deviceToken: newDevice ?? device?.successor)
  }

  func token(
    for session: UUID, of person: UUID, _ tenant: UUID, _ admission: Admission,
    authenticatedAt: Date, at time: Date, _ signer: TokenSigner
  ) throws -> IssuedToken {
    let text = try signer.sign(
      subject: person, tenant: tenant, roles: admission.roles, session: session,
      authenticatedAt: authenticatedAt, statementHash: Hex.encode(admission.statement), now: time,
      lifetime: settings.tokenLifetime)
    return IssuedToken(text: text, expiresAt: time + settings.tokenLifetime / .seconds(1))
  }

  /// A further access token of a session that goes on. `use` writes in the transaction that the
  /// session's row is locked in, so that whoever ends the session or changes its person's rights
  /// meanwhile either waits, and revokes the token, or is read here; and so whoever changes the
  /// organisation's policy. FAILED_PRECONDITION where the rights of now make a factor compulsory
  /// that the session did not begin with.
  func nextToken(
    _ row: SessionRow, of tenant: UUID, authenticated: Bool = false, _ call: Call,
    _ use: (TenantTransaction, Date) async throws -> Void = { _, _ in }
  ) async throws -> IssuedToken {
    let signer = try await keys.signer()
    for _ in 0..<Self.issueAttempts {
      guard let account = try await account(tenant, row.person, call) else {
        throw IdentityError.sessionOver
      }
      let admission = try await admit(account, of: tenant, call)
      let time = now()
      let isCurrent = try await database.transaction(call.mandate(tenant)) { transaction in
        let policy = try await transaction.heldPolicy()
        guard policy == admission.policy else { return false }
        guard row.session.isOpen(at: time, settings.sessions.under(policy)) else {
          throw IdentityError.sessionOver
        }
        let used = try await transaction.query(
          .sessionUse(tenant, row.id, at: time, authenticated: authenticated))
        guard let session = used.first else { throw IdentityError.sessionOver }
        let current = try AccountRow(
          try await transaction.query(all: SQL.accountFetch(tenant, row.person))[...])
        guard let current, current.rights == account.rights, current.standing == account.standing
        else { return false }
        guard
          SecondFactorRules.admits(
            try session.get("second_factor"), of: current, admission.roles, admission.policy)
        else { throw IdentityError.factorCompulsoryNow }
        try await use(transaction, time)
        return true
      }
      guard isCurrent else { continue }
      return try token(
        for: row.id, of: row.person, tenant, admission,
        authenticatedAt: authenticated ? time : row.session.authenticatedAt, at: time, signer)
    }
    throw IdentityError.changedMeanwhile
  }

  func account(_ tenant: UUID, _ person: UUID, _ call: Call) async throws -> AccountRow? {
    let results = try await database.once(
      call.mandate(tenant), all: SQL.accountFetch(tenant, person))
    return try AccountRow(results[...])
  }
}

extension TenantTransaction {
  /// The organisation's policy, which stays so until the end of the transaction; nil for the
  /// platform, which has none. Comes before all locks.
  func heldPolicy() async throws -> OrganisationPolicy? {
    let results = try await query(all: [.policyHold(tenant), .organisationFetch(tenant)])
    return try results[1].first.map(OrganisationRow.init)?.policy
  }

  /// The account of somebody whose password was right a moment ago, as it stands under the lock of
  /// its credential, until the end of the transaction: whoever changes password, rights, standing
  /// or factor at this moment waits, and ends what comes of the sign-in, or was first.
  /// - Throws: `changedMeanwhile` if anything is not as it was read before the password was
  ///   checked; `signInFailed` if the person was erased.
  @discardableResult
  func requireUnchanged(_ account: Account) async throws -> AccountRow {
    let person = account.person.id
    let results = try await query(
      all: [.credentialLock(tenant, person)] + SQL.accountFetch(tenant, person))
    guard let current = try AccountRow(results[1...]) else { throw IdentityError.signInFailed }
    let row = account.row
    guard current.passwordHash == account.passwordHash, current.rights == row.rights,
      current.standing == row.standing, current.hasSecondFactor == row.hasSecondFactor
    else { throw IdentityError.changedMeanwhile }
    return current
  }
}
