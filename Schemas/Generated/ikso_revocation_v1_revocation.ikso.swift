// Generated from ikso/revocation/v1/revocation.proto by protoc-gen-ikso.
// Don't edit; run Schemas/generate.

package import Access
package import RPC

/// The methods of `ikso.revocation.v1.RevocationService`.
package enum RevocationServiceMethods {
  package static let watch = MethodDescriptor(
    service: "ikso.revocation.v1.RevocationService", name: "Watch",
    kind: .serverStreaming, idempotent: true)

  package static let all: [(MethodDescriptor, AccessPolicy)] = [
    (watch, RevocationServicePolicies.watch),
  ]
}

/// Who may call the methods of `ikso.revocation.v1.RevocationService`, and what for.
package enum RevocationServicePolicies {
  package static let watch = AccessPolicy(
    anyone: false,
    roles: [],
    services: ["gateway", "feedback", "goals", "privacy"],
    maximumAuthenticationAge: nil,
    purpose: "operations", idempotent: true)
}

/// Which access tokens count no more before they expire. Implemented by identity; every process that
/// verifies tokens holds the stream.
package protocol RevocationServiceHandler: Sendable {
  /// First what is in force after `after_sequence`, then what comes to it, within a second. Every
  /// three seconds at least there is a message, empty if there is nothing to say: who hears nothing
  /// for longer has lost the stream, and opens it again with the last sequence. Nothing is missed by
  /// that: an entry is kept until no token that it concerns is valid.
  func watch(
    _ request: RevocationWatchRequest, _ call: Call, _ responses: ResponseWriter<RevocationBatch>
  ) async throws
}

extension RevocationServiceHandler {
  /// Every method with its policy, for the server; nothing is read of a call before the
  /// guard has admitted it.
  package func methods(_ accessGuard: AccessGuard) -> [RPCMethod] {
    [
      RPCMethod.serverStreaming(
        RevocationServiceMethods.watch,
        admit: { try await accessGuard.admit($0, RevocationServicePolicies.watch) },
        watch),
    ]
  }
}

/// Calls `ikso.revocation.v1.RevocationService`.
package struct RevocationServiceClient: Sendable {
  private let client: RPCClient

  package init(_ client: RPCClient) { self.client = client }

  /// First what is in force after `after_sequence`, then what comes to it, within a second. Every
  /// three seconds at least there is a message, empty if there is nothing to say: who hears nothing
  /// for longer has lost the stream, and opens it again with the last sequence. Nothing is missed by
  /// that: an entry is kept until no token that it concerns is valid.
  package func watch(
    _ request: RevocationWatchRequest, _ options: CallOptions = CallOptions()
  ) async throws -> ResponseStream<RevocationBatch> {
    try await client.serverStreaming(
      RevocationServiceMethods.watch, request, options,
      as: RevocationBatch.self)
  }
}
