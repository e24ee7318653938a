import Cryptography
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

  /// Runs `body` in a transaction of the mandate's tenant: COMMIT when it returns, ROLLBACK when it
  /// throws.
  ///
  /// Fetch keys from the `Vault` before; inside, ask only the transaction. A statement that failed
  /// ends the transaction, whatever the body returns. `repeatable`: the body does nothing but ask
  /// the transaction, and may run again when PostgreSQL chose it to give way to another one.
  package func transaction<Value>(
    _ mandate: Mandate, repeatable: Bool = false,
    _ body: (TenantTransaction) async throws -> Value
  ) async throws -> Value {
    let limit = limit(mandate)
    var repetition = Repetition(isAllowed: repeatable, until: limit)
    while true {
      do {
        return try await pool.transaction(
          prelude: [prelude(mandate, limit)], share: mandate.tenant, deadline: limit
        ) {
          try await body(TenantTransaction(tenant: mandate.tenant, transaction: $0))
        }
      } catch let error as PostgresError {
        try await repetition.wait(after: error)
      }
    }
  }

  /// Runs `statements` as one transaction of the mandate's tenant in one round trip; once more if
  /// PostgreSQL chose it to give way to another one, unless `repeatable` is false.
  @discardableResult
  package func once(
    _ mandate: Mandate, repeatable: Bool = true, _ statements: SQL...
  ) async throws(PostgresError) -> [ResultSet] {
    try await once(mandate, repeatable: repeatable, all: statements)
  }

  @discardableResult
  package func once(
    _ mandate: Mandate, repeatable: Bool = true, all statements: [SQL]
  ) async throws(PostgresError) -> [ResultSet] {
    let limit = limit(mandate)
    var repetition = Repetition(isAllowed: repeatable, until: limit)
    while true {
      do throws(PostgresError) {
        let results = try await pool.run(
          [prelude(mandate, limit)] + statements, share: mandate.tenant, deadline: limit)
        return Array(results.dropFirst())
      } catch {
        try await repetition.wait(after: error)
      }
    }
  }

  private func limit(_ mandate: Mandate) -> ContinuousClock.Instant {
    let longest = ContinuousClock.now + longestCall
    return mandate.deadline.map { min($0, longest) } ?? longest
  }

  /// `true`: for this transaction only.
  private func prelude(_ mandate: Mandate, _ limit: ContinuousClock.Instant) -> SQL {
    let left = (limit - .now).components
    let milliseconds = left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000
    return """
      SELECT set_config('ikso.tenant', \(mandate.tenant.uuidString), true), \
      set_config('ikso.purpose', \(mandate.purpose), true), \
      set_config('statement_timeout', \("\(max(1, milliseconds))"), true)
      """
  }
}

/// What a service does of itself, on nobody's call.
extension Database {
  package func transaction<Value>(
    tenant: UUID, deadline: ContinuousClock.Instant? = nil,
    _ body: (TenantTransaction) async throws -> Value
  ) async throws -> Value {
    try await transaction(Mandate(tenant: tenant, deadline: deadline), body)
  }

  @discardableResult
  package func once(
    tenant: UUID, deadline: ContinuousClock.Instant? = nil, _ statements: SQL...
  ) async throws(PostgresError) -> [ResultSet] {
    try await once(Mandate(tenant: tenant, deadline: deadline), all: statements)
  }

  @discardableResult
  package func once(
    tenant: UUID, deadline: ContinuousClock.Instant? = nil, all statements: [SQL]
  ) async throws(PostgresError) -> [ResultSet] {
    try await once(Mandate(tenant: tenant, deadline: deadline), all: statements)
  }
}

/// How often a unit of work that gave way to another one is done again. Nothing of it has taken
/// effect: the server has rolled it back.
struct Repetition {
  static let limit = 5
  /// The first pause is at most as long, each further one twice the one before; their lengths are
  /// drawn by lot, so that those who met do not meet again.
  static let pause: Duration = .milliseconds(10)

  let isAllowed: Bool
  let until: ContinuousClock.Instant
  private var done = 0

  init(isAllowed: Bool, until: ContinuousClock.Instant) {
    self.isAllowed = isAllowed
    self.until = until
  }

  /// Returns when it may be done again; throws `error` if it may not.
  mutating func wait(after error: PostgresError) async throws(PostgresError) {
    guard isAllowed, error.gaveWay, done < Self.limit else { throw error }
    let pause = Self.pause * (1 << done) * Double.random(in: 0...1)
    guard .now + pause < until else { throw error }
    done += 1
    do {
      try await Task.sleep(for: pause)
    } catch {
      throw .cancelled
    }
  }
}

extension PostgresError {
  /// 40001 serialization_failure, 40P01 deadlock_detected.
  var gaveWay: Bool { sqlstate == "40001" || sqlstate == "40P01" }
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

  /// Statements that travel with COMMIT, at no round trip of their own.
  package func queryAtCommit(_ statements: [SQL]) throws(PostgresError) {
    try transaction.queryAtCommit(statements)
  }

  /// The same for rows of the platform's tenant: what a change in an organisation leaves in a list
  /// of the platform's is there when the change is, and not otherwise.
  package func platformQueryAtCommit(_ statements: [SQL]) throws(PostgresError) {
    try transaction.queryAtCommit(SQL.asPlatform(statements, backTo: tenant))
  }

  /// Asks for rows of the platform's within a transaction of an organisation: what both decide on
  /// together is read under one lock.
  package func platformQuery(_ statement: SQL) async throws(PostgresError) -> ResultSet {
    try await transaction.query(all: SQL.asPlatform([statement], backTo: tenant))[1]
  }

  /// Statements on rows of organisations, in a transaction of the platform and one round trip: what
  /// it tells them is told to all of them or to none.
  /// - Returns: what each gave, in their order.
  @discardableResult
  package func query(
    each statements: [(tenant: UUID, statement: SQL)]
  ) async throws(PostgresError) -> [ResultSet] {
    precondition(tenant == .platform, "an organisation's transaction touches its own rows only")
    let changes = statements.flatMap { [SQL.become($0.tenant), $0.statement] }
    let results = try await transaction.query(all: changes + [SQL.become(tenant)])
    return statements.indices.map { results[2 * $0 + 1] }
  }
}

extension UUID {
  /// The tenant "platform": operators, signing keys, and what belongs to no client.
  package static let platform = UUID(
    uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))

  /// The next one in the order that PostgreSQL has them in; nil after the last.
  ///
  /// Where somebody goes on who reads people by their ids: unlike the last id it is nobody's, so
  /// that whoever is erased meanwhile stands nowhere.
  package var successor: UUID? {
    var next = uuid
    let isLast = unsafe withUnsafeMutableBytes(of: &next) { bytes in
      for position in bytes.indices.reversed() {
        unsafe bytes[position] &+= 1
        if unsafe bytes[position] != 0 { return false }
      }
      return true
    }
    return isLast ? nil : UUID(uuid: next)
  }

  var bytes: [UInt8] { unsafe withUnsafeBytes(of: uuid) { unsafe Array($0) } }
}
