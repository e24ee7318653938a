import Access
import Cryptography
import FoundationEssentials
import Launch
import Postgres
import RPC
import Schemas
import Storage
import SwiftProtobuf

/// A sign-in on its way, and whose it is.
struct ResumedSignIn: Sendable {
  let account: Account
  let signIn: SignInRow
  let challenge: LinkCode
}

/// What lies between the right password and a session: the second factor, then the statement.
extension IdentityService {
  /// The session, or the step that is next. With a step a challenge is answered, by which the
  /// following calls know the sign-in: `challenge`, or a new one. `device`: what stands in for the
  /// factor that `signIn` has been given.
  func proceed(
    _ account: Account, _ signIn: SignInRow, challenge: LinkCode? = nil, using device: DeviceUse?,
    _ call: Call
  ) async throws -> IdentityLoginResponse {
    var admission: Admission?
    do {
      admission = try await admit(account.row, of: account.tenant, call)
    } catch IdentityError.statementNotAccepted {
      // Behind the second factor, which is asked for first.
    } catch let error as IdentityError {
      try await recordFailure(.signIn, of: account.person.id, account.tenant, call)
      throw error
    }
    if signIn.proof == nil {
      if account.row.hasSecondFactor {
        return try await ask(.factor, account, signIn, challenge, device, call)
      }
      let isCompulsory =
        if let admission {
          SecondFactorRules.isCompulsory(for: admission.roles, admission.policy)
        } else {
          try await needsSecondFactor(account.row, of: account.tenant, call)
        }
      if isCompulsory {
        return try await ask(.factorSetup, account, signIn, challenge, device, call)
      }
    }
    guard let admission else {
      return try await ask(.statement, account, signIn, challenge, device, call)
    }
    let session = try await openSession(
      account, admission, signIn, isKept: challenge != nil, device, call)
    return .with {
      $0.deviceToken = session.deviceToken?.text ?? ""
      $0.accessToken = session.token.text
      $0.expiresAt = Google_Protobuf_Timestamp(date: session.token.expiresAt)
      $0.personID = account.person.id.canonical
      $0.sessionID = session.id.canonical
      $0.refreshToken = session.refresh.text
      $0.sessionExpiresAt = Google_Protobuf_Timestamp(date: session.expiresAt)
    }
  }

  /// The sign-in that a challenge stands for; UNAUTHENTICATED for one that is not known or over.
  func resume(_ text: String, _ call: Call) async throws -> ResumedSignIn {
    guard let challenge = LinkCode(text) else { throw IdentityError.challengeUnknown }
    let tenant = challenge.tenant
    let results = try await database.once(
      call.mandate(tenant), .signInFetch(tenant, codeHash: challenge.hash, at: now()))
    guard let signIn = try results[0].first.map(SignInRow.init),
      let row = try await account(tenant, signIn.person, call), let hash = row.passwordHash
    else { throw IdentityError.challengeUnknown }
    return ResumedSignIn(
      account: Account(tenant: tenant, row: row, passwordHash: hash), signIn: signIn,
      challenge: challenge)
  }

  /// Whether somebody has to have a second factor, by the rights that they hold today.
  func needsSecondFactor(
    _ account: AccountRow, of tenant: UUID, _ call: Call
  ) async throws -> Bool {
    guard tenant != .platform else { return false }
    let organisation = try await organisation(tenant, call)
    return SecondFactorRules.isCompulsory(
      for: account.rights.on(organisation.today(now())), organisation.policy)
  }

  private func ask(
    _ step: IdentitySignInStep, _ account: Account, _ signIn: SignInRow, _ known: LinkCode?,
    _ device: DeviceUse?, _ call: Call
  ) async throws -> IdentityLoginResponse {
    let tenant = account.tenant
    var statement: PrivacyPersonalStatement?
    if step == .statement {
      let key = try await vault.person(tenant, account.person.id)
      statement = try await self.statement(
        for: account.person.name(key), account.person.id, of: organisation(tenant, call), call)
    }
    let challenge = known ?? LinkCode.generate(tenant: tenant)
    if known == nil {
      let person = account.person.id
      let origin = try await origin(of: call, in: tenant).proved(by: person)
      let events = [SecurityEvent(.password, about: person)] + (device?.events(about: person) ?? [])
      let statements =
        SQL.signInInsert(tenant, signIn, codeHash: challenge.hash)
        + events.map { .securityEvent(tenant, $0, by: origin, at: now()) }
      try await database.transaction(call.mandate(tenant)) { transaction in
        try await transaction.requireUnchanged(account)
        try await transaction.write(statements, requiring: device?.requirements ?? [])
      }
    }
    return .with {
      $0.challenge.challenge = challenge.text
      $0.challenge.step = step
      $0.challenge.expiresAt = Google_Protobuf_Timestamp(date: signIn.expiresAt)
      if let statement { $0.challenge.statement = statement }
      $0.deviceToken = device?.successor.text ?? ""
    }
  }
}

extension SignInRow {
  /// Of a password that was right just now.
  init(of account: Account, at time: Date, _ proof: FactorProof?) {
    self.init(id: UUID(), person: account.person.id, passwordAt: time, proof)
  }
}
