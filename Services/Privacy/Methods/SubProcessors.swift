import Access
import Cryptography
import Foundation
import Launch
import Postgres
import RPC
import Schemas
import Storage
import SwiftProtobuf

extension RegisterDesk {
  func announceSubProcessor(
    _ request: PrivacyAnnounceSubProcessorRequest, _ call: Call
  ) async throws -> PrivacySubProcessor {
    let isChange = !request.subProcessorID.isEmpty
    let id = isChange ? try UUID(field: "sub_processor_id", request.subProcessorID) : UUID()
    let country = try Country(request.country)
    let time = now()
    let end = objectionPeriod.end(from: time)
    var inForceAt = end
    if request.hasInForceAt {
      inForceAt = try request.inForceAt.moment(
        "in_force_at", in: end...(time + 5 * 366 * 86_400),
        expected: "must not be before \(end.formatted(.iso8601)), when the objection period ends,"
          + " nor more than five years from now")
    }
    let announced = SubProcessor(
      id: id, version: 0, name: try SubProcessor.name.check(request.name),
      service: try SubProcessor.service.check(request.service),
      agreementReference: try SubProcessor.agreementReference.check(request.agreementReference),
      agreementSignedOn: request.agreementSignedOn, country: country.code,
      safeguards: try SubProcessor.safeguards.check(request.safeguards),
      basis: try TransferBasis(request.basis, country: country, at: time), announcedAt: time,
      objectionsUntil: end, inForceAt: inForceAt)
    return try await entry(request, call.mandate(.platform), call) { transaction in
      let stored = try await SubProcessorStore.insert(
        announced, isChange: isChange, in: transaction)
      try await NoticeStore.insert(
        toEveryOrganisation: Notice(
          kind: .subProcessor, audience: .authorisedPersons, reference: stored.id,
          version: stored.version, moment: stored.objectionsUntil, dueAt: time),
        in: transaction)
      return stored.message([])
    }
  }

  func endSubProcessor(
    _ request: PrivacyEndSubProcessorRequest, _ call: Call
  ) async throws -> PrivacyEndSubProcessorResponse {
    let id = try UUID(field: "sub_processor_id", request.subProcessorID)
    let ended = try await database.transaction(call.mandate(.platform)) {
      try await SubProcessorStore.end(id, at: now(), in: $0)
    }
    guard let ended else { throw EntryError.absent("sub-processor") }
    return .with { $0.endedAt = Google_Protobuf_Timestamp(date: ended) }
  }

  func listSubProcessors(
    _ request: PrivacyListSubProcessorsRequest, _ call: Call
  ) async throws -> PrivacyListSubProcessorsResponse {
    let (mandate, own) = (call.mandate(.platform), try call.tenant())
    let list = try await pages.list("sub-processors", mandate, reader: call.token.subject)
    let page = try list.page(size: request.pageSize, token: request.pageToken)
    let (found, next) = try await database.transaction(mandate) {
      try await SubProcessorStore.list(page, at: now(), in: $0)
    }
    let objections = try await database.transaction(call.mandate(own)) {
      try await ObjectionStore.list(found.map(\.id), in: $0)
    }
    return try .with {
      $0.subProcessors = found.map { $0.message(objections) }
      $0.nextPageToken = try list.token(next)
    }
  }

  func objectToSubProcessor(
    _ request: PrivacyObjectToSubProcessorRequest, _ call: Call
  ) async throws -> PrivacySubProcessorObjection {
    let (tenant, officer) = (try call.tenant(), try call.person.subject)
    let id = try UUID(field: "sub_processor_id", request.subProcessorID)
    let version = request.version == 0 ? nil : Int(request.version)
    let reason = try SubProcessor.reason.check(request.reason)
    let time = now()
    let found = try await database.transaction(call.mandate(.platform)) {
      try await SubProcessorStore.fetch(id, version: version, at: time, in: $0)
    }
    guard let found else { throw EntryError.absent("sub-processor") }
    let objection = SubProcessorObjection(
      organisation: tenant, processor: id, version: found.version, reason: reason,
      objectedAt: time)
    return try await database.transaction(call.mandate(tenant)) { transaction in
      // What was objected to in time stands, whenever it is asked again.
      let earlier = try await ObjectionStore.list([id], in: transaction)
      if let standing = earlier.first(where: { $0.version == found.version }) { return standing }
      guard time <= found.objectionsUntil else {
        throw EntryError.objectionsOver(found.objectionsUntil)
      }
      return try await ObjectionStore.insert(objection, by: officer, in: transaction)
    }.message
  }

  func listSubProcessorObjections(
    _ request: PrivacyListSubProcessorObjectionsRequest, _ call: Call
  ) async throws -> PrivacyListSubProcessorObjectionsResponse {
    let mandate = call.mandate(.platform)
    let list = try await pages.list("objections", mandate, reader: call.person.subject)
    let page = try list.page(size: request.pageSize, token: request.pageToken)
    let (objectors, next) = try await database.transaction(mandate) {
      try await ObjectionStore.objectors(page, in: $0)
    }
    var objections: [SubProcessorObjection] = []
    for objector in objectors {
      // Each in its own organisation: row security shows no two at once.
      let own = try await database.transaction(call.mandate(objector.organisation)) {
        try await ObjectionStore.list([objector.processor], in: $0)
      }
      // Of an organisation that was erased nothing but this is left.
      objections.append(own.first { $0.version == objector.version } ?? objector)
    }
    return try .with {
      $0.objections = objections.map(\.message)
      $0.nextPageToken = try list.token(next)
    }
  }
}

extension TransferBasis {
  init?(
    _ basis: PrivacyTransferBasis, country: Country, at time: Date
  ) throws(EntryError) {
    let mechanism: Mechanism?
    switch basis.mechanism {
    case .unspecified: mechanism = nil
    case .privacyShield: throw .transfer(.privacyShield)
    case .standardContractualClauses: mechanism = .standardContractualClauses
    case .bindingCorporateRules: mechanism = .bindingCorporateRules
    case .derogation: mechanism = .derogation
    case .adequacyDecision: mechanism = .adequacyDecision
    case .UNRECOGNIZED:
      throw .missing(field: "basis.mechanism", choices: "one that the schema names")
    }
    try self.init(
      mechanism, reference: basis.reference, ground: basis.ground, country: country,
      on: time.formatted(.iso8601.year().month().day()))
  }

  var message: PrivacyTransferBasis {
    .with {
      $0.mechanism =
        switch mechanism {
        case .standardContractualClauses: .standardContractualClauses
        case .bindingCorporateRules: .bindingCorporateRules
        case .derogation: .derogation
        case .adequacyDecision: .adequacyDecision
        }
      $0.reference = reference ?? ""
      $0.ground = ground ?? ""
    }
  }
}

extension SubProcessor {
  /// `objections`: of the reader's organisation.
  fileprivate func message(_ objections: [SubProcessorObjection]) -> PrivacySubProcessor {
    .with {
      $0.subProcessorID = id.canonical
      $0.version = UInt32(clamping: version)
      $0.name = name
      $0.service = service
      $0.agreementReference = agreementReference
      $0.agreementSignedOn = agreementSignedOn
      $0.country = country
      $0.safeguards = safeguards
      if let basis { $0.basis = basis.message }
      $0.announcedAt = Google_Protobuf_Timestamp(date: announcedAt)
      $0.objectionsUntil = Google_Protobuf_Timestamp(date: objectionsUntil)
      $0.inForceAt = Google_Protobuf_Timestamp(date: inForceAt)
      if let endedAt { $0.endedAt = Google_Protobuf_Timestamp(date: endedAt) }
      $0.inForce = isInForce
      $0.objected = objections.contains { $0.processor == id && $0.version == version }
    }
  }
}

extension SubProcessorObjection {
  fileprivate var message: PrivacySubProcessorObjection {
    .with {
      $0.organisationID = organisation.canonical
      $0.subProcessorID = processor.canonical
      $0.version = UInt32(clamping: version)
      $0.reason = reason
      $0.objectedAt = Google_Protobuf_Timestamp(date: objectedAt)
    }
  }
}
