// Generated from ikso/privacy/v1/proof.proto by protoc-gen-ikso.
// Don't edit; run Schemas/generate.

package import Access
package import RPC

/// The methods of `ikso.privacy.v1.ProofService`.
package enum ProofServiceMethods {
  package static let attachProof = MethodDescriptor(
    service: "ikso.privacy.v1.ProofService", name: "AttachProof",
    kind: .unary, idempotent: false)
  package static let getProof = MethodDescriptor(
    service: "ikso.privacy.v1.ProofService", name: "GetProof",
    kind: .unary, idempotent: true)
  package static let checkProof = MethodDescriptor(
    service: "ikso.privacy.v1.ProofService", name: "CheckProof",
    kind: .unary, idempotent: true)

  package static let all: [(MethodDescriptor, AccessPolicy)] = [
    (attachProof, ProofServicePolicies.attachProof),
    (getProof, ProofServicePolicies.getProof),
    (checkProof, ProofServicePolicies.checkProof),
  ]
}

/// Who may call the methods of `ikso.privacy.v1.ProofService`, and what for.
package enum ProofServicePolicies {
  package static let attachProof = AccessPolicy(
    anyone: false,
    roles: [.privacyOfficer],
    services: [],
    maximumAuthenticationAge: .seconds(900),
    purpose: "privacy-requests", idempotent: false)
  package static let getProof = AccessPolicy(
    anyone: false,
    roles: [.privacyOfficer],
    services: [],
    maximumAuthenticationAge: .seconds(900),
    purpose: "privacy-requests", idempotent: true)
  package static let checkProof = AccessPolicy(
    anyone: false,
    roles: [.privacyOfficer],
    services: [],
    maximumAuthenticationAge: .seconds(900),
    purpose: "privacy-requests", idempotent: true)
}

/// Proof of who asks, where account and second factor cannot give it (clause 37): a copy of an
/// identity document in which photo, machine-readable zone, document number and citizen number are
/// blacked out. The copy goes with the check; what stays is who attested what, and the outcome.
package protocol ProofServiceHandler: Sendable {
  /// INVALID_ARGUMENT, and nothing is kept, where the text holds a citizen number (the 11-test) or a
  /// machine-readable zone (ICAO 9303), and where one of the four is not attested.
  func attachProof(
    _ request: PrivacyAttachProofRequest, _ call: Call
  ) async throws -> PrivacyProof

  /// With the copy, as long as it is not checked.
  func getProof(
    _ request: PrivacyGetProofRequest, _ call: Call
  ) async throws -> PrivacyProof

  /// Writes the outcome down and deletes the copy.
  func checkProof(
    _ request: PrivacyCheckProofRequest, _ call: Call
  ) async throws -> PrivacyProof
}

extension ProofServiceHandler {
  /// Every method with its policy, for the server; nothing is read of a call before the
  /// guard has admitted it.
  package func methods(_ accessGuard: AccessGuard) -> [RPCMethod] {
    [
      RPCMethod.unary(
        ProofServiceMethods.attachProof,
        admit: { try await accessGuard.admit($0, ProofServicePolicies.attachProof) },
        attachProof),
      RPCMethod.unary(
        ProofServiceMethods.getProof,
        admit: { try await accessGuard.admit($0, ProofServicePolicies.getProof) },
        getProof),
      RPCMethod.unary(
        ProofServiceMethods.checkProof,
        admit: { try await accessGuard.admit($0, ProofServicePolicies.checkProof) },
        checkProof),
    ]
  }
}

/// Calls `ikso.privacy.v1.ProofService`.
package struct ProofServiceClient: Sendable {
  private let client: RPCClient

  package init(_ client: RPCClient) { self.client = client }

  /// INVALID_ARGUMENT, and nothing is kept, where the text holds a citizen number (the 11-test) or a
  /// machine-readable zone (ICAO 9303), and where one of the four is not attested.
  package func attachProof(
    _ request: PrivacyAttachProofRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyProof {
    try await client.unary(
      ProofServiceMethods.attachProof, request, options,
      as: PrivacyProof.self)
  }

  /// With the copy, as long as it is not checked.
  package func getProof(
    _ request: PrivacyGetProofRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyProof {
    try await client.unary(
      ProofServiceMethods.getProof, request, options,
      as: PrivacyProof.self)
  }

  /// Writes the outcome down and deletes the copy.
  package func checkProof(
    _ request: PrivacyCheckProofRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyProof {
    try await client.unary(
      ProofServiceMethods.checkProof, request, options,
      as: PrivacyProof.self)
  }
}
