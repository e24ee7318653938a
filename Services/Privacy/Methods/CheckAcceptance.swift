import Access
import Foundation
import Launch
import RPC
import Schemas
import Storage
import SwiftProtobuf

extension StatementDesk {
  func checkAcceptance(
    _ request: PrivacyCheckAcceptanceRequest, _ call: Call
  ) async throws -> PrivacyCheckAcceptanceResponse {
    let tenant = try call.tenant(organisation: request.organisationID)
    let subject = try UUID(field: "subject_id", request.subjectID)
    return try await database.transaction(call.mandate(tenant)) { transaction in
      guard let current = try await StatementStore.current(at: now(), in: transaction) else {
        return PrivacyCheckAcceptanceResponse()
      }
      let accepted = try await StatementStore.isAccepted(
        current.version, by: subject, in: transaction)
      return .with {
        $0.currentVersion = current.version
        $0.currentSha256 = Data(current.sha256)
        $0.accepted = accepted
      }
    }
  }
}
