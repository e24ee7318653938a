import Postgres

/// What `StartupCheck` asks the catalogue.
enum StartupQueries {
  /// A query whose rows, named by the column `subject`, are violations.
  struct Rule: Sendable {
    let problem: String
    let remedy: String
    let query: @Sendable ([String]) -> SQL
  }

  static func role(_ schemas: [String]) -> SQL {
    """
    SELECT r.rolname::text AS name, r.rolsuper AS superuser, r.rolbypassrls AS bypasses,
      NOT r.rolsuper AND EXISTS (
        SELECT 1 FROM pg_catalog.pg_namespace n
        LEFT JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid
        WHERE n.nspname = ANY(\(schemas)) AND (
          pg_has_role(r.oid, n.nspowner, 'MEMBER')
          OR coalesce(pg_has_role(r.oid, c.relowner, 'MEMBER'), false))) AS member
    FROM pg_catalog.pg_roles r WHERE r.rolname = current_user
    """
  }

  static let rules: [Rule] =
    [
      Rule(
        problem: "does not exist",
        remedy: "run the migrate command against this database"
      ) { schemas in
        """
        SELECT 'schema ' || wanted AS subject FROM unnest(\(schemas)) AS wanted
        WHERE NOT EXISTS (SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = wanted)
        """
      },
      tables("is owned by the runtime role", "ALTER TABLE … OWNER TO the owner role") {
        "pg_has_role(c.relowner, 'USAGE') AND c.relowner = current_user::regrole"
      },
      tables(
        "has no forced row security",
        "ALTER TABLE … ENABLE ROW LEVEL SECURITY; ALTER TABLE … FORCE ROW LEVEL SECURITY"
      ) {
        "NOT (c.relrowsecurity AND c.relforcerowsecurity)"
      },
      tables("has no policy", "CREATE POLICY as in the README of Storage") {
        "NOT EXISTS (SELECT 1 FROM pg_catalog.pg_policy p WHERE p.polrelid = c.oid)"
      },
      tables("can be truncated by the runtime role", "REVOKE TRUNCATE: it ignores row security") {
        "has_table_privilege(c.oid, 'TRUNCATE') AND c.relowner <> current_user::regrole"
      },
      tables("has no primary key that begins with tenant_id", "lead the primary key with it") {
        """
        NOT EXISTS (
          SELECT 1 FROM pg_catalog.pg_index i
          JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
          WHERE i.indrelid = c.oid AND i.indisprimary AND a.attname = 'tenant_id'
            AND a.atttypid = 'uuid'::regtype)
        """
      },
    ] + policies + columns + shapes + catalogue

  private static func tables(
    _ problem: String, _ remedy: String, _ violation: @escaping @Sendable () -> SQL
  ) -> Rule {
    Rule(problem: problem, remedy: remedy) { schemas in
      """
      SELECT 'table ' || n.nspname || '.' || c.relname AS subject
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ANY(\(schemas)) AND c.relkind IN ('r', 'p') AND (\(violation()))
      ORDER BY 1
      """
    }
  }

  /// How PostgreSQL prints the one expression that a permissive policy may have; the bookkeeping
  /// of migrations belongs to the platform.
  private static let expression =
    "(tenant_id = (NULLIF(current_setting('ikso.tenant'::text, true), ''::text))::uuid)"
  private static let bookkeeping =
    "(tenant_id = '00000000-0000-0000-0000-000000000000'::uuid)"

  private static let policies: [Rule] = [
    policy("lacks USING", "write USING as in the README of Storage") {
      "p.polqual IS NULL AND p.polcmd <> 'a'"
    },
    policy("lacks WITH CHECK", "write WITH CHECK too, or rows can move to another tenant") {
      "p.polwithcheck IS NULL AND p.polcmd IN ('*', 'a', 'w')"
    },
    policy(
      "is not the tenant's policy", "write exactly the expression in the README of Storage"
    ) {
      """
      p.polpermissive AND (
        coalesce(pg_get_expr(p.polqual, p.polrelid), wanted) <> wanted
        OR coalesce(pg_get_expr(p.polwithcheck, p.polrelid), wanted) <> wanted)
      """
    },
  ]

  private static func policy(
    _ problem: String, _ remedy: String, _ violation: @escaping @Sendable () -> SQL
  ) -> Rule {
    Rule(problem: problem, remedy: remedy) { schemas in
      """
      SELECT 'policy ' || p.polname || ' on ' || n.nspname || '.' || c.relname AS subject
      FROM pg_catalog.pg_policy p
      JOIN pg_catalog.pg_class c ON c.oid = p.polrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      CROSS JOIN LATERAL (
        SELECT CASE c.relname WHEN 'migration' THEN \(bookkeeping) ELSE \(expression) END
      ) AS form (wanted)
      WHERE n.nspname = ANY(\(schemas)) AND (\(violation()))
      ORDER BY 1
      """
    }
  }

  private static let columns: [Rule] = [
    Rule(
      problem: "has no comment that begins with its class",
      remedy: "COMMENT ON COLUMN … IS 'class=none|pseudonym|personal|confidential|secret; …'"
    ) { schemas in
      """
      SELECT 'column ' || n.nspname || '.' || c.relname || '.' || a.attname AS subject
      FROM pg_catalog.pg_attribute a
      JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ANY(\(schemas)) AND c.relkind IN ('r', 'p')
        AND a.attnum > 0 AND NOT a.attisdropped
        AND coalesce(col_description(c.oid, a.attnum), '')
          !~ '^class=(none|pseudonym|personal|confidential|secret)(;|$)'
      ORDER BY 1
      """
    }
  ]

  private static let shapes: [Rule] = [
    Rule(
      problem: "does not begin with tenant_id", remedy: "lead the index with it"
    ) { schemas in
      """
      SELECT 'index ' || n.nspname || '.' || x.relname AS subject
      FROM pg_catalog.pg_index i
      JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = x.relnamespace
      LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
      JOIN pg_catalog.pg_class c ON c.oid = i.indrelid AND c.relkind IN ('r', 'p')
      WHERE n.nspname = ANY(\(schemas)) AND NOT i.indisprimary
        AND a.attname IS DISTINCT FROM 'tenant_id'
      ORDER BY 1
      """
    },
    Rule(
      problem: "does not join tenant_id with tenant_id",
      remedy: "lead both sides with it: foreign keys bypass row security"
    ) { schemas in
      """
      SELECT 'foreign key ' || n.nspname || '.' || f.conname AS subject
      FROM pg_catalog.pg_constraint f
      JOIN pg_catalog.pg_namespace n ON n.oid = f.connamespace
      JOIN pg_catalog.pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = f.conkey[1]
      JOIN pg_catalog.pg_attribute b ON b.attrelid = f.confrelid AND b.attnum = f.confkey[1]
      WHERE n.nspname = ANY(\(schemas)) AND f.contype = 'f'
        AND (a.attname <> 'tenant_id' OR b.attname <> 'tenant_id')
      ORDER BY 1
      """
    },
    Rule(
      problem: "runs as its owner", remedy: "CREATE VIEW … WITH (security_invoker = true)"
    ) { schemas in
      """
      SELECT 'view ' || n.nspname || '.' || c.relname AS subject
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ANY(\(schemas)) AND c.relkind = 'v'
        AND NOT coalesce(c.reloptions && ARRAY['security_invoker=true', 'security_invoker=on'],
          false)
      ORDER BY 1
      """
    },
    Rule(
      problem: "is a materialised view, which has no row security", remedy: "use a table"
    ) { schemas in
      """
      SELECT 'view ' || n.nspname || '.' || c.relname AS subject
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ANY(\(schemas)) AND c.relkind = 'm'
      ORDER BY 1
      """
    },
    Rule(
      problem: "is SECURITY DEFINER", remedy: "make it SECURITY INVOKER"
    ) { schemas in
      """
      SELECT 'function ' || n.nspname || '.' || f.proname AS subject
      FROM pg_catalog.pg_proc f JOIN pg_catalog.pg_namespace n ON n.oid = f.pronamespace
      WHERE n.nspname = ANY(\(schemas)) AND f.prosecdef
      ORDER BY 1
      """
    },
  ]
}
