import Access
import Cryptography
import FoundationEssentials
import Launch
import Postgres
import RPC
import Schemas
import Storage
import SwiftProtobuf

extension IdentityService {
  func registerOrganisation(
    _ request: IdentityRegisterOrganisationRequest, _ call: Call
  ) async throws -> IdentityOrganisation {
    let name = try RequestField.name.check { () throws(FieldProblem) in
      try OrganisationName(request.name)
    }
    let zone = try request.timeZone.isEmpty
      ? DayZone.amsterdam
      : RequestField.timeZone.check { () throws(FieldProblem) in try DayZone(request.timeZone) }
    let organisation = OrganisationRow(
      id: UUID(), name: name.text, contract: try Contract(request), zone: zone)
    // The keys first: an organisation without them could hold nothing.
    try await vault.createTenant(organisation.id)
    let time = now()
    // In the directory first: one that is not in it would never be swept.
    try await database.once(
      call.mandate(.platform), .directoryInsert(organisation.id, at: time))
    try await database.once(
      call.mandate(organisation.id), .organisationInsert(organisation, at: time),
      try await securityEvent(
        SecurityEvent(.organisationRegistered), of: organisation.id, call))
    return IdentityOrganisation(organisation, on: organisation.today(now()))
  }
}

extension Contract {
  /// Without a begin or an agreement it is a draft.
  fileprivate init(_ request: IdentityRegisterOrganisationRequest) throws(IdentityError) {
    self.init(
      period: request.contractBegin.isEmpty && request.contractEnd.isEmpty
        ? nil
        : try Period(
          begin: (.contractBegin, request.contractBegin),
          end: (.contractEnd, request.contractEnd)),
      agreement: request.hasAgreement ? try ProcessingAgreement(request.agreement) : nil)
  }
}

extension ProcessingAgreement {
  init(_ message: IdentityProcessingAgreement) throws(IdentityError) {
    reference = try RequestField.agreementReference.check { () throws(FieldProblem) in
      try AgreementReference(message.reference)
    }
    signedOn = try RequestField.agreementSignedOn.check { () throws(FieldProblem) in
      try Day(message.signedOn)
    }
  }
}

extension Period {
  /// From two fields of a request; an empty end means until further notice.
  init(
    begin: (field: RequestField, text: String), end: (field: RequestField, text: String)
  ) throws(IdentityError) {
    let first = try begin.field.check { () throws(FieldProblem) in try Day(begin.text) }
    let last = try end.field.check { () throws(FieldProblem) in
      end.text.isEmpty ? nil : try Day(end.text)
    }
    guard let period = Period(begin: first, end: last) else {
      throw .endsBeforeItBegins(end.field)
    }
    self = period
  }
}

extension IdentityOrganisation {
  init(_ row: OrganisationRow, on today: Day) {
    let contract = row.contract
    self = .with {
      $0.organisationID = row.id.canonical
      $0.name = row.name
      $0.contractBegin = contract.period?.begin.description ?? ""
      $0.contractEnd = contract.period?.end?.description ?? ""
      if let agreement = contract.agreement {
        $0.agreement.reference = agreement.reference.text
        $0.agreement.signedOn = agreement.signedOn.description
      }
      $0.timeZone = row.zone.name
      $0.language = IdentityLanguage(row.policy.language)
      $0.state = IdentityContractState(contract.state(on: today))
      $0.keptUntil = contract.keptUntil?.description ?? ""
      if let erasedAt = contract.erasedAt {
        $0.erasedAt = Google_Protobuf_Timestamp(date: erasedAt)
      }
    }
  }
}

extension IdentityContractState {
  fileprivate init(_ state: Contract.State) {
    self =
      switch state {
      case .draft: .draft
      case .active: .active
      case .terminated: .terminated
      case .erased: .erased
      }
  }
}
