// Generated from ikso/mail/v1/mail.proto by protoc-gen-ikso.
// Don't edit; run Schemas/generate.

package import Access
package import RPC

/// The methods of `ikso.mail.v1.IdentityMailService`.
package enum IdentityMailServiceMethods {
  package static let listDeadMail = MethodDescriptor(
    service: "ikso.mail.v1.IdentityMailService", name: "ListDeadMail",
    kind: .unary, idempotent: true, hasNoSideEffects: true)
  package static let retryMail = MethodDescriptor(
    service: "ikso.mail.v1.IdentityMailService", name: "RetryMail",
    kind: .unary, idempotent: true)

  package static let all: [(MethodDescriptor, AccessPolicy)] = [
    (listDeadMail, IdentityMailServicePolicies.listDeadMail),
    (retryMail, IdentityMailServicePolicies.retryMail),
  ]
}

/// Who may call the methods of `ikso.mail.v1.IdentityMailService`, and what for.
package enum IdentityMailServicePolicies {
  package static let listDeadMail = AccessPolicy(
    anyone: false,
    roles: [.operator, .administrator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "operations", idempotent: true)
  package static let retryMail = AccessPolicy(
    anyone: false,
    roles: [.operator, .administrator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "operations", idempotent: true)
}

/// Mail that could not be sent. Every service that sends any has the same two methods; each has a
/// name of its own, by which the gateway finds it.
package protocol IdentityMailServiceHandler: Sendable {
  /// What was given up, the latest first, for 30 days; neither addresses nor texts.
  func listDeadMail(
    _ request: MailListDeadMailRequest, _ call: Call
  ) async throws -> MailListDeadMailResponse

  /// Tries one again, from the start. NOT_FOUND once it was sent, or its person was erased.
  func retryMail(
    _ request: MailRetryMailRequest, _ call: Call
  ) async throws -> MailRetryMailResponse
}

extension IdentityMailServiceHandler {
  /// Every method with its policy, for the server; nothing is read of a call before the
  /// guard has admitted it.
  package func methods(_ accessGuard: AccessGuard) -> [RPCMethod] {
    [
      RPCMethod.unary(
        IdentityMailServiceMethods.listDeadMail,
        admit: { try await accessGuard.admit($0, IdentityMailServicePolicies.listDeadMail) },
        listDeadMail),
      RPCMethod.unary(
        IdentityMailServiceMethods.retryMail,
        admit: { try await accessGuard.admit($0, IdentityMailServicePolicies.retryMail) },
        retryMail),
    ]
  }
}

/// Calls `ikso.mail.v1.IdentityMailService`.
package struct IdentityMailServiceClient: Sendable {
  private let client: RPCClient

  package init(_ client: RPCClient) { self.client = client }

  /// What was given up, the latest first, for 30 days; neither addresses nor texts.
  package func listDeadMail(
    _ request: MailListDeadMailRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> MailListDeadMailResponse {
    try await client.unary(
      IdentityMailServiceMethods.listDeadMail, request, options,
      as: MailListDeadMailResponse.self)
  }

  /// Tries one again, from the start. NOT_FOUND once it was sent, or its person was erased.
  package func retryMail(
    _ request: MailRetryMailRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> MailRetryMailResponse {
    try await client.unary(
      IdentityMailServiceMethods.retryMail, request, options,
      as: MailRetryMailResponse.self)
  }
}

/// The methods of `ikso.mail.v1.FeedbackMailService`.
package enum FeedbackMailServiceMethods {
  package static let listDeadMail = MethodDescriptor(
    service: "ikso.mail.v1.FeedbackMailService", name: "ListDeadMail",
    kind: .unary, idempotent: true, hasNoSideEffects: true)
  package static let retryMail = MethodDescriptor(
    service: "ikso.mail.v1.FeedbackMailService", name: "RetryMail",
    kind: .unary, idempotent: true)

  package static let all: [(MethodDescriptor, AccessPolicy)] = [
    (listDeadMail, FeedbackMailServicePolicies.listDeadMail),
    (retryMail, FeedbackMailServicePolicies.retryMail),
  ]
}

/// Who may call the methods of `ikso.mail.v1.FeedbackMailService`, and what for.
package enum FeedbackMailServicePolicies {
  package static let listDeadMail = AccessPolicy(
    anyone: false,
    roles: [.operator, .administrator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "operations", idempotent: true)
  package static let retryMail = AccessPolicy(
    anyone: false,
    roles: [.operator, .administrator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "operations", idempotent: true)
}

package protocol FeedbackMailServiceHandler: Sendable {
  func listDeadMail(
    _ request: MailListDeadMailRequest, _ call: Call
  ) async throws -> MailListDeadMailResponse

  func retryMail(
    _ request: MailRetryMailRequest, _ call: Call
  ) async throws -> MailRetryMailResponse
}

extension FeedbackMailServiceHandler {
  /// Every method with its policy, for the server; nothing is read of a call before the
  /// guard has admitted it.
  package func methods(_ accessGuard: AccessGuard) -> [RPCMethod] {
    [
      RPCMethod.unary(
        FeedbackMailServiceMethods.listDeadMail,
        admit: { try await accessGuard.admit($0, FeedbackMailServicePolicies.listDeadMail) },
        listDeadMail),
      RPCMethod.unary(
        FeedbackMailServiceMethods.retryMail,
        admit: { try await accessGuard.admit($0, FeedbackMailServicePolicies.retryMail) },
        retryMail),
    ]
  }
}

/// Calls `ikso.mail.v1.FeedbackMailService`.
package struct FeedbackMailServiceClient: Sendable {
  private let client: RPCClient

  package init(_ client: RPCClient) { self.client = client }

  package func listDeadMail(
    _ request: MailListDeadMailRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> MailListDeadMailResponse {
    try await client.unary(
      FeedbackMailServiceMethods.listDeadMail, request, options,
      as: MailListDeadMailResponse.self)
  }

  package func retryMail(
    _ request: MailRetryMailRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> MailRetryMailResponse {
    try await client.unary(
      FeedbackMailServiceMethods.retryMail, request, options,
      as: MailRetryMailResponse.self)
  }
}

/// The methods of `ikso.mail.v1.PrivacyMailService`.
package enum PrivacyMailServiceMethods {
  package static let listDeadMail = MethodDescriptor(
    service: "ikso.mail.v1.PrivacyMailService", name: "ListDeadMail",
    kind: .unary, idempotent: true, hasNoSideEffects: true)
  package static let retryMail = MethodDescriptor(
    service: "ikso.mail.v1.PrivacyMailService", name: "RetryMail",
    kind: .unary, idempotent: true)

  package static let all: [(MethodDescriptor, AccessPolicy)] = [
    (listDeadMail, PrivacyMailServicePolicies.listDeadMail),
    (retryMail, PrivacyMailServicePolicies.retryMail),
  ]
}

/// Who may call the methods of `ikso.mail.v1.PrivacyMailService`, and what for.
package enum PrivacyMailServicePolicies {
  package static let listDeadMail = AccessPolicy(
    anyone: false,
    roles: [.operator, .administrator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "operations", idempotent: true)
  package static let retryMail = AccessPolicy(
    anyone: false,
    roles: [.operator, .administrator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "operations", idempotent: true)
}

package protocol PrivacyMailServiceHandler: Sendable {
  func listDeadMail(
    _ request: MailListDeadMailRequest, _ call: Call
  ) async throws -> MailListDeadMailResponse

  func retryMail(
    _ request: MailRetryMailRequest, _ call: Call
  ) async throws -> MailRetryMailResponse
}

extension PrivacyMailServiceHandler {
  /// Every method with its policy, for the server; nothing is read of a call before the
  /// guard has admitted it.
  package func methods(_ accessGuard: AccessGuard) -> [RPCMethod] {
    [
      RPCMethod.unary(
        PrivacyMailServiceMethods.listDeadMail,
        admit: { try await accessGuard.admit($0, PrivacyMailServicePolicies.listDeadMail) },
        listDeadMail),
      RPCMethod.unary(
        PrivacyMailServiceMethods.retryMail,
        admit: { try await accessGuard.admit($0, PrivacyMailServicePolicies.retryMail) },
        retryMail),
    ]
  }
}

/// Calls `ikso.mail.v1.PrivacyMailService`.
package struct PrivacyMailServiceClient: Sendable {
  private let client: RPCClient

  package init(_ client: RPCClient) { self.client = client }

  package func listDeadMail(
    _ request: MailListDeadMailRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> MailListDeadMailResponse {
    try await client.unary(
      PrivacyMailServiceMethods.listDeadMail, request, options,
      as: MailListDeadMailResponse.self)
  }

  package func retryMail(
    _ request: MailRetryMailRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> MailRetryMailResponse {
    try await client.unary(
      PrivacyMailServiceMethods.retryMail, request, options,
      as: MailRetryMailResponse.self)
  }
}
