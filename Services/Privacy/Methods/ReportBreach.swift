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
    let key = try await vault.organisationKey(.platform)
    return try await call.entry(request, call.mandate(.platform), answers, database) {
      transaction in
      var breach = Breach(id: UUID(), state: .reported, awareAt: time)
      guard organisation != .platform else {
        try await BreachStore.insert(breach, key, in: transaction)
        try await BreachStore.insert(entry, of: breach.id, key, in: transaction)
        return breach.reported
      }
      let person = call.reporter(of: organisation)
      let before = try await BreachReports.lock(
        of: organisation, by: person, at: time, in: transaction)
      try before.demandRoom(isPerson: person != nil, contact: contacts.dataLeak)
      (breach.reportedIn, breach.turn) = (organisation, before.unseen)
      try await BreachStore.insert(breach, key, in: transaction)
      try await BreachStore.insert(entry, of: breach.id, key, in: transaction)
      try await BreachNoticeStore.tell(
        [organisation], of: breach, at: time, isMailed: !before.isMailed, in: transaction)
      try await BreachReports.mark(breach.id, in: organisation, by: person, transaction)
      return breach.reported
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

extension Call {
  /// Whose bound a report counts against: a member of the organisation's own. Services and
  /// operators have none of their own.
  fileprivate func reporter(of organisation: UUID) -> UUID? {
    guard case .person(let token) = caller, token.tenant == organisation else { return nil }
    return token.subject
  }
}

extension Breach {
  fileprivate var reported: PrivacyReportBreachResponse {
    .with {
      $0.breachID = id.canonical
      $0.reportedAt = Google_Protobuf_Timestamp(date: awareAt)
    }
  }
}

extension BreachReports {
  fileprivate func demandRoom(isPerson: Bool, contact: String) throws(EntryError) {
    guard byPerson < Breach.personReportLimit else {
      throw .tooManyReports(
        limit: Breach.personReportLimit, whose: "one person within a day", contact: contact)
    }
    let limit = isPerson ? Breach.reportLimit : 2 * Breach.reportLimit
    guard unseen < limit else {
      throw .tooManyReports(
        limit: limit, whose: "one organisation that nobody has looked at yet", contact: contact)
    }
  }
}
