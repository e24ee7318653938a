// Generated from ikso/identity/v1/security_log.proto by protoc-gen-ikso.
// Don't edit; run Schemas/generate.

package import Access
package import RPC

/// The methods of `ikso.identity.v1.SecurityLogService`.
package enum SecurityLogServiceMethods {
  package static let listSecurityEvents = MethodDescriptor(
    service: "ikso.identity.v1.SecurityLogService", name: "ListSecurityEvents",
    kind: .unary, idempotent: true)

  package static let all: [(MethodDescriptor, AccessPolicy)] = [
    (listSecurityEvents, SecurityLogServicePolicies.listSecurityEvents),
  ]
}

/// Who may call the methods of `ikso.identity.v1.SecurityLogService`, and what for.
package enum SecurityLogServicePolicies {
  package static let listSecurityEvents = AccessPolicy(
    anyone: false,
    roles: [.participant, .coach, .manager, .administrator, .privacyOfficer, .auditor, .operator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "operations", idempotent: true)
}

/// What happened to the security of an organisation's accounts. It holds identifiers only: no name,
/// no address, no network address. Events are kept for 400 days.
package protocol SecurityLogServiceHandler: Sendable {
  /// Those of the caller's organisation, the latest first. Administrators, privacy officers and
  /// auditors see all of them; everybody else those about themselves, without who else did it and
  /// where from.
  func listSecurityEvents(
    _ request: IdentityListSecurityEventsRequest, _ call: Call
  ) async throws -> IdentityListSecurityEventsResponse
}

extension SecurityLogServiceHandler {
  /// Every method with its policy, for the server; nothing is read of a call before the
  /// guard has admitted it.
  package func methods(_ accessGuard: AccessGuard) -> [RPCMethod] {
    [
      RPCMethod.unary(
        SecurityLogServiceMethods.listSecurityEvents,
        admit: { try await accessGuard.admit($0, SecurityLogServicePolicies.listSecurityEvents) },
        listSecurityEvents),
    ]
  }
}

/// Calls `ikso.identity.v1.SecurityLogService`.
package struct SecurityLogServiceClient: Sendable {
  private let client: RPCClient

  package init(_ client: RPCClient) { self.client = client }

  /// Those of the caller's organisation, the latest first. Administrators, privacy officers and
  /// auditors see all of them; everybody else those about themselves, without who else did it and
  /// where from.
  package func listSecurityEvents(
    _ request: IdentityListSecurityEventsRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityListSecurityEventsResponse {
    try await client.unary(
      SecurityLogServiceMethods.listSecurityEvents, request, options,
      as: IdentityListSecurityEventsResponse.self)
  }
}
