import Access
import Cryptography
import FoundationEssentials
import Launch
import Postgres
import Schemas
import Storage
import SwiftProtobuf

extension IdentityService {
  private static var limit: Int { 100 }

  func listUnder16Reports(
    _ request: IdentityListUnder16ReportsRequest, _ call: Call
  ) async throws -> IdentityListUnder16ReportsResponse {
    let tenant = try call.tenant()
    let rows = try await database.once(
      call.mandate(tenant), .minorReportList(tenant, limit: Self.limit))[0]
    let reports = try rows.map { IdentityUnder16Report(try MinorReportRow($0)) }
    return .with { $0.reports = reports }
  }
}

extension IdentityUnder16Report {
  init(_ row: MinorReportRow) {
    self = .with {
      $0.reportID = row.id.canonical
      $0.personID = row.person.canonical
      $0.reporterID = row.reporter?.canonical ?? ""
      $0.reportedAt = Google_Protobuf_Timestamp(date: row.reportedAt)
      guard let resolution = row.resolution, let resolvedAt = row.resolvedAt else { return }
      $0.resolution =
        switch resolution {
        case .consent: .consent
        case .notUnder16: .notUnder16
        }
      $0.resolvedAt = Google_Protobuf_Timestamp(date: resolvedAt)
    }
  }
}
