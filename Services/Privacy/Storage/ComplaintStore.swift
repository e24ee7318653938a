import Foundation
import Postgres
import Storage

/// Complaints, each sealed under the key of who complains.
enum ComplaintStore {
  /// A complaint as it is stored, and whose key opens it.
  struct Stored: Sendable {
    let subject: UUID
    let filedAt: Date
    let id: UUID
    fileprivate let row: Row

    func open(_ key: SealingKey) throws -> Complaint {
      guard let state = Complaint.State(rawValue: try row.get("state")) else {
        throw UnknownStoredValue(column: "state")
      }
      return Complaint(
        id: id, subject: subject, state: state,
        text: try row.open(ComplaintColumns.Text.self, row: id, key),
        answer: try row.openOptional(ComplaintColumns.Answer.self, row: id, key),
        filedAt: filedAt, answeredAt: try row.get("answered_at"))
    }
  }

  /// Throws `tooMany` if the person has `openLimit` open ones.
  static func insert(
    _ complaint: Complaint, _ key: SealingKey, in transaction: TenantTransaction
  ) async throws {
    let text = try Sealed<ComplaintColumns.Text>(complaint.text, row: complaint.id, key)
    let count = try await transaction.query(all: [
      """
      INSERT INTO privacy.complaint (tenant_id, complaint_id, subject_id, state, text, filed_at)
      VALUES (\(transaction.tenant), \(complaint.id), \(complaint.subject),
        \(complaint.state.rawValue), \(text), \(complaint.filedAt))
      """,
      """
      SELECT count(*) AS n FROM privacy.complaint
      WHERE tenant_id = \(transaction.tenant) AND subject_id = \(complaint.subject)
        AND state = 'open'
      """,
    ])[1]
    guard try count.first?.get("n", as: Int.self) ?? 0 <= Complaint.openLimit else {
      throw EntryError.tooMany("open complaints of one person", limit: Complaint.openLimit)
    }
  }

  /// Answers one that is open; false if it is not.
  static func answer(
    _ complaint: Complaint, by officer: UUID, _ key: SealingKey,
    in transaction: TenantTransaction
  ) async throws -> Bool {
    let answer = try complaint.answer.map { text throws(SealingError) in
      try Sealed<ComplaintColumns.Answer>(text, row: complaint.id, key)
    }
    return try await transaction.query(
      """
      UPDATE privacy.complaint SET state = \(complaint.state.rawValue), answer = \(answer),
        answered_at = \(complaint.answeredAt), answered_by = \(officer)
      WHERE tenant_id = \(transaction.tenant) AND complaint_id = \(complaint.id)
        AND state = 'open'
      """
    ).affected == 1
  }

  static func fetch(
    _ id: UUID, in transaction: TenantTransaction
  ) async throws -> Stored? {
    try await transaction.query(
      """
      SELECT \(columns) FROM privacy.complaint
      WHERE tenant_id = \(transaction.tenant) AND complaint_id = \(id)
      """
    ).first.map(stored)
  }

  /// The latest first; `subject`: of one person.
  static func list(
    _ page: Page, subject: UUID? = nil, in transaction: TenantTransaction
  ) async throws -> (found: [Stored], next: PagePosition?) {
    let (date, id) = (page.after?.date, page.after?.id)
    let found = try await transaction.query(
      """
      SELECT \(columns) FROM privacy.complaint
      WHERE tenant_id = \(transaction.tenant)
        AND (\(subject)::uuid IS NULL OR subject_id = \(subject)::uuid)
        AND (\(date)::timestamptz IS NULL
          OR (filed_at, complaint_id) < (\(date)::timestamptz, \(id)::uuid))
      ORDER BY filed_at DESC, complaint_id DESC LIMIT \(page.size + 1)
      """
    ).map(stored)
    let shown = Array(found.prefix(page.size))
    guard found.count > page.size, let last = shown.last else { return (shown, nil) }
    return (shown, PagePosition(at: last.filedAt, id: last.id))
  }

  private static let columns: SQL =
    "complaint_id, subject_id, state, text, answer, filed_at, answered_at"

  private static func stored(_ row: Row) throws -> Stored {
    Stored(
      subject: try row.get("subject_id"), filedAt: try row.get("filed_at"),
      id: try row.get("complaint_id"), row: row)
  }
}

/// What the registers, breaches and complaints hold about one person, for `SubjectStore`.
enum EntrySubjectStore {
  /// Deletes the person's complaints, and takes them out of what they did as officer.
  /// - Returns: rows by table.
  static func erase(
    _ subject: UUID, in transaction: TenantTransaction
  ) async throws -> [TableCount] {
    let tenant = transaction.tenant
    let results = try await transaction.query(all: [
      """
      DELETE FROM privacy.complaint WHERE tenant_id = \(tenant) AND subject_id = \(subject)
      """,
      """
      UPDATE privacy.complaint SET answered_by = NULL
      WHERE tenant_id = \(tenant) AND answered_by = \(subject)
      """,
      """
      UPDATE privacy.breach_notice SET acknowledged_by = NULL
      WHERE tenant_id = \(tenant) AND acknowledged_by = \(subject)
      """,
      """
      UPDATE privacy.breach_notice SET reported_by = NULL
      WHERE tenant_id = \(tenant) AND reported_by = \(subject)
      """,
      """
      UPDATE privacy.sub_processor_objection SET objected_by = NULL
      WHERE tenant_id = \(tenant) AND objected_by = \(subject)
      """,
      """
      UPDATE privacy.storage_instruction SET instructed_by = NULL
      WHERE tenant_id = \(tenant) AND instructed_by = \(subject)
      """,
    ])
    return [
      TableCount(table: "complaint", rows: results[0].affected + results[1].affected),
      TableCount(table: "breach_notice", rows: results[2].affected + results[3].affected),
      TableCount(table: "sub_processor_objection", rows: results[4].affected),
      TableCount(table: "storage_instruction", rows: results[5].affected),
    ]
  }

  /// The person's own complaints, as they are handed to them.
  static func complaints(
    of subject: UUID, in transaction: TenantTransaction
  ) async throws -> [ComplaintStore.Stored] {
    var complaints: [ComplaintStore.Stored] = []
    var page = Page.first
    while true {
      let (found, next) = try await ComplaintStore.list(page, subject: subject, in: transaction)
      complaints += found
      guard let next else { return complaints }
      page = page.following(next)
    }
  }
}
