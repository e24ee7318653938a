import Access
import FoundationEssentials
import Postgres
import Schemas
import Storage

extension IdentityService {
  func revokeRole(
    _ request: IdentityRevokeRoleRequest, _ call: Call
  ) async throws -> IdentityPerson {
    let role = try request.role.role()
    return try await changeRights(request.personID, call) { change in
      guard Granting.roles.contains(role) else { throw IdentityError.roleNotGiven }
      let revocation = SQL.roleRevoke(change.tenant, change.person, role, on: change.today)
      try await change.transaction.query(all: revocation)
      if role == .administrator { try await change.requireAdministrator() }
      try change.record(.roleRevoked, role: role)
      try await change.replaceTokens()
    }
  }
}
