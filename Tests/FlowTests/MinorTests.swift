import Foundation
import RPC
import Schemas
import SwiftProtobuf
import Testing

/// People under 16: consent, and reports that freeze at once (clause 20).
struct MinorTests {
  @Test func `clause 20: somebody under 16 signs in with a parent's recorded consent, not without`()
    async throws
  {
    let staff = try await PeopleTests.Staff.make()
    let (administrator, member) = (staff.administrator, staff.member)
    _ = try await administrator.minors.setUnder16(
      .with {
        $0.personID = member.id
        $0.under16 = true
      }, administrator.options)
    try await expectRefusal(.failedPrecondition, "consent", what: "without consent") {
      try await member.signIn()
    }
    func record(on day: String) async throws {
      _ = try await administrator.minors.recordParentalConsent(
        .with {
          $0.personID = member.id
          $0.guardian = "Ouder van Mila"
          $0.givenOn = day
          $0.reference = "Dossier 2026-\(staff.organisation.tag)"
        }, administrator.options)
    }
    try await expectRefusal(.invalidArgument, "given_on", what: "consent of the day after") {
      try await record(on: Samples.day(3))
    }
    try await record(on: Samples.day(-1))
    let signedIn = try await member.signIn()
    let own = try await signedIn.people.getPerson(
      .with { $0.personID = member.id }, signedIn.options)
    #expect(own.under16 && own.hasParentalConsent_p)
    let plain = try await Tables.places(
      of: ["Ouder van Mila", "Dossier 2026-\(staff.organisation.tag)"],
      in: staff.organisation.house.superuser)
    #expect(plain.isEmpty, "\(plain)")
    _ = try await administrator.minors.withdrawParentalConsent(
      .with { $0.personID = member.id }, administrator.options)
    try await expectRefusal(.failedPrecondition, "consent", what: "after the withdrawal") {
      try await member.signIn()
    }
  }

  @Test func `clause 20: a report freezes at once, and the privacy officer decides`() async throws {
    let staff = try await PeopleTests.Staff.make()
    let (member, reporter) = (staff.member, staff.colleague)
    let officer = try await staff.organisation.officer()
    func report(_ person: Member, by reporter: Member) async throws {
      _ = try await reporter.minors.reportUnder16(
        .with { $0.personID = person.id }, reporter.options)
    }
    try await report(member, by: reporter)
    try await report(member, by: reporter)
    try await expectRefusal(.failedPrecondition, "frozen", what: "signing in") {
      try await member.signIn()
    }
    try await expectRefusal(.permissionDenied, what: "reports read by a colleague") {
      try await reporter.minors.listUnder16Reports(.init(), reporter.options)
    }
    let open = try await officer.minors.listUnder16Reports(.init(), officer.options).reports
    #expect(open.map(\.personID) == [member.id] && open.map(\.reporterID) == [reporter.id])
    #expect(open[0].resolution == .unspecified && !open[0].hasResolvedAt)
    func resolve(_ resolution: IdentityUnder16Resolution) async throws -> IdentityUnder16Report {
      try await officer.minors.resolveUnder16Report(
        .with {
          $0.reportID = open[0].reportID
          $0.resolution = resolution
        }, officer.options)
    }
    try await expectRefusal(.failedPrecondition, "consent", what: "consent that is not there") {
      try await resolve(.consent)
    }
    #expect(try await resolve(.notUnder16).resolution == .notUnder16)
    #expect(try await resolve(.notUnder16).resolution == .notUnder16)
    try await expectRefusal(.failedPrecondition, what: "decided otherwise afterwards") {
      try await resolve(.consent)
    }
    _ = try await member.signIn()
    try await expectRefusal(.failedPrecondition, "Authorised Person", what: "the officer") {
      try await report(officer, by: reporter)
    }
  }

  @Test func `a report that leads to removal goes with the person`() async throws {
    let staff = try await PeopleTests.Staff.make()
    let house = staff.organisation.house
    let officer = try await staff.organisation.officer()
    _ = try await house.minors.reportUnder16(
      .with {
        $0.personID = staff.member.id
        $0.organisationID = staff.organisation.id
      }, try await house.operators.options())
    let open = try await officer.minors.listUnder16Reports(.init(), officer.options).reports
    #expect(open.map(\.reporterID) == [""])
    let erasure = try await RightsTests.request(.erasure, about: staff.member, by: officer)
    #expect(erasure.state == .completed, "\(erasure.steps)")
    let left = try await officer.minors.listUnder16Reports(.init(), officer.options).reports
    #expect(left.isEmpty)
  }

  @Test func `nobody freezes a whole organisation`() async throws {
    let staff = try await PeopleTests.Staff.make()
    let people = try await staff.organisation.invite("Een", "Twee", "Drie")
    var ids: [String] = []
    for invited in people { ids.append(try await invited.open().personID) }
    func report(_ id: String) async throws {
      _ = try await staff.member.minors.reportUnder16(
        .with { $0.personID = id }, staff.member.options)
    }
    for id in ids { try await report(id) }
    try await expectRefusal(.resourceExhausted, "3", what: "a fourth report") {
      try await report(staff.colleague.id)
    }
    _ = try await staff.colleague.signIn()
  }
}

extension House {
  var minors: MinorServiceClient { MinorServiceClient(gateway) }
  var organisations: OrganisationServiceClient { OrganisationServiceClient(gateway) }
}
