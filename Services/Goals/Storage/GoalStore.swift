package import FoundationEssentials
import Postgres
package import Storage

/// The owner of a goal, with whose key it is stored, and the mandate of the call.
package struct Owner: Sendable {
  package let mandate: Mandate
  package let person: UUID

  package init(_ mandate: Mandate, person: UUID) {
    self.mandate = mandate
    self.person = person
  }

  package var tenant: UUID { mandate.tenant }
}

/// The goals of the `goals` schema: seals what goes in and opens what comes out.
package struct GoalStore: Sendable {
  package static let checkInLimit = 200

  let database: Database
  let vault: Vault
  let pages: PageTokens

  package init(database: Database, vault: Vault) {
    self.database = database
    self.vault = vault
    pages = PageTokens(vault)
  }

  /// `keep`: what else is stored with it, of the goal.
  package func goalInsert(
    _ goal: Goal, _ owner: Owner, keep: KeptAnswers.Keep<Goal>? = nil
  ) async throws {
    let key = try await vault.keyToWrite(owner)
    let sealed = SealedGoal(
      title: try Sealed(goal.title, row: goal.id, key),
      why: try Sealed(goal.why, row: goal.id, key),
      measure: try Sealed(goal.measure, row: goal.id, key),
      evaluation: try Sealed(goal.evaluation, row: goal.id, key))
    try await database.once(
      owner.mandate,
      all: GoalQueries.goalInsert(goal, sealed, tenant: owner.tenant) + (keep?(goal) ?? []))
  }

  /// Throws `GoalsError.goalNotFound` also for somebody else's.
  package func goalFetch(_ id: UUID, _ owner: Owner) async throws -> Goal {
    let key = try await key(owner)
    let row = try await database.once(
      owner.mandate, GoalQueries.goalFetch(id, owner: owner.person, tenant: owner.tenant))[0].first
    guard let row else { throw GoalsError.goalNotFound }
    return try Goal(row, key)
  }

  /// A page of the owner's goals and where the next one begins, nil after the last.
  package func goalList(
    _ page: Page, _ owner: Owner
  ) async throws -> (goals: [Goal], next: PagePosition?) {
    guard let key = try await vault.keyToRead(owner) else { return ([], nil) }
    let rows = try await database.once(
      owner.mandate, GoalQueries.goalList(owner: owner.person, page, tenant: owner.tenant))[0]
    let goals = try rows.prefix(page.size).map { try Goal($0, key) }
    guard rows.count > page.size, let last = goals.last else { return (goals, nil) }
    return (goals, PagePosition(at: last.createdAt, id: last.id))
  }

  /// Records a check-in if the goal is open and at `revision`; else throws why not.
  package func checkInInsert(
    _ checkIn: CheckIn, expected revision: Int64, _ owner: Owner,
    keep: KeptAnswers.Keep<Goal>? = nil
  ) async throws -> Goal {
    let key = try await key(owner)
    let note = try Sealed<CheckInColumns.Note>(checkIn.note, row: checkIn.id, key)
    return try await change(
      GoalQueries.checkInInsert(
        checkIn, note: note, owner: owner.person, revision: revision, tenant: owner.tenant),
      of: checkIn.goal, key, owner, keep)
  }

  /// Completes the goal if it is open and at `revision`; else throws why not.
  package func goalComplete(
    _ id: UUID, evaluation: String, expected revision: Int64, _ owner: Owner,
    keep: KeptAnswers.Keep<Goal>? = nil
  ) async throws -> Goal {
    let key = try await key(owner)
    let sealed = try Sealed<GoalColumns.Evaluation>(evaluation, row: id, key)
    return try await change(
      GoalQueries.goalComplete(
        id, owner: owner.person, revision: revision, evaluation: sealed, tenant: owner.tenant),
      of: id, key, owner, keep)
  }

  /// The newest `checkInLimit` check-ins on one goal.
  package func checkInList(_ goal: UUID, _ owner: Owner) async throws -> [CheckIn] {
    let key = try await key(owner)
    let results = try await database.once(
      owner.mandate, GoalQueries.goalFetch(goal, owner: owner.person, tenant: owner.tenant),
      GoalQueries.checkInList(
        goal, owner: owner.person, limit: GoalStore.checkInLimit, tenant: owner.tenant))
    guard !results[0].isEmpty else { throw GoalsError.goalNotFound }
    return try results[1].map { try CheckIn($0, key) }
  }

  /// One round trip: the conditional change, and the goal as it is afterwards, which also tells
  /// why nothing changed. What is kept of the goal travels with a COMMIT.
  private func change(
    _ statement: SQL, of goal: UUID, _ key: SealingKey, _ owner: Owner,
    _ keep: KeptAnswers.Keep<Goal>?
  ) async throws -> Goal {
    let statements = [
      statement, GoalQueries.goalFetch(goal, owner: owner.person, tenant: owner.tenant),
    ]
    guard let keep else {
      return try changed(await database.once(owner.mandate, all: statements), key)
    }
    return try await database.transaction(owner.mandate, repeatable: true) { transaction in
      let goal = try changed(await transaction.query(all: statements), key)
      try transaction.queryAtCommit(keep(goal))
      return goal
    }
  }

  private func changed(_ results: [ResultSet], _ key: SealingKey) throws -> Goal {
    let current = try results[1].first.map { try Goal($0, key) }
    guard results[0].affected == 1, let current else {
      throw GoalChange.refusal(current.map { ($0.state, $0.revision) })
    }
    return current
  }

  /// Without a key there is no goal.
  private func key(_ owner: Owner) async throws -> SealingKey {
    guard let key = try await vault.keyToRead(owner) else { throw GoalsError.goalNotFound }
    return key
  }
}

extension Goal {
  init(_ row: Row, _ key: SealingKey) throws {
    let id: UUID = try row.get("goal_id")
    let dueOn: CalendarDate? = try row.get("due_on")
    func text<Column: SealedColumn>(_ column: Column.Type) throws -> String {
      try row.open(column, row: id, key)
    }
    self.init(
      id: id, owner: try row.get("owner_id"), title: try text(GoalColumns.Title.self),
      why: try text(GoalColumns.Why.self), measure: try text(GoalColumns.Measure.self),
      dueOn: dueOn.map { DueDate(year: $0.year, month: $0.month, day: $0.day) },
      feedback: try row.get("feedback_ids"), state: try row.get("state"),
      progress: try row.get("progress"), revision: try row.get("revision"),
      createdAt: try row.get("created_at"), evaluation: try text(GoalColumns.Evaluation.self))
  }
}

extension CheckIn {
  init(_ row: Row, _ key: SealingKey) throws {
    let id: UUID = try row.get("check_in_id")
    self.init(
      id: id, goal: try row.get("goal_id"), progress: try row.get("progress"),
      confidence: try row.get("confidence"),
      note: try row.open(CheckInColumns.Note.self, row: id, key),
      at: try row.get("checked_in_at"))
  }
}
