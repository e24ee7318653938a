// Generated from ikso/privacy/v1/complaint.proto by protoc-gen-ikso.
// Don't edit; run Schemas/generate.

package import Access
package import RPC

/// The methods of `ikso.privacy.v1.ComplaintService`.
package enum ComplaintServiceMethods {
  package static let fileComplaint = MethodDescriptor(
    service: "ikso.privacy.v1.ComplaintService", name: "FileComplaint",
    kind: .unary, idempotent: false)
  package static let listMyComplaints = MethodDescriptor(
    service: "ikso.privacy.v1.ComplaintService", name: "ListMyComplaints",
    kind: .unary, idempotent: true, hasNoSideEffects: true)
  package static let listComplaints = MethodDescriptor(
    service: "ikso.privacy.v1.ComplaintService", name: "ListComplaints",
    kind: .unary, idempotent: true, hasNoSideEffects: true)
  package static let answerComplaint = MethodDescriptor(
    service: "ikso.privacy.v1.ComplaintService", name: "AnswerComplaint",
    kind: .unary, idempotent: false)

  package static let all: [(MethodDescriptor, AccessPolicy)] = [
    (fileComplaint, ComplaintServicePolicies.fileComplaint),
    (listMyComplaints, ComplaintServicePolicies.listMyComplaints),
    (listComplaints, ComplaintServicePolicies.listComplaints),
    (answerComplaint, ComplaintServicePolicies.answerComplaint),
  ]
}

/// Who may call the methods of `ikso.privacy.v1.ComplaintService`, and what for.
package enum ComplaintServicePolicies {
  package static let fileComplaint = AccessPolicy(
    anyone: false,
    roles: [.participant, .coach, .manager, .administrator, .privacyOfficer, .auditor],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "privacy-requests", idempotent: false, takesIdempotencyKey: true)
  package static let listMyComplaints = AccessPolicy(
    anyone: false,
    roles: [.participant, .coach, .manager, .administrator, .privacyOfficer, .auditor],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "privacy-requests", idempotent: true)
  package static let listComplaints = AccessPolicy(
    anyone: false,
    roles: [.privacyOfficer],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "privacy-requests", idempotent: true)
  package static let answerComplaint = AccessPolicy(
    anyone: false,
    roles: [.privacyOfficer],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "privacy-requests", idempotent: false)
}

/// Complaints about how personal data are handled (clause 44; GDPR Art. 77).
package protocol ComplaintServiceHandler: Sendable {
  /// Complains to the privacy officer of one's own organisation.
  func fileComplaint(
    _ request: PrivacyFileComplaintRequest, _ call: Call
  ) async throws -> PrivacyComplaint

  /// One's own, the latest first.
  func listMyComplaints(
    _ request: PrivacyListMyComplaintsRequest, _ call: Call
  ) async throws -> PrivacyListComplaintsResponse

  /// Everybody's of the organisation, the latest first.
  func listComplaints(
    _ request: PrivacyListComplaintsRequest, _ call: Call
  ) async throws -> PrivacyListComplaintsResponse

  /// Answers, once. FAILED_PRECONDITION if it was answered.
  func answerComplaint(
    _ request: PrivacyAnswerComplaintRequest, _ call: Call
  ) async throws -> PrivacyComplaint
}

extension ComplaintServiceHandler {
  /// Every method with its policy, for the server; nothing is read of a call before the
  /// guard has admitted it.
  package func methods(_ accessGuard: AccessGuard) -> [RPCMethod] {
    [
      RPCMethod.unary(
        ComplaintServiceMethods.fileComplaint,
        admit: { try await accessGuard.admit($0, ComplaintServicePolicies.fileComplaint) },
        fileComplaint),
      RPCMethod.unary(
        ComplaintServiceMethods.listMyComplaints,
        admit: { try await accessGuard.admit($0, ComplaintServicePolicies.listMyComplaints) },
        listMyComplaints),
      RPCMethod.unary(
        ComplaintServiceMethods.listComplaints,
        admit: { try await accessGuard.admit($0, ComplaintServicePolicies.listComplaints) },
        listComplaints),
      RPCMethod.unary(
        ComplaintServiceMethods.answerComplaint,
        admit: { try await accessGuard.admit($0, ComplaintServicePolicies.answerComplaint) },
        answerComplaint),
    ]
  }
}

/// Calls `ikso.privacy.v1.ComplaintService`.
package struct ComplaintServiceClient: Sendable {
  private let client: RPCClient

  package init(_ client: RPCClient) { self.client = client }

  /// Complains to the privacy officer of one's own organisation.
  package func fileComplaint(
    _ request: PrivacyFileComplaintRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyComplaint {
    try await client.unary(
      ComplaintServiceMethods.fileComplaint, request, options,
      as: PrivacyComplaint.self)
  }

  /// One's own, the latest first.
  package func listMyComplaints(
    _ request: PrivacyListMyComplaintsRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyListComplaintsResponse {
    try await client.unary(
      ComplaintServiceMethods.listMyComplaints, request, options,
      as: PrivacyListComplaintsResponse.self)
  }

  /// Everybody's of the organisation, the latest first.
  package func listComplaints(
    _ request: PrivacyListComplaintsRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyListComplaintsResponse {
    try await client.unary(
      ComplaintServiceMethods.listComplaints, request, options,
      as: PrivacyListComplaintsResponse.self)
  }

  /// Answers, once. FAILED_PRECONDITION if it was answered.
  package func answerComplaint(
    _ request: PrivacyAnswerComplaintRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyComplaint {
    try await client.unary(
      ComplaintServiceMethods.answerComplaint, request, options,
      as: PrivacyComplaint.self)
  }
}
