import Access
import FoundationEssentials
import Launch
import Postgres
import RPC
import Schemas
import Storage

extension IdentityService {
  func changePassword(
    _ request: IdentityChangePasswordRequest, _ call: Call
  ) async throws -> IdentityChangePasswordResponse {
    let token = try call.person
    let account = try await ownAccount(call)
    let verified: String?
    do {
      verified = try await requirePassword(request.currentPassword, of: token, call)
    } catch IdentityError.passwordWrong {
      throw IdentityError.currentPasswordWrong
    }
    let password = try await newPassword(request.newPassword, for: account, of: token.tenant, call)
    try await changeAccount(
      account.person, .passwordChanged, .passwordChanged, .passwordChanged, call
    ) { transaction in
      try await change(
        token.subject, to: password, verified: verified, of: token.tenant, at: now(),
        in: transaction)
    }
    return IdentityChangePasswordResponse()
  }
}
