import Access
import FoundationEssentials
import Launch
import Postgres
import Schemas
import Storage
import SwiftProtobuf

extension IdentityService {
  func listMyProgrammes(
    _ request: IdentityListMyProgrammesRequest, _ call: Call
  ) async throws -> IdentityListMyProgrammesResponse {
    let token = try call.person
    let results = try await database.once(
      call.mandate(token.tenant), .organisationFetch(token.tenant),
      .enrolmentFetch(token.tenant, of: token.subject))
    guard let organisation = try results[0].first.map(OrganisationRow.init) else {
      throw IdentityError.organisationNotFound
    }
    let today = organisation.today(now())
    return try .with { response in
      response.programmes = try results[1].compactMap { row in
        let programme = try Programme(row)
        guard try Enrolment(row).isActive(in: programme, on: today) else { return nil }
        return IdentityProgramme(programme)
      }
    }
  }
}
