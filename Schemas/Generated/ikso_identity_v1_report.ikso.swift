// Generated from ikso/identity/v1/report.proto by protoc-gen-ikso.
// Don't edit; run Schemas/generate.

package import Access
package import RPC

/// The methods of `ikso.identity.v1.ReportService`.
package enum ReportServiceMethods {
  package static let getParticipationReport = MethodDescriptor(
    service: "ikso.identity.v1.ReportService", name: "GetParticipationReport",
    kind: .unary, idempotent: true, hasNoSideEffects: true)
  package static let listReportedPeople = MethodDescriptor(
    service: "ikso.identity.v1.ReportService", name: "ListReportedPeople",
    kind: .unary, idempotent: true, hasNoSideEffects: true)

  package static let all: [(MethodDescriptor, AccessPolicy)] = [
    (getParticipationReport, ReportServicePolicies.getParticipationReport),
    (listReportedPeople, ReportServicePolicies.listReportedPeople),
  ]
}

/// Who may call the methods of `ikso.identity.v1.ReportService`, and what for.
package enum ReportServicePolicies {
  package static let getParticipationReport = AccessPolicy(
    anyone: false,
    roles: [.administrator, .privacyOfficer, .auditor],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "contract", idempotent: true)
  package static let listReportedPeople = AccessPolicy(
    anyone: false,
    roles: [.administrator, .privacyOfficer],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "reporting", idempotent: true)
}

/// What an organisation may know of how its programmes are used (clause 12b).
package protocol ReportServiceHandler: Sendable {
  /// How many take part in each programme: nobody's name, and no number below five.
  func getParticipationReport(
    _ request: IdentityGetParticipationReportRequest, _ call: Call
  ) async throws -> IdentityParticipationReport

  /// The same with names: for a purpose of its own, which the organisation has to instruct. Those
  /// for whom it is stopped are left out.
  func listReportedPeople(
    _ request: IdentityListReportedPeopleRequest, _ call: Call
  ) async throws -> IdentityListReportedPeopleResponse
}

extension ReportServiceHandler {
  /// Every method with its policy, for the server; nothing is read of a call before the
  /// guard has admitted it.
  package func methods(_ accessGuard: AccessGuard) -> [RPCMethod] {
    [
      RPCMethod.unary(
        ReportServiceMethods.getParticipationReport,
        admit: { try await accessGuard.admit($0, ReportServicePolicies.getParticipationReport) },
        getParticipationReport),
      RPCMethod.unary(
        ReportServiceMethods.listReportedPeople,
        admit: { try await accessGuard.admit($0, ReportServicePolicies.listReportedPeople) },
        listReportedPeople),
    ]
  }
}

/// Calls `ikso.identity.v1.ReportService`.
package struct ReportServiceClient: Sendable {
  private let client: RPCClient

  package init(_ client: RPCClient) { self.client = client }

  /// How many take part in each programme: nobody's name, and no number below five.
  package func getParticipationReport(
    _ request: IdentityGetParticipationReportRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityParticipationReport {
    try await client.unary(
      ReportServiceMethods.getParticipationReport, request, options,
      as: IdentityParticipationReport.self)
  }

  /// The same with names: for a purpose of its own, which the organisation has to instruct. Those
  /// for whom it is stopped are left out.
  package func listReportedPeople(
    _ request: IdentityListReportedPeopleRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityListReportedPeopleResponse {
    try await client.unary(
      ReportServiceMethods.listReportedPeople, request, options,
      as: IdentityListReportedPeopleResponse.self)
  }
}

/// The methods of `ikso.identity.v1.RectificationService`.
package enum RectificationServiceMethods {
  package static let rectifyPerson = MethodDescriptor(
    service: "ikso.identity.v1.RectificationService", name: "RectifyPerson",
    kind: .unary, idempotent: true)

  package static let all: [(MethodDescriptor, AccessPolicy)] = [
    (rectifyPerson, RectificationServicePolicies.rectifyPerson),
  ]
}

/// Who may call the methods of `ikso.identity.v1.RectificationService`, and what for.
package enum RectificationServicePolicies {
  package static let rectifyPerson = AccessPolicy(
    anyone: false,
    roles: [],
    services: ["privacy"],
    maximumAuthenticationAge: nil,
    purpose: "privacy-requests", idempotent: true)
}

/// What privacy has carried out here (clause 33). Not routed by the gateway.
package protocol RectificationServiceHandler: Sendable {
  /// Corrects what is kept about somebody, with what it was before. An address counts once the link
  /// in the mail to it was opened. NOT_FOUND for nobody; INVALID_ARGUMENT as for CorrectPerson and
  /// RequestEmailChange. Nothing happens where it is so already.
  func rectifyPerson(
    _ request: IdentityRectifyPersonRequest, _ call: Call
  ) async throws -> IdentityRectifyPersonResponse
}

extension RectificationServiceHandler {
  /// Every method with its policy, for the server; nothing is read of a call before the
  /// guard has admitted it.
  package func methods(_ accessGuard: AccessGuard) -> [RPCMethod] {
    [
      RPCMethod.unary(
        RectificationServiceMethods.rectifyPerson,
        admit: { try await accessGuard.admit($0, RectificationServicePolicies.rectifyPerson) },
        rectifyPerson),
    ]
  }
}

/// Calls `ikso.identity.v1.RectificationService`.
package struct RectificationServiceClient: Sendable {
  private let client: RPCClient

  package init(_ client: RPCClient) { self.client = client }

  /// Corrects what is kept about somebody, with what it was before. An address counts once the link
  /// in the mail to it was opened. NOT_FOUND for nobody; INVALID_ARGUMENT as for CorrectPerson and
  /// RequestEmailChange. Nothing happens where it is so already.
  package func rectifyPerson(
    _ request: IdentityRectifyPersonRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityRectifyPersonResponse {
    try await client.unary(
      RectificationServiceMethods.rectifyPerson, request, options,
      as: IdentityRectifyPersonResponse.self)
  }
}
