// Generated from ikso/privacy/v1/privacy.proto by protoc-gen-ikso.
// Don't edit; run Schemas/generate.

package import Access
package import RPC

/// The methods of `ikso.privacy.v1.PrivacyService`.
package enum PrivacyServiceMethods {
  package static let publishStatement = MethodDescriptor(
    service: "ikso.privacy.v1.PrivacyService", name: "PublishStatement",
    kind: .unary, idempotent: false)
  package static let getStatement = MethodDescriptor(
    service: "ikso.privacy.v1.PrivacyService", name: "GetStatement",
    kind: .unary, idempotent: true, hasNoSideEffects: true)
  package static let listStatementVersions = MethodDescriptor(
    service: "ikso.privacy.v1.PrivacyService", name: "ListStatementVersions",
    kind: .unary, idempotent: true, hasNoSideEffects: true)
  package static let createRequest = MethodDescriptor(
    service: "ikso.privacy.v1.PrivacyService", name: "CreateRequest",
    kind: .unary, idempotent: false)
  package static let resumeRequest = MethodDescriptor(
    service: "ikso.privacy.v1.PrivacyService", name: "ResumeRequest",
    kind: .unary, idempotent: true)
  package static let getRequest = MethodDescriptor(
    service: "ikso.privacy.v1.PrivacyService", name: "GetRequest",
    kind: .unary, idempotent: true, hasNoSideEffects: true)
  package static let listRequests = MethodDescriptor(
    service: "ikso.privacy.v1.PrivacyService", name: "ListRequests",
    kind: .unary, idempotent: true, hasNoSideEffects: true)
  package static let fetchArchive = MethodDescriptor(
    service: "ikso.privacy.v1.PrivacyService", name: "FetchArchive",
    kind: .serverStreaming, idempotent: true)
  package static let getArchiveKeys = MethodDescriptor(
    service: "ikso.privacy.v1.PrivacyService", name: "GetArchiveKeys",
    kind: .unary, idempotent: true, hasNoSideEffects: true)

  package static let all: [(MethodDescriptor, AccessPolicy)] = [
    (publishStatement, PrivacyServicePolicies.publishStatement),
    (getStatement, PrivacyServicePolicies.getStatement),
    (listStatementVersions, PrivacyServicePolicies.listStatementVersions),
    (createRequest, PrivacyServicePolicies.createRequest),
    (resumeRequest, PrivacyServicePolicies.resumeRequest),
    (getRequest, PrivacyServicePolicies.getRequest),
    (listRequests, PrivacyServicePolicies.listRequests),
    (fetchArchive, PrivacyServicePolicies.fetchArchive),
    (getArchiveKeys, PrivacyServicePolicies.getArchiveKeys),
  ]
}

/// Who may call the methods of `ikso.privacy.v1.PrivacyService`, and what for.
package enum PrivacyServicePolicies {
  package static let publishStatement = AccessPolicy(
    anyone: false,
    roles: [.operator, .privacyOfficer],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "information", idempotent: false, takesIdempotencyKey: true)
  package static let getStatement = AccessPolicy(
    anyone: false,
    roles: [.participant, .coach, .manager, .administrator, .privacyOfficer, .auditor, .operator,
    .service, .support],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "information", idempotent: true)
  package static let listStatementVersions = AccessPolicy(
    anyone: false,
    roles: [.participant, .coach, .manager, .administrator, .privacyOfficer, .auditor, .operator,
    .service, .support],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "information", idempotent: true)
  package static let createRequest = AccessPolicy(
    anyone: false,
    roles: [.privacyOfficer],
    services: [],
    maximumAuthenticationAge: .seconds(900),
    purpose: "privacy-requests", idempotent: false, takesIdempotencyKey: true)
  package static let resumeRequest = AccessPolicy(
    anyone: false,
    roles: [.privacyOfficer],
    services: [],
    maximumAuthenticationAge: .seconds(900),
    purpose: "privacy-requests", idempotent: true)
  package static let getRequest = AccessPolicy(
    anyone: false,
    roles: [.privacyOfficer],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "privacy-requests", idempotent: true)
  package static let listRequests = AccessPolicy(
    anyone: false,
    roles: [.privacyOfficer, .auditor, .support],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "privacy-requests", idempotent: true)
  package static let fetchArchive = AccessPolicy(
    anyone: false,
    roles: [.privacyOfficer],
    services: [],
    maximumAuthenticationAge: .seconds(900),
    purpose: "privacy-requests", idempotent: true)
  package static let getArchiveKeys = AccessPolicy(
    anyone: true,
    roles: [],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "information", idempotent: true)
}

/// Statements and the requests that people have a right to make about their data.
package protocol PrivacyServiceHandler: Sendable {
  /// Publishes the next version of the organisation's statement (clauses 1 and 2).
  func publishStatement(
    _ request: PrivacyPublishStatementRequest, _ call: Call
  ) async throws -> PrivacyStatementVersion

  /// The organisation's own text of one version; old ones stay readable.
  func getStatement(
    _ request: PrivacyGetStatementRequest, _ call: Call
  ) async throws -> PrivacyStatement

  func listStatementVersions(
    _ request: PrivacyListStatementVersionsRequest, _ call: Call
  ) async throws -> PrivacyListStatementVersionsResponse

  /// Makes a request on behalf of a person, and answers at once with what it waits for. It is
  /// carried out in every service afterwards: see RequestService. One of the same kind that is open
  /// for the person is joined: the answer is that one.
  func createRequest(
    _ request: PrivacyCreateRequestRequest, _ call: Call
  ) async throws -> PrivacyPrivacyRequest

  /// Has a request that waits for its next attempt tried at once.
  func resumeRequest(
    _ request: PrivacyResumeRequestRequest, _ call: Call
  ) async throws -> PrivacyPrivacyRequest

  func getRequest(
    _ request: PrivacyGetRequestRequest, _ call: Call
  ) async throws -> PrivacyPrivacyRequest

  func listRequests(
    _ request: PrivacyListRequestsRequest, _ call: Call
  ) async throws -> PrivacyListRequestsResponse

  /// The signed archive of an access request, in pieces of at most 64 KiB.
  func fetchArchive(
    _ request: PrivacyFetchArchiveRequest, _ call: Call,
    _ responses: ResponseWriter<PrivacyArchiveChunk>
  ) async throws

  /// The public keys that archives are signed with, so that anybody can verify one offline.
  func getArchiveKeys(
    _ request: PrivacyGetArchiveKeysRequest, _ call: Call
  ) async throws -> PrivacyGetArchiveKeysResponse
}

extension PrivacyServiceHandler {
  /// Every method with its policy, for the server; nothing is read of a call before the
  /// guard has admitted it.
  package func methods(_ accessGuard: AccessGuard) -> [RPCMethod] {
    [
      RPCMethod.unary(
        PrivacyServiceMethods.publishStatement,
        admit: { try await accessGuard.admit($0, PrivacyServicePolicies.publishStatement) },
        publishStatement),
      RPCMethod.unary(
        PrivacyServiceMethods.getStatement,
        admit: { try await accessGuard.admit($0, PrivacyServicePolicies.getStatement) },
        getStatement),
      RPCMethod.unary(
        PrivacyServiceMethods.listStatementVersions,
        admit: { try await accessGuard.admit($0, PrivacyServicePolicies.listStatementVersions) },
        listStatementVersions),
      RPCMethod.unary(
        PrivacyServiceMethods.createRequest,
        admit: { try await accessGuard.admit($0, PrivacyServicePolicies.createRequest) },
        createRequest),
      RPCMethod.unary(
        PrivacyServiceMethods.resumeRequest,
        admit: { try await accessGuard.admit($0, PrivacyServicePolicies.resumeRequest) },
        resumeRequest),
      RPCMethod.unary(
        PrivacyServiceMethods.getRequest,
        admit: { try await accessGuard.admit($0, PrivacyServicePolicies.getRequest) },
        getRequest),
      RPCMethod.unary(
        PrivacyServiceMethods.listRequests,
        admit: { try await accessGuard.admit($0, PrivacyServicePolicies.listRequests) },
        listRequests),
      RPCMethod.serverStreaming(
        PrivacyServiceMethods.fetchArchive,
        admit: { try await accessGuard.admit($0, PrivacyServicePolicies.fetchArchive) },
        fetchArchive),
      RPCMethod.unary(
        PrivacyServiceMethods.getArchiveKeys,
        admit: { try await accessGuard.admit($0, PrivacyServicePolicies.getArchiveKeys) },
        getArchiveKeys),
    ]
  }
}

/// Calls `ikso.privacy.v1.PrivacyService`.
package struct PrivacyServiceClient: Sendable {
  private let client: RPCClient

  package init(_ client: RPCClient) { self.client = client }

  /// Publishes the next version of the organisation's statement (clauses 1 and 2).
  package func publishStatement(
    _ request: PrivacyPublishStatementRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyStatementVersion {
    try await client.unary(
      PrivacyServiceMethods.publishStatement, request, options,
      as: PrivacyStatementVersion.self)
  }

  /// The organisation's own text of one version; old ones stay readable.
  package func getStatement(
    _ request: PrivacyGetStatementRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyStatement {
    try await client.unary(
      PrivacyServiceMethods.getStatement, request, options,
      as: PrivacyStatement.self)
  }

  package func listStatementVersions(
    _ request: PrivacyListStatementVersionsRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyListStatementVersionsResponse {
    try await client.unary(
      PrivacyServiceMethods.listStatementVersions, request, options,
      as: PrivacyListStatementVersionsResponse.self)
  }

  /// Makes a request on behalf of a person, and answers at once with what it waits for. It is
  /// carried out in every service afterwards: see RequestService. One of the same kind that is open
  /// for the person is joined: the answer is that one.
  package func createRequest(
    _ request: PrivacyCreateRequestRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyPrivacyRequest {
    try await client.unary(
      PrivacyServiceMethods.createRequest, request, options,
      as: PrivacyPrivacyRequest.self)
  }

  /// Has a request that waits for its next attempt tried at once.
  package func resumeRequest(
    _ request: PrivacyResumeRequestRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyPrivacyRequest {
    try await client.unary(
      PrivacyServiceMethods.resumeRequest, request, options,
      as: PrivacyPrivacyRequest.self)
  }

  package func getRequest(
    _ request: PrivacyGetRequestRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyPrivacyRequest {
    try await client.unary(
      PrivacyServiceMethods.getRequest, request, options,
      as: PrivacyPrivacyRequest.self)
  }

  package func listRequests(
    _ request: PrivacyListRequestsRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyListRequestsResponse {
    try await client.unary(
      PrivacyServiceMethods.listRequests, request, options,
      as: PrivacyListRequestsResponse.self)
  }

  /// The signed archive of an access request, in pieces of at most 64 KiB.
  package func fetchArchive(
    _ request: PrivacyFetchArchiveRequest, _ options: CallOptions = CallOptions()
  ) async throws -> ResponseStream<PrivacyArchiveChunk> {
    try await client.serverStreaming(
      PrivacyServiceMethods.fetchArchive, request, options,
      as: PrivacyArchiveChunk.self)
  }

  /// The public keys that archives are signed with, so that anybody can verify one offline.
  package func getArchiveKeys(
    _ request: PrivacyGetArchiveKeysRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyGetArchiveKeysResponse {
    try await client.unary(
      PrivacyServiceMethods.getArchiveKeys, request, options,
      as: PrivacyGetArchiveKeysResponse.self)
  }
}
