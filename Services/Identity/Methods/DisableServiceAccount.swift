import Access
import FoundationEssentials
import Launch
import Postgres
import RPC
import Schemas
import Storage

extension IdentityService {
  /// One that was disabled before is no error. Its credentials are revoked with it, so that none
  /// of them says that it still counts.
  func disableServiceAccount(
    _ request: IdentityDisableServiceAccountRequest, _ call: Call
  ) async throws -> IdentityServiceAccount {
    let id = try UUID(field: "service_account_id", request.serviceAccountID)
    let time = now()
    let event = try await securityEvent(
      SecurityEvent(.serviceAccountDisabled), of: .platform, call)
    try await database.transaction(call.mandate(.platform)) { transaction in
      let account = try await lockedServiceAccount(id, in: transaction)
      guard account.disabledAt == nil else { return }
      try await transaction.query(.serviceAccountDisable(id, at: time))
      let counting = try await transaction.query(.serviceCredentialLockAll(id))
      let credentials: [UUID] = try counting.map { try $0.get("service_credential_id") }
      try await transaction.query(.serviceCredentialRevoke(id, credentials, at: time))
      try transaction.queryAtCommit([event])
      try revokeTokens(ofSessions: credentials, at: time, in: transaction)
    }
    return try await shownServiceAccount(id, call)
  }
}
