import Cryptography
import Foundation
import Glibc
import Postgres
import ProgramSupport
import RPC
import Schemas
import Testing

/// A database and a key store of one test's own for the privacy service, and its processes one
/// after the other: what they carry out the house's own process does not see. The services that
/// hold the people's data are the house's.
struct OwnPrivacy: Sendable {
  let house: House
  /// A superuser's, on the database of the test.
  let superuser: PostgresPool
  private let database: String
  private let folder: ScratchFolder

  /// Short, so that what a killed process left is taken up soon.
  private static let leaseSeconds = 2

  static func with(_ body: (OwnPrivacy) async throws -> Void) async throws {
    let house = try House.current()
    let letters = UUID().canonical.filter { $0 != "-" }.prefix(12)
    let database = "ikso_privacy_\(letters)"
    try await house.superuser.simple("CREATE DATABASE \(database) TEMPLATE template0")
    let pool = PostgresPool(
      configuration: PostgresConfiguration(
        dsn: "\(try HousePlan.variable("IKSO_TEST_POSTGRES")) dbname=\(database)"),
      reactors: house.reactors)
    let own = OwnPrivacy(
      house: house, superuser: pool, database: database, folder: try ScratchFolder())
    do {
      try await own.migrate()
      try await body(own)
    } catch {
      await own.drop()
      throw error
    }
    await own.drop()
  }

  /// Starts a process, with the settings of the house's own but for its database.
  func start(_ change: (inout Settings) -> Void = { _ in }) async throws -> OwnService {
    try await OwnService.start("privacy") { settings in
      self.settings(&settings)
      change(&settings)
    }
  }

  func kill(_ service: OwnService) async {
    service.child.signal(SIGKILL)
    _ = await service.child.end()
    await service.client.shutdown()
  }

  /// A service that has just started may not know yet whose tokens count no more.
  static func patiently<Value>(_ call: () async throws -> Value) async throws -> Value {
    try await eventually("the new service takes fresh calls") {
      do {
        return try await call()
      } catch {
        guard (error as? RPCError)?.code == .unavailable else { throw error }
        return nil
      }
    }
  }

  private func settings(_ settings: inout Settings) {
    for name in ["database.dsn", "database.ownerDsn", "keys.ownerDsn"] {
      settings[name] = "\((settings[name] as? String) ?? "") dbname=\(database)"
    }
    settings["keys.erasureJournal"] = folder.url.appending(path: "erasures.jsonl").path
    settings["requests.leaseSeconds"] = Self.leaseSeconds
  }

  private func migrate() async throws {
    try await superuser.simple(
      """
      REVOKE ALL ON DATABASE \(database) FROM PUBLIC;
      GRANT CONNECT ON DATABASE \(database) TO privacy_owner, privacy_runtime;
      REVOKE ALL ON SCHEMA public FROM PUBLIC;
      CREATE SCHEMA privacy AUTHORIZATION privacy_owner;
      CREATE SCHEMA privacy_keys AUTHORIZATION privacy_owner;
      GRANT USAGE ON SCHEMA privacy, privacy_keys TO privacy_runtime
      """)
    var settings = try house.plan.settings(of: "privacy")
    self.settings(&settings)
    let config = try folder.write("privacy.json", settings.data())
    let run = try await Child.run(
      house.plan.binary("ikso-privacy"), ["migrate", "--config", config.path])
    #expect(run.end == .exit(0), "\(run.output)")
  }

  private func drop() async {
    await superuser.shutdown()
    // A database that is left behind goes with the cluster of the tests.
    try? await house.superuser.simple("DROP DATABASE IF EXISTS \(database) WITH (FORCE)")
  }
}

extension OwnService {
  var requests: RequestServiceClient { RequestServiceClient(client) }
}
