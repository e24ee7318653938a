import Access
import Schemas

extension IdentityService {
  func login(_ request: IdentityLoginRequest, _ call: Call) async throws -> IdentityLoginResponse {
    let account = try await authenticate(
      organisation: request.organisationID, email: request.email, password: request.password,
      call)
    return try await proceed(account, SignInRow(of: account, at: now()), call)
  }
}
