import Access
import Cryptography
import Foundation
import Launch
import RPC
import Schemas
import Storage
import SwiftProtobuf

extension RegisterDesk {
  func recordLegalDemand(
    _ request: PrivacyRecordLegalDemandRequest, _ call: Call
  ) async throws -> PrivacyLegalDemand {
    let tenant = try await organisation(request.organisationID, call)
    let time = now()
    let demand = LegalDemand(
      id: UUID(), authority: try LegalDemand.authority.check(request.authority),
      legalBasis: try LegalDemand.legalBasis.check(request.legalBasis),
      matter: try LegalDemand.matter.check(request.matter),
      receivedAt: try request.receivedAt.past("received_at", now: time), recordedAt: time)
    let key = try await vault.organisationKey(tenant)
    return try await entry(request, call.mandate(tenant), call) {
      try await LegalDemandStore.insert(demand, key, in: $0)
      return demand.message(tenant)
    }
  }

  func recordDisclosure(
    _ request: PrivacyRecordDisclosureRequest, _ call: Call
  ) async throws -> PrivacyLegalDemand {
    let tenant = try await organisation(request.organisationID, call)
    let id = try UUID(field: "legal_demand_id", request.legalDemandID)
    let time = now()
    let disclosure = LegalDemand.Disclosure(
      disclosed: try LegalDemand.disclosed.check(request.disclosed),
      ground: try LegalDemand.ground.check(request.ground),
      disclosedAt: try request.disclosedAt.past("disclosed_at", now: time), recordedAt: time)
    let key = try await vault.organisationKey(tenant)
    return try await entry(request, call.mandate(tenant), call) { transaction in
      guard var demand = try await LegalDemandStore.fetch(id, key, in: transaction) else {
        throw EntryError.absent("legal demand")
      }
      guard disclosure.disclosedAt >= demand.receivedAt else {
        throw EntryError.outOfTime(
          field: "disclosed_at", expected: "must not be before the demand was received")
      }
      guard demand.disclosures.count < LegalDemand.disclosureLimit else {
        throw EntryError.tooMany("disclosures", limit: LegalDemand.disclosureLimit)
      }
      try await LegalDemandStore.insert(disclosure, for: id, key, in: transaction)
      demand.disclosures.append(disclosure)
      return demand.message(tenant)
    }
  }

  func listLegalDemands(
    _ request: PrivacyListLegalDemandsRequest, _ call: Call
  ) async throws -> PrivacyListLegalDemandsResponse {
    let tenant = try await organisation(request.organisationID, call)
    let mandate = call.mandate(tenant)
    let list = try await pages.list("legal demands", mandate, reader: call.person.subject)
    let page = try list.page(size: request.pageSize, token: request.pageToken)
    let key = try await vault.organisationKey(tenant)
    let (demands, next) = try await database.transaction(mandate) {
      try await LegalDemandStore.list(page, key, in: $0)
    }
    return try .with {
      $0.demands = demands.map { $0.message(tenant) }
      $0.nextPageToken = try list.token(next)
    }
  }
}

extension LegalDemand {
  fileprivate func message(_ tenant: UUID) -> PrivacyLegalDemand {
    .with {
      $0.legalDemandID = id.canonical
      $0.organisationID = tenant.organisationText
      $0.authority = authority
      $0.legalBasis = legalBasis
      $0.matter = matter
      $0.receivedAt = Google_Protobuf_Timestamp(date: receivedAt)
      $0.recordedAt = Google_Protobuf_Timestamp(date: recordedAt)
      $0.disclosures = disclosures.map { disclosure in
        .with {
          $0.disclosed = disclosure.disclosed
          $0.ground = disclosure.ground
          $0.disclosedAt = Google_Protobuf_Timestamp(date: disclosure.disclosedAt)
          $0.recordedAt = Google_Protobuf_Timestamp(date: disclosure.recordedAt)
        }
      }
    }
  }
}
