// Generated from ikso/privacy/v1/organisation_erasure.proto by protoc-gen-ikso.
// Don't edit; run Schemas/generate.

package import Access
package import RPC

/// The methods of `ikso.privacy.v1.OrganisationErasureService`.
package enum OrganisationErasureServiceMethods {
  package static let listOrganisationErasures = MethodDescriptor(
    service: "ikso.privacy.v1.OrganisationErasureService", name: "ListOrganisationErasures",
    kind: .unary, idempotent: true, hasNoSideEffects: true)
  package static let getOrganisationErasureCertificate = MethodDescriptor(
    service: "ikso.privacy.v1.OrganisationErasureService", name: "GetOrganisationErasureCertificate",
    kind: .unary, idempotent: true, hasNoSideEffects: true)

  package static let all: [(MethodDescriptor, AccessPolicy)] = [
    (listOrganisationErasures, OrganisationErasureServicePolicies.listOrganisationErasures),
    (getOrganisationErasureCertificate, OrganisationErasureServicePolicies.getOrganisationErasureCertificate),
  ]
}

/// Who may call the methods of `ikso.privacy.v1.OrganisationErasureService`, and what for.
package enum OrganisationErasureServicePolicies {
  package static let listOrganisationErasures = AccessPolicy(
    anyone: false,
    roles: [.operator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "contract", idempotent: true)
  package static let getOrganisationErasureCertificate = AccessPolicy(
    anyone: false,
    roles: [.operator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "contract", idempotent: true)
}

/// The erasure of whole organisations, one calendar month after their contracts (clause 29): what
/// waits, what stops it, and the proof that it was done. It begins by itself.
package protocol OrganisationErasureServiceHandler: Sendable {
  /// Those that are due and those that were carried out, the one reported last first.
  func listOrganisationErasures(
    _ request: PrivacyListOrganisationErasuresRequest, _ call: Call
  ) async throws -> PrivacyListOrganisationErasuresResponse

  /// NOT_FOUND until the erasure is completed. `ikso verify` checks it, offline.
  func getOrganisationErasureCertificate(
    _ request: PrivacyGetOrganisationErasureCertificateRequest, _ call: Call
  ) async throws -> PrivacyGetOrganisationErasureCertificateResponse
}

extension OrganisationErasureServiceHandler {
  /// Every method with its policy, for the server; nothing is read of a call before the
  /// guard has admitted it.
  package func methods(_ accessGuard: AccessGuard) -> [RPCMethod] {
    [
      RPCMethod.unary(
        OrganisationErasureServiceMethods.listOrganisationErasures,
        admit: { try await accessGuard.admit($0, OrganisationErasureServicePolicies.listOrganisationErasures) },
        listOrganisationErasures),
      RPCMethod.unary(
        OrganisationErasureServiceMethods.getOrganisationErasureCertificate,
        admit: { try await accessGuard.admit($0, OrganisationErasureServicePolicies.getOrganisationErasureCertificate) },
        getOrganisationErasureCertificate),
    ]
  }
}

/// Calls `ikso.privacy.v1.OrganisationErasureService`.
package struct OrganisationErasureServiceClient: Sendable {
  private let client: RPCClient

  package init(_ client: RPCClient) { self.client = client }

  /// Those that are due and those that were carried out, the one reported last first.
  package func listOrganisationErasures(
    _ request: PrivacyListOrganisationErasuresRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyListOrganisationErasuresResponse {
    try await client.unary(
      OrganisationErasureServiceMethods.listOrganisationErasures, request, options,
      as: PrivacyListOrganisationErasuresResponse.self)
  }

  /// NOT_FOUND until the erasure is completed. `ikso verify` checks it, offline.
  package func getOrganisationErasureCertificate(
    _ request: PrivacyGetOrganisationErasureCertificateRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyGetOrganisationErasureCertificateResponse {
    try await client.unary(
      OrganisationErasureServiceMethods.getOrganisationErasureCertificate, request, options,
      as: PrivacyGetOrganisationErasureCertificateResponse.self)
  }
}

/// The methods of `ikso.privacy.v1.OrganisationErasureDeskService`.
package enum OrganisationErasureDeskServiceMethods {
  package static let reportDueOrganisation = MethodDescriptor(
    service: "ikso.privacy.v1.OrganisationErasureDeskService", name: "ReportDueOrganisation",
    kind: .unary, idempotent: true)

  package static let all: [(MethodDescriptor, AccessPolicy)] = [
    (reportDueOrganisation, OrganisationErasureDeskServicePolicies.reportDueOrganisation),
  ]
}

/// Who may call the methods of `ikso.privacy.v1.OrganisationErasureDeskService`, and what for.
package enum OrganisationErasureDeskServicePolicies {
  package static let reportDueOrganisation = AccessPolicy(
    anyone: false,
    roles: [],
    services: ["identity"],
    maximumAuthenticationAge: nil,
    purpose: "contract", idempotent: true)
}

/// What identity tells of contracts whose month is over.
package protocol OrganisationErasureDeskServiceHandler: Sendable {
  /// Has the organisation's erasure looked at now. It decides nothing: before the first row is
  /// deleted identity is asked for the order.
  func reportDueOrganisation(
    _ request: PrivacyReportDueOrganisationRequest, _ call: Call
  ) async throws -> PrivacyOrganisationErasure
}

extension OrganisationErasureDeskServiceHandler {
  /// Every method with its policy, for the server; nothing is read of a call before the
  /// guard has admitted it.
  package func methods(_ accessGuard: AccessGuard) -> [RPCMethod] {
    [
      RPCMethod.unary(
        OrganisationErasureDeskServiceMethods.reportDueOrganisation,
        admit: { try await accessGuard.admit($0, OrganisationErasureDeskServicePolicies.reportDueOrganisation) },
        reportDueOrganisation),
    ]
  }
}

/// Calls `ikso.privacy.v1.OrganisationErasureDeskService`.
package struct OrganisationErasureDeskServiceClient: Sendable {
  private let client: RPCClient

  package init(_ client: RPCClient) { self.client = client }

  /// Has the organisation's erasure looked at now. It decides nothing: before the first row is
  /// deleted identity is asked for the order.
  package func reportDueOrganisation(
    _ request: PrivacyReportDueOrganisationRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyOrganisationErasure {
    try await client.unary(
      OrganisationErasureDeskServiceMethods.reportDueOrganisation, request, options,
      as: PrivacyOrganisationErasure.self)
  }
}
