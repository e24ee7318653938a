// Generated from ikso/purpose/v1/purpose.proto by protoc-gen-ikso.
// Don't edit; run Schemas/generate.

package import Access
package import RPC

/// The methods of `ikso.purpose.v1.PurposeFeedService`.
package enum PurposeFeedServiceMethods {
  package static let watch = MethodDescriptor(
    service: "ikso.purpose.v1.PurposeFeedService", name: "Watch",
    kind: .serverStreaming, idempotent: true)

  package static let all: [(MethodDescriptor, AccessPolicy)] = [
    (watch, PurposeFeedServicePolicies.watch),
  ]
}

/// Who may call the methods of `ikso.purpose.v1.PurposeFeedService`, and what for.
package enum PurposeFeedServicePolicies {
  package static let watch = AccessPolicy(
    anyone: false,
    roles: [],
    services: ["identity", "feedback", "goals"],
    maximumAuthenticationAge: nil,
    purpose: "operations", idempotent: true)
}

/// For whom which purposes are stopped, and for whom those that need it are allowed. Implemented by
/// privacy; every process that serves methods holds the stream and refuses by it.
package protocol PurposeFeedServiceHandler: Sendable {
  /// First what holds after `after_sequence`, then what changes, within a second. Every three
  /// seconds at least there is a message, empty if there is nothing to say: who hears nothing for
  /// longer has lost the stream, and opens it again with the last sequence. What was lifted is kept
  /// for a day: who was away for longer gets everything anew, marked with `reset`.
  func watch(
    _ request: PurposeFeedWatchRequest, _ call: Call, _ responses: ResponseWriter<PurposeFeedBatch>
  ) async throws
}

extension PurposeFeedServiceHandler {
  /// Every method with its policy, for the server; nothing is read of a call before the
  /// guard has admitted it.
  package func methods(_ accessGuard: AccessGuard) -> [RPCMethod] {
    [
      RPCMethod.serverStreaming(
        PurposeFeedServiceMethods.watch,
        admit: { try await accessGuard.admit($0, PurposeFeedServicePolicies.watch) },
        watch),
    ]
  }
}

/// Calls `ikso.purpose.v1.PurposeFeedService`.
package struct PurposeFeedServiceClient: Sendable {
  private let client: RPCClient

  package init(_ client: RPCClient) { self.client = client }

  /// First what holds after `after_sequence`, then what changes, within a second. Every three
  /// seconds at least there is a message, empty if there is nothing to say: who hears nothing for
  /// longer has lost the stream, and opens it again with the last sequence. What was lifted is kept
  /// for a day: who was away for longer gets everything anew, marked with `reset`.
  package func watch(
    _ request: PurposeFeedWatchRequest, _ options: CallOptions = CallOptions()
  ) async throws -> ResponseStream<PurposeFeedBatch> {
    try await client.serverStreaming(
      PurposeFeedServiceMethods.watch, request, options,
      as: PurposeFeedBatch.self)
  }
}

/// The methods of `ikso.purpose.v1.TrafficService`.
package enum TrafficServiceMethods {
  package static let reportTraffic = MethodDescriptor(
    service: "ikso.purpose.v1.TrafficService", name: "ReportTraffic",
    kind: .unary, idempotent: false)

  package static let all: [(MethodDescriptor, AccessPolicy)] = [
    (reportTraffic, TrafficServicePolicies.reportTraffic),
  ]
}

/// Who may call the methods of `ikso.purpose.v1.TrafficService`, and what for.
package enum TrafficServicePolicies {
  package static let reportTraffic = AccessPolicy(
    anyone: false,
    roles: [],
    services: ["identity", "feedback", "goals"],
    maximumAuthenticationAge: nil,
    purpose: "operations", idempotent: false)
}

/// Which methods are called, as the processes see it: the record of processing compares that with
/// what is declared (GDPR Art. 30). Names of methods and counts, nothing of who called. Implemented
/// by privacy.
package protocol TrafficServiceHandler: Sendable {
  /// Adds to what was seen. Reported about once a minute, and not again when the answer is lost.
  func reportTraffic(
    _ request: PurposeFeedReportTrafficRequest, _ call: Call
  ) async throws -> PurposeFeedReportTrafficResponse
}

extension TrafficServiceHandler {
  /// Every method with its policy, for the server; nothing is read of a call before the
  /// guard has admitted it.
  package func methods(_ accessGuard: AccessGuard) -> [RPCMethod] {
    [
      RPCMethod.unary(
        TrafficServiceMethods.reportTraffic,
        admit: { try await accessGuard.admit($0, TrafficServicePolicies.reportTraffic) },
        reportTraffic),
    ]
  }
}

/// Calls `ikso.purpose.v1.TrafficService`.
package struct TrafficServiceClient: Sendable {
  private let client: RPCClient

  package init(_ client: RPCClient) { self.client = client }

  /// Adds to what was seen. Reported about once a minute, and not again when the answer is lost.
  package func reportTraffic(
    _ request: PurposeFeedReportTrafficRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PurposeFeedReportTrafficResponse {
    try await client.unary(
      TrafficServiceMethods.reportTraffic, request, options,
      as: PurposeFeedReportTrafficResponse.self)
  }
}
