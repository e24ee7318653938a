import Foundation
import ProgramSupport
import Reactor
import Testing

@testable import Postgres
@testable import Storage

/// What goes over the wire, seen by a hop in between.
@Suite(.timeLimit(.minutes(2))) struct PostgresWireTests {
  private static func relayed(
    _ change: @Sendable (inout PostgresConfiguration) -> Void = { _ in },
    _ body: @Sendable (PostgresPool, PostgresRelay) async throws -> Void
  ) async throws {
    try await PostgresRelay.with { relay in
      try await TestDatabase.cluster {
        $0.dsn += " \(relay.dsn)"
        $0.connectionsPerReactor = 1
        change(&$0)
      } _: { pool, _ in
        try await body(pool, relay)
      }
    }
  }

  private static let statements: [SQL] = [
    "SELECT \(1) AS one", "SELECT \("x") AS text",
    "SELECT current_setting('ikso.tenant') AS tenant",
  ]

  @Test(arguments: [true, false])
  func `a unit of work is one write, one Sync and one round trip`(prepares: Bool) async throws {
    try await Self.relayed {
      $0.preparesStatements = prepares
    } _: { pool, relay in
      let database = Database(pool: pool)
      let mandate = Mandate(tenant: UUID(), purpose: "development", deadline: .now + .seconds(60))
      // The first time the statements are prepared, in the same round trip.
      for _ in 0..<2 {
        try await pool.run(["SELECT 1"])
        relay.reset()
        let results = try await database.once(mandate, all: Self.statements)
        let tenant: String = try results[2][0].get("tenant")
        #expect(tenant == mandate.tenant.uuidString)
        #expect(
          relay.traffic == PostgresRelay.Traffic(turns: 1, pieces: 1, syncs: 1, readies: 1))
      }
      #expect(relay.connections == 1)
    }
  }

  @Test func `an open unit costs one round trip a step and one for COMMIT`() async throws {
    try await Self.relayed { pool, relay in
      let database = Database(pool: pool)
      let mandate = Mandate(tenant: UUID(), purpose: "development")
      try await pool.run(["SELECT 1"])
      relay.reset()
      try await database.transaction(mandate) { transaction in
        try await transaction.query(Self.statements[0])
        try await transaction.query(Self.statements[1])
      }
      #expect(relay.traffic.turns == 3 && relay.traffic.syncs == 3)
      relay.reset()
      try await database.transaction(mandate) { transaction in
        try await transaction.query(Self.statements[0])
        try transaction.queryAtCommit([Self.statements[1]])
      }
      #expect(relay.traffic.turns == 2 && relay.traffic.syncs == 2)
    }
  }

  @Test func `tenant and purpose hold for the unit alone`() async throws {
    try await Self.relayed { pool, _ in
      let database = Database(pool: pool)
      let purpose: SQL = "SELECT coalesce(current_setting('ikso.purpose', true), '') AS purpose"
      let mandate = Mandate(tenant: UUID(), purpose: "privacy-requests")
      let inside: String = try await database.once(mandate, purpose)[0][0].get("purpose")
      let after: String = try await pool.run([purpose])[0][0].get("purpose")
      #expect(inside == "privacy-requests" && after.isEmpty)
    }
  }

  @Test func `an idle connection that gives no sign of life is closed`() async throws {
    try await Self.relayed {
      $0.healthCheckInterval = .milliseconds(10)
      $0.healthCheckTimeout = .milliseconds(200)
    } _: { pool, relay in
      try await pool.run(["SELECT 1"])
      relay.reset()
      // Asked again and again, and kept.
      try await until("three signs of life") { relay.traffic.readies >= 3 }
      try await pool.run(["SELECT 1"])
      #expect(relay.connections == 1)
      relay.fallSilent()
      try await until("it is closed") { relay.closed > 0 }
      relay.speakAgain()
      try await pool.run(["SELECT 1"])
      #expect(relay.connections == 2)
    }
  }
}
