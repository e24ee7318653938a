// Generated from ikso/privacy/v1/consent.proto by protoc-gen-ikso.
// Don't edit; run Schemas/generate.

package import Access
package import RPC

/// The methods of `ikso.privacy.v1.ConsentService`.
package enum ConsentServiceMethods {
  package static let giveConsent = MethodDescriptor(
    service: "ikso.privacy.v1.ConsentService", name: "GiveConsent",
    kind: .unary, idempotent: true)
  package static let withdrawConsent = MethodDescriptor(
    service: "ikso.privacy.v1.ConsentService", name: "WithdrawConsent",
    kind: .unary, idempotent: true)
  package static let listConsents = MethodDescriptor(
    service: "ikso.privacy.v1.ConsentService", name: "ListConsents",
    kind: .unary, idempotent: true, hasNoSideEffects: true)
  package static let freezePurposes = MethodDescriptor(
    service: "ikso.privacy.v1.ConsentService", name: "FreezePurposes",
    kind: .unary, idempotent: true)
  package static let releaseFreeze = MethodDescriptor(
    service: "ikso.privacy.v1.ConsentService", name: "ReleaseFreeze",
    kind: .unary, idempotent: true)
  package static let listFreezes = MethodDescriptor(
    service: "ikso.privacy.v1.ConsentService", name: "ListFreezes",
    kind: .unary, idempotent: true, hasNoSideEffects: true)
  package static let instructPurpose = MethodDescriptor(
    service: "ikso.privacy.v1.ConsentService", name: "InstructPurpose",
    kind: .unary, idempotent: true)
  package static let withdrawInstruction = MethodDescriptor(
    service: "ikso.privacy.v1.ConsentService", name: "WithdrawInstruction",
    kind: .unary, idempotent: true)
  package static let listInstructions = MethodDescriptor(
    service: "ikso.privacy.v1.ConsentService", name: "ListInstructions",
    kind: .unary, idempotent: true, hasNoSideEffects: true)

  package static let all: [(MethodDescriptor, AccessPolicy)] = [
    (giveConsent, ConsentServicePolicies.giveConsent),
    (withdrawConsent, ConsentServicePolicies.withdrawConsent),
    (listConsents, ConsentServicePolicies.listConsents),
    (freezePurposes, ConsentServicePolicies.freezePurposes),
    (releaseFreeze, ConsentServicePolicies.releaseFreeze),
    (listFreezes, ConsentServicePolicies.listFreezes),
    (instructPurpose, ConsentServicePolicies.instructPurpose),
    (withdrawInstruction, ConsentServicePolicies.withdrawInstruction),
    (listInstructions, ConsentServicePolicies.listInstructions),
  ]
}

/// Who may call the methods of `ikso.privacy.v1.ConsentService`, and what for.
package enum ConsentServicePolicies {
  package static let giveConsent = AccessPolicy(
    anyone: false,
    roles: [.participant, .coach, .manager, .administrator, .privacyOfficer, .auditor],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "privacy-requests", idempotent: true)
  package static let withdrawConsent = AccessPolicy(
    anyone: false,
    roles: [.participant, .coach, .manager, .administrator, .privacyOfficer, .auditor],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "privacy-requests", idempotent: true)
  package static let listConsents = AccessPolicy(
    anyone: false,
    roles: [.participant, .coach, .manager, .administrator, .privacyOfficer, .auditor],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "privacy-requests", idempotent: true)
  package static let freezePurposes = AccessPolicy(
    anyone: false,
    roles: [.privacyOfficer],
    services: [],
    maximumAuthenticationAge: .seconds(900),
    purpose: "privacy-requests", idempotent: true)
  package static let releaseFreeze = AccessPolicy(
    anyone: false,
    roles: [.privacyOfficer],
    services: [],
    maximumAuthenticationAge: .seconds(900),
    purpose: "privacy-requests", idempotent: true)
  package static let listFreezes = AccessPolicy(
    anyone: false,
    roles: [.privacyOfficer, .auditor],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "privacy-requests", idempotent: true)
  package static let instructPurpose = AccessPolicy(
    anyone: false,
    roles: [.privacyOfficer],
    services: [],
    maximumAuthenticationAge: .seconds(900),
    purpose: "contract", idempotent: true)
  package static let withdrawInstruction = AccessPolicy(
    anyone: false,
    roles: [.privacyOfficer],
    services: [],
    maximumAuthenticationAge: .seconds(900),
    purpose: "contract", idempotent: true)
  package static let listInstructions = AccessPolicy(
    anyone: false,
    roles: [.privacyOfficer, .administrator, .auditor],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "contract", idempotent: true)
}

/// What a person consents to and withdraws, what is frozen for them, and what the organisation
/// instructs (clauses 10, 11, 13, 34). Whatever changes here holds in every service within 60 s:
/// calls for the purpose are then PERMISSION_DENIED, PURPOSE_FROZEN, PURPOSE_NOT_INSTRUCTED or
/// CONSENT_MISSING.
package protocol ConsentServiceHandler: Sendable {
  /// The caller consents, having seen the current statement: FAILED_PRECONDITION, naming the current
  /// version, if another one is named. For a purpose that needs consent, and for one that the caller
  /// withdrew from before. Consenting again to the same version gives the first answer.
  func giveConsent(
    _ request: PrivacyGiveConsentRequest, _ call: Call
  ) async throws -> PrivacyConsentReceipt

  /// The caller withdraws from a purpose: it stops for them at once, whatever its ground. From then
  /// on consent counts no more; a purpose of another ground is frozen until the Authorised Person
  /// decides or the caller consents again. Withdrawing again gives the first answer.
  func withdrawConsent(
    _ request: PrivacyWithdrawConsentRequest, _ call: Call
  ) async throws -> PrivacyConsentReceipt

  /// How the purposes stand for the caller, and the receipts of what they gave and withdrew.
  func listConsents(
    _ request: PrivacyListConsentsRequest, _ call: Call
  ) async throws -> PrivacyListConsentsResponse

  /// Stops purposes for a person. A restriction (GDPR Art. 18) stops all that can be stopped,
  /// whichever are named. What is frozen for the same reason stays as it is.
  func freezePurposes(
    _ request: PrivacyFreezePurposesRequest, _ call: Call
  ) async throws -> PrivacyFreezePurposesResponse

  /// Ends one freeze. The purpose goes on for the person when no other one is in force.
  func releaseFreeze(
    _ request: PrivacyReleaseFreezeRequest, _ call: Call
  ) async throws -> PrivacyFreeze

  /// Freezes in force and ended, the newest first.
  func listFreezes(
    _ request: PrivacyListFreezesRequest, _ call: Call
  ) async throws -> PrivacyListFreezesResponse

  /// The organisation instructs a purpose (GDPR Art. 28(3)(a)). The same instruction once more gives
  /// the first answer.
  func instructPurpose(
    _ request: PrivacyInstructPurposeRequest, _ call: Call
  ) async throws -> PrivacyInstruction

  /// The organisation withdraws its instruction: the purpose stops for everybody in it.
  func withdrawInstruction(
    _ request: PrivacyWithdrawInstructionRequest, _ call: Call
  ) async throws -> PrivacyInstruction

  /// How each purpose stands for the organisation, and what it instructed so far.
  func listInstructions(
    _ request: PrivacyListInstructionsRequest, _ call: Call
  ) async throws -> PrivacyListInstructionsResponse
}

extension ConsentServiceHandler {
  /// Every method with its policy, for the server; nothing is read of a call before the
  /// guard has admitted it.
  package func methods(_ accessGuard: AccessGuard) -> [RPCMethod] {
    [
      RPCMethod.unary(
        ConsentServiceMethods.giveConsent,
        admit: { try await accessGuard.admit($0, ConsentServicePolicies.giveConsent) },
        giveConsent),
      RPCMethod.unary(
        ConsentServiceMethods.withdrawConsent,
        admit: { try await accessGuard.admit($0, ConsentServicePolicies.withdrawConsent) },
        withdrawConsent),
      RPCMethod.unary(
        ConsentServiceMethods.listConsents,
        admit: { try await accessGuard.admit($0, ConsentServicePolicies.listConsents) },
        listConsents),
      RPCMethod.unary(
        ConsentServiceMethods.freezePurposes,
        admit: { try await accessGuard.admit($0, ConsentServicePolicies.freezePurposes) },
        freezePurposes),
      RPCMethod.unary(
        ConsentServiceMethods.releaseFreeze,
        admit: { try await accessGuard.admit($0, ConsentServicePolicies.releaseFreeze) },
        releaseFreeze),
      RPCMethod.unary(
        ConsentServiceMethods.listFreezes,
        admit: { try await accessGuard.admit($0, ConsentServicePolicies.listFreezes) },
        listFreezes),
      RPCMethod.unary(
        ConsentServiceMethods.instructPurpose,
        admit: { try await accessGuard.admit($0, ConsentServicePolicies.instructPurpose) },
        instructPurpose),
      RPCMethod.unary(
        ConsentServiceMethods.withdrawInstruction,
        admit: { try await accessGuard.admit($0, ConsentServicePolicies.withdrawInstruction) },
        withdrawInstruction),
      RPCMethod.unary(
        ConsentServiceMethods.listInstructions,
        admit: { try await accessGuard.admit($0, ConsentServicePolicies.listInstructions) },
        listInstructions),
    ]
  }
}

/// Calls `ikso.privacy.v1.ConsentService`.
package struct ConsentServiceClient: Sendable {
  private let client: RPCClient

  package init(_ client: RPCClient) { self.client = client }

  /// The caller consents, having seen the current statement: FAILED_PRECONDITION, naming the current
  /// version, if another one is named. For a purpose that needs consent, and for one that the caller
  /// withdrew from before. Consenting again to the same version gives the first answer.
  package func giveConsent(
    _ request: PrivacyGiveConsentRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyConsentReceipt {
    try await client.unary(
      ConsentServiceMethods.giveConsent, request, options,
      as: PrivacyConsentReceipt.self)
  }

  /// The caller withdraws from a purpose: it stops for them at once, whatever its ground. From then
  /// on consent counts no more; a purpose of another ground is frozen until the Authorised Person
  /// decides or the caller consents again. Withdrawing again gives the first answer.
  package func withdrawConsent(
    _ request: PrivacyWithdrawConsentRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyConsentReceipt {
    try await client.unary(
      ConsentServiceMethods.withdrawConsent, request, options,
      as: PrivacyConsentReceipt.self)
  }

  /// How the purposes stand for the caller, and the receipts of what they gave and withdrew.
  package func listConsents(
    _ request: PrivacyListConsentsRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyListConsentsResponse {
    try await client.unary(
      ConsentServiceMethods.listConsents, request, options,
      as: PrivacyListConsentsResponse.self)
  }

  /// Stops purposes for a person. A restriction (GDPR Art. 18) stops all that can be stopped,
  /// whichever are named. What is frozen for the same reason stays as it is.
  package func freezePurposes(
    _ request: PrivacyFreezePurposesRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyFreezePurposesResponse {
    try await client.unary(
      ConsentServiceMethods.freezePurposes, request, options,
      as: PrivacyFreezePurposesResponse.self)
  }

  /// Ends one freeze. The purpose goes on for the person when no other one is in force.
  package func releaseFreeze(
    _ request: PrivacyReleaseFreezeRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyFreeze {
    try await client.unary(
      ConsentServiceMethods.releaseFreeze, request, options,
      as: PrivacyFreeze.self)
  }

  /// Freezes in force and ended, the newest first.
  package func listFreezes(
    _ request: PrivacyListFreezesRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyListFreezesResponse {
    try await client.unary(
      ConsentServiceMethods.listFreezes, request, options,
      as: PrivacyListFreezesResponse.self)
  }

  /// The organisation instructs a purpose (GDPR Art. 28(3)(a)). The same instruction once more gives
  /// the first answer.
  package func instructPurpose(
    _ request: PrivacyInstructPurposeRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyInstruction {
    try await client.unary(
      ConsentServiceMethods.instructPurpose, request, options,
      as: PrivacyInstruction.self)
  }

  /// The organisation withdraws its instruction: the purpose stops for everybody in it.
  package func withdrawInstruction(
    _ request: PrivacyWithdrawInstructionRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyInstruction {
    try await client.unary(
      ConsentServiceMethods.withdrawInstruction, request, options,
      as: PrivacyInstruction.self)
  }

  /// How each purpose stands for the organisation, and what it instructed so far.
  package func listInstructions(
    _ request: PrivacyListInstructionsRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyListInstructionsResponse {
    try await client.unary(
      ConsentServiceMethods.listInstructions, request, options,
      as: PrivacyListInstructionsResponse.self)
  }
}
