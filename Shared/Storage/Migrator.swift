package import Foundation
package import Logging
package import Postgres

/// Brings a schema up to date: each file in a transaction of its own, under an advisory lock, so
/// that several processes may start at once.
///
/// The pool's role is `owner` or a member of it (or a superuser); everything is done as `owner`.
package struct Migrator: Sendable {
  private let pool: PostgresPool
  private let schema: SQLIdentifier
  private let owner: SQLIdentifier
  private let runtime: SQLIdentifier
  private let log: Logger

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
    try await prepare()
    var applied: [String] = []
    for file in files {
      let script = try file.script(schema: schema, owner: owner, runtime: runtime)
      if try await apply(file, script, of: files) {
        log.info(
          "migration applied", metadata: ["schema": "\(schema)", "migration": "\(file.name)"])
        applied.append(file.name)
      }
    }
    if files.isEmpty { _ = try await apply(nil, "", of: files) }
    return applied
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

  /// The lock ends with the transaction. The other settings hold for it alone as well; a lock that
  /// the running service holds for long makes the migration fail rather than everyone wait.
  private var prelude: [SQL] {
    [
      "SELECT pg_advisory_xact_lock(hashtextextended(\("ikso.migration.\(schema)"), 0))",
      """
      SELECT set_config('lock_timeout', '10s', true), set_config('search_path', 'pg_catalog', true)
      """,
    ]
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
      try await transaction.query("SELECT set_config('role', \(owner.name), true)")
      let table = try await transaction.query(
        """
        SELECT 1 FROM pg_catalog.pg_tables
        WHERE schemaname = \(schema.name) AND tablename = 'migration'
        """)
      if table.isEmpty { try await transaction.simple(bookkeeping) }
    }
  }

  /// True if it ran; false if it had run before.
  private func apply(
    _ file: MigrationFile?, _ script: String, of files: [MigrationFile]
  ) async throws(MigrationError) -> Bool {
    try await transaction { transaction in
      let results = try await transaction.query(all: [
        "SELECT set_config('role', \(owner.name), true)", AppliedMigration.fetch(schema),
      ])
      let applied = try results[1].map(AppliedMigration.init)
      let done = try Migrator.verify(applied, files)
      guard let file, file.number > done else { return false }
      do throws(PostgresError) {
        try await transaction.query(
          "SELECT set_config('ikso.migration', \(file.name), true)")
        try await transaction.simple(script)
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

  private func transaction<Value>(
    _ body: (PostgresTransaction) async throws -> Value
  ) async throws(MigrationError) -> Value {
    do {
      return try await pool.transaction(prelude: prelude, body)
    } catch let error as MigrationError {
      throw error
    } catch let error as PostgresError {
      throw .database(error)
    } catch {
      preconditionFailure("a migration throws its own errors only: \(error)")
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
