import Archive
import Cryptography
import Foundation
import HTTP2
import Postgres
import ProgramSupport
import RPC
import Schemas
import SwiftProtobuf
import Testing

/// Each service confirms that it refuses what a request stops, over the wire.
@Suite(.timeLimit(.minutes(10))) struct RestrictionTests {
  /// The request once every service has confirmed.
  private func confirmed(
    _ request: PrivacyPrivacyRequest, _ officer: Member, at privacy: PrivacyServiceClient
  ) async throws -> PrivacyPrivacyRequest {
    try await eventually("each service confirms") {
      let now = try await OwnPrivacy.patiently {
        try await privacy.getRequest(
          .with { $0.requestID = request.requestID }, officer.options)
      }
      return now.steps.count { $0.done } == HousePlan.stores.count ? now : nil
    }
  }

  private func expectFrozen(
    what: String, sourceLocation: SourceLocation = #_sourceLocation, _ call: () async throws -> Void
  ) async {
    let error = await #expect(throws: RPCError.self, sourceLocation: sourceLocation) {
      try await call()
    }
    #expect(error?.reason == "PURPOSE_FROZEN", "\(what)", sourceLocation: sourceLocation)
  }

  @Test func `clause 34: a restriction says since when each service refuses`() async throws {
    let staff = try await RequestTests.Staff.make()
    let (house, member) = (staff.house, staff.member)
    let asked = try await staff.askMyself(.restriction)
    let now = try await confirmed(asked, staff.officer, at: house.privacy)
    #expect(now.state == .waitingForAcceptance, "in force before anybody decides")
    #expect(Set(now.steps.map(\.service)) == Set(HousePlan.stores))
    for step in now.steps {
      #expect(step.problem.isEmpty && step.updatedAt.date >= asked.receivedAt.date)
    }
    let receipt = try SignedDocument.verify(
      [UInt8](now.receipt), keys: try await RightsTests.keys(), as: RequestReceipt.self
    ).content
    #expect(
      receipt.inForce
        == now.steps.sorted { $0.service < $1.service }.map {
          RequestReceipt.InForce(service: $0.service, since: $0.updatedAt.date.formatted(.iso8601))
        })
    // At once: what is confirmed is so.
    await expectFrozen(what: "goals") {
      _ = try await house.goals.listGoals(.init(), member.options)
    }
    await expectFrozen(what: "feedback") {
      _ = try await house.feedback.listFeedback(.init(), member.options)
    }
    let own = try await house.ownRequests.getOwnRequest(
      .with { $0.requestID = asked.requestID }, member.options)
    #expect(own.steps.count == HousePlan.stores.count)
    #expect(try await due(asked, house) == 0, "there is nothing left to do")
  }

  @Test func `clause 34: an objection is confirmed for its purpose, and no other is refused`()
    async throws
  {
    let staff = try await RequestTests.Staff.make()
    let asked = try await staff.ask(.objection) { $0.purpose = "development" }
    _ = try await confirmed(asked, staff.officer, at: staff.house.privacy)
    await expectFrozen(what: "goals") {
      _ = try await staff.house.goals.listGoals(.init(), staff.member.options)
    }
    _ = try await staff.house.feedback.listFeedback(.init(), staff.member.options)
    // A second one, after the first was granted, joins the freeze and is confirmed as well.
    _ = try await staff.house.requests.completeRequest(
      .with {
        $0.requestID = asked.requestID
        $0.outcome = "Het doel ligt stil."
      }, staff.officer.options)
    let again = try await staff.ask(.objection) { $0.purpose = "development" }
    #expect(again.requestID != asked.requestID)
    _ = try await confirmed(again, staff.officer, at: staff.house.privacy)
  }

  @Test func `a service that is away delays the confirmation, and never drops it`() async throws {
    let staff = try await RequestTests.Staff.make()
    let officer = staff.officer
    let other = try await staff.member.organisation.member("Wim Bezwaar")
    try await OwnPrivacy.with { own in
      // Nobody listens on the discard port of loopback.
      let cutOff = try await own.start { settings in
        for name in ["feedback", "goals"] { settings["peers.\(name)"] = "127.0.0.1:9" }
      }
      func ask(_ member: Member) async throws -> PrivacyPrivacyRequest {
        try await OwnPrivacy.patiently {
          try await cutOff.privacy.createRequest(
            .with {
              $0.kind = .restriction
              $0.subjectID = member.id
            }, officer.options)
        }
      }
      let (asked, refused) = (try await ask(staff.member), try await ask(other))
      let missed = try await eventually("the confirmation waits for goals") {
        try await cutOff.privacy.getRequest(
          .with { $0.requestID = asked.requestID }, officer.options
        ).steps.first { $0.service == "goals" }
      }
      #expect(!missed.done && !missed.problem.isEmpty)
      // What the officer does with the request changes nothing about that, unless it is refused.
      let done = try await cutOff.requests.completeRequest(
        .with {
          $0.requestID = asked.requestID
          $0.outcome = "Alles ligt stil."
        }, officer.options)
      #expect(done.state == .completed)
      _ = try await cutOff.requests.refuseRequest(
        .with {
          $0.requestID = refused.requestID
          $0.ground = .notIdentified
        }, officer.options)
      #expect(try await self.waiting(own) == [asked.requestID])

      // The house's services follow the house's privacy service, which stops the same. Processes
      // that followed this one would bring it the accesses that others wait for.
      _ = try await ConsentServiceClient(staff.house.gateway).freezePurposes(
        .with {
          $0.personID = staff.member.id
          $0.reason = .restriction
        }, officer.options)
      await own.kill(cutOff)
      let whole = try await own.start { $0["listen.port"] = cutOff.endpoint.port }
      let now = try await confirmed(asked, officer, at: whole.privacy)
      #expect(now.state == .completed && now.steps.allSatisfy { $0.problem.isEmpty })
      try await until("nothing is left to do") { try await self.waiting(own).isEmpty }
      let gone = try await whole.privacy.getRequest(
        .with { $0.requestID = refused.requestID }, officer.options)
      #expect(gone.state == .refused && gone.steps.allSatisfy { !$0.done })
      await own.kill(whole)
    }
  }

  private func due(_ request: PrivacyPrivacyRequest, _ house: House) async throws -> Int64 {
    let id = try #require(UUID(uuidString: request.requestID))
    return try await eventually("the queue forgets it") {
      let count: Int64 = try await house.sql(
        "SELECT count(*) AS n FROM privacy.request_due WHERE request_id = \(id)")[0][0].get("n")
      return count == 0 ? count : nil
    }
  }

  private func waiting(_ own: OwnPrivacy) async throws -> [String] {
    try await own.superuser.run(["SELECT request_id FROM privacy.request_due"])[0].map {
      try $0.get("request_id", as: UUID.self).canonical
    }
  }
}
