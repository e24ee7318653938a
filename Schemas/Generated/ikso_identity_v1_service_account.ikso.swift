// Generated from ikso/identity/v1/service_account.proto by protoc-gen-ikso.
// Don't edit; run Schemas/generate.

package import Access
package import RPC

/// The methods of `ikso.identity.v1.ServiceAccountService`.
package enum ServiceAccountServiceMethods {
  package static let createServiceAccount = MethodDescriptor(
    service: "ikso.identity.v1.ServiceAccountService", name: "CreateServiceAccount",
    kind: .unary, idempotent: false)
  package static let addCredential = MethodDescriptor(
    service: "ikso.identity.v1.ServiceAccountService", name: "AddCredential",
    kind: .unary, idempotent: false)
  package static let revokeCredential = MethodDescriptor(
    service: "ikso.identity.v1.ServiceAccountService", name: "RevokeCredential",
    kind: .unary, idempotent: true)
  package static let disableServiceAccount = MethodDescriptor(
    service: "ikso.identity.v1.ServiceAccountService", name: "DisableServiceAccount",
    kind: .unary, idempotent: true)
  package static let listServiceAccounts = MethodDescriptor(
    service: "ikso.identity.v1.ServiceAccountService", name: "ListServiceAccounts",
    kind: .unary, idempotent: true, hasNoSideEffects: true)

  package static let all: [(MethodDescriptor, AccessPolicy)] = [
    (createServiceAccount, ServiceAccountServicePolicies.createServiceAccount),
    (addCredential, ServiceAccountServicePolicies.addCredential),
    (revokeCredential, ServiceAccountServicePolicies.revokeCredential),
    (disableServiceAccount, ServiceAccountServicePolicies.disableServiceAccount),
    (listServiceAccounts, ServiceAccountServicePolicies.listServiceAccounts),
  ]
}

/// Who may call the methods of `ikso.identity.v1.ServiceAccountService`, and what for.
package enum ServiceAccountServicePolicies {
  package static let createServiceAccount = AccessPolicy(
    anyone: false,
    roles: [.operator],
    services: [],
    maximumAuthenticationAge: .seconds(900),
    purpose: "operations", idempotent: false)
  package static let addCredential = AccessPolicy(
    anyone: false,
    roles: [.operator],
    services: [],
    maximumAuthenticationAge: .seconds(900),
    purpose: "operations", idempotent: false)
  package static let revokeCredential = AccessPolicy(
    anyone: false,
    roles: [.operator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "operations", idempotent: true)
  package static let disableServiceAccount = AccessPolicy(
    anyone: false,
    roles: [.operator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "operations", idempotent: true)
  package static let listServiceAccounts = AccessPolicy(
    anyone: false,
    roles: [.operator, .administrator, .privacyOfficer, .auditor],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "operations", idempotent: true)
}

/// Accounts of programs: internal tools that call methods in an organisation in their own name.
/// What they may call and where is fixed when they are made; their credentials expire and are
/// rotated with overlap.
package protocol ServiceAccountServiceHandler: Sendable {
  /// ALREADY_EXISTS for a name that was given before, also to an account that is over.
  func createServiceAccount(
    _ request: IdentityCreateServiceAccountRequest, _ call: Call
  ) async throws -> IdentityServiceAccount

  /// Adds a key or a certificate beside those that count: at most three count at a time, so that the
  /// next one is there before the last one ends. RESOURCE_EXHAUSTED for a fourth.
  func addCredential(
    _ request: IdentityAddCredentialRequest, _ call: Call
  ) async throws -> IdentityServiceAccount

  /// Ends a credential; within five seconds no service takes a token that was issued for it.
  func revokeCredential(
    _ request: IdentityRevokeCredentialRequest, _ call: Call
  ) async throws -> IdentityServiceAccount

  /// Ends the account for good, and all tokens that were issued for it.
  func disableServiceAccount(
    _ request: IdentityDisableServiceAccountRequest, _ call: Call
  ) async throws -> IdentityServiceAccount

  /// All accounts for an operator; for an organisation those that may act in it, without the names
  /// of others. The one made last first.
  func listServiceAccounts(
    _ request: IdentityListServiceAccountsRequest, _ call: Call
  ) async throws -> IdentityListServiceAccountsResponse
}

extension ServiceAccountServiceHandler {
  /// Every method with its policy, for the server; nothing is read of a call before the
  /// guard has admitted it.
  package func methods(_ accessGuard: AccessGuard) -> [RPCMethod] {
    [
      RPCMethod.unary(
        ServiceAccountServiceMethods.createServiceAccount,
        admit: { try await accessGuard.admit($0, ServiceAccountServicePolicies.createServiceAccount) },
        createServiceAccount),
      RPCMethod.unary(
        ServiceAccountServiceMethods.addCredential,
        admit: { try await accessGuard.admit($0, ServiceAccountServicePolicies.addCredential) },
        addCredential),
      RPCMethod.unary(
        ServiceAccountServiceMethods.revokeCredential,
        admit: { try await accessGuard.admit($0, ServiceAccountServicePolicies.revokeCredential) },
        revokeCredential),
      RPCMethod.unary(
        ServiceAccountServiceMethods.disableServiceAccount,
        admit: { try await accessGuard.admit($0, ServiceAccountServicePolicies.disableServiceAccount) },
        disableServiceAccount),
      RPCMethod.unary(
        ServiceAccountServiceMethods.listServiceAccounts,
        admit: { try await accessGuard.admit($0, ServiceAccountServicePolicies.listServiceAccounts) },
        listServiceAccounts),
    ]
  }
}

/// Calls `ikso.identity.v1.ServiceAccountService`.
package struct ServiceAccountServiceClient: Sendable {
  private let client: RPCClient

  package init(_ client: RPCClient) { self.client = client }

  /// ALREADY_EXISTS for a name that was given before, also to an account that is over.
  package func createServiceAccount(
    _ request: IdentityCreateServiceAccountRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityServiceAccount {
    try await client.unary(
      ServiceAccountServiceMethods.createServiceAccount, request, options,
      as: IdentityServiceAccount.self)
  }

  /// Adds a key or a certificate beside those that count: at most three count at a time, so that the
  /// next one is there before the last one ends. RESOURCE_EXHAUSTED for a fourth.
  package func addCredential(
    _ request: IdentityAddCredentialRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityServiceAccount {
    try await client.unary(
      ServiceAccountServiceMethods.addCredential, request, options,
      as: IdentityServiceAccount.self)
  }

  /// Ends a credential; within five seconds no service takes a token that was issued for it.
  package func revokeCredential(
    _ request: IdentityRevokeCredentialRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityServiceAccount {
    try await client.unary(
      ServiceAccountServiceMethods.revokeCredential, request, options,
      as: IdentityServiceAccount.self)
  }

  /// Ends the account for good, and all tokens that were issued for it.
  package func disableServiceAccount(
    _ request: IdentityDisableServiceAccountRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityServiceAccount {
    try await client.unary(
      ServiceAccountServiceMethods.disableServiceAccount, request, options,
      as: IdentityServiceAccount.self)
  }

  /// All accounts for an operator; for an organisation those that may act in it, without the names
  /// of others. The one made last first.
  package func listServiceAccounts(
    _ request: IdentityListServiceAccountsRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityListServiceAccountsResponse {
    try await client.unary(
      ServiceAccountServiceMethods.listServiceAccounts, request, options,
      as: IdentityListServiceAccountsResponse.self)
  }
}

/// The methods of `ikso.identity.v1.ServiceTokenService`.
package enum ServiceTokenServiceMethods {
  package static let issueServiceToken = MethodDescriptor(
    service: "ikso.identity.v1.ServiceTokenService", name: "IssueServiceToken",
    kind: .unary, idempotent: false)

  package static let all: [(MethodDescriptor, AccessPolicy)] = [
    (issueServiceToken, ServiceTokenServicePolicies.issueServiceToken),
  ]
}

/// Who may call the methods of `ikso.identity.v1.ServiceTokenService`, and what for.
package enum ServiceTokenServicePolicies {
  package static let issueServiceToken = AccessPolicy(
    anyone: true,
    roles: [],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "operations", idempotent: false)
}

/// Where programs get their access tokens.
package protocol ServiceTokenServiceHandler: Sendable {
  /// A token of at most five minutes in one organisation, for an assertion that the account signed,
  /// or for the client certificate of the connection. UNAUTHENTICATED for a credential that doesn't
  /// count; NOT_FOUND for an organisation that the account may not act in; PERMISSION_DENIED for a
  /// scope that it does not have.
  func issueServiceToken(
    _ request: IdentityIssueServiceTokenRequest, _ call: Call
  ) async throws -> IdentityIssueServiceTokenResponse
}

extension ServiceTokenServiceHandler {
  /// Every method with its policy, for the server; nothing is read of a call before the
  /// guard has admitted it.
  package func methods(_ accessGuard: AccessGuard) -> [RPCMethod] {
    [
      RPCMethod.unary(
        ServiceTokenServiceMethods.issueServiceToken,
        admit: { try await accessGuard.admit($0, ServiceTokenServicePolicies.issueServiceToken) },
        issueServiceToken),
    ]
  }
}

/// Calls `ikso.identity.v1.ServiceTokenService`.
package struct ServiceTokenServiceClient: Sendable {
  private let client: RPCClient

  package init(_ client: RPCClient) { self.client = client }

  /// A token of at most five minutes in one organisation, for an assertion that the account signed,
  /// or for the client certificate of the connection. UNAUTHENTICATED for a credential that doesn't
  /// count; NOT_FOUND for an organisation that the account may not act in; PERMISSION_DENIED for a
  /// scope that it does not have.
  package func issueServiceToken(
    _ request: IdentityIssueServiceTokenRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityIssueServiceTokenResponse {
    try await client.unary(
      ServiceTokenServiceMethods.issueServiceToken, request, options,
      as: IdentityIssueServiceTokenResponse.self)
  }
}
