package import FoundationEssentials
package import Postgres

/// A service's database as seen by one tenant at a time.
///
/// The tenant is a setting of the transaction alone: it ends with it, so that it cannot leak to
/// the connection's next user, and without it row security shows no row.
package struct Database: Sendable {
  package let pool: PostgresPool
  /// The longest that a call may take; an earlier deadline comes first.
  package let longestCall: Duration

  package init(pool: PostgresPool, longestCall: Duration = .seconds(30)) {
    self.pool = pool
    self.longestCall = longestCall
  }

  /// Runs `body` in a transaction of `tenant`: COMMIT when it returns, ROLLBACK when it throws.
  ///
  /// Fetch keys from the `Vault` before; inside, ask only the transaction. A statement that failed
  /// ends the transaction, whatever the body returns.
  package func transaction<Value>(
    tenant: UUID, deadline: ContinuousClock.Instant? = nil,
    _ body: (TenantTransaction) async throws -> Value
  ) async throws -> Value {
    let limit = limit(deadline)
    return try await pool.transaction(prelude: [prelude(tenant, limit)], deadline: limit) {
      try await body(TenantTransaction(tenant: tenant, transaction: $0))
    }
  }

  /// Runs `statements` as one transaction of `tenant` in one round trip.
  @discardableResult
  package func once(
    tenant: UUID, deadline: ContinuousClock.Instant? = nil, _ statements: SQL...
  ) async throws(PostgresError) -> [ResultSet] {
    try await once(tenant: tenant, deadline: deadline, all: statements)
  }

  @discardableResult
  package func once(
    tenant: UUID, deadline: ContinuousClock.Instant? = nil, all statements: [SQL]
  ) async throws(PostgresError) -> [ResultSet] {
    let limit = limit(deadline)
    let results = try await pool.run([prelude(tenant, limit)] + statements, deadline: limit)
    return Array(results.dropFirst())
  }

  private func limit(_ deadline: ContinuousClock.Instant?) -> ContinuousClock.Instant {
    let longest = ContinuousClock.now + longestCall
    return deadline.map { min($0, longest) } ?? longest
  }

  /// `true`: for this transaction only.
  private func prelude(_ tenant: UUID, _ limit: ContinuousClock.Instant) -> SQL {
    let left = (limit - .now).components
    let milliseconds = left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000
    return """
      SELECT set_config('ikso.tenant', \(tenant.uuidString), true), \
      set_config('statement_timeout', \("\(max(1, milliseconds))"), true)
      """
  }
}

/// A transaction in which one tenant is set.
package struct TenantTransaction: Sendable {
  package let tenant: UUID
  private let transaction: PostgresTransaction

  init(tenant: UUID, transaction: PostgresTransaction) {
    self.tenant = tenant
    self.transaction = transaction
  }

  package var deadline: ContinuousClock.Instant? { transaction.deadline }

  @discardableResult
  package func query(_ statement: SQL) async throws(PostgresError) -> ResultSet {
    try await transaction.query(statement)
  }

  /// All statements in one round trip.
  @discardableResult
  package func query(all statements: [SQL]) async throws(PostgresError) -> [ResultSet] {
    try await transaction.query(all: statements)
  }
}

extension UUID {
  /// The tenant "platform": operators, signing keys, and what belongs to no client.
  package static let platform = UUID(
    uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))

  var bytes: [UInt8] { unsafe withUnsafeBytes(of: uuid) { unsafe Array($0) } }
}
