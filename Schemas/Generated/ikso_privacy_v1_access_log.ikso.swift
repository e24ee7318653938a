// Generated from ikso/privacy/v1/access_log.proto by protoc-gen-ikso.
// Don't edit; run Schemas/generate.

package import Access
package import RPC

/// The methods of `ikso.privacy.v1.AccessLogService`.
package enum AccessLogServiceMethods {
  package static let listAccesses = MethodDescriptor(
    service: "ikso.privacy.v1.AccessLogService", name: "ListAccesses",
    kind: .unary, idempotent: true)
  package static let getLogCheckpoint = MethodDescriptor(
    service: "ikso.privacy.v1.AccessLogService", name: "GetLogCheckpoint",
    kind: .unary, idempotent: true, hasNoSideEffects: true)
  package static let listLogLeaves = MethodDescriptor(
    service: "ikso.privacy.v1.AccessLogService", name: "ListLogLeaves",
    kind: .serverStreaming, idempotent: true)
  package static let proveInclusion = MethodDescriptor(
    service: "ikso.privacy.v1.AccessLogService", name: "ProveInclusion",
    kind: .unary, idempotent: true, hasNoSideEffects: true)
  package static let proveConsistency = MethodDescriptor(
    service: "ikso.privacy.v1.AccessLogService", name: "ProveConsistency",
    kind: .unary, idempotent: true, hasNoSideEffects: true)

  package static let all: [(MethodDescriptor, AccessPolicy)] = [
    (listAccesses, AccessLogServicePolicies.listAccesses),
    (getLogCheckpoint, AccessLogServicePolicies.getLogCheckpoint),
    (listLogLeaves, AccessLogServicePolicies.listLogLeaves),
    (proveInclusion, AccessLogServicePolicies.proveInclusion),
    (proveConsistency, AccessLogServicePolicies.proveConsistency),
  ]
}

/// Who may call the methods of `ikso.privacy.v1.AccessLogService`, and what for.
package enum AccessLogServicePolicies {
  package static let listAccesses = AccessPolicy(
    anyone: false,
    roles: [.participant, .coach, .manager, .administrator, .privacyOfficer, .auditor],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "information", idempotent: true)
  package static let getLogCheckpoint = AccessPolicy(
    anyone: false,
    roles: [.participant, .coach, .manager, .administrator, .privacyOfficer, .auditor],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "information", idempotent: true)
  package static let listLogLeaves = AccessPolicy(
    anyone: false,
    roles: [.privacyOfficer, .auditor],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "information", idempotent: true)
  package static let proveInclusion = AccessPolicy(
    anyone: false,
    roles: [.participant, .coach, .manager, .administrator, .privacyOfficer, .auditor],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "information", idempotent: true)
  package static let proveConsistency = AccessPolicy(
    anyone: false,
    roles: [.participant, .coach, .manager, .administrator, .privacyOfficer, .auditor],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "information", idempotent: true)
}

/// An organisation's log of who has had to do with whose personal data (clauses 22 and 26): each
/// read of somebody else's, each export, each change of rights. It is a Merkle tree (RFC 6962,
/// section 2.1): entries are added and never changed, and what is signed of it proves that.
package protocol AccessLogServiceHandler: Sendable {
  /// What stands in it about one person, the latest first: about the caller, or, for privacy
  /// officers, about anybody of the organisation; the latter is written into the log itself.
  func listAccesses(
    _ request: PrivacyListAccessesRequest, _ call: Call
  ) async throws -> PrivacyListAccessesResponse

  /// The latest signed state. Keep it: a later log that does not begin with it was rewritten.
  func getLogCheckpoint(
    _ request: PrivacyGetLogCheckpointRequest, _ call: Call
  ) async throws -> PrivacyLogCheckpoint

  /// All that is hashed, in its order, so that anybody can build the tree again: nothing of what the
  /// entries say.
  func listLogLeaves(
    _ request: PrivacyListLogLeavesRequest, _ call: Call,
    _ responses: ResponseWriter<PrivacyLogLeaf>
  ) async throws

  /// That an entry is in the log of a size (RFC 6962, section 2.1.1).
  func proveInclusion(
    _ request: PrivacyProveInclusionRequest, _ call: Call
  ) async throws -> PrivacyLogProof

  /// That the log of one size begins with the log of an earlier one (RFC 6962, section 2.1.2).
  func proveConsistency(
    _ request: PrivacyProveConsistencyRequest, _ call: Call
  ) async throws -> PrivacyLogProof
}

extension AccessLogServiceHandler {
  /// Every method with its policy, for the server; nothing is read of a call before the
  /// guard has admitted it.
  package func methods(_ accessGuard: AccessGuard) -> [RPCMethod] {
    [
      RPCMethod.unary(
        AccessLogServiceMethods.listAccesses,
        admit: { try await accessGuard.admit($0, AccessLogServicePolicies.listAccesses) },
        listAccesses),
      RPCMethod.unary(
        AccessLogServiceMethods.getLogCheckpoint,
        admit: { try await accessGuard.admit($0, AccessLogServicePolicies.getLogCheckpoint) },
        getLogCheckpoint),
      RPCMethod.serverStreaming(
        AccessLogServiceMethods.listLogLeaves,
        admit: { try await accessGuard.admit($0, AccessLogServicePolicies.listLogLeaves) },
        listLogLeaves),
      RPCMethod.unary(
        AccessLogServiceMethods.proveInclusion,
        admit: { try await accessGuard.admit($0, AccessLogServicePolicies.proveInclusion) },
        proveInclusion),
      RPCMethod.unary(
        AccessLogServiceMethods.proveConsistency,
        admit: { try await accessGuard.admit($0, AccessLogServicePolicies.proveConsistency) },
        proveConsistency),
    ]
  }
}

/// Calls `ikso.privacy.v1.AccessLogService`.
package struct AccessLogServiceClient: Sendable {
  private let client: RPCClient

  package init(_ client: RPCClient) { self.client = client }

  /// What stands in it about one person, the latest first: about the caller, or, for privacy
  /// officers, about anybody of the organisation; the latter is written into the log itself.
  package func listAccesses(
    _ request: PrivacyListAccessesRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyListAccessesResponse {
    try await client.unary(
      AccessLogServiceMethods.listAccesses, request, options,
      as: PrivacyListAccessesResponse.self)
  }

  /// The latest signed state. Keep it: a later log that does not begin with it was rewritten.
  package func getLogCheckpoint(
    _ request: PrivacyGetLogCheckpointRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyLogCheckpoint {
    try await client.unary(
      AccessLogServiceMethods.getLogCheckpoint, request, options,
      as: PrivacyLogCheckpoint.self)
  }

  /// All that is hashed, in its order, so that anybody can build the tree again: nothing of what the
  /// entries say.
  package func listLogLeaves(
    _ request: PrivacyListLogLeavesRequest, _ options: CallOptions = CallOptions()
  ) async throws -> ResponseStream<PrivacyLogLeaf> {
    try await client.serverStreaming(
      AccessLogServiceMethods.listLogLeaves, request, options,
      as: PrivacyLogLeaf.self)
  }

  /// That an entry is in the log of a size (RFC 6962, section 2.1.1).
  package func proveInclusion(
    _ request: PrivacyProveInclusionRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyLogProof {
    try await client.unary(
      AccessLogServiceMethods.proveInclusion, request, options,
      as: PrivacyLogProof.self)
  }

  /// That the log of one size begins with the log of an earlier one (RFC 6962, section 2.1.2).
  package func proveConsistency(
    _ request: PrivacyProveConsistencyRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyLogProof {
    try await client.unary(
      AccessLogServiceMethods.proveConsistency, request, options,
      as: PrivacyLogProof.self)
  }
}

/// The methods of `ikso.privacy.v1.AccessIntakeService`.
package enum AccessIntakeServiceMethods {
  package static let appendAccesses = MethodDescriptor(
    service: "ikso.privacy.v1.AccessIntakeService", name: "AppendAccesses",
    kind: .unary, idempotent: true)

  package static let all: [(MethodDescriptor, AccessPolicy)] = [
    (appendAccesses, AccessIntakeServicePolicies.appendAccesses),
  ]
}

/// Who may call the methods of `ikso.privacy.v1.AccessIntakeService`, and what for.
package enum AccessIntakeServicePolicies {
  package static let appendAccesses = AccessPolicy(
    anyone: false,
    roles: [],
    services: ["identity", "feedback", "goals"],
    maximumAuthenticationAge: nil,
    purpose: "operations", idempotent: true)
}

/// Where other services bring what they have written with the act itself.
package protocol AccessIntakeServiceHandler: Sendable {
  /// Adds those that are not in the log yet: brought twice, an event is there once.
  func appendAccesses(
    _ request: PrivacyAppendAccessesRequest, _ call: Call
  ) async throws -> PrivacyAppendAccessesResponse
}

extension AccessIntakeServiceHandler {
  /// Every method with its policy, for the server; nothing is read of a call before the
  /// guard has admitted it.
  package func methods(_ accessGuard: AccessGuard) -> [RPCMethod] {
    [
      RPCMethod.unary(
        AccessIntakeServiceMethods.appendAccesses,
        admit: { try await accessGuard.admit($0, AccessIntakeServicePolicies.appendAccesses) },
        appendAccesses),
    ]
  }
}

/// Calls `ikso.privacy.v1.AccessIntakeService`.
package struct AccessIntakeServiceClient: Sendable {
  private let client: RPCClient

  package init(_ client: RPCClient) { self.client = client }

  /// Adds those that are not in the log yet: brought twice, an event is there once.
  package func appendAccesses(
    _ request: PrivacyAppendAccessesRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyAppendAccessesResponse {
    try await client.unary(
      AccessIntakeServiceMethods.appendAccesses, request, options,
      as: PrivacyAppendAccessesResponse.self)
  }
}
