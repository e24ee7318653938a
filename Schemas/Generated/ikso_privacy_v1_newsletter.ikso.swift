// Generated from ikso/privacy/v1/newsletter.proto by protoc-gen-ikso.
// Don't edit; run Schemas/generate.

package import Access
package import RPC

/// The methods of `ikso.privacy.v1.NewsletterService`.
package enum NewsletterServiceMethods {
  package static let subscribe = MethodDescriptor(
    service: "ikso.privacy.v1.NewsletterService", name: "Subscribe",
    kind: .unary, idempotent: false)
  package static let confirmSubscription = MethodDescriptor(
    service: "ikso.privacy.v1.NewsletterService", name: "ConfirmSubscription",
    kind: .unary, idempotent: false)
  package static let unsubscribe = MethodDescriptor(
    service: "ikso.privacy.v1.NewsletterService", name: "Unsubscribe",
    kind: .unary, idempotent: true)
  package static let sendNewsletter = MethodDescriptor(
    service: "ikso.privacy.v1.NewsletterService", name: "SendNewsletter",
    kind: .unary, idempotent: false)
  package static let listNewsletters = MethodDescriptor(
    service: "ikso.privacy.v1.NewsletterService", name: "ListNewsletters",
    kind: .unary, idempotent: true, hasNoSideEffects: true)

  package static let all: [(MethodDescriptor, AccessPolicy)] = [
    (subscribe, NewsletterServicePolicies.subscribe),
    (confirmSubscription, NewsletterServicePolicies.confirmSubscription),
    (unsubscribe, NewsletterServicePolicies.unsubscribe),
    (sendNewsletter, NewsletterServicePolicies.sendNewsletter),
    (listNewsletters, NewsletterServicePolicies.listNewsletters),
  ]
}

/// Who may call the methods of `ikso.privacy.v1.NewsletterService`, and what for.
package enum NewsletterServicePolicies {
  package static let subscribe = AccessPolicy(
    anyone: true,
    roles: [],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "information", idempotent: false)
  package static let confirmSubscription = AccessPolicy(
    anyone: true,
    roles: [],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "information", idempotent: false)
  package static let unsubscribe = AccessPolicy(
    anyone: true,
    roles: [],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "information", idempotent: true)
  package static let sendNewsletter = AccessPolicy(
    anyone: false,
    roles: [.operator],
    services: [],
    maximumAuthenticationAge: .seconds(900),
    purpose: "information", idempotent: false, takesIdempotencyKey: true)
  package static let listNewsletters = AccessPolicy(
    anyone: false,
    roles: [.operator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "information", idempotent: true)
}

/// IKSO's own newsletter, of which it is the controller (clause 18): nobody gets it who has not
/// asked for it and confirmed that by mail, and one click ends it.
package protocol NewsletterServiceHandler: Sendable {
  /// Sends a code to the address, with which its owner confirms the wish; the answer is the same
  /// whoever has it and whether it is subscribed. One mail a day goes to an address, and each source
  /// may ask 10 times an hour.
  func subscribe(
    _ request: PrivacySubscribeRequest, _ call: Call
  ) async throws -> PrivacySubscribeResponse

  /// Subscribes the address that the code was sent to; a code works once, within 7 days.
  func confirmSubscription(
    _ request: PrivacyConfirmSubscriptionRequest, _ call: Call
  ) async throws -> PrivacyConfirmSubscriptionResponse

  /// Destroys the subscriber's key and deletes all that is known of them. Again: nothing happens.
  /// The gateway answers the one click of mail programs with it (RFC 8058).
  func unsubscribe(
    _ request: PrivacyUnsubscribeRequest, _ call: Call
  ) async throws -> PrivacyUnsubscribeResponse

  /// Writes to everybody who is subscribed now and in this language, in batches, and answers before.
  func sendNewsletter(
    _ request: PrivacySendNewsletterRequest, _ call: Call
  ) async throws -> PrivacyNewsletterIssue

  /// The latest first.
  func listNewsletters(
    _ request: PrivacyListNewslettersRequest, _ call: Call
  ) async throws -> PrivacyListNewslettersResponse
}

extension NewsletterServiceHandler {
  /// Every method with its policy, for the server; nothing is read of a call before the
  /// guard has admitted it.
  package func methods(_ accessGuard: AccessGuard) -> [RPCMethod] {
    [
      RPCMethod.unary(
        NewsletterServiceMethods.subscribe,
        admit: { try await accessGuard.admit($0, NewsletterServicePolicies.subscribe) },
        subscribe),
      RPCMethod.unary(
        NewsletterServiceMethods.confirmSubscription,
        admit: { try await accessGuard.admit($0, NewsletterServicePolicies.confirmSubscription) },
        confirmSubscription),
      RPCMethod.unary(
        NewsletterServiceMethods.unsubscribe,
        admit: { try await accessGuard.admit($0, NewsletterServicePolicies.unsubscribe) },
        unsubscribe),
      RPCMethod.unary(
        NewsletterServiceMethods.sendNewsletter,
        admit: { try await accessGuard.admit($0, NewsletterServicePolicies.sendNewsletter) },
        sendNewsletter),
      RPCMethod.unary(
        NewsletterServiceMethods.listNewsletters,
        admit: { try await accessGuard.admit($0, NewsletterServicePolicies.listNewsletters) },
        listNewsletters),
    ]
  }
}

/// Calls `ikso.privacy.v1.NewsletterService`.
package struct NewsletterServiceClient: Sendable {
  private let client: RPCClient

  package init(_ client: RPCClient) { self.client = client }

  /// Sends a code to the address, with which its owner confirms the wish; the answer is the same
  /// whoever has it and whether it is subscribed. One mail a day goes to an address, and each source
  /// may ask 10 times an hour.
  package func subscribe(
    _ request: PrivacySubscribeRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacySubscribeResponse {
    try await client.unary(
      NewsletterServiceMethods.subscribe, request, options,
      as: PrivacySubscribeResponse.self)
  }

  /// Subscribes the address that the code was sent to; a code works once, within 7 days.
  package func confirmSubscription(
    _ request: PrivacyConfirmSubscriptionRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyConfirmSubscriptionResponse {
    try await client.unary(
      NewsletterServiceMethods.confirmSubscription, request, options,
      as: PrivacyConfirmSubscriptionResponse.self)
  }

  /// Destroys the subscriber's key and deletes all that is known of them. Again: nothing happens.
  /// The gateway answers the one click of mail programs with it (RFC 8058).
  package func unsubscribe(
    _ request: PrivacyUnsubscribeRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyUnsubscribeResponse {
    try await client.unary(
      NewsletterServiceMethods.unsubscribe, request, options,
      as: PrivacyUnsubscribeResponse.self)
  }

  /// Writes to everybody who is subscribed now and in this language, in batches, and answers before.
  package func sendNewsletter(
    _ request: PrivacySendNewsletterRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyNewsletterIssue {
    try await client.unary(
      NewsletterServiceMethods.sendNewsletter, request, options,
      as: PrivacyNewsletterIssue.self)
  }

  /// The latest first.
  package func listNewsletters(
    _ request: PrivacyListNewslettersRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyListNewslettersResponse {
    try await client.unary(
      NewsletterServiceMethods.listNewsletters, request, options,
      as: PrivacyListNewslettersResponse.self)
  }
}
