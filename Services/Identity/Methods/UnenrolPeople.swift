import Access
import FoundationEssentials
import Launch
import Postgres
import Schemas
import Storage
import SwiftProtobuf

extension IdentityService {
  func unenrolPeople(
    _ request: IdentityUnenrolPeopleRequest, _ call: Call
  ) async throws -> IdentityUnenrolPeopleResponse {
    let people = try enrolled(request.personIds)
    return try await changeProgramme(request.programmeID, call) { change in
      let left = try await change.transaction.query(
        .enrolmentLeave(change.tenant, change.programme.id, people, on: change.today))
      return .with { $0.unenrolled = UInt32(left.affected) }
    }
  }
}
