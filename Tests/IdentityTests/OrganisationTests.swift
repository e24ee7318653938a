import Access
import Cryptography
import Foundation
import Logging
import Postgres
import RPC
import Schemas
import Storage
import SwiftProtobuf
import Testing

@testable import Identity

@Suite("Contract and policy over the methods")
struct OrganisationTests {
  private static let file = "name,email,role\nAda,ada@example.com,participant\n"

  @Test func `clause 5: a draft takes no data of people until contract and agreement are there`()
    async throws
  {
    try await House.with { house in
      let draft = try await house.service.registerOrganisation(
        .with { $0.name = "Later B.V." },
        house.asOperator(IdentityServicePolicies.registerOrganisation))
      #expect(draft.state == .draft && draft.timeZone == "Europe/Amsterdam")
      let tenant = try UUID(field: "organisation_id", draft.organisationID)
      let refused = try await refusal { try await house.importFile(tenant, Self.file) }
      #expect(refused?.code == .failedPrecondition)
      #expect(refused?.message.hasPrefix("there is no contract") == true)
      var contract = try await house.setContract(tenant, begin: "2026-01-01")
      #expect(contract.state == .draft)
      let unsigned = try await refusal { try await house.importFile(tenant, Self.file) }
      #expect(unsigned?.message.hasPrefix("there is no processing agreement") == true)
      contract = try await house.setContract(tenant, begin: "2026-01-01", reference: "V-9")
      #expect(contract.state == .active)
      #expect(try await house.importFile(tenant, Self.file) == 1)
    }
  }

  @Test func `after its end a contract leaves export and support, and nobody writes`()
    async throws
  {
    try await House.with { house in
      let tenant = try await house.organisation()
      _ = try await house.enrol(tenant, "ada@example.com")
      let officer = try await house.officer(tenant, "olga@example.com")
      // Today is 2026-09-21.
      let past = try await refusal { try await house.endContract(tenant, "2026-09-20") }
      #expect(past?.message == "last_day: must not be before today")
      let ending = try await house.endContract(tenant, "2026-09-30")
      #expect(ending.state == .active && ending.keptUntil == "2026-10-30")
      // 2026-09-30T22:00:00Z is midnight in Amsterdam: 15 minutes before and after.
      house.clock.advance(9 * 86_400 + 7.5 * 3_600)
      _ = try await house.login(tenant, "ada@example.com")
      house.clock.advance(1_800)
      let ended = try await refusal { try await house.login(tenant, "ada@example.com") }
      #expect(ended?.code == .failedPrecondition)
      #expect(ended?.message.contains("ended on 2026-09-30") == true)
      let token = try await house.verify(
        try await house.signIn(tenant, "olga@example.com").accessToken)
      #expect(token.subject == officer && token.roles == [.privacyOfficer])
      let refused = try await refusal { try await house.importFile(tenant, Self.file) }
      #expect(refused?.code == .failedPrecondition)
      let policy = try await refusal { try await house.setPolicy(tenant) { _ in } }
      #expect(policy?.code == .failedPrecondition)
      // Summer time has ended meanwhile: midnight is at 23:00Z.
      house.clock.advance(30 * 86_400)
      _ = try await house.login(tenant, "olga@example.com")
      house.clock.advance(3_600)
      let over = try await refusal { try await house.login(tenant, "olga@example.com") }
      #expect(over?.message.contains("ended on 2026-09-30") == true)
    }
  }

  @Test func `who registers and does not open the link is erased with its expiry`()
    async throws
  {
    try await House.with { house in
      let tenant = try await house.organisation()
      try await house.setPolicy(tenant) {
        $0.emailDomains = ["example.com"]
        $0.selfRegistration = true
      }
      func register() async throws { try await house.register("iris@example.com", at: tenant) }
      try await register()
      #expect(try await house.count("person", tenant) == 1)
      // Again, and too soon for another mail.
      try await register()
      #expect(try await house.count("invitation", tenant) == 1)
      house.clock.advance(601)
      try await register()
      #expect(try await house.count("invitation", tenant) == 2)
      try await house.sweep.run()
      #expect(try await house.count("person", tenant) == 1)
      house.clock.advance(3 * 86_400 - 1)
      try await house.sweep.run()
      #expect(try await house.count("person", tenant) == 1)
      house.clock.advance(1)
      try await house.sweep.run()
      #expect(try await house.count("person", tenant) == 0)
      #expect(try await house.count("invitation", tenant) == 0)
    }
  }

  @Test func `whom the client has enrolled keeps the term, whoever registers their address`()
    async throws
  {
    try await House.with { house in
      let tenant = try await house.organisation()
      house.desk.publish()
      try await house.setPolicy(tenant) {
        $0.emailDomains = ["example.com"]
        $0.selfRegistration = true
      }
      try await house.importFile(tenant, "name,email,role\nEva,eva@example.com,participant\n")
      let first = try await house.mails.codes(to: "eva@example.com")
      house.clock.advance(601)
      try await house.register("eva@example.com", at: tenant)
      let code = try await house.mails.code(to: "eva@example.com", except: first)
      house.clock.advance(14 * 86_400 - 1)
      try await house.sweep.run()
      try await house.setPassword(code)
    }
  }

  @Test func `organisations are listed a page at a time`() async throws {
    try await House.with { house in
      var made: [String] = []
      for _ in 0..<3 {
        made.append(try await house.organisation().canonical)
        house.clock.advance(1)
      }
      let call = house.asOperator(OrganisationServicePolicies.listOrganisations)
      let first = try await house.service.listOrganisations(.with { $0.pageSize = 2 }, call)
      #expect(first.organisations.map(\.organisationID) == [made[2], made[1]])
      let rest = try await house.service.listOrganisations(
        .with { $0.pageToken = first.nextPageToken }, call)
      #expect(rest.organisations.map(\.organisationID) == [made[0]])
      #expect(rest.nextPageToken.isEmpty)
    }
  }

  @Test func `a policy is kept as it was set, within its bounds`() async throws {
    try await House.with { house in
      let tenant = try await house.organisation()
      let set = try await house.setPolicy(tenant) {
        $0.secondFactor = .everybody
        $0.sessionIdleSeconds = 1_800
        $0.emailDomains = ["Example.com"]
        $0.selfRegistration = true
      }
      let administrator = house.asPerson(
        house.token(tenant: tenant, [.administrator]),
        OrganisationServicePolicies.getOrganisationPolicy)
      let read = try await house.service.getOrganisationPolicy(
        .with { $0.organisationID = tenant.canonical }, administrator)
      #expect(read == set)
      #expect(read.secondFactor == .everybody && read.sessionIdleSeconds == 1_800)
      #expect(read.emailDomains == ["example.com"] && read.selfRegistration)
      #expect(!read.remembersDevices && read.sessionAbsoluteSeconds == 0)
      let unbounded = try await refusal {
        try await house.setPolicy(tenant) { $0.passwordCheckSeconds = 60 }
      }
      #expect(unbounded?.code == .invalidArgument)
      let unknown = try await refusal {
        try await house.setPolicy(tenant) { $0.secondFactor = .UNRECOGNIZED(9) }
      }
      #expect(unknown?.message == "second_factor: is none of the values that are known")
    }
  }

  @Test func `clause 8: a deputy has the privacy officer's right beside them, for their own days`()
    async throws
  {
    try await House.with { house in
      let tenant = try await house.organisation()
      _ = try await house.officer(tenant, "olga@example.com")
      _ = try await house.officer(
        tenant, "dirk@example.com", from: "2026-09-21", until: "2026-09-22", deputy: true)
      func roles(_ email: String) async throws -> Set<Role> {
        try await house.verify(try await house.signIn(tenant, email).accessToken).roles
      }
      #expect(try await roles("olga@example.com") == [.privacyOfficer])
      #expect(try await roles("dirk@example.com") == [.privacyOfficer])
      house.clock.advance(2 * 86_400)
      #expect(try await roles("olga@example.com") == [.privacyOfficer])
      let over = try await refusal { try await house.login(tenant, "dirk@example.com") }
      #expect(over?.message == "the account has no role in the organisation today")
      // A new officer succeeds the officer; the deputy's place is another one.
      _ = try await house.officer(tenant, "nina@example.com")
      let succeeded = try await refusal { try await house.login(tenant, "olga@example.com") }
      #expect(succeeded?.code == .failedPrecondition)
    }
  }
}

extension House {
  @discardableResult
  func setContract(
    _ tenant: UUID, begin: String, end: String = "", reference: String = ""
  ) async throws -> IdentityOrganisation {
    try await service.setContract(
      .with {
        $0.organisationID = tenant.canonical
        $0.contractBegin = begin
        $0.contractEnd = end
        guard !reference.isEmpty else { return }
        $0.agreement.reference = reference
        $0.agreement.signedOn = begin
      }, asOperator(OrganisationServicePolicies.setContract))
  }

  func endContract(_ tenant: UUID, _ last: String) async throws -> IdentityOrganisation {
    try await service.endContract(
      .with {
        $0.organisationID = tenant.canonical
        $0.lastDay = last
      }, asOperator(OrganisationServicePolicies.endContract))
  }

  @discardableResult
  func setPolicy(
    _ tenant: UUID, _ change: (inout IdentityOrganisationPolicy) -> Void
  ) async throws -> IdentityOrganisationPolicy {
    try await service.setOrganisationPolicy(
      .with {
        $0.organisationID = tenant.canonical
        change(&$0.policy)
      },
      asPerson(
        token(tenant: tenant, [.administrator]),
        OrganisationServicePolicies.setOrganisationPolicy))
  }

  func register(_ email: String, at tenant: UUID) async throws {
    _ = try await service.registerMyself(
      .with {
        $0.organisationID = tenant.canonical
        $0.name = "Iris Zelf"
        $0.email = email
      }, anyone())
  }

  /// Names a privacy officer who then sets a password; the statement is accepted.
  func officer(
    _ tenant: UUID, _ email: String, from begin: String = "2026-01-01", until end: String = "",
    deputy: Bool = false
  ) async throws -> UUID {
    desk.publish()
    let named = try await service.nameAuthorisedPerson(
      .with {
        $0.organisationID = tenant.canonical
        $0.name = "Olga Smit"
        $0.email = email
        $0.validFrom = begin
        $0.validUntil = end
        $0.deputy = deputy
      }, asOperator(IdentityServicePolicies.nameAuthorisedPerson))
    let code = try await mails.code(to: email)
    let opened = try await service.openInvitation(.with { $0.code = code }, anyone())
    _ = try await service.acceptStatement(
      .with {
        $0.credential.invitationCode = code
        $0.version = opened.statement.version
        $0.sha256 = opened.statement.sha256
      }, anyone())
    try await setPassword(code)
    return try UUID(field: "person_id", named.personID)
  }

  /// Every table of the service that has rows of organisations.
  func tables() async throws -> [String] {
    try await admin.run([
      """
      SELECT table_name::text AS name FROM information_schema.columns
      WHERE table_schema = 'identity' AND column_name = 'tenant_id' AND table_name <> 'migration'
      """
    ])[0].map { try $0.get("name") }
  }
}
