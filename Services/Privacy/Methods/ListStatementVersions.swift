import Access
import Launch
import RPC
import Schemas
import Storage
import SwiftProtobuf

extension PrivacyService {
  func listStatementVersions(
    _ request: PrivacyListStatementVersionsRequest, _ call: Call
  ) async throws -> PrivacyListStatementVersionsResponse {
    let tenant = try call.tenant(ofStatement: request.organisationID)
    let rows = try await database.transaction(call.mandate(tenant)) {
      try await StatementStore.list(in: $0)
    }
    return .with { $0.versions = rows.map(\.message) }
  }
}
