import Access
import Cryptography
import FoundationEssentials
import Launch
import Postgres
import Schemas
import Storage

/// All that the service holds about one person, for the privacy service.
struct SubjectStore: SubjectHolder {
  let database: Database
  let vault: Vault
  let sessions: Sessions
  let accesses: AccessJournal
  let now: @Sendable () -> Date

  /// One record a row; secrets (password hash, invitation code) are left out.
  func export(_ subject: Subject, _ send: (SubjectRecord) async throws -> Void) async throws {
    let tables = SubjectTable.allCases
    let results = try await database.once(
      subject.mandate, all: tables.map { $0.fetch(subject.tenant, subject.person) })
    guard results.contains(where: { !$0.isEmpty }) else { return }
    let key = try await vault.person(subject.tenant, subject.person)
    // Before anything is given away.
    let written = try await accesses.statements(
      PrivacyAccessDetail(
        .export, tables.map(\.rawValue), orderedBy: subject.orderedBy,
        method: SubjectDataServiceMethods.exportSubject, purpose: subject.mandate.purpose),
      of: [subject.person], in: subject.tenant)
    let event = SQL.securityEvent(
      subject.tenant, SecurityEvent(.dataExported, about: subject.person),
      by: EventOrigin(subject.orderedBy), at: now())
    try await database.once(subject.mandate, all: [event] + written)
    accesses.ring()
    for (table, rows) in zip(tables, results) {
      for row in rows { try await send(SubjectRecord(table, row, subject.person, key)) }
      if table == .securityEvent { try await exportEarlier(rows, subject, key, send) }
    }
  }

  /// What the log holds beyond the rows that were read with the other tables.
  private func exportEarlier(
    _ rows: ResultSet, _ subject: Subject, _ key: SealingKey,
    _ send: (SubjectRecord) async throws -> Void
  ) async throws {
    var rows = rows
    while rows.count == SQL.securityEventLimit, let last = try rows.last.map(SecurityEventRow.init)
    {
      rows = try await database.once(
        subject.mandate,
        .securityEventFetch(subject.tenant, concerning: subject.person, after: last))[0]
      for row in rows { try await send(SubjectRecord(.securityEvent, row, subject.person, key)) }
    }
  }

  /// Rows first, then the key: if the second half fails, a repetition finds nothing to delete and
  /// destroys the key.
  func erase(_ subject: Subject) async throws -> [ErasedRows] {
    let tables = SubjectTable.allCases
    let count = try SubjectErasureCount(schema: "identity")
    let erased = try await database.transaction(subject.mandate) { transaction in
      try await sessions.revokeTokens(of: subject.person, at: now(), in: transaction)
      // Not whose: nothing is to lead to them.
      try transaction.record(
        SecurityEvent(.dataErased), by: EventOrigin(subject.orderedBy), at: now())
      let results = try await transaction.query(
        all: tables.map { $0.delete(subject.tenant, subject.person) }
          + SubjectTable.forget(subject.tenant, subject.person))
      let erased = zip(tables, results).map {
        ErasedRows(table: $0.rawValue, rows: $1.affected)
      }
      try count.add(erased, of: subject, at: now(), in: transaction)
      return erased
    }
    try await vault.destroyPerson(
      subject.tenant, subject.person, orderedBy: subject.orderedBy)
    return try await count.total(erased, of: subject, in: database)
  }
}

extension SubjectRecord {
  fileprivate init(
    _ table: SubjectTable, _ row: Row, _ subject: UUID, _ key: SealingKey
  ) throws {
    var fields: [Field] = []
    var id = subject
    func addDays(_ names: String...) throws {
      fields += try names.compactMap { name in
        try row.get(name, as: CalendarDate?.self).map { Field(name: name, value: $0.description) }
      }
    }
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
        Field(name: "under16", value: "\(try row.get("under16", as: Bool.self))"),
      ]
      try addTimes("created_at", "suspended_at")
    case .credential:
      try addTimes("changed_at")
    case .outbox:
      id = try row.get("outbox_id")
      fields = [Field(name: "kind", value: try row.get("kind"))]
      try addTimes("created_at", "expires_at", "dead_at")
    case .notice:
      id = try row.get("notice_id")
      fields = [Field(name: "kind", value: try row.get("kind"))]
      try addTimes("accepted_at", "done_at")
    case .accessEvent:
      id = try row.get("event_id")
      try addTimes("occurred_at")
    case .invitation:
      id = try row.get("invitation_id")
      try addTimes("created_at", "expires_at", "used_at", "replaced_at")
    case .signIn, .passwordReset, .recoveryCode, .totp, .rememberedDevice:
      id = try row.get("\(table.rawValue)_id")
      for column in table.times { try addTimes(column) }
    case .session:
      id = try row.get("session_id")
      try addTimes("created_at", "authenticated_at", "last_used_at", "ended_at")
    case .authorisedPerson:
      id = try row.get("authorised_person_id")
      fields = [Field(name: "deputy", value: "\(try row.get("deputy", as: Bool.self))")]
      try addDays("valid_from", "valid_until")
      try addTimes("named_at")
    case .roleGrant:
      id = try row.get("role_grant_id")
      fields = [Field(name: "role", value: try row.get("role"))]
      try addDays("valid_from", "valid_until")
      try addTimes("granted_at")
    case .parentalConsent:
      id = try row.get("parental_consent_id")
      fields = [
        Field(
          name: "guardian",
          value: try row.open(ParentalConsentColumns.Guardian.self, row: id, key)),
        Field(
          name: "reference",
          value: try row.open(ParentalConsentColumns.Reference.self, row: id, key)),
      ]
      try addDays("given_on")
      try addTimes("recorded_at", "withdrawn_at")
    case .managerRelation:
      try addTimes("set_at")
    case .personCorrection:
      id = try row.get("person_correction_id")
      fields = [
        Field(name: "field", value: try row.get("field")),
        Field(
          name: "old_value",
          value: try row.open(PersonCorrectionColumns.OldValue.self, row: id, key)),
        Field(name: "source", value: try row.get("source")),
      ]
      try addTimes("corrected_at")
    case .emailChange:
      fields = [
        Field(
          name: "email", value: try row.open(EmailChangeColumns.Email.self, row: id, key)),
        Field(name: "source", value: try row.get("source")),
      ]
      try addTimes("requested_at", "effective_at", "expires_at")
    case .enrolment:
      id = try row.get("programme_id")
      fields = [Field(name: "programme", value: try row.get("name"))]
      try addDays("enrolled_on", "left_on")
    // Whom it was done to, or who did it, is somebody else.
    case .securityEvent:
      let event = try SecurityEventRow(row)
      id = event.id
      fields = [
        Field(name: "kind", value: try row.get("kind")),
        Field(name: "outcome", value: event.outcome.rawValue),
        Field(name: "by", value: event.actor == subject ? "self" : event.actorKind),
        Field(name: "about", value: event.person == subject ? "self" : "other"),
        Field(name: "occurrences", value: "\(event.occurrences)"),
      ]
      if let role = event.role { fields.append(Field(name: "role", value: role.rawValue)) }
      try addTimes("occurred_at")
    case .minorReport:
      id = try row.get("minor_report_id")
      if let resolution = try row.get("resolution", as: String?.self) {
        fields = [Field(name: "resolution", value: resolution)]
      }
      try addTimes("reported_at", "resolved_at")
    }
    self.init(table: table.rawValue, id: id.canonical, fields: fields)
  }
}

extension SubjectTable {
  /// Of proofs of who somebody is, all that is no secret.
  fileprivate var times: [String] {
    switch self {
    case .signIn: ["created_at", "expires_at", "factor_at"]
    case .passwordReset: ["created_at", "expires_at", "used_at"]
    case .recoveryCode: ["created_at", "used_at"]
    case .totp: ["created_at", "confirmed_at", "failed_at"]
    case .rememberedDevice: ["created_at", "last_used_at", "expires_at"]
    default: []
    }
  }
}
