import Foundation
import Launch
import Postgres
import ProgramSupport
import RPC
import Storage
import StorageSupport
import Testing

@testable import Privacy

/// The end of an organisation in a schema: what every service does alike, on privacy's tables.
struct TenantErasureTests {
  private struct Place: Sendable {
    let base: ServiceDatabase
    let erasure: TenantErasure
    let tenant = UUID()
    let other = UUID()

    /// Without patience: one batch of a table, and back.
    func run(_ tenant: UUID, patiently: Bool = true) async throws -> TenantErasure.Progress {
      try await erasure.run(
        tenant, erasure: UUID(), orderedBy: .service("test"),
        until: patiently ? .now + .seconds(60) : .now)
    }

    func count(_ table: String, _ tenant: UUID) async throws -> Int {
      let table = try SQLIdentifier(table)
      let rows = try await base.admin.run([
        "SELECT count(*) AS n FROM privacy.\(table) WHERE tenant_id = \(tenant)"
      ])
      return Int(try rows[0][0].get("n", as: Int64.self))
    }

    /// Instructions, which no method takes back.
    func instruct(_ tenant: UUID, _ number: Int) async throws {
      try await base.database.once(
        tenant: tenant,
        """
        INSERT INTO privacy.instruction
          (tenant_id, instruction_id, purpose, act, reference, decided_at)
        SELECT \(tenant), gen_random_uuid(), 'publishing', 'given', 'x', now()
        FROM generate_series(1, \(number))
        """)
    }
  }

  private func with(_ body: @Sendable (Place) async throws -> Void) async throws {
    try await ServiceDatabase.with(schema: "privacy", migrations: PrivacyMain.migrations) { base in
      try await body(
        Place(
          base: base,
          erasure: try TenantErasure(
            database: base.database, vault: base.vault, schema: "privacy",
            keeping: TenantErasure.Kept.ofPrivacy, now: { Date() })))
    }
  }

  @Test func `clause 29: any number of rows goes, some at a time, and what stops goes on`()
    async throws
  {
    try await with { place in
      let (tenant, other) = (place.tenant, place.other)
      for tenant in [tenant, other] { try await place.base.vault.createTenant(tenant) }
      try await place.instruct(tenant, 1_203)
      try await place.instruct(other, 3)
      var progress = try await place.run(tenant, patiently: false)
      #expect(!progress.isDone && progress.erasedAt == nil)
      var runs = 1
      while !progress.isDone {
        progress = try await place.run(tenant, patiently: false)
        runs += 1
      }
      #expect(runs >= 3, "1,203 rows are more than two batches")
      #expect(progress.erased == [ErasedRows(table: "instruction", rows: 1_203)])
      #expect(try await place.count("instruction", tenant) == 0)
      #expect(try await place.count("instruction", other) == 3)
      // Again: the same, and nothing new.
      let again = try await place.run(tenant)
      #expect(again.erased == progress.erased && again.erasedAt == progress.erasedAt)
      let left = try await place.erasure.scan(tenant)
      let dirt = left.filter { !$0.isClean }
      #expect(dirt.isEmpty, "\(dirt)")
      #expect(left.contains { $0.table == "tenant_erasure" && $0.rowsLeft == 1 })
      await #expect(throws: VaultError.self) { try await place.base.vault.tenant(tenant) }
      _ = try await place.base.vault.tenant(other)
      let dirty = try await place.erasure.scan(other).filter { !$0.isClean }.map(\.table)
      #expect(dirty.sorted() == ["instruction", "usable keys"])
    }
  }

  @Test func `a ledger gives nothing back before the end, and no table takes a row after it`()
    async throws
  {
    try await with { place in
      let (tenant, database) = (place.tenant, place.base.database)
      try await place.instruct(tenant, 2)
      try await place.instruct(place.other, 2)
      func delete(_ tenant: UUID) async throws -> Int {
        try await database.once(
          tenant: tenant, "DELETE FROM privacy.instruction WHERE tenant_id = \(tenant)")[0].affected
      }
      #expect(try await delete(tenant) == 0)
      _ = try await place.run(tenant)
      do {
        try await place.instruct(tenant, 1)
        Issue.record("a row was taken")
      } catch let error as PostgresError {
        #expect(error.violatedConstraint == "living_tenant")
        #expect(error.status.code == .failedPrecondition)
      }
      #expect(try await delete(place.other) == 0)
      // Nobody brings it back.
      await #expect(throws: PostgresError.self) {
        try await database.once(
          tenant: tenant, "DELETE FROM privacy.tenant_erasure WHERE tenant_id = \(tenant)")
      }
    }
  }

  @Test func `what was open when it began is waited for, and goes too`() async throws {
    try await with { place in
      let tenant = place.tenant
      let progress = try await withThrowingTaskGroup(of: TenantErasure.Progress.self) { group in
        try await place.base.database.transaction(tenant: tenant) { transaction in
          try await transaction.query(
            """
            INSERT INTO privacy.instruction
              (tenant_id, instruction_id, purpose, act, reference, decided_at)
            VALUES (\(tenant), \(UUID()), 'publishing', 'given', 'x', now())
            """)
          group.addTask { try await place.run(tenant) }
          try await until("it has begun") { try await place.count("tenant_erasure", tenant) == 1 }
        }
        return try await group.next()
      }
      #expect(progress?.erased == [ErasedRows(table: "instruction", rows: 1)])
      #expect(try await place.count("instruction", tenant) == 0)
    }
  }

  @Test func `rows go before those that they refer to, and the platform's own with them`()
    async throws
  {
    try await with { place in
      let (tenant, request) = (place.tenant, UUID())
      for tenant in [tenant, place.other] {
        try await place.base.admin.run([
          """
          INSERT INTO privacy.request (tenant_id, request_id, kind, state, received_at, due_at,
            archive_bytes)
          VALUES (\(tenant), \(request), 'access', 'running', now(), now(), 0)
          """,
          """
          INSERT INTO privacy.request_step (tenant_id, request_id, service, done, tables,
            row_counts, found_tables, found_counts, updated_at)
          VALUES (\(tenant), \(request), 'goals', true, '{}', '{}', '{}', '{}', now())
          """,
          """
          INSERT INTO privacy.request_due (tenant_id, organisation_id, request_id,
            next_attempt_at)
          VALUES (\(UUID.platform), \(tenant), \(request), now())
          """,
        ])
      }
      let progress = try await place.run(tenant)
      #expect(
        progress.erased.map(\.table) == ["request", "request_due, of the platform", "request_step"])
      #expect(try await place.count("request_due", .platform) == 1)
      #expect(try await place.count("request", place.other) == 1)
    }
  }

  @Test func `the platform is no organisation, and cannot be erased`() async throws {
    try await with { place in
      do {
        _ = try await place.run(.platform)
        Issue.record("the platform was erased")
      } catch let error as PostgresError {
        #expect(error.violatedConstraint == "tenant_erasure_client")
      }
    }
  }

  /// A table that comes with a later migration must not be forgotten.
  @Test func `every table refuses rows of an erased organisation, and can be emptied of them`()
    async throws
  {
    try await with { place in
      let rows = try await place.base.admin.run([
        """
        SELECT c.relname::text AS name FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'privacy' AND c.relkind IN ('r', 'p')
          AND c.relname NOT IN ('migration', 'tenant_erasure')
          AND NOT EXISTS (SELECT FROM pg_catalog.pg_policy p WHERE p.polrelid = c.oid
            AND p.polname = 'living' AND NOT p.polpermissive AND p.polcmd = 'a')
        """
      ])[0].map { try $0.get("name", as: String.self) }
      #expect(rows.isEmpty, "CREATE POLICY living as in the README of Storage: \(rows)")
    }
  }
}
