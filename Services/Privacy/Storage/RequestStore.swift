import Foundation
import Postgres
import Storage

/// Requests, what the services did for them, and their archives.
enum RequestStore {
  /// - Throws: `RequestError.openAlready` if one of the same kind for the subject is not complete.
  static func insert(
    _ request: PrivacyRequest, requestedBy: UUID, in transaction: TenantTransaction
  ) async throws {
    do {
      _ = try await transaction.query(
        """
        INSERT INTO privacy.request
          (tenant_id, request_id, kind, state, subject_id, requested_by, received_at, due_at,
           archive_bytes)
        VALUES (\(transaction.tenant), \(request.id), \(request.kind.rawValue),
          \(request.state.rawValue), \(request.subject), \(requestedBy), \(request.receivedAt),
          \(request.dueAt), 0)
        """)
    } catch {
      guard error.violatedConstraint == "request_open_key" else { throw error }
      throw RequestError.openAlready(request.id)
    }
  }

  static func openRequest(
    _ kind: RequestKind, of subject: UUID, in transaction: TenantTransaction
  ) async throws -> UUID? {
    try await transaction.query(
      """
      SELECT request_id FROM privacy.request
      WHERE tenant_id = \(transaction.tenant) AND subject_id = \(subject)
        AND kind = \(kind.rawValue) AND state <> 'completed'
      """
    ).first?.get("request_id")
  }

  static func fetch(
    _ id: UUID, in transaction: TenantTransaction
  ) async throws -> (request: PrivacyRequest, steps: [RequestStep])? {
    let results = try await transaction.query(all: [
      """
      SELECT request_id, kind, state, subject_id, received_at, completed_at, archive_bytes
      FROM privacy.request
      WHERE tenant_id = \(transaction.tenant) AND request_id = \(id)
      """,
      """
      SELECT service, done, tables, row_counts, found_tables, found_counts, problem
      FROM privacy.request_step
      WHERE tenant_id = \(transaction.tenant) AND request_id = \(id)
      ORDER BY service
      """,
    ])
    guard let row = results[0].first else { return nil }
    return (try request(row), try results[1].map(step))
  }

  /// A page of requests without their steps, the newest first, before `before`.
  /// A page of the requests and where the next one begins, nil after the last.
  static func list(
    _ page: Page, in transaction: TenantTransaction
  ) async throws -> (requests: [PrivacyRequest], next: PagePosition?) {
    let (date, id) = (page.after?.date, page.after?.id)
    let found = try await transaction.query(
      """
      SELECT request_id, kind, state, subject_id, received_at, completed_at, archive_bytes
      FROM privacy.request
      WHERE tenant_id = \(transaction.tenant)
        AND (\(date)::timestamptz IS NULL
          OR (received_at, request_id) < (\(date)::timestamptz, \(id)::uuid))
      ORDER BY received_at DESC, request_id DESC LIMIT \(page.size + 1)
      """
    ).map(request)
    let shown = Array(found.prefix(page.size))
    guard found.count > page.size, let last = shown.last else { return (shown, nil) }
    return (shown, PagePosition(at: last.receivedAt, id: last.id))
  }

  static func put(
    _ step: RequestStep, of request: UUID, at date: Date, in transaction: TenantTransaction
  ) async throws {
    _ = try await transaction.query(
      """
      INSERT INTO privacy.request_step
        (tenant_id, request_id, service, done, tables, row_counts, found_tables, found_counts,
         problem, updated_at)
      VALUES (\(transaction.tenant), \(request), \(step.service), \(step.done),
        \(step.rows.map(\.table)), \(step.rows.map(\.rows)), \(step.found.map(\.table)),
        \(step.found.map(\.rows)), \(step.problem), \(date))
      ON CONFLICT (tenant_id, request_id, service) DO UPDATE SET
        done = excluded.done, tables = excluded.tables, row_counts = excluded.row_counts,
        found_tables = excluded.found_tables, found_counts = excluded.found_counts,
        problem = excluded.problem, updated_at = excluded.updated_at
      """)
  }

  /// Ends the request as complete or incomplete.
  static func finish(
    _ id: UUID, as state: RequestState, at date: Date, archiveBytes: Int,
    in transaction: TenantTransaction
  ) async throws {
    let completedAt = state == .completed ? date : nil
    _ = try await transaction.query(
      """
      UPDATE privacy.request SET state = \(state.rawValue), completed_at = \(completedAt),
        archive_bytes = \(archiveBytes)
      WHERE tenant_id = \(transaction.tenant) AND request_id = \(id)
      """)
  }

  /// Replaces the pieces of a request's archive.
  static func putArchive(
    _ chunks: [Sealed<ArchiveChunkColumns.Sealed>], of request: UUID,
    in transaction: TenantTransaction
  ) async throws {
    let positions = Array(0..<chunks.count)
    _ = try await transaction.query(all: [
      """
      DELETE FROM privacy.archive_chunk
      WHERE tenant_id = \(transaction.tenant) AND request_id = \(request)
      """,
      """
      INSERT INTO privacy.archive_chunk (tenant_id, request_id, position, sealed)
      SELECT \(transaction.tenant), \(request), piece.position, piece.sealed
      FROM unnest(\(positions)::bigint[], \(chunks)::bytea[]) AS piece (position, sealed)
      """,
    ])
  }

  static func archiveChunk(
    _ position: Int, of request: UUID, in transaction: TenantTransaction
  ) async throws -> Sealed<ArchiveChunkColumns.Sealed>? {
    try await transaction.query(
      """
      SELECT sealed FROM privacy.archive_chunk
      WHERE tenant_id = \(transaction.tenant) AND request_id = \(request)
        AND position = \(position)
      """
    ).first?.get("sealed")
  }

  private static func request(_ row: Row) throws -> PrivacyRequest {
    let (kind, state): (String, String) = (try row.get("kind"), try row.get("state"))
    return PrivacyRequest(
      id: try row.get("request_id"), kind: try known(RequestKind(rawValue: kind), "kind"),
      state: try known(RequestState(rawValue: state), "state"),
      subject: try row.get("subject_id"), receivedAt: try row.get("received_at"),
      completedAt: try row.get("completed_at"),
      archiveBytes: Int(try row.get("archive_bytes") as Int64))
  }

  private static func step(_ row: Row) throws -> RequestStep {
    RequestStep(
      service: try row.get("service"), done: try row.get("done"),
      rows: zip(try row.get("tables") as [String], try row.get("row_counts") as [Int])
        .map(TableCount.init(table:rows:)),
      found: zip(try row.get("found_tables") as [String], try row.get("found_counts") as [Int])
        .map(TableCount.init(table:rows:)),
      problem: try row.get("problem"))
  }

  /// A value that the schema's CHECK admits and this binary does not know: it is older than the
  /// database.
  private static func known<Value>(_ value: Value?, _ column: String) throws -> Value {
    guard let value else { throw UnknownStoredValue(column: column) }
    return value
  }
}

struct UnknownStoredValue: Error {
  let column: String
}
