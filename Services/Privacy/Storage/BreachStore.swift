import Foundation
import Postgres
import Storage

/// Breaches, their trails and whom they affect: rows of the platform, sealed under its key.
enum BreachStore {
  static func insert(
    _ breach: Breach, _ key: SealingKey, in transaction: TenantTransaction
  ) async throws {
    let sealed = try SealedBreach(breach, key)
    let content = breach.content
    try await transaction.query(
      """
      INSERT INTO privacy.breach
        (tenant_id, breach_id, state, revision, nature, people_categories, people,
         record_categories, records, consequences, measures, high_risk, aware_at,
         authority_due_at, reported_in, turn)
      VALUES (\(transaction.tenant), \(breach.id), \(breach.state.rawValue), \(breach.revision),
        \(sealed.nature), \(sealed.peopleCategories), \(content.people),
        \(sealed.recordCategories), \(content.records), \(sealed.consequences),
        \(sealed.measures), \(content.isHighRisk), \(breach.awareAt), \(breach.authorityDueAt),
        \(breach.reportedIn), \(breach.turn))
      """)
  }

  /// Stores what can change of it.
  static func update(
    _ breach: Breach, _ key: SealingKey, in transaction: TenantTransaction
  ) async throws {
    let sealed = try SealedBreach(breach, key)
    let content = breach.content
    try await transaction.query(
      """
      UPDATE privacy.breach SET state = \(breach.state.rawValue), revision = \(breach.revision),
        nature = \(sealed.nature), people_categories = \(sealed.peopleCategories),
        people = \(content.people), record_categories = \(sealed.recordCategories),
        records = \(content.records), consequences = \(sealed.consequences),
        measures = \(sealed.measures), high_risk = \(content.isHighRisk),
        authority_notified_at = \(breach.notifiedAt),
        authority_reference = \(breach.authorityReference),
        delay_reason = \(sealed.delayReason), no_risk_reason = \(sealed.noRiskReason),
        closed_at = \(breach.closedAt), reported_in = \(breach.reportedIn),
        turn = \(breach.turn)
      WHERE tenant_id = \(transaction.tenant) AND breach_id = \(breach.id)
      """)
  }

  /// `locked`: it stays as it is until the transaction ends. Nil if there is none.
  static func fetch(
    _ id: UUID, locked: Bool = false, _ key: SealingKey, in transaction: TenantTransaction
  ) async throws -> Breach? {
    let select: SQL = """
      SELECT \(columns) FROM privacy.breach
      WHERE tenant_id = \(transaction.tenant) AND breach_id = \(id)
      """
    return try await transaction.query(locked ? "\(select) FOR UPDATE" : select)
      .first.map { try breach($0, key) }
  }

  static func fetch(
    _ ids: [UUID], _ key: SealingKey, in transaction: TenantTransaction
  ) async throws -> [UUID: Breach] {
    let rows = try await transaction.query(
      """
      SELECT \(columns) FROM privacy.breach
      WHERE tenant_id = \(transaction.tenant) AND breach_id = ANY(\(ids))
      """)
    return try Dictionary(
      rows.map { try breach($0, key) }.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
  }

  /// The open ones first, among them, by their turn, that whose time ends first.
  static func list(
    _ page: Page, _ key: SealingKey, in transaction: TenantTransaction
  ) async throws -> (found: [Breach], next: PagePosition?) {
    let (rank, date, id) = (page.after?.rank, page.after?.date, page.after?.id)
    let found = try await transaction.query(
      """
      SELECT \(columns) FROM privacy.breach
      WHERE tenant_id = \(transaction.tenant) AND (\(date)::timestamptz IS NULL
        OR (\(order), authority_due_at, breach_id)
          > (\(rank)::integer, \(date)::timestamptz, \(id)::uuid))
      ORDER BY \(order), authority_due_at, breach_id LIMIT \(page.size + 1)
      """
    ).map { try breach($0, key) }
    let shown = Array(found.prefix(page.size))
    guard found.count > page.size, let last = shown.last else { return (shown, nil) }
    let position = PagePosition(
      at: last.authorityDueAt, id: last.id,
      rank: last.closedAt == nil ? Int32(clamping: last.turn) : Int32.max)
    return (shown, position)
  }

  private static let order: SQL = "(CASE WHEN closed_at IS NULL THEN turn ELSE 2147483647 END)"

  // MARK: Trail

  static func insert(
    _ entry: BreachEntry, of breach: UUID, _ key: SealingKey, in transaction: TenantTransaction
  ) async throws {
    let id = UUID()
    let text = try Sealed<BreachEntryColumns.Text>(entry.text, row: id, key)
    try await transaction.query(
      """
      INSERT INTO privacy.breach_entry (tenant_id, entry_id, breach_id, kind, text, added_at)
      VALUES (\(transaction.tenant), \(id), \(breach), \(entry.kind.rawValue), \(text),
        \(entry.addedAt))
      """)
  }

  /// By breach, the first first.
  static func entries(
    of breaches: [UUID], _ key: SealingKey, in transaction: TenantTransaction
  ) async throws -> [UUID: [BreachEntry]] {
    let rows = try await transaction.query(
      """
      SELECT entry_id, breach_id, kind, text, added_at FROM privacy.breach_entry
      WHERE tenant_id = \(transaction.tenant) AND breach_id = ANY(\(breaches))
      ORDER BY added_at, entry_id
      """)
    var entries: [UUID: [BreachEntry]] = [:]
    for row in rows {
      guard let kind = BreachEntry.Kind(rawValue: try row.get("kind")) else {
        throw UnknownStoredValue(column: "kind")
      }
      entries[try row.get("breach_id"), default: []].append(
        BreachEntry(
          kind: kind,
          text: try row.open(BreachEntryColumns.Text.self, row: try row.get("entry_id"), key),
          addedAt: try row.get("added_at")))
    }
    return entries
  }

  // MARK: Rows

  private static let columns: SQL = """
    breach_id, state, revision, nature, people_categories, people, record_categories, records,
    consequences, measures, high_risk, aware_at, authority_notified_at, authority_reference,
    delay_reason, no_risk_reason, closed_at, reported_in, turn
    """

  private static func breach(_ row: Row, _ key: SealingKey) throws -> Breach {
    let id: UUID = try row.get("breach_id")
    guard let state = BreachState(rawValue: try row.get("state")) else {
      throw UnknownStoredValue(column: "state")
    }
    let content = BreachContent(
      nature: try row.open(BreachColumns.Nature.self, row: id, key),
      peopleCategories: try row.open(BreachColumns.PeopleCategories.self, row: id, key),
      people: try row.get("people"),
      recordCategories: try row.open(BreachColumns.RecordCategories.self, row: id, key),
      records: try row.get("records"),
      consequences: try row.open(BreachColumns.Consequences.self, row: id, key),
      measures: try row.open(BreachColumns.Measures.self, row: id, key),
      isHighRisk: try row.get("high_risk"))
    return Breach(
      id: id, state: state, revision: Int(try row.get("revision") as Int32),
      reportedIn: try row.get("reported_in"), turn: Int(try row.get("turn") as Int32),
      content: content, awareAt: try row.get("aware_at"),
      notifiedAt: try row.get("authority_notified_at"),
      authorityReference: try row.get("authority_reference"),
      delayReason: try row.openOptional(BreachColumns.DelayReason.self, row: id, key),
      noRiskReason: try row.openOptional(BreachColumns.NoRiskReason.self, row: id, key),
      closedAt: try row.get("closed_at"))
  }
}

extension Row {
  /// Nil where the column is NULL.
  func openOptional<Column: SealedColumn>(
    _ column: Column.Type, row: UUID, _ key: SealingKey
  ) throws -> String? {
    try get(Column.column, as: Sealed<Column>?.self)?.open(row: row, key)
  }
}

/// What of a breach is kept sealed.
private struct SealedBreach {
  let nature: Sealed<BreachColumns.Nature>
  let peopleCategories: Sealed<BreachColumns.PeopleCategories>
  let recordCategories: Sealed<BreachColumns.RecordCategories>
  let consequences: Sealed<BreachColumns.Consequences>
  let measures: Sealed<BreachColumns.Measures>
  let delayReason: Sealed<BreachColumns.DelayReason>?
  let noRiskReason: Sealed<BreachColumns.NoRiskReason>?

  init(_ breach: Breach, _ key: SealingKey) throws(SealingError) {
    let content = breach.content
    nature = try Sealed(content.nature, row: breach.id, key)
    peopleCategories = try Sealed(content.peopleCategories, row: breach.id, key)
    recordCategories = try Sealed(content.recordCategories, row: breach.id, key)
    consequences = try Sealed(content.consequences, row: breach.id, key)
    measures = try Sealed(content.measures, row: breach.id, key)
    delayReason = try breach.delayReason.map { text throws(SealingError) in
      try Sealed(text, row: breach.id, key)
    }
    noRiskReason = try breach.noRiskReason.map { text throws(SealingError) in
      try Sealed(text, row: breach.id, key)
    }
  }
}
