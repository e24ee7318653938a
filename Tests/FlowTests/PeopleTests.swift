import Access
import Foundation
import Postgres
import RPC
import Schemas
import SwiftProtobuf
import Testing

/// What an organisation's administrators decide about its people, each call through the gateway.
struct PeopleTests {
  /// An organisation with an administrator and two members.
  struct Staff {
    let organisation: Organisation
    let administrator: Member
    let member: Member
    let colleague: Member

    static func make() async throws -> Staff {
      let organisation = try await Organisation.make()
      let people = try await organisation.members("Mila Prins", "Noor Kok")
      return Staff(
        organisation: organisation,
        administrator: try await organisation.member("Anton Baas", role: "administrator"),
        member: people[0], colleague: people[1])
    }
  }

  @Test func `a right is in the next token, and gone from the next one when it is taken`()
    async throws
  {
    let staff = try await Staff.make()
    try await expectRefusal(.permissionDenied, what: "ListReports without the right") {
      try await staff.member.people.listReports(.init(), staff.member.options)
    }
    let granted = try await staff.administrator.grant(.manager, to: staff.member)
    #expect(Set(granted.rights.map(\.role)) == [.participant, .manager])
    let manager = try await staff.member.signIn()
    _ = try await manager.people.listReports(.init(), manager.options)
    let revoked = try await staff.administrator.revoke(.manager, of: staff.member)
    #expect(revoked.rights.map(\.role) == [.participant])
    let again = try await staff.member.signIn()
    try await expectRefusal(.permissionDenied, what: "ListReports afterwards") {
      try await again.people.listReports(.init(), again.options)
    }
    // With dates to come it is known, and not yet in a token.
    let later = try await staff.administrator.grant(
      .coach, to: staff.member, from: Samples.day(5), until: Samples.day(9))
    #expect(later.rights.contains {
      $0.role == .coach && $0.validFrom == Samples.day(5) && $0.validUntil == Samples.day(9)
    })
    try await expectRefusal(.invalidArgument, "valid_until", what: "a right that is over") {
      try await staff.administrator.grant(.coach, to: staff.member, until: Samples.day(-3))
    }
  }

  @Test func `nobody gives what goes beyond their own right`() async throws {
    let staff = try await Staff.make()
    let end = Samples.day(10)
    try await staff.administrator.grant(.administrator, to: staff.member, until: end)
    let deputy = try await staff.member.signIn()
    for until in ["", Samples.day(11)] {
      try await expectRefusal(.permissionDenied, "longer than your own", what: "until \(until)") {
        try await deputy.grant(.administrator, to: staff.colleague, until: until)
      }
    }
    try await deputy.grant(.administrator, to: staff.colleague, until: end)
    try await deputy.grant(.coach, to: staff.colleague)
    try await expectRefusal(.invalidArgument, "NameAuthorisedPerson", what: "privacy officer") {
      try await staff.administrator.grant(.privacyOfficer, to: staff.member)
    }
    try await staff.administrator.revoke(.administrator, of: staff.member)
    // The old token names the right that was taken away: it is refused as such within seconds, and
    // until then by what is stored.
    let refused = try await refusal("after the right was taken") {
      try await deputy.grant(.coach, to: staff.colleague)
    }
    #expect([.permissionDenied, .unauthenticated].contains(refused.code), "\(refused)")
  }

  @Test func `an auditor has an end date, and can read and nothing else`() async throws {
    let staff = try await Staff.make()
    try await expectRefusal(.invalidArgument, "valid_until", what: "an auditor without end") {
      try await staff.administrator.grant(.auditor, to: staff.member)
    }
    try await expectRefusal(.failedPrecondition, "one year", what: "an auditor for long") {
      try await staff.administrator.grant(.auditor, to: staff.member, until: Samples.day(400))
    }
    try await expectRefusal(.failedPrecondition, what: "an administrator as auditor") {
      try await staff.administrator.grant(
        .auditor, to: staff.administrator, until: Samples.day(30))
    }
    try await staff.administrator.grant(.auditor, to: staff.member, until: Samples.day(30))
    try await expectRefusal(.failedPrecondition, what: "an auditor as coach") {
      try await staff.administrator.grant(.coach, to: staff.member)
    }
    let auditor = try await staff.member.signIn()
    let people = try await auditor.people.listPeople(.init(), auditor.options)
    #expect(people.people.count == 3)
    try await expectRefusal(.permissionDenied, what: "a goal of an auditor") {
      try await auditor.createGoal()
    }
    try await expectRefusal(.permissionDenied, what: "a correction by an auditor") {
      try await auditor.people.correctPerson(
        .with {
          $0.personID = auditor.id
          $0.name = "Iemand Anders"
        }, auditor.options)
    }
  }

  @Test func `methods that admit an auditor and no participant change nothing`() {
    let admitted = SchemaCatalogue.services.flatMap(\.methods).filter {
      $0.policy.roles.contains(.auditor) && !$0.policy.roles.contains(.participant)
    }
    #expect(!admitted.isEmpty)
    for method in admitted {
      let name = method.descriptor.name
      #expect(name.hasPrefix("Get") || name.hasPrefix("List"), "\(method.descriptor.fullName)")
    }
  }

  @Test func `methods that admit programs or support change nothing`() {
    let admitted = SchemaCatalogue.services.flatMap(\.methods).filter {
      !$0.policy.roles.isDisjoint(with: Role.scoped)
    }
    #expect(!admitted.isEmpty)
    for method in admitted {
      let name = method.descriptor.name
      #expect(name.hasPrefix("Get") || name.hasPrefix("List"), "\(method.descriptor.fullName)")
      #expect(method.policy.idempotent, "\(method.descriptor.fullName)")
    }
  }

  @Test func `an organisation keeps an administrator, also when two resign at once`()
    async throws
  {
    let staff = try await Staff.make()
    let last = staff.administrator
    try await expectRefusal(.failedPrecondition, "last administrator", what: "resigning") {
      try await last.revoke(.administrator, of: last)
    }
    try await expectRefusal(.failedPrecondition, "last administrator", what: "suspending") {
      try await last.suspend(last)
    }
    // Somebody who has never set a password could not step in.
    let invited = try await staff.organisation.invite("Piet Uitgenodigd", role: "administrator")[0]
    #expect(!invited.code.isEmpty)
    try await expectRefusal(.failedPrecondition, "last administrator", what: "an invited one") {
      try await last.revoke(.administrator, of: last)
    }
    try await last.grant(.administrator, to: staff.member)
    let second = try await staff.member.signIn()
    async let one: Result<IdentityPerson, any Error> = outcome {
      try await last.revoke(.administrator, of: last)
    }
    async let two: Result<IdentityPerson, any Error> = outcome {
      try await second.revoke(.administrator, of: second)
    }
    let outcomes = await [one, two]
    #expect(outcomes.filter { (try? $0.get()) != nil }.count == 1, "\(outcomes)")
  }

  private func outcome<Value: Sendable>(
    _ body: () async throws -> Value
  ) async -> Result<Value, any Error> {
    do { return .success(try await body()) } catch { return .failure(error) }
  }

  @Test func `a suspended person has no session and cannot sign in until reinstated`()
    async throws
  {
    let staff = try await Staff.make()
    let suspended = try await staff.administrator.suspend(staff.member)
    #expect(suspended.suspended)
    try await expectRefusal(.failedPrecondition, "suspended", what: "signing in") {
      try await staff.member.signIn()
    }
    // Behind the right password only: a stranger learns nothing.
    var wrong = staff.member.login
    wrong.password = "een ander wachtwoord dan dat"
    try await expectRefusal(.unauthenticated, what: "a wrong password") {
      try await staff.organisation.house.identity.login(wrong)
    }
    let open = try await staff.organisation.house.sql(
      """
      SELECT count(*) AS n FROM identity.session
      WHERE tenant_id = \(staff.organisation.uuid) AND person_id = \(staff.member.uuid)
        AND ended_at IS NULL
      """)
    #expect(try open[0][0].get("n", as: Int64.self) == 0)
    let reinstated = try await staff.administrator.people.reinstatePerson(
      .with { $0.personID = staff.member.id }, staff.administrator.options)
    #expect(!reinstated.suspended)
    _ = try await staff.member.signIn()
    let officer = try await staff.organisation.officer()
    try await expectRefusal(.failedPrecondition, "Authorised Person", what: "the officer") {
      try await staff.administrator.suspend(officer)
    }
  }

  @Test func `managers lead, and not in a circle`() async throws {
    let staff = try await Staff.make()
    var administrator = staff.administrator
    let (one, two) = (staff.member, staff.colleague)
    func lead(_ person: Member, by manager: String) async throws -> IdentityPerson {
      try await administrator.people.setManager(
        .with {
          $0.personID = person.id
          $0.managerID = manager
        }, administrator.options)
    }
    try await expectRefusal(.failedPrecondition, "manager", what: "no manager by right") {
      try await lead(two, by: one.id)
    }
    try await administrator.grant(.manager, to: one)
    try await administrator.grant(.manager, to: two)
    try await administrator.grant(.manager, to: administrator)
    // Their token is of before.
    administrator = try await administrator.signIn()
    #expect(try await lead(two, by: one.id).managerID == one.id)
    #expect(try await lead(administrator, by: two.id).managerID == two.id)
    for (person, manager) in [(one, one), (one, two), (one, administrator)] {
      try await expectRefusal(.failedPrecondition, "circle", what: "by \(manager.name)") {
        try await lead(person, by: manager.id)
      }
    }
    let manager = try await one.signIn()
    let reports = try await manager.people.listReports(.init(), manager.options)
    #expect(reports.reports.map(\.personID) == [two.id])
    #expect(reports.reports.map(\.name) == [two.name])
    #expect(try await lead(two, by: "").managerID.isEmpty)
    try await expectRefusal(.notFound, what: "a manager of nowhere") {
      try await lead(two, by: UUID().uuidString)
    }
  }

  @Test func `clause 33: a correction keeps what was there before, for person and administrators`()
    async throws
  {
    let staff = try await Staff.make()
    let member = staff.member
    func correct(_ name: String, by caller: Member) async throws -> IdentityPerson {
      try await caller.people.correctPerson(
        .with {
          $0.personID = member.id
          $0.name = name
        }, caller.options)
    }
    #expect(try await correct("Mila de Vries", by: member).name == "Mila de Vries")
    #expect(try await correct("Mila Vries-Prins", by: staff.administrator).name
      == "Mila Vries-Prins")
    for reader in [member, staff.administrator] {
      let history = try await reader.people.listCorrections(
        .with { $0.personID = member.id }, reader.options)
      #expect(history.corrections.map(\.oldValue) == ["Mila de Vries", member.name])
      #expect(history.corrections.map(\.provenance) == [.client, .person])
      #expect(history.corrections.allSatisfy { $0.field == .name })
    }
    try await expectRefusal(.notFound, what: "a colleague corrects") {
      try await correct("Niemand", by: staff.colleague)
    }
    try await expectRefusal(.notFound, what: "a colleague reads") {
      try await staff.colleague.people.listCorrections(
        .with { $0.personID = member.id }, staff.colleague.options)
    }
    try await expectRefusal(.notFound, what: "a colleague reads the record") {
      try await staff.colleague.people.getPerson(
        .with { $0.personID = member.id }, staff.colleague.options)
    }
    // Export and erasure take the old names along.
    let officer = try await staff.organisation.officer()
    let access = try await RightsTests.request(.access, about: member, by: officer)
    let archive = try await RightsTests.archive(access, by: officer)
    #expect(String(decoding: archive, as: UTF8.self).contains("person_correction"))
    let places = try await Tables.places(
      of: [member.name, "Mila de Vries"], in: staff.organisation.house.superuser)
    #expect(places.isEmpty, "in plain text: \(places)")
    let erasure = try await RightsTests.request(.erasure, about: member, by: officer)
    #expect(erasure.state == .completed)
    #expect(try await Tables.places(of: [member.id], in: officer.organisation.house.superuser)
      .isEmpty)
  }

  @Test func `the same address in two organisations is two accounts that know nothing of another`()
    async throws
  {
    let (here, there) = (try await Organisation.make(), try await Organisation.make("Andere B.V."))
    let house = here.house
    let email = here.email("Dubbel")
    func enrol(_ organisation: Organisation) async throws -> Member {
      let known = Set(try house.mailbox.codes(to: email))
      let csv = "name,email,role\r\nDubbel \(organisation.tag),\(email),participant\r\n"
      _ = try await house.identity.importParticipants(
        .with {
          $0.organisationID = organisation.id
          $0.csv = Data(csv.utf8)
        }, try await house.operators.options())
      return try await Invited(
        organisation: organisation, name: "Dubbel \(organisation.tag)", email: email,
        code: try await house.mailbox.code(to: email, except: known)
      ).onboard()
    }
    let (one, two) = (try await enrol(here), try await enrol(there))
    #expect(one.id != two.id)
    var crossed = one.login
    crossed.organisationID = there.id
    try await expectRefusal(.unauthenticated, what: "the other account's password") {
      try await house.identity.login(crossed)
    }
    let found = try await house.identity.findColleague(.with { $0.email = email }, one.options)
    #expect(found.personID == one.id && found.name == one.name)
    try await expectRefusal(.notFound, what: "the other account") {
      try await house.identity.getColleagues(.with { $0.personIds = [two.id] }, one.options)
    }
    // Neither what is kept of the address nor its index is the same in both.
    let rows = try await house.sql(
      """
      SELECT count(DISTINCT email_index) AS indexes, count(DISTINCT email) AS addresses
      FROM identity.person WHERE person_id IN (\(one.uuid), \(two.uuid))
      """)
    #expect(try rows[0][0].get("indexes", as: Int64.self) == 2)
    #expect(try rows[0][0].get("addresses", as: Int64.self) == 2)
    let administrator = try await here.member("Baas Hier", role: "administrator")
    try await administrator.suspend(one)
    _ = try await two.signIn()
  }
}

extension Member {
  var people: PeopleServiceClient { PeopleServiceClient(organisation.house.gateway) }
  var minors: MinorServiceClient { MinorServiceClient(organisation.house.gateway) }
  var programmes: ProgrammeServiceClient { ProgrammeServiceClient(organisation.house.gateway) }

  @discardableResult
  func grant(
    _ role: IdentityPersonRole, to person: Member, from begin: String = "", until end: String = ""
  ) async throws -> IdentityPerson {
    try await people.grantRole(
      .with {
        $0.personID = person.id
        $0.role = role
        $0.validFrom = begin
        $0.validUntil = end
      }, options)
  }

  @discardableResult
  func revoke(_ role: IdentityPersonRole, of person: Member) async throws -> IdentityPerson {
    try await people.revokeRole(
      .with {
        $0.personID = person.id
        $0.role = role
      }, options)
  }

  @discardableResult
  func suspend(_ person: Member) async throws -> IdentityPerson {
    try await people.suspendPerson(.with { $0.personID = person.id }, options)
  }
}
