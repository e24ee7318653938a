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
    let tenant = try call.tenant()
    let id = try UUID(field: "request_id", request.requestID)
    let (found, _) = try await fetchRequest(id, call)
    guard found.kind == .access else { throw RequestError.notAccess }
    guard let subject = found.subject else { throw RequestError.archiveGone }
    guard found.state == .completed else { throw RequestError.notCompleted }
    let key = try await vault.person(tenant, subject)
    for position in 0... {
      let sealed = try await database.transaction(call.mandate(tenant)) {
        try await RequestStore.archiveChunk(position, of: id, in: $0)
      }
      guard let sealed else { return }
      let bytes = try sealed.openPiece(at: position, row: id, key)
      try await responses.send(.with { $0.data = Data(bytes) })
    }
  }
}
