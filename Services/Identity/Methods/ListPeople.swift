import Access
import FoundationEssentials
import Launch
import Postgres
import Schemas
import Storage
import SwiftProtobuf

extension IdentityService {
  func listPeople(
    _ request: IdentityListPeopleRequest, _ call: Call
  ) async throws -> IdentityListPeopleResponse {
    let tenant = try call.tenant()
    let mandate = call.mandate(tenant)
    let list = try await pages.list("people", mandate, reader: call.person.subject)
    let page = try list.page(size: request.pageSize, token: request.pageToken)
    let rows = try await database.once(mandate, .personPage(tenant, page))[0]
    let places = try rows.prefix(page.size).map { row in
      PagePosition(at: try row.get("created_at"), id: try row.get("person_id"))
    }
    let people = try await people(places.map(\.id), tenant, call)
    return try .with {
      $0.people = people
      $0.nextPageToken = try list.token(rows.count > page.size ? places.last : nil)
    }
  }
}
