// Generated from ikso/privacy/v1/own_request.proto by protoc-gen-ikso.
// Don't edit; run Schemas/generate.

package import Access
package import RPC

/// The methods of `ikso.privacy.v1.OwnRequestService`.
package enum OwnRequestServiceMethods {
  package static let createOwnRequest = MethodDescriptor(
    service: "ikso.privacy.v1.OwnRequestService", name: "CreateOwnRequest",
    kind: .unary, idempotent: true)
  package static let getOwnRequest = MethodDescriptor(
    service: "ikso.privacy.v1.OwnRequestService", name: "GetOwnRequest",
    kind: .unary, idempotent: true, hasNoSideEffects: true)
  package static let listOwnRequests = MethodDescriptor(
    service: "ikso.privacy.v1.OwnRequestService", name: "ListOwnRequests",
    kind: .unary, idempotent: true, hasNoSideEffects: true)
  package static let withdrawOwnRequest = MethodDescriptor(
    service: "ikso.privacy.v1.OwnRequestService", name: "WithdrawOwnRequest",
    kind: .unary, idempotent: true)
  package static let fetchOwnArchive = MethodDescriptor(
    service: "ikso.privacy.v1.OwnRequestService", name: "FetchOwnArchive",
    kind: .serverStreaming, idempotent: true)

  package static let all: [(MethodDescriptor, AccessPolicy)] = [
    (createOwnRequest, OwnRequestServicePolicies.createOwnRequest),
    (getOwnRequest, OwnRequestServicePolicies.getOwnRequest),
    (listOwnRequests, OwnRequestServicePolicies.listOwnRequests),
    (withdrawOwnRequest, OwnRequestServicePolicies.withdrawOwnRequest),
    (fetchOwnArchive, OwnRequestServicePolicies.fetchOwnArchive),
  ]
}

/// Who may call the methods of `ikso.privacy.v1.OwnRequestService`, and what for.
package enum OwnRequestServicePolicies {
  package static let createOwnRequest = AccessPolicy(
    anyone: false,
    roles: [.participant, .coach, .manager, .administrator, .privacyOfficer],
    services: [],
    maximumAuthenticationAge: .seconds(900),
    purpose: "privacy-requests", idempotent: true)
  package static let getOwnRequest = AccessPolicy(
    anyone: false,
    roles: [.participant, .coach, .manager, .administrator, .privacyOfficer],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "privacy-requests", idempotent: true)
  package static let listOwnRequests = AccessPolicy(
    anyone: false,
    roles: [.participant, .coach, .manager, .administrator, .privacyOfficer],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "privacy-requests", idempotent: true)
  package static let withdrawOwnRequest = AccessPolicy(
    anyone: false,
    roles: [.participant, .coach, .manager, .administrator, .privacyOfficer],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "privacy-requests", idempotent: true)
  package static let fetchOwnArchive = AccessPolicy(
    anyone: false,
    roles: [.participant, .coach, .manager, .administrator, .privacyOfficer],
    services: [],
    maximumAuthenticationAge: .seconds(900),
    purpose: "privacy-requests", idempotent: true)
}

/// What a person asks for themselves. It goes to the controller: a privacy officer accepts or
/// refuses it.
package protocol OwnRequestServiceHandler: Sendable {
  /// One of the same kind that is open is joined: the answer is that one.
  func createOwnRequest(
    _ request: PrivacyCreateOwnRequestRequest, _ call: Call
  ) async throws -> PrivacyPrivacyRequest

  func getOwnRequest(
    _ request: PrivacyGetOwnRequestRequest, _ call: Call
  ) async throws -> PrivacyPrivacyRequest

  /// Those that were made about the caller, by whomever; without their texts.
  func listOwnRequests(
    _ request: PrivacyListOwnRequestsRequest, _ call: Call
  ) async throws -> PrivacyListOwnRequestsResponse

  /// Takes back what the caller asked for, as long as nothing of it has been carried out.
  func withdrawOwnRequest(
    _ request: PrivacyWithdrawOwnRequestRequest, _ call: Call
  ) async throws -> PrivacyPrivacyRequest

  /// The signed archive of a completed access or portability request about the caller, in pieces of
  /// at most 64 KiB.
  func fetchOwnArchive(
    _ request: PrivacyFetchOwnArchiveRequest, _ call: Call,
    _ responses: ResponseWriter<PrivacyArchiveChunk>
  ) async throws
}

extension OwnRequestServiceHandler {
  /// Every method with its policy, for the server; nothing is read of a call before the
  /// guard has admitted it.
  package func methods(_ accessGuard: AccessGuard) -> [RPCMethod] {
    [
      RPCMethod.unary(
        OwnRequestServiceMethods.createOwnRequest,
        admit: { try await accessGuard.admit($0, OwnRequestServicePolicies.createOwnRequest) },
        createOwnRequest),
      RPCMethod.unary(
        OwnRequestServiceMethods.getOwnRequest,
        admit: { try await accessGuard.admit($0, OwnRequestServicePolicies.getOwnRequest) },
        getOwnRequest),
      RPCMethod.unary(
        OwnRequestServiceMethods.listOwnRequests,
        admit: { try await accessGuard.admit($0, OwnRequestServicePolicies.listOwnRequests) },
        listOwnRequests),
      RPCMethod.unary(
        OwnRequestServiceMethods.withdrawOwnRequest,
        admit: { try await accessGuard.admit($0, OwnRequestServicePolicies.withdrawOwnRequest) },
        withdrawOwnRequest),
      RPCMethod.serverStreaming(
        OwnRequestServiceMethods.fetchOwnArchive,
        admit: { try await accessGuard.admit($0, OwnRequestServicePolicies.fetchOwnArchive) },
        fetchOwnArchive),
    ]
  }
}

/// Calls `ikso.privacy.v1.OwnRequestService`.
package struct OwnRequestServiceClient: Sendable {
  private let client: RPCClient

  package init(_ client: RPCClient) { self.client = client }

  /// One of the same kind that is open is joined: the answer is that one.
  package func createOwnRequest(
    _ request: PrivacyCreateOwnRequestRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyPrivacyRequest {
    try await client.unary(
      OwnRequestServiceMethods.createOwnRequest, request, options,
      as: PrivacyPrivacyRequest.self)
  }

  package func getOwnRequest(
    _ request: PrivacyGetOwnRequestRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyPrivacyRequest {
    try await client.unary(
      OwnRequestServiceMethods.getOwnRequest, request, options,
      as: PrivacyPrivacyRequest.self)
  }

  /// Those that were made about the caller, by whomever; without their texts.
  package func listOwnRequests(
    _ request: PrivacyListOwnRequestsRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyListOwnRequestsResponse {
    try await client.unary(
      OwnRequestServiceMethods.listOwnRequests, request, options,
      as: PrivacyListOwnRequestsResponse.self)
  }

  /// Takes back what the caller asked for, as long as nothing of it has been carried out.
  package func withdrawOwnRequest(
    _ request: PrivacyWithdrawOwnRequestRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyPrivacyRequest {
    try await client.unary(
      OwnRequestServiceMethods.withdrawOwnRequest, request, options,
      as: PrivacyPrivacyRequest.self)
  }

  /// The signed archive of a completed access or portability request about the caller, in pieces of
  /// at most 64 KiB.
  package func fetchOwnArchive(
    _ request: PrivacyFetchOwnArchiveRequest, _ options: CallOptions = CallOptions()
  ) async throws -> ResponseStream<PrivacyArchiveChunk> {
    try await client.serverStreaming(
      OwnRequestServiceMethods.fetchOwnArchive, request, options,
      as: PrivacyArchiveChunk.self)
  }
}
