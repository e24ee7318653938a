import Access
import Foundation
import Launch
import RPC
import Schemas
import Storage
import SwiftProtobuf

extension RequestDesk {
  func createOwnRequest(
    _ request: PrivacyCreateOwnRequestRequest, _ call: Call
  ) async throws -> PrivacyPrivacyRequest {
    let kind = try RequestKind(request.kind)
    let detail = try RequestDetail(for: kind, request.detail)
    let subject = try call.person.subject
    let made = try await make(kind, about: subject, asOfficer: false, detail, call)
    return try await answer(found(made.id.uuidString, call), call)
  }

  func getOwnRequest(
    _ request: PrivacyGetOwnRequestRequest, _ call: Call
  ) async throws -> PrivacyPrivacyRequest {
    try await answer(ownFound(request.requestID, call), call)
  }

  func listOwnRequests(
    _ request: PrivacyListOwnRequestsRequest, _ call: Call
  ) async throws -> PrivacyListOwnRequestsResponse {
    let mandate = try call.mandate(call.tenant())
    let subject = try call.person.subject
    let list = try await pages.list("own requests", mandate, reader: subject)
    let page = try list.page(size: request.pageSize, token: request.pageToken)
    let (found, next) = try await database.transaction(mandate) {
      try await RequestStore.list(page, about: subject, in: $0)
    }
    return try .with {
      $0.requests = found.map { message($0) }
      $0.nextPageToken = try list.token(next)
    }
  }

  func withdrawOwnRequest(
    _ request: PrivacyWithdrawOwnRequestRequest, _ call: Call
  ) async throws -> PrivacyPrivacyRequest {
    let (subject, time) = (try call.person.subject, now())
    _ = try await ownFound(request.requestID, call)
    return try await change(
      request.requestID, call,
      unless: { try await RequestFreezes.lift($0, by: subject, at: time, in: $1) },
      { try $0.withdrawn(by: subject, asOfficer: false, at: time) })
  }
}
