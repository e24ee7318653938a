package import FoundationEssentials
package import Postgres

/// What the erasure of a person has deleted in a service, all calls of it together: the table
/// `subject_erasure` of the service's schema, by the request that ordered it.
///
/// It is added to in the transaction that deletes. Whoever dies after that, or before the answer is
/// stored, is called again: the repetition finds nothing, and tells what was there.
package struct SubjectErasureCount: Sendable {
  private let schema: SQLIdentifier

  package init(schema: String) throws(PostgresError) { self.schema = try SQLIdentifier(schema) }

  /// Adds rows that `transaction` has deleted, at its commit. Without a request nothing is counted.
  package func add(
    _ rows: [ErasedRows], of subject: Subject, at time: Date, in transaction: TenantTransaction
  ) throws(PostgresError) {
    guard let request = subject.request else { return }
    let deleted = rows.filter { $0.rows > 0 }
    guard !deleted.isEmpty else { return }
    let (tables, counts) = (deleted.map(\.table), deleted.map { String($0.rows) })
    try transaction.queryAtCommit([
      """
      INSERT INTO \(schema).subject_erasure (tenant_id, request_id, begun_at, counts)
      VALUES (\(transaction.tenant), \(request), \(time),
        jsonb_object(\(tables)::text[], \(counts)::text[]))
      ON CONFLICT ON CONSTRAINT subject_erasure_pkey DO UPDATE SET counts = (
        SELECT jsonb_object_agg(summed.key, summed.rows) FROM (
          SELECT part.key, sum(part.value::bigint) AS rows FROM (
            SELECT key, value FROM jsonb_each_text(subject_erasure.counts)
            UNION ALL SELECT key, value FROM jsonb_each_text(excluded.counts)) AS part
          GROUP BY part.key) AS summed)
      """
    ])
  }

  /// `rows`, which this call has deleted, with what earlier calls of the same request had.
  package func total(
    _ rows: [ErasedRows], of subject: Subject, in database: Database
  ) async throws -> [ErasedRows] {
    guard let request = subject.request else { return rows }
    let counted = try await database.once(
      subject.mandate,
      """
      SELECT counted.key AS label, counted.value::bigint AS rows
      FROM \(schema).subject_erasure CROSS JOIN LATERAL jsonb_each_text(counts) AS counted
      WHERE tenant_id = \(subject.tenant) AND request_id = \(request)
      """)[0]
    var totals: [String: Int] = [:]
    for row in counted {
      totals[try row.get("label")] = Int(try row.get("rows", as: Int64.self))
    }
    return rows.map { ErasedRows(table: $0.table, rows: totals[$0.table] ?? 0) }
  }
}
