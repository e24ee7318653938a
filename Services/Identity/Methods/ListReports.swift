import Access
import FoundationEssentials
import Launch
import Postgres
import Schemas
import Storage
import SwiftProtobuf

extension IdentityService {
  private static var limit: Int { 500 }

  func listReports(
    _ request: IdentityListReportsRequest, _ call: Call
  ) async throws -> IdentityListReportsResponse {
    let token = try call.person
    let rows = try await database.once(
      call.mandate(token.tenant),
      .reportList(token.tenant, of: token.subject, limit: Self.limit))[0]
    let people = try await colleagues(rows.map(PersonRow.init), token.tenant, call)
    return .with {
      $0.reports = people.values.sorted { ($0.name, $0.personID) < ($1.name, $1.personID) }
    }
  }
}
