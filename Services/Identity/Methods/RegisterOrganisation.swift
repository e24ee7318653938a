import Access
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
    let organisation = OrganisationRow(
      id: UUID(), name: name.text, contract: try Contract(request))
    // The keys first: an organisation without them could hold nothing.
    try await vault.createTenant(organisation.id)
    try await database.once(
      call.mandate(organisation.id), .organisationInsert(organisation, at: now()))
    return IdentityOrganisation(organisation)
  }
}

extension Contract {
  fileprivate init(_ request: IdentityRegisterOrganisationRequest) throws(IdentityError) {
    let reference = try RequestField.agreementReference.check { () throws(FieldProblem) in
      try AgreementReference(request.agreement.reference)
    }
    let signedOn = try RequestField.agreementSignedOn.check { () throws(FieldProblem) in
      try Day(request.agreement.signedOn)
    }
    self.init(
      period: try Period(
        begin: (.contractBegin, request.contractBegin), end: (.contractEnd, request.contractEnd)),
      agreementReference: reference.text, agreementSignedOn: signedOn)
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
  init(_ row: OrganisationRow) {
    self = .with {
      $0.organisationID = row.id.text
      $0.name = row.name
      $0.contractBegin = row.contract.period.begin.description
      $0.contractEnd = row.contract.period.end?.description ?? ""
      $0.agreement.reference = row.contract.agreementReference
      $0.agreement.signedOn = row.contract.agreementSignedOn.description
    }
  }
}
