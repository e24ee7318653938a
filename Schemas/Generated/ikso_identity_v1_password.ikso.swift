// Generated from ikso/identity/v1/password.proto by protoc-gen-ikso.
// Don't edit; run Schemas/generate.

package import Access
package import RPC

/// The methods of `ikso.identity.v1.PasswordService`.
package enum PasswordServiceMethods {
  package static let changePassword = MethodDescriptor(
    service: "ikso.identity.v1.PasswordService", name: "ChangePassword",
    kind: .unary, idempotent: false)
  package static let requestPasswordReset = MethodDescriptor(
    service: "ikso.identity.v1.PasswordService", name: "RequestPasswordReset",
    kind: .unary, idempotent: false)
  package static let resetPassword = MethodDescriptor(
    service: "ikso.identity.v1.PasswordService", name: "ResetPassword",
    kind: .unary, idempotent: false)

  package static let all: [(MethodDescriptor, AccessPolicy)] = [
    (changePassword, PasswordServicePolicies.changePassword),
    (requestPasswordReset, PasswordServicePolicies.requestPasswordReset),
    (resetPassword, PasswordServicePolicies.resetPassword),
  ]
}

/// Who may call the methods of `ikso.identity.v1.PasswordService`, and what for.
package enum PasswordServicePolicies {
  package static let changePassword = AccessPolicy(
    anyone: false,
    roles: [.participant, .coach, .manager, .administrator, .privacyOfficer, .auditor, .operator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "sign-in", idempotent: false)
  package static let requestPasswordReset = AccessPolicy(
    anyone: true,
    roles: [],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "sign-in", idempotent: false)
  package static let resetPassword = AccessPolicy(
    anyone: true,
    roles: [],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "sign-in", idempotent: false)
}

/// Another password for somebody who has one. The person alone chooses it, and is told by mail.
package protocol PasswordServiceHandler: Sendable {
  /// Needs the current password; ends the caller's other sessions.
  func changePassword(
    _ request: IdentityChangePasswordRequest, _ call: Call
  ) async throws -> IdentityChangePasswordResponse

  /// Mails a link that counts once, for half an hour. The answer is the same and comes in the same
  /// time, whether or not there is such an account.
  func requestPasswordReset(
    _ request: IdentityRequestPasswordResetRequest, _ call: Call
  ) async throws -> IdentityRequestPasswordResetResponse

  /// Ends all sessions. A second factor stays, and is asked for at the next sign-in.
  func resetPassword(
    _ request: IdentityResetPasswordRequest, _ call: Call
  ) async throws -> IdentityResetPasswordResponse
}

extension PasswordServiceHandler {
  /// Every method with its policy, for the server; nothing is read of a call before the
  /// guard has admitted it.
  package func methods(_ accessGuard: AccessGuard) -> [RPCMethod] {
    [
      RPCMethod.unary(
        PasswordServiceMethods.changePassword,
        admit: { try await accessGuard.admit($0, PasswordServicePolicies.changePassword) },
        changePassword),
      RPCMethod.unary(
        PasswordServiceMethods.requestPasswordReset,
        admit: { try await accessGuard.admit($0, PasswordServicePolicies.requestPasswordReset) },
        requestPasswordReset),
      RPCMethod.unary(
        PasswordServiceMethods.resetPassword,
        admit: { try await accessGuard.admit($0, PasswordServicePolicies.resetPassword) },
        resetPassword),
    ]
  }
}

/// Calls `ikso.identity.v1.PasswordService`.
package struct PasswordServiceClient: Sendable {
  private let client: RPCClient

  package init(_ client: RPCClient) { self.client = client }

  /// Needs the current password; ends the caller's other sessions.
  package func changePassword(
    _ request: IdentityChangePasswordRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityChangePasswordResponse {
    try await client.unary(
      PasswordServiceMethods.changePassword, request, options,
      as: IdentityChangePasswordResponse.self)
  }

  /// Mails a link that counts once, for half an hour. The answer is the same and comes in the same
  /// time, whether or not there is such an account.
  package func requestPasswordReset(
    _ request: IdentityRequestPasswordResetRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityRequestPasswordResetResponse {
    try await client.unary(
      PasswordServiceMethods.requestPasswordReset, request, options,
      as: IdentityRequestPasswordResetResponse.self)
  }

  /// Ends all sessions. A second factor stays, and is asked for at the next sign-in.
  package func resetPassword(
    _ request: IdentityResetPasswordRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityResetPasswordResponse {
    try await client.unary(
      PasswordServiceMethods.resetPassword, request, options,
      as: IdentityResetPasswordResponse.self)
  }
}
