import Foundation
import ProgramSupport
import RPC
import Schemas
import SwiftProtobuf

/// Of the organisation's reports, and of what privacy has identity carry out.
extension Samples {
  static let reports: [String: MethodSample] = [
    "ikso.identity.v1.ReportService/GetParticipationReport": MethodSample(.nothing) { _ in
      IdentityGetParticipationReportRequest()
    },
    "ikso.identity.v1.ReportService/ListReportedPeople": MethodSample(.notFound) { targets in
      IdentityListReportedPeopleRequest.with { $0.programmeID = targets.programme }
    },
    "ikso.identity.v1.PersonDeskService/CheckPerson": MethodSample(.notFound) { targets in
      IdentityCheckPersonRequest.with {
        $0.organisationID = targets.organisation
        $0.personID = targets.person
      }
    },
    "ikso.identity.v1.PersonDeskService/RectifyPerson": MethodSample(.notFound) { targets in
      IdentityRectifyPersonRequest.with {
        $0.organisationID = targets.organisation
        $0.personID = targets.person
        $0.field = .name
        $0.newValue = "Vera Verbeterd"
        $0.orderedBy = targets.person
      }
    },
  ]
}

extension Organisation {
  /// Instructs reports with names, and waits until identity knows: `person` tells by asking.
  func instructReporting(_ officer: CallOptions, asking person: CallOptions) async throws {
    _ = try await ConsentServiceClient(house.gateway).instructPurpose(
      .with {
        $0.purpose = .reporting
        $0.reference = "Instructie 12b"
      }, officer)
    let reports = ReportServiceClient(house.gateway)
    try await until("identity knows of the instruction") {
      do {
        _ = try await reports.listReportedPeople(
          .with { $0.programmeID = UUID().uuidString }, person)
        return true
      } catch let error as RPCError {
        return error.code == .notFound
      }
    }
  }
}
