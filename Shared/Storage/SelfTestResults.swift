package import Foundation
package import Postgres

/// The latest results of a service's self-test, as it has signed them.
package struct SelfTestResults: Sendable {
  /// Results that are kept; a nightly run makes that a quarter of a year.
  package static let kept = 100

  private let pool: PostgresPool
  private let schema: SQLIdentifier

  package init(pool: PostgresPool, schema: String) throws(PostgresError) {
    self.pool = pool
    self.schema = try SQLIdentifier(schema)
  }

  package func add(
    _ report: String, passed: Bool, finishedAt: Date
  ) async throws(PostgresError) {
    let platform = UUID.platform
    _ = try await pool.run([
      SelfTest.become(platform),
      """
      INSERT INTO \(schema).self_test (tenant_id, run_id, finished_at, passed, report)
      VALUES (\(platform), \(UUID()), \(finishedAt), \(passed), \(report))
      """,
      """
      DELETE FROM \(schema).self_test WHERE tenant_id = \(platform) AND run_id IN (
        SELECT run_id FROM \(schema).self_test WHERE tenant_id = \(platform)
        ORDER BY finished_at DESC OFFSET \(Self.kept))
      """,
    ])
  }

  /// Nil before the first.
  package func latest() async throws(PostgresError) -> String? {
    try await pool.run([
      SelfTest.become(.platform),
      """
      SELECT report FROM \(schema).self_test WHERE tenant_id = \(UUID.platform)
      ORDER BY finished_at DESC LIMIT 1
      """,
    ])[1].first?.get("report")
  }
}
