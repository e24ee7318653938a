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
    let (token, account) = (try call.person, try await ownAccount(call))
    guard account.hasSecondFactor else { throw IdentityError.factorAbsent }
    let (tenant, person) = (token.tenant, account.person)
    try await changeAccount(
      person, .factorRemoved, .factorRemoved, .factorChanged, call
    ) { transaction in
      try await transaction.requireOptionalFactor(of: person.id, at: now())
      try await transaction.query(all: [
        .totpDelete(tenant, of: person.id), .recoveryCodeDelete(tenant, of: person.id),
        .sessionSetFactor(tenant, token.session, nil),
      ])
    }
    return IdentityRemoveTOTPResponse()
  }
}

extension TenantTransaction {
  /// Under the locks of the organisation and the credential: a stricter policy, a further right or
  /// a shorter password at the same moment waits and finds no factor, or was first.
  fileprivate func requireOptionalFactor(of person: UUID, at time: Date) async throws {
    let results = try await query(
      all: [.organisationLock(tenant), .credentialLock(tenant, person)]
        + SQL.accountFetch(tenant, person))
    guard let account = try AccountRow(results[2...]) else { throw IdentityError.accountNotFound }
    guard account.hasSecondFactor else { throw IdentityError.factorAbsent }
    // The platform's own people are of no organisation.
    if let organisation = try results[0].first.map(OrganisationRow.init),
      SecondFactorRules.isCompulsory(
        for: account.rights.on(organisation.today(time)), organisation.policy)
    {
      throw IdentityError.factorCompulsory
    }
    guard try results[1].first?.get("stands_alone") ?? false else {
      throw IdentityError.passwordTooShortAlone
    }
  }
}
