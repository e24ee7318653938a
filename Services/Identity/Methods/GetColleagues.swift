import Access
import Cryptography
import FoundationEssentials
import Launch
import Postgres
import RPC
import Schemas
import Storage
import SwiftProtobuf

extension IdentityService {
  private static let limit = 100

  func getColleagues(
    _ request: IdentityGetColleaguesRequest, _ call: Call
  ) async throws -> IdentityGetColleaguesResponse {
    let tenant: UUID
    if case .person(let token) = call.caller {
      tenant = token.tenant
    } else {
      tenant = try call.tenant(organisation: request.organisationID)
    }
    guard request.personIds.count <= Self.limit else {
      throw IdentityError.tooManyColleagues(limit: Self.limit)
    }
    let ids = try request.personIds.map { try UUID(field: "person_ids", $0) }
    let results = try await database.once(
      call.mandate(tenant), .personFetch(tenant, ids))
    let people = try await colleagues(results[0].map(PersonRow.init), tenant, call)
    return try .with { response in
      response.colleagues = try ids.map { id in
        guard let person = people[id] else { throw IdentityError.colleagueNotFound }
        return person
      }
    }
  }

  /// Whose key was destroyed is nobody any more. That they were looked up is written down before
  /// they are told.
  func colleagues(
    _ rows: [PersonRow], _ tenant: UUID, _ call: Call
  ) async throws -> [UUID: IdentityColleague] {
    guard !rows.isEmpty else { return [:] }
    let written = try await accesses.statements(
      .read, of: rows.map(\.id),
      SchemaCatalogue.personalFields(of: IdentityColleague.protoMessageName), in: tenant, call)
    if !written.isEmpty {
      try await database.once(call.mandate(tenant), all: written)
      accesses.ring()
    }
    let keys = try await vault.persons(tenant, rows.map(\.id))
    var people: [UUID: IdentityColleague] = [:]
    for row in rows {
      guard let key = keys[row.id] else { continue }
      let name = try row.name(key)
      people[row.id] = .with {
        $0.personID = row.id.canonical
        $0.name = name
      }
    }
    return people
  }
}
