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
    let (codes, confirmation) = try await confirmSetup(
      of: account.person.id, tenant, code: request.code, replacing: false, call)
    let (person, time) = (account.person.id, now())
    let addressee = try await addressee(account.person, of: tenant, call)
    let statements: [SQL] =
      confirmation + (try post(.factorAdded, to: addressee, of: tenant, at: time)) + [
        .signInDeleteAll(tenant, of: person, except: resumed.signIn.id),
        .signInGiveFactor(
          tenant, resumed.signIn.id, remembersDevice: request.rememberDevice, at: now()),
        try await securityEvent(
          SecurityEvent(.factorAdded, about: person), of: tenant, by: person, call),
      ]
    do {
      try await database.once(call.mandate(tenant), all: statements)
    } catch {
      // Another sign-in was faster with an app of its own.
      guard error.violatedConstraint == "totp_confirmed" else { throw error }
      throw IdentityError.factorNeeded
    }
    outbox.ring()
    var signIn = resumed.signIn
    (signIn.hasGivenFactor, signIn.remembersDevice) = (true, request.rememberDevice)
    let answer = try await proceed(
      account, signIn, challenge: resumed.challenge, using: nil, call)
    return .with {
      $0.recoveryCodes = IdentityRecoveryCodes(codes)
      $0.signIn = answer
    }
  }
}
