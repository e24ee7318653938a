// Generated from ikso/identity/v1/minor.proto by protoc-gen-ikso.
// Don't edit; run Schemas/generate.

package import Access
package import RPC

/// The methods of `ikso.identity.v1.MinorService`.
package enum MinorServiceMethods {
  package static let setUnder16 = MethodDescriptor(
    service: "ikso.identity.v1.MinorService", name: "SetUnder16",
    kind: .unary, idempotent: true)
  package static let recordParentalConsent = MethodDescriptor(
    service: "ikso.identity.v1.MinorService", name: "RecordParentalConsent",
    kind: .unary, idempotent: false)
  package static let withdrawParentalConsent = MethodDescriptor(
    service: "ikso.identity.v1.MinorService", name: "WithdrawParentalConsent",
    kind: .unary, idempotent: true)
  package static let reportUnder16 = MethodDescriptor(
    service: "ikso.identity.v1.MinorService", name: "ReportUnder16",
    kind: .unary, idempotent: true)
  package static let listUnder16Reports = MethodDescriptor(
    service: "ikso.identity.v1.MinorService", name: "ListUnder16Reports",
    kind: .unary, idempotent: true, hasNoSideEffects: true)
  package static let resolveUnder16Report = MethodDescriptor(
    service: "ikso.identity.v1.MinorService", name: "ResolveUnder16Report",
    kind: .unary, idempotent: true)

  package static let all: [(MethodDescriptor, AccessPolicy)] = [
    (setUnder16, MinorServicePolicies.setUnder16),
    (recordParentalConsent, MinorServicePolicies.recordParentalConsent),
    (withdrawParentalConsent, MinorServicePolicies.withdrawParentalConsent),
    (reportUnder16, MinorServicePolicies.reportUnder16),
    (listUnder16Reports, MinorServicePolicies.listUnder16Reports),
    (resolveUnder16Report, MinorServicePolicies.resolveUnder16Report),
  ]
}

/// Who may call the methods of `ikso.identity.v1.MinorService`, and what for.
package enum MinorServicePolicies {
  package static let setUnder16 = AccessPolicy(
    anyone: false,
    roles: [.administrator],
    services: [],
    maximumAuthenticationAge: .seconds(900),
    purpose: "enrolment", idempotent: true)
  package static let recordParentalConsent = AccessPolicy(
    anyone: false,
    roles: [.administrator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "enrolment", idempotent: false)
  package static let withdrawParentalConsent = AccessPolicy(
    anyone: false,
    roles: [.administrator, .privacyOfficer],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "enrolment", idempotent: true)
  package static let reportUnder16 = AccessPolicy(
    anyone: false,
    roles: [.participant, .coach, .manager, .administrator, .privacyOfficer, .operator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "privacy-requests", idempotent: true)
  package static let listUnder16Reports = AccessPolicy(
    anyone: false,
    roles: [.privacyOfficer, .auditor],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "privacy-requests", idempotent: true)
  package static let resolveUnder16Report = AccessPolicy(
    anyone: false,
    roles: [.privacyOfficer],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "privacy-requests", idempotent: true)
}

/// People under 16 (clause 20). No date of birth is kept: the client says who is, and files the
/// consent. Without consent the account is not usable.
package protocol MinorServiceHandler: Sendable {
  /// Says that somebody of the caller's organisation is under 16, or is no longer.
  func setUnder16(
    _ request: IdentitySetUnder16Request, _ call: Call
  ) async throws -> IdentitySetUnder16Response

  /// Records that a parent or guardian consents.
  func recordParentalConsent(
    _ request: IdentityRecordParentalConsentRequest, _ call: Call
  ) async throws -> IdentityRecordParentalConsentResponse

  /// Records that they consent no more: the account is not usable from then on.
  func withdrawParentalConsent(
    _ request: IdentityWithdrawParentalConsentRequest, _ call: Call
  ) async throws -> IdentityWithdrawParentalConsentResponse

  /// Reports that somebody may be under 16 without consent: their account is frozen at once, until
  /// the privacy officer has decided. RESOURCE_EXHAUSTED while three reports of the caller are open.
  func reportUnder16(
    _ request: IdentityReportUnder16Request, _ call: Call
  ) async throws -> IdentityReportUnder16Response

  /// The latest 100 reports, open ones first.
  func listUnder16Reports(
    _ request: IdentityListUnder16ReportsRequest, _ call: Call
  ) async throws -> IdentityListUnder16ReportsResponse

  /// Decides on a report, which ends the freeze. A removal is decided by an erasure request of the
  /// privacy service instead: with the person goes the report.
  func resolveUnder16Report(
    _ request: IdentityResolveUnder16ReportRequest, _ call: Call
  ) async throws -> IdentityUnder16Report
}

extension MinorServiceHandler {
  /// Every method with its policy, for the server; nothing is read of a call before the
  /// guard has admitted it.
  package func methods(_ accessGuard: AccessGuard) -> [RPCMethod] {
    [
      RPCMethod.unary(
        MinorServiceMethods.setUnder16,
        admit: { try await accessGuard.admit($0, MinorServicePolicies.setUnder16) },
        setUnder16),
      RPCMethod.unary(
        MinorServiceMethods.recordParentalConsent,
        admit: { try await accessGuard.admit($0, MinorServicePolicies.recordParentalConsent) },
        recordParentalConsent),
      RPCMethod.unary(
        MinorServiceMethods.withdrawParentalConsent,
        admit: { try await accessGuard.admit($0, MinorServicePolicies.withdrawParentalConsent) },
        withdrawParentalConsent),
      RPCMethod.unary(
        MinorServiceMethods.reportUnder16,
        admit: { try await accessGuard.admit($0, MinorServicePolicies.reportUnder16) },
        reportUnder16),
      RPCMethod.unary(
        MinorServiceMethods.listUnder16Reports,
        admit: { try await accessGuard.admit($0, MinorServicePolicies.listUnder16Reports) },
        listUnder16Reports),
      RPCMethod.unary(
        MinorServiceMethods.resolveUnder16Report,
        admit: { try await accessGuard.admit($0, MinorServicePolicies.resolveUnder16Report) },
        resolveUnder16Report),
    ]
  }
}

/// Calls `ikso.identity.v1.MinorService`.
package struct MinorServiceClient: Sendable {
  private let client: RPCClient

  package init(_ client: RPCClient) { self.client = client }

  /// Says that somebody of the caller's organisation is under 16, or is no longer.
  package func setUnder16(
    _ request: IdentitySetUnder16Request, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentitySetUnder16Response {
    try await client.unary(
      MinorServiceMethods.setUnder16, request, options,
      as: IdentitySetUnder16Response.self)
  }

  /// Records that a parent or guardian consents.
  package func recordParentalConsent(
    _ request: IdentityRecordParentalConsentRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityRecordParentalConsentResponse {
    try await client.unary(
      MinorServiceMethods.recordParentalConsent, request, options,
      as: IdentityRecordParentalConsentResponse.self)
  }

  /// Records that they consent no more: the account is not usable from then on.
  package func withdrawParentalConsent(
    _ request: IdentityWithdrawParentalConsentRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityWithdrawParentalConsentResponse {
    try await client.unary(
      MinorServiceMethods.withdrawParentalConsent, request, options,
      as: IdentityWithdrawParentalConsentResponse.self)
  }

  /// Reports that somebody may be under 16 without consent: their account is frozen at once, until
  /// the privacy officer has decided. RESOURCE_EXHAUSTED while three reports of the caller are open.
  package func reportUnder16(
    _ request: IdentityReportUnder16Request, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityReportUnder16Response {
    try await client.unary(
      MinorServiceMethods.reportUnder16, request, options,
      as: IdentityReportUnder16Response.self)
  }

  /// The latest 100 reports, open ones first.
  package func listUnder16Reports(
    _ request: IdentityListUnder16ReportsRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityListUnder16ReportsResponse {
    try await client.unary(
      MinorServiceMethods.listUnder16Reports, request, options,
      as: IdentityListUnder16ReportsResponse.self)
  }

  /// Decides on a report, which ends the freeze. A removal is decided by an erasure request of the
  /// privacy service instead: with the person goes the report.
  package func resolveUnder16Report(
    _ request: IdentityResolveUnder16ReportRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityUnder16Report {
    try await client.unary(
      MinorServiceMethods.resolveUnder16Report, request, options,
      as: IdentityUnder16Report.self)
  }
}
