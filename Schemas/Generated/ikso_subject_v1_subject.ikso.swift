// Generated from ikso/subject/v1/subject.proto by protoc-gen-ikso.
// Don't edit; run Schemas/generate.

package import Access
package import RPC

/// The methods of `ikso.subject.v1.SubjectDataService`.
package enum SubjectDataServiceMethods {
  package static let describeHoldings = MethodDescriptor(
    service: "ikso.subject.v1.SubjectDataService", name: "DescribeHoldings",
    kind: .unary, idempotent: true)
  package static let exportSubject = MethodDescriptor(
    service: "ikso.subject.v1.SubjectDataService", name: "ExportSubject",
    kind: .serverStreaming, idempotent: true)
  package static let eraseSubject = MethodDescriptor(
    service: "ikso.subject.v1.SubjectDataService", name: "EraseSubject",
    kind: .unary, idempotent: true)
  package static let scanSubject = MethodDescriptor(
    service: "ikso.subject.v1.SubjectDataService", name: "ScanSubject",
    kind: .unary, idempotent: true)
  package static let restrictSubject = MethodDescriptor(
    service: "ikso.subject.v1.SubjectDataService", name: "RestrictSubject",
    kind: .unary, idempotent: true)

  package static let all: [(MethodDescriptor, AccessPolicy)] = [
    (describeHoldings, SubjectDataServicePolicies.describeHoldings),
    (exportSubject, SubjectDataServicePolicies.exportSubject),
    (eraseSubject, SubjectDataServicePolicies.eraseSubject),
    (scanSubject, SubjectDataServicePolicies.scanSubject),
    (restrictSubject, SubjectDataServicePolicies.restrictSubject),
  ]
}

/// Who may call the methods of `ikso.subject.v1.SubjectDataService`, and what for.
package enum SubjectDataServicePolicies {
  package static let describeHoldings = AccessPolicy(
    anyone: false,
    roles: [],
    services: ["privacy"],
    maximumAuthenticationAge: nil,
    purpose: "privacy-requests", idempotent: true)
  package static let exportSubject = AccessPolicy(
    anyone: false,
    roles: [],
    services: ["privacy"],
    maximumAuthenticationAge: nil,
    purpose: "privacy-requests", idempotent: true)
  package static let eraseSubject = AccessPolicy(
    anyone: false,
    roles: [],
    services: ["privacy"],
    maximumAuthenticationAge: nil,
    purpose: "privacy-requests", idempotent: true)
  package static let scanSubject = AccessPolicy(
    anyone: false,
    roles: [],
    services: ["privacy"],
    maximumAuthenticationAge: nil,
    purpose: "privacy-requests", idempotent: true)
  package static let restrictSubject = AccessPolicy(
    anyone: false,
    roles: [],
    services: ["privacy"],
    maximumAuthenticationAge: nil,
    purpose: "privacy-requests", idempotent: true)
}

/// What every service that holds data about people answers to the privacy service. Each service
/// implements it under this one name; the gateway does not route it.
package protocol SubjectDataServiceHandler: Sendable {
  /// What the service holds: every table with its columns and the class of each, as the database
  /// has them and the service insists on when it starts.
  func describeHoldings(
    _ request: SubjectDescribeHoldingsRequest, _ call: Call
  ) async throws -> SubjectDescribeHoldingsResponse

  /// Everything that the service holds about one person, record by record.
  func exportSubject(
    _ request: SubjectSubjectRequest, _ call: Call,
    _ responses: ResponseWriter<SubjectSubjectRecord>
  ) async throws

  /// Deletes it and destroys the person's key.
  func eraseSubject(
    _ request: SubjectSubjectRequest, _ call: Call
  ) async throws -> SubjectEraseSubjectResponse

  /// Reads every row of every table of the organisation and counts those that still hold one of
  /// the needles or the person's identifier; some rows at a time, until there is no next page.
  func scanSubject(
    _ request: SubjectScanSubjectRequest, _ call: Call
  ) async throws -> SubjectScanSubjectResponse

  /// Answers once this process refuses calls for each of the purposes about the person, as it
  /// follows the list of what is stopped (ikso.purpose.v1). FAILED_PRECONDITION when it does not
  /// within ten seconds: ask again.
  func restrictSubject(
    _ request: SubjectRestrictSubjectRequest, _ call: Call
  ) async throws -> SubjectRestrictSubjectResponse
}

extension SubjectDataServiceHandler {
  /// Every method with its policy, for the server; nothing is read of a call before the
  /// guard has admitted it.
  package func methods(_ accessGuard: AccessGuard) -> [RPCMethod] {
    [
      RPCMethod.unary(
        SubjectDataServiceMethods.describeHoldings,
        admit: { try await accessGuard.admit($0, SubjectDataServicePolicies.describeHoldings) },
        describeHoldings),
      RPCMethod.serverStreaming(
        SubjectDataServiceMethods.exportSubject,
        admit: { try await accessGuard.admit($0, SubjectDataServicePolicies.exportSubject) },
        exportSubject),
      RPCMethod.unary(
        SubjectDataServiceMethods.eraseSubject,
        admit: { try await accessGuard.admit($0, SubjectDataServicePolicies.eraseSubject) },
        eraseSubject),
      RPCMethod.unary(
        SubjectDataServiceMethods.scanSubject,
        admit: { try await accessGuard.admit($0, SubjectDataServicePolicies.scanSubject) },
        scanSubject),
      RPCMethod.unary(
        SubjectDataServiceMethods.restrictSubject,
        admit: { try await accessGuard.admit($0, SubjectDataServicePolicies.restrictSubject) },
        restrictSubject),
    ]
  }
}

/// Calls `ikso.subject.v1.SubjectDataService`.
package struct SubjectDataServiceClient: Sendable {
  private let client: RPCClient

  package init(_ client: RPCClient) { self.client = client }

  /// What the service holds: every table with its columns and the class of each, as the database
  /// has them and the service insists on when it starts.
  package func describeHoldings(
    _ request: SubjectDescribeHoldingsRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> SubjectDescribeHoldingsResponse {
    try await client.unary(
      SubjectDataServiceMethods.describeHoldings, request, options,
      as: SubjectDescribeHoldingsResponse.self)
  }

  /// Everything that the service holds about one person, record by record.
  package func exportSubject(
    _ request: SubjectSubjectRequest, _ options: CallOptions = CallOptions()
  ) async throws -> ResponseStream<SubjectSubjectRecord> {
    try await client.serverStreaming(
      SubjectDataServiceMethods.exportSubject, request, options,
      as: SubjectSubjectRecord.self)
  }

  /// Deletes it and destroys the person's key.
  package func eraseSubject(
    _ request: SubjectSubjectRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> SubjectEraseSubjectResponse {
    try await client.unary(
      SubjectDataServiceMethods.eraseSubject, request, options,
      as: SubjectEraseSubjectResponse.self)
  }

  /// Reads every row of every table of the organisation and counts those that still hold one of
  /// the needles or the person's identifier; some rows at a time, until there is no next page.
  package func scanSubject(
    _ request: SubjectScanSubjectRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> SubjectScanSubjectResponse {
    try await client.unary(
      SubjectDataServiceMethods.scanSubject, request, options,
      as: SubjectScanSubjectResponse.self)
  }

  /// Answers once this process refuses calls for each of the purposes about the person, as it
  /// follows the list of what is stopped (ikso.purpose.v1). FAILED_PRECONDITION when it does not
  /// within ten seconds: ask again.
  package func restrictSubject(
    _ request: SubjectRestrictSubjectRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> SubjectRestrictSubjectResponse {
    try await client.unary(
      SubjectDataServiceMethods.restrictSubject, request, options,
      as: SubjectRestrictSubjectResponse.self)
  }
}
