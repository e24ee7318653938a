package import Access
package import Schemas
import SwiftProtobuf

extension FeedbackSubjectData {
  package func eraseSubject(
    _ request: SubjectSubjectRequest, _ call: Call
  ) async throws -> SubjectEraseSubjectResponse {
    let person = try Person(
      call, organisation: request.organisationID, subject: request.subjectID)
    let erased = try await store.erase(person)
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
