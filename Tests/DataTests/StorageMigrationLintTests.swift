import Foundation
import Testing

@testable import Storage

@Suite struct StorageMigrationLintTests {
  private static let base = """
    CREATE TABLE {{schema}}.goal (tenant_id uuid NOT NULL, due date, state text);
    CREATE INDEX goal_state ON {{schema}}.goal (tenant_id, state);
    """

  private func files(_ texts: [String]) -> [MigrationFile] {
    texts.enumerated().map { index, text in
      MigrationFile(number: index + 1, name: "000\(index + 1)", text: text, checksum: "")
    }
  }

  private func rules(_ texts: String...) -> [MigrationRule] {
    MigrationLint.findings(files([Self.base] + texts)).map(\.rule)
  }

  @Test(arguments: [
    ("ALTER TABLE {{schema}}.goal ADD COLUMN note text NOT NULL", MigrationRule.notNull),
    ("ALTER TABLE {{schema}}.goal ADD note text NOT NULL, ADD x int DEFAULT 1", .notNull),
    (
      "ALTER TABLE IF EXISTS ONLY {{schema}}.goal ADD id uuid DEFAULT gen_random_uuid()",
      .volatileDefault
    ),
    ("ALTER TABLE {{schema}}.goal ADD at timestamptz DEFAULT clock_timestamp()", .volatileDefault),
    ("ALTER TABLE {{schema}}.goal ADD COLUMN n bigserial", .rewrite),
    (
      "ALTER TABLE {{schema}}.goal ADD n int GENERATED ALWAYS AS (length(state)) STORED", .rewrite
    ),
    ("alter table {{schema}}.goal alter column state type varchar(9)", .type),
    ("ALTER TABLE {{schema}}.goal ALTER state SET DATA TYPE varchar(9)", .type),
    ("ALTER TYPE {{schema}}.kind RENAME VALUE 'a' TO 'b'", .type),
    ("ALTER TABLE {{schema}}.goal ALTER COLUMN state SET NOT NULL", .setNotNull),
    ("ALTER TABLE {{schema}}.goal ADD CONSTRAINT c CHECK (due > '2020-01-01')", .notValid),
    (
      "ALTER TABLE {{schema}}.goal ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES {{schema}}.b (a)",
      .notValid
    ),
    ("ALTER TABLE {{schema}}.goal ADD UNIQUE (tenant_id, due)", .notValid),
    ("ALTER TABLE {{schema}}.goal ADD COLUMN n int CHECK (n > 0)", .notValid),
    (
      """
      ALTER TABLE {{schema}}.goal ADD CONSTRAINT c CHECK (due > '2020-01-01') NOT VALID;
      ALTER TABLE {{schema}}.goal VALIDATE CONSTRAINT c
      """, .validate
    ),
    ("CREATE INDEX late ON {{schema}}.goal (tenant_id, due)", .index),
    ("CREATE UNIQUE INDEX late ON ONLY {{schema}}.goal (tenant_id, due)", .index),
    ("CREATE INDEX CONCURRENTLY late ON {{schema}}.goal (tenant_id, due)", .index),
    ("DROP INDEX {{schema}}.goal_state", .index),
    ("REINDEX TABLE {{schema}}.goal", .index),
    ("DROP TABLE {{schema}}.goal", .drop),
    ("ALTER TABLE {{schema}}.goal DROP COLUMN state", .drop),
    ("TRUNCATE {{schema}}.goal", .drop),
    ("ALTER TABLE {{schema}}.goal RENAME COLUMN state TO status", .rename),
    ("ALTER TABLE {{schema}}.goal RENAME TO aim", .rename),
    ("ALTER INDEX {{schema}}.goal_state RENAME TO other", .rename),
    ("ALTER TABLE {{schema}}.goal SET SCHEMA public", .rename),
    ("ALTER TABLE {{schema}}.goal SET UNLOGGED", .rewrite),
    ("CLUSTER {{schema}}.goal USING goal_state", .rewrite),
    ("LOCK TABLE {{schema}}.goal", .lock),
    ("ALTER TABLE {{schema}}.goal ATTACH PARTITION {{schema}}.p DEFAULT", .lock),
    ("UPDATE {{schema}}.goal SET state = 'open'", .rows),
    ("DELETE FROM ONLY {{schema}}.goal", .rows),
    ("WITH old AS (DELETE FROM {{schema}}.goal RETURNING 1) SELECT 1", .rows),
    ("DO $$ BEGIN EXECUTE 'DROP TABLE x'; END $$", .dynamic),
    ("REVOKE SELECT ON {{schema}}.goal FROM {{runtime}}", .revoke),
    ("DROP POLICY tenant ON {{schema}}.goal", .isolation),
    ("ALTER TABLE {{schema}}.goal NO FORCE ROW LEVEL SECURITY", .isolation),
    ("COMMIT", .transaction),
    ("-- not in a transaction\nALTER TABLE {{schema}}.goal ADD COLUMN note text", .alone),
    (
      """
      -- not in a transaction
      CREATE INDEX CONCURRENTLY a ON {{schema}}.goal (tenant_id, due);
      CREATE INDEX CONCURRENTLY b ON {{schema}}.goal (tenant_id, state);
      """, .alone
    ),
  ])
  func `what blocks or breaks the previous binary is refused`(
    text: String, rule: MigrationRule
  ) {
    #expect(rules(text) == [rule])
  }

  @Test(arguments: [
    "ALTER TABLE {{schema}}.goal ADD COLUMN note text",
    "ALTER TABLE {{schema}}.goal ADD COLUMN n int NOT NULL DEFAULT 0",
    "ALTER TABLE {{schema}}.goal ADD COLUMN at timestamptz NOT NULL DEFAULT now()",
    "ALTER TABLE {{schema}}.goal ADD CONSTRAINT c CHECK (due > '2020-01-01') NOT VALID",
    "ALTER TABLE {{schema}}.goal ADD CONSTRAINT u UNIQUE USING INDEX goal_u",
    "ALTER TABLE {{schema}}.goal DROP CONSTRAINT c",
    "ALTER TYPE {{schema}}.kind ADD VALUE 'later'",
    "-- not in a transaction\nCREATE INDEX CONCURRENTLY d ON {{schema}}.goal (tenant_id, due);",
    "-- not in a transaction\nDROP INDEX CONCURRENTLY IF EXISTS {{schema}}.goal_state",
    """
    CREATE TABLE {{schema}}.step (tenant_id uuid);
    ALTER TABLE {{schema}}.step ADD COLUMN note text NOT NULL, ADD UNIQUE (tenant_id);
    CREATE INDEX step_note ON {{schema}}.step (tenant_id, note);
    """,
    "COMMENT ON TABLE {{schema}}.goal IS 'DROP TABLE goal; -- it''s a text'",
    "CREATE FUNCTION {{schema}}.f() RETURNS int LANGUAGE sql AS $f$ UPDATE x; DROP TABLE y $f$",
    "/* DROP TABLE a; /* nested */ DROP TABLE b; */ SELECT 1",
    "-- allow drop: nothing has read it since 0.9\nDROP TABLE {{schema}}.goal",
  ])
  func `what only adds is let through`(text: String) {
    #expect(rules(text) == [])
  }

  @Test func `what is allowed is one rule of one statement, with its reason`() {
    let drops = "DROP TABLE {{schema}}.goal; DROP TABLE {{schema}}.b"
    #expect(rules("-- allow drop: since 0.9\n\(drops)") == [.drop])
    #expect(rules("-- allow rename: since 0.9\n\(drops)") == [.drop, .drop])
    #expect(rules("-- allow drop:\n\(drops)") == [.drop, .drop])
  }

  @Test func `SET NOT NULL may follow a check that an earlier file has validated`() {
    let add = "ALTER TABLE {{schema}}.goal ADD CONSTRAINT c CHECK (state IS NOT NULL) NOT VALID"
    let validate = "ALTER TABLE {{schema}}.goal VALIDATE CONSTRAINT c"
    let set = "ALTER TABLE {{schema}}.goal ALTER COLUMN state SET NOT NULL"
    #expect(rules(add, validate, set) == [])
    #expect(rules(add, set) == [.setNotNull])
    #expect(rules(add, validate, set.replacing("state", with: "due")) == [.setNotNull])
  }

  @Test func `a finding says where and what to do instead`() {
    let found = MigrationLint.findings(
      files([Self.base, "\nSELECT 1;\n\n  DROP TABLE {{schema}}.goal;"]))
    #expect(found.map(\.line) == [4])
    #expect(found[0].description.hasPrefix("0002:4: the previous binary still uses what is"))
    #expect(MigrationRule.allCases.allSatisfy { !$0.problem.isEmpty && !$0.remedy.isEmpty })
  }

  /// The files of every service and of the key stores, as they are delivered.
  @Test func `the migrations of all services pass`() throws {
    let root = URL(filePath: #filePath).appending(path: "../../..").standardized
    var folders = [KeyMigrations.directory]
    let services = root.appending(path: "Services")
    for service in try FileManager.default.contentsOfDirectory(atPath: services.path) {
      let folder = services.appending(path: service).appending(path: "Migrations")
      if FileManager.default.fileExists(atPath: folder.path) { folders.append(folder) }
    }
    #expect(folders.count == 5)
    for folder in folders {
      let files = try MigrationFile.load(folder)
      #expect(!files.isEmpty)
      let found = MigrationLint.findings(files).map(\.description)
      #expect(found.isEmpty, "\(folder.path): \(found)")
    }
  }
}
