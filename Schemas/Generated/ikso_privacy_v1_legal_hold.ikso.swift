// Generated from ikso/privacy/v1/legal_hold.proto by protoc-gen-ikso.
// Don't edit; run Schemas/generate.

package import Access
package import RPC

/// The methods of `ikso.privacy.v1.LegalHoldService`.
package enum LegalHoldServiceMethods {
  package static let placeHold = MethodDescriptor(
    service: "ikso.privacy.v1.LegalHoldService", name: "PlaceHold",
    kind: .unary, idempotent: false)
  package static let releaseHold = MethodDescriptor(
    service: "ikso.privacy.v1.LegalHoldService", name: "ReleaseHold",
    kind: .unary, idempotent: true)
  package static let listHolds = MethodDescriptor(
    service: "ikso.privacy.v1.LegalHoldService", name: "ListHolds",
    kind: .unary, idempotent: true, hasNoSideEffects: true)

  package static let all: [(MethodDescriptor, AccessPolicy)] = [
    (placeHold, LegalHoldServicePolicies.placeHold),
    (releaseHold, LegalHoldServicePolicies.releaseHold),
    (listHolds, LegalHoldServicePolicies.listHolds),
  ]
}

/// Who may call the methods of `ikso.privacy.v1.LegalHoldService`, and what for.
package enum LegalHoldServicePolicies {
  package static let placeHold = AccessPolicy(
    anyone: false,
    roles: [.privacyOfficer],
    services: [],
    maximumAuthenticationAge: .seconds(900),
    purpose: "privacy-requests", idempotent: false)
  package static let releaseHold = AccessPolicy(
    anyone: false,
    roles: [.privacyOfficer],
    services: [],
    maximumAuthenticationAge: .seconds(900),
    purpose: "privacy-requests", idempotent: true)
  package static let listHolds = AccessPolicy(
    anyone: false,
    roles: [.privacyOfficer, .auditor],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "privacy-requests", idempotent: true)
}

/// What keeps a person's data from being erased for a time: a dispute, an audit, a legal duty
/// (clause 12h).
package protocol LegalHoldServiceHandler: Sendable {
  /// Keeps a person's data from being erased until a day (clause 12h). FAILED_PRECONDITION once an
  /// erasure has begun.
  func placeHold(
    _ request: PrivacyPlaceHoldRequest, _ call: Call
  ) async throws -> PrivacyLegalHold

  /// Ends a hold before its day; erasures that waited for it go on.
  func releaseHold(
    _ request: PrivacyReleaseHoldRequest, _ call: Call
  ) async throws -> PrivacyLegalHold

  /// The newest first, those that are over too.
  func listHolds(
    _ request: PrivacyListHoldsRequest, _ call: Call
  ) async throws -> PrivacyListHoldsResponse
}

extension LegalHoldServiceHandler {
  /// Every method with its policy, for the server; nothing is read of a call before the
  /// guard has admitted it.
  package func methods(_ accessGuard: AccessGuard) -> [RPCMethod] {
    [
      RPCMethod.unary(
        LegalHoldServiceMethods.placeHold,
        admit: { try await accessGuard.admit($0, LegalHoldServicePolicies.placeHold) },
        placeHold),
      RPCMethod.unary(
        LegalHoldServiceMethods.releaseHold,
        admit: { try await accessGuard.admit($0, LegalHoldServicePolicies.releaseHold) },
        releaseHold),
      RPCMethod.unary(
        LegalHoldServiceMethods.listHolds,
        admit: { try await accessGuard.admit($0, LegalHoldServicePolicies.listHolds) },
        listHolds),
    ]
  }
}

/// Calls `ikso.privacy.v1.LegalHoldService`.
package struct LegalHoldServiceClient: Sendable {
  private let client: RPCClient

  package init(_ client: RPCClient) { self.client = client }

  /// Keeps a person's data from being erased until a day (clause 12h). FAILED_PRECONDITION once an
  /// erasure has begun.
  package func placeHold(
    _ request: PrivacyPlaceHoldRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyLegalHold {
    try await client.unary(
      LegalHoldServiceMethods.placeHold, request, options,
      as: PrivacyLegalHold.self)
  }

  /// Ends a hold before its day; erasures that waited for it go on.
  package func releaseHold(
    _ request: PrivacyReleaseHoldRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyLegalHold {
    try await client.unary(
      LegalHoldServiceMethods.releaseHold, request, options,
      as: PrivacyLegalHold.self)
  }

  /// The newest first, those that are over too.
  package func listHolds(
    _ request: PrivacyListHoldsRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyListHoldsResponse {
    try await client.unary(
      LegalHoldServiceMethods.listHolds, request, options,
      as: PrivacyListHoldsResponse.self)
  }
}
