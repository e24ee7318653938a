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
  /// How long the last transaction may take, in which every row of this service's is read.
  static let ownTime: Duration = .seconds(600)

  let run: RequestRun
  let request: PrivacyRequest
  let subject: UUID

  /// Addresses of one person.
  static let maximumNeedles = 1_024

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
    try await run.leave(.erasure)
  }

  private func erase(at holder: DataHolder, _ needles: [String]) async throws -> RequestStep {
    do {
      let erased = try await holder.client.eraseSubject(
        run.subjectRequest(request, subject), run.options)
      let scanned = try await scan(at: holder, needles)
      guard erased.publicKey == scanned.publicKey else { throw RPCError.unknown("two keys") }
      let findings = scanned.tables.map {
        SubjectScan.Finding(
          table: $0.table, rowsRead: Int(clamping: $0.rowsRead),
          rowsFound: Int(clamping: $0.rowsFound), columns: $0.columns)
      }
      return judged(
        holder.name, erased.erased.map { TableCount(table: $0.table, rows: Int($0.rows)) },
        findings,
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

  /// As many scans as it takes, each for what one looks for at most: the first that finds
  /// something, else the last.
  private func scan(
    at holder: DataHolder, _ needles: [String]
  ) async throws -> SubjectScanSubjectResponse {
    let (size, count) = (SubjectScan.maximumNeedles, needles.count)
    for start in stride(from: 0, to: count, by: size) where start + size < count {
      let scanned = try await scan(at: holder, once: Array(needles[start..<start + size]))
      guard scanned.tables.allSatisfy({ $0.rowsFound == 0 }) else { return scanned }
    }
    let last = count == 0 ? 0 : (count - 1) / size * size
    return try await scan(at: holder, once: Array(needles[last...]))
  }

  /// Asked as often as it takes: the service reads some rows at a time.
  private func scan(
    at holder: DataHolder, once needles: [String]
  ) async throws -> SubjectScanSubjectResponse {
    var wanted = SubjectScanSubjectRequest.with {
      $0.organisationID = tenant.canonical
      $0.subjectID = subject.canonical
      $0.needles = needles
      $0.requestID = request.id.canonical
    }
    while true {
      let page = try await holder.client.scanSubject(wanted, run.options)
      guard !page.nextPageToken.isEmpty else { return page }
      guard page.nextPageToken != wanted.pageToken else {
        throw RPCError.unknown("the scan does not go on")
      }
      wanted.pageToken = page.nextPageToken
    }
  }

  /// The key first, then all rows in one transaction with the scan that finds none, the certificate
  /// and the end of the request: who dies in between has the request go on, as it still knows whom
  /// it is about, and what to scan for. False: the scan found something, and nothing was changed
  /// but the key.
  private func eraseHere(_ needles: [String]) async throws -> Bool {
    let orderedBy: OrderedBy = run.orderedBy(request).map { .person($0) } ?? .service("privacy")
    try await parts.vault.destroyPerson(tenant, subject, orderedBy: orderedBy)
    try await parts.answers.erase(run.mandate)
    let wanted = SubjectScan.Needles(subject: subject, texts: needles)
    let keys = try await parts.scanKeys(tenant, wanted)
    let database = Database(pool: parts.database.pool, longestCall: Self.ownTime)
    do {
      try await database.transaction(run.mandate) { transaction in
        let time = parts.now()
        let erased = try await SubjectStore.erase(
          subject, named: needles, at: time, in: transaction)
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
      "privacy", erased, findings,
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
    certificate.holders = parts.holders.map(\.name) + ["privacy"]
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

  /// What the scans look for besides the identifier: the e-mail addresses as identity holds them,
  /// kept under a key of the request's own from the first attempt on. Identity forgets them before
  /// the others are done, and the person's key goes before the last scan.
  private func needles() async throws -> [String] {
    let key: SealingKey
    do {
      key = try await parts.vault.person(tenant, request.id, create: true)
    } catch VaultError.destroyed {
      // It was completed before, and a restore has brought it back: all was looked for then.
      return []
    }
    let person = try await parts.vault.persons(tenant, [subject])[subject]
    let known = try await parts.database.transaction(run.mandate) {
      try await RequestTextStore.sought(by: request.id, key, person: person, in: $0)
    }
    if let known { return try JSONDecoder().decode([String].self, from: Data(known.utf8)) }
    let needles = try await ask()
    let text = String(decoding: try JSONEncoder().encode(needles), as: UTF8.self)
    try await parts.database.transaction(run.mandate) {
      try await RequestTextStore.keep(sought: text, by: request.id, key, in: $0)
    }
    return needles
  }

  /// The address of today, one that is about to be, and those of before, each once.
  private func ask() async throws -> [String] {
    guard let identity = parts.holders.first(where: { $0.name == "identity" }) else { return [] }
    var needles: [String] = []
    for try await record in try await identity.client.exportSubject(
      run.subjectRequest(request, subject), run.options)
    {
      for address in record.addresses where !needles.contains(address) {
        guard needles.count < Self.maximumNeedles else {
          throw RPCError.resourceExhausted("more addresses than a scan looks for")
        }
        needles.append(address)
      }
    }
    return needles
  }

  private func judged(
    _ name: String, _ erased: [TableCount], _ findings: [SubjectScan.Finding],
    _ receipts: StepReceipts
  ) -> RequestStep {
    let left = findings.filter { $0.rowsFound > 0 }
    return RequestStep(
      service: name, done: left.isEmpty, rows: erased,
      found: findings.map { TableCount(table: $0.table, rows: $0.rowsFound) },
      problem: left.isEmpty ? nil : Self.problem(left, in: name), receipts: receipts)
  }

  /// Places that a problem names.
  private static let placesLimit = 10

  /// Where the person is still found, for whoever is to take them out there; never what it says.
  private static func problem(_ left: [SubjectScan.Finding], in service: String) -> String {
    let places = left.flatMap { finding in
      let table = "\(service).\(finding.table)"
      return finding.columns.isEmpty ? [table] : finding.columns.map { "\(table).\($0)" }
    }
    let more = places.count - Self.placesLimit
    return "a scan still finds the person in "
      + places.prefix(Self.placesLimit).joined(separator: ", ")
      + (more > 0 ? " and \(more) more" : "")
  }
}

extension SubjectSubjectRecord {
  /// The person's e-mail addresses in a record of identity's.
  fileprivate var addresses: [String] {
    func value(_ name: String) -> String? { fields.first { $0.name == name }?.value }
    return switch table {
    case "person", "email_change": [value("email")].compactMap(\.self)
    case "person_correction" where value("field") == "email":
      [value("old_value")].compactMap(\.self)
    default: []
    }
  }
}
