import Cryptography
import Foundation
import Postgres
import Storage

/// What this service holds about one person.
enum SubjectStore {
  static func acceptances(
    of subject: UUID, in transaction: TenantTransaction
  ) async throws -> [(version: Int32, kind: String, sha256: [UInt8], at: Date)] {
    try await transaction.query(
      """
      SELECT version, subject_kind, sha256, accepted_at FROM privacy.acceptance
      WHERE tenant_id = \(transaction.tenant) AND subject_id = \(subject) ORDER BY version
      """
    ).map {
      (
        version: try $0.get("version"), kind: try $0.get("subject_kind"),
        sha256: try $0.get("sha256"), at: try $0.get("accepted_at")
      )
    }
  }

  static func requests(
    of subject: UUID, in transaction: TenantTransaction
  ) async throws -> [(id: UUID, kind: String, state: String, at: Date)] {
    try await transaction.query(
      """
      SELECT request_id, kind, state, received_at FROM privacy.request
      WHERE tenant_id = \(transaction.tenant) AND subject_id = \(subject) ORDER BY received_at
      """
    ).map {
      (
        id: try $0.get("request_id"), kind: try $0.get("kind"), state: try $0.get("state"),
        at: try $0.get("received_at")
      )
    }
  }

  /// Deletes acceptances, consents, freezes, archives and what was said to requests, takes the
  /// person out of the requests about them and out of what they did as Authorised Person, and
  /// withdraws what else was asked about them: there is nothing left to do it with. `texts`, which
  /// identify the person, are taken out of what officers wrote.
  /// - Returns: rows by table.
  static func erase(
    _ subject: UUID, named texts: [String] = [], at time: Date, in transaction: TenantTransaction
  ) async throws -> [TableCount] {
    let tenant = transaction.tenant
    // While it still can be told which requests are about them.
    try await NoticeStore.erase(subject, in: transaction)
    let own: SQL = """
      SELECT request_id FROM privacy.request
      WHERE tenant_id = \(tenant) AND subject_id = \(subject)
      """
    let rows = "tenant_id = \(tenant) AND request_id IN (\(own))" as SQL
    let statements: [(table: String, statement: SQL)] = [
      (
        "acceptance",
        """
        DELETE FROM privacy.acceptance
        WHERE tenant_id = \(tenant) AND subject_id = \(subject)
        """
      ),
      ("archive_chunk", "DELETE FROM privacy.archive_chunk WHERE \(rows)"),
      ("download", "DELETE FROM privacy.download WHERE \(rows)"),
      ("proof", "DELETE FROM privacy.proof WHERE \(rows)"),
      ("request_text", "DELETE FROM privacy.request_text WHERE \(rows)"),
      // Whom requests from before it was sealed name.
      (
        "request",
        """
        UPDATE privacy.request SET recipient = ''
        WHERE tenant_id = \(tenant) AND subject_id = \(subject) AND recipient <> ''
        """
      ),
      (
        "request",
        """
        UPDATE privacy.request SET state = 'withdrawn', decided_at = \(time),
          next_attempt_at = NULL
        WHERE tenant_id = \(tenant) AND subject_id = \(subject) AND kind <> 'erasure'
          AND state NOT IN ('completed', 'refused', 'withdrawn')
        """
      ),
    ]
    let results = try await transaction.query(
      all: statements.map(\.statement) + forget(subject, tenant).map(\.statement))
    let tables = statements.map(\.table) + forget(subject, tenant).map(\.table)
    var counts: [String: Int] = [:]
    for (table, result) in zip(tables, results) { counts[table, default: 0] += result.affected }
    let others = try await ConsentStore.erase(subject, in: transaction)
      + EntrySubjectStore.erase(subject, in: transaction)
      + NamedTexts.erase([subject.canonical] + texts, at: time, in: transaction)
    for count in others {
      counts[count.table, default: 0] += count.rows
    }
    return counts.map { TableCount(table: $0.key, rows: $0.value) }.sorted { $0.table < $1.table }
  }

  /// Where a person stands by their id alone.
  private static func forget(
    _ subject: UUID, _ tenant: UUID
  ) -> [(table: String, statement: SQL)] {
    let places: [(table: String, column: String)] = [
      ("request", "subject_id"), ("request", "requested_by"), ("request", "decided_by"),
      ("legal_hold", "subject_id"), ("legal_hold", "owner_id"), ("proof", "attested_by"),
      ("proof", "checked_by"), ("statement", "published_by"),
      // The log stays whole: what it says of them is sealed, and the key is destroyed.
      ("access_entry", "subject_id"),
    ]
    return places.map { place in
      guard let table = try? SQLIdentifier(place.table),
        let column = try? SQLIdentifier(place.column)
      else { preconditionFailure("\(place) are names") }
      let statement: SQL = """
        UPDATE privacy.\(table) SET \(column) = NULL
        WHERE tenant_id = \(tenant) AND \(column) = \(subject)
        """
      return (table: place.table, statement: statement)
    }
  }
}
