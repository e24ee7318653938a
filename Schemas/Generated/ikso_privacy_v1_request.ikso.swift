// Generated from ikso/privacy/v1/request.proto by protoc-gen-ikso.
// Don't edit; run Schemas/generate.

package import Access
package import RPC

/// The methods of `ikso.privacy.v1.RequestService`.
package enum RequestServiceMethods {
  package static let watchRequest = MethodDescriptor(
    service: "ikso.privacy.v1.RequestService", name: "WatchRequest",
    kind: .serverStreaming, idempotent: true)
  package static let approveRequest = MethodDescriptor(
    service: "ikso.privacy.v1.RequestService", name: "ApproveRequest",
    kind: .unary, idempotent: true)
  package static let refuseRequest = MethodDescriptor(
    service: "ikso.privacy.v1.RequestService", name: "RefuseRequest",
    kind: .unary, idempotent: true)
  package static let withdrawRequest = MethodDescriptor(
    service: "ikso.privacy.v1.RequestService", name: "WithdrawRequest",
    kind: .unary, idempotent: true)
  package static let extendRequest = MethodDescriptor(
    service: "ikso.privacy.v1.RequestService", name: "ExtendRequest",
    kind: .unary, idempotent: true)
  package static let completeRequest = MethodDescriptor(
    service: "ikso.privacy.v1.RequestService", name: "CompleteRequest",
    kind: .unary, idempotent: true)
  package static let getErasureCertificate = MethodDescriptor(
    service: "ikso.privacy.v1.RequestService", name: "GetErasureCertificate",
    kind: .unary, idempotent: true, hasNoSideEffects: true)

  package static let all: [(MethodDescriptor, AccessPolicy)] = [
    (watchRequest, RequestServicePolicies.watchRequest),
    (approveRequest, RequestServicePolicies.approveRequest),
    (refuseRequest, RequestServicePolicies.refuseRequest),
    (withdrawRequest, RequestServicePolicies.withdrawRequest),
    (extendRequest, RequestServicePolicies.extendRequest),
    (completeRequest, RequestServicePolicies.completeRequest),
    (getErasureCertificate, RequestServicePolicies.getErasureCertificate),
  ]
}

/// Who may call the methods of `ikso.privacy.v1.RequestService`, and what for.
package enum RequestServicePolicies {
  package static let watchRequest = AccessPolicy(
    anyone: false,
    roles: [.privacyOfficer],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "privacy-requests", idempotent: true)
  package static let approveRequest = AccessPolicy(
    anyone: false,
    roles: [.privacyOfficer],
    services: [],
    maximumAuthenticationAge: .seconds(900),
    purpose: "privacy-requests", idempotent: true)
  package static let refuseRequest = AccessPolicy(
    anyone: false,
    roles: [.privacyOfficer],
    services: [],
    maximumAuthenticationAge: .seconds(900),
    purpose: "privacy-requests", idempotent: true)
  package static let withdrawRequest = AccessPolicy(
    anyone: false,
    roles: [.privacyOfficer],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "privacy-requests", idempotent: true)
  package static let extendRequest = AccessPolicy(
    anyone: false,
    roles: [.privacyOfficer],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "privacy-requests", idempotent: true)
  package static let completeRequest = AccessPolicy(
    anyone: false,
    roles: [.privacyOfficer],
    services: [],
    maximumAuthenticationAge: .seconds(900),
    purpose: "privacy-requests", idempotent: true)
  package static let getErasureCertificate = AccessPolicy(
    anyone: false,
    roles: [.privacyOfficer, .auditor],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "privacy-requests", idempotent: true)
}

/// What becomes of requests: an officer's decisions about them, and the clock. They are made with
/// PrivacyService.CreateRequest, or by the person with OwnRequestService.
package protocol RequestServiceHandler: Sendable {
  /// The request as it stands, and again after each change, for five minutes at most or until it is
  /// closed: ask again where it is not.
  func watchRequest(
    _ request: PrivacyWatchRequestRequest, _ call: Call,
    _ responses: ResponseWriter<PrivacyPrivacyRequest>
  ) async throws

  /// Accepts what a person asked for themselves, or approves the erasure that another officer asked
  /// for; an erasure never by who asked for it. FAILED_PRECONDITION with the reason while the person
  /// is on a legal hold.
  func approveRequest(
    _ request: PrivacyApproveRequestRequest, _ call: Call
  ) async throws -> PrivacyPrivacyRequest

  /// Refuses a request with a ground that the law has for its kind. The answer carries where the
  /// person can complain (clause 44).
  func refuseRequest(
    _ request: PrivacyRefuseRequestRequest, _ call: Call
  ) async throws -> PrivacyPrivacyRequest

  /// Takes back a request of which nothing has been carried out.
  func withdrawRequest(
    _ request: PrivacyWithdrawRequestRequest, _ call: Call
  ) async throws -> PrivacyPrivacyRequest

  /// Moves the day on which it is due by two months, once, with the reason, before it is over
  /// (GDPR Art. 12(3)).
  func extendRequest(
    _ request: PrivacyExtendRequestRequest, _ call: Call
  ) async throws -> PrivacyPrivacyRequest

  /// Closes a request that an officer has in hand, with what was done.
  func completeRequest(
    _ request: PrivacyCompleteRequestRequest, _ call: Call
  ) async throws -> PrivacyPrivacyRequest

  /// The certificate of a completed erasure: signed by every service that erased; `ikso verify`
  /// checks it offline.
  func getErasureCertificate(
    _ request: PrivacyGetErasureCertificateRequest, _ call: Call
  ) async throws -> PrivacyErasureCertificate
}

extension RequestServiceHandler {
  /// Every method with its policy, for the server; nothing is read of a call before the
  /// guard has admitted it.
  package func methods(_ accessGuard: AccessGuard) -> [RPCMethod] {
    [
      RPCMethod.serverStreaming(
        RequestServiceMethods.watchRequest,
        admit: { try await accessGuard.admit($0, RequestServicePolicies.watchRequest) },
        watchRequest),
      RPCMethod.unary(
        RequestServiceMethods.approveRequest,
        admit: { try await accessGuard.admit($0, RequestServicePolicies.approveRequest) },
        approveRequest),
      RPCMethod.unary(
        RequestServiceMethods.refuseRequest,
        admit: { try await accessGuard.admit($0, RequestServicePolicies.refuseRequest) },
        refuseRequest),
      RPCMethod.unary(
        RequestServiceMethods.withdrawRequest,
        admit: { try await accessGuard.admit($0, RequestServicePolicies.withdrawRequest) },
        withdrawRequest),
      RPCMethod.unary(
        RequestServiceMethods.extendRequest,
        admit: { try await accessGuard.admit($0, RequestServicePolicies.extendRequest) },
        extendRequest),
      RPCMethod.unary(
        RequestServiceMethods.completeRequest,
        admit: { try await accessGuard.admit($0, RequestServicePolicies.completeRequest) },
        completeRequest),
      RPCMethod.unary(
        RequestServiceMethods.getErasureCertificate,
        admit: { try await accessGuard.admit($0, RequestServicePolicies.getErasureCertificate) },
        getErasureCertificate),
    ]
  }
}

/// Calls `ikso.privacy.v1.RequestService`.
package struct RequestServiceClient: Sendable {
  private let client: RPCClient

  package init(_ client: RPCClient) { self.client = client }

  /// The request as it stands, and again after each change, for five minutes at most or until it is
  /// closed: ask again where it is not.
  package func watchRequest(
    _ request: PrivacyWatchRequestRequest, _ options: CallOptions = CallOptions()
  ) async throws -> ResponseStream<PrivacyPrivacyRequest> {
    try await client.serverStreaming(
      RequestServiceMethods.watchRequest, request, options,
      as: PrivacyPrivacyRequest.self)
  }

  /// Accepts what a person asked for themselves, or approves the erasure that another officer asked
  /// for; an erasure never by who asked for it. FAILED_PRECONDITION with the reason while the person
  /// is on a legal hold.
  package func approveRequest(
    _ request: PrivacyApproveRequestRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyPrivacyRequest {
    try await client.unary(
      RequestServiceMethods.approveRequest, request, options,
      as: PrivacyPrivacyRequest.self)
  }

  /// Refuses a request with a ground that the law has for its kind. The answer carries where the
  /// person can complain (clause 44).
  package func refuseRequest(
    _ request: PrivacyRefuseRequestRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyPrivacyRequest {
    try await client.unary(
      RequestServiceMethods.refuseRequest, request, options,
      as: PrivacyPrivacyRequest.self)
  }

  /// Takes back a request of which nothing has been carried out.
  package func withdrawRequest(
    _ request: PrivacyWithdrawRequestRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyPrivacyRequest {
    try await client.unary(
      RequestServiceMethods.withdrawRequest, request, options,
      as: PrivacyPrivacyRequest.self)
  }

  /// Moves the day on which it is due by two months, once, with the reason, before it is over
  /// (GDPR Art. 12(3)).
  package func extendRequest(
    _ request: PrivacyExtendRequestRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyPrivacyRequest {
    try await client.unary(
      RequestServiceMethods.extendRequest, request, options,
      as: PrivacyPrivacyRequest.self)
  }

  /// Closes a request that an officer has in hand, with what was done.
  package func completeRequest(
    _ request: PrivacyCompleteRequestRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyPrivacyRequest {
    try await client.unary(
      RequestServiceMethods.completeRequest, request, options,
      as: PrivacyPrivacyRequest.self)
  }

  /// The certificate of a completed erasure: signed by every service that erased; `ikso verify`
  /// checks it offline.
  package func getErasureCertificate(
    _ request: PrivacyGetErasureCertificateRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyErasureCertificate {
    try await client.unary(
      RequestServiceMethods.getErasureCertificate, request, options,
      as: PrivacyErasureCertificate.self)
  }
}
