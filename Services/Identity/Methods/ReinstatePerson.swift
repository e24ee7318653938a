import Access
import Schemas

extension IdentityService {
  func reinstatePerson(
    _ request: IdentityReinstatePersonRequest, _ call: Call
  ) async throws -> IdentityPerson {
    try await changeRights(request.personID, call) { change in
      guard change.account.standing.isSuspended else { return }
      try change.record(.reinstated)
      try await change.query(.personSuspend(change.tenant, change.person, at: nil))
    }
  }
}
