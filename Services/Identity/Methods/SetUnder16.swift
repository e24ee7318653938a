import Access
import Schemas

extension IdentityService {
  func setUnder16(
    _ request: IdentitySetUnder16Request, _ call: Call
  ) async throws -> IdentitySetUnder16Response {
    _ = try await changePerson(request.personID, call) { change in
      guard change.account.standing.isUnder16 != request.under16 else { return }
      try change.record(.under16Set)
      try await change.query(
        .personSetUnder16(change.tenant, change.person, request.under16))
      guard request.under16, !change.account.standing.hasParentalConsent else { return }
      try await change.requireAdministrator()
      try await endSessions(change)
    }
    return IdentitySetUnder16Response()
  }
}
