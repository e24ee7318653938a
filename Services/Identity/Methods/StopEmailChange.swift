import Access
import FoundationEssentials
import Schemas

extension IdentityService {
  func stopEmailChange(
    _ request: IdentityStopEmailChangeRequest, _ call: Call
  ) async throws -> IdentityStopEmailChangeResponse {
    throw IdentityError.invitationUnknown
  }
}
