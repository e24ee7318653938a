import Access
import Foundation
import Launch
import RPC
import Schemas
import Storage
import SwiftProtobuf

extension PrivacyService {
  func fetchArchive(
    _ request: PrivacyFetchArchiveRequest, _ call: Call,
    _ responses: ResponseWriter<PrivacyArchiveChunk>
  ) async throws {
    let found = try await requests.found(request.requestID, call)
    try await requests.send(found.request, in: call.tenant(), call, to: responses)
  }
}

extension RequestDesk {
  func fetchOwnArchive(
    _ request: PrivacyFetchOwnArchiveRequest, _ call: Call,
    _ responses: ResponseWriter<PrivacyArchiveChunk>
  ) async throws {
    let found = try await ownFound(request.requestID, call)
    try await send(found.request, in: call.tenant(), call, to: responses)
  }

  /// The archive of a completed request, piece by piece; that it was handed out stands in the log
  /// before the first of them is.
  func send(
    _ request: PrivacyRequest, in tenant: UUID, _ call: Call,
    to responses: ResponseWriter<PrivacyArchiveChunk>
  ) async throws {
    guard request.kind.isCollected else { throw RequestError.notCollected }
    guard let subject = request.subject else { throw RequestError.archiveGone }
    guard request.state == .completed else { throw RequestError.notCompleted }
    guard request.archiveBytes > 0 else { throw RequestError.handedOver }
    guard let key = try await key(of: subject, tenant) else { throw RequestError.archiveGone }
    try await log.write(
      .export, of: [subject], ["archive"], in: tenant, call,
      holder: recipient(of: request, tenant, key, call))
    for position in 0... {
      let sealed = try await database.transaction(call.mandate(tenant)) {
        try await ArchiveStore.chunk(position, of: request.id, in: $0)
      }
      guard let sealed else { return }
      let bytes = try sealed.openPiece(at: position, row: request.id, key)
      try await responses.send(.with { $0.data = Data(bytes) })
    }
  }
}
