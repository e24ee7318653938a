import Access
import FoundationEssentials
import Postgres
import Schemas
import Storage

extension IdentityService {
  func recordParentalConsent(
    _ request: IdentityRecordParentalConsentRequest, _ call: Call
  ) async throws -> IdentityRecordParentalConsentResponse {
    let person = try UUID(field: "person_id", request.personID)
    let guardian = try RequestField.guardian.check { () throws(FieldProblem) in
      try PersonName(request.guardian)
    }
    let reference = try RequestField.reference.check { () throws(FieldProblem) in
      try AgreementReference(request.reference)
    }
    let givenOn = try RequestField.givenOn.check { () throws(FieldProblem) in
      try Day(request.givenOn)
    }
    let key = try await personKey(person, call.tenant())
    _ = try await changePerson(request.personID, call) { change in
      guard givenOn <= change.today else { throw IdentityError.field(.givenOn, .future) }
      let id = UUID()
      try change.record(.parentalConsentRecorded)
      try await change.query(
        .personSetUnder16(change.tenant, person, true),
        .parentalConsentInsert(
          change.tenant,
          NewParentalConsent(
            id: id, person: person, guardian: try Sealed(guardian.text, row: id, key),
            reference: try Sealed(reference.text, row: id, key), givenOn: givenOn),
          at: change.time))
    }
    return IdentityRecordParentalConsentResponse()
  }
}
