import Access
import Schemas
import Storage
import SwiftProtobuf

extension IdentityService {
  func rotateSigningKey(
    _ request: IdentityRotateSigningKeyRequest, _ call: Call
  ) async throws -> IdentityRotateSigningKeyResponse {
    let event = try await securityEvent(SecurityEvent(.signingKeyRotated), of: .platform, call)
    let id = try await keys.rotate(event)
    return .with { $0.keyID = id }
  }
}
