import Access
import Cryptography
import Foundation
import Hosting
import Launch
import Postgres
import RPC
import Schemas
import Storage
import SwiftProtobuf

/// Breaches (clause 39): what their methods stand on.
struct BreachDesk: BreachServiceHandler {
  /// On connections of its own: whatever waits for the others, this does not wait behind it.
  let database: Database
  let vault: Vault
  let pages: PageTokens
  let answers: KeptAnswers
  let identity: IdentityServiceClient
  let contacts: ContactSettings
  let now: @Sendable () -> Date

  /// Changes an open breach, lets the affected organisations see that, and gives it back whole.
  func change(
    _ request: some Message, _ id: String, _ call: Call, isShared: Bool = true,
    _ body: (inout Breach, SealingKey, TenantTransaction) async throws -> Void
  ) async throws -> PrivacyBreach {
    let id = try UUID(field: "breach_id", id)
    let key = try await vault.organisationKey(.platform)
    return try await call.entry(request, call.mandate(.platform), answers, database) {
      transaction in
      guard
        var breach = try await BreachStore.fetch(id, locked: true, key, in: transaction)
      else { throw EntryError.absent("breach") }
      guard breach.state != .closed else { throw EntryError.closed("breach") }
      // Somebody has looked at it: from here on its time alone counts.
      (breach.state, breach.reportedIn, breach.turn) = (.open, nil, 0)
      if isShared { breach.revision += 1 }
      try await body(&breach, key, transaction)
      try await BreachStore.update(breach, key, in: transaction)
      if isShared { try await BreachNoticeStore.renew(breach, at: now(), in: transaction) }
      return try await whole(breach, key, in: transaction)
    }
  }

  /// With its trail and whom it affects.
  func whole(
    _ breach: Breach, _ key: SealingKey, in transaction: TenantTransaction
  ) async throws -> PrivacyBreach {
    let affected = try await BreachNoticeStore.affected(by: [breach.id], in: transaction)
    let entries = try await BreachStore.entries(of: [breach.id], key, in: transaction)
    var message = breach.message(affected[breach.id] ?? [], at: now())
    message.entries = (entries[breach.id] ?? []).map(\.message)
    return message
  }

  /// The organisations that a request names: each once, and all of them there.
  func affected(_ ids: [String], _ call: Call) async throws -> [UUID] {
    guard ids.count <= Breach.affectedLimit else {
      throw EntryError.tooMany("affected organisations", limit: Breach.affectedLimit)
    }
    var organisations: [UUID] = []
    for (position, id) in ids.enumerated() {
      let organisation = try UUID(field: "affected_organisation_ids[\(position)]", id)
      guard organisation != .platform else { throw Call.organisationNotFound }
      if organisations.contains(organisation) { continue }
      try await identity.demandOrganisation(organisation, call)
      organisations.append(organisation)
    }
    return organisations
  }
}

extension Runtime {
  /// Connections of the breach register on each reactor; one organisation's calls hold all but one.
  private static let breachConnections = 2

  /// What `BreachDesk` stands on.
  func breachDesk(_ contacts: ContactSettings) throws -> BreachDesk {
    let database = reservedDatabase(
      connections: try configuration.int(
        "breaches.connections", default: Self.breachConnections, in: 2...64))
    return BreachDesk(
      database: database, vault: vault, pages: PageTokens(vault),
      answers: try KeptAnswers(database: database, vault: vault, schema: name),
      identity: IdentityServiceClient(try peer("identity")), contacts: contacts, now: now)
  }
}

extension BreachContent {
  init(_ content: PrivacyBreachContent) throws(EntryError) {
    self.init(
      nature: try Self.text("nature").check(content.nature),
      peopleCategories: try Self.text("people_categories").check(content.peopleCategories),
      people: try Self.number("people", content.people),
      recordCategories: try Self.text("record_categories").check(content.recordCategories),
      records: try Self.number("records", content.records),
      consequences: try Self.text("consequences").check(content.consequences),
      measures: try Self.text("measures").check(content.measures),
      isHighRisk: content.highRisk)
  }

  private static func number(_ name: String, _ value: UInt64) throws(EntryError) -> Int {
    guard let number = Int(exactly: value), numbers.contains(number) else {
      throw .outOfRange(field: "content.\(name)", numbers)
    }
    return number
  }

  var message: PrivacyBreachContent {
    .with {
      $0.nature = nature
      $0.peopleCategories = peopleCategories
      $0.people = UInt64(people)
      $0.recordCategories = recordCategories
      $0.records = UInt64(records)
      $0.consequences = consequences
      $0.measures = measures
      $0.highRisk = isHighRisk
    }
  }
}

extension BreachState {
  var message: PrivacyBreachState {
    switch self {
    case .reported: .reported
    case .open: .open
    case .closed: .closed
    }
  }
}

extension BreachEntry {
  var message: PrivacyBreachEntry {
    .with {
      $0.kind =
        switch kind {
        case .report: .report
        case .note: .note
        case .effect: .effect
        case .measure: .measure
        }
      $0.text = text
      $0.addedAt = Google_Protobuf_Timestamp(date: addedAt)
    }
  }
}

extension Breach {
  func message(_ affected: [(id: UUID, toldAt: Date)], at time: Date) -> PrivacyBreach {
    .with {
      $0.breachID = id.canonical
      $0.state = state.message
      $0.revision = UInt32(clamping: revision)
      $0.content = content.message
      $0.awareAt = Google_Protobuf_Timestamp(date: awareAt)
      $0.authorityDueAt = Google_Protobuf_Timestamp(date: authorityDueAt)
      $0.overdue = isOverdue(at: time)
      if let notifiedAt { $0.authorityNotifiedAt = Google_Protobuf_Timestamp(date: notifiedAt) }
      $0.authorityReference = authorityReference ?? ""
      $0.delayReason = delayReason ?? ""
      $0.noRiskReason = noRiskReason ?? ""
      if let closedAt { $0.closedAt = Google_Protobuf_Timestamp(date: closedAt) }
      $0.affected = affected.map { organisation in
        .with {
          $0.organisationID = organisation.id.canonical
          $0.toldAt = Google_Protobuf_Timestamp(date: organisation.toldAt)
        }
      }
    }
  }
}
