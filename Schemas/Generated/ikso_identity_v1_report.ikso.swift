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

/// The methods of `ikso.identity.v1.PersonDeskService`.
package enum PersonDeskServiceMethods {
  package static let checkPerson = MethodDescriptor(
    service: "ikso.identity.v1.PersonDeskService", name: "CheckPerson",
    kind: .unary, idempotent: true, hasNoSideEffects: true)
  package static let rectifyPerson = MethodDescriptor(
    service: "ikso.identity.v1.PersonDeskService", name: "RectifyPerson",
    kind: .unary, idempotent: true)

  package static let all: [(MethodDescriptor, AccessPolicy)] = [
    (checkPerson, PersonDeskServicePolicies.checkPerson),
    (rectifyPerson, PersonDeskServicePolicies.rectifyPerson),
  ]
}

/// Who may call the methods of `ikso.identity.v1.PersonDeskService`, and what for.
package enum PersonDeskServicePolicies {
  package static let checkPerson = AccessPolicy(
    anyone: false,
    roles: [],
    services: ["privacy"],
    maximumAuthenticationAge: nil,
    purpose: "privacy-requests", idempotent: true)
  package static let rectifyPerson = AccessPolicy(
    anyone: false,
    roles: [],
    services: ["privacy"],
    maximumAuthenticationAge: nil,
    purpose: "privacy-requests", idempotent: true)
}

/// What the privacy service asks of people here, in its own name: people's rights do not wait for a
/// purpose that is stopped, whether for them or for their organisation. Not routed by the gateway.
package protocol PersonDeskServiceHandler: Sendable {
  /// Whether somebody is one of the organisation: NOT_FOUND for whoever is not, is no more, or never
  /// was. Nothing about them is read.
  func checkPerson(
    _ request: IdentityCheckPersonRequest, _ call: Call
  ) async throws -> IdentityCheckPersonResponse

  /// Corrects what is kept about somebody (clause 33), with what it was before. An address counts
  /// once the link in the mail to it was opened. NOT_FOUND for nobody; INVALID_ARGUMENT as for
  /// CorrectPerson and RequestEmailChange. Nothing happens where it is so already.
  func rectifyPerson(
    _ request: IdentityRectifyPersonRequest, _ call: Call
  ) async throws -> IdentityRectifyPersonResponse
}

extension PersonDeskServiceHandler {
  /// Every method with its policy, for the server; nothing is read of a call before the
  /// guard has admitted it.
  package func methods(_ accessGuard: AccessGuard) -> [RPCMethod] {
    [
      RPCMethod.unary(
        PersonDeskServiceMethods.checkPerson,
        admit: { try await accessGuard.admit($0, PersonDeskServicePolicies.checkPerson) },
        checkPerson),
      RPCMethod.unary(
        PersonDeskServiceMethods.rectifyPerson,
        admit: { try await accessGuard.admit($0, PersonDeskServicePolicies.rectifyPerson) },
        rectifyPerson),
    ]
  }
}

/// Calls `ikso.identity.v1.PersonDeskService`.
package struct PersonDeskServiceClient: Sendable {
  private let client: RPCClient

  package init(_ client: RPCClient) { self.client = client }

  /// Whether somebody is one of the organisation: NOT_FOUND for whoever is not, is no more, or never
  /// was. Nothing about them is read.
  package func checkPerson(
    _ request: IdentityCheckPersonRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityCheckPersonResponse {
    try await client.unary(
      PersonDeskServiceMethods.checkPerson, request, options,
      as: IdentityCheckPersonResponse.self)
  }

  /// Corrects what is kept about somebody (clause 33), with what it was before. An address counts
  /// once the link in the mail to it was opened. NOT_FOUND for nobody; INVALID_ARGUMENT as for
  /// CorrectPerson and RequestEmailChange. Nothing happens where it is so already.
  package func rectifyPerson(
    _ request: IdentityRectifyPersonRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityRectifyPersonResponse {
    try await client.unary(
      PersonDeskServiceMethods.rectifyPerson, request, options,
      as: IdentityRectifyPersonResponse.self)
  }
}
