// Generated from ikso/privacy/v1/statement.proto by protoc-gen-ikso.
// Don't edit; run Schemas/generate.

package import Access
package import RPC

/// The methods of `ikso.privacy.v1.StatementService`.
package enum StatementServiceMethods {
  package static let compareStatements = MethodDescriptor(
    service: "ikso.privacy.v1.StatementService", name: "CompareStatements",
    kind: .unary, idempotent: true, hasNoSideEffects: true)

  package static let all: [(MethodDescriptor, AccessPolicy)] = [
    (compareStatements, StatementServicePolicies.compareStatements),
  ]
}

/// Who may call the methods of `ikso.privacy.v1.StatementService`, and what for.
package enum StatementServicePolicies {
  package static let compareStatements = AccessPolicy(
    anyone: false,
    roles: [.participant, .coach, .manager, .administrator, .privacyOfficer, .auditor, .operator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "information", idempotent: true)
}

/// Comparing versions of a statement.
package protocol StatementServiceHandler: Sendable {
  /// What is different between two versions of an organisation's statement (clause 2).
  func compareStatements(
    _ request: PrivacyCompareStatementsRequest, _ call: Call
  ) async throws -> PrivacyCompareStatementsResponse
}

extension StatementServiceHandler {
  /// Every method with its policy, for the server; nothing is read of a call before the
  /// guard has admitted it.
  package func methods(_ accessGuard: AccessGuard) -> [RPCMethod] {
    [
      RPCMethod.unary(
        StatementServiceMethods.compareStatements,
        admit: { try await accessGuard.admit($0, StatementServicePolicies.compareStatements) },
        compareStatements),
    ]
  }
}

/// Calls `ikso.privacy.v1.StatementService`.
package struct StatementServiceClient: Sendable {
  private let client: RPCClient

  package init(_ client: RPCClient) { self.client = client }

  /// What is different between two versions of an organisation's statement (clause 2).
  package func compareStatements(
    _ request: PrivacyCompareStatementsRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyCompareStatementsResponse {
    try await client.unary(
      StatementServiceMethods.compareStatements, request, options,
      as: PrivacyCompareStatementsResponse.self)
  }
}

/// The methods of `ikso.privacy.v1.StatementDeskService`.
package enum StatementDeskServiceMethods {
  package static let renderStatement = MethodDescriptor(
    service: "ikso.privacy.v1.StatementDeskService", name: "RenderStatement",
    kind: .unary, idempotent: true)
  package static let recordAcceptance = MethodDescriptor(
    service: "ikso.privacy.v1.StatementDeskService", name: "RecordAcceptance",
    kind: .unary, idempotent: true)
  package static let checkAcceptance = MethodDescriptor(
    service: "ikso.privacy.v1.StatementDeskService", name: "CheckAcceptance",
    kind: .unary, idempotent: true)

  package static let all: [(MethodDescriptor, AccessPolicy)] = [
    (renderStatement, StatementDeskServicePolicies.renderStatement),
    (recordAcceptance, StatementDeskServicePolicies.recordAcceptance),
    (checkAcceptance, StatementDeskServicePolicies.checkAcceptance),
  ]
}

/// Who may call the methods of `ikso.privacy.v1.StatementDeskService`, and what for.
package enum StatementDeskServicePolicies {
  package static let renderStatement = AccessPolicy(
    anyone: false,
    roles: [],
    services: ["identity", "feedback"],
    maximumAuthenticationAge: nil,
    purpose: "information", idempotent: true)
  package static let recordAcceptance = AccessPolicy(
    anyone: false,
    roles: [],
    services: ["identity", "feedback"],
    maximumAuthenticationAge: nil,
    purpose: "information", idempotent: true)
  package static let checkAcceptance = AccessPolicy(
    anyone: false,
    roles: [],
    services: ["identity", "feedback"],
    maximumAuthenticationAge: nil,
    purpose: "information", idempotent: true)
}

/// The desk where other services ask on behalf of somebody who has no token yet. Not routed by
/// the gateway.
package protocol StatementDeskServiceHandler: Sendable {
  /// FAILED_PRECONDITION if the organisation has published none.
  func renderStatement(
    _ request: PrivacyRenderStatementRequest, _ call: Call
  ) async throws -> PrivacyPersonalStatement

  /// FAILED_PRECONDITION, naming the current version, if version or hash are not the current ones.
  func recordAcceptance(
    _ request: PrivacyRecordAcceptanceRequest, _ call: Call
  ) async throws -> PrivacyRecordAcceptanceResponse

  func checkAcceptance(
    _ request: PrivacyCheckAcceptanceRequest, _ call: Call
  ) async throws -> PrivacyCheckAcceptanceResponse
}

extension StatementDeskServiceHandler {
  /// Every method with its policy, for the server; nothing is read of a call before the
  /// guard has admitted it.
  package func methods(_ accessGuard: AccessGuard) -> [RPCMethod] {
    [
      RPCMethod.unary(
        StatementDeskServiceMethods.renderStatement,
        admit: { try await accessGuard.admit($0, StatementDeskServicePolicies.renderStatement) },
        renderStatement),
      RPCMethod.unary(
        StatementDeskServiceMethods.recordAcceptance,
        admit: { try await accessGuard.admit($0, StatementDeskServicePolicies.recordAcceptance) },
        recordAcceptance),
      RPCMethod.unary(
        StatementDeskServiceMethods.checkAcceptance,
        admit: { try await accessGuard.admit($0, StatementDeskServicePolicies.checkAcceptance) },
        checkAcceptance),
    ]
  }
}

/// Calls `ikso.privacy.v1.StatementDeskService`.
package struct StatementDeskServiceClient: Sendable {
  private let client: RPCClient

  package init(_ client: RPCClient) { self.client = client }

  /// FAILED_PRECONDITION if the organisation has published none.
  package func renderStatement(
    _ request: PrivacyRenderStatementRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyPersonalStatement {
    try await client.unary(
      StatementDeskServiceMethods.renderStatement, request, options,
      as: PrivacyPersonalStatement.self)
  }

  /// FAILED_PRECONDITION, naming the current version, if version or hash are not the current ones.
  package func recordAcceptance(
    _ request: PrivacyRecordAcceptanceRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyRecordAcceptanceResponse {
    try await client.unary(
      StatementDeskServiceMethods.recordAcceptance, request, options,
      as: PrivacyRecordAcceptanceResponse.self)
  }

  package func checkAcceptance(
    _ request: PrivacyCheckAcceptanceRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyCheckAcceptanceResponse {
    try await client.unary(
      StatementDeskServiceMethods.checkAcceptance, request, options,
      as: PrivacyCheckAcceptanceResponse.self)
  }
}
