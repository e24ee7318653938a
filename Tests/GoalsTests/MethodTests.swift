import Access
import Cryptography
import Foundation
import HTTP2
import RPC
import Reactor
import Schemas
import Storage
import StorageSupport
import SwiftProtobuf
import Testing

@testable import Goals

/// The service's methods on a real database, beside a feedback service that answers over a real
/// connection.
struct Desk: Sendable {
  let service: GoalsService
  let token: Token
  let base: ServiceDatabase

  static let feedback = UUID()
  static let now = Date(timeIntervalSince1970: 1_800_000_000.25)

  static func with(_ body: @Sendable (Desk) async throws -> Void) async throws {
    try await ServiceDatabase.with(schema: "goals", migrations: migrations) { base in
      let reactors = try ReactorGroup(count: 1)
      reactors.start()
      let server = RPCServer(
        methods: [neighbour],
        configuration: RPCServerConfiguration(
          address: SocketAddress(host: "127.0.0.1", port: 0), tls: nil),
        reactors: reactors)
      try server.start()
      let client = RPCClient(
        endpoint: Endpoint(host: "127.0.0.1", port: server.boundPort), tls: nil,
        reactors: reactors)
      let desk = Desk(
        service: GoalsService(
          store: GoalStore(database: base.database, vault: base.vault),
          answers: try KeptAnswers(database: base.database, vault: base.vault, schema: "goals"),
          feedback: FeedbackServiceClient(client), now: { now }),
        token: person(), base: base)
      var failure: (any Error)?
      do { try await body(desk) } catch { failure = error }
      await client.shutdown()
      await server.shutdown(grace: .zero)
      reactors.shutdown()
      if let failure { throw failure }
    }
  }

  /// Knows one feedback, for whoever brings a token.
  private static let neighbour = RPCMethod.unary(
    FeedbackServiceMethods.getFeedback, admit: { $0.bearerToken }
  ) { (request: FeedbackGetFeedbackRequest, token: String?) in
    guard token == "the caller's token" else { throw RPCError.unauthenticated("no token") }
    guard request.feedbackID == feedback.canonical else {
      throw RPCError.notFound("feedback not found")
    }
    return FeedbackFeedback.with { $0.feedbackID = request.feedbackID }
  }

  static func person(tenant: UUID = UUID()) -> Token {
    Token(
      issuer: "https://identity.test", subject: UUID(), tenant: tenant, roles: [.participant],
      session: UUID(), authenticatedAt: now, issuedAt: now, expiresAt: now + 900,
      statementHash: "")
  }

  func call(_ token: Token? = nil, key: String? = nil) -> Call {
    var metadata: Metadata = ["authorization": "Bearer the caller's token"]
    if let key { try? metadata.add(Call.idempotencyKeyName, key) }
    let rpc = ServerCall(method: GoalsServiceMethods.createGoal, metadata: metadata)
    return Call(
      caller: .person(token ?? self.token), rpc: rpc, policy: GoalsServicePolicies.createGoal)
  }
}

/// The code and the text that a caller gets.
func refusal<Value>(_ body: () async throws -> Value) async throws -> String? {
  do {
    _ = try await body()
    return nil
  } catch let error as RPCError {
    return error.description
  } catch let error as any PublicError {
    return error.status.description
  }
}

@Suite(.serialized) struct MethodTests {
  @Test func `a goal goes from its setting over a check-in to its completion`() async throws {
    try await Desk.with { desk in
      let made = try await desk.service.createGoal(
        .with {
          $0.title = " Chair calmly "
          $0.dueOn = "2027-06-30"
          $0.feedbackIds = [Desk.feedback.uuidString]
        }, desk.call())
      #expect(made.title == "Chair calmly" && made.revision == 1 && made.state == .open)
      #expect(made.feedbackIds == [Desk.feedback.canonical])
      #expect(made.createdAt.seconds == 1_800_000_000 && made.createdAt.nanos == 250_000_000)
      let get = GoalsGetGoalRequest.with { $0.goalID = made.goalID }
      #expect(try await desk.service.getGoal(get, desk.call()) == made)

      let checked = try await desk.service.checkIn(
        .with {
          $0.goalID = made.goalID
          $0.progressPercent = 30
          $0.confidence = 4
          $0.expectedRevision = 1
        }, desk.call())
      #expect(checked.goal.revision == 2 && checked.goal.progressPercent == 30)
      let list = try await desk.service.listCheckIns(
        .with { $0.goalID = made.goalID }, desk.call())
      #expect(list.checkIns == [checked.checkIn])

      let done = try await desk.service.completeGoal(
        .with {
          $0.goalID = made.goalID
          $0.evaluation = "They noticed"
          $0.expectedRevision = 2
        }, desk.call())
      #expect(done.state == .completed && done.evaluation == "They noticed")
      let goals = try await desk.service.listGoals(GoalsListGoalsRequest(), desk.call())
      #expect(goals.goals == [done] && goals.nextPageToken.isEmpty)
    }
  }

  @Test func `feedback that the caller does not have is not found`() async throws {
    try await Desk.with { desk in
      let refused = try await refusal {
        try await desk.service.createGoal(
          .with {
            $0.title = "T"
            $0.feedbackIds = [Desk.feedback.canonical, UUID().uuidString]
          }, desk.call())
      }
      #expect(refused == "NOT_FOUND: feedback not found")
      #expect(try await desk.service.listGoals(.with { _ in }, desk.call()).goals.isEmpty)
    }
  }

  @Test func `a stranger's answer is that of a goal that never was`() async throws {
    try await Desk.with { desk in
      let goal = try await desk.service.createGoal(.with { $0.title = "T" }, desk.call())
      let strangers = [Desk.person(tenant: desk.token.tenant), Desk.person()]
      for (stranger, id) in strangers.map({ ($0, goal.goalID) })
        + [(desk.token, UUID().uuidString)]
      {
        let refused = try await refusal {
          try await desk.service.getGoal(.with { $0.goalID = id }, desk.call(stranger))
        }
        #expect(refused == "NOT_FOUND: goal not found")
      }
    }
  }

  @Test func `what is wrong is named by its field`() async throws {
    try await Desk.with { desk in
      let bad = try await refusal {
        try await desk.service.getGoal(.with { $0.goalID = "7" }, desk.call())
      }
      #expect(bad?.hasPrefix("INVALID_ARGUMENT: goal_id must be a UUID") == true)
      let link = try await refusal {
        try await desk.service.createGoal(
          .with {
            $0.title = "T"
            $0.feedbackIds = [Desk.feedback.canonical, "x"]
          }, desk.call())
      }
      #expect(link?.contains("feedback_ids[1]") == true)
      let title = try await refusal {
        try await desk.service.createGoal(GoalsCreateGoalRequest(), desk.call())
      }
      #expect(title == "INVALID_ARGUMENT: title must have 1 to 200 characters")
    }
  }
}
