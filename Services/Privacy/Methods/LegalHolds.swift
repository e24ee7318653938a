import Access
import Foundation
import Launch
import RPC
import Reactor
import Schemas
import Storage
import SwiftProtobuf

extension RequestDesk {
  func placeHold(
    _ request: PrivacyPlaceHoldRequest, _ call: Call
  ) async throws -> PrivacyLegalHold {
    let (tenant, owner) = (try call.tenant(), try call.person.subject)
    let subject = try UUID(field: "subject_id", request.subjectID)
    try await demandPerson(subject, of: tenant, call)
    let ground = try HoldGround(request.ground)
    guard (1...LegalHold.referenceLimit).contains(request.reference.utf8.count) else {
      throw RequestError.textTooLong(field: "reference", limit: LegalHold.referenceLimit)
    }
    let reference = try RequestDetail.checked(request.reference, named: "reference")
    let (zone, time) = (try await timeZone(of: tenant, call), now())
    let hold = LegalHold(
      id: UUID(), subject: subject, ground: ground, reference: reference, owner: owner,
      placedAt: time, expiresAt: try LegalHold.end(of: request.expiresOn, in: zone, from: time))
    try await database.transaction(call.mandate(tenant)) { transaction in
      try await HoldStore.lock(subject, in: transaction)
      guard try await !HoldStore.isBeingErased(subject, in: transaction) else {
        throw RequestError.erasureBegun
      }
      try await HoldStore.insert(hold, in: transaction)
    }
    return hold.message(at: time)
  }

  func releaseHold(
    _ request: PrivacyReleaseHoldRequest, _ call: Call
  ) async throws -> PrivacyLegalHold {
    let (id, time) = (try UUID(field: "hold_id", request.holdID), now())
    let hold = try await database.transaction(call.mandate(call.tenant())) {
      try await HoldStore.release(id, at: time, in: $0)
    }
    guard let hold else { throw RequestError.holdAbsent }
    bell.ring()
    return hold.message(at: time)
  }

  func listHolds(
    _ request: PrivacyListHoldsRequest, _ call: Call
  ) async throws -> PrivacyListHoldsResponse {
    let mandate = try call.mandate(call.tenant())
    let list = try await pages.list("legal holds", mandate, reader: call.person.subject)
    let page = try list.page(size: request.pageSize, token: request.pageToken)
    let (holds, next) = try await database.transaction(mandate) {
      try await HoldStore.list(page, in: $0)
    }
    let time = now()
    return try .with {
      $0.holds = holds.map { $0.message(at: time) }
      $0.nextPageToken = try list.token(next)
    }
  }
}
