import Access
import FoundationEssentials
import Launch
import Postgres
import Schemas
import Storage
import SwiftProtobuf

extension IdentityService {
  func listProgrammes(
    _ request: IdentityListProgrammesRequest, _ call: Call
  ) async throws -> IdentityListProgrammesResponse {
    let tenant = try call.tenant()
    let mandate = call.mandate(tenant)
    let list = try await pages.list("programmes", mandate, reader: call.token.subject)
    let page = try list.page(size: request.pageSize, token: request.pageToken)
    let rows = try await database.once(mandate, .programmePage(tenant, page))[0]
    let shown = try rows.prefix(page.size).map { row in
      (
        programme: try Programme(row),
        place: PagePosition(at: try row.get("created_at"), id: try row.get("programme_id"))
      )
    }
    return try .with {
      $0.programmes = shown.map { IdentityProgramme($0.programme) }
      $0.nextPageToken = try list.token(rows.count > page.size ? shown.last?.place : nil)
    }
  }
}
