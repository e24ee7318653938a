import Access
import Cryptography
import Foundation
import Launch
import RPC
import Schemas
import Storage
import SwiftProtobuf

extension ConsentService {
  func freezePurposes(
    _ request: PrivacyFreezePurposesRequest, _ call: Call
  ) async throws -> PrivacyFreezePurposesResponse {
    let officer = try call.person
    let person = try UUID(field: "person_id", request.personID)
    let reason = try FreezeReason(request.reason)
    let purposes = try PurposeFreeze.purposes(request.purposes.map { try Purpose($0) }, for: reason)
    // As for anybody who never was.
    guard try await persons.has(person, of: officer.tenant, call) else {
      throw ConsentError.personAbsent
    }
    let freezes = try await database.transaction(call.mandate(officer.tenant)) {
      try await ConsentStore.freeze(
        purposes, for: reason, of: person, by: officer.subject, at: now(), in: $0)
    }
    return .with { $0.freezes = freezes.map(\.message) }
  }

  func releaseFreeze(
    _ request: PrivacyReleaseFreezeRequest, _ call: Call
  ) async throws -> PrivacyFreeze {
    let officer = try call.person
    let id = try UUID(field: "freeze_id", request.freezeID)
    return try await database.transaction(call.mandate(officer.tenant)) {
      try await ConsentStore.release(id, by: officer.subject, at: now(), in: $0)
    }.message
  }

  func listFreezes(
    _ request: PrivacyListFreezesRequest, _ call: Call
  ) async throws -> PrivacyListFreezesResponse {
    let mandate = try call.mandate(call.tenant())
    let person =
      request.personID.isEmpty ? nil : try UUID(field: "person_id", request.personID)
    let list = try await pages.list("freezes", mandate, reader: call.person.subject)
    let page = try list.page(size: request.pageSize, token: request.pageToken)
    let (freezes, next) = try await database.transaction(mandate) {
      try await ConsentStore.list(
        page, of: person, onlyInForce: request.onlyInForce, in: $0)
    }
    return try .with {
      $0.freezes = freezes.map(\.message)
      $0.nextPageToken = try list.token(next)
    }
  }
}
