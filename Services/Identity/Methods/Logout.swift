import Access
import Launch
import Schemas
import Storage

extension IdentityService {
  func logout(_ request: IdentityLogoutRequest, _ call: Call) async throws -> IdentityLogoutResponse
  {
    let token = try call.person
    let origin = try await origin(of: call, in: token.tenant)
    _ = try await database.transaction(call.mandate(token.tenant)) { transaction in
      try await sessions.end(
        token.session, of: token.subject, .signedOut, by: origin, at: now(), in: transaction)
    }
    return IdentityLogoutResponse()
  }
}
