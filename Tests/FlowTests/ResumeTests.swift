import Foundation
import Glibc
import ProgramSupport
import RPC
import Schemas
import SwiftProtobuf
import Testing

/// A request that stopped half-way says so, and can be taken up again.
struct ResumeTests {
  /// A privacy process that finds no goals service.
  private func cutOff() async throws -> OwnService {
    try await OwnService.start("privacy") { settings in
      // Nobody listens on the discard port of loopback.
      settings["peers.goals"] = "127.0.0.1:9"
    }
  }

  /// A service that has just started may not know yet whose tokens count no more.
  private func patiently<Value>(_ call: () async throws -> Value) async throws -> Value {
    try await eventually("the new service takes fresh calls") {
      do {
        return try await call()
      } catch {
        guard (error as? RPCError)?.code == .unavailable else { throw error }
        return nil
      }
    }
  }

  @Test func `an erasure that one service missed is incomplete until it is resumed`()
    async throws
  {
    let subject = try await RightsTests.subject()
    let house = subject.organisation.house
    let lone = try await cutOff()
    var options = subject.officer.options
    options.timeout = .seconds(110)
    options.waitForReady = true
    let stopped = try await patiently {
      try await lone.privacy.createRequest(
        .with {
          $0.kind = .erasure
          $0.subjectID = subject.member.id
        }, options)
    }
    #expect(stopped.state == .incomplete)
    #expect(stopped.subjectID == subject.member.id, "who it is about must be known to go on")
    let missed = try #require(stopped.steps.first { $0.service == "goals" })
    #expect(!missed.done && !missed.problem.isEmpty && !stopped.hasCompletedAt)
    let left = try await Tables.places(of: [subject.goal.goalID], in: house.superuser)
    #expect(!left.isEmpty)

    // By any process of the service, as by the house's own.
    let resumed = try await house.privacy.resumeRequest(
      .with { $0.requestID = stopped.requestID }, options)
    #expect(resumed.state == .completed, "\(resumed.steps)")
    #expect(resumed.subjectID.isEmpty && resumed.requestID == stopped.requestID)
    let after = try await Tables.places(
      of: [subject.member.id, subject.member.email, subject.goal.goalID] + subject.texts,
      in: house.superuser)
    #expect(after.isEmpty, "left: \(after)")
    try await expectRefusal(.failedPrecondition, what: "resuming once more") {
      try await house.privacy.resumeRequest(
        .with { $0.requestID = stopped.requestID }, options)
    }
  }

  @Test func `an archive is whole or it is not there`() async throws {
    let subject = try await RightsTests.subject()
    let house = subject.organisation.house
    let lone = try await cutOff()
    var options = subject.officer.options
    options.timeout = .seconds(110)
    options.waitForReady = true
    try options.metadata.add("idempotency-key", "access-\(subject.member.id)")
    let asked = PrivacyCreateRequestRequest.with {
      $0.kind = .access
      $0.subjectID = subject.member.id
    }
    let stopped = try await patiently { try await lone.privacy.createRequest(asked, options) }
    #expect(stopped.state == .incomplete && stopped.archiveBytes == 0)
    #expect(try await house.privacy.createRequest(asked, options) == stopped, "asked again")
    try await expectRefusal(.failedPrecondition, what: "half an archive") {
      try await RightsTests.archive(stopped, by: subject.officer)
    }
    try await expectRefusal(.alreadyExists, stopped.requestID, what: "a second one") {
      try await RightsTests.request(.access, about: subject.member, by: subject.officer)
    }
    let resumed = try await house.privacy.resumeRequest(
      .with { $0.requestID = stopped.requestID }, subject.officer.options)
    #expect(resumed.state == .completed)
    #expect(try await house.privacy.createRequest(asked, options) == resumed, "and once more")
    let archive = try await RightsTests.archive(resumed, by: subject.officer)
    #expect(UInt64(archive.count) == resumed.archiveBytes)
  }
}
