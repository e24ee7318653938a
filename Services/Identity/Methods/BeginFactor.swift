import Access
import Schemas

extension IdentityService {
  func beginFactor(
    _ request: IdentityBeginFactorRequest, _ call: Call
  ) async throws -> IdentityTOTPSetup {
    let resumed = try await resume(request.challenge, call)
    // A factor that is there is given, never replaced, by somebody who has the password alone.
    guard !resumed.account.row.hasSecondFactor else { throw IdentityError.factorNeeded }
    return try await beginSetup(of: resumed.account.person, resumed.account.tenant, call)
  }
}
