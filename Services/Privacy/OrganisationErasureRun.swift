import Archive
import Cryptography
import Foundation
import Launch
import RPC
import Schemas
import Storage
import SwiftProtobuf

/// What erasures of organisations are carried out with.
struct OrganisationErasureParts: Sendable {
  let database: Database
  let store: OrganisationErasureStore
  let identity: OrganisationDeskServiceClient
  /// The other services that erase before this one; identity, which lets people in and knows whose
  /// day has come, erases after it.
  let others: [TenantHolder]
  let identityHolder: TenantHolder
  let own: TenantErasure
  let archiveKey: ArchiveSigningKey
  let signer: ErasureSigner
  let now: @Sendable () -> Date
}

/// Another service that holds data of organisations.
struct TenantHolder: Sendable {
  let name: String
  let client: TenantDataServiceClient
}

/// One attempt at erasing an organisation everywhere, where the last one stopped (clause 29).
///
/// Each step can be done twice: a process that dies in the middle of one leaves it to whoever takes
/// the erasure when its lease ends.
struct OrganisationErasureRun: Sendable {
  let parts: OrganisationErasureParts
  let claim: OrganisationErasureClaim

  /// Longest that one call to a service takes, of which several make its part.
  static let callTime: Duration = .seconds(60)

  private var organisation: UUID { claim.erasure.organisation }
  private var erasure: UUID { claim.erasure.id }

  func attempt() async throws {
    if !claim.erasure.hasBegun {
      guard try await begin() else { return }
    }
    let done = Set(
      try await parts.store.steps(of: [organisation])[organisation, default: []]
        .filter(\.done).map(\.service))
    var problems: [String] = []
    for holder in parts.others where !done.contains(holder.name) {
      problems += try await step(holder.name) { try await erase(at: holder) }
    }
    // In their order: as long as another service holds something, this one knows what to do.
    if problems.isEmpty, !done.contains(Self.ownName) {
      problems += try await step(Self.ownName) { try await eraseHere() }
    }
    let identity = parts.identityHolder
    if problems.isEmpty, !done.contains(identity.name) {
      problems += try await step(identity.name) { try await erase(at: identity) }
    }
    guard problems.isEmpty else { return try await putOff(problems.joined(separator: "; ")) }
    try await complete()
  }

  /// What keeps it from going on; none when the step is stored.
  private func step(
    _ service: String, _ body: () async throws -> OrganisationErasureStep
  ) async throws -> [String] {
    let step: OrganisationErasureStep
    do {
      step = try await body()
    } catch {
      try Task.checkCancellation()
      return ["\(service): \(RequestRun.problem(error, "erase"))"]
    }
    try await parts.store.put(step, claim)
    guard !step.done else { return [] }
    return ["\(service): rows are left in \(step.left.joined(separator: ", "))"]
  }

  private func putOff(_ problem: String) async throws {
    let next = parts.now() + RequestPace.delay(after: claim.attempts)
    try await parts.store.putOff(claim, until: next, problem)
  }

  // MARK: The beginning

  /// False where it does not begin: a hold stops it, or identity knows of no such day.
  private func begin() async throws -> Bool {
    let time = parts.now()
    let mandate = Mandate(tenant: organisation)
    let before = try await parts.database.transaction(mandate) {
      try await OrganisationErasureStore.holds(at: time, in: $0)
    }
    // Before the order, after which the contract cannot be prolonged any more.
    guard before.count == 0 else {
      try await parts.store.putOnHold(claim, before, at: time)
      return false
    }
    guard let (order, key) = try await order() else { return false }
    let holds = try await parts.database.transaction(mandate) { transaction in
      try await OrganisationErasureStore.lock(organisation, shared: false, in: transaction)
      let holds = try await OrganisationErasureStore.holds(at: time, in: transaction)
      guard holds.count == 0 else { return holds }
      try await parts.own.begin(erasure, in: transaction)
      try OrganisationErasureStore.begin(
        claim, order: order, key: key, at: time, in: transaction)
      return holds
    }
    guard holds.count == 0 else {
      try await parts.store.putOnHold(claim, holds, at: time)
      return false
    }
    return true
  }

  /// Identity's; nil where it gives none, and then nothing is to be erased.
  private func order() async throws -> (order: String, key: [UInt8])? {
    let answer: IdentityOrderOrganisationErasureResponse
    do {
      answer = try await parts.identity.orderOrganisationErasure(
        .with {
          $0.organisationID = organisation.canonical
          $0.erasureID = erasure.canonical
        }, CallOptions(timeout: Self.callTime))
    } catch {
      switch error.code {
      case .failedPrecondition, .notFound:
        try await parts.store.drop(claim)
        return nil
      default:
        try await putOff("identity: \(RequestRun.problem(error, "give the order"))")
        return nil
      }
    }
    let key = [UInt8](answer.publicKey)
    let text = String(decoding: answer.order, as: UTF8.self)
    let bytes = Array(text.utf8)
    let order = try SignedDocument.verify(
      bytes, keys: [SignedDocument.keyID(of: bytes): Ed25519PublicKey(rawBytes: key)],
      as: OrganisationErasureOrder.self
    ).content
    guard order.organisationID == organisation.canonical,
      order.erasureID == erasure.canonical
    else {
      throw ArchiveError.damaged("the order is another erasure's")
    }
    return (text, key)
  }

  // MARK: The steps

  private static let ownName = "privacy"

  private func erase(at holder: TenantHolder) async throws -> OrganisationErasureStep {
    var erased = TenantEraseTenantResponse()
    while !erased.done {
      erased = try await holder.client.eraseTenant(
        .with {
          $0.organisationID = organisation.canonical
          $0.erasureID = erasure.canonical
        }, CallOptions(timeout: Self.callTime))
    }
    let scanned = try await holder.client.scanTenant(
      .with {
        $0.organisationID = organisation.canonical
        $0.erasureID = erasure.canonical
      }, CallOptions(timeout: Self.callTime))
    guard erased.publicKey == scanned.publicKey else { throw RPCError.unknown("two keys") }
    return OrganisationErasureStep(
      holder.name, erased: erased.erased.map { Int($0.rows) },
      scanned.tables.map {
        TenantErasure.Finding(
          table: $0.table, rowsLeft: Int($0.rowsLeft),
          ground: $0.keptBecause.isEmpty ? nil : $0.keptBecause)
      },
      StepReceipts(
        erasure: String(decoding: erased.receipt, as: UTF8.self),
        scan: String(decoding: scanned.receipt, as: UTF8.self),
        publicKey: [UInt8](erased.publicKey)))
  }

  private func eraseHere() async throws -> OrganisationErasureStep {
    var progress: TenantErasure.Progress
    repeat {
      progress = try await parts.own.run(
        organisation, erasure: erasure, orderedBy: .service("identity"),
        until: .now + Self.callTime)
    } while !progress.isDone
    let findings = try await parts.own.scan(organisation)
    return OrganisationErasureStep(
      Self.ownName, erased: progress.erased.map(\.rows), findings,
      StepReceipts(
        erasure: try parts.signer.erased(progress, of: organisation, erasure: erasure),
        scan: try parts.signer.scanned(findings, of: organisation, erasure: erasure),
        publicKey: parts.signer.publicKey))
  }

  private func complete() async throws {
    guard let found = try await parts.store.fetch(organisation)?.erasure else { return }
    let steps = try await parts.store.steps(of: [organisation])[organisation, default: []]
    let time = parts.now()
    let certificate = OrganisationErasureCertificate(
      erasureID: erasure.canonical, organisationID: organisation.canonical, order: found.order,
      completedAt: time.formatted(.iso8601),
      services: steps.map { step in
        ErasureCertificate.Service(
          service: step.service, publicKey: Hex.encode(step.receipts.publicKey),
          erasure: step.receipts.erasure, scan: step.receipts.scan)
      })
    try await parts.store.complete(
      claim,
      certificate: SignedDocument.write(
        certificate, keyID: parts.archiveKey.id, signedWith: parts.archiveKey.key), at: time)
  }
}

extension OrganisationErasureStep {
  fileprivate init(
    _ service: String, erased: [Int], _ findings: [TenantErasure.Finding], _ receipts: StepReceipts
  ) {
    let left = findings.filter { !$0.isClean }
    self.init(
      service: service, done: left.isEmpty, rowsErased: erased.reduce(0, +),
      rowsKept: findings.filter(\.isClean).reduce(0) { $0 + $1.rowsLeft }, receipts: receipts,
      left: left.map(\.table))
  }
}

extension TenantErasure.Kept {
  /// What the privacy service keeps of an erased organisation.
  static let ofPrivacy: [TenantErasure.Kept] = [
    .platformRows(
      of: "organisation_erasure",
      because: "the order and the certificate of its erasure (GDPR Art. 5(2))"),
    .platformRows(
      of: "organisation_erasure_step",
      because: "what each service signed of its erasure (GDPR Art. 5(2))"),
    .platformRows(
      of: "breach",
      because: "reports that nobody has looked at yet: IKSO's register of breaches (GDPR Art. 33)"),
    .platformRows(
      of: "breach_affected",
      because: "IKSO's register of breaches: five years after they were closed (GDPR Art. 33)"),
  ]
}
