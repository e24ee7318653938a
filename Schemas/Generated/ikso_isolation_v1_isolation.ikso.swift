// Generated from ikso/isolation/v1/isolation.proto by protoc-gen-ikso.
// Don't edit; run Schemas/generate.

package import Access
package import RPC

/// The methods of `ikso.isolation.v1.IdentitySelfTestService`.
package enum IdentitySelfTestServiceMethods {
  package static let selfTest = MethodDescriptor(
    service: "ikso.isolation.v1.IdentitySelfTestService", name: "SelfTest",
    kind: .unary, idempotent: true)
  package static let getSelfTest = MethodDescriptor(
    service: "ikso.isolation.v1.IdentitySelfTestService", name: "GetSelfTest",
    kind: .unary, idempotent: true, hasNoSideEffects: true)

  package static let all: [(MethodDescriptor, AccessPolicy)] = [
    (selfTest, IdentitySelfTestServicePolicies.selfTest),
    (getSelfTest, IdentitySelfTestServicePolicies.getSelfTest),
  ]
}

/// Who may call the methods of `ikso.isolation.v1.IdentitySelfTestService`, and what for.
package enum IdentitySelfTestServicePolicies {
  package static let selfTest = AccessPolicy(
    anyone: false,
    roles: [.operator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "operations", idempotent: true)
  package static let getSelfTest = AccessPolicy(
    anyone: false,
    roles: [.participant, .coach, .manager, .administrator, .privacyOfficer, .auditor, .operator,
    .service, .support],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "operations", idempotent: true)
}

/// Whether the wall between organisations holds, tried again and again (clause 23). Every service
/// that holds data has the same two methods; each has a name of its own, by which the gateway
/// finds it.
package protocol IdentitySelfTestServiceHandler: Sendable {
  /// Tries to get through the wall now, signs the result and keeps it.
  func selfTest(
    _ request: IsolationSelfTestRequest, _ call: Call
  ) async throws -> IsolationSelfTestResult

  /// The latest result; NOT_FOUND before the first.
  func getSelfTest(
    _ request: IsolationGetSelfTestRequest, _ call: Call
  ) async throws -> IsolationSelfTestResult
}

extension IdentitySelfTestServiceHandler {
  /// Every method with its policy, for the server; nothing is read of a call before the
  /// guard has admitted it.
  package func methods(_ accessGuard: AccessGuard) -> [RPCMethod] {
    [
      RPCMethod.unary(
        IdentitySelfTestServiceMethods.selfTest,
        admit: { try await accessGuard.admit($0, IdentitySelfTestServicePolicies.selfTest) },
        selfTest),
      RPCMethod.unary(
        IdentitySelfTestServiceMethods.getSelfTest,
        admit: { try await accessGuard.admit($0, IdentitySelfTestServicePolicies.getSelfTest) },
        getSelfTest),
    ]
  }
}

/// Calls `ikso.isolation.v1.IdentitySelfTestService`.
package struct IdentitySelfTestServiceClient: Sendable {
  private let client: RPCClient

  package init(_ client: RPCClient) { self.client = client }

  /// Tries to get through the wall now, signs the result and keeps it.
  package func selfTest(
    _ request: IsolationSelfTestRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IsolationSelfTestResult {
    try await client.unary(
      IdentitySelfTestServiceMethods.selfTest, request, options,
      as: IsolationSelfTestResult.self)
  }

  /// The latest result; NOT_FOUND before the first.
  package func getSelfTest(
    _ request: IsolationGetSelfTestRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IsolationSelfTestResult {
    try await client.unary(
      IdentitySelfTestServiceMethods.getSelfTest, request, options,
      as: IsolationSelfTestResult.self)
  }
}

/// The methods of `ikso.isolation.v1.FeedbackSelfTestService`.
package enum FeedbackSelfTestServiceMethods {
  package static let selfTest = MethodDescriptor(
    service: "ikso.isolation.v1.FeedbackSelfTestService", name: "SelfTest",
    kind: .unary, idempotent: true)
  package static let getSelfTest = MethodDescriptor(
    service: "ikso.isolation.v1.FeedbackSelfTestService", name: "GetSelfTest",
    kind: .unary, idempotent: true, hasNoSideEffects: true)

  package static let all: [(MethodDescriptor, AccessPolicy)] = [
    (selfTest, FeedbackSelfTestServicePolicies.selfTest),
    (getSelfTest, FeedbackSelfTestServicePolicies.getSelfTest),
  ]
}

/// Who may call the methods of `ikso.isolation.v1.FeedbackSelfTestService`, and what for.
package enum FeedbackSelfTestServicePolicies {
  package static let selfTest = AccessPolicy(
    anyone: false,
    roles: [.operator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "operations", idempotent: true)
  package static let getSelfTest = AccessPolicy(
    anyone: false,
    roles: [.participant, .coach, .manager, .administrator, .privacyOfficer, .auditor, .operator,
    .service, .support],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "operations", idempotent: true)
}

package protocol FeedbackSelfTestServiceHandler: Sendable {
  func selfTest(
    _ request: IsolationSelfTestRequest, _ call: Call
  ) async throws -> IsolationSelfTestResult

  func getSelfTest(
    _ request: IsolationGetSelfTestRequest, _ call: Call
  ) async throws -> IsolationSelfTestResult
}

extension FeedbackSelfTestServiceHandler {
  /// Every method with its policy, for the server; nothing is read of a call before the
  /// guard has admitted it.
  package func methods(_ accessGuard: AccessGuard) -> [RPCMethod] {
    [
      RPCMethod.unary(
        FeedbackSelfTestServiceMethods.selfTest,
        admit: { try await accessGuard.admit($0, FeedbackSelfTestServicePolicies.selfTest) },
        selfTest),
      RPCMethod.unary(
        FeedbackSelfTestServiceMethods.getSelfTest,
        admit: { try await accessGuard.admit($0, FeedbackSelfTestServicePolicies.getSelfTest) },
        getSelfTest),
    ]
  }
}

/// Calls `ikso.isolation.v1.FeedbackSelfTestService`.
package struct FeedbackSelfTestServiceClient: Sendable {
  private let client: RPCClient

  package init(_ client: RPCClient) { self.client = client }

  package func selfTest(
    _ request: IsolationSelfTestRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IsolationSelfTestResult {
    try await client.unary(
      FeedbackSelfTestServiceMethods.selfTest, request, options,
      as: IsolationSelfTestResult.self)
  }

  package func getSelfTest(
    _ request: IsolationGetSelfTestRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IsolationSelfTestResult {
    try await client.unary(
      FeedbackSelfTestServiceMethods.getSelfTest, request, options,
      as: IsolationSelfTestResult.self)
  }
}

/// The methods of `ikso.isolation.v1.GoalsSelfTestService`.
package enum GoalsSelfTestServiceMethods {
  package static let selfTest = MethodDescriptor(
    service: "ikso.isolation.v1.GoalsSelfTestService", name: "SelfTest",
    kind: .unary, idempotent: true)
  package static let getSelfTest = MethodDescriptor(
    service: "ikso.isolation.v1.GoalsSelfTestService", name: "GetSelfTest",
    kind: .unary, idempotent: true, hasNoSideEffects: true)

  package static let all: [(MethodDescriptor, AccessPolicy)] = [
    (selfTest, GoalsSelfTestServicePolicies.selfTest),
    (getSelfTest, GoalsSelfTestServicePolicies.getSelfTest),
  ]
}

/// Who may call the methods of `ikso.isolation.v1.GoalsSelfTestService`, and what for.
package enum GoalsSelfTestServicePolicies {
  package static let selfTest = AccessPolicy(
    anyone: false,
    roles: [.operator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "operations", idempotent: true)
  package static let getSelfTest = AccessPolicy(
    anyone: false,
    roles: [.participant, .coach, .manager, .administrator, .privacyOfficer, .auditor, .operator,
    .service, .support],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "operations", idempotent: true)
}

package protocol GoalsSelfTestServiceHandler: Sendable {
  func selfTest(
    _ request: IsolationSelfTestRequest, _ call: Call
  ) async throws -> IsolationSelfTestResult

  func getSelfTest(
    _ request: IsolationGetSelfTestRequest, _ call: Call
  ) async throws -> IsolationSelfTestResult
}

extension GoalsSelfTestServiceHandler {
  /// Every method with its policy, for the server; nothing is read of a call before the
  /// guard has admitted it.
  package func methods(_ accessGuard: AccessGuard) -> [RPCMethod] {
    [
      RPCMethod.unary(
        GoalsSelfTestServiceMethods.selfTest,
        admit: { try await accessGuard.admit($0, GoalsSelfTestServicePolicies.selfTest) },
        selfTest),
      RPCMethod.unary(
        GoalsSelfTestServiceMethods.getSelfTest,
        admit: { try await accessGuard.admit($0, GoalsSelfTestServicePolicies.getSelfTest) },
        getSelfTest),
    ]
  }
}

/// Calls `ikso.isolation.v1.GoalsSelfTestService`.
package struct GoalsSelfTestServiceClient: Sendable {
  private let client: RPCClient

  package init(_ client: RPCClient) { self.client = client }

  package func selfTest(
    _ request: IsolationSelfTestRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IsolationSelfTestResult {
    try await client.unary(
      GoalsSelfTestServiceMethods.selfTest, request, options,
      as: IsolationSelfTestResult.self)
  }

  package func getSelfTest(
    _ request: IsolationGetSelfTestRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IsolationSelfTestResult {
    try await client.unary(
      GoalsSelfTestServiceMethods.getSelfTest, request, options,
      as: IsolationSelfTestResult.self)
  }
}

/// The methods of `ikso.isolation.v1.PrivacySelfTestService`.
package enum PrivacySelfTestServiceMethods {
  package static let selfTest = MethodDescriptor(
    service: "ikso.isolation.v1.PrivacySelfTestService", name: "SelfTest",
    kind: .unary, idempotent: true)
  package static let getSelfTest = MethodDescriptor(
    service: "ikso.isolation.v1.PrivacySelfTestService", name: "GetSelfTest",
    kind: .unary, idempotent: true, hasNoSideEffects: true)

  package static let all: [(MethodDescriptor, AccessPolicy)] = [
    (selfTest, PrivacySelfTestServicePolicies.selfTest),
    (getSelfTest, PrivacySelfTestServicePolicies.getSelfTest),
  ]
}

/// Who may call the methods of `ikso.isolation.v1.PrivacySelfTestService`, and what for.
package enum PrivacySelfTestServicePolicies {
  package static let selfTest = AccessPolicy(
    anyone: false,
    roles: [.operator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "operations", idempotent: true)
  package static let getSelfTest = AccessPolicy(
    anyone: false,
    roles: [.participant, .coach, .manager, .administrator, .privacyOfficer, .auditor, .operator,
    .service, .support],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "operations", idempotent: true)
}

package protocol PrivacySelfTestServiceHandler: Sendable {
  func selfTest(
    _ request: IsolationSelfTestRequest, _ call: Call
  ) async throws -> IsolationSelfTestResult

  func getSelfTest(
    _ request: IsolationGetSelfTestRequest, _ call: Call
  ) async throws -> IsolationSelfTestResult
}

extension PrivacySelfTestServiceHandler {
  /// Every method with its policy, for the server; nothing is read of a call before the
  /// guard has admitted it.
  package func methods(_ accessGuard: AccessGuard) -> [RPCMethod] {
    [
      RPCMethod.unary(
        PrivacySelfTestServiceMethods.selfTest,
        admit: { try await accessGuard.admit($0, PrivacySelfTestServicePolicies.selfTest) },
        selfTest),
      RPCMethod.unary(
        PrivacySelfTestServiceMethods.getSelfTest,
        admit: { try await accessGuard.admit($0, PrivacySelfTestServicePolicies.getSelfTest) },
        getSelfTest),
    ]
  }
}

/// Calls `ikso.isolation.v1.PrivacySelfTestService`.
package struct PrivacySelfTestServiceClient: Sendable {
  private let client: RPCClient

  package init(_ client: RPCClient) { self.client = client }

  package func selfTest(
    _ request: IsolationSelfTestRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IsolationSelfTestResult {
    try await client.unary(
      PrivacySelfTestServiceMethods.selfTest, request, options,
      as: IsolationSelfTestResult.self)
  }

  package func getSelfTest(
    _ request: IsolationGetSelfTestRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IsolationSelfTestResult {
    try await client.unary(
      PrivacySelfTestServiceMethods.getSelfTest, request, options,
      as: IsolationSelfTestResult.self)
  }
}
