import Access
import FoundationEssentials
import Launch
import Postgres
import Schemas
import Storage
import SwiftProtobuf

extension IdentityService {
  private static var limit: Int { 500 }

  func enrolPeople(
    _ request: IdentityEnrolPeopleRequest, _ call: Call
  ) async throws -> IdentityEnrolPeopleResponse {
    let people = try enrolled(request.personIds)
    return try await changeProgramme(request.programmeID, call) { change in
      let first = try change.programme.firstDay(enrolledOn: change.today)
      let results = try await change.transaction.query(all: [
        .personFetch(change.tenant, people),
        .enrolmentInsert(change.tenant, change.programme.id, people, on: first),
      ])
      guard results[0].count == people.count else { throw IdentityError.colleagueNotFound }
      return .with { $0.enrolled = UInt32(results[1].affected) }
    }
  }

  /// The people of a request that enrols or unenrols, each once.
  func enrolled(_ ids: [String]) throws -> [UUID] {
    guard !ids.isEmpty else { throw IdentityError.field(.personIDs, .empty) }
    guard ids.count <= Self.limit else {
      throw IdentityError.field(.personIDs, .tooMany(limit: Self.limit))
    }
    return try Array(Set(ids.map { try UUID(field: "person_ids", $0) }))
  }
}
