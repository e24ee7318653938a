import Access
import FoundationEssentials
import Postgres
import Schemas
import Storage

extension IdentityService {
  func correctPerson(
    _ request: IdentityCorrectPersonRequest, _ call: Call
  ) async throws -> IdentityPerson {
    let person = try UUID(field: "person_id", request.personID)
    try call.requireOwn(person, or: [.administrator])
    let name = try RequestField.name.check { () throws(FieldProblem) in
      try PersonName(request.name)
    }
    let key = try await personKey(person, call.tenant())
    let source = try PersonSource(of: person, changedBy: call)
    return try await changePerson(request.personID, call) { change in
      let old = try change.account.person.name(key)
      guard old != name.text else { return }
      let id = UUID()
      try change.record(.nameCorrected)
      try await change.query(
        .personSetName(
          change.tenant, person, try Sealed<PersonColumns.Name>(name.text, row: person, key)),
        .correctionInsert(
          change.tenant,
          NewCorrection(
            id: id, person: person, field: .name, oldValue: try Sealed(old, row: id, key),
            source: source),
          at: change.time))
    }
  }

  /// NOT_FOUND for whoever is nobody of the organisation.
  func personKey(_ person: UUID, _ tenant: UUID) async throws -> SealingKey {
    do throws(VaultError) {
      return try await vault.person(tenant, person)
    } catch .absent {
      throw IdentityError.colleagueNotFound
    } catch .destroyed {
      throw IdentityError.colleagueNotFound
    }
  }
}

extension PersonSource {
  /// Who changes a record: the person themselves, or the client for them.
  init(of person: UUID, changedBy call: Call) throws {
    self = try call.person.subject == person ? .own : .client
  }
}
