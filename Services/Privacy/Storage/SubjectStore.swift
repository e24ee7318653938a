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

  /// Deletes acceptances, consents, freezes and archives, and takes the person out of the requests
  /// about them and out
  /// of what they did as Authorised Person.
  /// - Returns: rows by table.
  static func erase(
    _ subject: UUID, in transaction: TenantTransaction
  ) async throws -> [TableCount] {
    let results = try await transaction.query(all: [
      """
      DELETE FROM privacy.acceptance
      WHERE tenant_id = \(transaction.tenant) AND subject_id = \(subject)
      """,
      """
      DELETE FROM privacy.archive_chunk WHERE tenant_id = \(transaction.tenant)
        AND request_id IN (
          SELECT request_id FROM privacy.request
          WHERE tenant_id = \(transaction.tenant) AND subject_id = \(subject))
      """,
      """
      UPDATE privacy.request SET subject_id = NULL
      WHERE tenant_id = \(transaction.tenant) AND subject_id = \(subject)
      """,
      """
      UPDATE privacy.request SET requested_by = NULL
      WHERE tenant_id = \(transaction.tenant) AND requested_by = \(subject)
      """,
      """
      UPDATE privacy.statement SET published_by = NULL
      WHERE tenant_id = \(transaction.tenant) AND published_by = \(subject)
      """,
      // The log stays whole: what it says of them is sealed, and the key is destroyed.
      """
      UPDATE privacy.access_entry SET subject_id = NULL
      WHERE tenant_id = \(transaction.tenant) AND subject_id = \(subject)
      """,
    ])
    let purposes = try await ConsentStore.erase(subject, in: transaction)
    let entries = try await EntrySubjectStore.erase(subject, in: transaction)
    return [
      TableCount(table: "acceptance", rows: results[0].affected),
      TableCount(table: "archive_chunk", rows: results[1].affected),
      TableCount(table: "request", rows: results[2].affected + results[3].affected),
      TableCount(table: "statement", rows: results[4].affected),
      TableCount(table: "access_entry", rows: results[5].affected),
    ] + purposes + entries
  }
}
