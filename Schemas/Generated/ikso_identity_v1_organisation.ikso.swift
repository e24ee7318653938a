// Generated from ikso/identity/v1/organisation.proto by protoc-gen-ikso.
// Don't edit; run Schemas/generate.

package import Access
package import RPC

/// The methods of `ikso.identity.v1.OrganisationService`.
package enum OrganisationServiceMethods {
  package static let listOrganisations = MethodDescriptor(
    service: "ikso.identity.v1.OrganisationService", name: "ListOrganisations",
    kind: .unary, idempotent: true, hasNoSideEffects: true)
  package static let setContract = MethodDescriptor(
    service: "ikso.identity.v1.OrganisationService", name: "SetContract",
    kind: .unary, idempotent: true)
  package static let endContract = MethodDescriptor(
    service: "ikso.identity.v1.OrganisationService", name: "EndContract",
    kind: .unary, idempotent: true)
  package static let eraseOrganisation = MethodDescriptor(
    service: "ikso.identity.v1.OrganisationService", name: "EraseOrganisation",
    kind: .unary, idempotent: true)
  package static let getOrganisationPolicy = MethodDescriptor(
    service: "ikso.identity.v1.OrganisationService", name: "GetOrganisationPolicy",
    kind: .unary, idempotent: true, hasNoSideEffects: true)
  package static let setOrganisationPolicy = MethodDescriptor(
    service: "ikso.identity.v1.OrganisationService", name: "SetOrganisationPolicy",
    kind: .unary, idempotent: true)

  package static let all: [(MethodDescriptor, AccessPolicy)] = [
    (listOrganisations, OrganisationServicePolicies.listOrganisations),
    (setContract, OrganisationServicePolicies.setContract),
    (endContract, OrganisationServicePolicies.endContract),
    (eraseOrganisation, OrganisationServicePolicies.eraseOrganisation),
    (getOrganisationPolicy, OrganisationServicePolicies.getOrganisationPolicy),
    (setOrganisationPolicy, OrganisationServicePolicies.setOrganisationPolicy),
  ]
}

/// Who may call the methods of `ikso.identity.v1.OrganisationService`, and what for.
package enum OrganisationServicePolicies {
  package static let listOrganisations = AccessPolicy(
    anyone: false,
    roles: [.operator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "contract", idempotent: true)
  package static let setContract = AccessPolicy(
    anyone: false,
    roles: [.operator],
    services: [],
    maximumAuthenticationAge: .seconds(900),
    purpose: "contract", idempotent: true)
  package static let endContract = AccessPolicy(
    anyone: false,
    roles: [.operator],
    services: [],
    maximumAuthenticationAge: .seconds(900),
    purpose: "contract", idempotent: true)
  package static let eraseOrganisation = AccessPolicy(
    anyone: false,
    roles: [.operator],
    services: [],
    maximumAuthenticationAge: .seconds(900),
    purpose: "contract", idempotent: true)
  package static let getOrganisationPolicy = AccessPolicy(
    anyone: false,
    roles: [.operator, .administrator, .privacyOfficer, .auditor, .service, .support],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "contract", idempotent: true)
  package static let setOrganisationPolicy = AccessPolicy(
    anyone: false,
    roles: [.operator, .administrator],
    services: [],
    maximumAuthenticationAge: .seconds(900),
    purpose: "contract", idempotent: true)
}

/// The contract with a client organisation from its draft to the erasure, and what the organisation
/// decides for its own people.
package protocol OrganisationServiceHandler: Sendable {
  /// All client organisations, those registered last first.
  func listOrganisations(
    _ request: IdentityListOrganisationsRequest, _ call: Call
  ) async throws -> IdentityListOrganisationsResponse

  /// Sets period and agreement: of a draft, and when a contract is prolonged. What has ended begins
  /// anew only until it is erased; a contract never ends in the past.
  func setContract(
    _ request: IdentitySetContractRequest, _ call: Call
  ) async throws -> IdentityOrganisation

  /// Ends the contract with a day that is not past. Afterwards only export and support are left, and
  /// one calendar month later comes the erasure (clause 29).
  func endContract(
    _ request: IdentityEndContractRequest, _ call: Call
  ) async throws -> IdentityOrganisation

  /// Has the erasure of the organisation begin now, in every service, and answers how it stands: in
  /// the state ERASED once it is over. FAILED_PRECONDITION before the month after its contract has
  /// passed. The service does the same by itself within an hour of the day; what stops it tells
  /// OrganisationErasureService of privacy. Of one that is erased it is done once more, which finds
  /// something where a service was restored from a backup of before.
  func eraseOrganisation(
    _ request: IdentityEraseOrganisationRequest, _ call: Call
  ) async throws -> IdentityOrganisation

  func getOrganisationPolicy(
    _ request: IdentityGetOrganisationPolicyRequest, _ call: Call
  ) async throws -> IdentityOrganisationPolicy

  /// Replaces the policy as a whole. One that asks for more of sessions or of second factors has the
  /// organisation's access tokens refused that were issued before, the caller's too: refresh them.
  func setOrganisationPolicy(
    _ request: IdentitySetOrganisationPolicyRequest, _ call: Call
  ) async throws -> IdentityOrganisationPolicy
}

extension OrganisationServiceHandler {
  /// Every method with its policy, for the server; nothing is read of a call before the
  /// guard has admitted it.
  package func methods(_ accessGuard: AccessGuard) -> [RPCMethod] {
    [
      RPCMethod.unary(
        OrganisationServiceMethods.listOrganisations,
        admit: { try await accessGuard.admit($0, OrganisationServicePolicies.listOrganisations) },
        listOrganisations),
      RPCMethod.unary(
        OrganisationServiceMethods.setContract,
        admit: { try await accessGuard.admit($0, OrganisationServicePolicies.setContract) },
        setContract),
      RPCMethod.unary(
        OrganisationServiceMethods.endContract,
        admit: { try await accessGuard.admit($0, OrganisationServicePolicies.endContract) },
        endContract),
      RPCMethod.unary(
        OrganisationServiceMethods.eraseOrganisation,
        admit: { try await accessGuard.admit($0, OrganisationServicePolicies.eraseOrganisation) },
        eraseOrganisation),
      RPCMethod.unary(
        OrganisationServiceMethods.getOrganisationPolicy,
        admit: { try await accessGuard.admit($0, OrganisationServicePolicies.getOrganisationPolicy) },
        getOrganisationPolicy),
      RPCMethod.unary(
        OrganisationServiceMethods.setOrganisationPolicy,
        admit: { try await accessGuard.admit($0, OrganisationServicePolicies.setOrganisationPolicy) },
        setOrganisationPolicy),
    ]
  }
}

/// Calls `ikso.identity.v1.OrganisationService`.
package struct OrganisationServiceClient: Sendable {
  private let client: RPCClient

  package init(_ client: RPCClient) { self.client = client }

  /// All client organisations, those registered last first.
  package func listOrganisations(
    _ request: IdentityListOrganisationsRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityListOrganisationsResponse {
    try await client.unary(
      OrganisationServiceMethods.listOrganisations, request, options,
      as: IdentityListOrganisationsResponse.self)
  }

  /// Sets period and agreement: of a draft, and when a contract is prolonged. What has ended begins
  /// anew only until it is erased; a contract never ends in the past.
  package func setContract(
    _ request: IdentitySetContractRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityOrganisation {
    try await client.unary(
      OrganisationServiceMethods.setContract, request, options,
      as: IdentityOrganisation.self)
  }

  /// Ends the contract with a day that is not past. Afterwards only export and support are left, and
  /// one calendar month later comes the erasure (clause 29).
  package func endContract(
    _ request: IdentityEndContractRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityOrganisation {
    try await client.unary(
      OrganisationServiceMethods.endContract, request, options,
      as: IdentityOrganisation.self)
  }

  /// Has the erasure of the organisation begin now, in every service, and answers how it stands: in
  /// the state ERASED once it is over. FAILED_PRECONDITION before the month after its contract has
  /// passed. The service does the same by itself within an hour of the day; what stops it tells
  /// OrganisationErasureService of privacy. Of one that is erased it is done once more, which finds
  /// something where a service was restored from a backup of before.
  package func eraseOrganisation(
    _ request: IdentityEraseOrganisationRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityOrganisation {
    try await client.unary(
      OrganisationServiceMethods.eraseOrganisation, request, options,
      as: IdentityOrganisation.self)
  }

  package func getOrganisationPolicy(
    _ request: IdentityGetOrganisationPolicyRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityOrganisationPolicy {
    try await client.unary(
      OrganisationServiceMethods.getOrganisationPolicy, request, options,
      as: IdentityOrganisationPolicy.self)
  }

  /// Replaces the policy as a whole. One that asks for more of sessions or of second factors has the
  /// organisation's access tokens refused that were issued before, the caller's too: refresh them.
  package func setOrganisationPolicy(
    _ request: IdentitySetOrganisationPolicyRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityOrganisationPolicy {
    try await client.unary(
      OrganisationServiceMethods.setOrganisationPolicy, request, options,
      as: IdentityOrganisationPolicy.self)
  }
}
