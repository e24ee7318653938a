import Access
import Launch
import Schemas
import Storage
import SwiftProtobuf

extension AccessLog {
  func getLogCheckpoint(
    _ request: PrivacyGetLogCheckpointRequest, _ call: Call
  ) async throws -> PrivacyLogCheckpoint {
    let head = try await database.transaction(call.mandate(call.tenant())) {
      try await AccessLogStore.head(in: $0)
    }
    guard let head else { return PrivacyLogCheckpoint() }
    return .with {
      $0.note = head.note
      $0.size = UInt64(head.size)
      $0.signedAt = Google_Protobuf_Timestamp(date: head.signedAt)
    }
  }
}
