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
    count = try SubjectErasureCount(schema: "feedback")
    self.now = now
  }

  /// Gives `send` each record: what the person asked, got as answers, and was asked by others.
  package func export(
    _ subject: Subject, _ send: (SubjectRecord) async throws -> Void
  ) async throws {
    let person = Person(subject)
    try await writeExport(subject)
    if let key = try await vault.keyToRead(person.tenant, person.id) {
      try await exportRounds(person, key, send)
      try await exportSent(person, send)
      try await exportReceived(person, send)
    }
    try await exportGot(person, send)
    for row in try await rows(SubjectQueries.mailExport(person.id, tenant: person.tenant), person) {
      try await send(SubjectRecord(mail: row))
    }
  }

  /// Deletes what the person asked with all answers, and the invitations to the person; answers to
  /// others stay theirs, without the giver. Destroys the person's key and before it, while
  /// they are still known, those of the outsiders whom the person asked. Again: nothing is found.
  package func erase(_ subject: Subject) async throws -> [ErasedRows] {
    let person = Person(subject)
    var erased = try await delete(person, subject)
    try await vault.destroyPerson(person.tenant, person.id, orderedBy: subject.orderedBy)
    // What a call in flight has stored before the key was gone.
    for (position, late) in try await delete(person, subject).enumerated() {
      erased[position].rows += late.rows
    }
    return try await count.total(erased, of: subject, in: database)
  }

  private func delete(_ person: Person, _ subject: Subject) async throws -> [ErasedRows] {
    let guests = try await rows(
      SubjectQueries.guestList(asker: person.id, tenant: person.tenant), person)
    for row in guests {
      try await vault.destroyPerson(
        person.tenant, row.get("invitation_id"), orderedBy: subject.orderedBy)
    }
    return try await database.transaction(person.mandate, repeatable: true) { transaction in
      let results = try await transaction.query(
        all: SubjectQueries.erase(person.id, tenant: person.tenant))
      var erased: [ErasedRows] = []
      for (table, result) in zip(SubjectQueries.tables, results.dropFirst()) {
        if erased.last?.table == table {
          erased[erased.count - 1].rows += result.affected
        } else {
          erased.append(ErasedRows(table: table, rows: result.affected))
        }
      }
      try count.add(erased, of: subject, at: now(), in: transaction)
      return erased
    }
  }

  /// Before anything is given away. Whoever was only asked so far has no key here yet.
  private func writeExport(_ subject: Subject) async throws {
    do {
      try await vault.createPersons(subject.tenant, [subject.person])
    } catch .destroyed, .tenantDestroyed {
      // Erased: there is nothing to give away.
      return
    }
    try await accesses.writeExport(subject, ["round", "invitation", "feedback", "outbox"])
  }

  private func exportRounds(
    _ person: Person, _ key: SealingKey, _ send: (SubjectRecord) async throws -> Void
  ) async throws {
    var last = UUID.first
    while true {
      let rows = try await rows(
        SubjectQueries.roundExport(
          asker: person.id, after: last, limit: SubjectStore.batch, tenant: person.tenant),
        person)
      for row in rows {
        last = try row.get("round_id")
        try await send(SubjectRecord(round: row, last, key))
      }
      if rows.count < SubjectStore.batch { return }
    }
  }

  private func exportSent(
    _ person: Person, _ send: (SubjectRecord) async throws -> Void
  ) async throws {
    var last = (round: UUID.first, position: -1)
    while true {
      let rows = try await rows(
        SubjectQueries.sentExport(
          asker: person.id, after: last, limit: SubjectStore.batch, tenant: person.tenant),
        person)
      let guests = try await store.guestKeys(rows, person.tenant)
      for row in rows {
        last = (try row.get("round_id"), try row.get("position"))
        try await send(SubjectRecord(sent: row, guests))
      }
      if rows.count < SubjectStore.batch { return }
    }
  }

  private func exportReceived(
    _ person: Person, _ send: (SubjectRecord) async throws -> Void
  ) async throws {
    var page = Page.first
    while true {
      let (answers, next) = try await store.feedbackList(page, person)
      for answer in answers { try await send(SubjectRecord(received: answer)) }
      guard let next else { return }
      page = page.following(next)
    }
  }

  private func exportGot(
    _ person: Person, _ send: (SubjectRecord) async throws -> Void
  ) async throws {
    var last = UUID.first
    while true {
      let rows = try await rows(
        SubjectQueries.gotExport(
          person.id, after: last, limit: SubjectStore.batch, tenant: person.tenant),
        person)
      let recipients = try rows.compactMap { try $0.get("recipient_id", as: UUID?.self) }
      let keys = try await vault.keysToRead(person.tenant, recipients + [person.id])
      for row in rows {
        last = try row.get("invitation_id")
        try await send(SubjectRecord(got: row, last, keys))
        if let given = try SubjectRecord(given: row, keys) { try await send(given) }
      }
      if rows.count < SubjectStore.batch { return }
    }
  }

  private var store: FeedbackStore { FeedbackStore(database: database, vault: vault) }

  private func rows(_ statement: SQL, _ person: Person) async throws -> ResultSet {
    try await database.once(person.mandate, statement)[0]
  }
}

extension Person {
  fileprivate init(_ subject: Subject) {
    self.init(subject.mandate, id: subject.person)
  }
}

extension UUID {
  /// Sorts before every other; no row carries it.
  fileprivate static let first = UUID(
    uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
}
