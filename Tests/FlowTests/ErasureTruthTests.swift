import Foundation
import Postgres
import ProgramSupport
import RPC
import Schemas
import SwiftProtobuf
import Testing

/// A certificate says that nothing was found only where nothing is: not in what others wrote about
/// something else either.
@Suite(.timeLimit(.minutes(10))) struct ErasureTruthTests {
  private let gap = "[…]"

  /// Carries an erasure out, and expects that nothing of the person is left anywhere.
  private func expectErased(
    _ member: Member, by officer: Member, addresses: [String] = []
  ) async throws {
    let done = try await RightsTests.request(.erasure, about: member, by: officer)
    #expect(done.state == .completed, "\(done.steps.map(\.problem))")
    let left = try await Tables.places(
      of: [member.id, member.email] + addresses, in: officer.organisation.house.superuser)
    #expect(left.isEmpty, "left: \(left)")
  }

  /// Begins an erasure that cannot end yet; the problem of the step that holds it up.
  private func stopped(
    _ member: Member, by officer: Member, at service: String
  ) async throws -> (request: String, problem: String) {
    let house = officer.organisation.house
    let made = try await house.privacy.createRequest(
      .with {
        $0.kind = .erasure
        $0.subjectID = member.id
      }, officer.options)
    let deputy = try await officer.organisation.deputy()
    _ = try await house.requests.approveRequest(
      .with { $0.requestID = made.requestID }, deputy.options)
    let problem = try await eventually("\(service) finds the person") {
      let now = try await house.privacy.getRequest(
        .with { $0.requestID = made.requestID }, officer.options)
      #expect(now.state != .completed, "nothing was found")
      if now.state == .completed { return "" }
      let step = now.steps.first { $0.service == service }
      return now.state == .incomplete ? step?.problem : nil
    }
    return (made.requestID, problem)
  }

  private func state(of request: String, in house: House) async throws -> String {
    let id = UUID(uuidString: request)
    return try await house.sql("SELECT state FROM privacy.request WHERE request_id = \(id)")[0][0]
      .get("state")
  }

  @Test func `whom requests name as recipient does not outlive them`() async throws {
    let staff = try await RequestTests.Staff.make()
    let colleague = try await staff.member.organisation.member("Koos de Ander")
    for person in [staff.member, colleague] {
      let made = try await staff.house.privacy.createRequest(
        .with {
          $0.kind = .portability
          $0.subjectID = person.id
          $0.detail.recipient = "Aan \(staff.member.email)"
        }, staff.officer.options)
      #expect(made.recipient == "Aan \(staff.member.email)")
      _ = try await RightsTests.closed(made.requestID, staff.officer, staff.house.requests)
    }
    let plain = try await Tables.places(of: [staff.member.email], in: staff.house.superuser)
    #expect(plain.isEmpty, "in plain text: \(plain)")
    let listed = try await staff.house.privacy.listRequests(.init(), staff.officer.options)
    #expect(listed.requests.allSatisfy { $0.recipient.isEmpty })
    try await expectErased(staff.member, by: staff.officer)
  }

  @Test func `a hold on somebody else keeps its reference without an erased person's addresses`()
    async throws
  {
    let staff = try await RequestTests.Staff.make()
    let (house, organisation) = (staff.house, staff.member.organisation)
    let colleague = try await organisation.member("Koos de Ander")
    // The address of before, that of today, and one that waits to be confirmed.
    let (second, third) = (organisation.email("twee"), organisation.email("drie"))
    let people = PeopleServiceClient(house.gateway)
    _ = try await people.requestEmailChange(
      .with {
        $0.personID = staff.member.id
        $0.email = second
      }, staff.member.options)
    let code = try await house.mailbox.code(to: second)
    _ = try await people.confirmEmailChange(.with { $0.code = code })
    let asked = try await staff.ask(.rectification) {
      $0.field = "email"
      $0.newValue = third
    }
    _ = try await house.requests.completeRequest(
      .with {
        $0.requestID = asked.requestID
        $0.outcome = "Verbeterd."
      }, staff.officer.options)
    func place(_ reference: String) async throws -> PrivacyLegalHold {
      try await house.holds.placeHold(
        .with {
          $0.subjectID = colleague.id
          $0.ground = .dispute
          $0.reference = reference
          $0.expiresOn = Samples.day(30)
        }, staff.officer.options)
    }
    for address in [staff.member.email, second, third] {
      _ = try await place("mail van \(address.uppercased()) 1")
    }
    try await expectErased(staff.member, by: staff.officer, addresses: [second, third])
    let holds = try await house.holds.listHolds(.init(), staff.officer.options).holds
    #expect(holds.map(\.reference) == Array(repeating: "mail van \(gap) 1", count: 3))
    #expect(holds.allSatisfy { $0.inForce && $0.subjectID == colleague.id })
  }

  @Test func `an instruction keeps its reference without an erased person's address`()
    async throws
  {
    let staff = try await RequestTests.Staff.make()
    let consents = ConsentServiceClient(staff.house.gateway)
    _ = try await consents.instructPurpose(
      .with {
        $0.purpose = .publishing
        $0.reference = "brief van \(staff.member.email)"
      }, staff.officer.options)
    try await expectErased(staff.member, by: staff.officer)
    let history = try await consents.listInstructions(.init(), staff.officer.options).history
    #expect(history.map(\.reference) == ["brief van \(gap)"])
  }

  @Test func `the contact of the statement in force holds an erasure up until there is another`()
    async throws
  {
    let organisation = try await Organisation.make(statement: nil)
    let house = organisation.house
    func publish(_ contact: String) async throws {
      _ = try await house.privacy.publishStatement(
        .with {
          $0.organisationID = organisation.id
          $0.markdown = Data("\(Samples.statement)\n\(contact.count)".utf8)
          $0.contact = contact
        }, try await house.operators.options())
    }
    try await publish(organisation.email("officer Ada Visser"))
    let ada = try await organisation.officer("Ada Visser")
    let officer = try await organisation.officer("Eva Bos")
    let (request, problem) = try await stopped(ada, by: officer, at: "privacy")
    #expect(problem.contains("privacy.statement.contact"), "\(problem)")
    #expect(!problem.contains(ada.email))
    // Each attempt looks for the address, although the person's key is gone since the first.
    let id = UUID(uuidString: request)
    try await until("it was tried again") {
      try await house.sql("SELECT attempts FROM privacy.request_due WHERE request_id = \(id)")[0][0]
        .get("attempts", as: Int32.self) > 2
    }
    #expect(try await state(of: request, in: house) != "completed")
    try await publish("privacy@example.net")
    try await until("the erasure ends") {
      try await state(of: request, in: house) == "completed"
    }
    let left = try await Tables.places(of: [ada.id, ada.email], in: house.superuser)
    #expect(left.isEmpty, "left: \(left)")
    // What it looked for is forgotten with its key, and nothing is left to do.
    try await until("the request is left") {
      try await house.sql("SELECT attempts FROM privacy.request_due WHERE request_id = \(id)")[0]
        .isEmpty
    }
    let texts = try await house.sql(
      "SELECT kind FROM privacy.request_text WHERE request_id = \(id)")[0]
    #expect(texts.isEmpty)
  }

  @Test func `clause 33: more addresses than one scan looks for are looked for, each of them`()
    async throws
  {
    let staff = try await PeopleTests.Staff.make()
    let (house, member) = (staff.member.organisation.house, staff.member)
    let officer = try await member.organisation.officer()
    let programme = try await staff.administrator.programmes.createProgramme(
      .with {
        // The oldest of the addresses: no scan but the last looks for it.
        $0.name = "Traject \(member.email)"
        $0.kind = .coaching
        $0.beginsOn = Samples.day(0)
        $0.endsOn = Samples.day(30)
      }, staff.administrator.options)
    let letters = Array("abcdefghij")
    let addresses = (1...65).map {
      member.organisation.email("adres \(letters[$0 / 10])\(letters[$0 % 10])")
    }
    for address in addresses {
      let asked = try await house.privacy.createRequest(
        .with {
          $0.kind = .rectification
          $0.subjectID = member.id
          $0.detail.field = "email"
          $0.detail.newValue = address
        }, officer.options)
      _ = try await house.requests.completeRequest(
        .with {
          $0.requestID = asked.requestID
          $0.outcome = "Verbeterd."
        }, officer.options)
    }
    let (request, problem) = try await stopped(member, by: officer, at: "identity")
    #expect(problem.contains("identity.programme.name"), "\(problem)")
    let id = UUID(uuidString: programme.programmeID)
    _ = try await house.sql(
      "UPDATE identity.programme SET name = 'Traject' WHERE programme_id = \(id)")
    let done = try await RightsTests.closed(request, officer, house.requests)
    #expect(done.state == .completed, "\(done.steps.map(\.problem))")
    let left = try await Tables.places(of: [member.email] + addresses, in: house.superuser)
    #expect(left.isEmpty, "left: \(left)")
  }

  @Test func `what another service has in plain text is named by its place, and can be mended`()
    async throws
  {
    let staff = try await PeopleTests.Staff.make()
    let (house, member) = (staff.member.organisation.house, staff.member)
    let officer = try await member.organisation.officer()
    let programme = try await staff.administrator.programmes.createProgramme(
      .with {
        $0.name = "Traject \(member.email)"
        $0.kind = .coaching
        $0.beginsOn = Samples.day(0)
        $0.endsOn = Samples.day(30)
      }, staff.administrator.options)
    let (request, problem) = try await stopped(member, by: officer, at: "identity")
    #expect(problem.contains("identity.programme.name"), "\(problem)")
    #expect(!problem.contains(member.email))
    let id = UUID(uuidString: programme.programmeID)
    _ = try await house.sql(
      "UPDATE identity.programme SET name = 'Traject' WHERE programme_id = \(id)")
    let done = try await RightsTests.closed(request, officer, house.requests)
    #expect(done.state == .completed, "\(done.steps.map(\.problem))")
    // What was erased by the first attempt is in the counts of the last.
    let identity = try #require(done.steps.first { $0.service == "identity" })
    #expect(identity.rows.first { $0.table == "person" }?.rows == 1, "\(identity.rows)")
  }
}
