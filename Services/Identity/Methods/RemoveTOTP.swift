import Access
import FoundationEssentials
import Launch
import Postgres
import RPC
import Schemas
import Storage

extension IdentityService {
  func removeTotp(
    _ request: IdentityRemoveTOTPRequest, _ call: Call
  ) async throws -> IdentityRemoveTOTPResponse {
    let (tenant, account) = (try call.tenant(), try await ownAccount(call))
    guard account.hasSecondFactor else { throw IdentityError.factorAbsent }
    guard try await !needsSecondFactor(account, of: tenant, call) else {
      throw IdentityError.factorCompulsory
    }
    let person = account.person
    try await changeAccount(
      person, .factorRemoved, .factorRemoved, .factorChanged, call
    ) { transaction in
      // Locked: a shorter password at the same moment waits, and is refused.
      let locked = try await transaction.query(.credentialLock(tenant, person.id))
      guard try locked.first?.get("stands_alone") ?? false else {
        throw IdentityError.passwordTooShortAlone
      }
      try await transaction.query(all: [
        .totpDelete(tenant, of: person.id), .recoveryCodeDelete(tenant, of: person.id),
      ])
    }
    return IdentityRemoveTOTPResponse()
  }
}
