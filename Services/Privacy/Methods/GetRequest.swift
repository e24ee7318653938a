import Access
import Foundation
import Launch
import RPC
import Schemas
import Storage
import SwiftProtobuf

extension PrivacyService {
  func getRequest(
    _ request: PrivacyGetRequestRequest, _ call: Call
  ) async throws -> PrivacyPrivacyRequest {
    let found = try await fetchRequest(try UUID(field: "request_id", request.requestID), call)
    return found.request.message(found.steps)
  }

  /// A request of the caller's organisation with its steps.
  func fetchRequest(
    _ id: UUID, _ call: Call
  ) async throws -> (request: PrivacyRequest, steps: [RequestStep]) {
    let found = try await database.transaction(call.mandate(call.tenant())) {
      try await RequestStore.fetch(id, in: $0)
    }
    guard let found else { throw RequestError.requestAbsent }
    return found
  }
}

extension PrivacyRequest {
  func message(_ steps: [RequestStep]) -> PrivacyPrivacyRequest {
    .with {
      $0.requestID = id.uuidString.lowercased()
      $0.kind = kind == .access ? .access : .erasure
      $0.state =
        switch state {
        case .running: .running
        case .completed: .completed
        case .incomplete: .incomplete
        }
      $0.subjectID = subject?.uuidString.lowercased() ?? ""
      $0.receivedAt = Google_Protobuf_Timestamp(date: receivedAt)
      $0.dueAt = Google_Protobuf_Timestamp(date: dueAt)
      if let completedAt { $0.completedAt = Google_Protobuf_Timestamp(date: completedAt) }
      $0.steps = steps.map(\.message)
      $0.archiveBytes = UInt64(archiveBytes)
    }
  }
}

extension RequestStep {
  fileprivate var message: PrivacyRequestStep {
    .with {
      $0.service = service
      $0.done = done
      $0.rows = rows.map(\.message)
      $0.found = found.map(\.message)
      $0.problem = problem ?? ""
    }
  }
}

extension TableCount {
  fileprivate var message: PrivacyTableCount {
    .with {
      $0.table = table
      $0.rows = UInt64(rows)
    }
  }
}
