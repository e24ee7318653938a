import Cryptography
import Foundation
import Reactor

@testable import Postgres
@testable import Storage

/// A key store of one test, with the journal beside it.
struct KeyFixture: Sendable {
  static let schema = "goals_keys"

  let database: TestDatabase
  let runtime: PostgresPool
  let master: SymmetricKey
  let journal: ErasureJournal
  let vault: Vault

  static func with(_ body: @Sendable (KeyFixture) async throws -> Void) async throws {
    let master = SymmetricKey.generate()
    let blocking = BlockingPool(threads: 1, queueLimit: 100)
    defer { blocking.shutdown() }
    try await TestFiles.with([:]) { folder in
      let journal = ErasureJournal(
        path: folder.appending(path: "erasures.jsonl").path, blocking: blocking)
      try await TestDatabase.with { database in
        try await database.migrator(schema).run(directory: KeyMigrations.directory)
        try await database.asRuntime { pool in
          try await body(
            KeyFixture(
              database: database, runtime: pool, master: master, journal: journal,
              vault: try Vault(
                pool: pool, schema: schema, masterKey: master, journal: journal)))
        }
      }
    }
  }

  /// Another process: a cache of its own on the same store.
  func another(
    _ current: SymmetricKey? = nil, others: [SymmetricKey] = [], journal: ErasureJournal? = nil,
    on pool: PostgresPool? = nil
  ) throws -> Vault {
    try Vault(
      pool: pool ?? runtime, schema: Self.schema,
      masterKeys: MasterKeys(current: current ?? master, others: others),
      journal: journal ?? self.journal)
  }

  func rotation(
    _ current: SymmetricKey? = nil, others: [SymmetricKey] = []
  ) throws -> KeyRotation {
    try KeyRotation(
      pool: database.admin, schema: Self.schema, owner: database.owner,
      masterKeys: MasterKeys(current: current ?? master, others: others))
  }

  /// The bytes of a table, row by row, as text.
  func rows(_ table: SQL, _ columns: SQL) async throws -> [String] {
    try await database.admin.run([
      "SELECT (\(columns))::text AS row FROM goals_keys.\(table) AS k ORDER BY 1"
    ])[0].map { try $0.get("row") }
  }
}

/// A field sealed by a test.
struct SealedNote: Sendable {
  let row = UUID()
  let bytes: [UInt8]

  init(_ text: String, _ key: SealingKey) throws {
    bytes = try key.seal(text, table: "goal", column: "title", row: row)
  }

  func open(_ key: SealingKey) throws -> String {
    try key.open(bytes, table: "goal", column: "title", row: row)
  }
}

/// The error of a call to the vault, nil if there is none.
func vaultError<Value>(_ body: () async throws -> Value) async -> VaultError? {
  do {
    _ = try await body()
    return nil
  } catch {
    return error as? VaultError
  }
}
