import Foundation
import Postgres
import Storage

/// What is said to requests, sealed under the key of whom they are about.
enum RequestTextStore {
  /// Replaces the texts of these kinds.
  static func put(
    _ texts: [RequestTextKind: String], of request: UUID, _ key: SealingKey,
    in transaction: TenantTransaction
  ) async throws {
    for (kind, text) in texts {
      let id = UUID()
      let sealed = try Sealed<RequestTextColumns.Sealed>(text, row: id, key)
      _ = try await transaction.query(all: [
        """
        DELETE FROM privacy.request_text
        WHERE tenant_id = \(transaction.tenant) AND request_id = \(request)
          AND kind = \(kind.rawValue)
        """,
        """
        INSERT INTO privacy.request_text (tenant_id, text_id, request_id, kind, sealed)
        VALUES (\(transaction.tenant), \(id), \(request), \(kind.rawValue), \(sealed))
        """,
      ])
    }
  }

  static func fetch(
    of request: UUID, _ key: SealingKey, in transaction: TenantTransaction
  ) async throws -> [RequestTextKind: String] {
    let rows = try await transaction.query(
      """
      SELECT text_id, kind, sealed FROM privacy.request_text
      WHERE tenant_id = \(transaction.tenant) AND request_id = \(request)
        AND kind NOT IN ('needles', 'sought')
      """)
    var texts: [RequestTextKind: String] = [:]
    for row in rows {
      let name: String = try row.get("kind")
      let kind = try RequestStore.known(RequestTextKind(rawValue: name), "kind")
      texts[kind] = try row.open(RequestTextColumns.Sealed.self, row: row.get("text_id"), key)
    }
    return texts
  }

  /// What the scans of an erasure look for, sealed under a key of the request's own; in an erasure
  /// that began before there was one, under the person's, who may be nil by now. Nil: it has none.
  static func sought(
    by request: UUID, _ key: SealingKey, person: SealingKey?, in transaction: TenantTransaction
  ) async throws -> String? {
    let rows = try await transaction.query(
      """
      SELECT text_id, kind, sealed FROM privacy.request_text
      WHERE tenant_id = \(transaction.tenant) AND request_id = \(request)
        AND kind IN ('needles', 'sought')
      ORDER BY kind DESC
      """)
    guard let row = rows.first else { return nil }
    let isOwn = try row.get("kind", as: String.self) == "sought"
    guard let opening = isOwn ? key : person else { return nil }
    return try row.open(RequestTextColumns.Sealed.self, row: row.get("text_id"), opening)
  }

  /// Keeps what the scans look for; the first time counts.
  static func keep(
    sought text: String, by request: UUID, _ key: SealingKey, in transaction: TenantTransaction
  ) async throws {
    let id = UUID()
    let sealed = try Sealed<RequestTextColumns.Sealed>(text, row: id, key)
    _ = try await transaction.query(
      """
      INSERT INTO privacy.request_text (tenant_id, text_id, request_id, kind, sealed)
      VALUES (\(transaction.tenant), \(id), \(request), 'sought', \(sealed))
      ON CONFLICT ON CONSTRAINT request_text_key DO NOTHING
      """)
  }

  /// Whether there are any: what is sealed takes a key to be read.
  static func isThere(
    of request: UUID, in transaction: TenantTransaction
  ) async throws -> Bool {
    try await !transaction.query(
      """
      SELECT kind FROM privacy.request_text
      WHERE tenant_id = \(transaction.tenant) AND request_id = \(request) LIMIT 1
      """
    ).isEmpty
  }

  /// All that was said to requests about a person, for their archive.
  static func all(
    about subject: UUID, _ key: SealingKey, in transaction: TenantTransaction
  ) async throws -> [(request: UUID, kind: RequestTextKind, text: String)] {
    try await transaction.query(
      """
      SELECT text.text_id, text.request_id, text.kind, text.sealed
      FROM privacy.request_text text
      JOIN privacy.request ON request.tenant_id = text.tenant_id
        AND request.request_id = text.request_id
      WHERE text.tenant_id = \(transaction.tenant) AND request.subject_id = \(subject)
        AND text.kind NOT IN ('needles', 'sought')
      ORDER BY text.request_id, text.kind
      """
    ).map { row in
      let name: String = try row.get("kind")
      return (
        request: try row.get("request_id"),
        kind: try RequestStore.known(RequestTextKind(rawValue: name), "kind"),
        text: try row.open(RequestTextColumns.Sealed.self, row: row.get("text_id"), key)
      )
    }
  }
}
