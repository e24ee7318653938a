import Archive
import Foundation
import Launch
import RPC
import Schemas
import Storage

/// Collects a person's data from every service into one signed archive. Nothing is kept of a
/// collection that one service did not complete: an archive is whole or it is not there.
struct CollectionRun: Sendable {
  let run: RequestRun
  let request: PrivacyRequest
  let subject: UUID

  private var parts: RequestParts { run.parts }

  func attempt() async throws {
    let (tables, steps, isTooLarge) = try await collect()
    guard !isTooLarge else { return try await leaveToOfficer(steps) }
    guard steps.allSatisfy(\.done) else {
      try await store(steps)
      return try await run.putOff()
    }
    let archive: (chunks: [Sealed<ArchiveChunkColumns.Sealed>], bytes: Int)
    do {
      archive = try await sealedArchive(tables)
    } catch is ArchiveError {
      var failed = steps
      for position in failed.indices where failed[position].service == "privacy" {
        failed[position].done = false
        failed[position].problem = tooLarge
      }
      return try await leaveToOfficer(failed)
    }
    let accesses = try await ownAccess(tables.filter { $0.service == "privacy" }.map(\.table))
    let time = parts.now()
    try await parts.database.transaction(run.mandate) { transaction in
      guard try await isOpen(in: transaction) else { return }
      for step in steps {
        try await RequestStore.put(step, of: request.id, at: time, in: transaction)
      }
      try await ArchiveStore.put(archive.chunks, of: request.id, in: transaction)
      try await RequestStore.complete(
        request.id, at: time, archiveBytes: archive.bytes, in: transaction)
      try await parts.log.append(accesses, in: transaction)
      try NoticeStore.put(.completed(request, at: time), about: request.id, in: transaction)
    }
  }

  private var tooLarge: String {
    "more than the \(parts.archiveLimit) bytes of an archive: an officer hands the data over"
  }

  /// Ends the attempts: the next one would find no less. The steps say why, and an officer
  /// completes the request.
  private func leaveToOfficer(_ steps: [RequestStep]) async throws {
    let time = parts.now()
    try await parts.database.transaction(run.mandate) { transaction in
      let found = try await RequestStore.fetch(request.id, locking: true, in: transaction)
      guard let request = found?.request, request.subject != nil, request.state.isRunning else {
        return
      }
      for step in steps {
        try await RequestStore.put(step, of: request.id, at: time, in: transaction)
      }
      try await RequestStore.update(request.leftToOfficer(), at: time, in: transaction)
    }
  }

  /// That this service's own data are in the archive, as the others write it down of theirs.
  private func ownAccess(_ tables: [String]) async throws -> [SealedAccess] {
    let method =
      request.askedBySubject
      ? OwnRequestServiceMethods.createOwnRequest : PrivacyServiceMethods.createRequest
    let detail = PrivacyAccessDetail(
      .export, tables,
      orderedBy: run.orderedBy(request).map { .person($0) } ?? .service("privacy"),
      method: method, purpose: run.mandate.purpose)
    return try await parts.log.sealed(detail, of: [subject], in: run.claim.tenant)
  }

  private func store(_ steps: [RequestStep]) async throws {
    for step in steps { try await run.put(step) }
  }

  /// False once the person was erased meanwhile: their archive must not come after that.
  private func isOpen(in transaction: TenantTransaction) async throws -> Bool {
    let found = try await RequestStore.fetch(request.id, locking: true, in: transaction)
    return found?.request.subject != nil && found?.request.state.isRunning == true
  }

  /// What every service holds, until it is too much for an archive.
  private func collect() async throws -> (
    tables: [RecordTable], steps: [RequestStep], isTooLarge: Bool
  ) {
    var tables = try await ownRecords()
    var steps = [step("privacy", tables)]
    var bytes = 0
    for holder in parts.holders {
      do {
        let collected = try await records(of: holder, &bytes)
        tables += collected
        steps.append(step(holder.name, collected))
      } catch is ArchiveError {
        return ([], steps + [unfinished(holder, tooLarge)], true)
      } catch {
        try Task.checkCancellation()
        steps.append(unfinished(holder, RequestRun.problem(error, "give the data")))
      }
    }
    return (tables, steps, false)
  }

  private func unfinished(_ holder: DataHolder, _ problem: String) -> RequestStep {
    RequestStep(service: holder.name, done: false, rows: [], found: [], problem: problem)
  }

  private func records(of holder: DataHolder, _ bytes: inout Int) async throws -> [RecordTable] {
    var tables: [String: RecordTable] = [:]
    let stream = try await holder.client.exportSubject(
      run.subjectRequest(request, subject), run.options)
    for try await record in stream {
      bytes += record.fields.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count }
      guard bytes < parts.archiveLimit else {
        throw ArchiveError.tooLarge(bytes: bytes)
      }
      tables[record.table, default: RecordTable(service: holder.name, table: record.table)]
        .add([("record_id", record.recordID)] + record.fields.map { ($0.name, $0.value) })
    }
    return tables.values.sorted { $0.table < $1.table }
  }

  private func ownRecords() async throws -> [RecordTable] {
    let key = try await parts.vault.person(run.claim.tenant, subject, create: true)
    return try await parts.database.transaction(run.mandate) {
      try await SubjectRecords.tables(of: subject, key, in: $0)
    }
  }

  /// The archive in pieces, sealed under the person's key: destroying it takes the archive along.
  private func sealedArchive(
    _ tables: [RecordTable]
  ) async throws -> (chunks: [Sealed<ArchiveChunkColumns.Sealed>], bytes: Int) {
    let archive = try SignedArchive.write(
      RecordTable.companions(of: tables) + tables.flatMap { try $0.files() },
      about: SignedArchive.Subject(
        requestID: request.id, organisationID: run.claim.tenant, subjectID: subject),
      at: parts.now(), keyID: parts.archiveKey.id, signedWith: parts.archiveKey.key)
    guard archive.count <= parts.archiveLimit else {
      throw ArchiveError.tooLarge(bytes: archive.count)
    }
    let key = try await parts.vault.person(run.claim.tenant, subject, create: true)
    let chunks = try stride(from: 0, to: archive.count, by: ArchiveChunk.bytes).enumerated().map {
      position, start in
      let piece = Array(archive[start..<min(start + ArchiveChunk.bytes, archive.count)])
      return try Sealed<ArchiveChunkColumns.Sealed>(
        piece: piece, at: position, row: request.id, key)
    }
    return (chunks, archive.count)
  }

  private func step(_ name: String, _ tables: [RecordTable]) -> RequestStep {
    let rows = tables.map { TableCount(table: $0.table, rows: $0.count) }
    return RequestStep(service: name, done: true, rows: rows, found: [], problem: nil)
  }
}
