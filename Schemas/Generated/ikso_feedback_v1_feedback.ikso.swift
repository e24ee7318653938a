// Generated from ikso/feedback/v1/feedback.proto by protoc-gen-ikso.
// Don't edit; run Schemas/generate.

package import Access
package import RPC

/// The methods of `ikso.feedback.v1.FeedbackService`.
package enum FeedbackServiceMethods {
  package static let askFeedback = MethodDescriptor(
    service: "ikso.feedback.v1.FeedbackService", name: "AskFeedback",
    kind: .unary, idempotent: false)
  package static let getFeedbackRound = MethodDescriptor(
    service: "ikso.feedback.v1.FeedbackService", name: "GetFeedbackRound",
    kind: .unary, idempotent: true, hasNoSideEffects: true)
  package static let listFeedbackTasks = MethodDescriptor(
    service: "ikso.feedback.v1.FeedbackService", name: "ListFeedbackTasks",
    kind: .unary, idempotent: true, hasNoSideEffects: true)
  package static let giveFeedback = MethodDescriptor(
    service: "ikso.feedback.v1.FeedbackService", name: "GiveFeedback",
    kind: .unary, idempotent: false)
  package static let openGuestLink = MethodDescriptor(
    service: "ikso.feedback.v1.FeedbackService", name: "OpenGuestLink",
    kind: .unary, idempotent: true)
  package static let giveGuestFeedback = MethodDescriptor(
    service: "ikso.feedback.v1.FeedbackService", name: "GiveGuestFeedback",
    kind: .unary, idempotent: false)
  package static let listFeedback = MethodDescriptor(
    service: "ikso.feedback.v1.FeedbackService", name: "ListFeedback",
    kind: .unary, idempotent: true, hasNoSideEffects: true)
  package static let getFeedback = MethodDescriptor(
    service: "ikso.feedback.v1.FeedbackService", name: "GetFeedback",
    kind: .unary, idempotent: true, hasNoSideEffects: true)

  package static let all: [(MethodDescriptor, AccessPolicy)] = [
    (askFeedback, FeedbackServicePolicies.askFeedback),
    (getFeedbackRound, FeedbackServicePolicies.getFeedbackRound),
    (listFeedbackTasks, FeedbackServicePolicies.listFeedbackTasks),
    (giveFeedback, FeedbackServicePolicies.giveFeedback),
    (openGuestLink, FeedbackServicePolicies.openGuestLink),
    (giveGuestFeedback, FeedbackServicePolicies.giveGuestFeedback),
    (listFeedback, FeedbackServicePolicies.listFeedback),
    (getFeedback, FeedbackServicePolicies.getFeedback),
  ]
}

/// Who may call the methods of `ikso.feedback.v1.FeedbackService`, and what for.
package enum FeedbackServicePolicies {
  package static let askFeedback = AccessPolicy(
    anyone: false,
    roles: [.participant],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "feedback", idempotent: false, takesIdempotencyKey: true)
  package static let getFeedbackRound = AccessPolicy(
    anyone: false,
    roles: [.participant],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "feedback", idempotent: true)
  package static let listFeedbackTasks = AccessPolicy(
    anyone: false,
    roles: [.participant],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "feedback", idempotent: true)
  package static let giveFeedback = AccessPolicy(
    anyone: false,
    roles: [.participant],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "feedback", idempotent: false, takesIdempotencyKey: true)
  package static let openGuestLink = AccessPolicy(
    anyone: true,
    roles: [],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "feedback", idempotent: true)
  package static let giveGuestFeedback = AccessPolicy(
    anyone: true,
    roles: [],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "feedback", idempotent: false, takesIdempotencyKey: true)
  package static let listFeedback = AccessPolicy(
    anyone: false,
    roles: [.participant],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "feedback", idempotent: true)
  package static let getFeedback = AccessPolicy(
    anyone: false,
    roles: [.participant],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "feedback", idempotent: true)
}

/// Asking for feedback and giving it.
package protocol FeedbackServiceHandler: Sendable {
  /// Asks colleagues and outsiders; outsiders get a one-time link by mail.
  func askFeedback(
    _ request: FeedbackAskFeedbackRequest, _ call: Call
  ) async throws -> FeedbackFeedbackRound

  /// One's own round with the state of each invitation.
  func getFeedbackRound(
    _ request: FeedbackGetFeedbackRoundRequest, _ call: Call
  ) async throws -> FeedbackFeedbackRound

  /// What others ask of the caller.
  func listFeedbackTasks(
    _ request: FeedbackListFeedbackTasksRequest, _ call: Call
  ) async throws -> FeedbackListFeedbackTasksResponse

  func giveFeedback(
    _ request: FeedbackGiveFeedbackRequest, _ call: Call
  ) async throws -> FeedbackGiveFeedbackResponse

  /// What an outsider's one-time link leads to: who asks, what, and the personal statement.
  func openGuestLink(
    _ request: FeedbackOpenGuestLinkRequest, _ call: Call
  ) async throws -> FeedbackOpenGuestLinkResponse

  /// Answers and uses the link up. The statement's current version must be accepted with it.
  func giveGuestFeedback(
    _ request: FeedbackGiveGuestFeedbackRequest, _ call: Call
  ) async throws -> FeedbackGiveFeedbackResponse

  /// The feedback that the caller has received, the newest first.
  func listFeedback(
    _ request: FeedbackListFeedbackRequest, _ call: Call
  ) async throws -> FeedbackListFeedbackResponse

  func getFeedback(
    _ request: FeedbackGetFeedbackRequest, _ call: Call
  ) async throws -> FeedbackFeedback
}

extension FeedbackServiceHandler {
  /// Every method with its policy, for the server; nothing is read of a call before the
  /// guard has admitted it.
  package func methods(_ accessGuard: AccessGuard) -> [RPCMethod] {
    [
      RPCMethod.unary(
        FeedbackServiceMethods.askFeedback,
        admit: { try await accessGuard.admit($0, FeedbackServicePolicies.askFeedback) },
        askFeedback),
      RPCMethod.unary(
        FeedbackServiceMethods.getFeedbackRound,
        admit: { try await accessGuard.admit($0, FeedbackServicePolicies.getFeedbackRound) },
        getFeedbackRound),
      RPCMethod.unary(
        FeedbackServiceMethods.listFeedbackTasks,
        admit: { try await accessGuard.admit($0, FeedbackServicePolicies.listFeedbackTasks) },
        listFeedbackTasks),
      RPCMethod.unary(
        FeedbackServiceMethods.giveFeedback,
        admit: { try await accessGuard.admit($0, FeedbackServicePolicies.giveFeedback) },
        giveFeedback),
      RPCMethod.unary(
        FeedbackServiceMethods.openGuestLink,
        admit: { try await accessGuard.admit($0, FeedbackServicePolicies.openGuestLink) },
        openGuestLink),
      RPCMethod.unary(
        FeedbackServiceMethods.giveGuestFeedback,
        admit: { try await accessGuard.admit($0, FeedbackServicePolicies.giveGuestFeedback) },
        giveGuestFeedback),
      RPCMethod.unary(
        FeedbackServiceMethods.listFeedback,
        admit: { try await accessGuard.admit($0, FeedbackServicePolicies.listFeedback) },
        listFeedback),
      RPCMethod.unary(
        FeedbackServiceMethods.getFeedback,
        admit: { try await accessGuard.admit($0, FeedbackServicePolicies.getFeedback) },
        getFeedback),
    ]
  }
}

/// Calls `ikso.feedback.v1.FeedbackService`.
package struct FeedbackServiceClient: Sendable {
  private let client: RPCClient

  package init(_ client: RPCClient) { self.client = client }

  /// Asks colleagues and outsiders; outsiders get a one-time link by mail.
  package func askFeedback(
    _ request: FeedbackAskFeedbackRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> FeedbackFeedbackRound {
    try await client.unary(
      FeedbackServiceMethods.askFeedback, request, options,
      as: FeedbackFeedbackRound.self)
  }

  /// One's own round with the state of each invitation.
  package func getFeedbackRound(
    _ request: FeedbackGetFeedbackRoundRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> FeedbackFeedbackRound {
    try await client.unary(
      FeedbackServiceMethods.getFeedbackRound, request, options,
      as: FeedbackFeedbackRound.self)
  }

  /// What others ask of the caller.
  package func listFeedbackTasks(
    _ request: FeedbackListFeedbackTasksRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> FeedbackListFeedbackTasksResponse {
    try await client.unary(
      FeedbackServiceMethods.listFeedbackTasks, request, options,
      as: FeedbackListFeedbackTasksResponse.self)
  }

  package func giveFeedback(
    _ request: FeedbackGiveFeedbackRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> FeedbackGiveFeedbackResponse {
    try await client.unary(
      FeedbackServiceMethods.giveFeedback, request, options,
      as: FeedbackGiveFeedbackResponse.self)
  }

  /// What an outsider's one-time link leads to: who asks, what, and the personal statement.
  package func openGuestLink(
    _ request: FeedbackOpenGuestLinkRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> FeedbackOpenGuestLinkResponse {
    try await client.unary(
      FeedbackServiceMethods.openGuestLink, request, options,
      as: FeedbackOpenGuestLinkResponse.self)
  }

  /// Answers and uses the link up. The statement's current version must be accepted with it.
  package func giveGuestFeedback(
    _ request: FeedbackGiveGuestFeedbackRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> FeedbackGiveFeedbackResponse {
    try await client.unary(
      FeedbackServiceMethods.giveGuestFeedback, request, options,
      as: FeedbackGiveFeedbackResponse.self)
  }

  /// The feedback that the caller has received, the newest first.
  package func listFeedback(
    _ request: FeedbackListFeedbackRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> FeedbackListFeedbackResponse {
    try await client.unary(
      FeedbackServiceMethods.listFeedback, request, options,
      as: FeedbackListFeedbackResponse.self)
  }

  package func getFeedback(
    _ request: FeedbackGetFeedbackRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> FeedbackFeedback {
    try await client.unary(
      FeedbackServiceMethods.getFeedback, request, options,
      as: FeedbackFeedback.self)
  }
}
