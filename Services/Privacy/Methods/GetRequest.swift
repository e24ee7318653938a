import Access
import Launch
import RPC
import Schemas

extension PrivacyService {
  func getRequest(
    _ request: PrivacyGetRequestRequest, _ call: Call
  ) async throws -> PrivacyPrivacyRequest {
    try await requests.answer(requests.found(request.requestID, call), call)
  }
}
