import Access
import Archive
import Cryptography
import Foundation
import Postgres
import ProgramSupport
import RPC
import Schemas
import SwiftProtobuf
import Testing

/// Promises of the statement that no one service keeps alone, over the wire.
@Suite(.timeLimit(.minutes(10))) struct ClauseTests {
  @Test func `clause 4: clients' people ask their own officer, and IKSO's own ask IKSO`()
    async throws
  {
    let staff = try await RequestTests.Staff.make()
    let house = staff.house
    let activities = try await ActivityServiceClient(house.gateway).listActivities(
      .init(), staff.member.options
    ).activities
    #expect(activities.allSatisfy { [.controller, .processor].contains($0.role) })
    let roles = Dictionary(uniqueKeysWithValues: activities.map { ($0.activityID, $0.role) })
    #expect(roles["feedback-rounds"] == .processor && roles["applicants"] == .controller)
    // IKSO is processor: the request waits for the client's officer, and for nobody of IKSO's.
    let asked = try await staff.askMyself(.access)
    #expect(asked.state == .waitingForAcceptance)
    let list = try await house.privacy.listRequests(.init(), staff.officer.options)
    #expect(list.requests.map(\.requestID) == [asked.requestID])
    let operators = try await house.operators.options()
    try await expectRefusal(.permissionDenied, what: "an operator looks") {
      try await house.privacy.listRequests(.init(), operators)
    }
    try await expectRefusal(.permissionDenied, what: "an operator accepts") {
      try await house.requests.approveRequest(
        .with { $0.requestID = asked.requestID }, operators)
    }
    // IKSO is controller: what an applicant wishes is carried out by IKSO, of whom there is no
    // organisation to ask, and which says whom to turn to.
    let intake = IntakeServiceClient(house.gateway)
    let applied = try await intake.submitApplication(
      .with {
        $0.name = "Sol Licitant"
        $0.address = "Straat 1, Leeuwarden"
        $0.email = staff.member.organisation.email("sol")
        $0.phone = "+31 58 1234567"
        $0.birthDate = "1990-02-03"
        $0.vacancy = "Trainer"
        $0.keepOneYear = true
      })
    let withdrawn = try await intake.withdrawApplicationConsent(
      .with { $0.code = applied.withdrawalCode })
    #expect(!withdrawn.hasEraseAt, "the procedure goes on")
    let contacts = try await RegisterServiceClient(house.gateway).getContacts(.init())
    #expect(!contacts.officer.isEmpty)
  }

  @Test func `clause 6: each record says whether it came from the client or the person`()
    async throws
  {
    let organisation = try await Organisation.make()
    let people = PeopleServiceClient(organisation.house.gateway)
    let administrator = try await organisation.member("Bea Beheer", role: "administrator")
    let officer = try await organisation.officer()
    let member = try await organisation.member("Daan Deelnemer")
    func correct(_ name: String, by options: CallOptions) async throws {
      _ = try await people.correctPerson(
        .with {
          $0.personID = member.id
          $0.name = name
        }, options)
    }
    try await correct("Daan de Deelnemer", by: member.options)
    try await correct("Daan van Deelnemer", by: administrator.options)
    let record = try await people.getPerson(.with { $0.personID = member.id }, member.options)
    #expect(record.provenance == .client)
    let corrections = try await people.listCorrections(
      .with { $0.personID = member.id }, member.options
    ).corrections
    #expect(corrections.map(\.provenance) == [.client, .person])
    // And in what the person is given of it.
    let access = try await RightsTests.request(.access, about: member, by: officer)
    let archive = try SignedArchive.verify(
      try await RightsTests.archive(access, by: officer), keys: try await RightsTests.keys())
    func file(_ path: String) throws -> String {
      let found = try #require(archive.files.first { $0.path == path }, "\(path)")
      return String(decoding: found.bytes, as: UTF8.self)
    }
    #expect(try file("data/identity/person.json").contains("\"client\""))
    let history = try file("data/identity/person_correction.json")
    #expect(history.contains("\"client\"") && history.contains("\"self\""))
    #expect(try file("data/privacy/acceptance.json").contains("\"participant\""))
  }

  /// Whatever role somebody is given: feedback and goals are told to the one whose they are, and to
  /// whom they were asked of.
  @Test func `clause 7: confidential texts are for the parties alone, and in no report`() {
    let confidential = Set(
      SchemaCatalogue.messages.filter { message in
        message.fields.contains { $0.personalData == .confidential }
      }.flatMap(\.responseOf))
    let methods = Samples.publicMethods.filter { confidential.contains($0.descriptor.fullName) }
    let own = methods.filter { method in
      ["ikso.feedback.", "ikso.goals."].contains { method.descriptor.fullName.hasPrefix($0) }
    }
    #expect(own.count > 10)
    for method in own {
      #expect(
        method.policy.anyone || method.policy.roles == [.participant],
        "\(method.descriptor.fullName) tells them to others")
    }
    let reports = methods.filter { $0.descriptor.fullName.contains("ReportService") }
    #expect(reports.isEmpty, "\(reports.map(\.descriptor.fullName))")
  }

  @Test func `clause 9: a field that the schema does not name is refused, at any door`()
    async throws
  {
    let organisation = try await Organisation.make()
    let member = try await organisation.member("Daan Deelnemer")
    let house = organisation.house
    // Field 99, a text: {"field 99": "geheim"}.
    let unknown: [UInt8] = [0x9A, 0x06, 6] + Array("geheim".utf8)
    func with<Request: Message>(_ request: Request) throws -> Request {
      try Request(serializedBytes: request.serializedBytes() + unknown)
    }
    let goal = try with(GoalsCreateGoalRequest.with { $0.title = "Beter vergaderen" })
    let refused = try await expectRefusal(.invalidArgument, "field 99", what: "a goal with more") {
      try await house.goals.createGoal(goal, member.options)
    }
    #expect(!refused.message.contains("geheim"))
    #expect(try await house.goals.listGoals(.init(), member.options).goals.isEmpty)
    // Within a message of the request, without a token, past the gateway.
    let round = try FeedbackAskFeedbackRequest.with {
      $0.topic = "Overleg"
      $0.question = "Hoe?"
      $0.visibility = .asker
      $0.outsiders = [
        try with(
          FeedbackOutsider.with {
            $0.name = "Olga"
            $0.email = organisation.email("olga")
          })
      ]
    }
    try await expectRefusal(.invalidArgument, "Outsider", "field 99", what: "an outsider") {
      try await house.feedback.askFeedback(round, member.options)
    }
    try await expectRefusal(.invalidArgument, "field 99", what: "a sign-in with more") {
      try await house.identity.login(try with(member.login))
    }
    let direct = GoalsServiceClient(try house.direct("goals", as: "tools"))
    try await expectRefusal(.invalidArgument, "field 99", what: "a tool's goal") {
      try await direct.createGoal(goal, member.options)
    }
    // A process of ours may be of a later version.
    let intake = AccessIntakeServiceClient(try house.direct("privacy", as: "identity"))
    let appended = try await intake.appendAccesses(
      try with(PrivacyAppendAccessesRequest.with { $0.organisationID = organisation.id }))
    #expect(appended.appended == 0)
  }

  @Test func `clause 12b: reports count, no fewer than five, and name nobody uninstructed`()
    async throws
  {
    let organisation = try await Organisation.make()
    let house = organisation.house
    let administrator = try await organisation.member("Bea Beheer", role: "administrator")
    let officer = try await organisation.officer()
    let names = ["Anna Een", "Bart Twee", "Cleo Drie", "Dirk Vier", "Emma Vijf"]
    for name in names { _ = try await organisation.invite(name) }
    let people = try await PeopleServiceClient(house.gateway).listPeople(
      .with { $0.pageSize = 100 }, administrator.options
    ).people.filter { names.contains($0.name) }
    #expect(people.count == names.count)
    let programmes = ProgrammeServiceClient(house.gateway)
    let made = try await programmes.createProgramme(
      .with {
        $0.name = "Leergang"
        $0.kind = .training
        $0.beginsOn = Samples.day(0)
        $0.endsOn = Samples.day(30)
      }, administrator.options)
    let reports = ReportServiceClient(house.gateway)
    func enrol(_ people: some Sequence<IdentityPerson>) async throws
      -> IdentityProgrammeParticipation
    {
      _ = try await programmes.enrolPeople(
        .with {
          $0.programmeID = made.programmeID
          $0.personIds = people.map(\.personID)
        }, administrator.options)
      let report = try await reports.getParticipationReport(.init(), administrator.options)
      return try #require(report.programmes.first { $0.programme == made })
    }
    let four = try await enrol(people.prefix(4))
    #expect(four.isSuppressed && four.participants == 0 && four.state == .running)
    let five = try await enrol(people)
    #expect(!five.isSuppressed && five.participants == 5)
    let wish = IdentityListReportedPeopleRequest.with { $0.programmeID = made.programmeID }
    let refused = try await refusal { try await reports.listReportedPeople(wish, officer.options) }
    #expect(refused.code == .permissionDenied && refused.message.contains("does not instruct"))
    try await organisation.instructReporting(officer.options, asking: administrator.options)
    let named = try await reports.listReportedPeople(wish, administrator.options)
    #expect(Set(named.people.map(\.name)) == Set(names) && named.nextPersonID.isEmpty)
    // Whoever objects is named no more, and counted.
    _ = try await ConsentServiceClient(house.gateway).freezePurposes(
      .with {
        $0.personID = people[0].personID
        $0.purposes = [.reporting]
        $0.reason = .objection
      }, officer.options)
    try await until("one is left out") {
      try await reports.listReportedPeople(wish, administrator.options).people.count == 4
    }
    #expect(try await enrol(people).participants == 5)
  }

  @Test func `clause 12f: publishing is off until instructed and consented to, and stops at once`()
    async throws
  {
    let organisation = try await Organisation.make()
    let member = try await organisation.member("Daan Deelnemer")
    let officer = try await organisation.officer()
    let consents = ConsentServiceClient(organisation.house.gateway)
    func isAllowed() async throws -> Bool {
      let standings = try await consents.listConsents(.init(), member.options).standings
      let standing = try #require(standings.first { $0.purpose == .publishing })
      #expect(standing.needsConsent)
      return standing.isAllowed
    }
    func consent() async throws {
      let statement = try await organisation.house.privacy.getStatement(.init(), member.options)
      _ = try await consents.giveConsent(
        .with {
          $0.purpose = .publishing
          $0.statementVersion = statement.version.version
          $0.statementSha256 = statement.version.sha256
        }, member.options)
    }
    #expect(try await !isAllowed(), "off by default")
    try await consent()
    #expect(try await !isAllowed(), "not instructed")
    _ = try await consents.instructPurpose(
      .with {
        $0.purpose = .publishing
        $0.reference = "Instructie 12f"
      }, officer.options)
    #expect(try await isAllowed())
    _ = try await consents.withdrawConsent(.with { $0.purpose = .publishing }, member.options)
    #expect(try await !isAllowed(), "withdrawn")
    try await consent()
    #expect(try await isAllowed())
    _ = try await consents.withdrawInstruction(
      .with {
        $0.purpose = .publishing
        $0.reference = "Instructie 12f, ingetrokken"
      }, officer.options)
    #expect(try await !isAllowed(), "not instructed any more")
  }
}
