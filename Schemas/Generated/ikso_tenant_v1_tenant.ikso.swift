// Generated from ikso/tenant/v1/tenant.proto by protoc-gen-ikso.
// Don't edit; run Schemas/generate.

package import Access
package import RPC

/// The methods of `ikso.tenant.v1.TenantDataService`.
package enum TenantDataServiceMethods {
  package static let eraseTenant = MethodDescriptor(
    service: "ikso.tenant.v1.TenantDataService", name: "EraseTenant",
    kind: .unary, idempotent: true)
  package static let scanTenant = MethodDescriptor(
    service: "ikso.tenant.v1.TenantDataService", name: "ScanTenant",
    kind: .unary, idempotent: true)

  package static let all: [(MethodDescriptor, AccessPolicy)] = [
    (eraseTenant, TenantDataServicePolicies.eraseTenant),
    (scanTenant, TenantDataServicePolicies.scanTenant),
  ]
}

/// Who may call the methods of `ikso.tenant.v1.TenantDataService`, and what for.
package enum TenantDataServicePolicies {
  package static let eraseTenant = AccessPolicy(
    anyone: false,
    roles: [],
    services: ["privacy"],
    maximumAuthenticationAge: nil,
    purpose: "contract", idempotent: true)
  package static let scanTenant = AccessPolicy(
    anyone: false,
    roles: [],
    services: ["privacy"],
    maximumAuthenticationAge: nil,
    purpose: "contract", idempotent: true)
}

/// What every service that holds data of organisations answers to the privacy service at the end of
/// one (clause 29). Each service implements it under this one name; the gateway does not route it.
package protocol TenantDataServiceHandler: Sendable {
  /// Deletes every row of the organisation that the service need not keep, then destroys its keys.
  /// From the first call on the service takes no new row of the organisation, ever.
  ///
  /// Works for some seconds at a time: ask again until `done`. A call that is made again goes on
  /// with what is left, and answers the same once there is nothing.
  func eraseTenant(
    _ request: TenantEraseTenantRequest, _ call: Call
  ) async throws -> TenantEraseTenantResponse

  /// Counts, in every table of the service and of its key store, the rows of the organisation and
  /// those of the platform that name it.
  func scanTenant(
    _ request: TenantScanTenantRequest, _ call: Call
  ) async throws -> TenantScanTenantResponse
}

extension TenantDataServiceHandler {
  /// Every method with its policy, for the server; nothing is read of a call before the
  /// guard has admitted it.
  package func methods(_ accessGuard: AccessGuard) -> [RPCMethod] {
    [
      RPCMethod.unary(
        TenantDataServiceMethods.eraseTenant,
        admit: { try await accessGuard.admit($0, TenantDataServicePolicies.eraseTenant) },
        eraseTenant),
      RPCMethod.unary(
        TenantDataServiceMethods.scanTenant,
        admit: { try await accessGuard.admit($0, TenantDataServicePolicies.scanTenant) },
        scanTenant),
    ]
  }
}

/// Calls `ikso.tenant.v1.TenantDataService`.
package struct TenantDataServiceClient: Sendable {
  private let client: RPCClient

  package init(_ client: RPCClient) { self.client = client }

  /// Deletes every row of the organisation that the service need not keep, then destroys its keys.
  /// From the first call on the service takes no new row of the organisation, ever.
  ///
  /// Works for some seconds at a time: ask again until `done`. A call that is made again goes on
  /// with what is left, and answers the same once there is nothing.
  package func eraseTenant(
    _ request: TenantEraseTenantRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> TenantEraseTenantResponse {
    try await client.unary(
      TenantDataServiceMethods.eraseTenant, request, options,
      as: TenantEraseTenantResponse.self)
  }

  /// Counts, in every table of the service and of its key store, the rows of the organisation and
  /// those of the platform that name it.
  package func scanTenant(
    _ request: TenantScanTenantRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> TenantScanTenantResponse {
    try await client.unary(
      TenantDataServiceMethods.scanTenant, request, options,
      as: TenantScanTenantResponse.self)
  }
}
