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

  /// Those for whom the purpose is stopped are left out, and nobody is told that they are.
  func listReportedPeople(
    _ request: IdentityListReportedPeopleRequest, _ call: Call
  ) async throws -> IdentityListReportedPeopleResponse {
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
    let day = min(max(organisation.today(now()), programme.begin), programme.end)
    var enrolled: [(person: UUID, on: Day)] = []
    for row in results[2] {
      let (enrolment, person) = (try Enrolment(row), try row.get("person_id", as: UUID.self))
      guard enrolment.isActive(in: programme, on: day), !call.isStopped(for: person, in: tenant)
      else { continue }
      enrolled.append((person, enrolment.enrolledOn))
    }
    let rows = try await database.once(
      call.mandate(tenant), .personFetch(tenant, enrolled.map(\.person)))[0]
    let people = try await colleagues(rows.map(PersonRow.init), tenant, call)
    let last: UUID? = try results[2].last?.get("person_id")
    return .with { response in
      response.people = enrolled.compactMap { person, day in
        people[person].map { colleague in
          .with {
            $0.personID = colleague.personID
            $0.name = colleague.name
            $0.enrolledOn = day.description
          }
        }
      }
      if results[2].count == Self.limit, let last { response.nextPersonID = last.canonical }
    }
  }
}
