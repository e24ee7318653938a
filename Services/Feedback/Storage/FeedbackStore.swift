package import FoundationEssentials
package import Postgres
package import Storage

/// Rounds, invitations and answers of the `feedback` schema: seals what goes in and opens what
/// comes out. Topic, question and answers are under the asker's key, an outsider's name and
/// address under the outsider's own.
package struct FeedbackStore: Sendable {
  let database: Database
  let vault: Vault
  let pages: PageTokens

  package init(database: Database, vault: Vault) {
    self.database = database
    self.vault = vault
    pages = PageTokens(vault)
  }

  /// Stores a round with its invitations. `letters`: the statements that send the links, sealed
  /// under the outsiders' keys; `keep`: what else is stored with the round.
  package func roundInsert(
    _ round: NewRound, _ asker: Person, keep: KeptAnswers.Keep<NewRound>? = nil,
    letters: ([UUID: SealingKey]) throws -> [SQL]
  ) async throws {
    let keys = try await vault.keysToWrite(asker, guests: round.guests)
    let statements = try statements(for: round, keys, asker.tenant) + letters(keys)
    try await database.once(asker.mandate, all: statements + (keep?(round) ?? []))
  }

  /// Throws `FeedbackError.roundNotFound` also for somebody else's.
  package func roundFetch(_ id: UUID, _ asker: Person) async throws -> Round {
    guard let key = try await vault.keyToRead(asker.tenant, asker.id) else {
      throw FeedbackError.roundNotFound
    }
    let results = try await database.once(
      asker.mandate, RoundQueries.roundFetch(id, asker: asker.id, tenant: asker.tenant),
      RoundQueries.invitationList(round: id, asker: asker.id, tenant: asker.tenant))
    guard let row = results[0].first else { throw FeedbackError.roundNotFound }
    let guests = try await guestKeys(results[1], asker.tenant)
    return Round(
      id: id, topic: try row.open(RoundColumns.Topic.self, row: id, key),
      question: try row.open(RoundColumns.Question.self, row: id, key),
      visibility: try row.get("visibility"), askedAt: try row.get("asked_at"),
      invitations: try results[1].map { try Invitation($0, guests) })
  }

  /// The open invitations of a colleague, the oldest first.
  package func taskList(_ colleague: Person) async throws -> [FeedbackTask] {
    let rows = try await database.once(
      colleague.mandate, RoundQueries.taskList(
        colleague: colleague.id, limit: FeedbackTask.limit, tenant: colleague.tenant))[0]
    let askers = try rows.map { try $0.get("asker_id", as: UUID.self) }
    let keys = try await vault.keysToRead(colleague.tenant, askers)
    // Without a key its asker is being erased.
    return try rows.compactMap { row in
      guard let key = keys[try row.get("asker_id")] else { return nil }
      return try FeedbackTask(row, key)
    }
  }

  /// Stores a colleague's answer, once, unless `demand` throws for the asker, whom it is about.
  package func colleagueAnswerInsert(
    _ answer: NewAnswer, invitation: UUID, _ colleague: Person,
    keep: KeptAnswers.Keep<NewAnswer>? = nil,
    demand: (_ asker: UUID) async throws -> Void = { _ in }
  ) async throws {
    let fetch = RoundQueries.colleagueInvitationFetch(
      invitation, colleague: colleague.id, tenant: colleague.tenant)
    let row = try await database.once(
      colleague.mandate, fetch)[0].first
    guard let row, let key = try await vault.keyToRead(colleague.tenant, row.get("asker_id"))
    else { throw FeedbackError.invitationNotFound }
    try await demand(row.get("asker_id"))
    try Answering.check(answered: row.get("answered_at", as: Date?.self) != nil)
    let statements = [
      AnswerQueries.colleagueAnswerInsert(
        answer, sealed: try answer.sealed(key), invitation: invitation, colleague: colleague.id,
        tenant: colleague.tenant),
      fetch,
    ]
    try await answerInsert(answer, statements, colleague.mandate, keep) { results in
      guard results[0].affected == 1 else {
        throw results[1].isEmpty ? FeedbackError.invitationNotFound : .alreadyAnswered
      }
    }
  }

  /// Runs `statements` and has `demand` judge their results; what is kept travels with the COMMIT.
  private func answerInsert(
    _ answer: NewAnswer, _ statements: [SQL], _ mandate: Mandate,
    _ keep: KeptAnswers.Keep<NewAnswer>?, _ demand: @Sendable ([ResultSet]) throws -> Void
  ) async throws {
    guard let keep else { return try demand(await database.once(mandate, all: statements)) }
    try await database.transaction(mandate, repeatable: true) { transaction in
      try demand(await transaction.query(all: statements))
      try transaction.queryAtCommit(keep(answer))
    }
  }

  /// Throws `FeedbackError.linkUnknown` unless there is such a link, used up or not.
  package func guestLinkDemand(_ code: GuestCode, _ mandate: Mandate) async throws {
    let rows = try await database.once(
      mandate, RoundQueries.guestInvitationFetch(codeHash: code.hash, tenant: code.tenant))[0]
    if rows.isEmpty { throw FeedbackError.linkUnknown }
  }

  /// What a link leads to, as long as it may be used.
  package func guestInvitationFetch(
    _ code: GuestCode, at now: Date, _ mandate: Mandate
  ) async throws -> GuestInvitation {
    let row = try await database.once(
      mandate, RoundQueries.guestInvitationFetch(codeHash: code.hash, tenant: code.tenant))[0].first
    guard let row else { throw FeedbackError.linkUnknown }
    try Answering.check(
      answered: row.get("answered_at", as: Date?.self) != nil, expiresAt: row.get("expires_at"),
      now: now)
    let (id, asker): (UUID, UUID) = (try row.get("invitation_id"), try row.get("asker_id"))
    let keys = try await vault.keysToRead(code.tenant, [id, asker])
    guard let guestKey = keys[id], let askerKey = keys[asker] else {
      throw FeedbackError.linkUnknown
    }
    return try GuestInvitation(row, id, asker, guestKey: guestKey, askerKey: askerKey)
  }

  /// Stores an outsider's answer and uses the link up: of several at once exactly one does.
  package func guestAnswerInsert(
    _ answer: NewAnswer, to invitation: GuestInvitation, _ code: GuestCode, _ mandate: Mandate,
    keep: KeptAnswers.Keep<NewAnswer>? = nil
  ) async throws {
    guard let key = try await vault.keyToRead(code.tenant, invitation.asker) else {
      throw FeedbackError.linkUnknown
    }
    let statements = [
      AnswerQueries.guestAnswerInsert(
        answer, sealed: try answer.sealed(key), codeHash: code.hash, tenant: code.tenant),
      RoundQueries.guestInvitationFetch(codeHash: code.hash, tenant: code.tenant),
    ]
    try await answerInsert(answer, statements, mandate, keep) { results in
      guard results[0].affected == 0 else { return }
      guard let row = results[1].first else { throw FeedbackError.linkUnknown }
      try Answering.check(
        answered: row.get("answered_at", as: Date?.self) != nil, expiresAt: row.get("expires_at"),
        now: answer.givenAt)
      throw FeedbackError.linkUsed
    }
  }

  /// Throws `FeedbackError.feedbackNotFound` also for somebody else's.
  package func feedbackFetch(_ id: UUID, _ recipient: Person) async throws -> Answer {
    let rows = try await database.once(
      recipient.mandate,
      AnswerQueries.feedbackFetch(id, recipient: recipient.id, tenant: recipient.tenant))[0]
    guard let answer = try await answers(rows, recipient).first else {
      throw FeedbackError.feedbackNotFound
    }
    return answer
  }

  /// A page of what the recipient received and where the next one begins, nil after the last.
  package func feedbackList(
    _ page: Page, _ recipient: Person
  ) async throws -> (feedback: [Answer], next: PagePosition?) {
    let rows = try await database.once(
      recipient.mandate,
      AnswerQueries.feedbackList(recipient: recipient.id, page, tenant: recipient.tenant))[0]
    let answers = try await answers(rows, recipient)
    let shown = Array(answers.prefix(page.size))
    guard answers.count > page.size, let last = shown.last else { return (shown, nil) }
    return (shown, PagePosition(at: last.givenAt, id: last.id))
  }

  private func answers(_ rows: ResultSet, _ recipient: Person) async throws -> [Answer] {
    guard !rows.isEmpty, let key = try await vault.keyToRead(recipient.tenant, recipient.id)
    else { return [] }
    let guests = try await guestKeys(rows, recipient.tenant)
    return try rows.map { try Answer($0, key, guests) }
  }

  /// The keys of the outsiders among the invitations in `rows`.
  func guestKeys(_ rows: ResultSet, _ tenant: UUID) async throws -> [UUID: SealingKey] {
    let guests = try rows.compactMap { row -> UUID? in
      guard try row.get("outsider_name", as: [UInt8]?.self) != nil else { return nil }
      return try row.get("invitation_id")
    }
    return try await vault.keysToRead(tenant, guests)
  }

  private func statements(
    for round: NewRound, _ keys: [UUID: SealingKey], _ tenant: UUID
  ) throws -> [SQL] {
    let draft = round.draft
    guard let key = keys[draft.asker] else { throw FeedbackError.personErased }
    let insert = RoundQueries.roundInsert(
      round, topic: try Sealed(draft.topic, row: round.id, key),
      question: try Sealed(draft.question, row: round.id, key),
      tenant: tenant)
    return try [insert]
      + round.invitations.enumerated().map { position, invitation in
        var colleague: UUID?
        var outsider = SealedOutsider()
        switch invitation.invited {
        case .colleague(let id): colleague = id
        case .outsider(let person, let code):
          guard let key = keys[invitation.id] else { throw FeedbackError.personErased }
          outsider = try SealedOutsider(
            person, code, key, invitation: invitation.id, until: round.linksExpireAt)
        }
        return RoundQueries.invitationInsert(
          invitation.id, round: round.id, position: position, colleague: colleague, outsider,
          tenant: tenant)
      }
  }
}
