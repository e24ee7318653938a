import Archive
import Cryptography
import Foundation
import Launch
import RPC
import Schemas
import Storage
import SwiftProtobuf

/// Erases a person in every other service, has each scan its tables for them, and only when all are
/// clean erases here: as long as the request knows whom it is about, it can go on.
struct ErasureRun: Sendable {
  let run: RequestRun
  let request: PrivacyRequest
  let subject: UUID

  private var parts: RequestParts { run.parts }
  private var tenant: UUID { run.claim.tenant }

  func attempt(after steps: [RequestStep]) async throws {
    let done = Set(steps.filter(\.done).map(\.service))
    let needles: [String]
    do {
      needles = try await self.needles()
    } catch let error as RPCError {
      try await run.put(
        RequestStep(
          service: "identity", done: false, rows: [], found: [],
          problem: RequestRun.problem(error, "say what to scan for")))
      return try await run.putOff()
    }
    var clean = true
    for holder in parts.holders where !done.contains(holder.name) {
      // As long as another one holds something, officers find the person by their name.
      if holder.name == "identity", !clean { break }
      let step = try await erase(at: holder, needles)
      clean = clean && step.done
      try await run.put(step)
    }
    guard clean, try await eraseHere(needles) else { return try await run.putOff() }
  }

  private func erase(at holder: DataHolder, _ needles: [String]) async throws -> RequestStep {
    do {
      let erased = try await holder.client.eraseSubject(
        run.subjectRequest(request, subject), run.options)
      let scanned = try await holder.client.scanSubject(
        .with {
          $0.organisationID = tenant.canonical
          $0.subjectID = subject.canonical
          $0.needles = needles
          $0.requestID = request.id.canonical
        }, run.options)
      guard erased.publicKey == scanned.publicKey else { throw RPCError.unknown("two keys") }
      let found = scanned.tables.map { TableCount(table: $0.table, rows: Int($0.rowsFound)) }
      return judged(
        holder.name, erased.erased.map { TableCount(table: $0.table, rows: Int($0.rows)) }, found,
        StepReceipts(
          erasure: String(decoding: erased.receipt, as: UTF8.self),
          scan: String(decoding: scanned.receipt, as: UTF8.self),
          publicKey: [UInt8](erased.publicKey)))
    } catch {
      try Task.checkCancellation()
      return RequestStep(
        service: holder.name, done: false, rows: [], found: [],
        problem: RequestRun.problem(error, "erase"))
    }
  }

  /// The key first, then all rows in one transaction with the scan that finds none, the certificate
  /// and the end of the request: who dies in between has the request go on, as it still knows whom
  /// it is about. False: the scan found something, and nothing was changed but the key.
  private func eraseHere(_ needles: [String]) async throws -> Bool {
    let orderedBy: OrderedBy = run.orderedBy(request).map { .person($0) } ?? .service("privacy")
    try await parts.vault.destroyPerson(tenant, subject, orderedBy: orderedBy)
    try await parts.answers.erase(run.mandate)
    let wanted = SubjectScan.Needles(subject: subject, texts: needles)
    let keys = try await parts.scanKeys(tenant, wanted)
    do {
      try await parts.database.transaction(run.mandate) { transaction in
        let time = parts.now()
        let erased = try await SubjectStore.erase(subject, at: time, in: transaction)
        let findings = try await parts.ownScan.run(wanted, in: transaction) + keys
        let step = try ownStep(erased, findings)
        guard step.done else { throw StillFound(step: step) }
        try await RequestStore.put(step, of: request.id, at: time, in: transaction)
        let steps = try await RequestStore.fetch(request.id, in: transaction)?.steps ?? []
        let certificate = try await certificate(steps, at: time, in: transaction)
        try await RequestStore.complete(
          request.id, at: time, certificate: certificate, in: transaction)
      }
      return true
    } catch let found as StillFound {
      try await run.put(found.step)
      return false
    }
  }

  private struct StillFound: Error {
    let step: RequestStep
  }

  private func ownStep(
    _ erased: [TableCount], _ findings: [SubjectScan.Finding]
  ) throws -> RequestStep {
    let id = request.id.canonical
    return judged(
      "privacy", erased, findings.map { TableCount(table: $0.table, rows: $0.rowsFound) },
      StepReceipts(
        erasure: try parts.signer.erased(
          erased.map { ErasedRows(table: $0.table, rows: $0.rows) }, request: id),
        scan: try parts.signer.scanned(findings, request: id), publicKey: parts.signer.publicKey))
  }

  /// With its place in the organisation's log of accesses, where it is the last entry about the
  /// person: whoever keeps the log's state can tell later that there was this erasure.
  private func certificate(
    _ steps: [RequestStep], at time: Date, in transaction: TenantTransaction
  ) async throws -> String {
    var certificate = ErasureCertificate(
      requestID: request.id.canonical,
      organisationID: tenant.canonical,
      receivedAt: request.receivedAt.formatted(.iso8601), completedAt: time.formatted(.iso8601),
      services: steps.map { step in
        ErasureCertificate.Service(
          service: step.service, publicKey: Hex.encode(step.receipts.publicKey),
          erasure: step.receipts.erasure, scan: step.receipts.scan)
      })
    let entry = NewAccess(
      event: request.id, subject: nil,
      commitment: AccessLeaf.commitment(event: request.id, subject: subject), occurredAt: time,
      detail: nil)
    certificate.logPlace = try await AccessLogStore.place(
      SealedAccess(access: entry, sealed: nil, documentDigest: try certificate.digest()),
      signedWith: parts.archiveKey.key, at: time, in: transaction)
    return try SignedDocument.write(
      certificate, keyID: parts.archiveKey.id, signedWith: parts.archiveKey.key)
  }

  /// What the scans look for besides the identifier: the e-mail address as identity holds it, kept
  /// under the person's key from the first attempt on, as identity forgets it before the others are
  /// done. None once that key is destroyed: then only this service's own rows are left.
  private func needles() async throws -> [String] {
    let key: SealingKey
    do {
      key = try await parts.vault.person(tenant, subject, create: true)
    } catch VaultError.destroyed {
      return []
    }
    let known = try await parts.database.transaction(run.mandate) {
      try await RequestTextStore.fetch(of: request.id, key, in: $0)[.needles]
    }
    if let known { return try JSONDecoder().decode([String].self, from: Data(known.utf8)) }
    let needles = try await ask()
    let text = String(decoding: try JSONEncoder().encode(needles), as: UTF8.self)
    try await parts.database.transaction(run.mandate) {
      try await RequestTextStore.put([.needles: text], of: request.id, key, in: $0)
    }
    return needles
  }

  private func ask() async throws -> [String] {
    guard let identity = parts.holders.first(where: { $0.name == "identity" }) else { return [] }
    var needles: [String] = []
    for try await record in try await identity.client.exportSubject(
      run.subjectRequest(request, subject), run.options)
    where record.table == "person" {
      needles += record.fields.filter { $0.name == "email" }.map(\.value)
    }
    return needles
  }

  private func judged(
    _ name: String, _ erased: [TableCount], _ found: [TableCount], _ receipts: StepReceipts
  ) -> RequestStep {
    let left = found.filter { $0.rows > 0 }
    return RequestStep(
      service: name, done: left.isEmpty, rows: erased, found: found,
      problem: left.isEmpty ? nil : "a scan still finds the person", receipts: receipts)
  }
}
