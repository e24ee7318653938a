import Postgres

// What else of the catalogue could lead from one tenant to another: rights, roles, and the kinds
// of objects that row security does not hold for.

extension StartupQueries {
  static let catalogue: [Rule] = roles + grants + objects + distribution

  private static func rule(
    _ problem: String, _ remedy: String, _ query: @escaping @Sendable ([String]) -> SQL
  ) -> Rule {
    Rule(problem: problem, remedy: remedy, query: query)
  }

  // MARK: The role that serves

  private static let roles: [Rule] = [
    rule(
      "may become a role that row security does not hold", "REVOKE that role from the runtime role"
    ) { _ in
      """
      SELECT 'role ' || o.rolname AS subject FROM pg_catalog.pg_roles o
      WHERE o.rolname <> current_user AND pg_has_role(o.oid, 'MEMBER')
        AND NOT (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user)
        AND (o.rolsuper OR o.rolbypassrls OR o.rolcreaterole OR o.rolcreatedb OR o.rolreplication
          OR o.rolname LIKE 'pg\\_%')
      ORDER BY 1
      """
    },
    rule(
      "may make roles or databases, or replicate",
      "ALTER ROLE … NOCREATEROLE NOCREATEDB NOREPLICATION"
    ) { _ in
      """
      SELECT 'role ' || rolname AS subject FROM pg_catalog.pg_roles
      WHERE rolname = current_user AND NOT rolsuper
        AND (rolcreaterole OR rolcreatedb OR rolreplication)
      """
    },
    rule(
      "is set for whole sessions, which a pool shares among tenants", "ALTER ROLE … RESET it"
    ) { _ in
      """
      SELECT 'setting ' || s.setting AS subject
      FROM pg_catalog.pg_db_role_setting d CROSS JOIN LATERAL unnest(d.setconfig) AS s (setting)
      WHERE d.setrole IN (0, current_user::regrole)
        AND d.setdatabase IN (0, (SELECT oid FROM pg_catalog.pg_database
          WHERE datname = current_database()))
        AND s.setting ~ '^(ikso\\.|row_security=|role=|search_path=|session_replication_role=)'
      ORDER BY 1
      """
    },
    rule(
      "lets the runtime role make temporary objects, which outlive a tenant's transaction",
      "REVOKE TEMPORARY ON DATABASE … FROM PUBLIC"
    ) { _ in
      """
      SELECT 'database ' || current_database() AS subject
      WHERE has_database_privilege(current_database(), 'TEMPORARY')
        AND NOT (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user)
      """
    },
    rule("lets the runtime role create objects", "REVOKE CREATE ON SCHEMA … FROM it") { schemas in
      """
      SELECT 'schema ' || n.nspname AS subject FROM pg_catalog.pg_namespace n
      WHERE (n.nspname = ANY(\(schemas)) OR n.nspname = 'public')
        AND has_schema_privilege(n.oid, 'CREATE')
        AND NOT (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user)
      ORDER BY 1
      """
    },
    rule(
      "of another owner can be reached by the runtime role", "REVOKE its rights there"
    ) { schemas in
      """
      SELECT 'table ' || n.nspname || '.' || c.relname AS subject
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
        AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_'
        AND n.nspowner NOT IN (
          SELECT nspowner FROM pg_catalog.pg_namespace WHERE nspname = ANY(\(schemas)))
        AND has_schema_privilege(n.oid, 'USAGE')
        AND CASE c.relkind WHEN 'S' THEN has_sequence_privilege(c.oid, 'USAGE, SELECT, UPDATE')
          ELSE has_table_privilege(c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')
            OR has_any_column_privilege(c.oid, 'SELECT, INSERT, UPDATE') END
        AND NOT (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user)
      ORDER BY 1
      """
    },
    rule("can be used by the runtime role", "REVOKE USAGE: another server's rows") { _ in
      """
      SELECT 'foreign server ' || srvname AS subject FROM pg_catalog.pg_foreign_server
      WHERE has_server_privilege(oid, 'USAGE') ORDER BY 1
      """
    },
  ]

  // MARK: Grants

  private static let grants: [Rule] = [
    rule(
      "is granted to others than its owner and the runtime role", "REVOKE it"
    ) { schemas in
      """
      SELECT DISTINCT a.kind || ' ' || a.name || ' (' || a.privilege || ' to '
        || CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(a.grantee)::text END || ')'
        AS subject
      FROM (\(grantsGiven(schemas))) AS a
      WHERE a.grantee NOT IN (a.owner, current_user::regrole)
      ORDER BY 1
      """
    },
    rule("can be passed on by the runtime role", "REVOKE GRANT OPTION FOR it") { schemas in
      """
      SELECT DISTINCT a.kind || ' ' || a.name AS subject FROM (\(grantsGiven(schemas))) AS a
      WHERE a.grantable AND a.grantee <> a.owner ORDER BY 1
      """
    },
    rule(
      "may be referred to or watched by triggers of the runtime role",
      "REVOKE REFERENCES, TRIGGER: both see rows past row security"
    ) { schemas in
      """
      SELECT DISTINCT a.kind || ' ' || a.name AS subject FROM (\(grantsGiven(schemas))) AS a
      WHERE a.privilege IN ('REFERENCES', 'TRIGGER') AND a.grantee <> a.owner ORDER BY 1
      """
    },
    rule("opens tables to come to others", "ALTER DEFAULT PRIVILEGES … REVOKE") { schemas in
      """
      SELECT 'default privilege of ' || pg_get_userbyid(d.defaclrole) AS subject
      FROM pg_catalog.pg_default_acl d
      LEFT JOIN pg_catalog.pg_namespace n ON n.oid = d.defaclnamespace
      CROSS JOIN LATERAL aclexplode(d.defaclacl) AS x
      WHERE (n.nspname IS NULL OR n.nspname = ANY(\(schemas)))
        AND x.grantee NOT IN (d.defaclrole, current_user::regrole)
        AND d.defaclrole IN (
          SELECT nspowner FROM pg_catalog.pg_namespace WHERE nspname = ANY(\(schemas)))
      ORDER BY 1
      """
    },
  ]

  /// Every right given on a schema, relation or column: kind, name, owner, grantee, privilege,
  /// grantable. Functions are left out: they run with the rights of whoever calls them.
  private static func grantsGiven(_ schemas: [String]) -> SQL {
    """
    SELECT 'schema' AS kind, n.nspname::text AS name, n.nspowner AS owner, x.grantee,
      x.privilege_type AS privilege, x.is_grantable AS grantable
    FROM pg_catalog.pg_namespace n CROSS JOIN LATERAL aclexplode(n.nspacl) AS x
    WHERE n.nspname = ANY(\(schemas))
    UNION ALL
    SELECT CASE c.relkind WHEN 'S' THEN 'sequence' WHEN 'v' THEN 'view' ELSE 'table' END,
      n.nspname || '.' || c.relname, c.relowner, x.grantee, x.privilege_type, x.is_grantable
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL aclexplode(c.relacl) AS x
    WHERE n.nspname = ANY(\(schemas))
    UNION ALL
    SELECT 'column', n.nspname || '.' || c.relname || '.' || t.attname, c.relowner, x.grantee,
      x.privilege_type, x.is_grantable
    FROM pg_catalog.pg_attribute t JOIN pg_catalog.pg_class c ON c.oid = t.attrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL aclexplode(t.attacl) AS x
    WHERE n.nspname = ANY(\(schemas))
    """
  }

  // MARK: Objects that row security does not hold for

  private static let objects: [Rule] = [
    rule("counts over all tenants", "use random identifiers, or a counter in the tenant's row") {
      schemas in relations(schemas, kind: "sequence", "c.relkind = 'S'")
    },
    rule("is a foreign table, which has no row security", "use a table") {
      schemas in relations(schemas, kind: "table", "c.relkind = 'f'")
    },
    rule("is unlogged: a crash empties it", "ALTER TABLE … SET LOGGED") {
      schemas in relations(schemas, kind: "table", "c.relpersistence = 'u' AND c.relkind <> 'i'")
    },
    rule("says it is leakproof, so that it sees rows before a policy does", "drop LEAKPROOF") {
      schemas in functions(schemas, "f.proleakproof")
    },
    rule("is written in an untrusted language", "write it in SQL or PL/pgSQL") {
      schemas in
      functions(
        schemas,
        """
        f.prolang IN (SELECT oid FROM pg_catalog.pg_language
          WHERE NOT lanpltrusted AND lanname <> 'sql')
        """)
    },
    rule("sets what the wall stands on", "set ikso.tenant and row_security nowhere else") {
      schemas in
      functions(
        schemas,
        """
        EXISTS (SELECT FROM unnest(f.proconfig) AS s (setting)
          WHERE s.setting ~ '^(ikso[.]|row_security=|role=)')
        """)
    },
    rule("rewrites statements with the rights of the table's owner", "drop the rule") { schemas in
      """
      SELECT 'rule ' || r.rulename || ' on ' || n.nspname || '.' || c.relname AS subject
      FROM pg_catalog.pg_rewrite r JOIN pg_catalog.pg_class c ON c.oid = r.ev_class
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ANY(\(schemas)) AND r.rulename <> '_RETURN' ORDER BY 1
      """
    },
    rule("calls a SECURITY DEFINER function", "make the function SECURITY INVOKER") { schemas in
      """
      SELECT 'trigger ' || t.tgname || ' on ' || n.nspname || '.' || c.relname AS subject
      FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_proc f ON f.oid = t.tgfoid
      JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ANY(\(schemas)) AND NOT t.tgisinternal AND f.prosecdef ORDER BY 1
      """
    },
    rule("is a large object, which has no row security", "keep bytes in a column") { _ in
      """
      SELECT 'large object ' || oid AS subject FROM pg_catalog.pg_largeobject_metadata
      ORDER BY oid LIMIT 10
      """
    },
  ]

  private static func relations(
    _ schemas: [String], kind: SQL, _ violation: SQL
  ) -> SQL {
    """
    SELECT '\(kind) ' || n.nspname || '.' || c.relname AS subject
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = ANY(\(schemas)) AND (\(violation)) ORDER BY 1
    """
  }

  private static func functions(_ schemas: [String], _ violation: SQL) -> SQL {
    """
    SELECT 'function ' || n.nspname || '.' || f.proname AS subject
    FROM pg_catalog.pg_proc f JOIN pg_catalog.pg_namespace n ON n.oid = f.pronamespace
    WHERE n.nspname = ANY(\(schemas)) AND (\(violation)) ORDER BY 1
    """
  }

  // MARK: What Citus needs to distribute a table by tenant_id

  private static let distribution: [Rule] = [
    rule("is no plain uuid NOT NULL", "declare it tenant_id uuid NOT NULL") { schemas in
      """
      SELECT 'column ' || n.nspname || '.' || c.relname || '.tenant_id' AS subject
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN pg_catalog.pg_attribute a
        ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
      WHERE n.nspname = ANY(\(schemas)) AND c.relkind IN ('r', 'p')
        AND NOT coalesce(a.attnotnull AND a.atttypid = 'uuid'::regtype AND a.attgenerated = ''
          AND (NOT a.atthasdef OR c.relname = 'migration'), false)
      ORDER BY 1
      """
    },
    rule("leaves the schema or the tenant", "refer within the schema, and delete or restrict") {
      schemas in
      """
      SELECT 'foreign key ' || n.nspname || '.' || f.conname AS subject
      FROM pg_catalog.pg_constraint f
      JOIN pg_catalog.pg_namespace n ON n.oid = f.connamespace
      JOIN pg_catalog.pg_class c ON c.oid = f.conrelid
      JOIN pg_catalog.pg_class d ON d.oid = f.confrelid
      WHERE n.nspname = ANY(\(schemas)) AND f.contype = 'f' AND (
        c.relnamespace <> d.relnamespace OR f.confupdtype IN ('c', 'n', 'd')
        OR (f.confdeltype IN ('n', 'd')
          AND (f.confdelsetcols IS NULL OR f.conkey[1] = ANY(f.confdelsetcols))))
      ORDER BY 1
      """
    },
    rule("does not compare tenant_id for equality", "EXCLUDE USING gist (tenant_id WITH =, …)") {
      schemas in
      """
      SELECT 'constraint ' || n.nspname || '.' || x.conname AS subject
      FROM pg_catalog.pg_constraint x
      JOIN pg_catalog.pg_namespace n ON n.oid = x.connamespace
      JOIN pg_catalog.pg_attribute a ON a.attrelid = x.conrelid AND a.attnum = x.conkey[1]
      JOIN pg_catalog.pg_operator o ON o.oid = x.conexclop[1]
      WHERE n.nspname = ANY(\(schemas)) AND x.contype = 'x'
        AND NOT (a.attname = 'tenant_id' AND o.oprname = '=')
      ORDER BY 1
      """
    },
  ]
}
