import Access
import Schemas
import SwiftProtobuf

extension IdentityService {
  func rotateSigningKey(
    _ request: IdentityRotateSigningKeyRequest, _ call: Call
  ) async throws -> IdentityRotateSigningKeyResponse {
    let id = try await keys.rotate()
    return .with { $0.keyID = id }
  }
}
