import Access
import Foundation
import Launch
import RPC
import Schemas
import Storage
import SwiftProtobuf

extension RequestDesk {
  func createDownload(
    _ request: PrivacyCreateDownloadRequest, _ call: Call
  ) async throws -> PrivacyDownload {
    let (tenant, time) = (try call.tenant(), now())
    let found = try await found(request.requestID, call).request
    guard found.kind == .portability else { throw RequestError.notPortability }
    guard found.state == .completed else { throw RequestError.notCompleted }
    guard found.archiveBytes > 0 else { throw RequestError.handedOver }
    guard let key = try await key(of: found.subject, tenant) else {
      throw RequestError.archiveGone
    }
    let recipient = try await recipient(of: found, tenant, key, call)
    let code = DownloadCode.make(tenant: tenant)
    let end = try DownloadCode.expiry(hours: request.hours, from: time)
    try await database.transaction(call.mandate(tenant)) {
      try await ArchiveStore.put(code, of: found.id, until: end, in: $0)
    }
    return .with {
      $0.code = code.text
      $0.expiresAt = Google_Protobuf_Timestamp(date: end)
      $0.recipient = recipient
    }
  }

  func openDownload(
    _ request: PrivacyOpenDownloadRequest, _ call: Call,
    _ responses: ResponseWriter<PrivacyArchiveChunk>
  ) async throws {
    let code = try DownloadCode(request.code)
    let mandate = call.mandate(code.tenant)
    let time = now()
    let found = try await database.transaction(mandate) { transaction -> PrivacyRequest? in
      guard let id = try await ArchiveStore.use(code, at: time, in: transaction) else { return nil }
      return try await RequestStore.fetch(id, in: transaction)?.request
    }
    guard let found, found.subject != nil else { throw RequestError.codeUnknown }
    try await send(found, in: code.tenant, call, to: responses)
  }
}
