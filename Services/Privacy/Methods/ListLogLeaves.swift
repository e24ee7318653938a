import Access
import Archive
import Cryptography
import Foundation
import Launch
import RPC
import Schemas
import Storage
import SwiftProtobuf

extension AccessLog {
  func listLogLeaves(
    _ request: PrivacyListLogLeavesRequest, _ call: Call,
    _ responses: ResponseWriter<PrivacyLogLeaf>
  ) async throws {
    let mandate = try call.mandate(call.tenant())
    let end = try await database.transaction(mandate) {
      try await AccessLogStore.head(in: $0)?.size ?? 0
    }
    guard request.from <= UInt64(end) else { throw AccessLogError.beyondEnd(size: end) }
    var next = Int(request.from)
    while next < end {
      let rows = try await database.transaction(mandate) { [next] in
        try await AccessLogStore.list(from: next, until: end, in: $0)
      }
      // A gap is not bridged here: whoever builds the tree is to see it.
      guard let last = rows.last else { return }
      for row in rows { try await responses.send(PrivacyLogLeaf(row)) }
      next = last.position + 1
    }
  }
}

extension PrivacyLogLeaf {
  fileprivate init(_ row: AccessEntryRow) {
    self = .with {
      $0.position = UInt64(row.position)
      $0.eventID = row.event.canonical
      $0.occurredAt = Google_Protobuf_Timestamp(date: row.occurredAt)
      $0.subjectCommitment = Data(row.commitment)
      $0.sealedSha256 = Data(row.leaf.sealedDigest)
      $0.subjectID = row.subject?.canonical ?? ""
      $0.leafHash = Data(row.leafHash)
    }
  }
}
