import Access
import FoundationEssentials
import Launch
import Postgres
import RPC
import Schemas
import Storage
import SwiftProtobuf

extension IdentityService {
  func confirmFactor(
    _ request: IdentityConfirmFactorRequest, _ call: Call
  ) async throws -> IdentityConfirmFactorResponse {
    let resumed = try await resume(request.challenge, call)
    let (account, tenant) = (resumed.account, resumed.account.tenant)
    guard !account.row.hasSecondFactor else { throw IdentityError.factorNeeded }
    let setup = try await provedSetup(of: account.person.id, tenant, code: request.code, call)
    do {
      try await confirm(setup, request, resumed, call)
    } catch let error as PostgresError {
      // Another sign-in was faster with an app of its own.
      guard error.violatedConstraint == "totp_confirmed" else { throw error }
      throw IdentityError.factorNeeded
    }
    outbox.ring()
    // As it stands now, with the factor.
    let confirmed = try await resume(request.challenge, call)
    let answer = try await proceed(
      confirmed.account, confirmed.signIn, challenge: confirmed.challenge, using: nil, call)
    return .with {
      $0.recoveryCodes = IdentityRecoveryCodes(setup.codes)
      $0.signIn = answer
    }
  }

  /// Sessions that began without the factor end, as with any other change of how somebody proves
  /// who they are.
  private func confirm(
    _ setup: ProvedSetup, _ request: IdentityConfirmFactorRequest, _ resumed: ResumedSignIn,
    _ call: Call
  ) async throws {
    let (tenant, person, time) = (resumed.account.tenant, setup.person, now())
    let addressee = try await addressee(resumed.account.person, of: tenant, call)
    let origin = try await origin(of: call, in: tenant).proved(by: person)
    try await database.transaction(call.mandate(tenant)) { transaction in
      try await transaction.confirm(setup, replacing: false, at: time)
      let given = try await transaction.query(
        .signInGiveFactor(
          tenant, resumed.signIn.id, remembersDevice: request.rememberDevice, at: time))
      // The password, which the challenge stands for, was changed in this moment.
      guard given.affected == 1 else { throw IdentityError.challengeUnknown }
      try await transaction.query(
        all: [.signInDeleteAll(tenant, of: person, except: resumed.signIn.id)]
          + post(.factorAdded, to: addressee, of: tenant, at: time))
      try transaction.record(SecurityEvent(.factorAdded, about: person), by: origin, at: time)
      try await sessions.end(of: person, .factorChanged, at: time, in: transaction)
    }
  }
}
