import Access
import Cryptography
import FoundationEssentials
import Launch
import RPC
import Schemas
import Storage
import SwiftProtobuf

/// What the privacy service asks of the client organisations.
struct OrganisationDesk: OrganisationDeskServiceHandler {
  let erasure: OrganisationErasure
  let pages: PageTokens

  func listOrganisationIds(
    _ request: IdentityListOrganisationIdsRequest, _ call: Call
  ) async throws -> IdentityListOrganisationIdsResponse {
    let mandate = call.mandate(.platform)
    let list = try await pages.list("organisation ids", mandate, reader: .platform)
    let page = try list.page(size: request.pageSize, token: request.pageToken)
    let (tenants, next) = try await Directory(database: erasure.database).list(page, mandate)
    var living: [UUID] = []
    for tenant in tenants {
      let row = try await erasure.database.once(
        call.mandate(tenant), .organisationFetch(tenant))[0].first
      guard let organisation = try row.map(OrganisationRow.init),
        organisation.contract.erasedAt == nil
      else { continue }
      living.append(tenant)
    }
    return try .with {
      $0.organisationIds = living.map(\.canonical)
      $0.nextPageToken = try list.token(next)
    }
  }

  func orderOrganisationErasure(
    _ request: IdentityOrderOrganisationErasureRequest, _ call: Call
  ) async throws -> IdentityOrderOrganisationErasureResponse {
    let tenant = try call.tenant(organisation: request.organisationID)
    let order = try await erasure.order(
      call.mandate(tenant), erasure: UUID(field: "erasure_id", request.erasureID))
    return .with {
      $0.order = Data(order.utf8)
      $0.publicKey = Data(erasure.signer.publicKey)
    }
  }
}
