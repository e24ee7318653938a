// Generated from ikso/privacy/v1/register.proto by protoc-gen-ikso.
// Don't edit; run Schemas/generate.

package import Access
package import RPC

/// The methods of `ikso.privacy.v1.RegisterService`.
package enum RegisterServiceMethods {
  package static let announceSubProcessor = MethodDescriptor(
    service: "ikso.privacy.v1.RegisterService", name: "AnnounceSubProcessor",
    kind: .unary, idempotent: false)
  package static let endSubProcessor = MethodDescriptor(
    service: "ikso.privacy.v1.RegisterService", name: "EndSubProcessor",
    kind: .unary, idempotent: true)
  package static let listSubProcessors = MethodDescriptor(
    service: "ikso.privacy.v1.RegisterService", name: "ListSubProcessors",
    kind: .unary, idempotent: true, hasNoSideEffects: true)
  package static let objectToSubProcessor = MethodDescriptor(
    service: "ikso.privacy.v1.RegisterService", name: "ObjectToSubProcessor",
    kind: .unary, idempotent: true)
  package static let listSubProcessorObjections = MethodDescriptor(
    service: "ikso.privacy.v1.RegisterService", name: "ListSubProcessorObjections",
    kind: .unary, idempotent: true, hasNoSideEffects: true)
  package static let recordTransfer = MethodDescriptor(
    service: "ikso.privacy.v1.RegisterService", name: "RecordTransfer",
    kind: .unary, idempotent: false)
  package static let endTransfer = MethodDescriptor(
    service: "ikso.privacy.v1.RegisterService", name: "EndTransfer",
    kind: .unary, idempotent: true)
  package static let listTransfers = MethodDescriptor(
    service: "ikso.privacy.v1.RegisterService", name: "ListTransfers",
    kind: .unary, idempotent: true, hasNoSideEffects: true)
  package static let listAdequacyDecisions = MethodDescriptor(
    service: "ikso.privacy.v1.RegisterService", name: "ListAdequacyDecisions",
    kind: .unary, idempotent: true, hasNoSideEffects: true)
  package static let instructStorage = MethodDescriptor(
    service: "ikso.privacy.v1.RegisterService", name: "InstructStorage",
    kind: .unary, idempotent: true)
  package static let recordStorageLocation = MethodDescriptor(
    service: "ikso.privacy.v1.RegisterService", name: "RecordStorageLocation",
    kind: .unary, idempotent: false)
  package static let endStorageLocation = MethodDescriptor(
    service: "ikso.privacy.v1.RegisterService", name: "EndStorageLocation",
    kind: .unary, idempotent: true)
  package static let listStorageLocations = MethodDescriptor(
    service: "ikso.privacy.v1.RegisterService", name: "ListStorageLocations",
    kind: .unary, idempotent: true, hasNoSideEffects: true)
  package static let recordLegalDemand = MethodDescriptor(
    service: "ikso.privacy.v1.RegisterService", name: "RecordLegalDemand",
    kind: .unary, idempotent: false)
  package static let recordDisclosure = MethodDescriptor(
    service: "ikso.privacy.v1.RegisterService", name: "RecordDisclosure",
    kind: .unary, idempotent: false)
  package static let listLegalDemands = MethodDescriptor(
    service: "ikso.privacy.v1.RegisterService", name: "ListLegalDemands",
    kind: .unary, idempotent: true, hasNoSideEffects: true)
  package static let recordCollector = MethodDescriptor(
    service: "ikso.privacy.v1.RegisterService", name: "RecordCollector",
    kind: .unary, idempotent: false)
  package static let endCollector = MethodDescriptor(
    service: "ikso.privacy.v1.RegisterService", name: "EndCollector",
    kind: .unary, idempotent: true)
  package static let listCollectors = MethodDescriptor(
    service: "ikso.privacy.v1.RegisterService", name: "ListCollectors",
    kind: .unary, idempotent: true, hasNoSideEffects: true)
  package static let setCookie = MethodDescriptor(
    service: "ikso.privacy.v1.RegisterService", name: "SetCookie",
    kind: .unary, idempotent: true)
  package static let removeCookie = MethodDescriptor(
    service: "ikso.privacy.v1.RegisterService", name: "RemoveCookie",
    kind: .unary, idempotent: true)
  package static let getCookiePage = MethodDescriptor(
    service: "ikso.privacy.v1.RegisterService", name: "GetCookiePage",
    kind: .unary, idempotent: true, hasNoSideEffects: true)
  package static let getContacts = MethodDescriptor(
    service: "ikso.privacy.v1.RegisterService", name: "GetContacts",
    kind: .unary, idempotent: true, hasNoSideEffects: true)

  package static let all: [(MethodDescriptor, AccessPolicy)] = [
    (announceSubProcessor, RegisterServicePolicies.announceSubProcessor),
    (endSubProcessor, RegisterServicePolicies.endSubProcessor),
    (listSubProcessors, RegisterServicePolicies.listSubProcessors),
    (objectToSubProcessor, RegisterServicePolicies.objectToSubProcessor),
    (listSubProcessorObjections, RegisterServicePolicies.listSubProcessorObjections),
    (recordTransfer, RegisterServicePolicies.recordTransfer),
    (endTransfer, RegisterServicePolicies.endTransfer),
    (listTransfers, RegisterServicePolicies.listTransfers),
    (listAdequacyDecisions, RegisterServicePolicies.listAdequacyDecisions),
    (instructStorage, RegisterServicePolicies.instructStorage),
    (recordStorageLocation, RegisterServicePolicies.recordStorageLocation),
    (endStorageLocation, RegisterServicePolicies.endStorageLocation),
    (listStorageLocations, RegisterServicePolicies.listStorageLocations),
    (recordLegalDemand, RegisterServicePolicies.recordLegalDemand),
    (recordDisclosure, RegisterServicePolicies.recordDisclosure),
    (listLegalDemands, RegisterServicePolicies.listLegalDemands),
    (recordCollector, RegisterServicePolicies.recordCollector),
    (endCollector, RegisterServicePolicies.endCollector),
    (listCollectors, RegisterServicePolicies.listCollectors),
    (setCookie, RegisterServicePolicies.setCookie),
    (removeCookie, RegisterServicePolicies.removeCookie),
    (getCookiePage, RegisterServicePolicies.getCookiePage),
    (getContacts, RegisterServicePolicies.getContacts),
  ]
}

/// Who may call the methods of `ikso.privacy.v1.RegisterService`, and what for.
package enum RegisterServicePolicies {
  package static let announceSubProcessor = AccessPolicy(
    anyone: false,
    roles: [.operator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "information", idempotent: false, takesIdempotencyKey: true)
  package static let endSubProcessor = AccessPolicy(
    anyone: false,
    roles: [.operator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "information", idempotent: true)
  package static let listSubProcessors = AccessPolicy(
    anyone: false,
    roles: [.participant, .coach, .manager, .administrator, .privacyOfficer, .auditor, .operator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "information", idempotent: true)
  package static let objectToSubProcessor = AccessPolicy(
    anyone: false,
    roles: [.privacyOfficer],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "information", idempotent: true)
  package static let listSubProcessorObjections = AccessPolicy(
    anyone: false,
    roles: [.operator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "information", idempotent: true)
  package static let recordTransfer = AccessPolicy(
    anyone: false,
    roles: [.operator, .privacyOfficer],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "information", idempotent: false, takesIdempotencyKey: true)
  package static let endTransfer = AccessPolicy(
    anyone: false,
    roles: [.operator, .privacyOfficer],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "information", idempotent: true)
  package static let listTransfers = AccessPolicy(
    anyone: false,
    roles: [.participant, .coach, .manager, .administrator, .privacyOfficer, .auditor, .operator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "information", idempotent: true)
  package static let listAdequacyDecisions = AccessPolicy(
    anyone: true,
    roles: [],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "information", idempotent: true)
  package static let instructStorage = AccessPolicy(
    anyone: false,
    roles: [.privacyOfficer],
    services: [],
    maximumAuthenticationAge: .seconds(900),
    purpose: "information", idempotent: true)
  package static let recordStorageLocation = AccessPolicy(
    anyone: false,
    roles: [.operator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "information", idempotent: false, takesIdempotencyKey: true)
  package static let endStorageLocation = AccessPolicy(
    anyone: false,
    roles: [.operator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "information", idempotent: true)
  package static let listStorageLocations = AccessPolicy(
    anyone: false,
    roles: [.participant, .coach, .manager, .administrator, .privacyOfficer, .auditor, .operator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "information", idempotent: true)
  package static let recordLegalDemand = AccessPolicy(
    anyone: false,
    roles: [.operator, .privacyOfficer],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "privacy-requests", idempotent: false, takesIdempotencyKey: true)
  package static let recordDisclosure = AccessPolicy(
    anyone: false,
    roles: [.operator, .privacyOfficer],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "privacy-requests", idempotent: false, takesIdempotencyKey: true)
  package static let listLegalDemands = AccessPolicy(
    anyone: false,
    roles: [.operator, .privacyOfficer, .auditor],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "privacy-requests", idempotent: true)
  package static let recordCollector = AccessPolicy(
    anyone: false,
    roles: [.operator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "contract", idempotent: false, takesIdempotencyKey: true)
  package static let endCollector = AccessPolicy(
    anyone: false,
    roles: [.operator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "contract", idempotent: true)
  package static let listCollectors = AccessPolicy(
    anyone: false,
    roles: [.operator, .administrator, .privacyOfficer, .auditor],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "contract", idempotent: true)
  package static let setCookie = AccessPolicy(
    anyone: false,
    roles: [.operator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "information", idempotent: true)
  package static let removeCookie = AccessPolicy(
    anyone: false,
    roles: [.operator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "information", idempotent: true)
  package static let getCookiePage = AccessPolicy(
    anyone: true,
    roles: [],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "information", idempotent: true)
  package static let getContacts = AccessPolicy(
    anyone: true,
    roles: [],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "information", idempotent: true)
}

/// The registers that the law and the statement ask for: who else processes the data, where they
/// are, on what ground they leave the EU, who demanded them. Operators write the platform's, an
/// organisation's privacy officer its own; everyone signed in reads what concerns them.
///
/// Countries are ISO 3166-1 alpha-2 codes; days are as in "2026-11-23".
package protocol RegisterServiceHandler: Sendable {
  /// Announces a new sub-processor, or with its id a change of one that is known (clause 30). Every
  /// organisation has the notice at once, and it is in force after the objection period at the
  /// earliest.
  func announceSubProcessor(
    _ request: PrivacyAnnounceSubProcessorRequest, _ call: Call
  ) async throws -> PrivacySubProcessor

  /// Ends it: of all versions, from now on.
  func endSubProcessor(
    _ request: PrivacyEndSubProcessorRequest, _ call: Call
  ) async throws -> PrivacyEndSubProcessorResponse

  /// Every version that was announced, the latest first: the notices, those that were ended too.
  func listSubProcessors(
    _ request: PrivacyListSubProcessorsRequest, _ call: Call
  ) async throws -> PrivacyListSubProcessorsResponse

  /// Objects in the organisation's name. FAILED_PRECONDITION once the period has passed.
  func objectToSubProcessor(
    _ request: PrivacyObjectToSubProcessorRequest, _ call: Call
  ) async throws -> PrivacySubProcessorObjection

  /// Objections of all organisations, the latest first.
  func listSubProcessorObjections(
    _ request: PrivacyListSubProcessorObjectionsRequest, _ call: Call
  ) async throws -> PrivacyListSubProcessorObjectionsResponse

  /// Records that data go to a country outside the EEA (clause 32). Without a mechanism that holds,
  /// it is refused: INVALID_ARGUMENT says why.
  func recordTransfer(
    _ request: PrivacyRecordTransferRequest, _ call: Call
  ) async throws -> PrivacyTransfer

  func endTransfer(
    _ request: PrivacyEndTransferRequest, _ call: Call
  ) async throws -> PrivacyTransfer

  /// Those of the platform and of the caller's own organisation, the latest first.
  func listTransfers(
    _ request: PrivacyListTransfersRequest, _ call: Call
  ) async throws -> PrivacyListTransfersResponse

  /// The Commission's adequacy decisions (GDPR Art. 45) that transfers are checked against.
  func listAdequacyDecisions(
    _ request: PrivacyListAdequacyDecisionsRequest, _ call: Call
  ) async throws -> PrivacyListAdequacyDecisionsResponse

  /// Instructs in which EU countries, besides the Netherlands, the organisation's data may lie
  /// (clause 31); replaces what was instructed before. FAILED_PRECONDITION while data lie in one
  /// that would no longer be allowed.
  func instructStorage(
    _ request: PrivacyInstructStorageRequest, _ call: Call
  ) async throws -> PrivacyStorageInstruction

  /// Records where data, backups or keys lie. INVALID_ARGUMENT for a country that is not allowed:
  /// the Netherlands are, and for one organisation the EU countries that it instructed.
  func recordStorageLocation(
    _ request: PrivacyRecordStorageLocationRequest, _ call: Call
  ) async throws -> PrivacyStorageLocation

  func endStorageLocation(
    _ request: PrivacyEndStorageLocationRequest, _ call: Call
  ) async throws -> PrivacyStorageLocation

  /// Those of the platform and of the caller's own organisation, with what it instructed.
  func listStorageLocations(
    _ request: PrivacyListStorageLocationsRequest, _ call: Call
  ) async throws -> PrivacyListStorageLocationsResponse

  /// Records that an authority demands data (clause 12d).
  func recordLegalDemand(
    _ request: PrivacyRecordLegalDemandRequest, _ call: Call
  ) async throws -> PrivacyLegalDemand

  /// Logs what was disclosed for a demand, and on what ground; it can be neither changed nor taken
  /// back.
  func recordDisclosure(
    _ request: PrivacyRecordDisclosureRequest, _ call: Call
  ) async throws -> PrivacyLegalDemand

  /// Of one organisation, or of the platform, the latest first, each with its disclosures.
  func listLegalDemands(
    _ request: PrivacyListLegalDemandsRequest, _ call: Call
  ) async throws -> PrivacyListLegalDemandsResponse

  /// Records who collects debts of an organisation for IKSO, as a recipient of its billing contacts
  /// and of nothing else (clause 12g).
  func recordCollector(
    _ request: PrivacyRecordCollectorRequest, _ call: Call
  ) async throws -> PrivacyCollector

  func endCollector(
    _ request: PrivacyEndCollectorRequest, _ call: Call
  ) async throws -> PrivacyCollector

  func listCollectors(
    _ request: PrivacyListCollectorsRequest, _ call: Call
  ) async throws -> PrivacyListCollectorsResponse

  /// Puts a cookie into the register, or replaces the one of that name (clause 19).
  func setCookie(
    _ request: PrivacySetCookieRequest, _ call: Call
  ) async throws -> PrivacyCookie

  func removeCookie(
    _ request: PrivacyRemoveCookieRequest, _ call: Call
  ) async throws -> PrivacyRemoveCookieResponse

  /// The register as a page, and the cookies that may be set: the necessary ones, and the others
  /// only if the visitor has consented.
  func getCookiePage(
    _ request: PrivacyGetCookiePageRequest, _ call: Call
  ) async throws -> PrivacyCookiePage

  /// Whom one can turn to: the data protection officer, the supervisory authority, the address for
  /// data leaks (clauses 39, 44 and 47). They are settings of the service.
  func getContacts(
    _ request: PrivacyGetContactsRequest, _ call: Call
  ) async throws -> PrivacyContacts
}

extension RegisterServiceHandler {
  /// Every method with its policy, for the server; nothing is read of a call before the
  /// guard has admitted it.
  package func methods(_ accessGuard: AccessGuard) -> [RPCMethod] {
    [
      RPCMethod.unary(
        RegisterServiceMethods.announceSubProcessor,
        admit: { try await accessGuard.admit($0, RegisterServicePolicies.announceSubProcessor) },
        announceSubProcessor),
      RPCMethod.unary(
        RegisterServiceMethods.endSubProcessor,
        admit: { try await accessGuard.admit($0, RegisterServicePolicies.endSubProcessor) },
        endSubProcessor),
      RPCMethod.unary(
        RegisterServiceMethods.listSubProcessors,
        admit: { try await accessGuard.admit($0, RegisterServicePolicies.listSubProcessors) },
        listSubProcessors),
      RPCMethod.unary(
        RegisterServiceMethods.objectToSubProcessor,
        admit: { try await accessGuard.admit($0, RegisterServicePolicies.objectToSubProcessor) },
        objectToSubProcessor),
      RPCMethod.unary(
        RegisterServiceMethods.listSubProcessorObjections,
        admit: { try await accessGuard.admit($0, RegisterServicePolicies.listSubProcessorObjections) },
        listSubProcessorObjections),
      RPCMethod.unary(
        RegisterServiceMethods.recordTransfer,
        admit: { try await accessGuard.admit($0, RegisterServicePolicies.recordTransfer) },
        recordTransfer),
      RPCMethod.unary(
        RegisterServiceMethods.endTransfer,
        admit: { try await accessGuard.admit($0, RegisterServicePolicies.endTransfer) },
        endTransfer),
      RPCMethod.unary(
        RegisterServiceMethods.listTransfers,
        admit: { try await accessGuard.admit($0, RegisterServicePolicies.listTransfers) },
        listTransfers),
      RPCMethod.unary(
        RegisterServiceMethods.listAdequacyDecisions,
        admit: { try await accessGuard.admit($0, RegisterServicePolicies.listAdequacyDecisions) },
        listAdequacyDecisions),
      RPCMethod.unary(
        RegisterServiceMethods.instructStorage,
        admit: { try await accessGuard.admit($0, RegisterServicePolicies.instructStorage) },
        instructStorage),
      RPCMethod.unary(
        RegisterServiceMethods.recordStorageLocation,
        admit: { try await accessGuard.admit($0, RegisterServicePolicies.recordStorageLocation) },
        recordStorageLocation),
      RPCMethod.unary(
        RegisterServiceMethods.endStorageLocation,
        admit: { try await accessGuard.admit($0, RegisterServicePolicies.endStorageLocation) },
        endStorageLocation),
      RPCMethod.unary(
        RegisterServiceMethods.listStorageLocations,
        admit: { try await accessGuard.admit($0, RegisterServicePolicies.listStorageLocations) },
        listStorageLocations),
      RPCMethod.unary(
        RegisterServiceMethods.recordLegalDemand,
        admit: { try await accessGuard.admit($0, RegisterServicePolicies.recordLegalDemand) },
        recordLegalDemand),
      RPCMethod.unary(
        RegisterServiceMethods.recordDisclosure,
        admit: { try await accessGuard.admit($0, RegisterServicePolicies.recordDisclosure) },
        recordDisclosure),
      RPCMethod.unary(
        RegisterServiceMethods.listLegalDemands,
        admit: { try await accessGuard.admit($0, RegisterServicePolicies.listLegalDemands) },
        listLegalDemands),
      RPCMethod.unary(
        RegisterServiceMethods.recordCollector,
        admit: { try await accessGuard.admit($0, RegisterServicePolicies.recordCollector) },
        recordCollector),
      RPCMethod.unary(
        RegisterServiceMethods.endCollector,
        admit: { try await accessGuard.admit($0, RegisterServicePolicies.endCollector) },
        endCollector),
      RPCMethod.unary(
        RegisterServiceMethods.listCollectors,
        admit: { try await accessGuard.admit($0, RegisterServicePolicies.listCollectors) },
        listCollectors),
      RPCMethod.unary(
        RegisterServiceMethods.setCookie,
        admit: { try await accessGuard.admit($0, RegisterServicePolicies.setCookie) },
        setCookie),
      RPCMethod.unary(
        RegisterServiceMethods.removeCookie,
        admit: { try await accessGuard.admit($0, RegisterServicePolicies.removeCookie) },
        removeCookie),
      RPCMethod.unary(
        RegisterServiceMethods.getCookiePage,
        admit: { try await accessGuard.admit($0, RegisterServicePolicies.getCookiePage) },
        getCookiePage),
      RPCMethod.unary(
        RegisterServiceMethods.getContacts,
        admit: { try await accessGuard.admit($0, RegisterServicePolicies.getContacts) },
        getContacts),
    ]
  }
}

/// Calls `ikso.privacy.v1.RegisterService`.
package struct RegisterServiceClient: Sendable {
  private let client: RPCClient

  package init(_ client: RPCClient) { self.client = client }

  /// Announces a new sub-processor, or with its id a change of one that is known (clause 30). Every
  /// organisation has the notice at once, and it is in force after the objection period at the
  /// earliest.
  package func announceSubProcessor(
    _ request: PrivacyAnnounceSubProcessorRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacySubProcessor {
    try await client.unary(
      RegisterServiceMethods.announceSubProcessor, request, options,
      as: PrivacySubProcessor.self)
  }

  /// Ends it: of all versions, from now on.
  package func endSubProcessor(
    _ request: PrivacyEndSubProcessorRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyEndSubProcessorResponse {
    try await client.unary(
      RegisterServiceMethods.endSubProcessor, request, options,
      as: PrivacyEndSubProcessorResponse.self)
  }

  /// Every version that was announced, the latest first: the notices, those that were ended too.
  package func listSubProcessors(
    _ request: PrivacyListSubProcessorsRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyListSubProcessorsResponse {
    try await client.unary(
      RegisterServiceMethods.listSubProcessors, request, options,
      as: PrivacyListSubProcessorsResponse.self)
  }

  /// Objects in the organisation's name. FAILED_PRECONDITION once the period has passed.
  package func objectToSubProcessor(
    _ request: PrivacyObjectToSubProcessorRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacySubProcessorObjection {
    try await client.unary(
      RegisterServiceMethods.objectToSubProcessor, request, options,
      as: PrivacySubProcessorObjection.self)
  }

  /// Objections of all organisations, the latest first.
  package func listSubProcessorObjections(
    _ request: PrivacyListSubProcessorObjectionsRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyListSubProcessorObjectionsResponse {
    try await client.unary(
      RegisterServiceMethods.listSubProcessorObjections, request, options,
      as: PrivacyListSubProcessorObjectionsResponse.self)
  }

  /// Records that data go to a country outside the EEA (clause 32). Without a mechanism that holds,
  /// it is refused: INVALID_ARGUMENT says why.
  package func recordTransfer(
    _ request: PrivacyRecordTransferRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyTransfer {
    try await client.unary(
      RegisterServiceMethods.recordTransfer, request, options,
      as: PrivacyTransfer.self)
  }

  package func endTransfer(
    _ request: PrivacyEndTransferRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyTransfer {
    try await client.unary(
      RegisterServiceMethods.endTransfer, request, options,
      as: PrivacyTransfer.self)
  }

  /// Those of the platform and of the caller's own organisation, the latest first.
  package func listTransfers(
    _ request: PrivacyListTransfersRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyListTransfersResponse {
    try await client.unary(
      RegisterServiceMethods.listTransfers, request, options,
      as: PrivacyListTransfersResponse.self)
  }

  /// The Commission's adequacy decisions (GDPR Art. 45) that transfers are checked against.
  package func listAdequacyDecisions(
    _ request: PrivacyListAdequacyDecisionsRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyListAdequacyDecisionsResponse {
    try await client.unary(
      RegisterServiceMethods.listAdequacyDecisions, request, options,
      as: PrivacyListAdequacyDecisionsResponse.self)
  }

  /// Instructs in which EU countries, besides the Netherlands, the organisation's data may lie
  /// (clause 31); replaces what was instructed before. FAILED_PRECONDITION while data lie in one
  /// that would no longer be allowed.
  package func instructStorage(
    _ request: PrivacyInstructStorageRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyStorageInstruction {
    try await client.unary(
      RegisterServiceMethods.instructStorage, request, options,
      as: PrivacyStorageInstruction.self)
  }

  /// Records where data, backups or keys lie. INVALID_ARGUMENT for a country that is not allowed:
  /// the Netherlands are, and for one organisation the EU countries that it instructed.
  package func recordStorageLocation(
    _ request: PrivacyRecordStorageLocationRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyStorageLocation {
    try await client.unary(
      RegisterServiceMethods.recordStorageLocation, request, options,
      as: PrivacyStorageLocation.self)
  }

  package func endStorageLocation(
    _ request: PrivacyEndStorageLocationRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyStorageLocation {
    try await client.unary(
      RegisterServiceMethods.endStorageLocation, request, options,
      as: PrivacyStorageLocation.self)
  }

  /// Those of the platform and of the caller's own organisation, with what it instructed.
  package func listStorageLocations(
    _ request: PrivacyListStorageLocationsRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyListStorageLocationsResponse {
    try await client.unary(
      RegisterServiceMethods.listStorageLocations, request, options,
      as: PrivacyListStorageLocationsResponse.self)
  }

  /// Records that an authority demands data (clause 12d).
  package func recordLegalDemand(
    _ request: PrivacyRecordLegalDemandRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyLegalDemand {
    try await client.unary(
      RegisterServiceMethods.recordLegalDemand, request, options,
      as: PrivacyLegalDemand.self)
  }

  /// Logs what was disclosed for a demand, and on what ground; it can be neither changed nor taken
  /// back.
  package func recordDisclosure(
    _ request: PrivacyRecordDisclosureRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyLegalDemand {
    try await client.unary(
      RegisterServiceMethods.recordDisclosure, request, options,
      as: PrivacyLegalDemand.self)
  }

  /// Of one organisation, or of the platform, the latest first, each with its disclosures.
  package func listLegalDemands(
    _ request: PrivacyListLegalDemandsRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyListLegalDemandsResponse {
    try await client.unary(
      RegisterServiceMethods.listLegalDemands, request, options,
      as: PrivacyListLegalDemandsResponse.self)
  }

  /// Records who collects debts of an organisation for IKSO, as a recipient of its billing contacts
  /// and of nothing else (clause 12g).
  package func recordCollector(
    _ request: PrivacyRecordCollectorRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyCollector {
    try await client.unary(
      RegisterServiceMethods.recordCollector, request, options,
      as: PrivacyCollector.self)
  }

  package func endCollector(
    _ request: PrivacyEndCollectorRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyCollector {
    try await client.unary(
      RegisterServiceMethods.endCollector, request, options,
      as: PrivacyCollector.self)
  }

  package func listCollectors(
    _ request: PrivacyListCollectorsRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyListCollectorsResponse {
    try await client.unary(
      RegisterServiceMethods.listCollectors, request, options,
      as: PrivacyListCollectorsResponse.self)
  }

  /// Puts a cookie into the register, or replaces the one of that name (clause 19).
  package func setCookie(
    _ request: PrivacySetCookieRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyCookie {
    try await client.unary(
      RegisterServiceMethods.setCookie, request, options,
      as: PrivacyCookie.self)
  }

  package func removeCookie(
    _ request: PrivacyRemoveCookieRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyRemoveCookieResponse {
    try await client.unary(
      RegisterServiceMethods.removeCookie, request, options,
      as: PrivacyRemoveCookieResponse.self)
  }

  /// The register as a page, and the cookies that may be set: the necessary ones, and the others
  /// only if the visitor has consented.
  package func getCookiePage(
    _ request: PrivacyGetCookiePageRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyCookiePage {
    try await client.unary(
      RegisterServiceMethods.getCookiePage, request, options,
      as: PrivacyCookiePage.self)
  }

  /// Whom one can turn to: the data protection officer, the supervisory authority, the address for
  /// data leaks (clauses 39, 44 and 47). They are settings of the service.
  package func getContacts(
    _ request: PrivacyGetContactsRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyContacts {
    try await client.unary(
      RegisterServiceMethods.getContacts, request, options,
      as: PrivacyContacts.self)
  }
}
