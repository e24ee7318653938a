import Access
import FoundationEssentials
import Postgres
import RPC
import Schemas
import Storage
import SwiftProtobuf

extension SubjectData {
  /// One record a row; secrets (password hash, invitation code) are left out.
  func exportSubject(
    _ request: SubjectSubjectRequest, _ call: Call,
    _ responses: ResponseWriter<SubjectSubjectRecord>
  ) async throws {
    let tenant = try call.tenant(organisation: request.organisationID)
    let subject = try UUID(field: "subject_id", request.subjectID)
    let tables = SubjectTable.allCases
    let results = try await database.once(
      tenant: tenant, deadline: call.rpc.deadline, all: tables.map { $0.fetch(tenant, subject) })
    guard results.contains(where: { !$0.isEmpty }) else { return }
    let key = try await vault.person(tenant, subject)
    for (table, rows) in zip(tables, results) {
      for row in rows {
        try await responses.send(try Self.record(table, row, subject, key))
      }
    }
  }

  static func record(
    _ table: SubjectTable, _ row: Row, _ subject: UUID, _ key: SealingKey
  ) throws -> SubjectSubjectRecord {
    var record = SubjectSubjectRecord()
    record.table = table.rawValue
    func add(_ name: String, _ value: String?) {
      guard let value else { return }
      record.fields.append(
        .with {
          $0.name = name
          $0.value = value
        })
    }
    func addTimes(_ names: String...) throws {
      for name in names { add(name, try (row.get(name) as Date?)?.formatted(.iso8601)) }
    }
    switch table {
    case .person:
      record.recordID = subject.text
      let person = try PersonRow(row)
      add("name", try person.name(key))
      add("email", try person.email(key))
      add("roles", person.roles.joined(separator: ", "))
      add("source", try row.get("source"))
      try addTimes("created_at")
    case .credential:
      record.recordID = subject.text
      try addTimes("changed_at")
    case .invitation:
      record.recordID = (try row.get("invitation_id") as UUID).text
      try addTimes("created_at", "expires_at", "used_at", "replaced_at")
    case .session:
      record.recordID = (try row.get("session_id") as UUID).text
      try addTimes("created_at", "authenticated_at", "ended_at")
    case .authorisedPerson:
      record.recordID = (try row.get("authorised_person_id") as UUID).text
      for name in ["valid_from", "valid_until"] {
        add(name, try (row.get(name) as CalendarDate?)?.description)
      }
      try addTimes("named_at")
    }
    return record
  }
}
