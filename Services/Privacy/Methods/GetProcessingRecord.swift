import Access
import Cryptography
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
      $0.registers = record.registers.map(\.message)
      $0.registersCsv = Data(record.registersCSV.utf8)
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
      observed: tenant == Token.platformTenant ? observed : [],
      registers: try await registers(of: tenant, call))
  }

  /// What is in force of the organisation's own and of the platform's.
  private func registers(of tenant: UUID, _ call: Call) async throws -> [RecordedEntry] {
    let time = now()
    var entries = try await database.transaction(call.mandate(.platform)) { transaction in
      try await SubProcessorStore.inForce(at: time, in: transaction).map { RecordedEntry($0) }
        + places(isPlatform: true, in: transaction)
    }
    guard tenant != Token.platformTenant else { return entries }
    entries += try await database.transaction(call.mandate(tenant)) { transaction in
      let instruction = try await StorageLocationStore.instruction(in: transaction)
      return try await places(isPlatform: false, in: transaction)
        + (instruction.map { [RecordedEntry($0)] } ?? [])
        + CollectorStore.list(in: transaction).filter { $0.endedAt == nil }
        .map { RecordedEntry($0) }
    }
    return entries
  }

  private func places(
    isPlatform: Bool, in transaction: TenantTransaction
  ) async throws -> [RecordedEntry] {
    let transfers = try await TransferStore.list(in: transaction).filter { $0.endedAt == nil }
    let locations = try await StorageLocationStore.list(in: transaction)
      .filter { $0.endedAt == nil }
    return transfers.map { RecordedEntry($0, isPlatform: isPlatform) }
      + locations.map { RecordedEntry($0, isPlatform: isPlatform) }
  }

  /// Name of an organisation and the contact of its statement.
  private func controller(
    _ tenant: UUID, _ call: Call
  ) async throws -> (name: String, contact: String) {
    if tenant == Token.platformTenant { return (processor, officer) }
    let organisation = try await identity.getOrganisation(
      .with { $0.organisationID = tenant.canonical }, call.inOwnName.forwarded)
    let statement = try await database.transaction(call.mandate(tenant)) {
      try await StatementStore.fetch(version: nil, at: now(), in: $0)
    }
    return (organisation.name, statement?.contact ?? "")
  }
}

extension RecordedEntry {
  fileprivate var message: PrivacyRecordedEntry {
    .with {
      $0.register =
        switch register {
        case .subProcessor: .subProcessor
        case .transfer: .transfer
        case .storageLocation: .storageLocation
        case .storageInstruction: .storageInstruction
        case .collector: .collector
        }
      $0.name = name
      $0.subject = subject
      $0.countries = countries
      $0.basis = basis
      $0.since = Google_Protobuf_Timestamp(date: since)
      $0.isPlatform = isPlatform
    }
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
