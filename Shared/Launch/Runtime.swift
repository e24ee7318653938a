package import Access
package import Foundation
package import Hosting
package import Logging
import Postgres
import Schemas
import SwiftProtobuf
import HTTP2
package import RPC
package import Reactor
package import Storage
import Synchronization
import TLS

/// What a service's methods are built from: the parts of its process, ready to use.
package struct Runtime: Sendable {
  package let name: String
  package let configuration: ServiceConfiguration
  package let logger: Logger
  package let reactors: ReactorGroup
  /// For work that blocks or computes for long.
  package let blocking: BlockingPool
  package let database: Database
  package let vault: Vault
  /// Of the writes that came with an idempotency key.
  package let answers: KeptAnswers
  package let accessGuard: AccessGuard
  /// Of the mail that waits to be sent; empty unless `Launchable.sendsMail`.
  package let outbox: Outbox
  /// Of accesses to people's data that the log has not got yet; for services with that table.
  package let accesses: AccessOutbox
  package let now: @Sendable () -> Date
  /// Given when the process is told to stop.
  package let drainSignal: DrainSignal

  let revocations: RevocationList
  /// What this process refuses for whom.
  package let purposes: PurposeList
  /// Pools besides `data`, which end with it.
  let reserved = ReservedPools()
  let traffic: TrafficCount
  let ring: KeyRing
  let data: PostgresPool
  let keys: KeyStore
  let peers: Peers

  /// Looks for a person in every row of every table of this service, keys included.
  @Sendable package func scan(
    tenant: UUID, _ needles: SubjectScan.Needles, from progress: SubjectScan.Progress,
    until end: ContinuousClock.Instant?
  ) async throws -> SubjectScan.Progress {
    try await SubjectScan(database: database, schema: name, keys: Database(pool: keys.pool))
      .go(on: progress, tenant: tenant, needles, until: end)
  }

  /// The part of `scan` that reads the key store, all at once.
  @Sendable package func scanKeys(
    tenant: UUID, _ needles: SubjectScan.Needles
  ) async throws -> [SubjectScan.Finding] {
    try await SubjectScan(database: Database(pool: keys.pool), schema: "\(name)_keys")
      .run(tenant: tenant, needles)
  }

  /// Every table of this service and of its key store.
  @Sendable package func holdings() async throws -> [Holdings.Table] {
    try await Holdings(database: database, schema: name).tables()
      + Holdings(database: Database(pool: keys.pool), schema: "\(name)_keys").tables()
  }

  /// The end of organisations in this service; `kept`: what outlives them, and why.
  package func tenantErasure(
    keeping kept: [TenantErasure.Kept] = []
  ) throws -> TenantErasure {
    try TenantErasure(database: database, vault: vault, schema: name, keeping: kept, now: now)
  }

  /// Connections of their own to the service's database, for calls that wait behind no others.
  package func reservedDatabase(connections: Int) -> Database {
    var reservation = data.configuration
    reservation.connectionsPerReactor = connections
    let pool = PostgresPool(configuration: reservation, reactors: reactors)
    return Database(pool: reserved.add(pool))
  }

  /// A client of another service over mutual TLS; the same one each time.
  package func peer(_ service: String) throws(LaunchError) -> RPCClient {
    try peers.client(service)
  }
}

extension Runtime {
  /// Builds the parts of `Service`'s process.
  /// - Throws: `LaunchError`, or an error of a room that names the file or address at fault.
  static func assemble<Service: Launchable>(
    _ service: Service.Type, configuration: ServiceConfiguration, reactors: ReactorGroup,
    logger: Logger
  ) async throws -> Runtime {
    let blocking = BlockingPool(
      threads: try configuration.int("blocking.threads", default: 2, in: 1...64),
      queueLimit: try configuration.int("blocking.queueLimit", default: 256, in: 1...100_000))
    let dsn = try configuration.string("database.dsn")
    let connections = try configuration.int("database.connections", default: 4, in: 1...256)
    var dataPool = PostgresConfiguration(dsn: dsn)
    dataPool.connectionsPerReactor = connections
    dataPool.unitsPerConnection = try configuration.int(
      "database.unitsPerConnection", default: dataPool.unitsPerConnection, in: 1...64)
    dataPool.shareOfConnections = try configuration.optionalInt(
      "database.connectionsPerTenant", in: 1...256)
    dataPool.shareOfQueue = try configuration.optionalInt(
      "database.queuePerTenant", in: 1...100_000)
    dataPool.preparesStatements = try configuration.bool(
      "database.prepareStatements", default: true)
    let data = PostgresPool(configuration: dataPool, reactors: reactors)
    let keys = try KeyStore(Service.name, configuration, reactors: reactors)
    let peers = try Peers(configuration: configuration, reactors: reactors)
    // The ring asks the service for keys, and the service is built from the runtime that holds the
    // ring: the box closes the circle once both are there.
    let box = RuntimeBox()
    let ring = KeyRing(refresh: { try await Service.signingKeys(box.runtime()) })
    let revocations = try configuration.revocationList()
    let purposes = try configuration.purposeList()
    let traffic = TrafficCount()
    let database = Database(pool: data)
    let runtime = Runtime(
      name: Service.name, configuration: configuration, logger: logger, reactors: reactors,
      blocking: blocking, database: database, vault: keys.vault,
      answers: try KeptAnswers(database: database, vault: keys.vault, schema: Service.name),
      accessGuard: AccessGuard(
        verifier: TokenVerifier(
          issuer: configuration.string("tokens.issuer", default: defaultTokenIssuer), keys: ring,
          revocations: revocations),
        allowedPeers: Set(configuration.strings("peers.allowed")), purposes: purposes,
        traffic: traffic),
      outbox: try Outbox(database: database, vault: keys.vault, schema: Service.name),
      accesses: try AccessOutbox(database: database, vault: keys.vault, schema: Service.name),
      now: { Date().roundedToMicroseconds }, drainSignal: DrainSignal(),
      revocations: revocations, purposes: purposes, traffic: traffic, ring: ring, data: data,
      keys: keys, peers: peers)
    box.fill(runtime)
    return runtime
  }

  /// Ends what `assemble` began, after the last call has ended.
  func shutdown() async {
    await peers.shutdown()
    await reserved.shutdown()
    await data.shutdown()
    await keys.shutdown()
    blocking.shutdown()
  }
}

extension Date {
  /// As exact as the database keeps it, so that a moment reads the same before it was stored and
  /// after.
  package var roundedToMicroseconds: Date {
    Date(
      timeIntervalSinceReferenceDate: (timeIntervalSinceReferenceDate * 1e6).rounded() / 1e6)
  }
}

/// Connections that some calls have for themselves.
final class ReservedPools: Sendable {
  private let pools = Mutex<[PostgresPool]>([])

  func add(_ pool: PostgresPool) -> PostgresPool {
    pools.withLock { $0.append(pool) }
    return pool
  }

  func shutdown() async {
    for pool in pools.withLock({ $0 }) { await pool.shutdown() }
  }
}

private final class RuntimeBox: Sendable {
  private let value = Mutex<Runtime?>(nil)

  func fill(_ runtime: Runtime) { value.withLock { $0 = runtime } }

  func runtime() -> Runtime {
    guard let runtime = value.withLock({ $0 }) else {
      preconditionFailure("keys were asked for before the runtime was assembled")
    }
    return runtime
  }
}
