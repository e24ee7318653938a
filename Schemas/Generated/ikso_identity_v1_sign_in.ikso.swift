// Generated from ikso/identity/v1/sign_in.proto by protoc-gen-ikso.
// Don't edit; run Schemas/generate.

package import Access
package import RPC

/// The methods of `ikso.identity.v1.SignInService`.
package enum SignInServiceMethods {
  package static let verifyFactor = MethodDescriptor(
    service: "ikso.identity.v1.SignInService", name: "VerifyFactor",
    kind: .unary, idempotent: false)
  package static let beginFactor = MethodDescriptor(
    service: "ikso.identity.v1.SignInService", name: "BeginFactor",
    kind: .unary, idempotent: false)
  package static let confirmFactor = MethodDescriptor(
    service: "ikso.identity.v1.SignInService", name: "ConfirmFactor",
    kind: .unary, idempotent: false)
  package static let continueSignIn = MethodDescriptor(
    service: "ikso.identity.v1.SignInService", name: "ContinueSignIn",
    kind: .unary, idempotent: false)

  package static let all: [(MethodDescriptor, AccessPolicy)] = [
    (verifyFactor, SignInServicePolicies.verifyFactor),
    (beginFactor, SignInServicePolicies.beginFactor),
    (confirmFactor, SignInServicePolicies.confirmFactor),
    (continueSignIn, SignInServicePolicies.continueSignIn),
  ]
}

/// Who may call the methods of `ikso.identity.v1.SignInService`, and what for.
package enum SignInServicePolicies {
  package static let verifyFactor = AccessPolicy(
    anyone: true,
    roles: [],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "sign-in", idempotent: false)
  package static let beginFactor = AccessPolicy(
    anyone: true,
    roles: [],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "sign-in", idempotent: false)
  package static let confirmFactor = AccessPolicy(
    anyone: true,
    roles: [],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "sign-in", idempotent: false)
  package static let continueSignIn = AccessPolicy(
    anyone: true,
    roles: [],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "sign-in", idempotent: false)
}

/// What follows the right password where Login answers with a challenge. The challenge counts for
/// ten minutes, for its account only, and until there is a session; it is given in each call.
package protocol SignInServiceHandler: Sendable {
  /// The second factor: the app's code now, or a recovery code. Five attempts a challenge.
  func verifyFactor(
    _ request: IdentityVerifyFactorRequest, _ call: Call
  ) async throws -> IdentityLoginResponse

  /// A secret for an app, where a second factor is compulsory and there is none yet.
  func beginFactor(
    _ request: IdentityBeginFactorRequest, _ call: Call
  ) async throws -> IdentityTOTPSetup

  /// The first code of that app.
  func confirmFactor(
    _ request: IdentityConfirmFactorRequest, _ call: Call
  ) async throws -> IdentityConfirmFactorResponse

  /// The session, once nothing is left to do; FAILED_PRECONDITION says what is, such as the version
  /// of the statement to accept first, with IdentityService.AcceptStatement and the challenge.
  func continueSignIn(
    _ request: IdentityContinueSignInRequest, _ call: Call
  ) async throws -> IdentityLoginResponse
}

extension SignInServiceHandler {
  /// Every method with its policy, for the server; nothing is read of a call before the
  /// guard has admitted it.
  package func methods(_ accessGuard: AccessGuard) -> [RPCMethod] {
    [
      RPCMethod.unary(
        SignInServiceMethods.verifyFactor,
        admit: { try await accessGuard.admit($0, SignInServicePolicies.verifyFactor) },
        verifyFactor),
      RPCMethod.unary(
        SignInServiceMethods.beginFactor,
        admit: { try await accessGuard.admit($0, SignInServicePolicies.beginFactor) },
        beginFactor),
      RPCMethod.unary(
        SignInServiceMethods.confirmFactor,
        admit: { try await accessGuard.admit($0, SignInServicePolicies.confirmFactor) },
        confirmFactor),
      RPCMethod.unary(
        SignInServiceMethods.continueSignIn,
        admit: { try await accessGuard.admit($0, SignInServicePolicies.continueSignIn) },
        continueSignIn),
    ]
  }
}

/// Calls `ikso.identity.v1.SignInService`.
package struct SignInServiceClient: Sendable {
  private let client: RPCClient

  package init(_ client: RPCClient) { self.client = client }

  /// The second factor: the app's code now, or a recovery code. Five attempts a challenge.
  package func verifyFactor(
    _ request: IdentityVerifyFactorRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityLoginResponse {
    try await client.unary(
      SignInServiceMethods.verifyFactor, request, options,
      as: IdentityLoginResponse.self)
  }

  /// A secret for an app, where a second factor is compulsory and there is none yet.
  package func beginFactor(
    _ request: IdentityBeginFactorRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityTOTPSetup {
    try await client.unary(
      SignInServiceMethods.beginFactor, request, options,
      as: IdentityTOTPSetup.self)
  }

  /// The first code of that app.
  package func confirmFactor(
    _ request: IdentityConfirmFactorRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityConfirmFactorResponse {
    try await client.unary(
      SignInServiceMethods.confirmFactor, request, options,
      as: IdentityConfirmFactorResponse.self)
  }

  /// The session, once nothing is left to do; FAILED_PRECONDITION says what is, such as the version
  /// of the statement to accept first, with IdentityService.AcceptStatement and the challenge.
  package func continueSignIn(
    _ request: IdentityContinueSignInRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityLoginResponse {
    try await client.unary(
      SignInServiceMethods.continueSignIn, request, options,
      as: IdentityLoginResponse.self)
  }
}
