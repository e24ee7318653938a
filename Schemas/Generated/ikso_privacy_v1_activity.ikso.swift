// Generated from ikso/privacy/v1/activity.proto by protoc-gen-ikso.
// Don't edit; run Schemas/generate.

package import Access
package import RPC

/// The methods of `ikso.privacy.v1.ActivityService`.
package enum ActivityServiceMethods {
  package static let listActivities = MethodDescriptor(
    service: "ikso.privacy.v1.ActivityService", name: "ListActivities",
    kind: .unary, idempotent: true, hasNoSideEffects: true)
  package static let getProcessingRecord = MethodDescriptor(
    service: "ikso.privacy.v1.ActivityService", name: "GetProcessingRecord",
    kind: .unary, idempotent: true, hasNoSideEffects: true)

  package static let all: [(MethodDescriptor, AccessPolicy)] = [
    (listActivities, ActivityServicePolicies.listActivities),
    (getProcessingRecord, ActivityServicePolicies.getProcessingRecord),
  ]
}

/// Who may call the methods of `ikso.privacy.v1.ActivityService`, and what for.
package enum ActivityServicePolicies {
  package static let listActivities = AccessPolicy(
    anyone: false,
    roles: [.participant, .coach, .manager, .administrator, .privacyOfficer, .auditor, .operator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "information", idempotent: true)
  package static let getProcessingRecord = AccessPolicy(
    anyone: false,
    roles: [.privacyOfficer, .auditor, .operator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "information", idempotent: true)
}

/// What personal data are processed for, and the record of it (clauses 4 and 12; GDPR Art. 30).
package protocol ActivityServiceHandler: Sendable {
  /// The catalogue of processing activities, as it stands for the caller's organisation.
  func listActivities(
    _ request: PrivacyListActivitiesRequest, _ call: Call
  ) async throws -> PrivacyListActivitiesResponse

  /// The record of processing activities: of IKSO as processor for the caller's organisation, and
  /// for operators for all of them (Art. 30(2)), or of whoever is controller (Art. 30(1)): that
  /// organisation, and for operators IKSO itself.
  func getProcessingRecord(
    _ request: PrivacyGetProcessingRecordRequest, _ call: Call
  ) async throws -> PrivacyProcessingRecord
}

extension ActivityServiceHandler {
  /// Every method with its policy, for the server; nothing is read of a call before the
  /// guard has admitted it.
  package func methods(_ accessGuard: AccessGuard) -> [RPCMethod] {
    [
      RPCMethod.unary(
        ActivityServiceMethods.listActivities,
        admit: { try await accessGuard.admit($0, ActivityServicePolicies.listActivities) },
        listActivities),
      RPCMethod.unary(
        ActivityServiceMethods.getProcessingRecord,
        admit: { try await accessGuard.admit($0, ActivityServicePolicies.getProcessingRecord) },
        getProcessingRecord),
    ]
  }
}

/// Calls `ikso.privacy.v1.ActivityService`.
package struct ActivityServiceClient: Sendable {
  private let client: RPCClient

  package init(_ client: RPCClient) { self.client = client }

  /// The catalogue of processing activities, as it stands for the caller's organisation.
  package func listActivities(
    _ request: PrivacyListActivitiesRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyListActivitiesResponse {
    try await client.unary(
      ActivityServiceMethods.listActivities, request, options,
      as: PrivacyListActivitiesResponse.self)
  }

  /// The record of processing activities: of IKSO as processor for the caller's organisation, and
  /// for operators for all of them (Art. 30(2)), or of whoever is controller (Art. 30(1)): that
  /// organisation, and for operators IKSO itself.
  package func getProcessingRecord(
    _ request: PrivacyGetProcessingRecordRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyProcessingRecord {
    try await client.unary(
      ActivityServiceMethods.getProcessingRecord, request, options,
      as: PrivacyProcessingRecord.self)
  }
}
