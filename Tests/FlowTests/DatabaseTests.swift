import Foundation
import Postgres
import Testing

/// What the database itself keeps apart, whatever the services do.
struct DatabaseTests {
  /// The classes that a column can have, and whether it may be kept unsealed as text.
  static let classes: Set<String> = ["none", "pseudonym", "personal", "confidential", "secret"]

  @Test func `the services have the tables that these tests speak of`() async throws {
    let tables = try await Tables.all(House.current().superuser)
    #expect(Set(tables.map(\.schema)) == Set(Tables.schemas), "a table outside of the services")
    for schema in Tables.schemas {
      #expect(tables.contains { $0.schema == schema && $0.name != "migration" }, "\(schema)")
    }
  }

  @Test func `row security is enabled and forced on every table`() async throws {
    let found = try await subjects(
      """
      SELECT n.nspname || '.' || c.relname AS subject FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ANY(\(Tables.schemas)) AND c.relkind IN ('r', 'p')
        AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
      """)
    #expect(found.isEmpty, "\(found)")
  }

  @Test func `every table has a policy for reading and one for writing, of its tenant`()
    async throws
  {
    let tenant =
      "(tenant_id = (NULLIF(current_setting('ikso.tenant'::text, true), ''::text))::uuid)"
    let platform = "(tenant_id = '00000000-0000-0000-0000-000000000000'::uuid)"
    let found = try await subjects(
      """
      SELECT n.nspname || '.' || c.relname || ': ' || coalesce(p.polname::text, 'no policy')
        AS subject
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN pg_catalog.pg_policy p ON p.polrelid = c.oid AND p.polpermissive
      CROSS JOIN LATERAL (
        SELECT CASE c.relname WHEN 'migration' THEN \(platform) ELSE \(tenant) END AS wanted) AS w
      WHERE n.nspname = ANY(\(Tables.schemas)) AND c.relkind IN ('r', 'p')
        AND (p.polcmd IS DISTINCT FROM '*'
          OR pg_get_expr(p.polqual, p.polrelid) IS DISTINCT FROM wanted
          OR pg_get_expr(p.polwithcheck, p.polrelid) IS DISTINCT FROM wanted)
      """)
    #expect(found.isEmpty, "\(found)")
  }

  @Test func `clause 29: every table refuses rows of an organisation that is erased`()
    async throws
  {
    let found = try await subjects(
      """
      SELECT n.nspname || '.' || c.relname AS subject FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ANY(\(HousePlan.stores)) AND c.relkind IN ('r', 'p')
        AND c.relname NOT IN ('migration', 'tenant_erasure')
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_policy p WHERE p.polrelid = c.oid
          AND p.polcmd = 'a' AND NOT p.polpermissive
          AND pg_get_expr(p.polwithcheck, p.polrelid) = n.nspname || '.demand_living_tenant()')
      """)
    #expect(found.isEmpty, "CREATE POLICY living as in the README of Storage: \(found)")
  }

  @Test func `every key and index begins with the tenant`() async throws {
    let indexes = try await subjects(
      """
      SELECT n.nspname || '.' || x.relname AS subject
      FROM pg_catalog.pg_index i
      JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
      JOIN pg_catalog.pg_class c ON c.oid = i.indrelid AND c.relkind IN ('r', 'p')
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
      WHERE n.nspname = ANY(\(Tables.schemas))
        AND (a.attname IS DISTINCT FROM 'tenant_id' OR a.atttypid <> 'uuid'::regtype)
      """)
    #expect(indexes.isEmpty, "\(indexes)")
    let keyless = try await subjects(
      """
      SELECT n.nspname || '.' || c.relname AS subject
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ANY(\(Tables.schemas)) AND c.relkind IN ('r', 'p')
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_index i
          WHERE i.indrelid = c.oid AND i.indisprimary)
      """)
    #expect(keyless.isEmpty, "without a primary key: \(keyless)")
    let foreign = try await subjects(
      """
      SELECT n.nspname || '.' || f.conname AS subject
      FROM pg_catalog.pg_constraint f
      JOIN pg_catalog.pg_namespace n ON n.oid = f.connamespace
      JOIN pg_catalog.pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = f.conkey[1]
      JOIN pg_catalog.pg_attribute b ON b.attrelid = f.confrelid AND b.attnum = f.confkey[1]
      WHERE n.nspname = ANY(\(Tables.schemas)) AND f.contype = 'f'
        AND (a.attname <> 'tenant_id' OR b.attname <> 'tenant_id')
      """)
    #expect(foreign.isEmpty, "\(foreign)")
  }

  @Test func `no schema refers to another service's`() async throws {
    let found = try await subjects(
      """
      SELECT f.conname AS subject FROM pg_catalog.pg_constraint f
      JOIN pg_catalog.pg_class a ON a.oid = f.conrelid
      JOIN pg_catalog.pg_class b ON b.oid = f.confrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = a.relnamespace
      WHERE f.contype = 'f' AND n.nspname = ANY(\(Tables.schemas))
        AND a.relnamespace <> b.relnamespace
      """)
    #expect(found.isEmpty, "\(found)")
  }

  @Test func `every column says what kind of personal data it holds`() async throws {
    let rows = try await columns()
    #expect(rows.count > 100)
    let found = rows.filter { $0.kind.map(Self.classes.contains) != true }.map(\.place)
    #expect(found.isEmpty, "COMMENT ON COLUMN … IS 'class=…': \(found)")
  }

  /// The data map of clause 16: what is personal is sealed bytes; what stands there in the clear
  /// stands for a person at most.
  @Test func `clause 16: personal and confidential columns hold sealed bytes alone`() async throws {
    let found = try await columns().filter { column in
      ["personal", "confidential"].contains(column.kind) && column.type != "bytea"
    }
    #expect(found.isEmpty, "seal it under the person's key: \(found.map(\.place))")
    let texts = try await columns().filter { column in
      column.kind == "none" && column.type == "bytea"
    }.map(\.place)
    let public_ = Set([
      "privacy.statement.sha256", "privacy.acceptance.sha256", "identity.signing_key.public_key",
      "identity.service_credential.public_key", "privacy.consent_event.signature",
      "privacy.access_entry.subject_commitment", "privacy.access_node.hash",
      "privacy.access_entry.document_digest", "identity.access_event.subject_commitment",
      "feedback.access_event.subject_commitment", "goals.access_event.subject_commitment",
      "privacy.request_step.receipt_key",
      "privacy.organisation_erasure.order_key", "privacy.organisation_erasure_step.receipt_key",
    ])
    let unknown = texts.filter { !public_.contains($0) && !$0.hasSuffix(".migration.checksum") }
    #expect(unknown.isEmpty, "bytes that are said to be nobody's: \(unknown)")
  }

  @Test func `the runtime roles own nothing and go round nothing`() async throws {
    for service in HousePlan.stores {
      let role = try await House.current().withRuntimePool(service) { pool in
        try await pool.run([
          """
          SELECT current_user::text AS name, r.rolsuper, r.rolbypassrls, r.rolcreaterole,
            r.rolcreatedb, r.rolreplication
          FROM pg_catalog.pg_roles r WHERE r.rolname = current_user
          """
        ])[0][0]
      }
      let name: String = try role.get("name")
      for right in ["rolsuper", "rolbypassrls", "rolcreaterole", "rolcreatedb", "rolreplication"] {
        #expect(try role.get(right, as: Bool.self) == false, "\(name): \(right)")
      }
      let owned = try await subjects(
        """
        SELECT n.nspname || '.' || c.relname AS subject FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE pg_has_role(\(name), c.relowner, 'MEMBER') AND n.nspname = ANY(\(Tables.schemas))
        UNION SELECT n.nspname FROM pg_catalog.pg_namespace n
        WHERE pg_has_role(\(name), n.nspowner, 'MEMBER')
        """)
      #expect(owned.isEmpty, "\(name) owns \(owned)")
      let foreign = try await subjects(
        """
        SELECT n.nspname || '.' || c.relname AS subject FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p') AND n.nspname = ANY(\(Tables.schemas))
          AND n.nspname NOT IN (\(service), \("\(service)_keys"))
          AND has_table_privilege(\(name), c.oid, 'SELECT, INSERT, UPDATE, DELETE')
          AND has_schema_privilege(\(name), n.oid, 'USAGE')
        """)
      #expect(foreign.isEmpty, "\(name) can reach \(foreign)")
      let truncate = try await subjects(
        """
        SELECT n.nspname || '.' || c.relname AS subject FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p') AND n.nspname = ANY(\(Tables.schemas))
          AND has_table_privilege(\(name), c.oid, 'TRUNCATE')
        """)
      #expect(truncate.isEmpty, "TRUNCATE goes round row security: \(truncate)")
    }
  }

  @Test func `without a tenant a runtime role sees no row, with one only that tenant's`()
    async throws
  {
    let a = try await RightsTests.subject().organisation
    let b = try await RightsTests.subject().organisation
    let house = a.house
    let tables = try await Tables.all(house.superuser).filter { $0.name != "migration" }
    for service in HousePlan.stores {
      let own = tables.filter { $0.schema == service || $0.schema == "\(service)_keys" }
      #expect(!own.isEmpty)
      try await house.withRuntimePool(service) { pool in
        for table in own {
          let source: SQL =
            "\(try SQLIdentifier(table.schema)).\(try SQLIdentifier(table.name))"
          let blind = try await pool.run(["SELECT count(*) AS n FROM \(source)"])
          #expect(try blind[0][0].get("n", as: Int64.self) == 0, "\(table) without a tenant")
          let empty = try await pool.run([
            "SELECT set_config('ikso.tenant', '', true)", "SELECT count(*) AS n FROM \(source)",
          ])
          #expect(try empty[1][0].get("n", as: Int64.self) == 0, "\(table) with an empty tenant")
          let seen = try await pool.run([
            "SELECT set_config('ikso.tenant', \(a.id), true)",
            """
            SELECT count(*) AS n, count(*) FILTER (WHERE tenant_id <> \(a.uuid)) AS foreigners,
              count(*) FILTER (WHERE tenant_id = \(b.uuid)) AS others FROM \(source)
            """,
          ])[1][0]
          #expect(try seen.get("foreigners", as: Int64.self) == 0, "\(table)")
          #expect(try seen.get("others", as: Int64.self) == 0, "\(table)")
          let truth = try await house.sql(
            "SELECT count(*) AS n FROM \(source) WHERE tenant_id = \(a.uuid)")
          let expected: Int64 = try truth[0][0].get("n")
          #expect(try seen.get("n", as: Int64.self) == expected, "\(table) hides its own rows")
        }
      }
    }
  }

  @Test func `a row cannot be written into another tenant`() async throws {
    let a = try await Organisation.make()
    let b = try await Organisation.make()
    try await a.house.withRuntimePool("identity") { pool in
      await #expect(throws: PostgresError.self) {
        try await pool.run([
          "SELECT set_config('ikso.tenant', \(a.id), true)",
          """
          INSERT INTO identity.session
            (tenant_id, session_id, person_id, created_at, authenticated_at)
          VALUES (\(b.uuid), \(UUID()), \(UUID()), now(), now())
          """,
        ])
      }
    }
  }

  // MARK: The catalogue

  private struct Column {
    let place: String
    let type: String
    let kind: String?
  }

  private func columns() async throws -> [Column] {
    try await House.current().sql(
      """
      SELECT n.nspname || '.' || c.relname || '.' || a.attname AS place,
        format_type(a.atttypid, NULL) AS type,
        substring(col_description(c.oid, a.attnum) from '^class=([a-z]+)(?:;|$)') AS kind
      FROM pg_catalog.pg_attribute a
      JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ANY(\(Tables.schemas)) AND c.relkind IN ('r', 'p')
        AND a.attnum > 0 AND NOT a.attisdropped
      ORDER BY 1
      """
    )[0].map {
      Column(place: try $0.get("place"), type: try $0.get("type"), kind: try $0.get("kind"))
    }
  }

  private func subjects(_ query: SQL) async throws -> [String] {
    try await House.current().sql(query)[0].map { try $0.get("subject") }
  }
}
