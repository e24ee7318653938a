import Access
import Cryptography
import Foundation
import Launch
import RPC
import Schemas
import Storage
import SwiftProtobuf

extension BreachDesk {
  func reportBreach(
    _ request: PrivacyReportBreachRequest, _ call: Call
  ) async throws -> PrivacyReportBreachResponse {
    let organisation = try await reporting(request.organisationID, call)
    let time = now()
    let entry = BreachEntry(
      kind: .report, text: try BreachEntry.text.check(request.text), addedAt: time)
    let breach = Breach(id: UUID(), state: .reported, awareAt: time)
    if organisation != .platform {
      try await database.transaction(call.mandate(organisation)) {
        try await BreachNoticeStore.demandRoom(in: $0)
      }
    }
    let key = try await vault.organisationKey(.platform)
    return try await call.entry(request, call.mandate(.platform), answers, database) {
      transaction in
      try await BreachStore.insert(breach, key, in: transaction)
      try await BreachStore.insert(entry, of: breach.id, key, in: transaction)
      if organisation != .platform {
        try await BreachNoticeStore.tell([organisation], of: breach, at: time, in: transaction)
      }
      return .with {
        $0.breachID = breach.id.canonical
        $0.reportedAt = Google_Protobuf_Timestamp(date: time)
      }
    }
  }

  /// Where it happened. Services are believed: nothing that reports a breach waits for another
  /// process.
  private func reporting(_ id: String, _ call: Call) async throws -> UUID {
    if case .service = call.caller { return try call.tenant(organisation: id) }
    let own = try call.tenant()
    guard !id.isEmpty else { return own }
    let named = try call.tenant(organisation: id)
    if named != own { try await identity.demandOrganisation(named, call) }
    return named
  }
}
