import Foundation
import RPC
import Schemas
import Storage
import SwiftProtobuf

/// All client organisations that are not erased, as identity lists them.
struct OrganisationList: Sendable {
  let identity: OrganisationDeskServiceClient

  private static let callTime: Duration = .seconds(30)

  /// One after the other, those registered last first, in pages: one that is registered meanwhile
  /// may be left out.
  func forEach(_ body: (UUID) async throws -> Void) async throws {
    var request = IdentityListOrganisationIdsRequest.with { $0.pageSize = UInt32(Page.limit) }
    while true {
      let page = try await identity.listOrganisationIds(
        request, CallOptions(timeout: Self.callTime))
      for id in page.organisationIds {
        guard let organisation = UUID(uuidString: id) else {
          throw RPCError.unknown("identity lists an organisation by no id")
        }
        try await body(organisation)
      }
      guard !page.nextPageToken.isEmpty else { return }
      request.pageToken = page.nextPageToken
    }
  }
}
