import Access
import Foundation
import Launch
import RPC
import Schemas
import Storage
import SwiftProtobuf

extension PrivacyService {
  func getStatement(
    _ request: PrivacyGetStatementRequest, _ call: Call
  ) async throws -> PrivacyStatement {
    let tenant = try call.tenant(ofStatement: request.organisationID)
    let version = request.version == 0 ? nil : request.version
    let found = try await database.transaction(call.mandate(tenant)) {
      try await StatementStore.fetch(version: version, at: now(), in: $0)
    }
    guard let found else { throw StatementError.versionAbsent }
    return .with {
      $0.version = found.row.message
      $0.contact = found.contact
      $0.markdown = Data(found.markdown.utf8)
    }
  }
}

extension Call {
  /// The organisation that the request names; people and programs may leave out their own.
  func tenant(ofStatement id: String) throws(RPCError) -> UUID {
    switch caller {
    case .person(let token) where id.isEmpty && token.tenant != Token.platformTenant,
      .account(let token) where id.isEmpty:
      return token.tenant
    default: return try tenant(organisation: id)
    }
  }
}
