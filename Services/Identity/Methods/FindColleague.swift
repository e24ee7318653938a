import Access
import Launch
import Postgres
import RPC
import Schemas
import Storage

extension IdentityService {
  func findColleague(
    _ request: IdentityFindColleagueRequest, _ call: Call
  ) async throws -> IdentityColleague {
    let tenant = try call.tenant()
    let email = try RequestField.email.check { () throws(FieldProblem) in
      try EmailAddress(request.email)
    }
    let index = try await vault.blindIndex(tenant, email.normalised)
    let results = try await database.once(
      call.mandate(tenant), .personFetch(tenant, emailIndex: index))
    let people = try await colleagues(results[0].map(PersonRow.init), tenant, call)
    guard let found = people.values.first else { throw IdentityError.colleagueNotFound }
    return found
  }
}
