import Access
import Launch
import Schemas
import Storage

extension IdentityService {
  func eraseOrganisation(
    _ request: IdentityEraseOrganisationRequest, _ call: Call
  ) async throws -> IdentityOrganisation {
    let tenant = try call.tenant(organisation: request.organisationID)
    let erasure = OrganisationErasure(database: database, vault: vault, now: now)
    let organisation = try await erasure.run(
      call.mandate(tenant), orderedBy: .person(try call.person.subject))
    return IdentityOrganisation(organisation, on: organisation.today(now()))
  }
}
