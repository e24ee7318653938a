import Access
import Schemas

extension IdentityService {
  func login(_ request: IdentityLoginRequest, _ call: Call) async throws -> IdentityLoginResponse {
    let account = try await authenticate(
      organisation: request.organisationID, email: request.email, password: request.password,
      call)
    let device = try await remembered(request.deviceToken, account, call)
    let signIn = SignInRow(of: account, at: now(), device.map { _ in .device })
    return try await proceed(account, signIn, using: device, call)
  }
}
