// Generated from ikso/keys/v1/keys.proto by protoc-gen-ikso.
// Don't edit; run Schemas/generate.

package import Access
package import RPC

/// The methods of `ikso.keys.v1.KeysService`.
package enum KeysServiceMethods {
  package static let getSigningKeys = MethodDescriptor(
    service: "ikso.keys.v1.KeysService", name: "GetSigningKeys",
    kind: .unary, idempotent: true, hasNoSideEffects: true)

  package static let all: [(MethodDescriptor, AccessPolicy)] = [
    (getSigningKeys, KeysServicePolicies.getSigningKeys),
  ]
}

/// Who may call the methods of `ikso.keys.v1.KeysService`, and what for.
package enum KeysServicePolicies {
  package static let getSigningKeys = AccessPolicy(
    anyone: true,
    roles: [],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "operations", idempotent: true)
}

/// The public keys that access tokens are signed with. Implemented by identity; every service
/// fetches them.
package protocol KeysServiceHandler: Sendable {
  func getSigningKeys(
    _ request: KeysGetSigningKeysRequest, _ call: Call
  ) async throws -> KeysGetSigningKeysResponse
}

extension KeysServiceHandler {
  /// Every method with its policy, for the server; nothing is read of a call before the
  /// guard has admitted it.
  package func methods(_ accessGuard: AccessGuard) -> [RPCMethod] {
    [
      RPCMethod.unary(
        KeysServiceMethods.getSigningKeys,
        admit: { try await accessGuard.admit($0, KeysServicePolicies.getSigningKeys) },
        getSigningKeys),
    ]
  }
}

/// Calls `ikso.keys.v1.KeysService`.
package struct KeysServiceClient: Sendable {
  private let client: RPCClient

  package init(_ client: RPCClient) { self.client = client }

  package func getSigningKeys(
    _ request: KeysGetSigningKeysRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> KeysGetSigningKeysResponse {
    try await client.unary(
      KeysServiceMethods.getSigningKeys, request, options,
      as: KeysGetSigningKeysResponse.self)
  }
}
