import Access
import FoundationEssentials
import Launch
import Schemas
import Storage
import SwiftProtobuf

extension IdentityService {
  func listOrganisations(
    _ request: IdentityListOrganisationsRequest, _ call: Call
  ) async throws -> IdentityListOrganisationsResponse {
    let reader = try call.person.subject
    let mandate = call.mandate(.platform)
    let list = try await pages.list("organisations", mandate, reader: reader)
    let page = try list.page(size: request.pageSize, token: request.pageToken)
    let (tenants, next) = try await Directory(database: database).list(page, mandate)
    var organisations: [IdentityOrganisation] = []
    for tenant in tenants {
      // Each in its own organisation: row security shows no two at once.
      let row = try await database.once(call.mandate(tenant), .organisationFetch(tenant))[0].first
      guard let organisation = try row.map(OrganisationRow.init) else { continue }
      organisations.append(IdentityOrganisation(organisation, on: organisation.today(now())))
    }
    return try .with {
      $0.organisations = organisations
      $0.nextPageToken = try list.token(next)
    }
  }
}
