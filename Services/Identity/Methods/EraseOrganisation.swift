import Access
import Launch
import RPC
import Schemas
import Storage

extension IdentityService {
  func eraseOrganisation(
    _ request: IdentityEraseOrganisationRequest, _ call: Call
  ) async throws -> IdentityOrganisation {
    let tenant = try call.tenant(organisation: request.organisationID)
    let found = try await organisation(tenant, call)
    try found.contract.requireErasureDue(on: found.today(now()))
    try await database.once(
      call.mandate(.platform),
      .securityEvent(
        .platform, SecurityEvent(.organisationErasureAsked, organisation: tenant),
        by: EventOrigin(actor: .person(try call.person.subject)), at: now()))
    do {
      try await erasure.report(tenant)
    } catch {
      throw RPCError.unavailable(
        "the privacy service cannot be told to begin; try again", cause: error)
    }
    let organisation = try await organisation(tenant, call)
    return IdentityOrganisation(organisation, on: organisation.today(now()))
  }
}
