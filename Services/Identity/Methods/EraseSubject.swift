import Access
import FoundationEssentials
import Postgres
import RPC
import Schemas
import Storage
import SwiftProtobuf

extension SubjectData {
  /// Rows first, then the key: if the second half fails, a repetition finds nothing to delete and
  /// destroys the key.
  func eraseSubject(
    _ request: SubjectSubjectRequest, _ call: Call
  ) async throws -> SubjectEraseSubjectResponse {
    let tenant = try call.tenant(organisation: request.organisationID)
    let subject = try UUID(field: "subject_id", request.subjectID)
    let tables = SubjectTable.allCases
    let results = try await database.once(
      tenant: tenant, deadline: call.rpc.deadline, all: tables.map { $0.delete(tenant, subject) })
    try await vault.destroyPerson(tenant, subject)
    return .with { response in
      response.keyDestroyed = true
      response.erased = zip(tables, results).map { table, result in
        .with {
          $0.table = table.rawValue
          $0.rows = UInt64(result.affected)
        }
      }
    }
  }
}
