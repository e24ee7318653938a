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
    var record = try await record(role, of: tenant, call)
    // Other pages are of controllers alone.
    if request.pageToken.isEmpty { try await addHoldings(to: &record) }
    var next = ""
    if isOfAll(role, tenant) {
      (record.controllers, next) = try await controllers(request, call)
    }
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
      $0.controllers = record.controllers.map(\.message)
      $0.nextPageToken = next
      $0.holdings = record.holdings.map(\.message)
      $0.holdingsCsv = Data(record.holdingsCSV.utf8)
    }
  }

  private func addHoldings(to record: inout ProcessingRecord) async throws {
    let answers = try await holdings.fetch()
    record.holdings = ProcessingRecord.held(
      answers.holdings, for: record.entries.map(\.activity))
    record.differences += ProcessingRecord.differences(
      answers.holdings, described: answers.described, silent: answers.silent)
  }

  /// For operators, IKSO's record as processor is that of all organisations.
  private func isOfAll(_ role: ProcessingRole, _ tenant: UUID) -> Bool {
    tenant == Token.platformTenant && role == .processor
  }

  /// A client's own record as controller names the activities for which IKSO is its processor; for
  /// operators, IKSO's record as controller names its own.
  private func record(
    _ role: ProcessingRole, of tenant: UUID, _ call: Call
  ) async throws -> ProcessingRecord {
    let isOwn = tenant == Token.platformTenant && role == .controller
    let controller =
      isOfAll(role, tenant) ? (name: "", contact: "") : try await controller(tenant, call)
    let observed = try await database.once(tenant: .platform, .observedMethodList())[0]
      .map(ObservedMethod.init)
    let registers = try await registers(of: tenant, call)
    return ProcessingRecord(
      role: role, generatedAt: now(), controller: controller.name,
      controllerContact: controller.contact, processor: isOwn ? "" : processor, officer: officer,
      entries: try await entries(of: tenant, registers, call).filter {
        $0.activity.role == (isOwn ? .controller : .processor)
      },
      differences: ProcessingRecord.differences(
        Activity.catalogue, served: Self.served)
        + ProcessingRecord.differences(
          Activity.catalogue, observed: observed, declared: Self.declared),
      // How much all organisations call together is no organisation's business.
      observed: tenant == Token.platformTenant ? observed : [], registers: registers.entries)
  }

  /// A page of all organisations, and where the next one begins: identity's token, which is sealed.
  private func controllers(
    _ request: PrivacyGetProcessingRecordRequest, _ call: Call
  ) async throws -> (page: [ProcessingRecord.Controller], next: String) {
    let page = try Page(size: request.pageSize)
    let found = try await organisations.listOrganisationIds(
      .with {
        $0.pageSize = UInt32(page.size)
        $0.pageToken = request.pageToken
      }, call.inOwnName.forwarded)
    var controllers: [ProcessingRecord.Controller] = []
    for id in found.organisationIds {
      let organisation = try UUID(field: "organisation_id", id)
      do {
        let (name, contact) = try await controller(organisation, call)
        controllers.append(.init(id: organisation, name: name, contact: contact))
      } catch let error as RPCError {
        // Erased since it was listed.
        guard error.code == .notFound else { throw error }
      }
    }
    return (controllers, found.nextPageToken)
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

extension ProcessingRecord.Controller {
  fileprivate var message: PrivacyRecordedController {
    .with {
      $0.organisationID = id.canonical
      $0.name = name
      $0.contact = contact
    }
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
