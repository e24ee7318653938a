// Generated from ikso/identity/v1/identity.proto by protoc-gen-ikso.
// Don't edit; run Schemas/generate.

package import Access
package import RPC

/// The methods of `ikso.identity.v1.IdentityService`.
package enum IdentityServiceMethods {
  package static let registerOrganisation = MethodDescriptor(
    service: "ikso.identity.v1.IdentityService", name: "RegisterOrganisation",
    kind: .unary, idempotent: false)
  package static let getOrganisation = MethodDescriptor(
    service: "ikso.identity.v1.IdentityService", name: "GetOrganisation",
    kind: .unary, idempotent: true, hasNoSideEffects: true)
  package static let nameAuthorisedPerson = MethodDescriptor(
    service: "ikso.identity.v1.IdentityService", name: "NameAuthorisedPerson",
    kind: .unary, idempotent: false)
  package static let importParticipants = MethodDescriptor(
    service: "ikso.identity.v1.IdentityService", name: "ImportParticipants",
    kind: .unary, idempotent: false)
  package static let resendInvitation = MethodDescriptor(
    service: "ikso.identity.v1.IdentityService", name: "ResendInvitation",
    kind: .unary, idempotent: false)
  package static let openInvitation = MethodDescriptor(
    service: "ikso.identity.v1.IdentityService", name: "OpenInvitation",
    kind: .unary, idempotent: true)
  package static let showStatement = MethodDescriptor(
    service: "ikso.identity.v1.IdentityService", name: "ShowStatement",
    kind: .unary, idempotent: true)
  package static let acceptStatement = MethodDescriptor(
    service: "ikso.identity.v1.IdentityService", name: "AcceptStatement",
    kind: .unary, idempotent: true)
  package static let setPassword = MethodDescriptor(
    service: "ikso.identity.v1.IdentityService", name: "SetPassword",
    kind: .unary, idempotent: false)
  package static let login = MethodDescriptor(
    service: "ikso.identity.v1.IdentityService", name: "Login",
    kind: .unary, idempotent: false)
  package static let logout = MethodDescriptor(
    service: "ikso.identity.v1.IdentityService", name: "Logout",
    kind: .unary, idempotent: true)
  package static let findColleague = MethodDescriptor(
    service: "ikso.identity.v1.IdentityService", name: "FindColleague",
    kind: .unary, idempotent: true)
  package static let getColleagues = MethodDescriptor(
    service: "ikso.identity.v1.IdentityService", name: "GetColleagues",
    kind: .unary, idempotent: true, hasNoSideEffects: true)
  package static let rotateSigningKey = MethodDescriptor(
    service: "ikso.identity.v1.IdentityService", name: "RotateSigningKey",
    kind: .unary, idempotent: false)

  package static let all: [(MethodDescriptor, AccessPolicy)] = [
    (registerOrganisation, IdentityServicePolicies.registerOrganisation),
    (getOrganisation, IdentityServicePolicies.getOrganisation),
    (nameAuthorisedPerson, IdentityServicePolicies.nameAuthorisedPerson),
    (importParticipants, IdentityServicePolicies.importParticipants),
    (resendInvitation, IdentityServicePolicies.resendInvitation),
    (openInvitation, IdentityServicePolicies.openInvitation),
    (showStatement, IdentityServicePolicies.showStatement),
    (acceptStatement, IdentityServicePolicies.acceptStatement),
    (setPassword, IdentityServicePolicies.setPassword),
    (login, IdentityServicePolicies.login),
    (logout, IdentityServicePolicies.logout),
    (findColleague, IdentityServicePolicies.findColleague),
    (getColleagues, IdentityServicePolicies.getColleagues),
    (rotateSigningKey, IdentityServicePolicies.rotateSigningKey),
  ]
}

/// Who may call the methods of `ikso.identity.v1.IdentityService`, and what for.
package enum IdentityServicePolicies {
  package static let registerOrganisation = AccessPolicy(
    anyone: false,
    roles: [.operator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "contract", idempotent: false)
  package static let getOrganisation = AccessPolicy(
    anyone: false,
    roles: [.operator, .administrator, .privacyOfficer, .service, .support],
    services: ["privacy", "feedback"],
    maximumAuthenticationAge: nil,
    purpose: "contract", idempotent: true)
  package static let nameAuthorisedPerson = AccessPolicy(
    anyone: false,
    roles: [.operator],
    services: [],
    maximumAuthenticationAge: .seconds(900),
    purpose: "contract", idempotent: false)
  package static let importParticipants = AccessPolicy(
    anyone: false,
    roles: [.operator, .administrator],
    services: [],
    maximumAuthenticationAge: .seconds(900),
    purpose: "enrolment", idempotent: false)
  package static let resendInvitation = AccessPolicy(
    anyone: false,
    roles: [.operator, .administrator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "enrolment", idempotent: false)
  package static let openInvitation = AccessPolicy(
    anyone: true,
    roles: [],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "enrolment", idempotent: true)
  package static let showStatement = AccessPolicy(
    anyone: true,
    roles: [],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "enrolment", idempotent: true)
  package static let acceptStatement = AccessPolicy(
    anyone: true,
    roles: [],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "enrolment", idempotent: true)
  package static let setPassword = AccessPolicy(
    anyone: true,
    roles: [],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "enrolment", idempotent: false)
  package static let login = AccessPolicy(
    anyone: true,
    roles: [],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "sign-in", idempotent: false)
  package static let logout = AccessPolicy(
    anyone: false,
    roles: [.participant, .coach, .manager, .administrator, .privacyOfficer, .auditor, .operator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "sign-in", idempotent: true)
  package static let findColleague = AccessPolicy(
    anyone: false,
    roles: [.participant, .coach, .manager, .administrator, .privacyOfficer],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "feedback", idempotent: true)
  package static let getColleagues = AccessPolicy(
    anyone: false,
    roles: [.participant, .coach, .manager, .administrator, .privacyOfficer],
    services: ["feedback"],
    maximumAuthenticationAge: nil,
    purpose: "feedback", idempotent: true)
  package static let rotateSigningKey = AccessPolicy(
    anyone: false,
    roles: [.operator],
    services: [],
    maximumAuthenticationAge: .seconds(900),
    purpose: "operations", idempotent: false)
}

/// Organisations, people and sign-in. Dates without a time are ISO 8601 calendar dates
/// (2026-11-23); identifiers are UUIDs in their canonical text form.
package protocol IdentityServiceHandler: Sendable {
  /// Registers a client organisation with its contract and processing agreement (clause 5).
  func registerOrganisation(
    _ request: IdentityRegisterOrganisationRequest, _ call: Call
  ) async throws -> IdentityOrganisation

  func getOrganisation(
    _ request: IdentityGetOrganisationRequest, _ call: Call
  ) async throws -> IdentityOrganisation

  /// Names the Authorised Person, who alone makes requests on behalf of others (clause 8), and
  /// invites them.
  func nameAuthorisedPerson(
    _ request: IdentityNameAuthorisedPersonRequest, _ call: Call
  ) async throws -> IdentityAuthorisedPerson

  /// Enrols the people of a CSV file (RFC 4180; columns name, email, role), all or none, and
  /// invites each of them. Administrators among them follow the rule of GrantRole: PERMISSION_DENIED
  /// where their right would last longer than the caller's own.
  func importParticipants(
    _ request: IdentityImportParticipantsRequest, _ call: Call
  ) async throws -> IdentityImportParticipantsResponse

  /// Sends a new invitation and makes the earlier ones useless. The answer is the same whether or
  /// not the address is known.
  func resendInvitation(
    _ request: IdentityResendInvitationRequest, _ call: Call
  ) async throws -> IdentityResendInvitationResponse

  /// What the link in an invitation leads to: who is invited, and their personal statement.
  func openInvitation(
    _ request: IdentityOpenInvitationRequest, _ call: Call
  ) async throws -> IdentityOpenInvitationResponse

  /// Shows the personal statement to somebody who may not sign in before accepting it (clause 3).
  func showStatement(
    _ request: IdentityShowStatementRequest, _ call: Call
  ) async throws -> PrivacyPersonalStatement

  /// Records that the current version was accepted; its version and hash must be the ones shown.
  func acceptStatement(
    _ request: IdentityAcceptStatementRequest, _ call: Call
  ) async throws -> IdentityAcceptStatementResponse

  /// Sets the first password and uses the invitation up.
  func setPassword(
    _ request: IdentitySetPasswordRequest, _ call: Call
  ) async throws -> IdentitySetPasswordResponse

  /// Signs in: a session, or a challenge that says what has to follow the password (SignInService).
  func login(
    _ request: IdentityLoginRequest, _ call: Call
  ) async throws -> IdentityLoginResponse

  /// Ends the session of the caller's token: no further token is issued for it, and within five
  /// seconds no service takes the one that there is.
  func logout(
    _ request: IdentityLogoutRequest, _ call: Call
  ) async throws -> IdentityLogoutResponse

  /// Finds a person of the caller's own organisation by e-mail address.
  func findColleague(
    _ request: IdentityFindColleagueRequest, _ call: Call
  ) async throws -> IdentityColleague

  /// The names of people of the caller's own organisation; NOT_FOUND if one is not of it.
  func getColleagues(
    _ request: IdentityGetColleaguesRequest, _ call: Call
  ) async throws -> IdentityGetColleaguesResponse

  /// Makes a new signing key; the earlier one stays published until the last token signed with it
  /// has expired.
  func rotateSigningKey(
    _ request: IdentityRotateSigningKeyRequest, _ call: Call
  ) async throws -> IdentityRotateSigningKeyResponse
}

extension IdentityServiceHandler {
  /// Every method with its policy, for the server; nothing is read of a call before the
  /// guard has admitted it.
  package func methods(_ accessGuard: AccessGuard) -> [RPCMethod] {
    [
      RPCMethod.unary(
        IdentityServiceMethods.registerOrganisation,
        admit: { try await accessGuard.admit($0, IdentityServicePolicies.registerOrganisation) },
        registerOrganisation),
      RPCMethod.unary(
        IdentityServiceMethods.getOrganisation,
        admit: { try await accessGuard.admit($0, IdentityServicePolicies.getOrganisation) },
        getOrganisation),
      RPCMethod.unary(
        IdentityServiceMethods.nameAuthorisedPerson,
        admit: { try await accessGuard.admit($0, IdentityServicePolicies.nameAuthorisedPerson) },
        nameAuthorisedPerson),
      RPCMethod.unary(
        IdentityServiceMethods.importParticipants,
        admit: { try await accessGuard.admit($0, IdentityServicePolicies.importParticipants) },
        importParticipants),
      RPCMethod.unary(
        IdentityServiceMethods.resendInvitation,
        admit: { try await accessGuard.admit($0, IdentityServicePolicies.resendInvitation) },
        resendInvitation),
      RPCMethod.unary(
        IdentityServiceMethods.openInvitation,
        admit: { try await accessGuard.admit($0, IdentityServicePolicies.openInvitation) },
        openInvitation),
      RPCMethod.unary(
        IdentityServiceMethods.showStatement,
        admit: { try await accessGuard.admit($0, IdentityServicePolicies.showStatement) },
        showStatement),
      RPCMethod.unary(
        IdentityServiceMethods.acceptStatement,
        admit: { try await accessGuard.admit($0, IdentityServicePolicies.acceptStatement) },
        acceptStatement),
      RPCMethod.unary(
        IdentityServiceMethods.setPassword,
        admit: { try await accessGuard.admit($0, IdentityServicePolicies.setPassword) },
        setPassword),
      RPCMethod.unary(
        IdentityServiceMethods.login,
        admit: { try await accessGuard.admit($0, IdentityServicePolicies.login) },
        login),
      RPCMethod.unary(
        IdentityServiceMethods.logout,
        admit: { try await accessGuard.admit($0, IdentityServicePolicies.logout) },
        logout),
      RPCMethod.unary(
        IdentityServiceMethods.findColleague,
        admit: { try await accessGuard.admit($0, IdentityServicePolicies.findColleague) },
        findColleague),
      RPCMethod.unary(
        IdentityServiceMethods.getColleagues,
        admit: { try await accessGuard.admit($0, IdentityServicePolicies.getColleagues) },
        getColleagues),
      RPCMethod.unary(
        IdentityServiceMethods.rotateSigningKey,
        admit: { try await accessGuard.admit($0, IdentityServicePolicies.rotateSigningKey) },
        rotateSigningKey),
    ]
  }
}

/// Calls `ikso.identity.v1.IdentityService`.
package struct IdentityServiceClient: Sendable {
  private let client: RPCClient

  package init(_ client: RPCClient) { self.client = client }

  /// Registers a client organisation with its contract and processing agreement (clause 5).
  package func registerOrganisation(
    _ request: IdentityRegisterOrganisationRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityOrganisation {
    try await client.unary(
      IdentityServiceMethods.registerOrganisation, request, options,
      as: IdentityOrganisation.self)
  }

  package func getOrganisation(
    _ request: IdentityGetOrganisationRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityOrganisation {
    try await client.unary(
      IdentityServiceMethods.getOrganisation, request, options,
      as: IdentityOrganisation.self)
  }

  /// Names the Authorised Person, who alone makes requests on behalf of others (clause 8), and
  /// invites them.
  package func nameAuthorisedPerson(
    _ request: IdentityNameAuthorisedPersonRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityAuthorisedPerson {
    try await client.unary(
      IdentityServiceMethods.nameAuthorisedPerson, request, options,
      as: IdentityAuthorisedPerson.self)
  }

  /// Enrols the people of a CSV file (RFC 4180; columns name, email, role), all or none, and
  /// invites each of them. Administrators among them follow the rule of GrantRole: PERMISSION_DENIED
  /// where their right would last longer than the caller's own.
  package func importParticipants(
    _ request: IdentityImportParticipantsRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityImportParticipantsResponse {
    try await client.unary(
      IdentityServiceMethods.importParticipants, request, options,
      as: IdentityImportParticipantsResponse.self)
  }

  /// Sends a new invitation and makes the earlier ones useless. The answer is the same whether or
  /// not the address is known.
  package func resendInvitation(
    _ request: IdentityResendInvitationRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityResendInvitationResponse {
    try await client.unary(
      IdentityServiceMethods.resendInvitation, request, options,
      as: IdentityResendInvitationResponse.self)
  }

  /// What the link in an invitation leads to: who is invited, and their personal statement.
  package func openInvitation(
    _ request: IdentityOpenInvitationRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityOpenInvitationResponse {
    try await client.unary(
      IdentityServiceMethods.openInvitation, request, options,
      as: IdentityOpenInvitationResponse.self)
  }

  /// Shows the personal statement to somebody who may not sign in before accepting it (clause 3).
  package func showStatement(
    _ request: IdentityShowStatementRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyPersonalStatement {
    try await client.unary(
      IdentityServiceMethods.showStatement, request, options,
      as: PrivacyPersonalStatement.self)
  }

  /// Records that the current version was accepted; its version and hash must be the ones shown.
  package func acceptStatement(
    _ request: IdentityAcceptStatementRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityAcceptStatementResponse {
    try await client.unary(
      IdentityServiceMethods.acceptStatement, request, options,
      as: IdentityAcceptStatementResponse.self)
  }

  /// Sets the first password and uses the invitation up.
  package func setPassword(
    _ request: IdentitySetPasswordRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentitySetPasswordResponse {
    try await client.unary(
      IdentityServiceMethods.setPassword, request, options,
      as: IdentitySetPasswordResponse.self)
  }

  /// Signs in: a session, or a challenge that says what has to follow the password (SignInService).
  package func login(
    _ request: IdentityLoginRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityLoginResponse {
    try await client.unary(
      IdentityServiceMethods.login, request, options,
      as: IdentityLoginResponse.self)
  }

  /// Ends the session of the caller's token: no further token is issued for it, and within five
  /// seconds no service takes the one that there is.
  package func logout(
    _ request: IdentityLogoutRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityLogoutResponse {
    try await client.unary(
      IdentityServiceMethods.logout, request, options,
      as: IdentityLogoutResponse.self)
  }

  /// Finds a person of the caller's own organisation by e-mail address.
  package func findColleague(
    _ request: IdentityFindColleagueRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityColleague {
    try await client.unary(
      IdentityServiceMethods.findColleague, request, options,
      as: IdentityColleague.self)
  }

  /// The names of people of the caller's own organisation; NOT_FOUND if one is not of it.
  package func getColleagues(
    _ request: IdentityGetColleaguesRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityGetColleaguesResponse {
    try await client.unary(
      IdentityServiceMethods.getColleagues, request, options,
      as: IdentityGetColleaguesResponse.self)
  }

  /// Makes a new signing key; the earlier one stays published until the last token signed with it
  /// has expired.
  package func rotateSigningKey(
    _ request: IdentityRotateSigningKeyRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityRotateSigningKeyResponse {
    try await client.unary(
      IdentityServiceMethods.rotateSigningKey, request, options,
      as: IdentityRotateSigningKeyResponse.self)
  }
}
