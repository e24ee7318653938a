import Access
import Cryptography
import Foundation
import Glibc
import HTTP2
import ProgramSupport
import RPC
import Schemas
import SwiftProtobuf
import Testing

/// Purposes that are stopped: for one person, or for an organisation, in every service.
@Suite(.timeLimit(.minutes(10))) struct PurposeTests {
  private typealias Door = @Sendable () async throws -> Void

  private func consents() throws -> ConsentServiceClient {
    ConsentServiceClient(try House.current().gateway)
  }

  /// Returns when the call is refused for `reason`.
  private func untilRefused(_ reason: String, _ call: Door) async throws {
    try await until("refused, \(reason)") {
      do {
        try await call()
        return false
      } catch let error as RPCError {
        return error.reason == reason
      }
    }
  }

  /// Returns when the call is answered.
  private func untilAnswered(_ call: Door) async throws {
    try await until("answered") {
      do {
        try await call()
        return true
      } catch is RPCError {
        return false
      }
    }
  }

  private func expectRefused(
    _ reason: String, sourceLocation: SourceLocation = #_sourceLocation, _ call: Door
  ) async throws {
    do {
      try await call()
      Issue.record("answered instead of \(reason)", sourceLocation: sourceLocation)
    } catch let error as RPCError {
      #expect(error.reason == reason, "\(error)", sourceLocation: sourceLocation)
    }
  }

  private func goals(of member: Member, at client: GoalsServiceClient? = nil) throws -> Door {
    let client = try client ?? House.current().goals
    return { _ = try await client.listGoals(.init(), member.options) }
  }

  private func feedback(of member: Member) throws -> Door {
    let client = try House.current().feedback
    return { _ = try await client.listFeedback(.init(), member.options) }
  }

  @Test func `clause 34: a frozen person's data are neither read nor written, by nobody`()
    async throws
  {
    let subject = try await RightsTests.subject()
    let (member, colleague) = (subject.member, subject.colleague)
    let house = member.organisation.house
    let outsider = "Lies \(member.organisation.tag)"
    let round = try await member.ask([colleague], outsiders: [outsider])
    let code = try await house.mailbox.code(to: member.organisation.email(outsider))
    let stranger = try await Organisation.make("Andere B.V.").member("Piet Ander")
    let frozen = try await consents().freezePurposes(
      .with {
        $0.personID = member.id
        $0.reason = .restriction
      }, subject.officer.options)
    #expect(
      frozen.freezes.map(\.purpose) == [.feedback, .development, .publishing, .reporting])

    for door in [try goals(of: member), try feedback(of: member)] {
      try await untilRefused("PURPOSE_FROZEN", door)
    }
    try await expectRefused("PURPOSE_FROZEN") { _ = try await member.createGoal() }
    let goal = subject.goal.goalID
    try await expectRefused("PURPOSE_FROZEN") {
      _ = try await house.goals.getGoal(.with { $0.goalID = goal }, member.options)
    }
    // By others, about this person.
    try await expectRefused("PURPOSE_FROZEN") { _ = try await colleague.ask([member]) }
    let tasks = try await house.feedback.listFeedbackTasks(.init(), colleague.options).tasks
    #expect(!tasks.contains { $0.askerID == member.id })
    try await expectRefused("PURPOSE_FROZEN") {
      _ = try await house.feedback.giveFeedback(
        .with {
          $0.invitationID = round.invitations[0].invitationID
          $0.answer = "Te laat."
        }, colleague.options)
    }
    try await expectRefused("PURPOSE_FROZEN") {
      _ = try await house.feedback.openGuestLink(.with { $0.code = code })
    }
    // Colleagues and other organisations go on, and so do this person's sign-in and rights.
    _ = try await colleague.createGoal()
    try await goals(of: colleague)()
    try await goals(of: stranger)()
    try await feedback(of: stranger)()
    _ = try await member.signIn()
    let standing = try await consents().listConsents(.init(), member.options).standings
    #expect(standing.allSatisfy { !$0.isAllowed && $0.frozen == [.restriction] })

    for freeze in frozen.freezes {
      let released = try await consents().releaseFreeze(
        .with { $0.freezeID = freeze.freezeID }, subject.officer.options)
      #expect(released.hasReleasedAt && released.releasedBy == subject.officer.id)
    }
    try await untilAnswered(goals(of: member))
    try await untilAnswered(feedback(of: member))
    _ = try await house.feedback.openGuestLink(.with { $0.code = code })
    let listed = try await consents().listFreezes(
      .with {
        $0.personID = member.id
        $0.onlyInForce = true
      }, subject.officer.options)
    #expect(listed.freezes.isEmpty)
  }

  @Test func `clause 10: one call withdraws, everywhere, over the restart of any process`()
    async throws
  {
    let organisation = try await Organisation.make()
    let (member, other) = (
      try await organisation.member("Gea Intrek"), try await organisation.member("Hans Intrek")
    )
    let privacy = try await OwnService.start("privacy")
    let goals = try await OwnService.start("goals") {
      $0["peers.privacy"] = privacy.endpoint.description
    }
    let door = try self.goals(of: member, at: goals.goals)
    try await door()
    privacy.child.signal(SIGKILL)
    _ = await privacy.child.end()
    // Another process of privacy takes it; nobody can tell this one of goals yet.
    let receipt = try await consents().withdrawConsent(
      .with { $0.purpose = .development }, member.options)
    #expect(receipt.act == .withdrawn)
    #expect(
      try await consents().withdrawConsent(.with { $0.purpose = .development }, member.options)
        == receipt)
    try await untilRefused("PURPOSE_FROZEN", self.goals(of: member))
    let again = try await OwnService.start("privacy") {
      $0["listen.port"] = privacy.endpoint.port
    }
    try await untilRefused("PURPOSE_FROZEN", door)
    try await self.goals(of: other, at: goals.goals)()
    goals.child.signal(SIGKILL)
    _ = await goals.child.end()
    let second = try await OwnService.start("goals") {
      $0["peers.privacy"] = again.endpoint.description
    }
    try await expectRefused("PURPOSE_FROZEN", self.goals(of: member, at: second.goals))
    try await self.goals(of: other, at: second.goals)()

    let statement = try await organisation.house.privacy.getStatement(.init(), member.options)
    _ = try await consents().giveConsent(
      .with {
        $0.purpose = .development
        $0.statementVersion = statement.version.version
        $0.statementSha256 = statement.version.sha256
      }, member.options)
    try await untilAnswered(self.goals(of: member, at: second.goals))
  }

  @Test func `with privacy away what can be stopped is refused until it is back`() async throws {
    let member = try await Organisation.make().member("Ida Stilte")
    let privacy = try await OwnService.start("privacy")
    let goals = try await OwnService.start("goals") {
      $0["peers.privacy"] = privacy.endpoint.description
      $0["purposes.staleSeconds"] = 5
    }
    let door = try self.goals(of: member, at: goals.goals)
    try await door()
    privacy.child.signal(SIGKILL)
    _ = await privacy.child.end()
    try await untilRefused("PURPOSES_UNKNOWN", door)
    let again = try await OwnService.start("privacy") {
      $0["listen.port"] = privacy.endpoint.port
    }
    try await untilAnswered(door)
    again.child.signal(SIGTERM)
    #expect(await again.child.end() == .exit(0))
  }

  @Test func `clause 11: a purpose that the organisation does not instruct stops for all of it`()
    async throws
  {
    let organisation = try await Organisation.make()
    let members = try await organisation.members("Jan Opdracht", "Kim Opdracht")
    let officer = try await organisation.officer()
    let stranger = try await Organisation.make("Andere B.V.").member("Lot Ander")
    let withdrawn = try await consents().withdrawInstruction(
      .with {
        $0.purpose = .feedback
        $0.reference = "Brief 2027-14"
      }, officer.options)
    #expect(withdrawn.state == .withdrawn && withdrawn.decidedBy == officer.id)
    for member in members {
      try await untilRefused("PURPOSE_NOT_INSTRUCTED", feedback(of: member))
      try await goals(of: member)()
    }
    try await feedback(of: stranger)()
    let standings = try await consents().listInstructions(.init(), officer.options).standings
    #expect(standings.first { $0.purpose == .development }?.state == .agreed)
    #expect(standings.first { $0.purpose == .publishing }?.state == .absent)
    #expect(standings.first { $0.purpose == .feedback }?.reference == "Brief 2027-14")
    try await expectRefusal(.failedPrecondition, "sign-in", what: "what cannot be stopped") {
      try await consents().withdrawInstruction(
        .with {
          $0.purpose = .signIn
          $0.reference = "Brief 2027-15"
        }, officer.options)
    }
    _ = try await consents().instructPurpose(
      .with {
        $0.purpose = .feedback
        $0.reference = "Brief 2027-16"
      }, officer.options)
    for member in members { try await untilAnswered(feedback(of: member)) }
    let history = try await consents().listInstructions(.init(), officer.options).history
    #expect(history.map(\.state) == [.given, .withdrawn])
  }

  /// Privacy asks identity who is one of the organisation; that is for no purpose that stops.
  @Test func `clauses 11, 33, 34: rights do not wait for a purpose that is stopped`() async throws {
    let staff = try await RequestTests.Staff.make()
    let (house, member, officer) = (staff.house, staff.member, staff.officer.options)
    _ = try await consents().withdrawInstruction(
      .with {
        $0.purpose = .feedback
        $0.reference = "Brief 2027-17"
      }, officer)
    for options in [member.options, officer] {
      try await untilRefused("PURPOSE_NOT_INSTRUCTED") {
        _ = try await house.identity.findColleague(.with { $0.email = member.email }, options)
      }
    }
    let frozen = try await consents().freezePurposes(
      .with {
        $0.personID = member.id
        $0.reason = .restriction
      }, officer)
    #expect(frozen.freezes.allSatisfy { $0.personID == member.id })
    let asked = try await staff.ask(.access)
    #expect(asked.subjectID == member.id && asked.kind == .access)
    let hold = try await house.holds.placeHold(
      .with {
        $0.subjectID = member.id
        $0.ground = .dispute
        $0.reference = "zaak 8"
        $0.expiresOn = Samples.day(30)
      }, officer)
    #expect(hold.subjectID == member.id)
    // Still nobody else's people.
    let stranger = try await Organisation.make("Andere B.V.").member("Piet Ander")
    for person in [stranger.id, UUID().canonical] {
      try await expectRefusal(.notFound, "person not found", what: "whoever is not of it") {
        try await consents().freezePurposes(
          .with {
            $0.personID = person
            $0.reason = .restriction
          }, officer)
      }
    }
  }

  @Test func `clause 10: each consent has a signed receipt, and goes with the person`()
    async throws
  {
    let organisation = try await Organisation.make()
    let member = try await organisation.member("Mia Toestemming")
    let officer = try await organisation.officer()
    let house = organisation.house
    let statement = try await house.privacy.getStatement(.init(), member.options).version
    var wish = PrivacyGiveConsentRequest.with {
      $0.purpose = .publishing
      $0.statementVersion = statement.version
      $0.statementSha256 = Data(repeating: 0, count: 32)
    }
    try await expectRefusal(.failedPrecondition, "version 1", what: "another statement") {
      try await consents().giveConsent(wish, member.options)
    }
    wish.statementSha256 = statement.sha256
    let given = try await consents().giveConsent(wish, member.options)
    #expect(try await consents().giveConsent(wish, member.options) == given, "once more")
    let withdrawn = try await consents().withdrawConsent(
      .with { $0.purpose = .publishing }, member.options)
    let listed = try await consents().listConsents(.init(), member.options)
    #expect(listed.receipts == [withdrawn, given] && listed.nextPageToken.isEmpty)
    let first = try await consents().listConsents(.with { $0.pageSize = 1 }, member.options)
    let second = try await consents().listConsents(
      .with {
        $0.pageSize = 1
        $0.pageToken = first.nextPageToken
      }, member.options)
    #expect([first, second].map(\.receipts) == [[withdrawn], [given]])
    #expect(second.nextPageToken.isEmpty)
    let keys = try await RightsTests.keys()
    for receipt in listed.receipts {
      let key = try #require(keys[receipt.keyID])
      #expect(key.verify([UInt8](receipt.signature), of: Array(receipt.document.utf8)))
      #expect(receipt.document.contains(member.id) && receipt.document.contains("publishing"))
    }
    var usual = wish
    usual.purpose = .feedback
    try await expectRefusal(.failedPrecondition, "does not rest on consent", what: "feedback") {
      try await consents().giveConsent(usual, member.options)
    }
    _ = try await consents().freezePurposes(
      .with {
        $0.personID = member.id
        $0.purposes = [.publishing]
        $0.reason = .objection
      }, officer.options)
    let erasure = try await RightsTests.request(.erasure, about: member, by: officer)
    #expect(erasure.state == .completed, "\(erasure.steps)")
    let left = try await Tables.places(of: [member.id], in: house.superuser)
    #expect(left.isEmpty, "left: \(left)")
  }
}

/// The catalogue of activities and the record, over RPC.
struct ActivityTests {
  @Test func `clause 12: everybody reads the activities, with the fields that travel for them`()
    async throws
  {
    let organisation = try await Organisation.make()
    let member = try await organisation.member("Nel Register")
    let client = ActivityServiceClient(organisation.house.gateway)
    let activities = try await client.listActivities(.init(), member.options).activities
    let goals = try #require(activities.first { $0.activityID == "development-goals" })
    #expect(goals.isInstructed && goals.role == .processor && goals.ground == .contract)
    let title = goals.fields.first { $0.name == "ikso.goals.v1.Goal.title" }
    #expect(title?.personalData == "confidential")
    let publishing = try #require(activities.first { $0.activityID == "publishing" })
    #expect(!publishing.isInstructed && publishing.ground == .consent)
  }

  @Test func `GDPR Art. 30: the officer gets the record as message, table and page`()
    async throws
  {
    let organisation = try await Organisation.make()
    let officer = try await organisation.officer()
    let client = ActivityServiceClient(organisation.house.gateway)
    let record = try await client.getProcessingRecord(
      .with { $0.role = .processor }, officer.options)
    #expect(record.controller == organisation.name)
    #expect(record.controllerContact == organisation.contact && record.processor == "IKSO")
    #expect(record.activities.allSatisfy { $0.role == .processor })
    #expect(record.differences.contains { $0.contains("\"improvement\"") })
    let lines = String(decoding: record.csv, as: UTF8.self).components(separatedBy: "\r\n")
    #expect(lines.count == record.activities.count + 2)
    #expect(record.html.starts(with: Data("<!DOCTYPE html>".utf8)))
    let operators = try await organisation.house.operators.options()
    let own = try await client.getProcessingRecord(
      .with { $0.role = .controller }, operators)
    #expect(own.activities.contains { $0.activityID == "contracts" } && own.controller == "IKSO")
    #expect(own.activities.allSatisfy { $0.role == .controller })
    #expect(record.observed.isEmpty, "what all organisations call together is for operators")
  }

  @Test func `GDPR Art. 30: what other processes are called for is observed`() async throws {
    let member = try await Organisation.make().member("Onno Verkeer")
    let house = member.organisation.house
    let goals = try await OwnService.start("goals") { $0["traffic.reportSeconds"] = 1 }
    _ = try await goals.goals.listGoals(.init(), member.options)
    let operators = try await house.operators.options()
    let seen = try await eventually("the call is in the record") {
      try await ActivityServiceClient(house.gateway).getProcessingRecord(
        .with { $0.role = .controller }, operators
      ).observed.first { $0.method == "ikso.goals.v1.GoalsService/ListGoals" }
    }
    #expect(seen.service == "goals" && seen.purpose == "development" && seen.calls > 0)
  }
}
