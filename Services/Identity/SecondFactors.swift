import Access
import Cryptography
import FoundationEssentials
import Launch
import Postgres
import RPC
import Schemas
import Storage
import SwiftProtobuf

extension SecondFactorRules {
  /// Whether whoever holds these rights has to have one: the privacy officer always, others by
  /// what their organisation decides.
  static func isCompulsory(for roles: Set<Role>, _ policy: OrganisationPolicy?) -> Bool {
    if roles.contains(.privacyOfficer) { return true }
    return switch policy?.secondFactor {
    case .everybody: true
    case .administrators: roles.contains(.administrator)
    case .optional, nil: false
    }
  }

  /// Whether a session may have a token with these rights: where they make the factor compulsory
  /// the account has one, and the session began with it; the privacy officer's with the factor
  /// itself.
  static func admits(
    _ proof: FactorProof?, of account: AccountRow, _ roles: Set<Role>,
    _ policy: OrganisationPolicy?
  ) -> Bool {
    guard isCompulsory(for: roles, policy) else { return true }
    return switch proof {
    case .given: account.hasSecondFactor
    case .device: account.hasSecondFactor && !roles.contains(.privacyOfficer)
    case nil: false
    }
  }
}

/// An app that is being set up, of which a code was given.
struct ProvedSetup: Sendable {
  let id: UUID
  let person: UUID
  /// Of the code.
  let step: Int64
  /// To show, once.
  let codes: [RecoveryCode]
}

/// What sign-in and settings have in common about second factors.
extension IdentityService {
  /// A secret for an app, which counts once a code of it was seen.
  func beginSetup(
    of person: PersonRow, _ tenant: UUID, _ call: Call
  ) async throws -> IdentityTOTPSetup {
    let name =
      tenant == .platform ? "" : try await organisation(tenant, call).name
    let key = try await vault.person(tenant, person.id)
    let id = UUID()
    let secret = Base32.encode(TOTP.newSecret())
    try await database.once(
      call.mandate(tenant),
      all: SQL.totpInsert(
        tenant, id, of: person.id, try Sealed(secret, row: id, key), at: now()))
    let email = try person.email(key)
    return .with {
      $0.secret = secret
      $0.uri = SecondFactorRules.uri(secret: secret, organisation: name, email: email)
    }
  }

  /// The app that is being set up, if the code is its.
  /// - Throws: `setupNotBegun`, or `codeWrong`.
  func provedSetup(
    of person: UUID, _ tenant: UUID, code: String, _ call: Call
  ) async throws -> ProvedSetup {
    let results = try await database.once(
      call.mandate(tenant), .totpFetchPending(tenant, of: person))
    guard let row = try results[0].first.map(TOTPRow.init) else {
      throw IdentityError.setupNotBegun
    }
    let key = try await vault.person(tenant, person)
    let secret = try Base32.decode(row.secret.open(row: row.id, key))
    guard let digits = SecondFactorRules.digits(code),
      let step = TOTP.match(digits, secret, at: Int64(now().timeIntervalSince1970), after: nil)
    else { throw IdentityError.codeWrong }
    return ProvedSetup(
      id: row.id, person: person, step: step,
      codes: (0..<RecoveryCode.count).map { _ in RecoveryCode.generate() })
  }

  /// The app and the step that a code belongs to, counted as an attempt before it is looked at.
  /// - Throws: `tooManyAttempts` while wrong codes slow further ones down; `factorRefused`.
  func matchCode(
    _ text: String, _ resumed: ResumedSignIn, _ call: Call
  ) async throws -> (totp: UUID, step: Int64) {
    let (tenant, person) = (resumed.account.tenant, resumed.account.person.id)
    guard let digits = SecondFactorRules.digits(text) else { throw IdentityError.factorRefused }
    let results = try await database.once(call.mandate(tenant), .totpFetch(tenant, of: person))
    guard let row = try results[0].first.map(TOTPRow.init) else {
      throw IdentityError.challengeUnknown
    }
    let time = now()
    if let failedAt = row.failedAt {
      let wait = SecondFactorRules.next(after: row.failures, at: failedAt).timeIntervalSince(time)
      if wait > 0 { throw IdentityError.tooManyAttempts(retryAfterSeconds: Int(wait.rounded(.up))) }
    }
    // First the challenge: one that is over slows nobody down.
    let tried = try await database.once(
      call.mandate(tenant), .signInAttempt(tenant, resumed.signIn.id))
    guard tried[0].affected == 1 else { throw IdentityError.challengeUnknown }
    let counted = try await database.once(
      call.mandate(tenant), .totpAttempt(tenant, row.id, failures: row.failures, at: time))
    // Another one was faster: this one was not looked at.
    guard counted[0].affected == 1 else {
      throw IdentityError.tooManyAttempts(retryAfterSeconds: 1)
    }
    let key = try await vault.person(tenant, person)
    let secret = try Base32.decode(row.secret.open(row: row.id, key))
    let seconds = Int64(time.timeIntervalSince1970)
    guard let step = TOTP.match(digits, secret, at: seconds, after: row.lastStep) else {
      throw IdentityError.factorRefused
    }
    return (row.id, step)
  }
}

extension TenantTransaction {
  /// Makes an app count, with its recovery codes, under the lock of the credential: of two at once
  /// the second finds nothing that is being set up.
  /// - Throws: `setupNotBegun`; `PostgresError` for `totp_confirmed` without `replacing`.
  func confirm(_ setup: ProvedSetup, replacing: Bool, at time: Date) async throws {
    let results = try await query(
      all: [.credentialLock(tenant, setup.person)]
        + SQL.totpConfirm(
          tenant, setup.id, of: setup.person, step: setup.step, replacing: replacing, at: time))
    guard results.last?.affected == 1 else { throw IdentityError.setupNotBegun }
    try await query(
      all: SQL.recoveryCodeReplaceAll(tenant, of: setup.person, setup.codes, at: time))
  }
}

extension IdentityRecoveryCodes {
  init(_ codes: [RecoveryCode]) {
    self = .with { $0.codes = codes.map(\.text) }
  }
}
