import Cryptography
package import FoundationEssentials
package import Launch
import Postgres
package import Storage

/// All that the service holds about one person, for the privacy service.
package struct SubjectStore: SubjectHolder {
  /// Rows that are read at once; between two batches no connection is held.
  package static let batch = 200

  let database: Database
  let vault: Vault
  let accesses: AccessJournal
  let count: SubjectErasureCount
  let now: @Sendable () -> Date

  package init(
    database: Database, vault: Vault, accesses: AccessJournal, now: @escaping @Sendable () -> Date
  ) throws {
    self.database = database
    self.vault = vault
    self.accesses = accesses
    count = try SubjectErasureCount(schema: "goals")
    self.now = now
  }

  /// Gives `send` each record, table by table.
  package func export(
    _ subject: Subject, _ send: (SubjectRecord) async throws -> Void
  ) async throws {
    let owner = Owner(subject)
    guard let key = try await vault.keyToRead(owner) else { return }
    try await accesses.writeExport(subject, ["goal", "goal_feedback", "check_in"])
    try await exportGoals(owner, key, send)
    try await exportLinks(owner, send)
    try await exportCheckIns(owner, key, send)
  }

  /// Deletes the person's goals with all that hangs on them, then destroys the key. Again: nothing
  /// is found.
  package func erase(_ subject: Subject) async throws -> [ErasedRows] {
    let owner = Owner(subject)
    var erased = try await delete(owner, subject)
    try await vault.destroyPerson(
      owner.tenant, owner.person, orderedBy: subject.orderedBy)
    // What a call in flight has stored before the key was gone.
    for (position, late) in try await delete(owner, subject).enumerated() {
      erased[position].rows += late.rows
    }
    return try await count.total(erased, of: subject, in: database)
  }

  private func delete(_ owner: Owner, _ subject: Subject) async throws -> [ErasedRows] {
    try await database.transaction(owner.mandate, repeatable: true) { transaction in
      let results = try await transaction.query(
        all: SubjectQueries.erase(owner: owner.person, tenant: owner.tenant))
      let erased = zip(SubjectQueries.tables, results.dropFirst()).map {
        ErasedRows(table: $0, rows: $1.affected)
      }
      try count.add(erased, of: subject, at: now(), in: transaction)
      return erased
    }
  }

  private func exportGoals(
    _ owner: Owner, _ key: SealingKey, _ send: (SubjectRecord) async throws -> Void
  ) async throws {
    var last = UUID.first
    while true {
      let rows = try await rows(
        SubjectQueries.goalExport(
          owner: owner.person, after: last, limit: SubjectStore.batch, tenant: owner.tenant),
        owner)
      for row in rows {
        last = try row.get("goal_id")
        try await send(SubjectRecord(goal: row, last, key))
      }
      if rows.count < SubjectStore.batch { return }
    }
  }

  private func exportLinks(
    _ owner: Owner, _ send: (SubjectRecord) async throws -> Void
  ) async throws {
    var last = (goal: UUID.first, position: -1)
    while true {
      let rows = try await rows(
        SubjectQueries.linkExport(
          owner: owner.person, after: last, limit: SubjectStore.batch, tenant: owner.tenant),
        owner)
      for row in rows {
        last = (try row.get("goal_id"), try row.get("position"))
        try await send(SubjectRecord(link: row, last))
      }
      if rows.count < SubjectStore.batch { return }
    }
  }

  private func exportCheckIns(
    _ owner: Owner, _ key: SealingKey, _ send: (SubjectRecord) async throws -> Void
  ) async throws {
    var last = (goal: UUID.first, revision: Int64.min)
    while true {
      let rows = try await rows(
        SubjectQueries.checkInExport(
          owner: owner.person, after: last, limit: SubjectStore.batch, tenant: owner.tenant),
        owner)
      for row in rows {
        last = (try row.get("goal_id"), try row.get("revision"))
        try await send(SubjectRecord(checkIn: row, last, key))
      }
      if rows.count < SubjectStore.batch { return }
    }
  }

  private func rows(_ statement: SQL, _ owner: Owner) async throws -> ResultSet {
    try await database.once(owner.mandate, statement)[0]
  }
}

extension SubjectRecord {
  fileprivate init(goal row: Row, _ id: UUID, _ key: SealingKey) throws {
    let dueOn: CalendarDate? = try row.get("due_on")
    func text<Column: SealedColumn>(_ column: Column.Type) throws -> String {
      try row.open(column, row: id, key)
    }
    self.init(
      table: "goal", id: id.canonical,
      fields: [
        Field(name: "title", value: try text(GoalColumns.Title.self)),
        Field(name: "why", value: try text(GoalColumns.Why.self)),
        Field(name: "measure", value: try text(GoalColumns.Measure.self)),
        Field(name: "due_on", value: dueOn?.description ?? ""),
        Field(name: "state", value: try row.get("state")),
        Field(name: "progress", value: String(try row.get("progress", as: Int.self))),
        Field(name: "revision", value: String(try row.get("revision", as: Int64.self))),
        Field(name: "created_at", time: try row.get("created_at", as: Date.self)),
        Field(name: "evaluation", value: try text(GoalColumns.Evaluation.self)),
      ])
  }

  fileprivate init(link row: Row, _ place: (goal: UUID, position: Int)) throws {
    self.init(
      table: "goal_feedback", id: "\(place.goal.canonical)/\(place.position)",
      fields: [
        Field(name: "goal_id", value: place.goal.canonical),
        Field(name: "feedback_id", value: try row.get("feedback_id", as: UUID.self).canonical),
      ])
  }

  fileprivate init(
    checkIn row: Row, _ place: (goal: UUID, revision: Int64), _ key: SealingKey
  ) throws {
    let id: UUID = try row.get("check_in_id")
    self.init(
      table: "check_in", id: id.canonical,
      fields: [
        Field(name: "goal_id", value: place.goal.canonical),
        Field(name: "revision", value: String(place.revision)),
        Field(name: "progress", value: String(try row.get("progress", as: Int.self))),
        Field(name: "confidence", value: String(try row.get("confidence", as: Int.self))),
        Field(name: "note", value: try row.open(CheckInColumns.Note.self, row: id, key)),
        Field(name: "checked_in_at", time: try row.get("checked_in_at", as: Date.self)),
      ])
  }
}

extension Owner {
  fileprivate init(_ subject: Subject) {
    self.init(subject.mandate, person: subject.person)
  }
}

extension UUID {
  /// Sorts before every other; no row carries it.
  fileprivate static let first = UUID(
    uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
}
