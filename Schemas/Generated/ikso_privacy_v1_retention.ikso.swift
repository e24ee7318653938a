// Generated from ikso/privacy/v1/retention.proto by protoc-gen-ikso.
// Don't edit; run Schemas/generate.

package import Access
package import RPC

/// The methods of `ikso.privacy.v1.RetentionService`.
package enum RetentionServiceMethods {
  package static let planRetention = MethodDescriptor(
    service: "ikso.privacy.v1.RetentionService", name: "PlanRetention",
    kind: .unary, idempotent: true, hasNoSideEffects: true)
  package static let runRetention = MethodDescriptor(
    service: "ikso.privacy.v1.RetentionService", name: "RunRetention",
    kind: .serverStreaming, idempotent: true)
  package static let listRetentionReports = MethodDescriptor(
    service: "ikso.privacy.v1.RetentionService", name: "ListRetentionReports",
    kind: .unary, idempotent: true, hasNoSideEffects: true)
  package static let holdRecord = MethodDescriptor(
    service: "ikso.privacy.v1.RetentionService", name: "HoldRecord",
    kind: .unary, idempotent: true)
  package static let releaseRecord = MethodDescriptor(
    service: "ikso.privacy.v1.RetentionService", name: "ReleaseRecord",
    kind: .unary, idempotent: true)
  package static let listRecordHolds = MethodDescriptor(
    service: "ikso.privacy.v1.RetentionService", name: "ListRecordHolds",
    kind: .unary, idempotent: true, hasNoSideEffects: true)

  package static let all: [(MethodDescriptor, AccessPolicy)] = [
    (planRetention, RetentionServicePolicies.planRetention),
    (runRetention, RetentionServicePolicies.runRetention),
    (listRetentionReports, RetentionServicePolicies.listRetentionReports),
    (holdRecord, RetentionServicePolicies.holdRecord),
    (releaseRecord, RetentionServicePolicies.releaseRecord),
    (listRecordHolds, RetentionServicePolicies.listRecordHolds),
  ]
}

/// Who may call the methods of `ikso.privacy.v1.RetentionService`, and what for.
package enum RetentionServicePolicies {
  package static let planRetention = AccessPolicy(
    anyone: false,
    roles: [.operator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "operations", idempotent: true)
  package static let runRetention = AccessPolicy(
    anyone: false,
    roles: [.operator],
    services: [],
    maximumAuthenticationAge: .seconds(900),
    purpose: "operations", idempotent: true)
  package static let listRetentionReports = AccessPolicy(
    anyone: false,
    roles: [.operator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "operations", idempotent: true)
  package static let holdRecord = AccessPolicy(
    anyone: false,
    roles: [.operator],
    services: [],
    maximumAuthenticationAge: .seconds(900),
    purpose: "operations", idempotent: true)
  package static let releaseRecord = AccessPolicy(
    anyone: false,
    roles: [.operator],
    services: [],
    maximumAuthenticationAge: .seconds(900),
    purpose: "operations", idempotent: true)
  package static let listRecordHolds = AccessPolicy(
    anyone: false,
    roles: [.operator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "operations", idempotent: true)
}

/// Keeping nothing longer than needed (clause 28): what each category's rule is, what it would
/// delete now, and deleting that. The service does so by itself once a day.
package protocol RetentionServiceHandler: Sendable {
  /// The dry run: how many records of each category are due, and how many of them are on hold.
  func planRetention(
    _ request: PrivacyPlanRetentionRequest, _ call: Call
  ) async throws -> PrivacyPlanRetentionResponse

  /// Deletes what is due, in batches, with a message after each; cancelling the call stops it
  /// between two of them, and the next run goes on with what is left. What is on hold stays.
  func runRetention(
    _ request: PrivacyRunRetentionRequest, _ call: Call,
    _ responses: ResponseWriter<PrivacyRetentionProgress>
  ) async throws

  /// What the runs have deleted, the latest first; for a year.
  func listRetentionReports(
    _ request: PrivacyListRetentionReportsRequest, _ call: Call
  ) async throws -> PrivacyListRetentionReportsResponse

  /// Keeps one record until a day, whatever its rule says (clause 12h): an application, a breach, or
  /// an organisation as a whole.
  func holdRecord(
    _ request: PrivacyHoldRecordRequest, _ call: Call
  ) async throws -> PrivacyRetentionHold

  func releaseRecord(
    _ request: PrivacyReleaseRecordRequest, _ call: Call
  ) async throws -> PrivacyReleaseRecordResponse

  /// Those that have not expired; at most 500.
  func listRecordHolds(
    _ request: PrivacyListRecordHoldsRequest, _ call: Call
  ) async throws -> PrivacyListRecordHoldsResponse
}

extension RetentionServiceHandler {
  /// Every method with its policy, for the server; nothing is read of a call before the
  /// guard has admitted it.
  package func methods(_ accessGuard: AccessGuard) -> [RPCMethod] {
    [
      RPCMethod.unary(
        RetentionServiceMethods.planRetention,
        admit: { try await accessGuard.admit($0, RetentionServicePolicies.planRetention) },
        planRetention),
      RPCMethod.serverStreaming(
        RetentionServiceMethods.runRetention,
        admit: { try await accessGuard.admit($0, RetentionServicePolicies.runRetention) },
        runRetention),
      RPCMethod.unary(
        RetentionServiceMethods.listRetentionReports,
        admit: { try await accessGuard.admit($0, RetentionServicePolicies.listRetentionReports) },
        listRetentionReports),
      RPCMethod.unary(
        RetentionServiceMethods.holdRecord,
        admit: { try await accessGuard.admit($0, RetentionServicePolicies.holdRecord) },
        holdRecord),
      RPCMethod.unary(
        RetentionServiceMethods.releaseRecord,
        admit: { try await accessGuard.admit($0, RetentionServicePolicies.releaseRecord) },
        releaseRecord),
      RPCMethod.unary(
        RetentionServiceMethods.listRecordHolds,
        admit: { try await accessGuard.admit($0, RetentionServicePolicies.listRecordHolds) },
        listRecordHolds),
    ]
  }
}

/// Calls `ikso.privacy.v1.RetentionService`.
package struct RetentionServiceClient: Sendable {
  private let client: RPCClient

  package init(_ client: RPCClient) { self.client = client }

  /// The dry run: how many records of each category are due, and how many of them are on hold.
  package func planRetention(
    _ request: PrivacyPlanRetentionRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyPlanRetentionResponse {
    try await client.unary(
      RetentionServiceMethods.planRetention, request, options,
      as: PrivacyPlanRetentionResponse.self)
  }

  /// Deletes what is due, in batches, with a message after each; cancelling the call stops it
  /// between two of them, and the next run goes on with what is left. What is on hold stays.
  package func runRetention(
    _ request: PrivacyRunRetentionRequest, _ options: CallOptions = CallOptions()
  ) async throws -> ResponseStream<PrivacyRetentionProgress> {
    try await client.serverStreaming(
      RetentionServiceMethods.runRetention, request, options,
      as: PrivacyRetentionProgress.self)
  }

  /// What the runs have deleted, the latest first; for a year.
  package func listRetentionReports(
    _ request: PrivacyListRetentionReportsRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyListRetentionReportsResponse {
    try await client.unary(
      RetentionServiceMethods.listRetentionReports, request, options,
      as: PrivacyListRetentionReportsResponse.self)
  }

  /// Keeps one record until a day, whatever its rule says (clause 12h): an application, a breach, or
  /// an organisation as a whole.
  package func holdRecord(
    _ request: PrivacyHoldRecordRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyRetentionHold {
    try await client.unary(
      RetentionServiceMethods.holdRecord, request, options,
      as: PrivacyRetentionHold.self)
  }

  package func releaseRecord(
    _ request: PrivacyReleaseRecordRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyReleaseRecordResponse {
    try await client.unary(
      RetentionServiceMethods.releaseRecord, request, options,
      as: PrivacyReleaseRecordResponse.self)
  }

  /// Those that have not expired; at most 500.
  package func listRecordHolds(
    _ request: PrivacyListRecordHoldsRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyListRecordHoldsResponse {
    try await client.unary(
      RetentionServiceMethods.listRecordHolds, request, options,
      as: PrivacyListRecordHoldsResponse.self)
  }
}
