import Access
import Cryptography
import Foundation
import Launch
import RPC
import Schemas
import Storage
import SwiftProtobuf

/// Consents, freezes and instructions. One file per group of methods in Methods/.
struct ConsentService: ConsentServiceHandler {
  let database: Database
  let vault: Vault
  let pages: PageTokens
  /// Knows the organisation's people.
  let persons: PersonDeskServiceClient
  /// Receipts are signed as archives are.
  let signingKey: ArchiveSigningKey
  let now: @Sendable () -> Date
}

extension ConsentError: PublicError {
  var status: RPCError {
    switch self {
    case .purposeMissing: .invalid("purpose", "is missing, or none of this service's catalogue")
    case .reasonMissing:
      .invalid("reason", "is missing; give OBJECTION, WITHDRAWAL or RESTRICTION")
    case .nothingNamed: .invalid("purposes", "must name at least one purpose")
    case .cannotStop(let purpose):
      .failedPrecondition(
        "the purpose \"\(purpose.rawValue)\" cannot be stopped: the service itself or a legal duty"
          + " needs it")
    case .needsNoConsent(let purpose):
      .failedPrecondition(
        "the purpose \"\(purpose.rawValue)\" does not rest on consent, and was not withdrawn from")
    case .citizenNumber(let field): EntryError.citizenNumber(field: field).status
    case .badReference:
      .invalid(
        "reference",
        "must have 1 to \(PurposeInstruction.referenceLimit) characters on one line")
    case .freezeAbsent: .notFound("freeze not found")
    case .personAbsent: .notFound("person not found")
    }
  }
}

extension Purpose {
  init(_ purpose: PrivacyPurpose) throws(ConsentError) {
    guard let known = Self.allCases.first(where: { $0.message == purpose }) else {
      throw .purposeMissing
    }
    self = known
  }

  /// One that can be stopped.
  init(stopping purpose: PrivacyPurpose) throws(ConsentError) {
    try self.init(purpose)
    guard canBeStopped else { throw .cannotStop(self) }
  }

  var message: PrivacyPurpose {
    switch self {
    case .enrolment: .enrolment
    case .contract: .contract
    case .signIn: .signIn
    case .feedback: .feedback
    case .development: .development
    case .information: .information
    case .privacyRequests: .privacyRequests
    case .operations: .operations
    case .publishing: .publishing
    case .reporting: .reporting
    }
  }
}

extension FreezeReason {
  init(_ reason: PrivacyFreezeReason) throws(ConsentError) {
    guard let known = Self.allCases.first(where: { $0.message == reason }) else {
      throw .reasonMissing
    }
    self = known
  }

  var message: PrivacyFreezeReason {
    switch self {
    case .objection: .objection
    case .withdrawal: .withdrawal
    case .restriction: .restriction
    }
  }
}

extension PurposeFreeze {
  var message: PrivacyFreeze {
    .with {
      $0.freezeID = id.canonical
      $0.personID = person.canonical
      $0.purpose = purpose.message
      $0.reason = reason.message
      $0.frozenAt = Google_Protobuf_Timestamp(date: frozenAt)
      $0.frozenBy = frozenBy?.canonical ?? ""
      if let releasedAt { $0.releasedAt = Google_Protobuf_Timestamp(date: releasedAt) }
      $0.releasedBy = releasedBy?.canonical ?? ""
      $0.requestID = request?.canonical ?? ""
    }
  }
}

extension ConsentReceipt {
  var message: PrivacyConsentReceipt {
    .with {
      $0.receiptID = id.canonical
      $0.purpose = purpose.message
      $0.act = act == .given ? .given : .withdrawn
      $0.at = Google_Protobuf_Timestamp(date: at)
      $0.statementVersion = statementVersion ?? 0
      $0.document = document
      $0.signature = Data(signature)
      $0.keyID = keyID
    }
  }
}

extension PurposeStanding {
  var message: PrivacyPurposeStanding {
    .with {
      $0.purpose = purpose.message
      $0.isAllowed = isAllowed
      $0.needsConsent = purpose.needsConsent
      $0.frozen = FreezeReason.allCases.filter(frozen.contains).map(\.message)
      $0.isInstructed = isInstructed
    }
  }
}

extension PurposeInstruction {
  var message: PrivacyInstruction {
    .with {
      $0.purpose = purpose.message
      $0.state = act == .given ? .given : .withdrawn
      $0.reference = reference
      $0.at = Google_Protobuf_Timestamp(date: at)
      $0.decidedBy = decidedBy?.canonical ?? ""
    }
  }
}
