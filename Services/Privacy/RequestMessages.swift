import Archive
import Cryptography
import Foundation
import RPC
import Schemas
import Storage
import SwiftProtobuf

extension RequestDesk {
  /// With its texts and the signed receipt, which is the same each time; where purposes are stopped
  /// it says from when on each service is known to keep to it.
  func message(_ found: Found, _ tenant: UUID) throws -> PrivacyPrivacyRequest {
    var message = message(found.request, found.steps)
    if let recipient = found.texts[.recipient] { message.recipient = recipient }
    message.texts = RequestTextKind.allCases.compactMap { kind in
      guard let text = found.texts[kind], let shown = PrivacyRequestTextKind(kind) else {
        return nil
      }
      return .with {
        $0.kind = shown
        $0.text = text
      }
    }
    let request = found.request
    let receipt = RequestReceipt(
      requestID: request.id.canonical,
      organisationID: tenant.canonical, kind: request.kind.rawValue,
      receivedAt: request.receivedAt.formatted(.iso8601),
      dueAt: RequestClock.due(receivedAt: request.receivedAt).formatted(.iso8601),
      inForce: request.kind.stopsPurposes ? confirmed(found.steps) : nil)
    message.receipt = Data(
      try SignedDocument.write(receipt, keyID: archiveKey.id, signedWith: archiveKey.key).utf8)
    return message
  }

  private func confirmed(_ steps: [RequestStep]) -> [RequestReceipt.InForce]? {
    let confirmed = steps.filter(\.done).sorted { $0.service < $1.service }.compactMap { step in
      step.updatedAt.map {
        RequestReceipt.InForce(service: step.service, since: $0.formatted(.iso8601))
      }
    }
    return confirmed.isEmpty ? nil : confirmed
  }

  /// As lists show it.
  func message(_ request: PrivacyRequest, _ steps: [RequestStep] = []) -> PrivacyPrivacyRequest {
    .with {
      $0.requestID = request.id.canonical
      $0.kind = PrivacyRequestKind(request.kind)
      $0.state = PrivacyRequestState(request.state)
      $0.subjectID = request.subject?.canonical ?? ""
      $0.receivedAt = Google_Protobuf_Timestamp(date: request.receivedAt)
      $0.dueAt = Google_Protobuf_Timestamp(date: request.dueAt)
      if let date = request.completedAt { $0.completedAt = Google_Protobuf_Timestamp(date: date) }
      $0.steps = steps.map(\.message)
      $0.archiveBytes = UInt64(request.archiveBytes)
      $0.purpose = request.purpose
      $0.recipient = request.recipient
      $0.askedBySubject = request.askedBySubject
      if let ground = request.refusalGround {
        $0.refusalGround = PrivacyRefusalGround(ground)
        $0.authorityLink = authorityLink
      }
      if let date = request.extendedAt { $0.extendedAt = Google_Protobuf_Timestamp(date: date) }
      if let date = request.nextAttemptAt {
        $0.nextAttemptAt = Google_Protobuf_Timestamp(date: date)
      }
      if let date = request.decidedAt { $0.decidedAt = Google_Protobuf_Timestamp(date: date) }
      $0.attention = PrivacyRequestAttention(request.attention(at: now()))
    }
  }
}

extension RequestStep {
  fileprivate var message: PrivacyRequestStep {
    .with {
      $0.service = service
      $0.done = done
      $0.rows = rows.map(\.message)
      $0.found = found.map(\.message)
      $0.problem = problem ?? ""
      if let updatedAt { $0.updatedAt = Google_Protobuf_Timestamp(date: updatedAt) }
    }
  }
}

extension TableCount {
  fileprivate var message: PrivacyTableCount {
    .with {
      $0.table = table
      $0.rows = UInt64(rows)
    }
  }
}

extension LegalHold {
  func message(at time: Date) -> PrivacyLegalHold {
    .with {
      $0.holdID = id.canonical
      $0.subjectID = subject?.canonical ?? ""
      $0.ground =
        switch ground {
        case .dispute: .dispute
        case .audit: .audit
        case .legalDuty: .legalDuty
        }
      $0.reference = reference
      $0.ownerID = owner?.canonical ?? ""
      $0.placedAt = Google_Protobuf_Timestamp(date: placedAt)
      $0.expiresAt = Google_Protobuf_Timestamp(date: expiresAt)
      if let releasedAt { $0.releasedAt = Google_Protobuf_Timestamp(date: releasedAt) }
      $0.inForce = isInForce(at: time)
    }
  }
}

extension HoldGround {
  init(_ ground: PrivacyHoldGround) throws(RequestError) {
    switch ground {
    case .dispute: self = .dispute
    case .audit: self = .audit
    case .legalDuty: self = .legalDuty
    case .unspecified, .UNRECOGNIZED: throw .groundMissing
    }
  }
}

extension RequestKind {
  init(_ kind: PrivacyRequestKind) throws(RequestError) {
    switch kind {
    case .access: self = .access
    case .erasure: self = .erasure
    case .rectification: self = .rectification
    case .portability: self = .portability
    case .objection: self = .objection
    case .withdrawal: self = .withdrawal
    case .restriction: self = .restriction
    case .unspecified, .UNRECOGNIZED: throw .kindMissing
    }
  }
}

extension PrivacyRequestKind {
  fileprivate init(_ kind: RequestKind) {
    switch kind {
    case .access: self = .access
    case .erasure: self = .erasure
    case .rectification: self = .rectification
    case .portability: self = .portability
    case .objection: self = .objection
    case .withdrawal: self = .withdrawal
    case .restriction: self = .restriction
    }
  }
}

extension PrivacyRequestState {
  fileprivate init(_ state: RequestState) {
    switch state {
    case .waitingForAcceptance: self = .waitingForAcceptance
    case .waitingForApproval: self = .waitingForApproval
    case .inHand: self = .inHand
    case .onHold: self = .onHold
    case .running: self = .running
    case .incomplete: self = .incomplete
    case .completed: self = .completed
    case .refused: self = .refused
    case .withdrawn: self = .withdrawn
    }
  }
}

extension PrivacyRequestAttention {
  fileprivate init(_ attention: RequestAttention) {
    switch attention {
    case .none: self = .none
    case .soon: self = .soon
    case .urgent: self = .urgent
    case .overdue: self = .overdue
    }
  }
}

extension PrivacyRequestTextKind {
  /// Nil for what has a field of its own.
  fileprivate init?(_ kind: RequestTextKind) {
    switch kind {
    case .field: self = .field
    case .newValue: self = .newValue
    case .explanation: self = .explanation
    case .refusal: self = .refusal
    case .extension: self = .extension
    case .outcome: self = .outcome
    case .recipient: return nil
    }
  }
}

extension PrivacyRefusalGround {
  fileprivate init(_ ground: RefusalGround) {
    switch ground {
    case .manifestlyUnfounded: self = .manifestlyUnfounded
    case .excessive: self = .excessive
    case .notIdentified: self = .notIdentified
    case .freeExpression: self = .freeExpression
    case .legalObligation: self = .legalObligation
    case .publicHealth: self = .publicHealth
    case .archivingOrResearch: self = .archivingOrResearch
    case .legalClaims: self = .legalClaims
    case .compellingInterest: self = .compellingInterest
    case .rightsOfOthers: self = .rightsOfOthers
    case .notPortable: self = .notPortable
    case .accurate: self = .accurate
    case .noConsent: self = .noConsent
    }
  }
}

extension RefusalGround {
  init(_ ground: PrivacyRefusalGround) throws(RequestError) {
    guard let known = Self.allCases.first(where: { PrivacyRefusalGround($0) == ground }) else {
      throw .groundMissing
    }
    self = known
  }
}
