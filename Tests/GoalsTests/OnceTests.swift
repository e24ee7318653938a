import Access
import Foundation
import Launch
import Postgres
import RPC
import Schemas
import Storage
import StorageSupport
import SwiftProtobuf
import Testing

@testable import Goals

/// Writes under an idempotency key: made once, however often they are asked for.
@Suite(.serialized) struct OnceTests {
  private static let request = GoalsCreateGoalRequest.with { $0.title = "Chair calmly" }

  private static func goals(_ desk: Desk, _ token: Token? = nil) async throws -> [GoalsGoal] {
    try await desk.service.listGoals(GoalsListGoalsRequest(), desk.call(token)).goals
  }

  @Test func `the same key and request make one goal and get one answer`() async throws {
    try await Desk.with { desk in
      let first = try await desk.service.createGoal(Self.request, desk.call(key: "k-1"))
      #expect(try await desk.service.createGoal(Self.request, desk.call(key: "\"k-1\"")) == first)
      #expect(try await Self.goals(desk) == [first])
      let second = try await desk.service.createGoal(Self.request, desk.call(key: "k-2"))
      #expect(second.goalID != first.goalID)
      #expect(try await Self.goals(desk).count == 2)
    }
  }

  @Test func `the same key with another request is refused, and changes nothing`() async throws {
    try await Desk.with { desk in
      let first = try await desk.service.createGoal(Self.request, desk.call(key: "k"))
      let refused = try await refusal {
        try await desk.service.createGoal(.with { $0.title = "Other" }, desk.call(key: "k"))
      }
      #expect(refused?.hasPrefix("FAILED_PRECONDITION: the idempotency-key came before") == true)
      #expect(try await Self.goals(desk) == [first])
    }
  }

  @Test func `a key is its caller's and its method's alone`() async throws {
    try await Desk.with { desk in
      let first = try await desk.service.createGoal(Self.request, desk.call(key: "k"))
      let colleague = Desk.person(tenant: desk.token.tenant)
      let stranger = Desk.person()
      for other in [colleague, stranger] {
        let made = try await desk.service.createGoal(Self.request, desk.call(other, key: "k"))
        #expect(made.goalID != first.goalID)
        #expect(try await Self.goals(desk, other) == [made])
      }
    }
  }

  @Test func `twins that come at once make one goal`() async throws {
    try await Desk.with { desk in
      let answers = try await withThrowingTaskGroup(of: GoalsGoal.self) { group in
        for _ in 0..<8 {
          group.addTask {
            try await desk.service.createGoal(Self.request, desk.call(key: "twins"))
          }
        }
        return try await group.reduce(into: Set<String>()) { $0.insert($1.goalID) }
      }
      #expect(answers.count == 1)
      #expect(try await Self.goals(desk).count == 1)
    }
  }

  @Test func `a check-in and a completion that are repeated count once`() async throws {
    try await Desk.with { desk in
      let goal = try await desk.service.createGoal(Self.request, desk.call())
      let checkIn = GoalsCheckInRequest.with {
        $0.goalID = goal.goalID
        $0.progressPercent = 30
        $0.confidence = 4
        $0.expectedRevision = 1
      }
      let checked = try await desk.service.checkIn(checkIn, desk.call(key: "c"))
      #expect(try await desk.service.checkIn(checkIn, desk.call(key: "c")) == checked)
      let complete = GoalsCompleteGoalRequest.with {
        $0.goalID = goal.goalID
        $0.expectedRevision = 2
      }
      let done = try await desk.service.completeGoal(complete, desk.call(key: "d"))
      #expect(try await desk.service.completeGoal(complete, desk.call(key: "d")) == done)
      let list = try await desk.service.listCheckIns(
        .with { $0.goalID = goal.goalID }, desk.call())
      #expect(list.checkIns == [checked.checkIn])
      // Without a key, or with another one, it is what it is: done already.
      let refused = try await refusal {
        try await desk.service.completeGoal(complete, desk.call(key: "e"))
      }
      #expect(refused?.hasPrefix("FAILED_PRECONDITION") == true)
    }
  }

  @Test func `a write that failed is not kept`() async throws {
    try await Desk.with { desk in
      let goal = try await desk.service.createGoal(Self.request, desk.call())
      var checkIn = GoalsCheckInRequest.with {
        $0.goalID = goal.goalID
        $0.confidence = 4
        $0.expectedRevision = 7
      }
      let refused = try await refusal {
        try await desk.service.checkIn(checkIn, desk.call(key: "c"))
      }
      #expect(refused?.hasPrefix("ABORTED") == true)
      checkIn.expectedRevision = 1
      _ = try await desk.service.checkIn(checkIn, desk.call(key: "c"))
    }
  }

  @Test func `a kept answer is sealed, expires, and is erased with a person`() async throws {
    try await Desk.with { desk in
      let first = try await desk.service.createGoal(Self.request, desk.call(key: "k"))
      let table: SQL = """
        SELECT sealed_answer, expires_at > now() + interval '23 hours' AS lasts
        FROM goals.kept_answer
        """
      let row = try await desk.base.admin.run([table])[0][0]
      let (sealed, lasts): ([UInt8], Bool) = (try row.get("sealed_answer"), try row.get("lasts"))
      #expect(lasts && !sealed.contains(Array("Chair".utf8)))

      try await desk.service.answers.erase(Mandate(tenant: UUID()))
      #expect(try await desk.service.createGoal(Self.request, desk.call(key: "k")) == first)
      try await desk.service.answers.erase(Mandate(tenant: desk.token.tenant))
      let refused = try await refusal {
        try await desk.service.createGoal(Self.request, desk.call(key: "k"))
      }
      #expect(refused?.contains("its answer was erased since") == true)

      try await desk.base.admin.run(["UPDATE goals.kept_answer SET expires_at = now()"])
      let second = try await desk.service.createGoal(Self.request, desk.call(key: "k"))
      #expect(second.goalID != first.goalID)
      let kept: Int = try await desk.base.admin.run([
        "SELECT count(*) AS n FROM goals.kept_answer"
      ])[0][0].get("n")
      #expect(kept == 1, "what expired goes with the next write")
    }
  }

  @Test(arguments: ["", "\"\"", String(repeating: "k", count: 256)])
  func `a key that is none is refused`(key: String) async throws {
    try await Desk.with { desk in
      let refused = try await refusal {
        try await desk.service.createGoal(Self.request, desk.call(key: key))
      }
      #expect(refused?.hasPrefix("INVALID_ARGUMENT: idempotency-key") == true)
    }
  }
}
