import Access
import Schemas

extension IdentityService {
  func showStatement(
    _ request: IdentityShowStatementRequest, _ call: Call
  ) async throws -> PrivacyPersonalStatement {
    let somebody = try await identify(request.credential, call)
    let organisation = try await organisation(somebody.tenant, call)
    return try await statement(for: somebody.name, somebody.person, of: organisation, call)
  }
}
