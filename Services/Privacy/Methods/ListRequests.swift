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
    let name = request.overdue ? "overdue requests" : "requests"
    let list = try await pages.list(name, mandate, reader: call.person.subject)
    let page = try list.page(size: request.pageSize, token: request.pageToken)
    let time = request.overdue ? now() : nil
    let (found, next) = try await database.transaction(mandate) {
      try await RequestStore.list(page, overdueAt: time, in: $0)
    }
    return try .with {
      $0.requests = found.map { requests.message($0) }
      $0.nextPageToken = try list.token(next)
    }
  }
}
