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
    try await requests.send(found.request, call.mandate(call.tenant()), to: responses)
  }
}

extension RequestDesk {
  func fetchOwnArchive(
    _ request: PrivacyFetchOwnArchiveRequest, _ call: Call,
    _ responses: ResponseWriter<PrivacyArchiveChunk>
  ) async throws {
    let found = try await ownFound(request.requestID, call)
    try await send(found.request, call.mandate(call.tenant()), to: responses)
  }

  /// The archive of a completed request, piece by piece.
  func send(
    _ request: PrivacyRequest, _ mandate: Mandate,
    to responses: ResponseWriter<PrivacyArchiveChunk>
  ) async throws {
    guard request.kind.isCollected else { throw RequestError.notCollected }
    guard request.subject != nil else { throw RequestError.archiveGone }
    guard request.state == .completed else { throw RequestError.notCompleted }
    guard let key = try await key(of: request.subject, mandate.tenant) else {
      throw RequestError.archiveGone
    }
    for position in 0... {
      let sealed = try await database.transaction(mandate) {
        try await ArchiveStore.chunk(position, of: request.id, in: $0)
      }
      guard let sealed else { return }
      let bytes = try sealed.openPiece(at: position, row: request.id, key)
      try await responses.send(.with { $0.data = Data(bytes) })
    }
  }
}
