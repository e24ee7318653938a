import Access
import Archive
import Cryptography
import Foundation
import Launch
import RPC
import Schemas
import Storage
import SwiftProtobuf

/// Carrying a request out in every service: each step is stored as it ends, so that a request that
/// stopped half-way goes on where it was, and everybody can see what is missing.
extension PrivacyService {
  func carryOut(
    _ request: PrivacyRequest, for tenant: UUID, _ call: Call
  ) async throws -> PrivacyPrivacyRequest {
    guard let subject = request.subject else { throw RequestError.personGone }
    let run = RequestRun(
      service: self, request: request, tenant: tenant, subject: subject, call: call)
    switch request.kind {
    case .access: try await run.collect()
    case .erasure: try await run.erase()
    }
    let found = try await fetchRequest(request.id, call)
    return found.request.message(found.steps)
  }
}

struct RequestRun: Sendable {
  let service: PrivacyService
  let request: PrivacyRequest
  let tenant: UUID
  let subject: UUID
  let call: Call

  private var subjectRequest: SubjectSubjectRequest {
    .with {
      $0.organisationID = tenant.uuidString.lowercased()
      $0.subjectID = subject.uuidString.lowercased()
    }
  }

  // MARK: Access

  /// Collects from every service and stores the signed archive. Nothing is kept of a collection
  /// that one service did not complete: an archive is whole or it is not.
  func collect() async throws {
    let (tables, steps) = try await collectRecords()
    let state = PrivacyRequest.state(after: steps)
    let archive = state == .completed ? try await sealedArchive(tables) : (chunks: [], bytes: 0)
    try await service.database.transaction(call.mandate(tenant)) { transaction in
      for step in steps {
        try await RequestStore.put(step, of: request.id, at: service.now(), in: transaction)
      }
      try await RequestStore.putArchive(archive.chunks, of: request.id, in: transaction)
      try await RequestStore.finish(
        request.id, as: state, at: service.now(), archiveBytes: archive.bytes, in: transaction)
    }
  }

  private func collectRecords() async throws -> (tables: [RecordTable], steps: [RequestStep]) {
    var tables: [RecordTable] = try await ownRecords() + [complaintRecords()]
    var steps = [step("privacy", rows: counts(tables))]
    for holder in service.holders {
      do {
        let collected = try await records(of: holder)
        tables += collected
        steps.append(step(holder.name, rows: counts(collected)))
      } catch let error as RPCError {
        steps.append(
          RequestStep(
            service: holder.name, done: false, rows: [], found: [],
            problem: "\(error.code): the service did not give the data"))
      }
    }
    return (tables, steps)
  }

  private func records(of holder: DataHolder) async throws -> [RecordTable] {
    var tables: [String: RecordTable] = [:]
    var bytes = 0
    let stream = try await holder.client.exportSubject(subjectRequest, call.forwarded)
    for try await record in stream {
      bytes += record.fields.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count }
      guard bytes < SignedArchive.maximumBytes else {
        throw RequestError.archiveTooLarge(bytes: bytes, limit: SignedArchive.maximumBytes)
      }
      tables[record.table, default: RecordTable(service: holder.name, table: record.table)]
        .add([("record_id", record.recordID)] + record.fields.map { ($0.name, $0.value) })
    }
    return tables.values.sorted { $0.table < $1.table }
  }

  private func ownRecords() async throws -> [RecordTable] {
    try await service.database.transaction(call.mandate(tenant)) { transaction in
      var acceptances = RecordTable(service: "privacy", table: "acceptance")
      for row in try await SubjectStore.acceptances(of: subject, in: transaction) {
        acceptances.add([
          ("version", "\(row.version)"), ("subject_kind", row.kind),
          ("sha256", Data(row.sha256).map { String(format: "%02x", $0) }.joined()),
          ("accepted_at", row.at.formatted(.iso8601)),
        ])
      }
      var requests = RecordTable(service: "privacy", table: "request")
      for row in try await SubjectStore.requests(of: subject, in: transaction) {
        requests.add([
          ("request_id", row.id.uuidString.lowercased()), ("kind", row.kind),
          ("state", row.state), ("received_at", row.at.formatted(.iso8601)),
        ])
      }
      return try await [acceptances, requests] + purposeRecords(in: transaction)
    }
  }

  private func purposeRecords(
    in transaction: TenantTransaction
  ) async throws -> [RecordTable] {
    var consents = RecordTable(service: "privacy", table: "consent_event")
    let receipts = try await ConsentStore.receipts(of: subject, limit: .max, in: transaction)
    for receipt in receipts {
      consents.add([
        ("receipt_id", receipt.id.uuidString.lowercased()), ("purpose", receipt.purpose.rawValue),
        ("act", receipt.act.rawValue), ("at", receipt.at.formatted(.iso8601)),
        ("document", receipt.document), ("signature", Hex.encode(receipt.signature)),
        ("key_id", receipt.keyID),
      ])
    }
    var freezes = RecordTable(service: "privacy", table: "purpose_freeze")
    for freeze in try await ConsentStore.freezes(of: subject, in: transaction) {
      freezes.add([
        ("freeze_id", freeze.id.uuidString.lowercased()), ("purpose", freeze.purpose.rawValue),
        ("reason", freeze.reason.rawValue), ("frozen_at", freeze.frozenAt.formatted(.iso8601)),
        ("released_at", freeze.releasedAt?.formatted(.iso8601) ?? ""),
      ])
    }
    return [consents, freezes]
  }

  /// The archive in pieces, sealed under the person's key: destroying it takes the archive along.
  private func sealedArchive(
    _ tables: [RecordTable]
  ) async throws -> (chunks: [Sealed<ArchiveChunkColumns.Sealed>], bytes: Int) {
    let archive = try SignedArchive.write(
      tables.flatMap { try $0.files() },
      about: SignedArchive.Subject(
        requestID: request.id, organisationID: tenant, subjectID: subject),
      at: service.now(), keyID: service.archiveKey.id, signedWith: service.archiveKey.key)
    let key = try await service.vault.person(tenant, subject, create: true)
    let chunks = try stride(from: 0, to: archive.count, by: ArchiveChunk.bytes).enumerated().map {
      position, start in
      let piece = Array(archive[start..<min(start + ArchiveChunk.bytes, archive.count)])
      return try Sealed<ArchiveChunkColumns.Sealed>(
        piece: piece, at: position, row: request.id, key)
    }
    return (chunks, archive.count)
  }

  // MARK: Erasure

  /// Erases in every other service, scans there, and only when all are clean erases here: as long
  /// as the request knows whom it is about, it can go on.
  func erase() async throws {
    let needles = try await needles()
    var clean = true
    for holder in service.holders {
      let step = await erase(at: holder, needles)
      clean = clean && step.done
      try await service.database.transaction(call.mandate(tenant)) {
        try await RequestStore.put(step, of: request.id, at: service.now(), in: $0)
      }
    }
    guard clean else { return try await finish(.incomplete) }
    try await eraseHere(needles)
  }

  private func erase(at holder: DataHolder, _ needles: [String]) async -> RequestStep {
    do {
      let erased = try await holder.client.eraseSubject(subjectRequest, call.forwarded)
      let scanned = try await holder.client.scanSubject(
        .with {
          $0.organisationID = tenant.uuidString.lowercased()
          $0.subjectID = subject.uuidString.lowercased()
          $0.needles = needles
        }, call.forwarded)
      let found = scanned.tables.map { TableCount(table: $0.table, rows: Int($0.rowsFound)) }
      return judged(
        holder.name, erased.erased.map { TableCount(table: $0.table, rows: Int($0.rows)) }, found)
    } catch {
      return RequestStep(
        service: holder.name, done: false, rows: [], found: [],
        problem: "\(error.code): the service did not erase")
    }
  }

  private func eraseHere(_ needles: [String]) async throws {
    try await service.vault.destroyPerson(tenant, subject, orderedBy: OrderedBy(call))
    let erased = try await service.database.transaction(call.mandate(tenant)) {
      try await SubjectStore.erase(subject, in: $0)
    }
    let scanned = try await service.scan(
      tenant, SubjectScan.Needles(subject: subject, texts: needles))
    let step = judged(
      "privacy", erased, scanned.map { TableCount(table: $0.table, rows: $0.rowsFound) })
    try await service.database.transaction(call.mandate(tenant)) {
      try await RequestStore.put(step, of: request.id, at: service.now(), in: $0)
      try await RequestStore.finish(
        request.id, as: step.done ? .completed : .incomplete, at: service.now(), archiveBytes: 0,
        in: $0)
    }
  }

  private func finish(_ state: RequestState) async throws {
    try await service.database.transaction(call.mandate(tenant)) {
      try await RequestStore.finish(
        request.id, as: state, at: service.now(), archiveBytes: 0, in: $0)
    }
  }

  /// What the scan looks for besides the identifier: the e-mail address as identity holds it. None
  /// if identity has erased already.
  private func needles() async throws -> [String] {
    guard let identity = service.holders.first(where: { $0.name == "identity" }) else { return [] }
    var needles: [String] = []
    for try await record in try await identity.client.exportSubject(
      subjectRequest, call.forwarded)
    where record.table == "person" {
      needles += record.fields.filter { $0.name == "email" }.map(\.value)
    }
    return needles
  }

  private func judged(
    _ name: String, _ erased: [TableCount], _ found: [TableCount]
  ) -> RequestStep {
    let left = found.filter { $0.rows > 0 }
    return RequestStep(
      service: name, done: left.isEmpty, rows: erased, found: found,
      problem: left.isEmpty ? nil : "a scan still finds the person")
  }

  private func step(_ name: String, rows: [TableCount]) -> RequestStep {
    RequestStep(service: name, done: true, rows: rows, found: [], problem: nil)
  }

  private func counts(_ tables: [RecordTable]) -> [TableCount] {
    tables.map { TableCount(table: $0.table, rows: $0.count) }
  }
}
