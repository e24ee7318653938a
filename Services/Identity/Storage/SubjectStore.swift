import FoundationEssentials
import Postgres
import Storage

/// All that the service holds about one person, for the privacy service.
struct SubjectStore: SubjectHolder {
  let database: Database
  let vault: Vault

  /// One record a row; secrets (password hash, invitation code) are left out.
  func export(_ subject: Subject, _ send: (SubjectRecord) async throws -> Void) async throws {
    let tables = SubjectTable.allCases
    let results = try await database.once(
      subject.mandate, all: tables.map { $0.fetch(subject.tenant, subject.person) })
    guard results.contains(where: { !$0.isEmpty }) else { return }
    let key = try await vault.person(subject.tenant, subject.person)
    for (table, rows) in zip(tables, results) {
      for row in rows { try await send(SubjectRecord(table, row, subject.person, key)) }
    }
  }

  /// Rows first, then the key: if the second half fails, a repetition finds nothing to delete and
  /// destroys the key.
  func erase(_ subject: Subject) async throws -> [ErasedRows] {
    let tables = SubjectTable.allCases
    let results = try await database.once(
      subject.mandate, all: tables.map { $0.delete(subject.tenant, subject.person) })
    try await vault.destroyPerson(
      subject.tenant, subject.person, orderedBy: subject.orderedBy)
    return zip(tables, results).map { ErasedRows(table: $0.rawValue, rows: $1.affected) }
  }
}

extension SubjectRecord {
  fileprivate init(
    _ table: SubjectTable, _ row: Row, _ subject: UUID, _ key: SealingKey
  ) throws {
    var fields: [Field] = []
    var id = subject
    func addTimes(_ names: String...) throws {
      fields += try names.compactMap { name in
        try row.get(name, as: Date?.self).map { Field(name: name, time: $0) }
      }
    }
    switch table {
    case .person:
      let person = try PersonRow(row)
      fields = [
        Field(name: "name", value: try person.name(key)),
        Field(name: "email", value: try person.email(key)),
        Field(name: "roles", value: person.roles.joined(separator: ", ")),
        Field(name: "source", value: try row.get("source")),
      ]
      try addTimes("created_at")
    case .credential:
      try addTimes("changed_at")
    case .invitation:
      id = try row.get("invitation_id")
      try addTimes("created_at", "expires_at", "used_at", "replaced_at")
    case .session:
      id = try row.get("session_id")
      try addTimes("created_at", "authenticated_at", "ended_at")
    case .authorisedPerson:
      id = try row.get("authorised_person_id")
      fields = try ["valid_from", "valid_until"].compactMap { name in
        try row.get(name, as: CalendarDate?.self).map { Field(name: name, value: $0.description) }
      }
      try addTimes("named_at")
    }
    self.init(table: table.rawValue, id: id.text, fields: fields)
  }
}
