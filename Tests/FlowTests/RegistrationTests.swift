import Foundation
import Postgres
import ProgramSupport
import RPC
import Schemas
import SwiftProtobuf
import Testing

/// How people come into an organisation by themselves, and change the address that they have there.
struct RegistrationTests {
  private func register(
    _ name: String, _ email: String, at organisation: String
  ) async throws -> IdentityRegisterMyselfResponse {
    let house = try House.current()
    return try await PeopleServiceClient(house.gateway).registerMyself(
      .with {
        $0.organisationID = organisation
        $0.name = name
        $0.email = email
      })
  }

  private func openTo(_ domain: String, _ administrator: Member) async throws {
    _ = try await administrator.organisation.house.organisations.setOrganisationPolicy(
      .with {
        $0.organisationID = administrator.organisation.id
        $0.policy.emailDomains = [domain]
        $0.policy.selfRegistration = true
        $0.policy.remembersDevices = true
      }, administrator.options)
  }

  @Test func `clause 40: whoever has an address of an allowed domain registers and takes part`()
    async throws
  {
    let organisation = try await Organisation.make()
    let house = organisation.house
    let administrator = try await organisation.member("Anton Baas", role: "administrator")
    let domain = "\(organisation.tag).example.com"
    let email = "iris@\(domain)"
    try await openTo(domain, administrator)
    _ = try await register("Iris Zelf", email.uppercased(), at: organisation.id)
    let code = try await house.mailbox.code(to: email)
    let member = try await Invited(
      organisation: organisation, name: "Iris Zelf", email: email, code: code
    ).onboard()
    let own = try await member.people.getPerson(.with { $0.personID = member.id }, member.options)
    #expect(own.provenance == .person)
    #expect(own.rights.map(\.role) == [.participant])
    let enrolled = try await administrator.people.getPerson(
      .with { $0.personID = administrator.id }, administrator.options)
    #expect(enrolled.provenance == .client)
  }

  @Test func `a registration is answered alike, whatever is true of organisation and address`()
    async throws
  {
    let organisation = try await Organisation.make()
    let house = organisation.house
    let administrator = try await organisation.member("Anton Baas", role: "administrator")
    let domain = "\(organisation.tag).example.com"
    let stranger = "vreemd@\(organisation.tag).example.net"
    let early = "te.vroeg@\(domain)"
    // Nothing is open yet.
    _ = try await register("Te Vroeg", early, at: organisation.id)
    try await openTo(domain, administrator)
    _ = try await register("Vreemd", stranger, at: organisation.id)
    _ = try await register("Niemand", "niemand@\(domain)", at: UUID().uuidString)
    _ = try await register("Operator", "niemand@\(domain)", at: Organisation.platformID)
    _ = try await register(administrator.name, administrator.email, at: organisation.id)
    let rows = try await house.sql(
      """
      SELECT count(*) AS n FROM identity.person
      WHERE tenant_id = \(organisation.uuid) AND source = 'self'
      """)
    #expect(try rows[0][0].get("n", as: Int64.self) == 0)
    try await house.mailIsOut(of: organisation)
    for address in [early, stranger, "niemand@\(domain)"] {
      #expect(try house.mailbox.messages(to: address).isEmpty, "\(address)")
    }
    try await expectRefusal(.invalidArgument, "email", what: "no address") {
      try await register("Fout", "geen adres", at: organisation.id)
    }
  }

  @Test func `who fills the list of those waiting makes room of their own, of nobody who is in`()
    async throws
  {
    try await OwnIdentity.with { own in
      let process = try await own.database.start {
        $0["registrations.unconfirmedLimit"] = 3
      }
      let operators = try await own.operators(process)
      let organisation = try await own.organisation(process, operators)
      let domain = "\(organisation.prefix(8)).example.com"
      let organisations = OrganisationServiceClient(process.client)
      _ = try await organisations.setOrganisationPolicy(
        .with {
          $0.organisationID = organisation
          $0.policy.emailDomains = [domain]
          $0.policy.selfRegistration = true
        }, operators)
      func register(_ name: String, from source: String) async throws -> String {
        var options = CallOptions()
        try options.metadata.add("x-forwarded-for", source)
        _ = try await PeopleServiceClient(process.client).registerMyself(
          .with {
            $0.organisationID = organisation
            $0.name = name
            $0.email = "\(name)@\(domain)"
          }, options)
        return try await own.database.house.mailbox.code(to: "\(name)@\(domain)")
      }
      func setPassword(_ code: String) async throws {
        _ = try await process.identity.setPassword(
          .with {
            $0.invitationCode = code
            $0.password = Samples.password()
          })
      }
      try await setPassword(try await register("ann", from: "192.0.2.1"))
      let bas = try await register("bas", from: "192.0.2.2")
      let cor = try await register("cor", from: "203.0.113.9")
      let dik = try await register("dik", from: "203.0.113.9")
      let eva = try await register("eva", from: "192.0.2.3")
      try await expectRefusal(.notFound, what: "the oldest of whoever sent most") {
        try await setPassword(cor)
      }
      // Of three places one each is left: the oldest goes.
      let fay = try await register("fay", from: "192.0.2.4")
      try await expectRefusal(.notFound, what: "the oldest of all") { try await setPassword(bas) }
      for code in [dik, eva, fay] { try await setPassword(code) }
      let rows = try await own.database.superuser.run([
        """
        SELECT count(*) AS n FROM identity.credential
        WHERE tenant_id = \(UUID(uuidString: organisation))
        """
      ])
      #expect(try rows[0][0].get("n", as: Int64.self) == 4)
      await own.database.kill(process)
    }
  }

  @Test func `an address changes when the link to the new one was opened, and the old one is told`()
    async throws
  {
    let organisation = try await Organisation.make()
    let house = organisation.house
    let member = try await organisation.member("Mila Prins")
    let administrator = try await organisation.member("Anton Baas", role: "administrator")
    let email = "mila.nieuw.\(organisation.tag)@example.org"
    func ask(_ address: String, by caller: Member) async throws {
      _ = try await caller.people.requestEmailChange(
        .with {
          $0.personID = member.id
          $0.email = address
        }, caller.options)
    }
    try await house.mailIsOut(of: organisation)
    let before = try house.mailbox.messages(to: member.email).count
    // An address that somebody has is answered alike, and gets no mail.
    let known = try house.mailbox.messages(to: administrator.email).count
    try await ask(administrator.email, by: member)
    try await ask(email, by: member)
    let code = try await house.mailbox.code(to: email)
    try await house.mailIsOut(of: organisation)
    #expect(try house.mailbox.messages(to: administrator.email).count == known)
    _ = try await member.signIn()
    try await expectRefusal(.notFound, what: "a code of nobody") {
      try await member.people.confirmEmailChange(.with { $0.code = code.lowercased() })
    }
    _ = try await member.people.confirmEmailChange(.with { $0.code = code })
    try await expectRefusal(.notFound, what: "a second time") {
      try await member.people.confirmEmailChange(.with { $0.code = code })
    }
    try await expectRefusal(.unauthenticated, what: "the old address") {
      try await member.signIn()
    }
    var login = member.login
    login.email = email
    _ = try await house.identity.login(login)
    try await house.mailbox.messages(to: member.email, moreThan: before)
    let history = try await administrator.people.listCorrections(
      .with { $0.personID = member.id }, administrator.options)
    #expect(history.corrections.map(\.oldValue) == [member.email])
    #expect(history.corrections.map(\.field) == [.email])
    #expect(history.corrections.map(\.provenance) == [.person])
  }

  @Test func `people choose addresses of the organisation's domains, administrators any`()
    async throws
  {
    let organisation = try await Organisation.make()
    let house = organisation.house
    let administrator = try await organisation.member("Anton Baas", role: "administrator")
    let member = try await organisation.member("Mila Prins")
    try await openTo("\(organisation.tag).example.com", administrator)
    func ask(_ caller: Member) async throws {
      _ = try await caller.people.requestEmailChange(
        .with {
          $0.personID = member.id
          $0.email = "elders.\(organisation.tag)@example.net"
        }, caller.options)
    }
    try await expectRefusal(.invalidArgument, "domain", what: "another domain") {
      try await ask(member)
    }
    let known = Set(try house.mailbox.codes(to: member.email))
    try await ask(administrator)
    // It is somebody else's: it waits, and the old address can stop it.
    let code = try await house.mailbox.code(to: "elders.\(organisation.tag)@example.net")
    func confirm() async throws {
      _ = try await member.people.confirmEmailChange(.with { $0.code = code })
    }
    try await expectRefusal(.failedPrecondition, "somebody else", what: "before its time") {
      try await confirm()
    }
    let stop = try await house.mailbox.code(to: member.email, except: known)
    _ = try await member.people.stopEmailChange(.with { $0.code = stop })
    try await expectRefusal(.notFound, what: "what was stopped") { try await confirm() }
    _ = try await member.signIn()
  }
}

extension Mailbox {
  /// Waits until more than `count` messages have come.
  func messages(to address: String, moreThan count: Int) async throws {
    try await until("more than \(count) messages have come to \(address)") {
      try messages(to: address).count > count
    }
  }
}
