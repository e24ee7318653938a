import Access
import Launch
import Schemas
import Storage
import SwiftProtobuf

extension AccessLog {
  func appendAccesses(
    _ request: PrivacyAppendAccessesRequest, _ call: Call
  ) async throws -> PrivacyAppendAccessesResponse {
    let tenant = try call.tenant(organisation: request.organisationID)
    guard request.events.count <= NewAccess.limit else {
      throw AccessLogError.tooManyEvents(limit: NewAccess.limit)
    }
    let accesses = try await seal(try request.events.map { try NewAccess($0) }, of: tenant)
    let appended = try await database.transaction(call.mandate(tenant), repeatable: true) {
      try await AccessLogStore.append(
        accesses, signedWith: signingKey.key, at: now(), in: $0)
    }
    return .with { $0.appended = UInt32(appended) }
  }
}
