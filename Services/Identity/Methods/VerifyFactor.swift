import Access
import FoundationEssentials
import Launch
import Postgres
import RPC
import Schemas
import Storage

extension IdentityService {
  func verifyFactor(
    _ request: IdentityVerifyFactorRequest, _ call: Call
  ) async throws -> IdentityLoginResponse {
    let resumed = try await resume(request.challenge, call)
    var signIn = resumed.signIn
    if resumed.account.row.hasSecondFactor, signIn.proof == nil {
      // Whoever needs a recovery code may have lost more than the app: nothing is remembered.
      if case .code = request.factor { signIn.remembersDevice = request.rememberDevice }
      try await give(
        request.factor, ResumedSignIn(
          account: resumed.account, signIn: signIn, challenge: resumed.challenge), call)
      signIn.proof = .given
    }
    return try await proceed(
      resumed.account, signIn, challenge: resumed.challenge, using: nil, call)
  }

  /// A wrong one goes to the log before it is answered.
  private func give(
    _ factor: IdentityVerifyFactorRequest.OneOf_Factor?, _ resumed: ResumedSignIn, _ call: Call
  ) async throws {
    let (tenant, person) = (resumed.account.tenant, resumed.account.person.id)
    let kind: SecurityEvent.Kind = if case .recoveryCode = factor { .recoveryCode } else { .factor }
    do {
      switch factor {
      case .code(let text): try await giveCode(text, resumed, call)
      case .recoveryCode(let text): try await giveRecoveryCode(text, resumed, call)
      case nil: throw IdentityError.factorMissing
      }
    } catch IdentityError.factorRefused {
      try await recordFailure(kind, of: person, tenant, call)
      throw IdentityError.factorRefused
    } catch IdentityError.tooManyAttempts(let seconds) {
      failures.take(
        SignInFailures.Failure(tenant: tenant, account: .person(person), kind: .throttled),
        from: call.source, at: now())
      throw IdentityError.tooManyAttempts(retryAfterSeconds: seconds)
    }
  }

  private func giveCode(_ text: String, _ resumed: ResumedSignIn, _ call: Call) async throws {
    let (tenant, person) = (resumed.account.tenant, resumed.account.person.id)
    let (totp, step) = try await matchCode(text, resumed, call)
    let event = try await securityEvent(
      SecurityEvent(.factor, about: person), of: tenant, by: person, call)
    try await database.transaction(call.mandate(tenant)) { transaction in
      let results = try await transaction.query(all: [
        .totpUse(tenant, totp, step: step),
        .signInGiveFactor(
          tenant, resumed.signIn.id, remembersDevice: resumed.signIn.remembersDevice, at: now()),
        event,
      ])
      // The same code twice at once: one of them counts.
      guard results[0].affected == 1 else { throw IdentityError.factorRefused }
    }
  }

  private func giveRecoveryCode(
    _ text: String, _ resumed: ResumedSignIn, _ call: Call
  ) async throws {
    let (tenant, person) = (resumed.account.tenant, resumed.account.person)
    let counted = try await database.once(
      call.mandate(tenant), .signInAttempt(tenant, resumed.signIn.id))
    guard counted[0].affected == 1 else { throw IdentityError.challengeUnknown }
    guard let code = RecoveryCode(text) else { throw IdentityError.factorRefused }
    let event = try await securityEvent(
      SecurityEvent(.recoveryCode, about: person.id), of: tenant, by: person.id, call)
    let addressee = try await addressee(person, of: tenant, call)
    try await database.transaction(call.mandate(tenant)) { transaction in
      let results = try await transaction.query(all: [
        .recoveryCodeUse(tenant, of: person.id, hash: code.hash, at: now()),
        .signInGiveFactor(tenant, resumed.signIn.id, at: now()),
        .recoveryCodeCount(tenant, of: person.id), event,
      ])
      guard results[0].affected == 1 else { throw IdentityError.factorRefused }
      let left: Int = try results[2][0].get("left_over")
      try transaction.queryAtCommit(
        post(.recoveryCodeUsed(left: left), to: addressee, of: tenant, at: now()))
    }
    outbox.ring()
  }
}
