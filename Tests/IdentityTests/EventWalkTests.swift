import Access
import Cryptography
import Foundation
import Launch
import Postgres
import RPC
import Schemas
import Storage
import SwiftProtobuf
import Testing

@testable import Identity

/// Every method that changes something leaves an event, or says here why not.
@Suite("Events of all methods")
struct EventWalkTests {
  /// Methods without an event.
  static let unrecorded = [
    "SignInService/BeginFactor": "nothing counts until a code of the app was given",
    "FactorService/BeginTOTP": "nothing counts until a code of the app was given",
    "ProgrammeService/CreateProgramme": "who learns what is no matter of security",
    "ProgrammeService/EndProgramme": "who learns what is no matter of security",
    "ProgrammeService/EnrolPeople": "who learns what is no matter of security",
    "ProgrammeService/UnenrolPeople": "who learns what is no matter of security",
    "IdentityService/GetOrganisation": "reads",
    "IdentityService/OpenInvitation": "reads",
    "IdentityService/ShowStatement": "reads",
    "IdentityService/FindColleague": "reads",
    "IdentityService/GetColleagues": "reads",
    "OrganisationService/ListOrganisations": "reads",
    "OrganisationDeskService/ListOrganisationIds": "reads",
    "OrganisationService/GetOrganisationPolicy": "reads",
    "PersonDeskService/CheckPerson": "reads",
    "PeopleService/GetPerson": "reads",
    "PeopleService/ListPeople": "reads",
    "PeopleService/ListReports": "reads",
    "PeopleService/ListCorrections": "reads",
    "MinorService/ListUnder16Reports": "reads",
    "ProgrammeService/ListProgrammes": "reads",
    "ProgrammeService/ListEnrolments": "reads",
    "ProgrammeService/ListMyProgrammes": "reads",
    "ReportService/GetParticipationReport": "reads",
    "ReportService/ListReportedPeople": "reads",
    "SessionService/ListSessions": "reads",
    "FactorService/GetFactors": "reads",
    "DeviceService/ListDevices": "reads",
    "SecurityLogService/ListSecurityEvents": "reads",
    "ServiceAccountService/ListServiceAccounts": "reads",
    "SupportService/ListSupportAccess": "reads",
    "ServiceTokenService/IssueServiceToken":
      "calls are logged by the account's name; failures apart from the answer",
  ]

  @Test func `every method is walked, or is on the list`() {
    let methods = SchemaCatalogue.services.filter { $0.name.hasPrefix("ikso.identity.v1.") }
      .flatMap(\.methods).map { String($0.descriptor.fullName.dropFirst(17)) }
    let steps = EventWalk.people + EventWalk.account + EventWalk.organisation + EventWalk.staff
    let walked = Set(steps.map(\.method))
    let missing = methods.filter { !walked.contains($0) && Self.unrecorded[$0] == nil }
    #expect(missing.isEmpty, "take a step of the walk, or say in `unrecorded` why not: \(missing)")
    #expect(walked.isDisjoint(with: Self.unrecorded.keys))
    let gone = walked.union(Self.unrecorded.keys).subtracting(methods)
    #expect(gone.isEmpty, "no such methods")
  }

  @Test(arguments: [
    EventWalk.people, EventWalk.account, EventWalk.organisation, EventWalk.staff,
  ])
  func `each step is in the log, in the transaction of what it tells of`(
    steps: [EventWalk.Step]
  ) async throws {
    try await House.with { house in
      let walk = try await EventWalk(house)
      for step in steps {
        let before = try await house.kinds()
        try await step.run(walk)
        let gained = try await house.kinds().filter { $0.value > before[$0.key, default: 0] }
        let expected = Set(step.kinds.map(\.rawValue))
        #expect(Set(gained.keys) == expected, "\(step.method)")
        house.clock.advance(31)
      }
    }
  }

  @Test func `what is refused leaves no event of its success`() async throws {
    try await House.with { house in
      let walk = try await EventWalk(house)
      let before = try await house.kinds()
      let admin = walk.admin
      let refused = try await refusal {
        try await house.service.suspendPerson(
          .with { $0.personID = walk.olga.canonical }, admin(PeopleServicePolicies.suspendPerson))
      }
      #expect(refused?.code == .failedPrecondition)
      _ = try await refusal { try await house.endContract(walk.tenant, "2020-01-01") }
      _ = try await refusal { try await house.importFile(walk.tenant, EventWalk.file("ada")) }
      #expect(try await house.kinds() == before)
    }
  }

  @Test func `an event is kept for 400 days, whatever becomes of the others`() async throws {
    try await House.with { house in
      let tenant = try await house.organisation()
      _ = try await house.enrol(tenant, "ada@acme.nl")
      let old = try await house.count("security_event", tenant)
      house.clock.advance(400 * 86_400 - 60)
      _ = try await house.login(tenant, "ada@acme.nl")
      let all = try await house.count("security_event", tenant)
      try await house.sweep.run()
      #expect(try await house.count("security_event", tenant) == all)
      house.clock.advance(61)
      try await house.sweep.run()
      #expect(try await house.count("security_event", tenant) == all - old)
    }
  }

  @Test func `a sweep deletes as many as there are, some at a time`() async throws {
    try await House.with { house in
      let tenant = try await house.organisation()
      let start = house.clock.now
      try await house.database.once(
        tenant: tenant,
        all: (0..<2_001).map { _ in
          .securityEvent(tenant, SecurityEvent(.policyChanged), by: .service, at: start)
        })
      try await SecurityLogSweep(database: house.database)
        .run(Mandate(tenant: tenant), before: start)
      #expect(try await house.count("security_event", tenant) == 2_002)
      try await SecurityLogSweep(database: house.database)
        .run(Mandate(tenant: tenant), before: start + 1)
      #expect(try await house.count("security_event", tenant) == 0)
    }
  }
}

/// An organisation with people, and what is done to them.
final class EventWalk: Sendable {
  struct Step: Sendable {
    let method: String
    let kinds: [SecurityEvent.Kind]
    let run: @Sendable (EventWalk) async throws -> Void

    init(
      _ method: String, _ kinds: [SecurityEvent.Kind],
      _ run: @escaping @Sendable (EventWalk) async throws -> Void
    ) {
      (self.method, self.kinds, self.run) = (method, kinds, run)
    }
  }

  let house: House
  let tenant: UUID
  /// A participant, an administrator and the privacy officer.
  let ada: UUID
  let eva: UUID
  let olga: UUID

  init(_ house: House) async throws {
    self.house = house
    tenant = try await house.organisation()
    ada = try await house.enrol(tenant, "ada@acme.nl")
    eva = try await house.enrol(tenant, "eva@acme.nl", name: "Eva")
    olga = try await house.officer(tenant, "olga@acme.nl")
    try await house.database.once(tenant: tenant, .personAddRole(tenant, eva, .administrator))
    try await house.setPolicy(tenant) {
      $0.emailDomains = ["acme.nl"]
      $0.selfRegistration = true
      $0.remembersDevices = true
    }
    house.clock.advance(31)
  }

  static func file(_ name: String) -> String {
    "name,email,role\n\(name),\(name)@acme.nl,participant\n"
  }

  var service: IdentityService { house.service }

  func admin(_ policy: AccessPolicy) -> Call {
    house.asPerson(
      house.token(tenant: tenant, [.administrator], subject: eva), policy)
  }

  func officer(_ policy: AccessPolicy) -> Call {
    house.asPerson(house.token(tenant: tenant, [.privacyOfficer], subject: olga), policy)
  }

  /// Ada, signed in with what is asked of her.
  func signIn() async throws -> Token {
    try await house.verify(try await house.signIn(tenant, "ada@acme.nl").accessToken)
  }

  func code(to name: String, _ body: () async throws -> Void) async throws -> String {
    let earlier = try await house.mails.codes(to: "\(name)@acme.nl")
    try await body()
    return try await house.mails.code(to: "\(name)@acme.nl", except: earlier)
  }
}

extension House {
  /// How often each kind of event is in all logs.
  func kinds() async throws -> [String: Int] {
    let rows = try await admin.run(
      [
        """
        SELECT kind, sum(occurrences) AS times FROM identity.security_event GROUP BY kind
        """
      ], deadline: nil)[0]
    return try Dictionary(
      uniqueKeysWithValues: rows.map { (try $0.get("kind"), try $0.get("times", as: Int.self)) })
  }
}
