import Access
import FoundationEssentials
import Launch
import Postgres
import RPC
import Schemas
import Storage
import SwiftProtobuf

extension IdentityService {
  func listSupportAccess(
    _ request: IdentityListSupportAccessRequest, _ call: Call
  ) async throws -> IdentityListSupportAccessResponse {
    let tenant = try call.tenant(ownOr: request.organisationID)
    let mandate = call.mandate(tenant)
    let list = try await pages.list("support access", mandate, reader: call.person.subject)
    let page = try list.page(size: request.pageSize, token: request.pageToken)
    let results = try await database.once(
      mandate, .organisationFetch(tenant), .supportAccessPage(tenant, page))
    guard !results[0].isEmpty else { throw IdentityError.organisationNotFound }
    let rows = results[1]
    let shown = try rows.prefix(page.size).map { try SupportAccess($0) }
    let last = shown.last.map { PagePosition(at: $0.requestedAt, id: $0.id) }
    let time = now()
    return try .with {
      $0.supportAccess = shown.map { IdentitySupportAccess($0, of: tenant, at: time) }
      $0.nextPageToken = try list.token(rows.count > page.size ? last : nil)
    }
  }
}
