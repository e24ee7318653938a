import Foundation
import Postgres
import Storage

/// Consents, freezes and instructions, and the marks that follow from them for every service.
///
/// Whoever changes something of a person or an organisation takes its lock first: a mark is made
/// of all that holds, and two at a time would each miss the other.
enum ConsentStore {
  /// Entries of an organisation's instructions that are shown.
  static let historyLimit = 200

  // MARK: Freezes

  /// Stops `purposes` for a person, and tells every service at commit. What is frozen for the same
  /// reason stays as it is; where that follows from a request, an officer's freeze is added to it.
  /// - Returns: one freeze for each purpose, in the order given.
  static func freeze(
    _ purposes: [Purpose], for reason: FreezeReason, of person: UUID, by officer: UUID?,
    request: UUID? = nil, at date: Date, in transaction: TenantTransaction
  ) async throws -> [PurposeFreeze] {
    try await lock(person, in: transaction)
    let tenant = transaction.tenant
    let (ids, names) = (purposes.map { _ in UUID() }, purposes.map(\.rawValue))
    let results = try await transaction.query(all: [
      """
      INSERT INTO privacy.purpose_freeze
        (tenant_id, freeze_id, subject_id, purpose, reason, request_id, frozen_at, frozen_by)
      SELECT \(tenant), new.id, \(person), new.purpose, \(reason.rawValue), \(request)::uuid,
        \(date), \(officer)::uuid
      FROM unnest(\(ids)::uuid[], \(names)::text[]) AS new (id, purpose)
      ON CONFLICT (tenant_id, subject_id, purpose, reason) WHERE released_at IS NULL
      DO UPDATE SET kept_at = excluded.frozen_at, kept_by = excluded.frozen_by
      WHERE excluded.request_id IS NULL AND purpose_freeze.request_id IS NOT NULL
        AND purpose_freeze.kept_at IS NULL
      """,
      """
      \(freezeColumns)
      WHERE tenant_id = \(tenant) AND subject_id = \(person) AND reason = \(reason.rawValue)
        AND released_at IS NULL AND purpose = ANY(\(names)::text[])
      """,
    ])
    let found = try results[1].map(freezeRow)
    try await mark(purposes, of: person, in: transaction)
    return purposes.compactMap { purpose in found.first { $0.purpose == purpose } }
  }

  /// Ends a freeze; one that has ended stays as it is.
  /// - Throws: `ConsentError.freezeAbsent`.
  static func release(
    _ id: UUID, by officer: UUID, at date: Date, in transaction: TenantTransaction
  ) async throws -> PurposeFreeze {
    guard let found = try await fetchFreeze(id, in: transaction) else {
      throw ConsentError.freezeAbsent
    }
    try await lock(found.person, in: transaction)
    _ = try await transaction.query(
      """
      UPDATE privacy.purpose_freeze SET released_at = \(date), released_by = \(officer)
      WHERE tenant_id = \(transaction.tenant) AND freeze_id = \(id) AND released_at IS NULL
      """)
    // Whoever was erased meanwhile took it along.
    guard let released = try await fetchFreeze(id, in: transaction) else {
      throw ConsentError.freezeAbsent
    }
    try await mark([released.purpose], of: released.person, in: transaction)
    return released
  }

  private static func fetchFreeze(
    _ id: UUID, in transaction: TenantTransaction
  ) async throws -> PurposeFreeze? {
    try await transaction.query(
      "\(freezeColumns) WHERE tenant_id = \(transaction.tenant) AND freeze_id = \(id)"
    ).first.map(freezeRow)
  }

  /// A page of freezes, the newest first, and where the next one begins, nil after the last.
  static func list(
    _ page: Page, of person: UUID?, onlyInForce: Bool, in transaction: TenantTransaction
  ) async throws -> (freezes: [PurposeFreeze], next: PagePosition?) {
    let (date, id) = (page.after?.date, page.after?.id)
    let found = try await transaction.query(
      """
      \(freezeColumns)
      WHERE tenant_id = \(transaction.tenant)
        AND (\(person)::uuid IS NULL OR subject_id = \(person)::uuid)
        AND (NOT \(onlyInForce) OR released_at IS NULL)
        AND (\(date)::timestamptz IS NULL
          OR (frozen_at, freeze_id) < (\(date)::timestamptz, \(id)::uuid))
      ORDER BY frozen_at DESC, freeze_id DESC LIMIT \(page.size + 1)
      """
    ).map(freezeRow)
    let shown = Array(found.prefix(page.size))
    guard found.count > page.size, let last = shown.last else { return (shown, nil) }
    return (shown, PagePosition(at: last.frozenAt, id: last.id))
  }

  // MARK: Consents

  /// Adds to the person's ledger. Take the lock first.
  static func insert(
    _ receipt: ConsentReceipt, of person: UUID, in transaction: TenantTransaction
  ) async throws {
    let version = receipt.statementVersion.map { Int32(clamping: $0) }
    _ = try await transaction.query(
      """
      INSERT INTO privacy.consent_event
        (tenant_id, event_id, subject_id, purpose, act, statement_version, document, signature,
         key_id, happened_at)
      VALUES (\(transaction.tenant), \(receipt.id), \(person), \(receipt.purpose.rawValue),
        \(receipt.act.rawValue), \(version), \(receipt.document), \(receipt.signature),
        \(receipt.keyID), \(receipt.at))
      """)
    try await mark([receipt.purpose], of: person, in: transaction)
  }

  /// Ends the freeze that follows from the person's own withdrawal.
  static func releaseWithdrawal(
    of person: UUID, _ purpose: Purpose, at date: Date, in transaction: TenantTransaction
  ) async throws {
    _ = try await transaction.query(
      """
      UPDATE privacy.purpose_freeze SET released_at = \(date), released_by = \(person)
      WHERE tenant_id = \(transaction.tenant) AND subject_id = \(person)
        AND purpose = \(purpose.rawValue) AND reason = \(FreezeReason.withdrawal.rawValue)
        AND released_at IS NULL
      """)
  }

  /// A page of a person's entries, the newest first, and where the next one begins, nil after the
  /// last.
  static func receipts(
    _ page: Page, of person: UUID, in transaction: TenantTransaction
  ) async throws -> (receipts: [ConsentReceipt], next: PagePosition?) {
    let found = try await receipts(
      of: person, after: page.after, limit: page.size + 1, in: transaction)
    let shown = Array(found.prefix(page.size))
    guard found.count > page.size, let last = shown.last else { return (shown, nil) }
    return (shown, PagePosition(at: last.at, id: last.id))
  }

  /// A person's entries, the newest first.
  static func receipts(
    of person: UUID, _ purpose: Purpose? = nil, after: PagePosition? = nil, limit: Int,
    in transaction: TenantTransaction
  ) async throws -> [ConsentReceipt] {
    let name = purpose?.rawValue
    let (date, id) = (after?.date, after?.id)
    return try await transaction.query(
      """
      SELECT event_id, purpose, act, statement_version, document, signature, key_id, happened_at
      FROM privacy.consent_event
      WHERE tenant_id = \(transaction.tenant) AND subject_id = \(person)
        AND (\(name)::text IS NULL OR purpose = \(name)::text)
        AND (\(date)::timestamptz IS NULL
          OR (happened_at, event_id) < (\(date)::timestamptz, \(id)::uuid))
      ORDER BY happened_at DESC, event_id DESC LIMIT \(limit)
      """
    ).map(receipt)
  }

  /// How each purpose that can be stopped stands for a person; nil: for somebody who has done
  /// nothing about any.
  static func standings(
    of person: UUID?, in transaction: TenantTransaction
  ) async throws -> [PurposeStanding] {
    let tenant = transaction.tenant
    let results = try await transaction.query(all: [
      """
      SELECT DISTINCT ON (purpose) purpose, act FROM privacy.consent_event
      WHERE tenant_id = \(tenant) AND subject_id = \(person)::uuid
      ORDER BY purpose, happened_at DESC, event_id DESC
      """,
      """
      SELECT purpose, reason FROM privacy.purpose_freeze
      WHERE tenant_id = \(tenant) AND subject_id = \(person)::uuid AND released_at IS NULL
      """,
    ])
    let instructions = try await latestInstructions(in: transaction)
    var acts: [String: ConsentAct] = [:]
    for row in results[0] {
      acts[try row.get("purpose")] = try known(ConsentAct(rawValue: row.get("act")), "act")
    }
    var frozen: [String: Set<FreezeReason>] = [:]
    for row in results[1] {
      let reason = try known(FreezeReason(rawValue: row.get("reason")), "reason")
      frozen[try row.get("purpose"), default: []].insert(reason)
    }
    return Purpose.allCases.filter(\.canBeStopped).map { purpose in
      PurposeStanding(
        purpose: purpose, lastAct: acts[purpose.rawValue], frozen: frozen[purpose.rawValue] ?? [],
        isInstructed: PurposeInstruction.isInstructed(purpose, latest: instructions[purpose]))
    }
  }

  // MARK: Instructions

  /// Adds an instruction, and tells every service at commit.
  static func insert(
    _ instruction: PurposeInstruction, in transaction: TenantTransaction
  ) async throws {
    _ = try await transaction.query(
      """
      INSERT INTO privacy.instruction
        (tenant_id, instruction_id, purpose, act, reference, decided_by, decided_at)
      VALUES (\(transaction.tenant), \(UUID()), \(instruction.purpose.rawValue),
        \(instruction.act.rawValue), \(instruction.reference), \(instruction.decidedBy),
        \(instruction.at))
      """)
    try transaction.platformQueryAtCommit(
      SQL.purposeMarkPut(
        [(instruction.purpose, instruction.mark)], organisation: transaction.tenant,
        person: .platform))
  }

  /// The latest of each purpose. `locked`: nobody else adds one before the transaction ends.
  static func latestInstructions(
    locked: Bool = false, in transaction: TenantTransaction
  ) async throws -> [Purpose: PurposeInstruction] {
    if locked { try await lock(.platform, in: transaction) }
    let found = try await transaction.query(
      """
      SELECT DISTINCT ON (purpose) purpose, act, reference, decided_by, decided_at
      FROM privacy.instruction WHERE tenant_id = \(transaction.tenant)
      ORDER BY purpose, decided_at DESC, instruction_id DESC
      """
    ).map(instruction)
    return Dictionary(found.map { ($0.purpose, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The newest first.
  static func instructions(
    in transaction: TenantTransaction
  ) async throws -> [PurposeInstruction] {
    try await transaction.query(
      """
      SELECT purpose, act, reference, decided_by, decided_at FROM privacy.instruction
      WHERE tenant_id = \(transaction.tenant)
      ORDER BY decided_at DESC, instruction_id DESC LIMIT \(historyLimit)
      """
    ).map(instruction)
  }

  // MARK: A person's data

  /// Deletes a person's consents and freezes, with the marks in every service's list, and takes
  /// them out of what they decided about others.
  static func erase(
    _ person: UUID, in transaction: TenantTransaction
  ) async throws -> [TableCount] {
    try await lock(person, in: transaction)
    let tenant = transaction.tenant
    let results = try await transaction.query(all: [
      "DELETE FROM privacy.consent_event WHERE tenant_id = \(tenant) AND subject_id = \(person)",
      "DELETE FROM privacy.purpose_freeze WHERE tenant_id = \(tenant) AND subject_id = \(person)",
      """
      UPDATE privacy.purpose_freeze SET frozen_by = NULLIF(frozen_by, \(person)),
        kept_by = NULLIF(kept_by, \(person)), released_by = NULLIF(released_by, \(person))
      WHERE tenant_id = \(tenant)
        AND (frozen_by = \(person) OR kept_by = \(person) OR released_by = \(person))
      """,
      """
      UPDATE privacy.instruction SET decided_by = NULL
      WHERE tenant_id = \(tenant) AND decided_by = \(person)
      """,
    ])
    try transaction.platformQueryAtCommit([.purposeMarkErase(person, of: tenant)])
    return [
      TableCount(table: "consent_event", rows: results[0].affected),
      TableCount(table: "purpose_freeze", rows: results[1].affected + results[2].affected),
      TableCount(table: "instruction", rows: results[3].affected),
    ]
  }

  /// All freezes of a person, ended ones too.
  static func freezes(
    of person: UUID, in transaction: TenantTransaction
  ) async throws -> [PurposeFreeze] {
    try await transaction.query(
      """
      \(freezeColumns)
      WHERE tenant_id = \(transaction.tenant) AND subject_id = \(person)
      ORDER BY frozen_at, freeze_id
      """
    ).map(freezeRow)
  }

  // MARK: Marks

  /// Makes the person's marks of what holds now, and has them told at commit.
  private static func mark(
    _ purposes: [Purpose], of person: UUID, in transaction: TenantTransaction
  ) async throws {
    let marks = try await standings(of: person, in: transaction)
      .filter { purposes.contains($0.purpose) }.map { ($0.purpose, $0.mark) }
    try transaction.platformQueryAtCommit(
      SQL.purposeMarkPut(marks, organisation: transaction.tenant, person: person))
  }

  /// Until the transaction ends nobody else changes what holds of the person, or, for `.platform`,
  /// of the organisation.
  static func lock(_ person: UUID, in transaction: TenantTransaction) async throws {
    let name = "privacy.purpose \(transaction.tenant.uuidString) \(person.uuidString)"
    _ = try await transaction.query("SELECT pg_advisory_xact_lock(hashtextextended(\(name), 0))")
  }

  // MARK: Rows

  private static let freezeColumns: SQL = """
    SELECT freeze_id, subject_id, purpose, reason, request_id, frozen_at, frozen_by, released_at,
      released_by, kept_at
    FROM privacy.purpose_freeze
    """

  private static func freezeRow(_ row: Row) throws -> PurposeFreeze {
    PurposeFreeze(
      id: try row.get("freeze_id"), person: try row.get("subject_id"),
      purpose: try known(Purpose(rawValue: row.get("purpose")), "purpose"),
      reason: try known(FreezeReason(rawValue: row.get("reason")), "reason"),
      frozenAt: try row.get("frozen_at"), frozenBy: try row.get("frozen_by"),
      releasedAt: try row.get("released_at"), releasedBy: try row.get("released_by"),
      request: try row.get("request_id"), keptAt: try row.get("kept_at"))
  }

  private static func receipt(_ row: Row) throws -> ConsentReceipt {
    let version: Int32? = try row.get("statement_version")
    return ConsentReceipt(
      id: try row.get("event_id"),
      purpose: try known(Purpose(rawValue: row.get("purpose")), "purpose"),
      act: try known(ConsentAct(rawValue: row.get("act")), "act"), at: try row.get("happened_at"),
      statementVersion: version.map(UInt32.init), document: try row.get("document"),
      signature: try row.get("signature"), keyID: try row.get("key_id"))
  }

  private static func instruction(_ row: Row) throws -> PurposeInstruction {
    PurposeInstruction(
      purpose: try known(Purpose(rawValue: row.get("purpose")), "purpose"),
      act: try known(PurposeInstruction.Act(rawValue: row.get("act")), "act"),
      reference: try row.get("reference"), at: try row.get("decided_at"),
      decidedBy: try row.get("decided_by"))
  }

  /// A value that this binary does not know: it is older than what wrote the row.
  private static func known<Value>(_ value: Value?, _ column: String) throws -> Value {
    guard let value else { throw UnknownStoredValue(column: column) }
    return value
  }
}
