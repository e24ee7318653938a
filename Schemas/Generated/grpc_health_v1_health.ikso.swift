// Generated from grpc/health/v1/health.proto by protoc-gen-ikso.
// Don't edit; run Schemas/generate.

package import Access
package import RPC

/// The methods of `grpc.health.v1.Health`.
package enum HealthMethods {
  package static let check = MethodDescriptor(
    service: "grpc.health.v1.Health", name: "Check",
    kind: .unary, idempotent: false)
  package static let watch = MethodDescriptor(
    service: "grpc.health.v1.Health", name: "Watch",
    kind: .serverStreaming, idempotent: false)

  package static let all: [(MethodDescriptor, AccessPolicy)] = [
    (check, HealthPolicies.check),
    (watch, HealthPolicies.watch),
  ]
}

/// Who may call the methods of `grpc.health.v1.Health`, and what for.
package enum HealthPolicies {
  package static let check = AccessPolicy(
    anyone: true,
    roles: [],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "operations", idempotent: false)
  package static let watch = AccessPolicy(
    anyone: true,
    roles: [],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "operations", idempotent: false)
}

package protocol HealthHandler: Sendable {
  func check(
    _ request: HealthHealthCheckRequest, _ call: Call
  ) async throws -> HealthHealthCheckResponse

  func watch(
    _ request: HealthHealthCheckRequest, _ call: Call,
    _ responses: ResponseWriter<HealthHealthCheckResponse>
  ) async throws
}

extension HealthHandler {
  /// Every method with its policy, for the server; nothing is read of a call before the
  /// guard has admitted it.
  package func methods(_ accessGuard: AccessGuard) -> [RPCMethod] {
    [
      RPCMethod.unary(
        HealthMethods.check,
        admit: { try await accessGuard.admit($0, HealthPolicies.check) },
        check),
      RPCMethod.serverStreaming(
        HealthMethods.watch,
        admit: { try await accessGuard.admit($0, HealthPolicies.watch) },
        watch),
    ]
  }
}

/// Calls `grpc.health.v1.Health`.
package struct HealthClient: Sendable {
  private let client: RPCClient

  package init(_ client: RPCClient) { self.client = client }

  package func check(
    _ request: HealthHealthCheckRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> HealthHealthCheckResponse {
    try await client.unary(
      HealthMethods.check, request, options,
      as: HealthHealthCheckResponse.self)
  }

  package func watch(
    _ request: HealthHealthCheckRequest, _ options: CallOptions = CallOptions()
  ) async throws -> ResponseStream<HealthHealthCheckResponse> {
    try await client.serverStreaming(
      HealthMethods.watch, request, options,
      as: HealthHealthCheckResponse.self)
  }
}
