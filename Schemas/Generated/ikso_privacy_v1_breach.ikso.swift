// Generated from ikso/privacy/v1/breach.proto by protoc-gen-ikso.
// Don't edit; run Schemas/generate.

package import Access
package import RPC

/// The methods of `ikso.privacy.v1.BreachService`.
package enum BreachServiceMethods {
  package static let reportBreach = MethodDescriptor(
    service: "ikso.privacy.v1.BreachService", name: "ReportBreach",
    kind: .unary, idempotent: false)
  package static let registerBreach = MethodDescriptor(
    service: "ikso.privacy.v1.BreachService", name: "RegisterBreach",
    kind: .unary, idempotent: false)
  package static let updateBreach = MethodDescriptor(
    service: "ikso.privacy.v1.BreachService", name: "UpdateBreach",
    kind: .unary, idempotent: false)
  package static let addBreachEntry = MethodDescriptor(
    service: "ikso.privacy.v1.BreachService", name: "AddBreachEntry",
    kind: .unary, idempotent: false)
  package static let recordAuthorityNotice = MethodDescriptor(
    service: "ikso.privacy.v1.BreachService", name: "RecordAuthorityNotice",
    kind: .unary, idempotent: false)
  package static let closeBreach = MethodDescriptor(
    service: "ikso.privacy.v1.BreachService", name: "CloseBreach",
    kind: .unary, idempotent: false)
  package static let getBreach = MethodDescriptor(
    service: "ikso.privacy.v1.BreachService", name: "GetBreach",
    kind: .unary, idempotent: true, hasNoSideEffects: true)
  package static let listBreaches = MethodDescriptor(
    service: "ikso.privacy.v1.BreachService", name: "ListBreaches",
    kind: .unary, idempotent: true, hasNoSideEffects: true)
  package static let listBreachNotices = MethodDescriptor(
    service: "ikso.privacy.v1.BreachService", name: "ListBreachNotices",
    kind: .unary, idempotent: true, hasNoSideEffects: true)
  package static let acknowledgeBreachNotice = MethodDescriptor(
    service: "ikso.privacy.v1.BreachService", name: "AcknowledgeBreachNotice",
    kind: .unary, idempotent: true)

  package static let all: [(MethodDescriptor, AccessPolicy)] = [
    (reportBreach, BreachServicePolicies.reportBreach),
    (registerBreach, BreachServicePolicies.registerBreach),
    (updateBreach, BreachServicePolicies.updateBreach),
    (addBreachEntry, BreachServicePolicies.addBreachEntry),
    (recordAuthorityNotice, BreachServicePolicies.recordAuthorityNotice),
    (closeBreach, BreachServicePolicies.closeBreach),
    (getBreach, BreachServicePolicies.getBreach),
    (listBreaches, BreachServicePolicies.listBreaches),
    (listBreachNotices, BreachServicePolicies.listBreachNotices),
    (acknowledgeBreachNotice, BreachServicePolicies.acknowledgeBreachNotice),
  ]
}

/// Who may call the methods of `ikso.privacy.v1.BreachService`, and what for.
package enum BreachServicePolicies {
  package static let reportBreach = AccessPolicy(
    anyone: false,
    roles: [.participant, .coach, .manager, .administrator, .privacyOfficer, .auditor, .operator],
    services: ["identity", "feedback", "goals"],
    maximumAuthenticationAge: nil,
    purpose: "operations", idempotent: false, takesIdempotencyKey: true)
  package static let registerBreach = AccessPolicy(
    anyone: false,
    roles: [.operator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "operations", idempotent: false, takesIdempotencyKey: true)
  package static let updateBreach = AccessPolicy(
    anyone: false,
    roles: [.operator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "operations", idempotent: false)
  package static let addBreachEntry = AccessPolicy(
    anyone: false,
    roles: [.operator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "operations", idempotent: false, takesIdempotencyKey: true)
  package static let recordAuthorityNotice = AccessPolicy(
    anyone: false,
    roles: [.operator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "operations", idempotent: false)
  package static let closeBreach = AccessPolicy(
    anyone: false,
    roles: [.operator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "operations", idempotent: false)
  package static let getBreach = AccessPolicy(
    anyone: false,
    roles: [.operator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "operations", idempotent: true)
  package static let listBreaches = AccessPolicy(
    anyone: false,
    roles: [.operator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "operations", idempotent: true)
  package static let listBreachNotices = AccessPolicy(
    anyone: false,
    roles: [.privacyOfficer, .administrator, .auditor],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "operations", idempotent: true)
  package static let acknowledgeBreachNotice = AccessPolicy(
    anyone: false,
    roles: [.privacyOfficer],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "operations", idempotent: true)
}

/// Personal data breaches (clause 39; GDPR Art. 33 and 34). The platform's operators keep the
/// register; every affected organisation is told in the transaction in which it becomes affected,
/// and sees what concerns it, and nothing of another one. These methods go before everything else:
/// they have database connections of their own, and nothing slows them down.
package protocol BreachServiceHandler: Sendable {
  /// Reports that data may have leaked. What is said is for the operators' eyes; the organisation's
  /// privacy officer is told at once that there is a report. RESOURCE_EXHAUSTED, with the address
  /// for data leaks, after 5 of one person within a day, and while nobody has looked at 20 of the
  /// organisation's.
  func reportBreach(
    _ request: PrivacyReportBreachRequest, _ call: Call
  ) async throws -> PrivacyReportBreachResponse

  /// Enters a breach that operators know of, and tells the affected organisations.
  func registerBreach(
    _ request: PrivacyRegisterBreachRequest, _ call: Call
  ) async throws -> PrivacyBreach

  /// Replaces what is known of it, and tells organisations that turn out to be affected; those that
  /// were told see it anew. ABORTED if `expected_revision` is not the breach's: read it again.
  func updateBreach(
    _ request: PrivacyUpdateBreachRequest, _ call: Call
  ) async throws -> PrivacyBreach

  /// Adds an effect, a measure or a note. What was added stays as it is (Art. 33(5)).
  func addBreachEntry(
    _ request: PrivacyAddBreachEntryRequest, _ call: Call
  ) async throws -> PrivacyBreach

  /// Records that the supervisory authority was notified. After 72 hours it takes the reason for the
  /// delay (Art. 33(1)). Once recorded, it stays.
  func recordAuthorityNotice(
    _ request: PrivacyRecordAuthorityNoticeRequest, _ call: Call
  ) async throws -> PrivacyBreach

  /// Closes it; FAILED_PRECONDITION as long as what Art. 33(3) asks for is missing, or neither the
  /// authority was notified nor a reason is given why there is no risk (Art. 33(1)).
  func closeBreach(
    _ request: PrivacyCloseBreachRequest, _ call: Call
  ) async throws -> PrivacyBreach

  func getBreach(
    _ request: PrivacyGetBreachRequest, _ call: Call
  ) async throws -> PrivacyBreach

  /// The open ones first, among them that whose 72 hours end first; without entries. Of reports that
  /// nobody has looked at, each organisation's first comes before anybody's second.
  func listBreaches(
    _ request: PrivacyListBreachesRequest, _ call: Call
  ) async throws -> PrivacyListBreachesResponse

  /// What the caller's organisation was told: what is not acknowledged first, then the latest.
  func listBreachNotices(
    _ request: PrivacyListBreachNoticesRequest, _ call: Call
  ) async throws -> PrivacyListBreachNoticesResponse

  /// The officer has read it, as it stands at `revision`.
  func acknowledgeBreachNotice(
    _ request: PrivacyAcknowledgeBreachNoticeRequest, _ call: Call
  ) async throws -> PrivacyBreachNotice
}

extension BreachServiceHandler {
  /// Every method with its policy, for the server; nothing is read of a call before the
  /// guard has admitted it.
  package func methods(_ accessGuard: AccessGuard) -> [RPCMethod] {
    [
      RPCMethod.unary(
        BreachServiceMethods.reportBreach,
        admit: { try await accessGuard.admit($0, BreachServicePolicies.reportBreach) },
        reportBreach),
      RPCMethod.unary(
        BreachServiceMethods.registerBreach,
        admit: { try await accessGuard.admit($0, BreachServicePolicies.registerBreach) },
        registerBreach),
      RPCMethod.unary(
        BreachServiceMethods.updateBreach,
        admit: { try await accessGuard.admit($0, BreachServicePolicies.updateBreach) },
        updateBreach),
      RPCMethod.unary(
        BreachServiceMethods.addBreachEntry,
        admit: { try await accessGuard.admit($0, BreachServicePolicies.addBreachEntry) },
        addBreachEntry),
      RPCMethod.unary(
        BreachServiceMethods.recordAuthorityNotice,
        admit: { try await accessGuard.admit($0, BreachServicePolicies.recordAuthorityNotice) },
        recordAuthorityNotice),
      RPCMethod.unary(
        BreachServiceMethods.closeBreach,
        admit: { try await accessGuard.admit($0, BreachServicePolicies.closeBreach) },
        closeBreach),
      RPCMethod.unary(
        BreachServiceMethods.getBreach,
        admit: { try await accessGuard.admit($0, BreachServicePolicies.getBreach) },
        getBreach),
      RPCMethod.unary(
        BreachServiceMethods.listBreaches,
        admit: { try await accessGuard.admit($0, BreachServicePolicies.listBreaches) },
        listBreaches),
      RPCMethod.unary(
        BreachServiceMethods.listBreachNotices,
        admit: { try await accessGuard.admit($0, BreachServicePolicies.listBreachNotices) },
        listBreachNotices),
      RPCMethod.unary(
        BreachServiceMethods.acknowledgeBreachNotice,
        admit: { try await accessGuard.admit($0, BreachServicePolicies.acknowledgeBreachNotice) },
        acknowledgeBreachNotice),
    ]
  }
}

/// Calls `ikso.privacy.v1.BreachService`.
package struct BreachServiceClient: Sendable {
  private let client: RPCClient

  package init(_ client: RPCClient) { self.client = client }

  /// Reports that data may have leaked. What is said is for the operators' eyes; the organisation's
  /// privacy officer is told at once that there is a report. RESOURCE_EXHAUSTED, with the address
  /// for data leaks, after 5 of one person within a day, and while nobody has looked at 20 of the
  /// organisation's.
  package func reportBreach(
    _ request: PrivacyReportBreachRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyReportBreachResponse {
    try await client.unary(
      BreachServiceMethods.reportBreach, request, options,
      as: PrivacyReportBreachResponse.self)
  }

  /// Enters a breach that operators know of, and tells the affected organisations.
  package func registerBreach(
    _ request: PrivacyRegisterBreachRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyBreach {
    try await client.unary(
      BreachServiceMethods.registerBreach, request, options,
      as: PrivacyBreach.self)
  }

  /// Replaces what is known of it, and tells organisations that turn out to be affected; those that
  /// were told see it anew. ABORTED if `expected_revision` is not the breach's: read it again.
  package func updateBreach(
    _ request: PrivacyUpdateBreachRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyBreach {
    try await client.unary(
      BreachServiceMethods.updateBreach, request, options,
      as: PrivacyBreach.self)
  }

  /// Adds an effect, a measure or a note. What was added stays as it is (Art. 33(5)).
  package func addBreachEntry(
    _ request: PrivacyAddBreachEntryRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyBreach {
    try await client.unary(
      BreachServiceMethods.addBreachEntry, request, options,
      as: PrivacyBreach.self)
  }

  /// Records that the supervisory authority was notified. After 72 hours it takes the reason for the
  /// delay (Art. 33(1)). Once recorded, it stays.
  package func recordAuthorityNotice(
    _ request: PrivacyRecordAuthorityNoticeRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyBreach {
    try await client.unary(
      BreachServiceMethods.recordAuthorityNotice, request, options,
      as: PrivacyBreach.self)
  }

  /// Closes it; FAILED_PRECONDITION as long as what Art. 33(3) asks for is missing, or neither the
  /// authority was notified nor a reason is given why there is no risk (Art. 33(1)).
  package func closeBreach(
    _ request: PrivacyCloseBreachRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyBreach {
    try await client.unary(
      BreachServiceMethods.closeBreach, request, options,
      as: PrivacyBreach.self)
  }

  package func getBreach(
    _ request: PrivacyGetBreachRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyBreach {
    try await client.unary(
      BreachServiceMethods.getBreach, request, options,
      as: PrivacyBreach.self)
  }

  /// The open ones first, among them that whose 72 hours end first; without entries. Of reports that
  /// nobody has looked at, each organisation's first comes before anybody's second.
  package func listBreaches(
    _ request: PrivacyListBreachesRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyListBreachesResponse {
    try await client.unary(
      BreachServiceMethods.listBreaches, request, options,
      as: PrivacyListBreachesResponse.self)
  }

  /// What the caller's organisation was told: what is not acknowledged first, then the latest.
  package func listBreachNotices(
    _ request: PrivacyListBreachNoticesRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyListBreachNoticesResponse {
    try await client.unary(
      BreachServiceMethods.listBreachNotices, request, options,
      as: PrivacyListBreachNoticesResponse.self)
  }

  /// The officer has read it, as it stands at `revision`.
  package func acknowledgeBreachNotice(
    _ request: PrivacyAcknowledgeBreachNoticeRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyBreachNotice {
    try await client.unary(
      BreachServiceMethods.acknowledgeBreachNotice, request, options,
      as: PrivacyBreachNotice.self)
  }
}
