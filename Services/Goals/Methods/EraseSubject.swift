package import Access
package import Schemas
import SwiftProtobuf

extension GoalsSubjectData {
  package func eraseSubject(
    _ request: SubjectSubjectRequest, _ call: Call
  ) async throws -> SubjectEraseSubjectResponse {
    let owner = try Owner(
      call, organisation: request.organisationID, subject: request.subjectID)
    let erased = try await store.erase(owner)
    return .with {
      $0.erased = erased.map { table in
        .with {
          $0.table = table.table
          $0.rows = UInt64(table.rows)
        }
      }
      $0.keyDestroyed = true
    }
  }
}
