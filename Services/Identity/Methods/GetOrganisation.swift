import Access
import Schemas

extension IdentityService {
  func getOrganisation(
    _ request: IdentityGetOrganisationRequest, _ call: Call
  ) async throws -> IdentityOrganisation {
    let tenant = try call.tenant(organisation: request.organisationID)
    let organisation = try await organisation(tenant, call)
    return IdentityOrganisation(organisation, on: organisation.today(now()))
  }
}
