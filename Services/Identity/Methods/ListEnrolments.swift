import Access
import Cryptography
import FoundationEssentials
import Launch
import Postgres
import Schemas
import Storage
import SwiftProtobuf

extension IdentityService {
  private static var limit: Int { 500 }

  func listEnrolments(
    _ request: IdentityListEnrolmentsRequest, _ call: Call
  ) async throws -> IdentityListEnrolmentsResponse {
    let tenant = try call.tenant()
    let id = try UUID(field: "programme_id", request.programmeID)
    let after = try request.afterPersonID.isEmpty
      ? nil : UUID(field: "after_person_id", request.afterPersonID)
    let results = try await database.once(
      call.mandate(tenant), .organisationFetch(tenant), .programmeFetch(tenant, id),
      .enrolmentList(tenant, id, after: after, limit: Self.limit))
    guard let organisation = try results[0].first.map(OrganisationRow.init),
      let programme = try results[1].first.map({ try Programme($0) })
    else { throw IdentityError.programmeNotFound }
    // Of one that is over: as it was on its last day.
    let day = min(organisation.today(now()), programme.end)
    return try .with { response in
      response.enrolments = try results[2].compactMap { row in
        let enrolment = try Enrolment(row)
        let begun = max(day, enrolment.enrolledOn)
        guard enrolment.isActive(in: programme, on: begun) else { return nil }
        let person: UUID = try row.get("person_id")
        return .with {
          $0.personID = person.canonical
          $0.enrolledOn = enrolment.enrolledOn.description
          $0.endsOn = programme.end.description
        }
      }
    }
  }
}
