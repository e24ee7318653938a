import Access
import Cryptography
import Foundation
import RPC
import Schemas
import Storage
import SwiftProtobuf

extension PrivacyService {
  func publishStatement(
    _ request: PrivacyPublishStatementRequest, _ call: Call
  ) async throws -> PrivacyStatementVersion {
    let tenant = try call.tenant(organisation: request.organisationID)
    let text = try StatementText([UInt8](request.markdown))
    let contact = try StatementContact(request.contact)
    let publisher = try call.person.subject
    _ = try await identity.getOrganisation(
      .with { $0.organisationID = tenant.uuidString.lowercased() }, call.forwarded)
    let row = try await database.transaction(tenant: tenant, deadline: call.rpc.deadline) {
      try await StatementStore.insert(
        text, sha256: Digest.sha256(text.text), contact: contact, publishedBy: publisher,
        at: now(), in: $0)
    }
    return row.message
  }
}

extension StatementRow {
  var message: PrivacyStatementVersion {
    .with {
      $0.version = version
      $0.sha256 = Data(sha256)
      $0.publishedAt = Google_Protobuf_Timestamp(date: publishedAt)
      $0.sizeBytes = UInt32(sizeBytes)
    }
  }
}
