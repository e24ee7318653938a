import Foundation
import Postgres
import Storage

/// The archives of requests, sealed piece by piece, and the codes by which one is fetched.
enum ArchiveStore {
  /// Replaces the pieces of a request's archive.
  static func put(
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

  static func chunk(
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

  // MARK: Downloads

  /// The one code of a request: an earlier one works no more.
  static func put(
    _ code: DownloadCode, of request: UUID, until end: Date, in transaction: TenantTransaction
  ) async throws {
    _ = try await transaction.query(
      """
      INSERT INTO privacy.download (tenant_id, request_id, code_digest, expires_at)
      VALUES (\(transaction.tenant), \(request), \(code.digest), \(end))
      ON CONFLICT (tenant_id, request_id) DO UPDATE SET
        code_digest = excluded.code_digest, expires_at = excluded.expires_at, used_at = NULL
      """)
  }

  /// Uses a code up, and says whose archive it opens; nil for one that was used, is over or never
  /// was. Of several who come at once one gets it.
  static func use(
    _ code: DownloadCode, at time: Date, in transaction: TenantTransaction
  ) async throws -> UUID? {
    try await transaction.query(
      """
      UPDATE privacy.download SET used_at = \(time)
      WHERE tenant_id = \(transaction.tenant) AND code_digest = \(code.digest)
        AND used_at IS NULL AND expires_at > \(time)
      RETURNING request_id
      """
    ).first?.get("request_id")
  }
}
