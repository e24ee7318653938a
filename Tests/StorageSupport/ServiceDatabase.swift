import Cryptography
package import Foundation
import Logging
package import Postgres
import Reactor
package import Storage

/// A database of one test with the tables and the key store of one service, reached through its
/// runtime role. It stands on the cluster of IKSO_TEST_POSTGRES and is dropped when the body ends.
package struct ServiceDatabase: Sendable {
  package let database: Database
  package let vault: Vault
  /// A superuser's pool: row security doesn't hold for it.
  package let admin: PostgresPool
  /// The role that owns the tables, and how a process that migrates or rotates connects.
  package let owner: String
  package let ownerDSN: String

  package struct Missing: Error, CustomStringConvertible {
    package var description: String {
      """
      IKSO_TEST_POSTGRES is not set: run the tests with Deploy/test, which starts a throw-away \
      cluster, or set it to the DSN of a superuser, as in \
      "host=/tmp/cluster user=postgres dbname=postgres"
      """
    }
  }

  /// `schema` is the service's own, as its SQL names it; `migrations` is its folder.
  package static func with(
    schema: String, migrations: URL, _ body: @Sendable (ServiceDatabase) async throws -> Void
  ) async throws {
    guard let dsn = ProcessInfo.processInfo.environment["IKSO_TEST_POSTGRES"] else {
      throw Missing()
    }
    let reactors = try ReactorGroup(count: 1)
    reactors.start()
    defer { reactors.shutdown() }
    let number = UUID().uuidString.lowercased().filter { $0 != "-" }.prefix(12)
    let name = "ikso_\(schema)_\(number)"
    let cluster = PostgresPool(configuration: configuration(dsn), reactors: reactors)
    do {
      try await cluster.simple("CREATE DATABASE \(name) TEMPLATE template0")
      try await cluster.simple(
        """
        CREATE ROLE \(name)_owner NOLOGIN; CREATE ROLE \(name)_runtime LOGIN;
        REVOKE ALL ON DATABASE \(name) FROM PUBLIC;
        GRANT CONNECT ON DATABASE \(name) TO \(name)_runtime
        """)
      try await inside(name, schema, migrations, dsn, reactors, body)
      try await drop(name, cluster)
    } catch {
      try? await drop(name, cluster)
      await cluster.shutdown()
      throw error
    }
    await cluster.shutdown()
  }

  private static func inside(
    _ name: String, _ schema: String, _ migrations: URL, _ dsn: String, _ reactors: ReactorGroup,
    _ body: @Sendable (ServiceDatabase) async throws -> Void
  ) async throws {
    let admin = PostgresPool(
      configuration: configuration("\(dsn) dbname=\(name)"), reactors: reactors)
    let runtime = "\(dsn) dbname=\(name) user=\(name)_runtime"
    let data = PostgresPool(configuration: configuration(runtime), reactors: reactors)
    let keys = PostgresPool(configuration: configuration(runtime), reactors: reactors)
    let result = await outcome {
      for (schema, folder) in [(schema, migrations), ("\(schema)_keys", KeyMigrations.directory)] {
        _ = try await Migrator(
          pool: admin, schema: schema, owner: "\(name)_owner", runtime: "\(name)_runtime",
          log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ).run(directory: folder)
      }
      try await body(
        ServiceDatabase(
          database: Database(pool: data),
          vault: try Vault(pool: keys, schema: "\(schema)_keys", masterKey: .generate()),
          admin: admin, owner: "\(name)_owner", ownerDSN: "\(dsn) dbname=\(name)"))
    }
    for pool in [keys, data, admin] { await pool.shutdown() }
    try result.get()
  }

  private static func configuration(_ dsn: String) -> PostgresConfiguration {
    var configuration = PostgresConfiguration(dsn: dsn)
    configuration.acquireTimeout = .seconds(60)
    return configuration
  }

  private static func drop(_ name: String, _ cluster: PostgresPool) async throws {
    try await cluster.simple("DROP DATABASE IF EXISTS \(name) WITH (FORCE)")
    try await cluster.simple("DROP ROLE IF EXISTS \(name)_owner, \(name)_runtime")
  }

  private static func outcome(
    _ body: () async throws -> Void
  ) async -> Result<Void, any Error> {
    do {
      return .success(try await body())
    } catch {
      return .failure(error)
    }
  }
}
