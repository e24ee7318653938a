package import Access
package import RPC
package import Schemas
import SwiftProtobuf

extension FeedbackSubjectData {
  package func exportSubject(
    _ request: SubjectSubjectRequest, _ call: Call,
    _ responses: ResponseWriter<SubjectSubjectRecord>
  ) async throws {
    let person = try Person(
      call, organisation: request.organisationID, subject: request.subjectID)
    try await store.export(person) { record in
      try await responses.send(
        .with {
          $0.table = record.table
          $0.recordID = record.id
          $0.fields = record.fields.map { field in
            .with {
              $0.name = field.name
              $0.value = field.value
            }
          }
        })
    }
  }
}
