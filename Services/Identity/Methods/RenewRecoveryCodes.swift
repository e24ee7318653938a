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
    let origin = try await origin(of: call, in: tenant)
    let (time, addressee) = (now(), try await addressee(person, of: tenant, call))
    try await database.transaction(call.mandate(tenant)) { transaction in
      // Locked: of two at once the codes of one count, and none without a factor.
      let results = try await transaction.query(all: [
        .credentialLock(tenant, person.id), .totpFetch(tenant, of: person.id),
      ])
      guard !results[1].isEmpty else { throw IdentityError.factorAbsent }
      try transaction.record(
        SecurityEvent(.recoveryCodesRenewed, about: person.id), by: origin, at: time)
      try await transaction.query(
        all: SQL.recoveryCodeReplaceAll(tenant, of: person.id, codes, at: time)
          + post(.recoveryCodesRenewed, to: addressee, of: tenant, at: time))
    }
    outbox.ring()
    return IdentityRecoveryCodes(codes)
  }
}
