import Foundation
import Postgres
import ProgramSupport
import RPC
import Schemas

/// The privacy service on a database of one test's own, and its processes one after the other. The
/// services that hold the people's data are the house's.
struct OwnPrivacy: Sendable {
  private let database: OwnDatabase

  var house: House { database.house }
  /// A superuser's, on the database of the test.
  var superuser: PostgresPool { database.superuser }

  /// Short, so that what a killed process left is taken up soon.
  private static let leaseSeconds = 2

  static func with(_ body: (OwnPrivacy) async throws -> Void) async throws {
    try await OwnDatabase.with("privacy") { database in
      try await database.migrate()
      try await body(OwnPrivacy(database: database))
    }
  }

  func start(_ change: (inout Settings) -> Void = { _ in }) async throws -> OwnService {
    try await database.start { settings in
      settings["requests.leaseSeconds"] = Self.leaseSeconds
      change(&settings)
    }
  }

  func kill(_ service: OwnService) async { await database.kill(service) }

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
}

extension OwnService {
  var requests: RequestServiceClient { RequestServiceClient(client) }
}
