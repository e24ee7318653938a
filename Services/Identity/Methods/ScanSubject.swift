import Access
import FoundationEssentials
import Schemas
import Storage
import SwiftProtobuf

extension SubjectData {
  func scanSubject(
    _ request: SubjectScanSubjectRequest, _ call: Call
  ) async throws -> SubjectScanSubjectResponse {
    let tenant = try call.tenant(organisation: request.organisationID)
    let subject = try UUID(field: "subject_id", request.subjectID)
    guard request.needles.count <= SubjectScan.maximumNeedles else {
      throw IdentityError.tooManyNeedles(limit: SubjectScan.maximumNeedles)
    }
    let needles = SubjectScan.Needles(subject: subject, texts: request.needles)
    let findings = try await scan(tenant, needles)
    return .with { response in
      response.tables = findings.map { finding in
        .with {
          $0.table = finding.table
          $0.rowsRead = UInt64(finding.rowsRead)
          $0.rowsFound = UInt64(finding.rowsFound)
        }
      }
    }
  }
}
