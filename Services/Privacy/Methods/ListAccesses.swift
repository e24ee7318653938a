import Access
import Cryptography
import Foundation
import Launch
import RPC
import Schemas
import Storage
import SwiftProtobuf

extension AccessLog {
  func listAccesses(
    _ request: PrivacyListAccessesRequest, _ call: Call
  ) async throws -> PrivacyListAccessesResponse {
    let token = try call.person
    let subject = try request.subjectID.isEmpty
      ? token.subject : UUID(field: "subject_id", request.subjectID)
    guard subject == token.subject || token.roles.contains(.privacyOfficer) else {
      throw AccessLogError.notOwn
    }
    let mandate = call.mandate(token.tenant)
    let list = try await pages.list("accesses/\(subject)", mandate, reader: token.subject)
    let page = try list.page(size: request.pageSize, token: request.pageToken)
    // Before anything is told.
    let written = try await sealed(
      .read, of: [subject], ["access log"], in: token.tenant, call)
    let rows = try await database.transaction(mandate) { transaction in
      let rows = try await AccessLogStore.list(
        about: subject, before: page.after.map { Int($0.microseconds) }, limit: page.size + 1,
        in: transaction)
      // Whoever is unknown here has no key: nothing is written about nobody.
      if !rows.isEmpty { try await append(written, in: transaction) }
      return rows
    }
    guard !rows.isEmpty else { return PrivacyListAccessesResponse() }
    // None if the person is erased at this moment.
    let key = try await vault.keysLeft(of: [subject], token.tenant)[subject]
    let shown = rows.prefix(page.size)
    return try .with {
      $0.accesses = shown.map { PrivacyAccess($0, key) }
      $0.nextPageToken = try list.token(
        rows.count > page.size ? shown.last.map(PagePosition.init) : nil)
    }
  }
}

extension PagePosition {
  /// The log's own order, not the time.
  fileprivate init(_ row: AccessEntryRow) {
    self.init(at: Date(timeIntervalSince1970: Double(row.position) / 1e6), id: row.event)
  }
}

extension PrivacyAccess {
  fileprivate init(_ row: AccessEntryRow, _ key: SealingKey?) {
    self.init()
    position = UInt64(row.position)
    eventID = row.event.canonical
    occurredAt = Google_Protobuf_Timestamp(date: row.occurredAt)
    leafHash = Data(row.leafHash)
    if let key, let bytes = try? row.sealed?.openPiece(at: 0, row: row.event, key),
      let opened = try? PrivacyAccessDetail(serializedBytes: bytes)
    {
      detail = opened
    }
  }
}
