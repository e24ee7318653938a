// Generated from ikso/identity/v1/session.proto by protoc-gen-ikso.
// Don't edit; run Schemas/generate.

package import Access
package import RPC

/// The methods of `ikso.identity.v1.SessionService`.
package enum SessionServiceMethods {
  package static let refreshSession = MethodDescriptor(
    service: "ikso.identity.v1.SessionService", name: "RefreshSession",
    kind: .unary, idempotent: false)
  package static let checkPassword = MethodDescriptor(
    service: "ikso.identity.v1.SessionService", name: "CheckPassword",
    kind: .unary, idempotent: false)
  package static let listSessions = MethodDescriptor(
    service: "ikso.identity.v1.SessionService", name: "ListSessions",
    kind: .unary, idempotent: true, hasNoSideEffects: true)
  package static let endSession = MethodDescriptor(
    service: "ikso.identity.v1.SessionService", name: "EndSession",
    kind: .unary, idempotent: true)
  package static let endOtherSessions = MethodDescriptor(
    service: "ikso.identity.v1.SessionService", name: "EndOtherSessions",
    kind: .unary, idempotent: true)
  package static let endPersonSessions = MethodDescriptor(
    service: "ikso.identity.v1.SessionService", name: "EndPersonSessions",
    kind: .unary, idempotent: true)

  package static let all: [(MethodDescriptor, AccessPolicy)] = [
    (refreshSession, SessionServicePolicies.refreshSession),
    (checkPassword, SessionServicePolicies.checkPassword),
    (listSessions, SessionServicePolicies.listSessions),
    (endSession, SessionServicePolicies.endSession),
    (endOtherSessions, SessionServicePolicies.endOtherSessions),
    (endPersonSessions, SessionServicePolicies.endPersonSessions),
  ]
}

/// Who may call the methods of `ikso.identity.v1.SessionService`, and what for.
package enum SessionServicePolicies {
  package static let refreshSession = AccessPolicy(
    anyone: true,
    roles: [],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "sign-in", idempotent: false)
  package static let checkPassword = AccessPolicy(
    anyone: false,
    roles: [.participant, .coach, .manager, .administrator, .privacyOfficer, .auditor, .operator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "sign-in", idempotent: false)
  package static let listSessions = AccessPolicy(
    anyone: false,
    roles: [.participant, .coach, .manager, .administrator, .privacyOfficer, .auditor, .operator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "sign-in", idempotent: true)
  package static let endSession = AccessPolicy(
    anyone: false,
    roles: [.participant, .coach, .manager, .administrator, .privacyOfficer, .auditor, .operator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "sign-in", idempotent: true)
  package static let endOtherSessions = AccessPolicy(
    anyone: false,
    roles: [.participant, .coach, .manager, .administrator, .privacyOfficer, .auditor, .operator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "sign-in", idempotent: true)
  package static let endPersonSessions = AccessPolicy(
    anyone: false,
    roles: [.administrator],
    services: [],
    maximumAuthenticationAge: .seconds(900),
    purpose: "sign-in", idempotent: true)
}

/// Sign-ins that last: new access tokens for old ones, what is signed in, and its end.
package protocol SessionServiceHandler: Sendable {
  /// A new access token for a session, and a new refresh token, which replaces the one given. One
  /// that comes a second time ends the session, as one of the two who know it has stolen it; only
  /// the answer that was lost on its way may be asked for again, within ten seconds.
  /// FAILED_PRECONDITION names the statement version that has to be accepted first; the refresh
  /// token stays good.
  func refreshSession(
    _ request: IdentityRefreshSessionRequest, _ call: Call
  ) async throws -> IdentityRefreshSessionResponse

  /// Checks the password of the caller's session again. The new access token, and those that follow,
  /// say when, for methods that demand a fresh authentication.
  func checkPassword(
    _ request: IdentityCheckPasswordRequest, _ call: Call
  ) async throws -> IdentityCheckPasswordResponse

  /// The caller's own sessions that have not ended, the newest first; at most 100.
  func listSessions(
    _ request: IdentityListSessionsRequest, _ call: Call
  ) async throws -> IdentityListSessionsResponse

  /// Ends one of the caller's own sessions: within five seconds no service takes its tokens.
  func endSession(
    _ request: IdentityEndSessionRequest, _ call: Call
  ) async throws -> IdentityEndSessionResponse

  /// Ends all of the caller's sessions but the one of the call.
  func endOtherSessions(
    _ request: IdentityEndOtherSessionsRequest, _ call: Call
  ) async throws -> IdentityEndOtherSessionsResponse

  /// Ends all sessions of a person of the caller's organisation.
  func endPersonSessions(
    _ request: IdentityEndPersonSessionsRequest, _ call: Call
  ) async throws -> IdentityEndPersonSessionsResponse
}

extension SessionServiceHandler {
  /// Every method with its policy, for the server; nothing is read of a call before the
  /// guard has admitted it.
  package func methods(_ accessGuard: AccessGuard) -> [RPCMethod] {
    [
      RPCMethod.unary(
        SessionServiceMethods.refreshSession,
        admit: { try await accessGuard.admit($0, SessionServicePolicies.refreshSession) },
        refreshSession),
      RPCMethod.unary(
        SessionServiceMethods.checkPassword,
        admit: { try await accessGuard.admit($0, SessionServicePolicies.checkPassword) },
        checkPassword),
      RPCMethod.unary(
        SessionServiceMethods.listSessions,
        admit: { try await accessGuard.admit($0, SessionServicePolicies.listSessions) },
        listSessions),
      RPCMethod.unary(
        SessionServiceMethods.endSession,
        admit: { try await accessGuard.admit($0, SessionServicePolicies.endSession) },
        endSession),
      RPCMethod.unary(
        SessionServiceMethods.endOtherSessions,
        admit: { try await accessGuard.admit($0, SessionServicePolicies.endOtherSessions) },
        endOtherSessions),
      RPCMethod.unary(
        SessionServiceMethods.endPersonSessions,
        admit: { try await accessGuard.admit($0, SessionServicePolicies.endPersonSessions) },
        endPersonSessions),
    ]
  }
}

/// Calls `ikso.identity.v1.SessionService`.
package struct SessionServiceClient: Sendable {
  private let client: RPCClient

  package init(_ client: RPCClient) { self.client = client }

  /// A new access token for a session, and a new refresh token, which replaces the one given. One
  /// that comes a second time ends the session, as one of the two who know it has stolen it; only
  /// the answer that was lost on its way may be asked for again, within ten seconds.
  /// FAILED_PRECONDITION names the statement version that has to be accepted first; the refresh
  /// token stays good.
  package func refreshSession(
    _ request: IdentityRefreshSessionRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityRefreshSessionResponse {
    try await client.unary(
      SessionServiceMethods.refreshSession, request, options,
      as: IdentityRefreshSessionResponse.self)
  }

  /// Checks the password of the caller's session again. The new access token, and those that follow,
  /// say when, for methods that demand a fresh authentication.
  package func checkPassword(
    _ request: IdentityCheckPasswordRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityCheckPasswordResponse {
    try await client.unary(
      SessionServiceMethods.checkPassword, request, options,
      as: IdentityCheckPasswordResponse.self)
  }

  /// The caller's own sessions that have not ended, the newest first; at most 100.
  package func listSessions(
    _ request: IdentityListSessionsRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityListSessionsResponse {
    try await client.unary(
      SessionServiceMethods.listSessions, request, options,
      as: IdentityListSessionsResponse.self)
  }

  /// Ends one of the caller's own sessions: within five seconds no service takes its tokens.
  package func endSession(
    _ request: IdentityEndSessionRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityEndSessionResponse {
    try await client.unary(
      SessionServiceMethods.endSession, request, options,
      as: IdentityEndSessionResponse.self)
  }

  /// Ends all of the caller's sessions but the one of the call.
  package func endOtherSessions(
    _ request: IdentityEndOtherSessionsRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityEndOtherSessionsResponse {
    try await client.unary(
      SessionServiceMethods.endOtherSessions, request, options,
      as: IdentityEndOtherSessionsResponse.self)
  }

  /// Ends all sessions of a person of the caller's organisation.
  package func endPersonSessions(
    _ request: IdentityEndPersonSessionsRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityEndPersonSessionsResponse {
    try await client.unary(
      SessionServiceMethods.endPersonSessions, request, options,
      as: IdentityEndPersonSessionsResponse.self)
  }
}
