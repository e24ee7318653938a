import Foundation
import Postgres
import RPC
import Schemas
import SwiftProtobuf
import Testing

/// Programmes and the enrolments that end with them (clauses 12a and 12e).
struct ProgrammeTests {
  private func create(
    _ administrator: Member, kind: IdentityProgrammeKind = .training, begin: Int = 0, end: Int = 30
  ) async throws -> IdentityProgramme {
    try await administrator.programmes.createProgramme(
      .with {
        $0.name = "Leidinggeven voor beginners"
        $0.kind = kind
        $0.beginsOn = Samples.day(begin)
        $0.endsOn = Samples.day(end)
        $0.learningPaths = ["feedback-101"]
      }, administrator.options)
  }

  private func mine(_ member: Member) async throws -> [IdentityProgramme] {
    try await member.programmes.listMyProgrammes(.init(), member.options).programmes
  }

  @Test func `clause 12e: people take part, with the learning paths, until they leave`()
    async throws
  {
    let staff = try await PeopleTests.Staff.make()
    let (administrator, member, colleague) = (staff.administrator, staff.member, staff.colleague)
    let kinds: [IdentityProgrammeKind] = [.training, .coaching, .assessment, .scan, .project]
    var made: [IdentityProgramme] = []
    for kind in kinds { made.append(try await create(administrator, kind: kind)) }
    let listed = try await administrator.programmes.listProgrammes(.init(), administrator.options)
    #expect(listed.programmes == made.reversed())
    let programme = made[0]
    func enrol(_ ids: [String]) async throws -> UInt32 {
      try await administrator.programmes.enrolPeople(
        .with {
          $0.programmeID = programme.programmeID
          $0.personIds = ids
        }, administrator.options
      ).enrolled
    }
    #expect(try await enrol([member.id, colleague.id]) == 2)
    #expect(try await enrol([member.id]) == 0)
    try await expectRefusal(.notFound, what: "somebody of nowhere") {
      try await enrol([member.id, UUID().uuidString])
    }
    #expect(try await mine(member) == [programme])
    #expect(try await mine(member)[0].learningPaths == ["feedback-101"])
    #expect(try await mine(administrator) == [])
    let left = try await administrator.programmes.unenrolPeople(
      .with {
        $0.programmeID = programme.programmeID
        $0.personIds = [member.id]
      }, administrator.options)
    #expect(left.unenrolled == 1)
    #expect(try await mine(member) == [])
    let enrolments = try await administrator.programmes.listEnrolments(
      .with { $0.programmeID = programme.programmeID }, administrator.options)
    #expect(enrolments.enrolments.map(\.personID) == [colleague.id])
    #expect(try await enrol([member.id]) == 1)
    #expect(try await mine(member) == [programme])
  }

  @Test func `clause 12a: enrolments end with their programme`() async throws {
    let staff = try await PeopleTests.Staff.make()
    let (administrator, member) = (staff.administrator, staff.member)
    let programme = try await create(administrator)
    let later = try await create(administrator, begin: 5)
    for id in [programme.programmeID, later.programmeID] {
      _ = try await administrator.programmes.enrolPeople(
        .with {
          $0.programmeID = id
          $0.personIds = [member.id]
        }, administrator.options)
    }
    // The one that begins later is none yet.
    #expect(try await mine(member) == [programme])
    func end(_ day: Int) async throws -> IdentityProgramme {
      try await administrator.programmes.endProgramme(
        .with {
          $0.programmeID = programme.programmeID
          $0.lastDay = Samples.day(day)
        }, administrator.options)
    }
    try await expectRefusal(.failedPrecondition, what: "a later end") { try await end(31) }
    try await expectRefusal(.invalidArgument, "last_day", what: "an end in the past") {
      try await end(-3)
    }
    #expect(try await end(10).endsOn == Samples.day(10))
    // Its last day passes.
    try await staff.organisation.house.sql(
      """
      UPDATE identity.programme SET begins_on = current_date - 20, ends_on = current_date - 3
      WHERE tenant_id = \(staff.organisation.uuid)
        AND programme_id = \(UUID(uuidString: programme.programmeID))
      """)
    #expect(try await mine(member) == [])
    try await expectRefusal(.failedPrecondition, "ended", what: "enrolling afterwards") {
      try await administrator.programmes.enrolPeople(
        .with {
          $0.programmeID = programme.programmeID
          $0.personIds = [member.id]
        }, administrator.options)
    }
  }
}
