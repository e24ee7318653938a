import Access
import Cryptography
import Foundation
import Launch
import RPC
import Reactor
import Schemas
import Storage
import SwiftProtobuf

/// What operators see of erasures of organisations, and where identity reports those that are due.
struct OrganisationErasureDesk: OrganisationErasureServiceHandler,
  OrganisationErasureDeskServiceHandler
{
  let store: OrganisationErasureStore
  let pages: PageTokens
  let bell: Bell
  let now: @Sendable () -> Date

  func listOrganisationErasures(
    _ request: PrivacyListOrganisationErasuresRequest, _ call: Call
  ) async throws -> PrivacyListOrganisationErasuresResponse {
    let list = try await pages.list(
      "organisation erasures", call.mandate(.platform), reader: call.person.subject)
    let page = try list.page(size: request.pageSize, token: request.pageToken)
    let (erasures, next) = try await store.list(page)
    let steps = try await store.steps(of: erasures.map(\.organisation))
    return try .with {
      $0.erasures = erasures.map { PrivacyOrganisationErasure($0, steps[$0.organisation] ?? []) }
      $0.nextPageToken = try list.token(next)
    }
  }

  func getOrganisationErasureCertificate(
    _ request: PrivacyGetOrganisationErasureCertificateRequest, _ call: Call
  ) async throws -> PrivacyGetOrganisationErasureCertificateResponse {
    let organisation = try call.tenant(organisation: request.organisationID)
    guard let certificate = try await store.fetch(organisation)?.certificate else {
      throw RPCError.notFound("the organisation has no completed erasure")
    }
    return .with { $0.certificate = Data(certificate.utf8) }
  }

  func reportDueOrganisation(
    _ request: PrivacyReportDueOrganisationRequest, _ call: Call
  ) async throws -> PrivacyOrganisationErasure {
    let organisation = try call.tenant(organisation: request.organisationID)
    guard organisation != .platform else { throw Call.organisationNotFound }
    try await store.report(organisation, at: now())
    bell.ring()
    guard let erasure = try await store.fetch(organisation)?.erasure else {
      return .with { $0.organisationID = organisation.canonical }
    }
    let steps = try await store.steps(of: [organisation])
    return PrivacyOrganisationErasure(erasure, steps[organisation] ?? [])
  }
}

extension PrivacyOrganisationErasure {
  fileprivate init(_ erasure: OrganisationErasure, _ steps: [OrganisationErasureStep]) {
    self = .with {
      $0.organisationID = erasure.organisation.canonical
      $0.erasureID = erasure.id.canonical
      $0.state = erasure.state.message
      $0.reportedAt = Google_Protobuf_Timestamp(date: erasure.reportedAt)
      if let begun = erasure.begunAt { $0.begunAt = Google_Protobuf_Timestamp(date: begun) }
      if let completed = erasure.completedAt {
        $0.completedAt = Google_Protobuf_Timestamp(date: completed)
      }
      $0.holds = UInt32(erasure.holds.count)
      if let until = erasure.holds.until {
        $0.onHoldUntil = Google_Protobuf_Timestamp(date: until)
      }
      $0.problem = erasure.problem ?? ""
      if let next = erasure.nextAttemptAt {
        $0.nextAttemptAt = Google_Protobuf_Timestamp(date: next)
      }
      $0.steps = steps.map { step in
        .with {
          $0.service = step.service
          $0.done = step.done
          $0.rowsErased = UInt64(step.rowsErased)
          $0.rowsKept = UInt64(step.rowsKept)
        }
      }
    }
  }
}

extension OrganisationErasure.State {
  fileprivate var message: PrivacyOrganisationErasureState {
    switch self {
    case .waiting: .waiting
    case .onHold: .onHold
    case .running: .running
    case .completed: .completed
    }
  }
}
