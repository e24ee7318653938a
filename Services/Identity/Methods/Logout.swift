import Access
import Postgres
import RPC
import Schemas
import Storage

extension IdentityService {
  func logout(_ request: IdentityLogoutRequest, _ call: Call) async throws -> IdentityLogoutResponse
  {
    let token = try call.person
    try await database.once(
      tenant: token.tenant, deadline: call.rpc.deadline,
      .sessionEnd(token.tenant, token.session, at: now()))
    return IdentityLogoutResponse()
  }
}
