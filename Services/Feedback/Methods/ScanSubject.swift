package import Access
import RPC
package import Schemas
import Storage
import SwiftProtobuf

extension FeedbackSubjectData {
  package func scanSubject(
    _ request: SubjectScanSubjectRequest, _ call: Call
  ) async throws -> SubjectScanSubjectResponse {
    let person = try Person(
      call, organisation: request.organisationID, subject: request.subjectID)
    guard request.needles.count <= SubjectScan.maximumNeedles else {
      throw RPCError.invalidArgument("needles must be at most \(SubjectScan.maximumNeedles)")
    }
    let findings = try await scan(
      person.tenant, SubjectScan.Needles(subject: person.id, texts: request.needles))
    return .with {
      $0.tables = findings.map { finding in
        .with {
          $0.table = finding.table
          $0.rowsRead = UInt64(finding.rowsRead)
          $0.rowsFound = UInt64(finding.rowsFound)
        }
      }
    }
  }
}
