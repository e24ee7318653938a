// Generated from ikso/identity/v1/people.proto by protoc-gen-ikso.
// Don't edit; run Schemas/generate.

package import Access
package import RPC

/// The methods of `ikso.identity.v1.PeopleService`.
package enum PeopleServiceMethods {
  package static let getPerson = MethodDescriptor(
    service: "ikso.identity.v1.PeopleService", name: "GetPerson",
    kind: .unary, idempotent: true, hasNoSideEffects: true)
  package static let listPeople = MethodDescriptor(
    service: "ikso.identity.v1.PeopleService", name: "ListPeople",
    kind: .unary, idempotent: true, hasNoSideEffects: true)
  package static let grantRole = MethodDescriptor(
    service: "ikso.identity.v1.PeopleService", name: "GrantRole",
    kind: .unary, idempotent: true)
  package static let revokeRole = MethodDescriptor(
    service: "ikso.identity.v1.PeopleService", name: "RevokeRole",
    kind: .unary, idempotent: true)
  package static let setManager = MethodDescriptor(
    service: "ikso.identity.v1.PeopleService", name: "SetManager",
    kind: .unary, idempotent: true)
  package static let listReports = MethodDescriptor(
    service: "ikso.identity.v1.PeopleService", name: "ListReports",
    kind: .unary, idempotent: true, hasNoSideEffects: true)
  package static let suspendPerson = MethodDescriptor(
    service: "ikso.identity.v1.PeopleService", name: "SuspendPerson",
    kind: .unary, idempotent: true)
  package static let reinstatePerson = MethodDescriptor(
    service: "ikso.identity.v1.PeopleService", name: "ReinstatePerson",
    kind: .unary, idempotent: true)
  package static let correctPerson = MethodDescriptor(
    service: "ikso.identity.v1.PeopleService", name: "CorrectPerson",
    kind: .unary, idempotent: true)
  package static let listCorrections = MethodDescriptor(
    service: "ikso.identity.v1.PeopleService", name: "ListCorrections",
    kind: .unary, idempotent: true, hasNoSideEffects: true)
  package static let requestEmailChange = MethodDescriptor(
    service: "ikso.identity.v1.PeopleService", name: "RequestEmailChange",
    kind: .unary, idempotent: true)
  package static let confirmEmailChange = MethodDescriptor(
    service: "ikso.identity.v1.PeopleService", name: "ConfirmEmailChange",
    kind: .unary, idempotent: false)
  package static let stopEmailChange = MethodDescriptor(
    service: "ikso.identity.v1.PeopleService", name: "StopEmailChange",
    kind: .unary, idempotent: false)
  package static let registerMyself = MethodDescriptor(
    service: "ikso.identity.v1.PeopleService", name: "RegisterMyself",
    kind: .unary, idempotent: true)

  package static let all: [(MethodDescriptor, AccessPolicy)] = [
    (getPerson, PeopleServicePolicies.getPerson),
    (listPeople, PeopleServicePolicies.listPeople),
    (grantRole, PeopleServicePolicies.grantRole),
    (revokeRole, PeopleServicePolicies.revokeRole),
    (setManager, PeopleServicePolicies.setManager),
    (listReports, PeopleServicePolicies.listReports),
    (suspendPerson, PeopleServicePolicies.suspendPerson),
    (reinstatePerson, PeopleServicePolicies.reinstatePerson),
    (correctPerson, PeopleServicePolicies.correctPerson),
    (listCorrections, PeopleServicePolicies.listCorrections),
    (requestEmailChange, PeopleServicePolicies.requestEmailChange),
    (confirmEmailChange, PeopleServicePolicies.confirmEmailChange),
    (stopEmailChange, PeopleServicePolicies.stopEmailChange),
    (registerMyself, PeopleServicePolicies.registerMyself),
  ]
}

/// Who may call the methods of `ikso.identity.v1.PeopleService`, and what for.
package enum PeopleServicePolicies {
  package static let getPerson = AccessPolicy(
    anyone: false,
    roles: [.participant, .coach, .manager, .administrator, .privacyOfficer, .auditor, .support],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "enrolment", idempotent: true)
  package static let listPeople = AccessPolicy(
    anyone: false,
    roles: [.administrator, .privacyOfficer, .auditor, .support],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "enrolment", idempotent: true)
  package static let grantRole = AccessPolicy(
    anyone: false,
    roles: [.administrator],
    services: [],
    maximumAuthenticationAge: .seconds(900),
    purpose: "enrolment", idempotent: true)
  package static let revokeRole = AccessPolicy(
    anyone: false,
    roles: [.administrator],
    services: [],
    maximumAuthenticationAge: .seconds(900),
    purpose: "enrolment", idempotent: true)
  package static let setManager = AccessPolicy(
    anyone: false,
    roles: [.administrator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "enrolment", idempotent: true)
  package static let listReports = AccessPolicy(
    anyone: false,
    roles: [.manager],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "development", idempotent: true)
  package static let suspendPerson = AccessPolicy(
    anyone: false,
    roles: [.administrator],
    services: [],
    maximumAuthenticationAge: .seconds(900),
    purpose: "enrolment", idempotent: true)
  package static let reinstatePerson = AccessPolicy(
    anyone: false,
    roles: [.administrator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "enrolment", idempotent: true)
  package static let correctPerson = AccessPolicy(
    anyone: false,
    roles: [.participant, .coach, .manager, .administrator, .privacyOfficer],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "enrolment", idempotent: true)
  package static let listCorrections = AccessPolicy(
    anyone: false,
    roles: [.participant, .coach, .manager, .administrator, .privacyOfficer],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "enrolment", idempotent: true)
  package static let requestEmailChange = AccessPolicy(
    anyone: false,
    roles: [.participant, .coach, .manager, .administrator, .privacyOfficer],
    services: [],
    maximumAuthenticationAge: .seconds(900),
    purpose: "enrolment", idempotent: true)
  package static let confirmEmailChange = AccessPolicy(
    anyone: true,
    roles: [],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "enrolment", idempotent: false)
  package static let stopEmailChange = AccessPolicy(
    anyone: true,
    roles: [],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "enrolment", idempotent: false)
  package static let registerMyself = AccessPolicy(
    anyone: true,
    roles: [],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "enrolment", idempotent: true)
}

/// The people of the caller's own organisation: what they may, who leads them, whether they may sign
/// in, and the correction of what is kept about them. IKSO's own staff is not among the callers.
package protocol PeopleServiceHandler: Sendable {
  /// One's own record; that of others for administrators, privacy officers and auditors.
  func getPerson(
    _ request: IdentityGetPersonRequest, _ call: Call
  ) async throws -> IdentityPerson

  /// All people, the one added last first.
  func listPeople(
    _ request: IdentityListPeopleRequest, _ call: Call
  ) async throws -> IdentityListPeopleResponse

  /// Gives somebody a right, none that goes beyond the caller's own. An auditor has an end date and
  /// no other right meanwhile. The Authorised Person is named with NameAuthorisedPerson.
  func grantRole(
    _ request: IdentityGrantRoleRequest, _ call: Call
  ) async throws -> IdentityPerson

  /// Takes a right away at once. FAILED_PRECONDITION for the last administrator's.
  func revokeRole(
    _ request: IdentityRevokeRoleRequest, _ call: Call
  ) async throws -> IdentityPerson

  /// Says who leads somebody: a manager, and nobody whom they lead themselves at any remove.
  func setManager(
    _ request: IdentitySetManagerRequest, _ call: Call
  ) async throws -> IdentityPerson

  /// The people whom the caller leads.
  func listReports(
    _ request: IdentityListReportsRequest, _ call: Call
  ) async throws -> IdentityListReportsResponse

  /// Ends somebody's sessions and lets them sign in no more. FAILED_PRECONDITION for the last
  /// administrator and for the Authorised Person.
  func suspendPerson(
    _ request: IdentitySuspendPersonRequest, _ call: Call
  ) async throws -> IdentityPerson

  func reinstatePerson(
    _ request: IdentityReinstatePersonRequest, _ call: Call
  ) async throws -> IdentityPerson

  /// Corrects a name: one's own, or anybody's as administrator. What it was before is kept with it.
  func correctPerson(
    _ request: IdentityCorrectPersonRequest, _ call: Call
  ) async throws -> IdentityPerson

  /// What names and addresses were before: one's own, or anybody's as administrator or privacy
  /// officer.
  func listCorrections(
    _ request: IdentityListCorrectionsRequest, _ call: Call
  ) async throws -> IdentityListCorrectionsResponse

  /// Asks for another e-mail address: one's own, or as administrator anybody's but the Authorised
  /// Person's. A link goes to the new address, and it counts once that was opened. Of somebody else
  /// who has a password the link works after 72 hours, and the old address is told at once, with a
  /// link that stops the change. Asking for the address that counts takes back what was asked for
  /// before. The answer tells nothing about the address.
  func requestEmailChange(
    _ request: IdentityRequestEmailChangeRequest, _ call: Call
  ) async throws -> IdentityRequestEmailChangeResponse

  /// What the link in the mail leads to. The old address gets a notice, links that were sent there
  /// are of no use any more, and whoever has no password yet gets an invitation at the new one.
  /// FAILED_PRECONDITION while a change that somebody else asked for waits.
  func confirmEmailChange(
    _ request: IdentityConfirmEmailChangeRequest, _ call: Call
  ) async throws -> IdentityConfirmEmailChangeResponse

  /// What the link in the mail to the old address leads to: a change that somebody else asked for
  /// does not come about.
  func stopEmailChange(
    _ request: IdentityStopEmailChangeRequest, _ call: Call
  ) async throws -> IdentityStopEmailChangeResponse

  /// Registers the caller with an organisation that lets the people of its domains do so. A mail
  /// leads on as an invitation does. The answer is the same, whatever is true of organisation and
  /// address.
  func registerMyself(
    _ request: IdentityRegisterMyselfRequest, _ call: Call
  ) async throws -> IdentityRegisterMyselfResponse
}

extension PeopleServiceHandler {
  /// Every method with its policy, for the server; nothing is read of a call before the
  /// guard has admitted it.
  package func methods(_ accessGuard: AccessGuard) -> [RPCMethod] {
    [
      RPCMethod.unary(
        PeopleServiceMethods.getPerson,
        admit: { try await accessGuard.admit($0, PeopleServicePolicies.getPerson) },
        getPerson),
      RPCMethod.unary(
        PeopleServiceMethods.listPeople,
        admit: { try await accessGuard.admit($0, PeopleServicePolicies.listPeople) },
        listPeople),
      RPCMethod.unary(
        PeopleServiceMethods.grantRole,
        admit: { try await accessGuard.admit($0, PeopleServicePolicies.grantRole) },
        grantRole),
      RPCMethod.unary(
        PeopleServiceMethods.revokeRole,
        admit: { try await accessGuard.admit($0, PeopleServicePolicies.revokeRole) },
        revokeRole),
      RPCMethod.unary(
        PeopleServiceMethods.setManager,
        admit: { try await accessGuard.admit($0, PeopleServicePolicies.setManager) },
        setManager),
      RPCMethod.unary(
        PeopleServiceMethods.listReports,
        admit: { try await accessGuard.admit($0, PeopleServicePolicies.listReports) },
        listReports),
      RPCMethod.unary(
        PeopleServiceMethods.suspendPerson,
        admit: { try await accessGuard.admit($0, PeopleServicePolicies.suspendPerson) },
        suspendPerson),
      RPCMethod.unary(
        PeopleServiceMethods.reinstatePerson,
        admit: { try await accessGuard.admit($0, PeopleServicePolicies.reinstatePerson) },
        reinstatePerson),
      RPCMethod.unary(
        PeopleServiceMethods.correctPerson,
        admit: { try await accessGuard.admit($0, PeopleServicePolicies.correctPerson) },
        correctPerson),
      RPCMethod.unary(
        PeopleServiceMethods.listCorrections,
        admit: { try await accessGuard.admit($0, PeopleServicePolicies.listCorrections) },
        listCorrections),
      RPCMethod.unary(
        PeopleServiceMethods.requestEmailChange,
        admit: { try await accessGuard.admit($0, PeopleServicePolicies.requestEmailChange) },
        requestEmailChange),
      RPCMethod.unary(
        PeopleServiceMethods.confirmEmailChange,
        admit: { try await accessGuard.admit($0, PeopleServicePolicies.confirmEmailChange) },
        confirmEmailChange),
      RPCMethod.unary(
        PeopleServiceMethods.stopEmailChange,
        admit: { try await accessGuard.admit($0, PeopleServicePolicies.stopEmailChange) },
        stopEmailChange),
      RPCMethod.unary(
        PeopleServiceMethods.registerMyself,
        admit: { try await accessGuard.admit($0, PeopleServicePolicies.registerMyself) },
        registerMyself),
    ]
  }
}

/// Calls `ikso.identity.v1.PeopleService`.
package struct PeopleServiceClient: Sendable {
  private let client: RPCClient

  package init(_ client: RPCClient) { self.client = client }

  /// One's own record; that of others for administrators, privacy officers and auditors.
  package func getPerson(
    _ request: IdentityGetPersonRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityPerson {
    try await client.unary(
      PeopleServiceMethods.getPerson, request, options,
      as: IdentityPerson.self)
  }

  /// All people, the one added last first.
  package func listPeople(
    _ request: IdentityListPeopleRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityListPeopleResponse {
    try await client.unary(
      PeopleServiceMethods.listPeople, request, options,
      as: IdentityListPeopleResponse.self)
  }

  /// Gives somebody a right, none that goes beyond the caller's own. An auditor has an end date and
  /// no other right meanwhile. The Authorised Person is named with NameAuthorisedPerson.
  package func grantRole(
    _ request: IdentityGrantRoleRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityPerson {
    try await client.unary(
      PeopleServiceMethods.grantRole, request, options,
      as: IdentityPerson.self)
  }

  /// Takes a right away at once. FAILED_PRECONDITION for the last administrator's.
  package func revokeRole(
    _ request: IdentityRevokeRoleRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityPerson {
    try await client.unary(
      PeopleServiceMethods.revokeRole, request, options,
      as: IdentityPerson.self)
  }

  /// Says who leads somebody: a manager, and nobody whom they lead themselves at any remove.
  package func setManager(
    _ request: IdentitySetManagerRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityPerson {
    try await client.unary(
      PeopleServiceMethods.setManager, request, options,
      as: IdentityPerson.self)
  }

  /// The people whom the caller leads.
  package func listReports(
    _ request: IdentityListReportsRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityListReportsResponse {
    try await client.unary(
      PeopleServiceMethods.listReports, request, options,
      as: IdentityListReportsResponse.self)
  }

  /// Ends somebody's sessions and lets them sign in no more. FAILED_PRECONDITION for the last
  /// administrator and for the Authorised Person.
  package func suspendPerson(
    _ request: IdentitySuspendPersonRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityPerson {
    try await client.unary(
      PeopleServiceMethods.suspendPerson, request, options,
      as: IdentityPerson.self)
  }

  package func reinstatePerson(
    _ request: IdentityReinstatePersonRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityPerson {
    try await client.unary(
      PeopleServiceMethods.reinstatePerson, request, options,
      as: IdentityPerson.self)
  }

  /// Corrects a name: one's own, or anybody's as administrator. What it was before is kept with it.
  package func correctPerson(
    _ request: IdentityCorrectPersonRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityPerson {
    try await client.unary(
      PeopleServiceMethods.correctPerson, request, options,
      as: IdentityPerson.self)
  }

  /// What names and addresses were before: one's own, or anybody's as administrator or privacy
  /// officer.
  package func listCorrections(
    _ request: IdentityListCorrectionsRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityListCorrectionsResponse {
    try await client.unary(
      PeopleServiceMethods.listCorrections, request, options,
      as: IdentityListCorrectionsResponse.self)
  }

  /// Asks for another e-mail address: one's own, or as administrator anybody's but the Authorised
  /// Person's. A link goes to the new address, and it counts once that was opened. Of somebody else
  /// who has a password the link works after 72 hours, and the old address is told at once, with a
  /// link that stops the change. Asking for the address that counts takes back what was asked for
  /// before. The answer tells nothing about the address.
  package func requestEmailChange(
    _ request: IdentityRequestEmailChangeRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityRequestEmailChangeResponse {
    try await client.unary(
      PeopleServiceMethods.requestEmailChange, request, options,
      as: IdentityRequestEmailChangeResponse.self)
  }

  /// What the link in the mail leads to. The old address gets a notice, links that were sent there
  /// are of no use any more, and whoever has no password yet gets an invitation at the new one.
  /// FAILED_PRECONDITION while a change that somebody else asked for waits.
  package func confirmEmailChange(
    _ request: IdentityConfirmEmailChangeRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityConfirmEmailChangeResponse {
    try await client.unary(
      PeopleServiceMethods.confirmEmailChange, request, options,
      as: IdentityConfirmEmailChangeResponse.self)
  }

  /// What the link in the mail to the old address leads to: a change that somebody else asked for
  /// does not come about.
  package func stopEmailChange(
    _ request: IdentityStopEmailChangeRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityStopEmailChangeResponse {
    try await client.unary(
      PeopleServiceMethods.stopEmailChange, request, options,
      as: IdentityStopEmailChangeResponse.self)
  }

  /// Registers the caller with an organisation that lets the people of its domains do so. A mail
  /// leads on as an invitation does. The answer is the same, whatever is true of organisation and
  /// address.
  package func registerMyself(
    _ request: IdentityRegisterMyselfRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityRegisterMyselfResponse {
    try await client.unary(
      PeopleServiceMethods.registerMyself, request, options,
      as: IdentityRegisterMyselfResponse.self)
  }
}
