import Access
import FoundationEssentials
import Postgres
import Schemas

extension IdentityService {
  /// Longest line of people who lead one another.
  private static var chainLimit: Int { 50 }

  func setManager(
    _ request: IdentitySetManagerRequest, _ call: Call
  ) async throws -> IdentityPerson {
    let manager = try request.managerID.isEmpty
      ? nil : UUID(field: "manager_id", request.managerID)
    return try await changeRights(request.personID, call) { change in
      try change.record(.managerSet)
      guard let manager else {
        try await change.query(.managerClear(change.tenant, change.person))
        return
      }
      guard let account = try await change.account(manager) else {
        throw IdentityError.colleagueNotFound
      }
      guard account.rights.end(of: .manager, on: change.today) != nil else {
        throw IdentityError.notAManager
      }
      let limit = Self.chainLimit
      let chain = try await change.query(
        .managerChain(change.tenant, above: manager, limit: limit))[0]
      let above = try chain.map { try $0.get("person_id") as UUID }
      guard !above.contains(change.person) else { throw IdentityError.managerCircle }
      guard above.count < limit else { throw IdentityError.managerChainTooLong(limit: limit) }
      try await change.query(
        .managerSet(change.tenant, change.person, manager, at: change.time))
    }
  }
}
