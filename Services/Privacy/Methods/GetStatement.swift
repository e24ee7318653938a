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

extension Call {
  /// The organisation that the request names; a person may leave out their own.
  func tenant(ofStatement id: String) throws(RPCError) -> UUID {
    if id.isEmpty, case .person(let token) = caller, token.tenant != Token.platformTenant {
      return token.tenant
    }
    return try tenant(organisation: id)
  }
}
