import Cryptography
import Foundation
import Glibc
import Postgres
import ProgramSupport
import RPC
import Testing

/// A database of one test's own in the house's cluster, with the roles and the key store of a
/// service of the house, and its processes: what they do the house's own does not see. All other
/// services are the house's.
struct OwnDatabase: Sendable {
  let house: House
  let service: String
  /// A superuser's, on this database.
  let superuser: PostgresPool
  private let name: String
  // Journal and settings; goes with the test.
  private let folder: ScratchFolder

  static func with(_ service: String, _ body: (OwnDatabase) async throws -> Void) async throws {
    let house = try House.current()
    let name = "ikso_own_\(Hex.encode(SecureRandom.bytes(6)))"
    try await house.superuser.simple("CREATE DATABASE \(name) TEMPLATE template0")
    var configuration = PostgresConfiguration(
      dsn: "\(try HousePlan.variable("IKSO_TEST_POSTGRES")) dbname=\(name)")
    configuration.acquireTimeout = .seconds(120)
    let superuser = PostgresPool(configuration: configuration, reactors: house.reactors)
    let database = OwnDatabase(
      house: house, service: service, superuser: superuser, name: name,
      folder: try ScratchFolder())
    var failure: (any Error)?
    do {
      try await superuser.simple(database.setUp)
      try await body(database)
    } catch {
      failure = error
    }
    await superuser.shutdown()
    try await house.superuser.simple("DROP DATABASE \(name) WITH (FORCE)")
    if let failure { throw failure }
  }

  /// As Deploy/up makes one.
  private var setUp: String {
    let (owner, runtime) = ("\(service)_owner", "\(service)_runtime")
    return """
      REVOKE ALL ON DATABASE \(name) FROM PUBLIC;
      REVOKE ALL ON SCHEMA public FROM PUBLIC;
      CREATE SCHEMA \(service) AUTHORIZATION \(owner);
      CREATE SCHEMA \(service)_keys AUTHORIZATION \(owner);
      GRANT USAGE ON SCHEMA \(service), \(service)_keys TO \(runtime);
      GRANT CONNECT ON DATABASE \(name) TO \(owner), \(runtime)
      """
  }

  /// Leads the settings of the house's service here.
  private func change(_ settings: inout Settings) {
    for setting in ["database.dsn", "database.ownerDsn", "keys.dsn", "keys.ownerDsn"] {
      guard let dsn = settings[setting] as? String else { continue }
      settings[setting] = dsn.replacing("dbname=ikso ", with: "dbname=\(name) ")
    }
    settings["keys.erasureJournal"] = folder.url.appending(path: "erasures.jsonl").path
  }

  @discardableResult
  func migrate() async throws -> String { try await run(["migrate"]) }

  func dryRun() async throws -> String { try await run(["migrate", "--dry-run"]) }

  /// Runs a command of the service to its end, and gives its output.
  @discardableResult
  func run(_ arguments: [String], input: String = "") async throws -> String {
    let folder = try ScratchFolder()
    var settings = try house.plan.settings(of: service)
    change(&settings)
    let config = try folder.write("\(service).json", settings.data())
    let (end, output) = try await Child.run(
      house.plan.binary("ikso-\(service)"), arguments + ["--config", config.path],
      input: Data(input.utf8))
    #expect(end == .exit(0), "\(output)")
    return output
  }

  /// Starts a process, with the settings of the house's own but for its database.
  func start(_ change: (inout Settings) -> Void = { _ in }) async throws -> OwnService {
    try await OwnService.start(service) { settings in
      self.change(&settings)
      change(&settings)
    }
  }

  func kill(_ process: OwnService) async {
    process.child.signal(SIGKILL)
    _ = await process.child.end()
    await process.client.shutdown()
  }
}
