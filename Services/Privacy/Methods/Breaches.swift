import Access
import Foundation
import Launch
import RPC
import Schemas
import Storage
import SwiftProtobuf

extension BreachDesk {
  func registerBreach(
    _ request: PrivacyRegisterBreachRequest, _ call: Call
  ) async throws -> PrivacyBreach {
    let time = now()
    let breach = Breach(
      id: UUID(), state: .open, content: try BreachContent(request.content),
      awareAt: try request.awareAt.past("aware_at", now: time))
    let organisations = try await affected(request.affectedOrganisationIds, call)
    let key = try await vault.organisationKey(.platform)
    return try await call.entry(request, call.mandate(.platform), answers, database) {
      transaction in
      try await BreachStore.insert(breach, key, in: transaction)
      try await BreachNoticeStore.tell(organisations, of: breach, at: time, in: transaction)
      return try await whole(breach, key, in: transaction)
    }
  }

  func updateBreach(
    _ request: PrivacyUpdateBreachRequest, _ call: Call
  ) async throws -> PrivacyBreach {
    let content = try BreachContent(request.content)
    let organisations = try await affected(request.affectedOrganisationIds, call)
    return try await change(request, request.breachID, call) { breach, _, transaction in
      guard breach.revision == Int(request.expectedRevision) + 1 else {
        throw EntryError.changedMeanwhile
      }
      breach.content = content
      try await BreachNoticeStore.tell(organisations, of: breach, at: now(), in: transaction)
    }
  }

  func addBreachEntry(
    _ request: PrivacyAddBreachEntryRequest, _ call: Call
  ) async throws -> PrivacyBreach {
    let entry = BreachEntry(
      kind: try BreachEntry.Kind(request.kind), text: try BreachEntry.text.check(request.text),
      addedAt: now())
    return try await change(request, request.breachID, call, isShared: entry.kind.isShared) {
      breach, key, transaction in
      let entries = try await BreachStore.entries(of: [breach.id], key, in: transaction)
      guard entries[breach.id]?.count ?? 0 < BreachEntry.limit else {
        throw EntryError.tooMany("entries of a breach", limit: BreachEntry.limit)
      }
      try await BreachStore.insert(entry, of: breach.id, key, in: transaction)
    }
  }

  func recordAuthorityNotice(
    _ request: PrivacyRecordAuthorityNoticeRequest, _ call: Call
  ) async throws -> PrivacyBreach {
    let time = now()
    let notifiedAt = try request.notifiedAt.past("notified_at", now: time)
    let reference = try Breach.authorityReference.check(request.reference)
    let reason = try Breach.delayReason.checkOptional(request.delayReason)
    return try await change(request, request.breachID, call, isShared: false) { breach, _, _ in
      guard breach.notifiedAt == nil else { throw EntryError.closed("notification") }
      guard notifiedAt >= breach.awareAt else {
        throw EntryError.outOfTime(
          field: "notified_at", expected: "must not be before the breach became known")
      }
      guard notifiedAt <= breach.authorityDueAt || reason != nil else {
        throw EntryError.delayReasonMissing
      }
      breach.notifiedAt = notifiedAt
      breach.authorityReference = reference
      breach.delayReason = reason
    }
  }

  func closeBreach(
    _ request: PrivacyCloseBreachRequest, _ call: Call
  ) async throws -> PrivacyBreach {
    let reason = try Breach.noRiskReason.checkOptional(request.noRiskReason)
    return try await change(request, request.breachID, call) { breach, _, _ in
      breach.noRiskReason = reason
      try breach.demandComplete()
      breach.state = .closed
      breach.closedAt = now()
    }
  }

  func getBreach(_ request: PrivacyGetBreachRequest, _ call: Call) async throws -> PrivacyBreach {
    let id = try UUID(field: "breach_id", request.breachID)
    let key = try await vault.organisationKey(.platform)
    return try await database.transaction(call.mandate(.platform)) { transaction in
      guard let breach = try await BreachStore.fetch(id, key, in: transaction) else {
        throw EntryError.absent("breach")
      }
      return try await whole(breach, key, in: transaction)
    }
  }

  func listBreaches(
    _ request: PrivacyListBreachesRequest, _ call: Call
  ) async throws -> PrivacyListBreachesResponse {
    let mandate = call.mandate(.platform)
    let list = try await pages.list("breaches", mandate, reader: call.person.subject)
    let page = try list.page(size: request.pageSize, token: request.pageToken)
    let key = try await vault.organisationKey(.platform)
    let (breaches, next, affected) = try await database.transaction(mandate) {
      let (breaches, next) = try await BreachStore.list(page, key, in: $0)
      return (breaches, next, try await BreachNoticeStore.affected(by: breaches.map(\.id), in: $0))
    }
    let time = now()
    return try .with {
      $0.breaches = breaches.map { $0.message(affected[$0.id] ?? [], at: time) }
      $0.nextPageToken = try list.token(next)
    }
  }
}

extension BreachEntry.Kind {
  fileprivate init(_ kind: PrivacyBreachEntryKind) throws(EntryError) {
    switch kind {
    case .note: self = .note
    case .effect: self = .effect
    case .measure: self = .measure
    case .report, .unspecified, .UNRECOGNIZED:
      throw .missing(field: "kind", choices: "NOTE, EFFECT or MEASURE")
    }
  }
}
