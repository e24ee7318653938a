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
    let (account, signIn) = (resumed.account, resumed.signIn)
    if account.row.hasSecondFactor, !signIn.hasGivenFactor {
      switch request.factor {
      case .code(let text): try await giveCode(text, resumed, call)
      case .recoveryCode(let text): try await giveRecoveryCode(text, resumed, call)
      case nil: throw IdentityError.factorMissing
      }
    }
    return try await proceed(
      account, signIn, challenge: resumed.challenge, hasGivenFactor: account.row.hasSecondFactor,
      call)
  }

  private func giveCode(_ text: String, _ resumed: ResumedSignIn, _ call: Call) async throws {
    let tenant = resumed.account.tenant
    let (totp, step) = try await matchCode(text, resumed, call)
    try await database.transaction(call.mandate(tenant)) { transaction in
      let results = try await transaction.query(all: [
        .totpUse(tenant, totp, step: step),
        .signInGiveFactor(tenant, resumed.signIn.id, at: now()),
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
    let left = try await database.transaction(call.mandate(tenant)) { transaction in
      let results = try await transaction.query(all: [
        .recoveryCodeUse(tenant, of: person.id, hash: code.hash, at: now()),
        .signInGiveFactor(tenant, resumed.signIn.id, at: now()),
        .recoveryCodeCount(tenant, of: person.id),
      ])
      guard results[0].affected == 1 else { throw IdentityError.factorRefused }
      return try results[2][0].get("left_over", as: Int.self)
    }
    try await tell(.recoveryCodeUsed(left: left), to: person, of: tenant)
  }
}
