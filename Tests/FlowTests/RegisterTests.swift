import Access
import Cryptography
import Foundation
import Postgres
import RPC
import Schemas
import SwiftProtobuf
import Testing

/// Registers, breaches, complaints and IKSO's own intake, through the gateway and real processes.
@Suite(.timeLimit(.minutes(10))) struct RegisterTests {
  @Test func `clauses 39, 44 and 47: whom to turn to is known without a token`() async throws {
    let registers = RegisterServiceClient(try House.current().gateway)
    let contacts = try await registers.getContacts(.init())
    #expect(contacts.officer.contains("@") && contacts.dataLeak.contains("@"))
    #expect(!contacts.authority.isEmpty && contacts.authorityLink.hasPrefix("https://"))
  }

  @Test func `clause 30: a new sub-processor is announced to every organisation, which objects`()
    async throws
  {
    let organisation = try await Organisation.make()
    let house = organisation.house
    let (officer, member) = (try await organisation.officer(), try await organisation.member("Bo"))
    let registers = RegisterServiceClient(house.gateway)
    let operators = try await house.operators.options()
    let made = try await registers.announceSubProcessor(
      .with {
        $0.name = "Hosting \(organisation.tag)"
        $0.service = "servers"
        $0.agreementReference = "DPA \(organisation.tag)"
        $0.agreementSignedOn = Samples.day(-1)
        $0.country = "NL"
        $0.safeguards = "encryption"
      }, operators)
    func listed(_ options: CallOptions) async throws -> PrivacySubProcessor? {
      try await registers.listSubProcessors(.init(), options).subProcessors
        .first { $0.subProcessorID == made.subProcessorID }
    }
    let notice = try #require(try await listed(member.options))
    #expect(!notice.inForce && !notice.objected)
    #expect(notice.objectionsUntil.date > Date().addingTimeInterval(29 * 86_400))
    let objection = try await registers.objectToSubProcessor(
      .with {
        $0.subProcessorID = made.subProcessorID
        $0.reason = "onbekend"
      }, officer.options)
    #expect(try await listed(officer.options)?.objected == true)
    let all = try await registers.listSubProcessorObjections(.init(), operators)
    #expect(all.objections.contains(objection))
    _ = try await registers.endSubProcessor(
      .with { $0.subProcessorID = made.subProcessorID }, operators)
  }

  @Test func `clause 39: a leak that is reported is at once with operators and the officer`()
    async throws
  {
    let (own, other) = (try await Organisation.make(), try await Organisation.make())
    let house = own.house
    let (officer, member) = (try await own.officer(), try await own.member("Cas"))
    let stranger = try await other.officer()
    let breaches = BreachServiceClient(house.gateway)
    let text = "lek \(own.tag) gezien"
    let reported = try await breaches.reportBreach(.with { $0.text = text }, member.options)
    let operators = try await house.operators.options()
    let breach = try await breaches.getBreach(
      .with { $0.breachID = reported.breachID }, operators)
    #expect(breach.state == .reported && breach.entries.map(\.text) == [text])
    #expect(breach.authorityDueAt.date == breach.awareAt.date.addingTimeInterval(72 * 3_600))
    #expect(breach.affected.map(\.organisationID) == [own.id])
    let notices = try await breaches.listBreachNotices(.init(), officer.options).notices
    #expect(notices.map(\.breachID) == [reported.breachID])
    #expect(try await breaches.listBreachNotices(.init(), stranger.options).notices.isEmpty)
    // The text is nowhere in the clear.
    #expect(try await Tables.places(of: [text], in: house.superuser).isEmpty)
    let read = try await breaches.acknowledgeBreachNotice(
      .with {
        $0.breachID = reported.breachID
        $0.revision = 1
      }, officer.options)
    #expect(read.acknowledgedBy == officer.id)
    // A service reports by its certificate.
    let direct = BreachServiceClient(try house.direct("privacy", as: "feedback"))
    _ = try await direct.reportBreach(
      .with {
        $0.organisationID = other.id
        $0.text = "row security"
      })
    #expect(try await breaches.listBreachNotices(.init(), stranger.options).notices.count == 1)
  }

  @Test func `clause 44: a refused complaint names the authority, and is in the person's archive`()
    async throws
  {
    let organisation = try await Organisation.make()
    let (officer, member) = (try await organisation.officer(), try await organisation.member("Di"))
    let complaints = ComplaintServiceClient(organisation.house.gateway)
    let text = "klacht \(organisation.tag)"
    let filed = try await complaints.fileComplaint(.with { $0.text = text }, member.options)
    let answered = try await complaints.answerComplaint(
      .with {
        $0.complaintID = filed.complaintID
        $0.outcome = .refused
        $0.answer = "nee"
      }, officer.options)
    #expect(answered.state == .refused && answered.authorityLink.hasPrefix("https://"))
    let mine = try await complaints.listMyComplaints(.init(), member.options)
    #expect(mine.complaints == [answered])
    let places = try await Tables.places(of: [text], in: organisation.house.superuser)
    #expect(places.isEmpty, "in plain text: \(places)")
  }

  @Test func `clauses 17, 28 and 46: what strangers send is sealed, and goes when it is handled`()
    async throws
  {
    let house = try House.current()
    // Letters alone: nine digits in a row could be a citizen number.
    let tag = String(UUID().canonical.filter { $0.isLetter })
    // As the gateway passes it on, from a source that no other test has.
    let direct = IntakeServiceClient(try house.direct("privacy", as: "gateway"))
    var options = CallOptions()
    try options.metadata.add("x-forwarded-for", "192.0.2.1-\(tag)")
    let email = "sollicitant-\(tag)@example.org"
    _ = try await direct.submitForm(
      .with {
        $0.kind = .demo
        $0.name = "Bezoeker \(tag)"
        $0.email = email
      }, options)
    let intake = IntakeServiceClient(house.gateway)
    let operators = try await house.operators.options()
    let open = try await intake.listCases(.with { $0.pageSize = 100 }, operators).cases
    let own = try #require(open.first { $0.email == email })
    #expect(try await Tables.places(of: [email, tag], in: house.superuser).isEmpty)
    _ = try await intake.closeCase(.with { $0.caseID = own.caseID }, operators)
    try await expectRefusal(.notFound, what: "a case that was closed") {
      try await intake.closeCase(.with { $0.caseID = own.caseID }, operators)
    }
    try await expectRefusal(.invalidArgument, "citizen number", what: "a citizen number") {
      try await direct.submitForm(
        .with {
          $0.kind = .contact
          $0.name = "Bezoeker"
          $0.email = email
          $0.message = "BSN 111222333"
        }, options)
    }
    for _ in 0..<9 {
      _ = try await direct.submitForm(
        .with {
          $0.kind = .contact
          $0.name = "Bezoeker"
          $0.email = email
        }, options)
    }
    try await expectRefusal(.resourceExhausted, what: "the eleventh within an hour") {
      try await direct.submitForm(
        .with {
          $0.kind = .contact
          $0.name = "Bezoeker"
          $0.email = email
        }, options)
    }
  }

  @Test func `clause 28: a run deletes what is due and not on hold, and streams how far it is`()
    async throws
  {
    let organisation = try await Organisation.make()
    let house = organisation.house
    // Signed in just now, as a run demands.
    let operators = try await TokenSmith.make().options(
      [.operator], of: try await organisation.member("Ria"))
    let direct = IntakeServiceClient(try house.direct("privacy", as: "gateway"))
    let tag = String(UUID().canonical.filter { $0.isLetter })
    var stranger = CallOptions()
    try stranger.metadata.add("x-forwarded-for", "192.0.2.2-\(tag)")
    for name in ["een", "twee"] {
      _ = try await direct.submitApplication(
        .with {
          $0.name = "\(name) \(tag)"
          $0.address = "Dorpsstraat 1"
          $0.email = "\(name)-\(tag)@example.org"
          $0.phone = "06 12345678"
          $0.birthDate = "1990-02-28"
          $0.vacancy = tag
        }, stranger)
    }
    let intake = IntakeServiceClient(house.gateway)
    let retention = RetentionServiceClient(house.gateway)
    func own() async throws -> [PrivacyApplication] {
      try await intake.listApplications(.with { $0.pageSize = 100 }, operators).applications
        .filter { $0.vacancy == tag }
    }
    let applications = try await own()
    for application in applications {
      _ = try await intake.endProcedure(
        .with { $0.applicationID = application.applicationID }, operators)
    }
    let held = try #require(applications.first)
    let hold = try await retention.holdRecord(
      .with {
        $0.category = .application
        $0.recordID = held.applicationID
        $0.ground = "geschil"
        $0.expiresAt = .init(date: Date().addingTimeInterval(3_600))
      }, operators)
    // What could otherwise only be waited for; from here on anybody's run may take the other one.
    _ = try await house.sql(
      "UPDATE privacy.application SET erase_at = now() - interval '1 day' WHERE vacancy = \(tag)")
    #expect(try await retention.listRecordHolds(.init(), operators).holds.contains(hold))
    let plan = try await retention.planRetention(.init(), operators).plans
    #expect(plan.contains { $0.category == .application && $0.due >= 1 && $0.onHold >= 1 })
    var finished: [PrivacyRetentionCategory] = []
    for try await progress in try await retention.runRetention(.init(), operators)
    where progress.done { finished.append(progress.category) }
    #expect(
      finished == [
        .application, .breach, .subscriber, .archive, .request, .legalHold, .freeze, .complaint,
        .breachNotice,
      ])
    #expect(try await own().map(\.applicationID) == [held.applicationID])
    _ = try await retention.releaseRecord(
      .with {
        $0.category = .application
        $0.recordID = held.applicationID
      }, operators)
    for try await _ in try await retention.runRetention(.init(), operators) {}
    #expect(try await own().isEmpty)
    let reports = try await retention.listRetentionReports(.init(), operators).reports
    #expect(reports.contains { $0.category == .application && $0.deleted >= 1 })
  }
}
