import Access
import Launch
import Postgres
import RPC
import Schemas
import Storage

extension IdentityService {
  func logout(_ request: IdentityLogoutRequest, _ call: Call) async throws -> IdentityLogoutResponse
  {
    let token = try call.person
    try await database.once(
      call.mandate(token.tenant), .sessionEnd(token.tenant, token.session, at: now()))
    return IdentityLogoutResponse()
  }
}
