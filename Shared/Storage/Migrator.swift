package import Foundation
package import Logging
package import Postgres

/// Brings a schema up to date: each file in a transaction of its own, under an advisory lock, so
/// that several processes may start at once. What `MigrationLint` finds is refused before anything
/// runs.
///
/// The pool has two connections or more. Its role is `owner` or a member of it (or a superuser);
/// everything is done as `owner`.
package struct Migrator: Sendable {
  private let pool: PostgresPool
  private let schema: SQLIdentifier
  private let owner: SQLIdentifier
  private let runtime: SQLIdentifier
  private let log: Logger

  /// How long another process may migrate the same schema before this one gives up.
  static let lockWait: Duration = .seconds(600)
  /// Between two looks whether it has ended.
  static let lockPause: Duration = .milliseconds(100)

  package init(
    pool: PostgresPool, schema: String, owner: String, runtime: String, log: Logger
  ) throws(PostgresError) {
    self.pool = pool
    self.schema = try SQLIdentifier(schema)
    self.owner = try SQLIdentifier(owner)
    self.runtime = try SQLIdentifier(runtime)
    self.log = log
  }

  /// Runs what is pending in `directory` and returns the names of what ran.
  @discardableResult
  package func run(directory: URL) async throws(MigrationError) -> [String] {
    let files = try MigrationFile.load(directory)
    let findings = try await plan(files).findings
    guard findings.isEmpty else { throw .unsafe(findings) }
    try await prepare()
    var applied: [String] = []
    for file in files {
      let script = try script(of: file)
      if try await apply(file, script, of: files) {
        log.info(
          "migration applied", metadata: ["schema": "\(schema)", "migration": "\(file.name)"])
        applied.append(file.name)
      }
    }
    if files.isEmpty { _ = try await apply(nil, "", of: files) }
    return applied
  }

  /// What `run` would do.
  package struct Plan: Sendable {
    /// The names and statements of what is pending, in their order.
    package var pending: [(name: String, script: String)]
    /// Why it would be refused.
    package var findings: [MigrationLint.Finding]
  }

  /// Changes nothing.
  package func plan(directory: URL) async throws(MigrationError) -> Plan {
    try await plan(try MigrationFile.load(directory))
  }

  private func plan(_ files: [MigrationFile]) async throws(MigrationError) -> Plan {
    let done: Int
    do {
      let table = try await pool.run([bookkeepingFetch])[0]
      let applied =
        table.isEmpty
        ? [] : try await pool.run([becomeOwner, AppliedMigration.fetch(schema)])[1].rows
      done = try Migrator.verify(try applied.map(AppliedMigration.init), files)
    } catch let error as PostgresError {
      throw .database(error)
    } catch let error as MigrationError {
      throw error
    } catch {
      preconditionFailure("reading what has run throws its own errors only: \(error)")
    }
    var plan = Plan(pending: [], findings: [])
    for file in files.dropFirst(done) { plan.pending.append((file.name, try script(of: file))) }
    let names = Set(plan.pending.map(\.name))
    plan.findings = MigrationLint.findings(files).filter { names.contains($0.file) }
    return plan
  }

  private func script(of file: MigrationFile) throws(MigrationError) -> String {
    try file.script(schema: schema, owner: owner, runtime: runtime)
  }

  /// Compares what has run with what this binary knows; returns how many have run.
  static func verify(
    _ applied: [AppliedMigration], _ files: [MigrationFile]
  ) throws(MigrationError) -> Int {
    for (position, done) in applied.enumerated() {
      guard done.number == position + 1 else {
        throw .gap(expected: position + 1, found: done.name)
      }
      guard position < files.count else {
        throw .newerDatabase(applied: applied.count, known: files.count)
      }
      let file = files[position]
      guard done.name == file.name else { throw .renamed(applied: done.name, file: file.name) }
      guard done.checksum == file.checksum else { throw .changed(file.name) }
    }
    return applied.count
  }

  // MARK: Steps

  /// Hold for the transaction alone; a lock that the running service holds for long makes the
  /// migration fail rather than everyone wait.
  private var prelude: [SQL] {
    [
      """
      SELECT set_config('lock_timeout', '10s', true), set_config('search_path', 'pg_catalog', true)
      """
    ]
  }

  private var becomeOwner: SQL { "SELECT set_config('role', \(owner.name), true)" }

  private var bookkeepingFetch: SQL {
    """
    SELECT 1 FROM pg_catalog.pg_tables
    WHERE schemaname = \(schema.name) AND tablename = 'migration'
    """
  }

  private func prepare() async throws(MigrationError) {
    try await transaction { transaction in
      let known = try await transaction.query(
        "SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = \(schema.name)")
      if known.isEmpty {
        do throws(PostgresError) {
          try await transaction.query("CREATE SCHEMA \(schema) AUTHORIZATION \(owner)")
        } catch {
          guard error.sqlstate == "42501" else { throw error }
          throw MigrationError.noSchema(schema: schema.name, owner: owner.name)
        }
      }
      try await transaction.query(becomeOwner)
      let table = try await transaction.query(bookkeepingFetch)
      if table.isEmpty { try await transaction.simple(bookkeeping) }
    }
  }

  /// True if it ran; false if it had run before.
  private func apply(
    _ file: MigrationFile?, _ script: String, of files: [MigrationFile]
  ) async throws(MigrationError) -> Bool {
    try await transaction { transaction in
      let results = try await transaction.query(all: [
        becomeOwner, AppliedMigration.fetch(schema),
      ])
      let applied = try results[1].map(AppliedMigration.init)
      let done = try Migrator.verify(applied, files)
      guard let file, file.number > done else { return false }
      do throws(PostgresError) {
        try await transaction.query(
          "SELECT set_config('ikso.migration', \(file.name), true)")
        if file.isTransactional {
          try await transaction.simple(script)
        } else {
          try await runAlone(file, script, lockedBy: transaction)
        }
      } catch {
        throw MigrationError.failed(file.name, error)
      }
      let mark = try await transaction.query(
        "SELECT current_setting('ikso.migration', true) AS mark")
      let inside: String? = try mark[0].get("mark")
      guard inside == file.name else { throw MigrationError.leftTransaction(file.name) }
      try await transaction.query(
        """
        INSERT INTO \(schema).migration (number, name, checksum)
        VALUES (\(file.number), \(file.name), \(file.checksum))
        """)
      return true
    }
  }

  /// Runs a file on a connection of its own, while `transaction` holds the advisory lock. An index
  /// that an earlier attempt left half-made is made anew; one that it finished is left alone.
  private func runAlone(
    _ file: MigrationFile, _ script: String, lockedBy transaction: PostgresTransaction
  ) async throws(PostgresError) {
    guard let step = file.indexStep else {
      preconditionFailure("\(file.name) has passed the lint and is not about one index")
    }
    var scripts = [script]
    switch step {
    case .create(let name):
      let index = try SQLIdentifier(name)
      if let isValid = try await indexIsValid(index, transaction) {
        if isValid { return }
        scripts.insert("DROP INDEX CONCURRENTLY \(schema.quoted).\(index.quoted)", at: 0)
      }
    case .drop(let name):
      if try await indexIsValid(try SQLIdentifier(name), transaction) == nil { return }
    }
    // The portal of a bound statement keeps its snapshot, for whose end CONCURRENTLY would wait; a
    // simple query closes it.
    try await transaction.simple("SELECT 1")
    for script in scripts { try await elsewhere(script) }
  }

  /// Nil if there is none.
  private func indexIsValid(
    _ index: SQLIdentifier, _ transaction: PostgresTransaction
  ) async throws(PostgresError) -> Bool? {
    try await transaction.query(
      """
      SELECT i.indisvalid AS valid FROM pg_catalog.pg_index i
      JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = \(schema.name) AND c.relname = \(index.name)
      """
    ).first?.get("valid")
  }

  /// As a task of its own: a transaction may not ask its pool for a second connection, for fear of
  /// starving it, and here nobody else uses the pool.
  private func elsewhere(_ script: String) async throws(PostgresError) {
    async let outcome = Self.outcome(of: script, on: pool)
    try await outcome.get()
  }

  private static func outcome(
    of script: String, on pool: PostgresPool
  ) async -> Result<Void, PostgresError> {
    do throws(PostgresError) {
      return .success(try await pool.simple(script))
    } catch {
      return .failure(error)
    }
  }

  private struct LockTaken: Error {}

  /// Runs `body` in a transaction that holds the advisory lock of the schema.
  ///
  /// Whoever has to wait looks again and again instead of asking PostgreSQL to wait: a statement
  /// that waits keeps its snapshot, and CREATE INDEX CONCURRENTLY of the process that holds the
  /// lock waits for the end of all snapshots.
  private func transaction<Value>(
    _ body: (PostgresTransaction) async throws -> Value
  ) async throws(MigrationError) -> Value {
    let end = ContinuousClock.now + Self.lockWait
    while true {
      do {
        return try await pool.transaction(prelude: prelude) { transaction in
          let lock = try await transaction.query(
            """
            SELECT pg_try_advisory_xact_lock(
              hashtextextended(\("ikso.migration.\(schema)"), 0)) AS taken
            """)
          guard try lock[0].get("taken", as: Bool.self) else { throw LockTaken() }
          return try await body(transaction)
        }
      } catch is LockTaken {
        guard ContinuousClock.now < end else { throw .busy(schema: schema.name) }
        do { try await Task.sleep(for: Self.lockPause) } catch { throw .database(.cancelled) }
      } catch let error as MigrationError {
        throw error
      } catch let error as PostgresError {
        throw .database(error)
      } catch {
        preconditionFailure("a migration throws its own errors only: \(error)")
      }
    }
  }

  private var bookkeeping: String {
    let table = "\(schema.quoted).migration"
    let platform = "'00000000-0000-0000-0000-000000000000'::uuid"
    return """
      CREATE TABLE \(table) (
        tenant_id uuid NOT NULL DEFAULT \(platform),
        number bigint NOT NULL,
        name text NOT NULL,
        checksum text NOT NULL,
        applied_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT migration_pkey PRIMARY KEY (tenant_id, number)
      );
      ALTER TABLE \(table) ENABLE ROW LEVEL SECURITY;
      ALTER TABLE \(table) FORCE ROW LEVEL SECURITY;
      CREATE POLICY platform ON \(table)
        USING (tenant_id = \(platform)) WITH CHECK (tenant_id = \(platform));
      COMMENT ON COLUMN \(table).tenant_id IS 'class=none; always the platform';
      COMMENT ON COLUMN \(table).number IS 'class=none';
      COMMENT ON COLUMN \(table).name IS 'class=none';
      COMMENT ON COLUMN \(table).checksum IS 'class=none; SHA-256 of the file';
      COMMENT ON COLUMN \(table).applied_at IS 'class=none';
      GRANT USAGE ON SCHEMA \(schema.quoted) TO \(runtime.quoted);
      GRANT SELECT ON \(table) TO \(runtime.quoted);
      """
  }
}

/// A row of the table `migration`.
struct AppliedMigration: Sendable {
  let number: Int
  let name: String
  let checksum: String

  init(number: Int, name: String, checksum: String) {
    self.number = number
    self.name = name
    self.checksum = checksum
  }

  init(_ row: Row) throws(PostgresError) {
    number = try row.get("number")
    name = try row.get("name")
    checksum = try row.get("checksum")
  }

  static func fetch(_ schema: SQLIdentifier) -> SQL {
    "SELECT number, name, checksum FROM \(schema).migration ORDER BY number"
  }
}
