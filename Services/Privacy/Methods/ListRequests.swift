import Access
import Launch
import RPC
import Schemas
import Storage
import SwiftProtobuf

extension PrivacyService {
  func listRequests(
    _ request: PrivacyListRequestsRequest, _ call: Call
  ) async throws -> PrivacyListRequestsResponse {
    let mandate = try call.mandate(call.tenant())
    let list = try await pages.list("requests", mandate, reader: call.person.subject)
    let page = try list.page(size: request.pageSize, token: request.pageToken)
    let (requests, next) = try await database.transaction(mandate) {
      try await RequestStore.list(page, in: $0)
    }
    return try .with {
      $0.requests = requests.map { $0.message([]) }
      $0.nextPageToken = try list.token(next)
    }
  }
}
