import Hosting
import Logging
import Postgres
import Reactor
import Storage

/// The key store of a service, as its settings say.
struct KeyStore: Sendable {
  let vault: Vault
  let pool: PostgresPool
  private let blocking: BlockingPool

  /// How long after the restore of an older store under a running service the erasures that it has
  /// forgotten may stand open. With the cache's time it stays under 60 s.
  static let replayInterval: Duration = .seconds(20)

  init(
    _ name: String, _ configuration: ServiceConfiguration, reactors: ReactorGroup
  ) throws {
    let dsn = try configuration.optionalString("keys.dsn") ?? configuration.string("database.dsn")
    var settings = PostgresConfiguration(dsn: dsn)
    settings.connectionsPerReactor = try configuration.int(
      "keys.connections", default: 2, in: 1...256)
    settings.preparesStatements = try configuration.bool("keys.prepareStatements", default: true)
    pool = PostgresPool(configuration: settings, reactors: reactors)
    // Of its own: a full queue of passwords must not keep an erasure from its record.
    blocking = BlockingPool(threads: 1, queueLimit: 1000)
    vault = try Vault(
      pool: pool, schema: "\(name)_keys", masterKeys: MasterKeySource.load(configuration),
      journal: ErasureJournal(
        path: configuration.string("keys.erasureJournal"), blocking: blocking),
      cacheLimit: configuration.int(
        "keys.cacheEntries", default: Vault.cacheLimit, in: 1...1_000_000))
  }

  /// Carries out the erasures that the journal holds and the store has forgotten; a store and a
  /// journal that don't belong together are not served.
  func replay(_ logger: Logger) async throws {
    let replayed = try await vault.replayErasures()
    if replayed > 0 {
      logger.warning(
        "erasures replayed: the key store was behind its journal",
        metadata: ["records": "\(replayed)"])
    }
  }

  /// Beside the serving: drops keys whose time is over, and looks whether the store has been put
  /// back under us.
  func keepWatch(_ logger: Logger) async throws {
    while true {
      try await Task.sleep(for: Self.replayInterval)
      vault.sweep()
      do {
        if try await vault.erasuresArePending() { try await replay(logger) }
      } catch {
        logger.error("erasure journal not compared", metadata: ["error": "\(error)"])
      }
    }
  }

  func shutdown() async {
    await pool.shutdown()
    blocking.shutdown()
  }
}
