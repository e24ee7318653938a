import Foundation
import Postgres
import RPC
import Schemas
import SwiftProtobuf
import Testing

/// A deadline travels: gateway, service, PostgreSQL; a cancelled call stops its query.
///
/// The call is made to wait in PostgreSQL for a row that the test holds locked.
struct DeadlineTests {
  /// A goal whose row is locked while `body` runs; `waiting` counts who waits for it.
  static func withLockedGoal(
    _ body: (Member, GoalsGoal, _ waiting: () async throws -> Int64) async throws -> Void
  ) async throws {
    let member = try await Organisation.make().member("Fien Slot")
    let goal = try await member.createGoal()
    let id = try #require(UUID(uuidString: goal.goalID))
    try await member.organisation.house.superuser.transaction { transaction in
      _ = try await transaction.query(
        """
        SELECT goal_id FROM goals.goal
        WHERE tenant_id = \(member.organisation.uuid) AND goal_id = \(id) FOR UPDATE
        """)
      try await body(member, goal) { try await transaction.waiters() }
    }
    let after = try await member.organisation.house.goals.getGoal(
      .with { $0.goalID = goal.goalID }, member.options)
    #expect(after == goal, "a call that was given up has changed the goal")
  }

  static func checkIn(
    on goal: GoalsGoal, as member: Member, timeout: Duration
  ) async throws {
    var options = member.options
    options.timeout = timeout
    _ = try await member.organisation.house.goals.checkIn(
      .with {
        $0.goalID = goal.goalID
        $0.progressPercent = 50
        $0.confidence = 3
        $0.expectedRevision = goal.revision
      }, options)
  }

  /// Asks until `wanted` wait; each question is a round trip, so that it ends.
  static func expectWaiting(
    _ wanted: Int64, _ waiting: () async throws -> Int64
  ) async throws {
    for _ in 0..<100_000 where try await waiting() == wanted { return }
    Issue.record("\(try await waiting()) wait for the row instead of \(wanted)")
  }

  @Test func `a deadline that passes ends the query in PostgreSQL, and nothing is stored`()
    async throws
  {
    try await Self.withLockedGoal { member, goal, waiting in
      try await expectRefusal(.deadlineExceeded, what: "a check-in on a locked goal") {
        try await Self.checkIn(on: goal, as: member, timeout: .milliseconds(700))
      }
      try await Self.expectWaiting(0, waiting)
    }
  }

  @Test func `a cancelled call ends its query in PostgreSQL, and nothing is stored`()
    async throws
  {
    try await Self.withLockedGoal { member, goal, waiting in
      let call = Task { try await Self.checkIn(on: goal, as: member, timeout: .seconds(120)) }
      try await Self.expectWaiting(1, waiting)
      call.cancel()
      let refused = try await refusal("the cancelled call") { try await call.value }
      #expect(refused.code == .cancelled)
      try await Self.expectWaiting(0, waiting)
    }
  }
}
