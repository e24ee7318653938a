import Access
import FoundationEssentials
import Launch
import Postgres
import RPC
import Schemas
import Storage

extension IdentityService {
  /// One that was revoked before is no error.
  func revokeCredential(
    _ request: IdentityRevokeCredentialRequest, _ call: Call
  ) async throws -> IdentityServiceAccount {
    let id = try UUID(field: "service_account_id", request.serviceAccountID)
    let credential = try UUID(field: "credential_id", request.credentialID)
    let time = now()
    let event = try await securityEvent(
      SecurityEvent(.credentialRevoked, session: credential), of: .platform, call)
    try await database.transaction(call.mandate(.platform)) { transaction in
      let known = try await transaction.query(.serviceCredentialLock(id, credential))
      guard let row = known.first else { throw ServiceAccountError.credentialNotFound }
      guard try ServiceCredential(row).revokedAt == nil else { return }
      try await transaction.query(.serviceCredentialRevoke(id, [credential], at: time))
      try transaction.queryAtCommit([event])
      try revokeTokens(ofSessions: [credential], at: time, in: transaction)
    }
    return try await shownServiceAccount(id, call)
  }
}
