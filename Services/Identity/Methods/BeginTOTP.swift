import Access
import Schemas

extension IdentityService {
  func beginTotp(
    _ request: IdentityBeginTOTPRequest, _ call: Call
  ) async throws -> IdentityTOTPSetup {
    try await beginSetup(of: try await ownAccount(call).person, try call.tenant(), call)
  }
}
