import Cryptography
import Foundation
import Postgres

/// The tables of a schema as the catalogue describes them to the runtime role: enough to make a
/// row of each.
struct CanaryTables: Sendable {
  struct Column: Sendable {
    let name: SQLIdentifier
    let type: String
    let isRequired: Bool
    let isInserted: Bool
    let isUpdated: Bool
    let isKey: Bool
    /// The texts that checks of the table compare the column with.
    let constants: [String]
  }

  struct Reference: Sendable {
    let table: String
    /// Without tenant_id: the column here, the column there.
    let columns: [(here: String, there: String)]
  }

  struct Table: Sendable {
    let name: SQLIdentifier
    var columns: [Column] = []
    var references: [Reference] = []

    var takesRows: Bool { columns.contains { $0.isInserted } }
    var keys: [SQLIdentifier] { columns.filter(\.isKey).map(\.name) }
  }

  let schema: SQLIdentifier
  private(set) var tables: [String: Table] = [:]

  var names: [String] { tables.keys.sorted() }

  init(_ schema: SQLIdentifier, _ pool: PostgresPool) async throws {
    self.schema = schema
    let results = try await pool.run([Self.columns(schema), Self.references(schema)])
    for row in results[0] {
      let name: String = try row.get("relation")
      let column = Column(
        name: try SQLIdentifier(row.get("name")), type: try row.get("type"),
        isRequired: try row.get("required"), isInserted: try row.get("inserted"),
        isUpdated: try row.get("updated"), isKey: try row.get("key"),
        constants: try row.get("constants"))
      let table = Table(name: try SQLIdentifier(name))
      tables[name, default: table].columns.append(column)
    }
    for row in results[1] {
      let pairs = zip(
        try row.get("here", as: [String].self), try row.get("there", as: [String].self))
      let reference = Reference(
        table: try row.get("other"),
        columns: pairs.filter { $0.0 != "tenant_id" }.map { (here: $0.0, there: $0.1) })
      tables[try row.get("relation")]?.references.append(reference)
    }
  }

  /// The bookkeeping of migrations is left out: all its rows are the platform's.
  private static func columns(_ schema: SQLIdentifier) -> SQL {
    """
    SELECT c.relname::text AS relation, a.attname::text AS name,
      format_type(a.atttypid, NULL) AS type, a.attnotnull AS required,
      has_column_privilege(c.oid, a.attnum, 'INSERT') AND a.attgenerated = '' AS inserted,
      has_column_privilege(c.oid, a.attnum, 'UPDATE') AS updated,
      EXISTS (SELECT FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid AND i.indisprimary
        AND a.attnum = ANY(i.indkey)) AS key,
      ARRAY(SELECT DISTINCT m[1] FROM pg_catalog.pg_constraint k
        CROSS JOIN LATERAL regexp_matches(
          pg_get_constraintdef(k.oid), '''([^'']*)''::text', 'g') AS m
        WHERE k.conrelid = c.oid AND k.contype = 'c' AND a.attnum = ANY(k.conkey)
        ORDER BY 1) AS constants
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE n.nspname = \(schema.name) AND c.relkind IN ('r', 'p') AND c.relname <> 'migration'
    ORDER BY c.relname, a.attnum
    """
  }

  private static func references(_ schema: SQLIdentifier) -> SQL {
    """
    SELECT c.relname::text AS relation, d.relname::text AS other,
      ARRAY(SELECT a.attname::text FROM unnest(f.conkey) WITH ORDINALITY AS k (number, place)
        JOIN pg_catalog.pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.number
        ORDER BY k.place) AS here,
      ARRAY(SELECT a.attname::text FROM unnest(f.confkey) WITH ORDINALITY AS k (number, place)
        JOIN pg_catalog.pg_attribute a ON a.attrelid = f.confrelid AND a.attnum = k.number
        ORDER BY k.place) AS there
    FROM pg_catalog.pg_constraint f
    JOIN pg_catalog.pg_class c ON c.oid = f.conrelid
    JOIN pg_catalog.pg_class d ON d.oid = f.confrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = \(schema.name) AND f.contype = 'f' ORDER BY f.conname
    """
  }
}

/// A row that could be stored, of nobody.
struct CanaryRow: Sendable {
  let table: CanaryTables.Table
  /// The texts of its values, by column; a column that is left out is NULL.
  var values: [String: String]

  var tenant: String {
    get { values["tenant_id"] ?? "" }
    set { values["tenant_id"] = newValue }
  }

  func insert(into schema: SQLIdentifier, suffix: SQL = "") -> SQL {
    var names: SQL = ""
    var texts: SQL = ""
    for column in table.columns where column.isInserted {
      guard let text = values[column.name.name], let type = CanaryValues.types[column.type] else {
        continue
      }
      names = names.text.isEmpty ? "\(column.name)" : "\(names), \(column.name)"
      texts =
        texts.text.isEmpty ? "\(text)::text::\(type)" : "\(texts), \(text)::text::\(type)"
    }
    return "INSERT INTO \(schema).\(table.name) (\(names)) VALUES (\(texts)) \(suffix)"
  }

  /// Names this row by its primary key.
  var isThisRow: SQL {
    var condition: SQL = "true"
    for column in table.columns where column.isKey {
      guard let text = values[column.name.name], let type = CanaryValues.types[column.type] else {
        continue
      }
      condition = "\(condition) AND \(column.name) = \(text)::text::\(type)"
    }
    return condition
  }
}

/// What stands in the columns of a canary's row.
enum CanaryValues {
  /// The types of which a value can be made, as text that PostgreSQL reads.
  static let types: [String: SQL] = [
    "uuid": "uuid", "text": "text", "character varying": "varchar", "bytea": "bytea",
    "smallint": "smallint", "integer": "integer", "bigint": "bigint", "boolean": "boolean",
    "date": "date", "timestamp with time zone": "timestamptz", "numeric": "numeric",
    "double precision": "float8", "interval": "interval", "jsonb": "jsonb", "json": "json",
    "text[]": "text[]", "bigint[]": "bigint[]", "integer[]": "integer[]",
    "smallint[]": "smallint[]", "uuid[]": "uuid[]", "bytea[]": "bytea[]", "inet": "inet",
  ]

  /// 32 random bytes for a bytea, a random uuid, else a plain value that most checks take.
  static func fresh(_ type: String, constant: String?) -> String? {
    switch type {
    case "uuid": UUID().canonical
    case "text", "character varying": constant ?? "canary-\(UUID().canonical)"
    case "bytea":
      "\\x" + (UUID().uuidString + UUID().uuidString).lowercased().replacing("-", with: "")
    case "smallint", "integer", "bigint", "numeric", "double precision": "1"
    case "boolean": "false"
    case "date", "timestamp with time zone": "2026-01-01"
    case "interval": "1 day"
    case "jsonb", "json": "{}"
    case "inet": "192.0.2.1"
    default: type.hasSuffix("[]") ? "{}" : nil
    }
  }
}
