import Access
import Schemas

extension IdentityService {
  func suspendPerson(
    _ request: IdentitySuspendPersonRequest, _ call: Call
  ) async throws -> IdentityPerson {
    try await changeRights(request.personID, call) { change in
      guard !change.account.standing.isSuspended else { return }
      // Whoever watches over the organisation's dealing with personal data is not put aside by it.
      guard !change.account.rights.held(from: change.today).contains(.privacyOfficer) else {
        throw IdentityError.authorisedPersonProtected
      }
      try await change.query(
        .personSuspend(change.tenant, change.person, at: change.time))
      try await change.requireAdministrator()
      try change.record(.suspended)
      try await endSessions(change)
    }
  }
}
