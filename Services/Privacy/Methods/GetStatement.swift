import Access
import Foundation
import RPC
import Schemas
import Storage
import SwiftProtobuf

extension PrivacyService {
  func getStatement(
    _ request: PrivacyGetStatementRequest, _ call: Call
  ) async throws -> PrivacyStatement {
    let tenant = try call.tenant(organisation: request.organisationID)
    let version = request.version == 0 ? nil : request.version
    let found = try await database.transaction(tenant: tenant, deadline: call.rpc.deadline) {
      try await StatementStore.fetch(version: version, in: $0)
    }
    guard let found else { throw StatementError.versionAbsent }
    return .with {
      $0.version = found.row.message
      $0.contact = found.contact
      $0.markdown = Data(found.markdown.utf8)
    }
  }
}
