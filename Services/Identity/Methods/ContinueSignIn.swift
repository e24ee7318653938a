import Access
import Schemas

extension IdentityService {
  func continueSignIn(
    _ request: IdentityContinueSignInRequest, _ call: Call
  ) async throws -> IdentityLoginResponse {
    let resumed = try await resume(request.challenge, call)
    let answer = try await proceed(
      resumed.account, resumed.signIn, challenge: resumed.challenge, using: nil, call)
    guard answer.hasChallenge else { return answer }
    switch answer.challenge.step {
    case .factor: throw IdentityError.factorNeeded
    case .factorSetup: throw IdentityError.factorSetupNeeded
    case .statement, .unspecified, .UNRECOGNIZED:
      throw IdentityError.statementNotAccepted(version: answer.challenge.statement.version)
    }
  }
}
