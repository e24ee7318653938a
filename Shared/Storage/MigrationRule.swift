/// What a migration may not do to a table that is in use. The raw value is what `-- allow` names.
package enum MigrationRule: String, Sendable, CaseIterable {
  case notNull = "not-null"
  case volatileDefault = "volatile-default"
  case type
  case setNotNull = "set-not-null"
  case notValid = "not-valid"
  case validate
  case index
  case drop
  case rename
  case rewrite
  case lock
  case rows
  case dynamic
  case revoke
  case isolation
  case transaction
  case alone

  package var problem: String {
    switch self {
    case .notNull: "a NOT NULL column without a default fails on rows that are there"
    case .volatileDefault: "a default that differs from row to row rewrites the table"
    case .type: "a change of type rewrites the table, and the previous binary reads the old one"
    case .setNotNull: "SET NOT NULL reads the whole table under a lock that stops all calls"
    case .notValid: "a constraint is checked against the whole table under a lock"
    case .validate: "the lock of ADD CONSTRAINT is kept while VALIDATE reads the table"
    case .index: "making or dropping an index stops the writes, or all calls, meanwhile"
    case .drop: "the previous binary still uses what is dropped"
    case .rename: "the previous binary knows the old name only"
    case .rewrite: "the table is rewritten under a lock that stops all calls"
    case .lock: "the lock stops calls"
    case .rows: "row security is forced: the owner changes no row of a tenant"
    case .dynamic: "what is put together at run time cannot be checked"
    case .revoke: "the previous binary may need the right"
    case .isolation: "the wall between tenants is taken down or changed"
    case .transaction: "each file is one transaction"
    case .alone: "a file that is not in a transaction holds something else than one index"
    }
  }

  package var remedy: String {
    switch self {
    case .notNull: "give a constant DEFAULT, or add the column without NOT NULL"
    case .volatileDefault: "add the column without it, SET DEFAULT after, fill from the service"
    case .type: "add a column of the new type and let the service write both"
    case .setNotNull:
      "CHECK (column IS NOT NULL) NOT VALID, VALIDATE it in a later file, then this"
    case .notValid:
      "add it NOT VALID and VALIDATE it in a later file; UNIQUE by USING INDEX"
    case .validate: "VALIDATE CONSTRAINT in a later file"
    case .index:
      "CONCURRENTLY, alone in a file that begins with the line \(MigrationFile.aloneMark)"
    case .drop: "drop in a later release, with a comment that says since when nothing uses it"
    case .rename: "add what is new, let the service use both, drop the old in a later release"
    case .rewrite: "add a table or column beside it and let the service move over"
    case .lock: "do without it, or from outside at a quiet hour"
    case .rows: "let the service fill it, tenant by tenant"
    case .dynamic: "write the statements out"
    case .revoke: "revoke in a later release"
    case .isolation: "leave the policy as in the README of Storage"
    case .transaction: "leave BEGIN, COMMIT and ROLLBACK out"
    case .alone: "one CREATE INDEX CONCURRENTLY or DROP INDEX CONCURRENTLY to a file"
    }
  }
}
