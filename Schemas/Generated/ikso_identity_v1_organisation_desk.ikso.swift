// Generated from ikso/identity/v1/organisation_desk.proto by protoc-gen-ikso.
// Don't edit; run Schemas/generate.

package import Access
package import RPC

/// The methods of `ikso.identity.v1.OrganisationDeskService`.
package enum OrganisationDeskServiceMethods {
  package static let listOrganisationIds = MethodDescriptor(
    service: "ikso.identity.v1.OrganisationDeskService", name: "ListOrganisationIds",
    kind: .unary, idempotent: true)
  package static let orderOrganisationErasure = MethodDescriptor(
    service: "ikso.identity.v1.OrganisationDeskService", name: "OrderOrganisationErasure",
    kind: .unary, idempotent: true)

  package static let all: [(MethodDescriptor, AccessPolicy)] = [
    (listOrganisationIds, OrganisationDeskServicePolicies.listOrganisationIds),
    (orderOrganisationErasure, OrganisationDeskServicePolicies.orderOrganisationErasure),
  ]
}

/// Who may call the methods of `ikso.identity.v1.OrganisationDeskService`, and what for.
package enum OrganisationDeskServicePolicies {
  package static let listOrganisationIds = AccessPolicy(
    anyone: false,
    roles: [],
    services: ["privacy"],
    maximumAuthenticationAge: nil,
    purpose: "operations", idempotent: true)
  package static let orderOrganisationErasure = AccessPolicy(
    anyone: false,
    roles: [],
    services: ["privacy"],
    maximumAuthenticationAge: nil,
    purpose: "contract", idempotent: true)
}

/// What identity tells the privacy service of the client organisations.
package protocol OrganisationDeskServiceHandler: Sendable {
  /// All of them but those that were erased, by their ids alone, those registered last first.
  func listOrganisationIds(
    _ request: IdentityListOrganisationIdsRequest, _ call: Call
  ) async throws -> IdentityListOrganisationIdsResponse

  /// The order to erase an organisation whole, signed by identity. From then on its contract cannot
  /// be changed and nobody's token of it counts. FAILED_PRECONDITION unless one calendar month has
  /// passed since the contract's last day (clause 29).
  func orderOrganisationErasure(
    _ request: IdentityOrderOrganisationErasureRequest, _ call: Call
  ) async throws -> IdentityOrderOrganisationErasureResponse
}

extension OrganisationDeskServiceHandler {
  /// Every method with its policy, for the server; nothing is read of a call before the
  /// guard has admitted it.
  package func methods(_ accessGuard: AccessGuard) -> [RPCMethod] {
    [
      RPCMethod.unary(
        OrganisationDeskServiceMethods.listOrganisationIds,
        admit: { try await accessGuard.admit($0, OrganisationDeskServicePolicies.listOrganisationIds) },
        listOrganisationIds),
      RPCMethod.unary(
        OrganisationDeskServiceMethods.orderOrganisationErasure,
        admit: { try await accessGuard.admit($0, OrganisationDeskServicePolicies.orderOrganisationErasure) },
        orderOrganisationErasure),
    ]
  }
}

/// Calls `ikso.identity.v1.OrganisationDeskService`.
package struct OrganisationDeskServiceClient: Sendable {
  private let client: RPCClient

  package init(_ client: RPCClient) { self.client = client }

  /// All of them but those that were erased, by their ids alone, those registered last first.
  package func listOrganisationIds(
    _ request: IdentityListOrganisationIdsRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityListOrganisationIdsResponse {
    try await client.unary(
      OrganisationDeskServiceMethods.listOrganisationIds, request, options,
      as: IdentityListOrganisationIdsResponse.self)
  }

  /// The order to erase an organisation whole, signed by identity. From then on its contract cannot
  /// be changed and nobody's token of it counts. FAILED_PRECONDITION unless one calendar month has
  /// passed since the contract's last day (clause 29).
  package func orderOrganisationErasure(
    _ request: IdentityOrderOrganisationErasureRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityOrderOrganisationErasureResponse {
    try await client.unary(
      OrganisationDeskServiceMethods.orderOrganisationErasure, request, options,
      as: IdentityOrderOrganisationErasureResponse.self)
  }
}
