import Access
import Cryptography
import Foundation
import RPC
import Schemas
import Storage
import SwiftProtobuf

extension PrivacyService {
  static let requestsPerPage = 50
  static let maximumRequestsPerPage = 100

  func listRequests(
    _ request: PrivacyListRequestsRequest, _ call: Call
  ) async throws -> PrivacyListRequestsResponse {
    let size =
      request.pageSize == 0
      ? Self.requestsPerPage : min(Int(request.pageSize), Self.maximumRequestsPerPage)
    let before = try PageToken.read(request.pageToken)
    let found = try await database.transaction(
      tenant: call.tenant(), deadline: call.rpc.deadline
    ) {
      try await RequestStore.list(before: before, limit: size + 1, in: $0)
    }
    return .with {
      $0.requests = found.prefix(size).map { $0.message([]) }
      if found.count > size, let last = found.prefix(size).last {
        $0.nextPageToken = PageToken.write(last.receivedAt, last.id)
      }
    }
  }
}

/// Where a page ended: microseconds since 1970 and the last row's id, opaque to callers.
enum PageToken {
  static func write(_ date: Date, _ id: UUID) -> String {
    let microseconds = Int64((date.timeIntervalSince1970 * 1_000_000).rounded())
    return Base64URL.encode(Array("\(microseconds) \(id.uuidString)".utf8))
  }

  static func read(_ token: String) throws(RequestError) -> (receivedAt: Date, id: UUID)? {
    if token.isEmpty { return nil }
    guard let bytes = try? Base64URL.decode(token) else { throw .badPageToken }
    let parts = String(decoding: bytes, as: UTF8.self).split(separator: " ")
    guard parts.count == 2, let microseconds = Int64(parts[0]),
      let id = UUID(uuidString: String(parts[1]))
    else { throw .badPageToken }
    return (Date(timeIntervalSince1970: Double(microseconds) / 1_000_000), id)
  }
}
