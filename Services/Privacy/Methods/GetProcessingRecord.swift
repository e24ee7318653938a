import Access
import Foundation
import Launch
import RPC
import Schemas
import Storage
import SwiftProtobuf

extension ActivityService {
  func getProcessingRecord(
    _ request: PrivacyGetProcessingRecordRequest, _ call: Call
  ) async throws -> PrivacyProcessingRecord {
    let tenant = try call.tenant()
    let role = try ProcessingRole(request.role)
    let record = try await record(role, of: tenant, call)
    return .with {
      $0.role = role.message
      $0.generatedAt = Google_Protobuf_Timestamp(date: record.generatedAt)
      $0.controller = record.controller
      $0.controllerContact = record.controllerContact
      $0.processor = record.processor
      $0.officer = record.officer
      $0.activities = record.entries.map(\.message)
      $0.measures = ProcessingRecord.measures
      $0.differences = record.differences
      $0.csv = Data(record.csv.utf8)
      $0.html = Data(record.html.utf8)
      $0.observed = record.observed.map(\.message)
    }
  }

  /// A client's own record as controller names the activities for which IKSO is its processor; for
  /// operators, IKSO's record as controller names its own.
  private func record(
    _ role: ProcessingRole, of tenant: UUID, _ call: Call
  ) async throws -> ProcessingRecord {
    let isOwn = tenant == Token.platformTenant && role == .controller
    let controller = try await controller(tenant, call)
    let observed = try await database.once(tenant: .platform, .observedMethodList())[0]
      .map(ObservedMethod.init)
    return ProcessingRecord(
      role: role, generatedAt: now(), controller: controller.name,
      controllerContact: controller.contact, processor: isOwn ? "" : processor, officer: officer,
      entries: try await entries(of: tenant, call).filter {
        $0.activity.role == (isOwn ? .controller : .processor)
      },
      differences: ProcessingRecord.differences(
        Activity.catalogue, served: Self.served)
        + ProcessingRecord.differences(
          Activity.catalogue, observed: observed, declared: Self.declared),
      // How much all organisations call together is no organisation's business.
      observed: tenant == Token.platformTenant ? observed : [])
  }

  /// Name of an organisation and the contact of its statement.
  private func controller(
    _ tenant: UUID, _ call: Call
  ) async throws -> (name: String, contact: String) {
    if tenant == Token.platformTenant { return (processor, officer) }
    let organisation = try await identity.getOrganisation(
      .with { $0.organisationID = tenant.uuidString.lowercased() }, call.inOwnName.forwarded)
    let statement = try await database.transaction(call.mandate(tenant)) {
      try await StatementStore.fetch(version: nil, at: now(), in: $0)
    }
    return (organisation.name, statement?.contact ?? "")
  }
}

extension ObservedMethod {
  fileprivate var message: PrivacyObservedMethod {
    .with {
      $0.service = service
      $0.method = name
      $0.purpose = purpose
      $0.calls = UInt64(clamping: calls)
      $0.firstSeenAt = Google_Protobuf_Timestamp(date: firstSeenAt)
      $0.lastSeenAt = Google_Protobuf_Timestamp(date: lastSeenAt)
    }
  }
}

extension ProcessingRole {
  fileprivate init(_ role: PrivacyProcessingRole) throws(RPCError) {
    switch role {
    case .controller: self = .controller
    case .processor: self = .processor
    case .unspecified, .UNRECOGNIZED:
      throw .invalid("role", "is missing; give CONTROLLER or PROCESSOR")
    }
  }
}
