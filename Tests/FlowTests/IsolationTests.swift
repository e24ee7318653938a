import Access
import Foundation
import RPC
import Schemas
import SwiftProtobuf
import Testing

/// Organisations live side by side, and nothing of one is ever visible to another: every method of
/// the schemas, called with the valid token of somebody of another organisation.
struct IsolationTests {
  /// What the tests call with: everything that one organisation has.
  struct Ground {
    let targets: Targets
    let owner: Member
  }

  static func ground() async throws -> Ground {
    let subject = try await RightsTests.subject()
    let organisation = subject.organisation
    let house = organisation.house
    try await SelfTestTests.results()
    let request = try await RightsTests.request(
      .access, about: subject.member, by: subject.officer)
    let feedback = try await house.feedback.listFeedback(
      FeedbackListFeedbackRequest(), subject.member.options)
    let open = try await subject.member.ask(
      [subject.colleague], outsiders: ["Lies \(organisation.tag)"])
    let invited = try await organisation.invite("Mia \(organisation.tag)")[0]
    let administrator = try await organisation.member(
      "Bo \(organisation.tag)", role: "administrator")
    let programme = try await administrator.programmes.createProgramme(
      .with {
        $0.name = "Programma"
        $0.kind = .training
        $0.beginsOn = Samples.day(0)
        $0.endsOn = Samples.day(30)
      }, administrator.options)
    let reported = try await organisation.invite("Cas \(organisation.tag)")[0].open()
    _ = try await subject.colleague.minors.reportUnder16(
      .with { $0.personID = reported.personID }, subject.colleague.options)
    let reports = try await subject.officer.minors.listUnder16Reports(
      .init(), subject.officer.options)
    // Of what nobody calls for: the owner goes on.
    let frozen = try await ConsentServiceClient(house.gateway).freezePurposes(
      .with {
        $0.personID = subject.member.id
        $0.purposes = [.publishing]
        $0.reason = .objection
      }, subject.officer.options)
    let tool = try await Tool.make(of: organisation)
    let support = try await SupportServiceClient(house.gateway).requestSupportAccess(
      .with {
        $0.organisationID = organisation.id
        $0.reason = "Over de muur"
        $0.scopes = [Tool.read]
        $0.minutes = 60
      }, try await house.operators.options())
    let hold = try await house.holds.placeHold(
      .with {
        $0.subjectID = subject.colleague.id
        $0.ground = .dispute
        $0.reference = "zaak \(organisation.tag)"
        $0.expiresOn = Samples.day(30)
      }, subject.officer.options)
    return Ground(
      targets: Targets(
        organisation: organisation.id, person: subject.member.id, email: subject.member.email,
        round: open.roundID, invitation: open.invitations[0].invitationID,
        feedback: feedback.feedback[0].feedbackID, goal: subject.goal.goalID,
        request: request.requestID, session: subject.member.session,
        device: try await administrator.rememberDevice().id,
        programme: programme.programmeID, report: reports.reports[0].reportID,
        freeze: frozen.freezes[0].freezeID,
        serviceAccount: tool.id, supportAccess: support.supportAccessID,
        hold: hold.holdID, invitationCode: invited.code,
        guestCode: try await house.mailbox.code(
          to: organisation.email("Lies \(organisation.tag)")),
        entries: try await .make(subject.member, subject.officer)),
      owner: subject.member)
  }

  @Test func `every method has a sample`() {
    let methods = SchemaCatalogue.services.flatMap(\.methods).map(\.descriptor.fullName)
    let missing = methods.filter { Samples.requests[$0] == nil }
    #expect(
      missing.isEmpty,
      """
      add to Samples.requests in Tests/FlowTests/MethodSamples.swift a request of \
      \(missing.joined(separator: ", ")) and what a stranger must get for it
      """)
    let gone = Samples.requests.keys.filter { !methods.contains($0) }
    #expect(gone.isEmpty, "no such method any more: take \(gone) out")
  }

  @Test func `with another organisation's token nothing exists, as if it never was`()
    async throws
  {
    let ground = try await Self.ground()
    let strangers = try await Strangers.make()
    let house = ground.owner.organisation.house
    let tenant = ground.owner.organisation.uuid
    // What anybody may ask without a token can leave something: a link by mail, an event.
    let (open, closed) = (
      Samples.publicMethods.filter(\.policy.anyone),
      Samples.publicMethods.filter { !$0.policy.anyone }
    )
    for method in open { try await expectNothing(of: ground, method, to: strangers) }
    let before = try await Tables.counts(of: tenant, in: house.superuser)
    for method in closed { try await expectNothing(of: ground, method, to: strangers) }
    let changed = try await Tables.counts(of: tenant, in: house.superuser)
      .filter { before[$0.key] != $0.value }
    #expect(changed.isEmpty, "before: \(before.filter { changed[$0.key] != nil })")
    let untouched = try await house.goals.getGoal(
      .with { $0.goalID = ground.targets.goal }, ground.owner.options)
    #expect(untouched.state == .open)
  }

  /// As each of the strangers that the method admits.
  private func expectNothing(
    of ground: Ground, _ method: SchemaMethod, to strangers: Strangers
  ) async throws {
    guard let sample = Samples.requests[method.descriptor.fullName] else { return }
    for (role, stranger) in strangers.admitted(by: method.policy) {
      let name = "\(method.descriptor.fullName) as \(role)"
      switch sample.foreign {
      case .codeIsTheRight, .operatorsOnly: continue
      case .notFound:
        let foreign = try await outcome(method, sample.make(ground.targets), stranger)
        let absent = try await outcome(method, sample.make(.absent()), stranger)
        #expect(foreign == absent, "\(name) tells the two apart: \(foreign), \(absent)")
        switch foreign {
        case .refused(let refusal): #expect(refusal.code == .notFound, "\(name): \(refusal)")
        case .answered(let answers):
          // A list whose filter names something foreign is empty.
          #expect(method.descriptor.name.hasPrefix("List"), "\(name) was answered")
          expectNone(of: ground.targets.secrets, in: answers, name)
        }
      case .nothing:
        switch try await outcome(method, sample.make(ground.targets), stranger) {
        case .refused(let refusal): Issue.record("\(name): \(refusal)")
        case .answered(let answers): expectNone(of: ground.targets.secrets, in: answers, name)
        }
      }
    }
  }

  private enum Outcome: Equatable {
    case answered([[UInt8]])
    case refused(Refusal)
  }

  private func outcome(
    _ method: SchemaMethod, _ request: any Message, _ stranger: Member
  ) async throws -> Outcome {
    do {
      return .answered(try await AnyCall.run(method.descriptor, request, stranger.options))
    } catch let error as RPCError {
      return .refused(Refusal(error))
    }
  }

  private func expectNone(of secrets: [String], in answers: [[UInt8]], _ name: String) {
    let text = answers.map { String(decoding: $0, as: UTF8.self) }.joined()
    for id in secrets { #expect(!text.contains(id), "\(name) shows \(id)") }
  }

  @Test func `an operator gets NOT_FOUND for an organisation that is not there`() async throws {
    let house = try House.current()
    let options = try await house.operators.options()
    for method in Samples.publicMethods where method.policy.roles.contains(.operator) {
      guard let sample = Samples.requests[method.descriptor.fullName], sample.namesOrganisation
      else { continue }
      try await expectRefusal(.notFound, what: method.descriptor.fullName) {
        try await AnyCall.run(method.descriptor, sample.make(.absent()), options)
      }
    }
  }

  @Test func `what one organisation counts does not change with what another one does`()
    async throws
  {
    let ground = try await Self.ground()
    let house = ground.owner.organisation.house
    let tenant = ground.owner.organisation.uuid
    let before = try await Tables.counts(of: tenant, in: house.superuser)
    let other = try await Organisation.make()
    let people = try await other.members("Nel Stranger", "Otto Stranger")
    _ = try await people[0].ask([people[1]])
    try await people[1].answer()
    let officer = try await other.officer()
    _ = try await RightsTests.request(.erasure, about: people[0], by: officer)
    let changed = try await Tables.counts(of: tenant, in: house.superuser)
      .filter { before[$0.key] != $0.value }
    #expect(changed.isEmpty, "before: \(before.filter { changed[$0.key] != nil })")
    #expect(before.values.contains { $0 > 0 })
  }
}

/// People of another organisation, one for each role that a client can give.
struct Strangers: Sendable {
  private let people: [Role: Member]

  static func make() async throws -> Strangers {
    let organisation = try await Organisation.make("Andere B.V.")
    let officer = try await organisation.officer()
    let administrator = try await organisation.member("Rik Ander", role: "administrator")
    try await organisation.instructReporting(officer.options, asking: administrator.options)
    let members = try await organisation.members(
      "Piet Ander", "Quinta Ander", "Rachid Ander", "Saar Ander")
    try await administrator.grant(.coach, to: members[1])
    try await administrator.grant(.manager, to: members[2])
    try await administrator.grant(.auditor, to: members[3], until: Samples.day(30))
    return Strangers(people: [
      .participant: members[0], .privacyOfficer: officer, .administrator: administrator,
      .coach: try await members[1].signIn(), .manager: try await members[2].signIn(),
      .auditor: try await members[3].signIn(),
    ])
  }

  /// Those of theirs whom the policy admits, each for the role; nobody where it admits operators
  /// alone.
  func admitted(by policy: AccessPolicy) -> [(role: Role, member: Member)] {
    people.filter { policy.anyone ? $0.key == .participant : policy.roles.contains($0.key) }
      .map { ($0.key, $0.value) }.sorted { $0.role.rawValue < $1.role.rawValue }
  }
}
