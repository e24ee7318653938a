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
    return try await changePerson(request.personID, call) {
      try await $0.setName(name, key, source: source)
    }
  }

  /// NOT_FOUND for whoever is nobody of the organisation.
  func personKey(_ person: UUID, _ tenant: UUID) async throws -> SealingKey {
    do throws(VaultError) {
      return try await vault.person(tenant, person)
    } catch .absent, .destroyed, .tenantAbsent, .tenantDestroyed {
      throw IdentityError.colleagueNotFound
    }
  }
}

extension PersonChange {
  /// What it was before is kept with it; nothing happens if it is so already.
  func setName(_ name: PersonName, _ key: SealingKey, source: PersonSource) async throws {
    let old = try account.person.name(key)
    guard old != name.text else { return }
    let id = UUID()
    try record(.nameCorrected)
    try await query(
      .personSetName(tenant, person, try Sealed<PersonColumns.Name>(name.text, row: person, key)),
      .correctionInsert(
        tenant,
        NewCorrection(
          id: id, person: person, field: .name, oldValue: try Sealed(old, row: id, key),
          source: source),
        at: time))
  }
}

extension PersonSource {
  /// Who changes a record: the person themselves, or the client for them.
  init(of person: UUID, changedBy call: Call) throws {
    self = try call.person.subject == person ? .own : .client
  }
}
