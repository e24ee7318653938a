import Postgres

/// Every table of a schema with its columns, as the catalogue of the database has them: the classes
/// are those that a service insists on when it starts (`StartupCheck`), never a list of its own.
package struct Holdings: Sendable {
  package struct Table: Sendable, Equatable {
    /// With its schema.
    package var name: String
    package var columns: [Column]

    package init(name: String, columns: [Column]) { (self.name, self.columns) = (name, columns) }
  }

  package struct Column: Sendable, Equatable {
    package var name: String
    /// Nil: the catalogue says none, which no service starts with.
    package var kind: Kind?
    /// Encrypted before it is stored: bytes, and said to be so beside the class.
    package var isSealed: Bool

    package init(name: String, kind: Kind?, isSealed: Bool) {
      (self.name, self.kind, self.isSealed) = (name, kind, isSealed)
    }
  }

  /// How much a column says about a person: the class at the beginning of its comment.
  package enum Kind: String, Sendable, CaseIterable {
    case nothing = "none"
    case pseudonym
    case personal
    case confidential
    case secret
  }

  private let database: Database
  private let schema: String

  package init(database: Database, schema: String) {
    (self.database, self.schema) = (database, schema)
  }

  /// By name.
  package func tables() async throws -> [Table] {
    var tables: [Table] = []
    for row in try await database.once(tenant: .platform, catalogue)[0] {
      let name: String = try row.get("name")
      if tables.last?.name != name { tables.append(Table(name: name, columns: [])) }
      let kind: String? = try row.get("kind")
      tables[tables.count - 1].columns.append(
        Column(
          name: try row.get("column"), kind: kind.flatMap(Kind.init(rawValue:)),
          isSealed: try row.get("is_sealed")))
    }
    return tables
  }

  private var catalogue: SQL {
    """
    SELECT n.nspname || '.' || c.relname AS name, a.attname::text AS column,
      substring(col_description(c.oid, a.attnum) from '^class=([a-z]+)(?:;|$)') AS kind,
      a.atttypid = 'bytea'::regtype
        AND coalesce(col_description(c.oid, a.attnum) ~ '\\msealed\\M', false) AS is_sealed
    FROM pg_catalog.pg_attribute a
    JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = \(schema) AND c.relkind IN ('r', 'p')
      AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY n.nspname, c.relname, a.attnum
    """
  }
}
