import Access
import FoundationEssentials
import Launch
import Postgres
import RPC
import Schemas
import Storage

extension IdentityService {
  /// Sessions go on: whoever has the codes has neither password nor app.
  func renewRecoveryCodes(
    _ request: IdentityRenewRecoveryCodesRequest, _ call: Call
  ) async throws -> IdentityRecoveryCodes {
    let (tenant, account) = (try call.tenant(), try await ownAccount(call))
    guard account.hasSecondFactor else { throw IdentityError.factorAbsent }
    let person = account.person
    let codes = (0..<RecoveryCode.count).map { _ in RecoveryCode.generate() }
    let event = try await securityEvent(
      SecurityEvent(.recoveryCodesRenewed, about: person.id), of: tenant, call)
    let (time, addressee) = (now(), try await addressee(person, of: tenant, call))
    try await database.once(
      call.mandate(tenant),
      all: SQL.recoveryCodeReplaceAll(tenant, of: person.id, codes, at: time) + [event]
        + post(.recoveryCodesRenewed, to: addressee, of: tenant, at: time))
    outbox.ring()
    return IdentityRecoveryCodes(codes)
  }
}
