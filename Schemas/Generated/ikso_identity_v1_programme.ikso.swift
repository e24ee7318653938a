// Generated from ikso/identity/v1/programme.proto by protoc-gen-ikso.
// Don't edit; run Schemas/generate.

package import Access
package import RPC

/// The methods of `ikso.identity.v1.ProgrammeService`.
package enum ProgrammeServiceMethods {
  package static let createProgramme = MethodDescriptor(
    service: "ikso.identity.v1.ProgrammeService", name: "CreateProgramme",
    kind: .unary, idempotent: false)
  package static let endProgramme = MethodDescriptor(
    service: "ikso.identity.v1.ProgrammeService", name: "EndProgramme",
    kind: .unary, idempotent: true)
  package static let listProgrammes = MethodDescriptor(
    service: "ikso.identity.v1.ProgrammeService", name: "ListProgrammes",
    kind: .unary, idempotent: true, hasNoSideEffects: true)
  package static let enrolPeople = MethodDescriptor(
    service: "ikso.identity.v1.ProgrammeService", name: "EnrolPeople",
    kind: .unary, idempotent: true)
  package static let unenrolPeople = MethodDescriptor(
    service: "ikso.identity.v1.ProgrammeService", name: "UnenrolPeople",
    kind: .unary, idempotent: true)
  package static let listEnrolments = MethodDescriptor(
    service: "ikso.identity.v1.ProgrammeService", name: "ListEnrolments",
    kind: .unary, idempotent: true, hasNoSideEffects: true)
  package static let listMyProgrammes = MethodDescriptor(
    service: "ikso.identity.v1.ProgrammeService", name: "ListMyProgrammes",
    kind: .unary, idempotent: true, hasNoSideEffects: true)

  package static let all: [(MethodDescriptor, AccessPolicy)] = [
    (createProgramme, ProgrammeServicePolicies.createProgramme),
    (endProgramme, ProgrammeServicePolicies.endProgramme),
    (listProgrammes, ProgrammeServicePolicies.listProgrammes),
    (enrolPeople, ProgrammeServicePolicies.enrolPeople),
    (unenrolPeople, ProgrammeServicePolicies.unenrolPeople),
    (listEnrolments, ProgrammeServicePolicies.listEnrolments),
    (listMyProgrammes, ProgrammeServicePolicies.listMyProgrammes),
  ]
}

/// Who may call the methods of `ikso.identity.v1.ProgrammeService`, and what for.
package enum ProgrammeServicePolicies {
  package static let createProgramme = AccessPolicy(
    anyone: false,
    roles: [.administrator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "enrolment", idempotent: false)
  package static let endProgramme = AccessPolicy(
    anyone: false,
    roles: [.administrator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "enrolment", idempotent: true)
  package static let listProgrammes = AccessPolicy(
    anyone: false,
    roles: [.administrator, .privacyOfficer, .auditor, .service, .support],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "enrolment", idempotent: true)
  package static let enrolPeople = AccessPolicy(
    anyone: false,
    roles: [.administrator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "enrolment", idempotent: true)
  package static let unenrolPeople = AccessPolicy(
    anyone: false,
    roles: [.administrator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "enrolment", idempotent: true)
  package static let listEnrolments = AccessPolicy(
    anyone: false,
    roles: [.administrator, .privacyOfficer, .auditor, .service, .support],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "enrolment", idempotent: true)
  package static let listMyProgrammes = AccessPolicy(
    anyone: false,
    roles: [.participant, .coach, .manager, .administrator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "enrolment", idempotent: true)
}

/// What an organisation has its people take part in (clause 12a), and the learning paths that they
/// may enter while they do (clause 12e). An enrolment ends with its programme.
package protocol ProgrammeServiceHandler: Sendable {
  func createProgramme(
    _ request: IdentityCreateProgrammeRequest, _ call: Call
  ) async throws -> IdentityProgramme

  /// Ends a programme early, with a day that is not past, and all enrolments with it.
  func endProgramme(
    _ request: IdentityEndProgrammeRequest, _ call: Call
  ) async throws -> IdentityProgramme

  /// The organisation's programmes, the one made last first.
  func listProgrammes(
    _ request: IdentityListProgrammesRequest, _ call: Call
  ) async throws -> IdentityListProgrammesResponse

  /// Has people take part from today or the programme's first day on. NOT_FOUND, and nobody is
  /// enrolled, if one of them is not of the organisation.
  func enrolPeople(
    _ request: IdentityEnrolPeopleRequest, _ call: Call
  ) async throws -> IdentityEnrolPeopleResponse

  /// Has people take part no more, from today on.
  func unenrolPeople(
    _ request: IdentityUnenrolPeopleRequest, _ call: Call
  ) async throws -> IdentityUnenrolPeopleResponse

  /// Who takes part in a programme today, or did to its end.
  func listEnrolments(
    _ request: IdentityListEnrolmentsRequest, _ call: Call
  ) async throws -> IdentityListEnrolmentsResponse

  /// The programmes that the caller takes part in today, with the learning paths open to them.
  func listMyProgrammes(
    _ request: IdentityListMyProgrammesRequest, _ call: Call
  ) async throws -> IdentityListMyProgrammesResponse
}

extension ProgrammeServiceHandler {
  /// Every method with its policy, for the server; nothing is read of a call before the
  /// guard has admitted it.
  package func methods(_ accessGuard: AccessGuard) -> [RPCMethod] {
    [
      RPCMethod.unary(
        ProgrammeServiceMethods.createProgramme,
        admit: { try await accessGuard.admit($0, ProgrammeServicePolicies.createProgramme) },
        createProgramme),
      RPCMethod.unary(
        ProgrammeServiceMethods.endProgramme,
        admit: { try await accessGuard.admit($0, ProgrammeServicePolicies.endProgramme) },
        endProgramme),
      RPCMethod.unary(
        ProgrammeServiceMethods.listProgrammes,
        admit: { try await accessGuard.admit($0, ProgrammeServicePolicies.listProgrammes) },
        listProgrammes),
      RPCMethod.unary(
        ProgrammeServiceMethods.enrolPeople,
        admit: { try await accessGuard.admit($0, ProgrammeServicePolicies.enrolPeople) },
        enrolPeople),
      RPCMethod.unary(
        ProgrammeServiceMethods.unenrolPeople,
        admit: { try await accessGuard.admit($0, ProgrammeServicePolicies.unenrolPeople) },
        unenrolPeople),
      RPCMethod.unary(
        ProgrammeServiceMethods.listEnrolments,
        admit: { try await accessGuard.admit($0, ProgrammeServicePolicies.listEnrolments) },
        listEnrolments),
      RPCMethod.unary(
        ProgrammeServiceMethods.listMyProgrammes,
        admit: { try await accessGuard.admit($0, ProgrammeServicePolicies.listMyProgrammes) },
        listMyProgrammes),
    ]
  }
}

/// Calls `ikso.identity.v1.ProgrammeService`.
package struct ProgrammeServiceClient: Sendable {
  private let client: RPCClient

  package init(_ client: RPCClient) { self.client = client }

  package func createProgramme(
    _ request: IdentityCreateProgrammeRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityProgramme {
    try await client.unary(
      ProgrammeServiceMethods.createProgramme, request, options,
      as: IdentityProgramme.self)
  }

  /// Ends a programme early, with a day that is not past, and all enrolments with it.
  package func endProgramme(
    _ request: IdentityEndProgrammeRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityProgramme {
    try await client.unary(
      ProgrammeServiceMethods.endProgramme, request, options,
      as: IdentityProgramme.self)
  }

  /// The organisation's programmes, the one made last first.
  package func listProgrammes(
    _ request: IdentityListProgrammesRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityListProgrammesResponse {
    try await client.unary(
      ProgrammeServiceMethods.listProgrammes, request, options,
      as: IdentityListProgrammesResponse.self)
  }

  /// Has people take part from today or the programme's first day on. NOT_FOUND, and nobody is
  /// enrolled, if one of them is not of the organisation.
  package func enrolPeople(
    _ request: IdentityEnrolPeopleRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityEnrolPeopleResponse {
    try await client.unary(
      ProgrammeServiceMethods.enrolPeople, request, options,
      as: IdentityEnrolPeopleResponse.self)
  }

  /// Has people take part no more, from today on.
  package func unenrolPeople(
    _ request: IdentityUnenrolPeopleRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityUnenrolPeopleResponse {
    try await client.unary(
      ProgrammeServiceMethods.unenrolPeople, request, options,
      as: IdentityUnenrolPeopleResponse.self)
  }

  /// Who takes part in a programme today, or did to its end.
  package func listEnrolments(
    _ request: IdentityListEnrolmentsRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityListEnrolmentsResponse {
    try await client.unary(
      ProgrammeServiceMethods.listEnrolments, request, options,
      as: IdentityListEnrolmentsResponse.self)
  }

  /// The programmes that the caller takes part in today, with the learning paths open to them.
  package func listMyProgrammes(
    _ request: IdentityListMyProgrammesRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityListMyProgrammesResponse {
    try await client.unary(
      ProgrammeServiceMethods.listMyProgrammes, request, options,
      as: IdentityListMyProgrammesResponse.self)
  }
}
