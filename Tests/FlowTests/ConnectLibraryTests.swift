import Cryptography
import Foundation
import ProgramSupport
import RPC
import Schemas
import Testing

/// A client that nobody here wrote: connectrpc for Python, on Rust's hyper, in three protocols.
struct ConnectLibraryTests {
  struct Refused: Decodable, Equatable {
    let code: String
    let message: String
    let reason: String
    let fields: [String]
  }

  struct Outcome: Decodable {
    let made: String
    let isListed: Bool
    let getsTheSame: Bool
    let archive: String
    let noToken: Refused
    let invalid: Refused
    let deadline: Refused
  }

  @Test func `connectrpc calls the gateway in three protocols, and sees the same in each`()
    async throws
  {
    let subject = try await RightsTests.subject()
    let request = try await RightsTests.request(
      .access, about: subject.member, by: subject.officer)
    let archive = try await RightsTests.archive(request, by: subject.officer)
    let folder = try ScratchFolder()
    try await PythonTests.generateStubs(folder)
    try await DeadlineTests.withLockedGoal { member, goal, _ in
      let plan = member.organisation.house.plan
      let run = try await PythonTests.run(
        "connect_calls.py",
        [
          "stubs": folder.url.path, "gateway": plan.gateway, "ca": plan.ca,
          "participant": member.token, "officer": subject.officer.token,
          "request": request.requestID, "dueOn": Samples.day(30), "goal": goal.goalID,
          "revision": "\(goal.revision)",
        ])
      let outcomes = try JSONDecoder().decode([String: Outcome].self, from: run)
      #expect(outcomes.count == 6)
      for (name, outcome) in outcomes {
        #expect(outcome.made == name && outcome.isListed && outcome.getsTheSame, "\(name)")
        #expect(outcome.archive == Hex.encode(Digest.sha256(archive)), "\(name)")
        #expect(outcome.noToken.code == "unauthenticated", "\(name): \(outcome)")
        #expect(outcome.noToken.reason == "TOKEN_NEEDED", "\(name): \(outcome)")
        #expect(outcome.invalid.code == "invalid_argument", "\(name): \(outcome)")
        #expect(outcome.invalid.fields == ["title"], "\(name): \(outcome)")
        #expect(outcome.deadline.code == "deadline_exceeded", "\(name): \(outcome)")
      }
      #expect(Set(outcomes.values.map(\.noToken.message)).count == 1)
      #expect(Set(outcomes.values.map(\.invalid.message)).count == 1)
    }
  }
}
