import Access
import FoundationEssentials
import Launch
import Postgres
import Schemas
import Storage
import SwiftProtobuf

extension IdentityService {
  func checkPerson(
    _ request: IdentityCheckPersonRequest, _ call: Call
  ) async throws -> IdentityCheckPersonResponse {
    let tenant = try call.tenant(organisation: request.organisationID)
    let person = try UUID(field: "person_id", request.personID)
    guard try await !database.once(call.mandate(tenant), .personFetch(tenant, [person]))[0].isEmpty
    else { throw IdentityError.colleagueNotFound }
    // Whose key was destroyed is nobody any more.
    _ = try await personKey(person, tenant)
    return IdentityCheckPersonResponse()
  }

  /// On the order of the privacy officer who has accepted it; no domain of the organisation's binds
  /// what it corrects itself.
  func rectifyPerson(
    _ request: IdentityRectifyPersonRequest, _ call: Call
  ) async throws -> IdentityRectifyPersonResponse {
    let tenant = try call.tenant(organisation: request.organisationID)
    let person = try UUID(field: "person_id", request.personID)
    let officer = OrderedBy.person(try UUID(field: "ordered_by", request.orderedBy))
    let source: PersonSource = request.askedByPerson ? .own : .client
    switch request.field {
    case .name:
      let name = try RequestField.newValue.check { () throws(FieldProblem) in
        try PersonName(request.newValue)
      }
      let key = try await personKey(person, tenant)
      try await change(person, tenant, call, orderedBy: officer) {
        try await $0.setName(name, key, source: source)
      }
      return IdentityRectifyPersonResponse()
    case .email:
      let email = try RequestField.newValue.check { () throws(FieldProblem) in
        try EmailAddress(request.newValue)
      }
      let key = try await personKey(person, tenant)
      let index = try await vault.blindIndex(tenant, email.normalised)
      let isNew = try await change(person, tenant, call, orderedBy: officer) { change in
        guard try change.account.person.email(key) != email.text else { return false }
        try await askAddress(email, index: index, key, source: source, change)
        return true
      }
      if isNew { outbox.ring() }
      return .with { $0.awaitsConfirmation = isNew }
    case .unspecified, .UNRECOGNIZED:
      throw IdentityError.field(.field, .unknownValue)
    }
  }
}
