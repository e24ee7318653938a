import Access
import Cryptography
import Foundation
import Launch
import Postgres
import RPC
import Schemas
import Storage
import SwiftProtobuf

extension RegisterDesk {
  func recordTransfer(
    _ request: PrivacyRecordTransferRequest, _ call: Call
  ) async throws -> PrivacyTransfer {
    let tenant = try await organisation(request.organisationID, call)
    let country = try Country(request.country)
    let time = now()
    let basis = try TransferBasis(request.basis, country: country, at: time)
    guard let basis else {
      throw EntryError.transfer(.withinEconomicArea(country: country.code))
    }
    let recorded = TransferEntry(
      id: UUID(), organisation: tenant,
      recipient: try TransferEntry.recipient.check(request.recipient), country: country.code,
      basis: basis, beginsOn: request.beginsOn, recordedAt: time)
    return try await entry(request, call.mandate(tenant), call) {
      try await TransferStore.insert(recorded, in: $0)
      return recorded.message
    }
  }

  func endTransfer(
    _ request: PrivacyEndTransferRequest, _ call: Call
  ) async throws -> PrivacyTransfer {
    let tenant = try await organisation(request.organisationID, call)
    let id = try UUID(field: "transfer_id", request.transferID)
    let ended = try await database.transaction(call.mandate(tenant)) {
      try await TransferStore.end(id, at: now(), in: $0)
    }
    guard let ended else { throw EntryError.absent("transfer") }
    return ended.message
  }

  func listTransfers(
    _ request: PrivacyListTransfersRequest, _ call: Call
  ) async throws -> PrivacyListTransfersResponse {
    let tenant = try await organisation(request.organisationID, call)
    var transfers = try await database.transaction(call.mandate(tenant)) {
      try await TransferStore.list(in: $0)
    }
    if tenant != .platform {
      transfers += try await database.transaction(call.mandate(.platform)) {
        try await TransferStore.list(in: $0)
      }
    }
    return .with { $0.transfers = transfers.map(\.message) }
  }

  func listAdequacyDecisions(
    _ request: PrivacyListAdequacyDecisionsRequest, _ call: Call
  ) async throws -> PrivacyListAdequacyDecisionsResponse {
    .with {
      $0.decisions = AdequacyDecision.all.map { decision in
        .with {
          $0.country = decision.country
          $0.reference = decision.reference
          $0.adoptedOn = decision.adoptedOn
          $0.limitedTo = decision.limitedTo ?? ""
          $0.holdsUntil = decision.holdsUntil ?? ""
        }
      }
      $0.asOfDay = AdequacyDecision.asOf
      $0.source = AdequacyDecision.source
      $0.eeaCountries = Country.economicArea.sorted()
    }
  }
}

extension TransferEntry {
  fileprivate var message: PrivacyTransfer {
    .with {
      $0.transferID = id.canonical
      $0.organisationID = organisation.organisationText
      $0.recipient = recipient
      $0.country = country
      $0.basis = basis.message
      $0.beginsOn = beginsOn
      $0.recordedAt = Google_Protobuf_Timestamp(date: recordedAt)
      if let endedAt { $0.endedAt = Google_Protobuf_Timestamp(date: endedAt) }
    }
  }
}
