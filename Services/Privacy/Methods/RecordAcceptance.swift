import Access
import Cryptography
import Foundation
import Launch
import RPC
import Schemas
import Storage
import SwiftProtobuf

extension StatementDesk {
  func recordAcceptance(
    _ request: PrivacyRecordAcceptanceRequest, _ call: Call
  ) async throws -> PrivacyRecordAcceptanceResponse {
    let tenant = try call.tenant(organisation: request.organisationID)
    let subject = try UUID(field: "subject_id", request.subjectID)
    let kind = try SubjectKind(request.subjectKind)
    let acceptedAt = try await database.transaction(call.mandate(tenant)) { transaction in
      guard let current = try await StatementStore.current(at: now(), in: transaction) else {
        throw StatementError.nonePublished
      }
      guard current.version == request.version,
        constantTimeEqual(current.sha256, [UInt8](request.sha256))
      else { throw StatementError.notCurrent(version: current.version) }
      return try await StatementStore.accept(
        current, by: subject, kind: kind, at: now(), in: transaction)
    }
    return .with {
      $0.version = request.version
      $0.acceptedAt = Google_Protobuf_Timestamp(date: acceptedAt)
    }
  }
}
