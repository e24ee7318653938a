// Generated from ikso/identity/v1/support.proto by protoc-gen-ikso.
// Don't edit; run Schemas/generate.

package import Access
package import RPC

/// The methods of `ikso.identity.v1.SupportService`.
package enum SupportServiceMethods {
  package static let requestSupportAccess = MethodDescriptor(
    service: "ikso.identity.v1.SupportService", name: "RequestSupportAccess",
    kind: .unary, idempotent: false)
  package static let approveSupportAccess = MethodDescriptor(
    service: "ikso.identity.v1.SupportService", name: "ApproveSupportAccess",
    kind: .unary, idempotent: true)
  package static let refuseSupportAccess = MethodDescriptor(
    service: "ikso.identity.v1.SupportService", name: "RefuseSupportAccess",
    kind: .unary, idempotent: true)
  package static let endSupportAccess = MethodDescriptor(
    service: "ikso.identity.v1.SupportService", name: "EndSupportAccess",
    kind: .unary, idempotent: true)
  package static let listSupportAccess = MethodDescriptor(
    service: "ikso.identity.v1.SupportService", name: "ListSupportAccess",
    kind: .unary, idempotent: true, hasNoSideEffects: true)
  package static let beginSupport = MethodDescriptor(
    service: "ikso.identity.v1.SupportService", name: "BeginSupport",
    kind: .unary, idempotent: false)

  package static let all: [(MethodDescriptor, AccessPolicy)] = [
    (requestSupportAccess, SupportServicePolicies.requestSupportAccess),
    (approveSupportAccess, SupportServicePolicies.approveSupportAccess),
    (refuseSupportAccess, SupportServicePolicies.refuseSupportAccess),
    (endSupportAccess, SupportServicePolicies.endSupportAccess),
    (listSupportAccess, SupportServicePolicies.listSupportAccess),
    (beginSupport, SupportServicePolicies.beginSupport),
  ]
}

/// Who may call the methods of `ikso.identity.v1.SupportService`, and what for.
package enum SupportServicePolicies {
  package static let requestSupportAccess = AccessPolicy(
    anyone: false,
    roles: [.operator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "operations", idempotent: false)
  package static let approveSupportAccess = AccessPolicy(
    anyone: false,
    roles: [.administrator, .privacyOfficer],
    services: [],
    maximumAuthenticationAge: .seconds(900),
    purpose: "operations", idempotent: true)
  package static let refuseSupportAccess = AccessPolicy(
    anyone: false,
    roles: [.administrator, .privacyOfficer],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "operations", idempotent: true)
  package static let endSupportAccess = AccessPolicy(
    anyone: false,
    roles: [.operator, .administrator, .privacyOfficer],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "operations", idempotent: true)
  package static let listSupportAccess = AccessPolicy(
    anyone: false,
    roles: [.operator, .administrator, .privacyOfficer, .auditor],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "operations", idempotent: true)
  package static let beginSupport = AccessPolicy(
    anyone: false,
    roles: [.operator],
    services: [],
    maximumAuthenticationAge: .seconds(900),
    purpose: "operations", idempotent: false)
}

/// Access of IKSO's staff to a client's organisation: asked for with a reason, approved by the
/// organisation, for reading only, with an end. The organisation sees each one for good.
package protocol SupportServiceHandler: Sendable {
  /// Asks an organisation for access. RESOURCE_EXHAUSTED while ten wait or last there.
  func requestSupportAccess(
    _ request: IdentityRequestSupportAccessRequest, _ call: Call
  ) async throws -> IdentitySupportAccess

  /// Approves what was asked for, as it was asked for; the time runs from then on.
  func approveSupportAccess(
    _ request: IdentityApproveSupportAccessRequest, _ call: Call
  ) async throws -> IdentitySupportAccess

  func refuseSupportAccess(
    _ request: IdentityRefuseSupportAccessRequest, _ call: Call
  ) async throws -> IdentitySupportAccess

  /// Ends an access before its time, or takes a request back; within five seconds no service takes
  /// its token. By the organisation, or by an operator.
  func endSupportAccess(
    _ request: IdentityEndSupportAccessRequest, _ call: Call
  ) async throws -> IdentitySupportAccess

  /// All that was ever asked for in an organisation, the latest first.
  func listSupportAccess(
    _ request: IdentityListSupportAccessRequest, _ call: Call
  ) async throws -> IdentityListSupportAccessResponse

  /// A token of at most five minutes for the operator who asked, until half a minute before the
  /// access ends; asked for again until then.
  func beginSupport(
    _ request: IdentityBeginSupportRequest, _ call: Call
  ) async throws -> IdentityBeginSupportResponse
}

extension SupportServiceHandler {
  /// Every method with its policy, for the server; nothing is read of a call before the
  /// guard has admitted it.
  package func methods(_ accessGuard: AccessGuard) -> [RPCMethod] {
    [
      RPCMethod.unary(
        SupportServiceMethods.requestSupportAccess,
        admit: { try await accessGuard.admit($0, SupportServicePolicies.requestSupportAccess) },
        requestSupportAccess),
      RPCMethod.unary(
        SupportServiceMethods.approveSupportAccess,
        admit: { try await accessGuard.admit($0, SupportServicePolicies.approveSupportAccess) },
        approveSupportAccess),
      RPCMethod.unary(
        SupportServiceMethods.refuseSupportAccess,
        admit: { try await accessGuard.admit($0, SupportServicePolicies.refuseSupportAccess) },
        refuseSupportAccess),
      RPCMethod.unary(
        SupportServiceMethods.endSupportAccess,
        admit: { try await accessGuard.admit($0, SupportServicePolicies.endSupportAccess) },
        endSupportAccess),
      RPCMethod.unary(
        SupportServiceMethods.listSupportAccess,
        admit: { try await accessGuard.admit($0, SupportServicePolicies.listSupportAccess) },
        listSupportAccess),
      RPCMethod.unary(
        SupportServiceMethods.beginSupport,
        admit: { try await accessGuard.admit($0, SupportServicePolicies.beginSupport) },
        beginSupport),
    ]
  }
}

/// Calls `ikso.identity.v1.SupportService`.
package struct SupportServiceClient: Sendable {
  private let client: RPCClient

  package init(_ client: RPCClient) { self.client = client }

  /// Asks an organisation for access. RESOURCE_EXHAUSTED while ten wait or last there.
  package func requestSupportAccess(
    _ request: IdentityRequestSupportAccessRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentitySupportAccess {
    try await client.unary(
      SupportServiceMethods.requestSupportAccess, request, options,
      as: IdentitySupportAccess.self)
  }

  /// Approves what was asked for, as it was asked for; the time runs from then on.
  package func approveSupportAccess(
    _ request: IdentityApproveSupportAccessRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentitySupportAccess {
    try await client.unary(
      SupportServiceMethods.approveSupportAccess, request, options,
      as: IdentitySupportAccess.self)
  }

  package func refuseSupportAccess(
    _ request: IdentityRefuseSupportAccessRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentitySupportAccess {
    try await client.unary(
      SupportServiceMethods.refuseSupportAccess, request, options,
      as: IdentitySupportAccess.self)
  }

  /// Ends an access before its time, or takes a request back; within five seconds no service takes
  /// its token. By the organisation, or by an operator.
  package func endSupportAccess(
    _ request: IdentityEndSupportAccessRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentitySupportAccess {
    try await client.unary(
      SupportServiceMethods.endSupportAccess, request, options,
      as: IdentitySupportAccess.self)
  }

  /// All that was ever asked for in an organisation, the latest first.
  package func listSupportAccess(
    _ request: IdentityListSupportAccessRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityListSupportAccessResponse {
    try await client.unary(
      SupportServiceMethods.listSupportAccess, request, options,
      as: IdentityListSupportAccessResponse.self)
  }

  /// A token of at most five minutes for the operator who asked, until half a minute before the
  /// access ends; asked for again until then.
  package func beginSupport(
    _ request: IdentityBeginSupportRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityBeginSupportResponse {
    try await client.unary(
      SupportServiceMethods.beginSupport, request, options,
      as: IdentityBeginSupportResponse.self)
  }
}
