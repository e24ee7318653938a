import FoundationEssentials
import Postgres

extension SQL {
  /// The tables that may hold rows of an organisation and that the service may delete from,
  /// `security_event` first, whose rows would otherwise be changed before they go, then `person`:
  /// what hangs on people goes with them.
  static let erasableTables = tables(
    "has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'DELETE')")

  /// Those that it may read.
  static let readableTables = tables("has_table_privilege(c.oid, 'SELECT')")

  // The catalogue, so that a table of a later migration is not forgotten.
  private static func tables(_ privileges: SQL) -> SQL {
    """
    SELECT c.relname::text AS name
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
    WHERE n.nspname = 'identity' AND c.relkind IN ('r', 'p')
      AND c.relname NOT IN ('organisation', 'migration') AND \(privileges)
    ORDER BY c.relname <> 'security_event', c.relname <> 'person', c.relname
    """
  }

  static func eraseRows(of tenant: UUID, in table: SQLIdentifier) -> SQL {
    "DELETE FROM identity.\(table) WHERE tenant_id = \(tenant)"
  }

  static func countRows(of tenant: UUID, in table: SQLIdentifier) -> SQL {
    "SELECT count(*) AS left_over FROM identity.\(table) WHERE tenant_id = \(tenant)"
  }

  static func organisationErase(_ tenant: UUID, at time: Date) -> SQL {
    """
    UPDATE identity.organisation SET erased_at = \(time), email_domains = '{}',
      self_registration = false
    WHERE tenant_id = \(tenant) AND erased_at IS NULL
    """
  }
}
