import Access
import Postgres
import Schemas

extension IdentityService {
  func withdrawParentalConsent(
    _ request: IdentityWithdrawParentalConsentRequest, _ call: Call
  ) async throws -> IdentityWithdrawParentalConsentResponse {
    _ = try await changePerson(request.personID, call) { change in
      let withdrawn = try await change.query(
        .parentalConsentWithdraw(change.tenant, change.person, at: change.time))[0]
      guard withdrawn.affected > 0 else { return }
      try change.record(.parentalConsentWithdrawn)
      guard change.account.standing.isUnder16 else { return }
      try await change.requireAdministrator()
      try await endSessions(change)
    }
    return IdentityWithdrawParentalConsentResponse()
  }
}
