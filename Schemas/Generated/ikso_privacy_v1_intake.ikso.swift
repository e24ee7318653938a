// Generated from ikso/privacy/v1/intake.proto by protoc-gen-ikso.
// Don't edit; run Schemas/generate.

package import Access
package import RPC

/// The methods of `ikso.privacy.v1.IntakeService`.
package enum IntakeServiceMethods {
  package static let submitForm = MethodDescriptor(
    service: "ikso.privacy.v1.IntakeService", name: "SubmitForm",
    kind: .unary, idempotent: false)
  package static let listCases = MethodDescriptor(
    service: "ikso.privacy.v1.IntakeService", name: "ListCases",
    kind: .unary, idempotent: true, hasNoSideEffects: true)
  package static let closeCase = MethodDescriptor(
    service: "ikso.privacy.v1.IntakeService", name: "CloseCase",
    kind: .unary, idempotent: false)
  package static let submitApplication = MethodDescriptor(
    service: "ikso.privacy.v1.IntakeService", name: "SubmitApplication",
    kind: .unary, idempotent: false)
  package static let listApplications = MethodDescriptor(
    service: "ikso.privacy.v1.IntakeService", name: "ListApplications",
    kind: .unary, idempotent: true, hasNoSideEffects: true)
  package static let endProcedure = MethodDescriptor(
    service: "ikso.privacy.v1.IntakeService", name: "EndProcedure",
    kind: .unary, idempotent: true)
  package static let withdrawApplicationConsent = MethodDescriptor(
    service: "ikso.privacy.v1.IntakeService", name: "WithdrawApplicationConsent",
    kind: .unary, idempotent: true)

  package static let all: [(MethodDescriptor, AccessPolicy)] = [
    (submitForm, IntakeServicePolicies.submitForm),
    (listCases, IntakeServicePolicies.listCases),
    (closeCase, IntakeServicePolicies.closeCase),
    (submitApplication, IntakeServicePolicies.submitApplication),
    (listApplications, IntakeServicePolicies.listApplications),
    (endProcedure, IntakeServicePolicies.endProcedure),
    (withdrawApplicationConsent, IntakeServicePolicies.withdrawApplicationConsent),
  ]
}

/// Who may call the methods of `ikso.privacy.v1.IntakeService`, and what for.
package enum IntakeServicePolicies {
  package static let submitForm = AccessPolicy(
    anyone: true,
    roles: [],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "information", idempotent: false)
  package static let listCases = AccessPolicy(
    anyone: false,
    roles: [.operator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "information", idempotent: true)
  package static let closeCase = AccessPolicy(
    anyone: false,
    roles: [.operator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "information", idempotent: false)
  package static let submitApplication = AccessPolicy(
    anyone: true,
    roles: [],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "information", idempotent: false)
  package static let listApplications = AccessPolicy(
    anyone: false,
    roles: [.operator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "information", idempotent: true)
  package static let endProcedure = AccessPolicy(
    anyone: false,
    roles: [.operator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "information", idempotent: true)
  package static let withdrawApplicationConsent = AccessPolicy(
    anyone: true,
    roles: [],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "information", idempotent: true)
}

/// What strangers send to IKSO itself, which is the controller of it: forms and applications. A
/// citizen number is refused in every text (clauses 45 and 46). Each source may send 10 an hour.
package protocol IntakeServiceHandler: Sendable {
  /// A contact or demo form (clause 17): the fields that are needed to answer, and no others.
  func submitForm(
    _ request: PrivacySubmitFormRequest, _ call: Call
  ) async throws -> PrivacySubmitFormResponse

  /// The open cases, the latest first.
  func listCases(
    _ request: PrivacyListCasesRequest, _ call: Call
  ) async throws -> PrivacyListCasesResponse

  /// The case is handled: its key is destroyed and its row deleted before the answer.
  func closeCase(
    _ request: PrivacyCloseCaseRequest, _ call: Call
  ) async throws -> PrivacyCloseCaseResponse

  /// An application for a vacancy (clause 45).
  func submitApplication(
    _ request: PrivacySubmitApplicationRequest, _ call: Call
  ) async throws -> PrivacySubmitApplicationResponse

  /// The latest first.
  func listApplications(
    _ request: PrivacyListApplicationsRequest, _ call: Call
  ) async throws -> PrivacyListApplicationsResponse

  /// The procedure has ended: the application is deleted 4 weeks later, with consent 1 year (clause
  /// 46). Again: nothing changes.
  func endProcedure(
    _ request: PrivacyEndProcedureRequest, _ call: Call
  ) async throws -> PrivacyApplication

  /// The applicant withdraws the consent to be kept for a year: the 4 weeks count again.
  func withdrawApplicationConsent(
    _ request: PrivacyWithdrawApplicationConsentRequest, _ call: Call
  ) async throws -> PrivacyWithdrawApplicationConsentResponse
}

extension IntakeServiceHandler {
  /// Every method with its policy, for the server; nothing is read of a call before the
  /// guard has admitted it.
  package func methods(_ accessGuard: AccessGuard) -> [RPCMethod] {
    [
      RPCMethod.unary(
        IntakeServiceMethods.submitForm,
        admit: { try await accessGuard.admit($0, IntakeServicePolicies.submitForm) },
        submitForm),
      RPCMethod.unary(
        IntakeServiceMethods.listCases,
        admit: { try await accessGuard.admit($0, IntakeServicePolicies.listCases) },
        listCases),
      RPCMethod.unary(
        IntakeServiceMethods.closeCase,
        admit: { try await accessGuard.admit($0, IntakeServicePolicies.closeCase) },
        closeCase),
      RPCMethod.unary(
        IntakeServiceMethods.submitApplication,
        admit: { try await accessGuard.admit($0, IntakeServicePolicies.submitApplication) },
        submitApplication),
      RPCMethod.unary(
        IntakeServiceMethods.listApplications,
        admit: { try await accessGuard.admit($0, IntakeServicePolicies.listApplications) },
        listApplications),
      RPCMethod.unary(
        IntakeServiceMethods.endProcedure,
        admit: { try await accessGuard.admit($0, IntakeServicePolicies.endProcedure) },
        endProcedure),
      RPCMethod.unary(
        IntakeServiceMethods.withdrawApplicationConsent,
        admit: { try await accessGuard.admit($0, IntakeServicePolicies.withdrawApplicationConsent) },
        withdrawApplicationConsent),
    ]
  }
}

/// Calls `ikso.privacy.v1.IntakeService`.
package struct IntakeServiceClient: Sendable {
  private let client: RPCClient

  package init(_ client: RPCClient) { self.client = client }

  /// A contact or demo form (clause 17): the fields that are needed to answer, and no others.
  package func submitForm(
    _ request: PrivacySubmitFormRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacySubmitFormResponse {
    try await client.unary(
      IntakeServiceMethods.submitForm, request, options,
      as: PrivacySubmitFormResponse.self)
  }

  /// The open cases, the latest first.
  package func listCases(
    _ request: PrivacyListCasesRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyListCasesResponse {
    try await client.unary(
      IntakeServiceMethods.listCases, request, options,
      as: PrivacyListCasesResponse.self)
  }

  /// The case is handled: its key is destroyed and its row deleted before the answer.
  package func closeCase(
    _ request: PrivacyCloseCaseRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyCloseCaseResponse {
    try await client.unary(
      IntakeServiceMethods.closeCase, request, options,
      as: PrivacyCloseCaseResponse.self)
  }

  /// An application for a vacancy (clause 45).
  package func submitApplication(
    _ request: PrivacySubmitApplicationRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacySubmitApplicationResponse {
    try await client.unary(
      IntakeServiceMethods.submitApplication, request, options,
      as: PrivacySubmitApplicationResponse.self)
  }

  /// The latest first.
  package func listApplications(
    _ request: PrivacyListApplicationsRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyListApplicationsResponse {
    try await client.unary(
      IntakeServiceMethods.listApplications, request, options,
      as: PrivacyListApplicationsResponse.self)
  }

  /// The procedure has ended: the application is deleted 4 weeks later, with consent 1 year (clause
  /// 46). Again: nothing changes.
  package func endProcedure(
    _ request: PrivacyEndProcedureRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyApplication {
    try await client.unary(
      IntakeServiceMethods.endProcedure, request, options,
      as: PrivacyApplication.self)
  }

  /// The applicant withdraws the consent to be kept for a year: the 4 weeks count again.
  package func withdrawApplicationConsent(
    _ request: PrivacyWithdrawApplicationConsentRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyWithdrawApplicationConsentResponse {
    try await client.unary(
      IntakeServiceMethods.withdrawApplicationConsent, request, options,
      as: PrivacyWithdrawApplicationConsentResponse.self)
  }
}
