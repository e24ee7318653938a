import Access
import Cryptography
import Foundation
import Launch
import RPC
import Schemas
import Storage
import SwiftProtobuf

extension StatementDesk {
  func renderStatement(
    _ request: PrivacyRenderStatementRequest, _ call: Call
  ) async throws -> PrivacyPersonalStatement {
    let tenant = try call.tenant(organisation: request.organisationID)
    let kind = try SubjectKind(request.subjectKind)
    let subject =
      request.subjectID.isEmpty ? nil : try UUID(field: "subject_id", request.subjectID)
    let at = now()
    let (found, accepted, standings, own) = try await database.transaction(call.mandate(tenant)) {
      (
        try await StatementStore.fetch(version: nil, at: at, in: $0),
        try await lastAccepted(by: subject, at: at, in: $0),
        try await ConsentStore.standings(of: subject, in: $0),
        try await RegistersInForceStore.fetch(at: at, in: $0)
      )
    }
    guard let found else { throw StatementError.nonePublished }
    let platform = try await database.transaction(call.mandate(.platform)) {
      try await RegistersInForceStore.fetch(at: at, in: $0)
    }
    let statement = PersonalStatementText(
      personName: request.personName, organisationName: request.organisationName,
      version: found.row.version, sha256: Hex.encode(found.row.sha256),
      publishedAt: found.row.publishedAt, contact: found.contact,
      kind: kind, standings: standings, registers: platform + own, shownAt: at,
      contacts: contacts, language: found.row.language ?? .english,
      body: found.markdown)
    return .with {
      $0.version = statement.version
      $0.sha256 = Data(found.row.sha256)
      $0.publishedAt = Google_Protobuf_Timestamp(date: statement.publishedAt)
      $0.organisationName = statement.organisationName
      $0.personName = statement.personName
      $0.purposes = statement.purposeTexts
      $0.contact = statement.contact
      $0.markdown = statement.markdown
      $0.language = statement.language.message
      if let accepted {
        $0.acceptedVersion = accepted.row.version
        let changes = StatementChanges(from: accepted.markdown, to: found.markdown)
        if changes != StatementChanges() { $0.changes = changes.message }
      }
    }
  }

  private func lastAccepted(
    by subject: UUID?, at date: Date, in transaction: TenantTransaction
  ) async throws -> (row: StatementRow, markdown: String, contact: String)? {
    guard let subject,
      let version = try await StatementStore.lastAccepted(by: subject, in: transaction)
    else { return nil }
    return try await StatementStore.fetch(version: version, at: date, in: transaction)
  }
}

extension SubjectKind {
  init(_ kind: PrivacySubjectKind) throws(RPCError) {
    switch kind {
    case .participant: self = .participant
    case .guest: self = .guest
    case .unspecified, .UNRECOGNIZED:
      throw .invalid("subject_kind", "is missing; give PARTICIPANT or GUEST")
    }
  }
}
