import Access
import FoundationEssentials
import Launch
import Postgres
import Schemas
import Storage
import SwiftProtobuf

extension IdentityService {
  func getParticipationReport(
    _ request: IdentityGetParticipationReportRequest, _ call: Call
  ) async throws -> IdentityParticipationReport {
    let tenant = try call.tenant()
    let today = try await organisation(tenant, call).today(now())
    let rows = try await database.once(
      call.mandate(tenant), .participation(tenant, on: today, limit: Participation.limit))[0]
    let programmes = try rows.map { row in
      Participation(
        try Programme(row), participants: Int(try row.get("participants", as: Int64.self)),
        on: today)
    }
    return .with {
      $0.asOfDay = today.description
      $0.programmes = programmes.map(IdentityProgrammeParticipation.init)
    }
  }
}

extension IdentityProgrammeParticipation {
  fileprivate init(_ participation: Participation) {
    self = .with {
      $0.programme = IdentityProgramme(participation.programme)
      $0.state =
        switch participation.state {
        case .planned: .planned
        case .running: .running
        case .ended: .ended
        }
      $0.participants = UInt32(participation.participants ?? 0)
      $0.isSuppressed = participation.participants == nil
    }
  }
}
