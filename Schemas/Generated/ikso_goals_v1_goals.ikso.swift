// Generated from ikso/goals/v1/goals.proto by protoc-gen-ikso.
// Don't edit; run Schemas/generate.

package import Access
package import RPC

/// The methods of `ikso.goals.v1.GoalsService`.
package enum GoalsServiceMethods {
  package static let createGoal = MethodDescriptor(
    service: "ikso.goals.v1.GoalsService", name: "CreateGoal",
    kind: .unary, idempotent: false)
  package static let getGoal = MethodDescriptor(
    service: "ikso.goals.v1.GoalsService", name: "GetGoal",
    kind: .unary, idempotent: true, hasNoSideEffects: true)
  package static let listGoals = MethodDescriptor(
    service: "ikso.goals.v1.GoalsService", name: "ListGoals",
    kind: .unary, idempotent: true, hasNoSideEffects: true)
  package static let checkIn = MethodDescriptor(
    service: "ikso.goals.v1.GoalsService", name: "CheckIn",
    kind: .unary, idempotent: false)
  package static let listCheckIns = MethodDescriptor(
    service: "ikso.goals.v1.GoalsService", name: "ListCheckIns",
    kind: .unary, idempotent: true, hasNoSideEffects: true)
  package static let completeGoal = MethodDescriptor(
    service: "ikso.goals.v1.GoalsService", name: "CompleteGoal",
    kind: .unary, idempotent: false)

  package static let all: [(MethodDescriptor, AccessPolicy)] = [
    (createGoal, GoalsServicePolicies.createGoal),
    (getGoal, GoalsServicePolicies.getGoal),
    (listGoals, GoalsServicePolicies.listGoals),
    (checkIn, GoalsServicePolicies.checkIn),
    (listCheckIns, GoalsServicePolicies.listCheckIns),
    (completeGoal, GoalsServicePolicies.completeGoal),
  ]
}

/// Who may call the methods of `ikso.goals.v1.GoalsService`, and what for.
package enum GoalsServicePolicies {
  package static let createGoal = AccessPolicy(
    anyone: false,
    roles: [.participant],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "development", idempotent: false, takesIdempotencyKey: true)
  package static let getGoal = AccessPolicy(
    anyone: false,
    roles: [.participant],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "development", idempotent: true)
  package static let listGoals = AccessPolicy(
    anyone: false,
    roles: [.participant],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "development", idempotent: true)
  package static let checkIn = AccessPolicy(
    anyone: false,
    roles: [.participant],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "development", idempotent: false, takesIdempotencyKey: true)
  package static let listCheckIns = AccessPolicy(
    anyone: false,
    roles: [.participant],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "development", idempotent: true)
  package static let completeGoal = AccessPolicy(
    anyone: false,
    roles: [.participant],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "development", idempotent: false, takesIdempotencyKey: true)
}

/// Development goals and check-ins on them. A goal is its owner's alone.
package protocol GoalsServiceHandler: Sendable {
  /// Linked feedback must be the caller's own: NOT_FOUND otherwise.
  func createGoal(
    _ request: GoalsCreateGoalRequest, _ call: Call
  ) async throws -> GoalsGoal

  func getGoal(
    _ request: GoalsGetGoalRequest, _ call: Call
  ) async throws -> GoalsGoal

  /// The caller's goals, the newest first.
  func listGoals(
    _ request: GoalsListGoalsRequest, _ call: Call
  ) async throws -> GoalsListGoalsResponse

  /// Records progress. ABORTED if `expected_revision` is not the goal's: read it again.
  func checkIn(
    _ request: GoalsCheckInRequest, _ call: Call
  ) async throws -> GoalsCheckInResponse

  func listCheckIns(
    _ request: GoalsListCheckInsRequest, _ call: Call
  ) async throws -> GoalsListCheckInsResponse

  /// Closes the goal with an evaluation. FAILED_PRECONDITION if it is closed already.
  func completeGoal(
    _ request: GoalsCompleteGoalRequest, _ call: Call
  ) async throws -> GoalsGoal
}

extension GoalsServiceHandler {
  /// Every method with its policy, for the server; nothing is read of a call before the
  /// guard has admitted it.
  package func methods(_ accessGuard: AccessGuard) -> [RPCMethod] {
    [
      RPCMethod.unary(
        GoalsServiceMethods.createGoal,
        admit: { try await accessGuard.admit($0, GoalsServicePolicies.createGoal) },
        createGoal),
      RPCMethod.unary(
        GoalsServiceMethods.getGoal,
        admit: { try await accessGuard.admit($0, GoalsServicePolicies.getGoal) },
        getGoal),
      RPCMethod.unary(
        GoalsServiceMethods.listGoals,
        admit: { try await accessGuard.admit($0, GoalsServicePolicies.listGoals) },
        listGoals),
      RPCMethod.unary(
        GoalsServiceMethods.checkIn,
        admit: { try await accessGuard.admit($0, GoalsServicePolicies.checkIn) },
        checkIn),
      RPCMethod.unary(
        GoalsServiceMethods.listCheckIns,
        admit: { try await accessGuard.admit($0, GoalsServicePolicies.listCheckIns) },
        listCheckIns),
      RPCMethod.unary(
        GoalsServiceMethods.completeGoal,
        admit: { try await accessGuard.admit($0, GoalsServicePolicies.completeGoal) },
        completeGoal),
    ]
  }
}

/// Calls `ikso.goals.v1.GoalsService`.
package struct GoalsServiceClient: Sendable {
  private let client: RPCClient

  package init(_ client: RPCClient) { self.client = client }

  /// Linked feedback must be the caller's own: NOT_FOUND otherwise.
  package func createGoal(
    _ request: GoalsCreateGoalRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> GoalsGoal {
    try await client.unary(
      GoalsServiceMethods.createGoal, request, options,
      as: GoalsGoal.self)
  }

  package func getGoal(
    _ request: GoalsGetGoalRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> GoalsGoal {
    try await client.unary(
      GoalsServiceMethods.getGoal, request, options,
      as: GoalsGoal.self)
  }

  /// The caller's goals, the newest first.
  package func listGoals(
    _ request: GoalsListGoalsRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> GoalsListGoalsResponse {
    try await client.unary(
      GoalsServiceMethods.listGoals, request, options,
      as: GoalsListGoalsResponse.self)
  }

  /// Records progress. ABORTED if `expected_revision` is not the goal's: read it again.
  package func checkIn(
    _ request: GoalsCheckInRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> GoalsCheckInResponse {
    try await client.unary(
      GoalsServiceMethods.checkIn, request, options,
      as: GoalsCheckInResponse.self)
  }

  package func listCheckIns(
    _ request: GoalsListCheckInsRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> GoalsListCheckInsResponse {
    try await client.unary(
      GoalsServiceMethods.listCheckIns, request, options,
      as: GoalsListCheckInsResponse.self)
  }

  /// Closes the goal with an evaluation. FAILED_PRECONDITION if it is closed already.
  package func completeGoal(
    _ request: GoalsCompleteGoalRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> GoalsGoal {
    try await client.unary(
      GoalsServiceMethods.completeGoal, request, options,
      as: GoalsGoal.self)
  }
}
