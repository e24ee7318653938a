import Access
import RPC
import Schemas
import Storage
import SwiftProtobuf

extension PrivacyService {
  func listRequests(
    _ request: PrivacyListRequestsRequest, _ call: Call
  ) async throws -> PrivacyListRequestsResponse {
    let page = try Page(size: request.pageSize, token: request.pageToken)
    let (requests, next) = try await database.transaction(
      tenant: call.tenant(), deadline: call.rpc.deadline
    ) {
      try await RequestStore.list(page, in: $0)
    }
    return .with {
      $0.requests = requests.map { $0.message([]) }
      $0.nextPageToken = next?.token ?? ""
    }
  }
}
