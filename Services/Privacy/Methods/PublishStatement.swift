import Access
import Cryptography
import Foundation
import Launch
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
    let at = now()
    let validFrom = try StatementValidity.checked(
      request.hasValidFrom ? request.validFrom.boundedDate : nil, now: at)
    let organisation = try await identity.getOrganisation(
      .with { $0.organisationID = tenant.canonical }, call.forwarded)
    let language = try StatementLanguage(request.language, of: organisation)
    let mandate = call.mandate(tenant)
    return try await call.once(request, mandate, answers) { once in
      let keep = once.keep { (row: StatementRow) in row.message }
      return try await database.transaction(mandate) {
        let row = try await StatementStore.insert(
          text, language, sha256: Digest.sha256(text.text), contact: contact,
          publishedBy: publisher, validFrom: validFrom, at: at, in: $0)
        // Whoever comes later sees the first one before anything else.
        if row.version > 1 {
          try NoticeStore.insert(
            [
              Notice(
                kind: .statement, audience: .everyone, version: Int(row.version),
                moment: validFrom, dueAt: at)
            ], in: $0)
        }
        if let keep { try $0.queryAtCommit(keep(row)) }
        return row.message
      }
    }
  }
}

extension Google_Protobuf_Timestamp {
  /// Of a time beyond what a date can hold, the nearest that it can.
  fileprivate var boundedDate: Date {
    let furthest = Date.distantFuture.timeIntervalSince1970
    guard abs(Double(seconds)) < furthest, nanos >= 0, nanos < 1_000_000_000 else {
      return seconds < 0 ? .distantPast : .distantFuture
    }
    return date
  }
}

extension StatementRow {
  var message: PrivacyStatementVersion {
    .with {
      $0.version = version
      $0.sha256 = Data(sha256)
      $0.publishedAt = Google_Protobuf_Timestamp(date: publishedAt)
      $0.sizeBytes = UInt32(sizeBytes)
      $0.validFrom = Google_Protobuf_Timestamp(date: validFrom)
      if let language { $0.language = language.message }
    }
  }
}

extension StatementLanguage {
  /// What is named, else the organisation's.
  fileprivate init(
    _ language: PrivacyStatementLanguage, of organisation: IdentityOrganisation
  ) throws(RPCError) {
    switch language {
    case .dutch: self = .dutch
    case .english: self = .english
    case .unspecified: self = organisation.language == .english ? .english : .dutch
    case .UNRECOGNIZED: throw .invalid("language", "must be DUTCH or ENGLISH, or be left out")
    }
  }

  var message: PrivacyStatementLanguage {
    switch self {
    case .dutch: .dutch
    case .english: .english
    }
  }
}
