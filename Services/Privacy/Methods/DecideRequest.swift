import Access
import Cryptography
import Foundation
import Launch
import RPC
import Schemas
import Storage
import SwiftProtobuf

extension RequestDesk {
  func approveRequest(
    _ request: PrivacyApproveRequestRequest, _ call: Call
  ) async throws -> PrivacyPrivacyRequest {
    let (officer, time) = (try call.person.subject, now())
    do {
      return try await change(
        request.requestID, call,
        unless: { changed, transaction in
          guard changed.kind == .erasure, let subject = changed.subject,
            let hold = try await HoldStore.inForce(subject, at: time, in: transaction)
          else { return }
          throw RequestError.onHold(hold.ground, until: hold.expiresAt)
        },
        { try $0.approved(by: officer, at: time) })
    } catch RequestError.sameOfficer {
      guard try await hasAnotherOfficer(than: officer, call) else {
        throw RequestError.secondOfficerMissing
      }
      throw RequestError.sameOfficer
    }
  }

  /// Pages of people that are looked through for a second officer.
  private static let peoplePages = 20

  private func hasAnotherOfficer(than officer: UUID, _ call: Call) async throws -> Bool {
    var token = ""
    for _ in 0..<Self.peoplePages {
      let page = try await people.listPeople(
        .with {
          $0.pageSize = 100
          $0.pageToken = token
        }, call.forwarded)
      let isThere = page.people.contains { person in
        person.personID != officer.canonical && !person.suspended
          && person.rights.contains { $0.role == .privacyOfficer }
      }
      if isThere { return true }
      token = page.nextPageToken
      if token.isEmpty { return false }
    }
    return true
  }

  func refuseRequest(
    _ request: PrivacyRefuseRequestRequest, _ call: Call
  ) async throws -> PrivacyPrivacyRequest {
    let (officer, time) = (try call.person.subject, now())
    let text = try RequestDetail.checked(request.explanation, named: "explanation")
    return try await change(
      request.requestID, call, texts: text.isEmpty ? [:] : [.refusal: text],
      unless: { try await RequestFreezes.lift($0, by: officer, at: time, in: $1) },
      { try $0.refused(on: RefusalGround(request.ground), by: officer, at: time) })
  }

  func withdrawRequest(
    _ request: PrivacyWithdrawRequestRequest, _ call: Call
  ) async throws -> PrivacyPrivacyRequest {
    let (officer, time) = (try call.person.subject, now())
    return try await change(
      request.requestID, call,
      unless: { try await RequestFreezes.lift($0, by: officer, at: time, in: $1) },
      { try $0.withdrawn(by: officer, asOfficer: true, at: time) })
  }

  func extendRequest(
    _ request: PrivacyExtendRequestRequest, _ call: Call
  ) async throws -> PrivacyPrivacyRequest {
    _ = try await found(request.requestID, call)
    guard !request.reason.isEmpty else { throw RequestError.textMissing(field: "reason") }
    let text = try RequestDetail.checked(request.reason, named: "reason")
    let (zone, time) = (try await timeZone(of: try call.tenant(), call), now())
    return try await change(request.requestID, call, texts: [.extension: text]) {
      try $0.extended(in: zone, at: time)
    }
  }

  func completeRequest(
    _ request: PrivacyCompleteRequestRequest, _ call: Call
  ) async throws -> PrivacyPrivacyRequest {
    _ = try await found(request.requestID, call)
    guard !request.outcome.isEmpty else { throw RequestError.textMissing(field: "outcome") }
    let text = try RequestDetail.checked(request.outcome, named: "outcome")
    let time = now()
    let step = try await rectify(request.requestID, call)
    return try await change(
      request.requestID, call, texts: [.outcome: text],
      unless: { request, transaction in
        guard let step else { return }
        try await RequestStore.put(step, of: request.id, at: time, in: transaction)
      },
      { try $0.done(at: time) })
  }

  func getErasureCertificate(
    _ request: PrivacyGetErasureCertificateRequest, _ call: Call
  ) async throws -> PrivacyErasureCertificate {
    let found = try await found(request.requestID, call)
    let certificate = try await database.transaction(call.mandate(call.tenant())) {
      try await RequestStore.certificate(of: found.request.id, in: $0)
    }
    guard let certificate else { throw RequestError.certificateAbsent }
    return .with { $0.certificate = Data(certificate.utf8) }
  }
}
