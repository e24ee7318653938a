// Generated from ikso/identity/v1/factor.proto by protoc-gen-ikso.
// Don't edit; run Schemas/generate.

package import Access
package import RPC

/// The methods of `ikso.identity.v1.FactorService`.
package enum FactorServiceMethods {
  package static let getFactors = MethodDescriptor(
    service: "ikso.identity.v1.FactorService", name: "GetFactors",
    kind: .unary, idempotent: true, hasNoSideEffects: true)
  package static let beginTotp = MethodDescriptor(
    service: "ikso.identity.v1.FactorService", name: "BeginTOTP",
    kind: .unary, idempotent: false)
  package static let confirmTotp = MethodDescriptor(
    service: "ikso.identity.v1.FactorService", name: "ConfirmTOTP",
    kind: .unary, idempotent: false)
  package static let removeTotp = MethodDescriptor(
    service: "ikso.identity.v1.FactorService", name: "RemoveTOTP",
    kind: .unary, idempotent: false)
  package static let renewRecoveryCodes = MethodDescriptor(
    service: "ikso.identity.v1.FactorService", name: "RenewRecoveryCodes",
    kind: .unary, idempotent: false)

  package static let all: [(MethodDescriptor, AccessPolicy)] = [
    (getFactors, FactorServicePolicies.getFactors),
    (beginTotp, FactorServicePolicies.beginTotp),
    (confirmTotp, FactorServicePolicies.confirmTotp),
    (removeTotp, FactorServicePolicies.removeTotp),
    (renewRecoveryCodes, FactorServicePolicies.renewRecoveryCodes),
  ]
}

/// Who may call the methods of `ikso.identity.v1.FactorService`, and what for.
package enum FactorServicePolicies {
  package static let getFactors = AccessPolicy(
    anyone: false,
    roles: [.participant, .coach, .manager, .administrator, .privacyOfficer, .auditor, .operator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "sign-in", idempotent: true)
  package static let beginTotp = AccessPolicy(
    anyone: false,
    roles: [.participant, .coach, .manager, .administrator, .privacyOfficer, .auditor, .operator],
    services: [],
    maximumAuthenticationAge: .seconds(900),
    purpose: "sign-in", idempotent: false)
  package static let confirmTotp = AccessPolicy(
    anyone: false,
    roles: [.participant, .coach, .manager, .administrator, .privacyOfficer, .auditor, .operator],
    services: [],
    maximumAuthenticationAge: .seconds(900),
    purpose: "sign-in", idempotent: false)
  package static let removeTotp = AccessPolicy(
    anyone: false,
    roles: [.participant, .coach, .manager, .administrator, .privacyOfficer, .auditor, .operator],
    services: [],
    maximumAuthenticationAge: .seconds(900),
    purpose: "sign-in", idempotent: false)
  package static let renewRecoveryCodes = AccessPolicy(
    anyone: false,
    roles: [.participant, .coach, .manager, .administrator, .privacyOfficer, .auditor, .operator],
    services: [],
    maximumAuthenticationAge: .seconds(900),
    purpose: "sign-in", idempotent: false)
}

/// The second factor of somebody who is signed in: an app that makes one-time codes (RFC 6238), and
/// recovery codes for when it is not at hand. Each change is told to the person by mail.
package protocol FactorServiceHandler: Sendable {
  func getFactors(
    _ request: IdentityGetFactorsRequest, _ call: Call
  ) async throws -> IdentityFactors

  /// A new secret for an app, which counts once ConfirmTOTP has seen a code of it. An app that
  /// counts already goes on doing so until then.
  func beginTotp(
    _ request: IdentityBeginTOTPRequest, _ call: Call
  ) async throws -> IdentityTOTPSetup

  /// From now on each sign-in asks for a code. Ends the caller's other sessions; the answer is the
  /// only time that the recovery codes are shown, and earlier ones stop counting.
  func confirmTotp(
    _ request: IdentityConfirmTOTPRequest, _ call: Call
  ) async throws -> IdentityRecoveryCodes

  /// Takes the app and the recovery codes away. FAILED_PRECONDITION where the second factor is
  /// compulsory, and while the password is too short to stand alone.
  func removeTotp(
    _ request: IdentityRemoveTOTPRequest, _ call: Call
  ) async throws -> IdentityRemoveTOTPResponse

  /// Ten new recovery codes; earlier ones stop counting.
  func renewRecoveryCodes(
    _ request: IdentityRenewRecoveryCodesRequest, _ call: Call
  ) async throws -> IdentityRecoveryCodes
}

extension FactorServiceHandler {
  /// Every method with its policy, for the server; nothing is read of a call before the
  /// guard has admitted it.
  package func methods(_ accessGuard: AccessGuard) -> [RPCMethod] {
    [
      RPCMethod.unary(
        FactorServiceMethods.getFactors,
        admit: { try await accessGuard.admit($0, FactorServicePolicies.getFactors) },
        getFactors),
      RPCMethod.unary(
        FactorServiceMethods.beginTotp,
        admit: { try await accessGuard.admit($0, FactorServicePolicies.beginTotp) },
        beginTotp),
      RPCMethod.unary(
        FactorServiceMethods.confirmTotp,
        admit: { try await accessGuard.admit($0, FactorServicePolicies.confirmTotp) },
        confirmTotp),
      RPCMethod.unary(
        FactorServiceMethods.removeTotp,
        admit: { try await accessGuard.admit($0, FactorServicePolicies.removeTotp) },
        removeTotp),
      RPCMethod.unary(
        FactorServiceMethods.renewRecoveryCodes,
        admit: { try await accessGuard.admit($0, FactorServicePolicies.renewRecoveryCodes) },
        renewRecoveryCodes),
    ]
  }
}

/// Calls `ikso.identity.v1.FactorService`.
package struct FactorServiceClient: Sendable {
  private let client: RPCClient

  package init(_ client: RPCClient) { self.client = client }

  package func getFactors(
    _ request: IdentityGetFactorsRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityFactors {
    try await client.unary(
      FactorServiceMethods.getFactors, request, options,
      as: IdentityFactors.self)
  }

  /// A new secret for an app, which counts once ConfirmTOTP has seen a code of it. An app that
  /// counts already goes on doing so until then.
  package func beginTotp(
    _ request: IdentityBeginTOTPRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityTOTPSetup {
    try await client.unary(
      FactorServiceMethods.beginTotp, request, options,
      as: IdentityTOTPSetup.self)
  }

  /// From now on each sign-in asks for a code. Ends the caller's other sessions; the answer is the
  /// only time that the recovery codes are shown, and earlier ones stop counting.
  package func confirmTotp(
    _ request: IdentityConfirmTOTPRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityRecoveryCodes {
    try await client.unary(
      FactorServiceMethods.confirmTotp, request, options,
      as: IdentityRecoveryCodes.self)
  }

  /// Takes the app and the recovery codes away. FAILED_PRECONDITION where the second factor is
  /// compulsory, and while the password is too short to stand alone.
  package func removeTotp(
    _ request: IdentityRemoveTOTPRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityRemoveTOTPResponse {
    try await client.unary(
      FactorServiceMethods.removeTotp, request, options,
      as: IdentityRemoveTOTPResponse.self)
  }

  /// Ten new recovery codes; earlier ones stop counting.
  package func renewRecoveryCodes(
    _ request: IdentityRenewRecoveryCodesRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityRecoveryCodes {
    try await client.unary(
      FactorServiceMethods.renewRecoveryCodes, request, options,
      as: IdentityRecoveryCodes.self)
  }
}
