// Generated from grpc/reflection/v1/reflection.proto by protoc-gen-ikso.
// Don't edit; run Schemas/generate.

package import Access
package import RPC

/// The methods of `grpc.reflection.v1.ServerReflection`.
package enum ServerReflectionMethods {
  package static let serverReflectionInfo = MethodDescriptor(
    service: "grpc.reflection.v1.ServerReflection", name: "ServerReflectionInfo",
    kind: .bidirectional, idempotent: false)

  package static let all: [(MethodDescriptor, AccessPolicy)] = [
    (serverReflectionInfo, ServerReflectionPolicies.serverReflectionInfo),
  ]
}

/// Who may call the methods of `grpc.reflection.v1.ServerReflection`, and what for.
package enum ServerReflectionPolicies {
  package static let serverReflectionInfo = AccessPolicy(
    anyone: true,
    roles: [],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "operations", idempotent: false)
}

package protocol ServerReflectionHandler: Sendable {
  func serverReflectionInfo(
    _ requests: RequestStream<ReflectionServerReflectionRequest>, _ call: Call,
    _ responses: ResponseWriter<ReflectionServerReflectionResponse>
  ) async throws
}

extension ServerReflectionHandler {
  /// Every method with its policy, for the server; nothing is read of a call before the
  /// guard has admitted it.
  package func methods(_ accessGuard: AccessGuard) -> [RPCMethod] {
    [
      RPCMethod.bidirectional(
        ServerReflectionMethods.serverReflectionInfo,
        admit: { try await accessGuard.admit($0, ServerReflectionPolicies.serverReflectionInfo) },
        serverReflectionInfo),
    ]
  }
}

/// Calls `grpc.reflection.v1.ServerReflection`.
package struct ServerReflectionClient: Sendable {
  private let client: RPCClient

  package init(_ client: RPCClient) { self.client = client }
}
