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

@Suite("Remembered devices")
struct DeviceTests {
  private static let email = "ada@acme.nl"

  private struct Member {
    let tenant: UUID
    let person: UUID
    let codes: [String]
    /// Of the device that is remembered.
    let device: String
  }

  private static func member(_ house: House) async throws -> Member {
    let tenant = try await house.organisation()
    let person = try await house.enrol(tenant, email)
    let token = try await house.verify(try await house.login(tenant, email).accessToken)
    let codes = try await house.addFactor(to: token, email)
    house.clock.advance(31)
    let device = try await house.remember(tenant, email).deviceToken
    house.clock.advance(31)
    return Member(tenant: tenant, person: person, codes: codes, device: device)
  }

  @Test func `who asks is remembered, by a token that is not stored, and told by mail`()
    async throws
  {
    try await House.with { house in
      let member = try await Self.member(house)
      #expect(!member.device.isEmpty)
      #expect(try await house.count("remembered_device", member.tenant) == 1)
      let subjects = try await house.mails.subjects(to: Self.email)
      #expect(subjects.contains("Uw IKSO-account onthoudt een nieuw apparaat"))
      #expect(try await house.signIn(member.tenant, Self.email).deviceToken.isEmpty)
      let answer = try await house.login(member.tenant, Self.email)
      let recovered = try await house.service.verifyFactor(
        .with {
          $0.challenge = answer.challenge.challenge
          $0.recoveryCode = member.codes[0]
          $0.rememberDevice = true
        }, house.anyone())
      #expect(!recovered.accessToken.isEmpty && recovered.deviceToken.isEmpty)
      #expect(try await house.count("remembered_device", member.tenant) == 1)
      let stored = try await house.admin.run(
        [
          """
          SELECT encode(token_hash || family_hash, 'base64') AS hashes
          FROM identity.remembered_device
          """
        ], deadline: nil)
      let hashes: String = try stored[0][0].get("hashes")
      #expect(!hashes.contains(String(member.device.suffix(20))))
    }
  }

  @Test func `a device stands in for the factor, never for the password nor for somebody else`()
    async throws
  {
    try await House.with { house in
      let member = try await Self.member(house)
      let first = try await house.login(member.tenant, Self.email, device: member.device)
      #expect(!first.accessToken.isEmpty && first.deviceToken != member.device)
      let wrong = try await refusal {
        try await house.login(
          member.tenant, Self.email, device: first.deviceToken, password: "fout wachtwoord")
      }
      #expect(wrong?.code == .unauthenticated)
      let ben = try await house.enrol(member.tenant, "ben@acme.nl", name: "Ben")
      let token = try await house.verify(
        try await house.login(member.tenant, "ben@acme.nl").accessToken)
      #expect(token.subject == ben)
      _ = try await house.addFactor(to: token, "ben@acme.nl")
      let other = try await house.login(member.tenant, "ben@acme.nl", device: first.deviceToken)
      #expect(other.challenge.step == .factor)
      for garbage in ["", "x", String(repeating: "A", count: 86), first.accessToken] {
        let answer = try await house.login(member.tenant, Self.email, device: garbage)
        #expect(answer.challenge.step == .factor && answer.deviceToken.isEmpty)
      }
      let second = try await house.login(member.tenant, Self.email, device: first.deviceToken)
      #expect(!second.accessToken.isEmpty)
    }
  }

  @Test func `a token that comes again ends its device, but for an answer that was lost`()
    async throws
  {
    try await House.with { house in
      let member = try await Self.member(house)
      _ = try await house.login(member.tenant, Self.email, device: member.device)
      house.clock.advance(9)
      let again = try await house.login(member.tenant, Self.email, device: member.device)
      #expect(!again.accessToken.isEmpty)
      house.clock.advance(1)
      let copied = try await house.login(member.tenant, Self.email, device: member.device)
      #expect(copied.challenge.step == .factor)
      #expect(try await house.count("remembered_device", member.tenant) == 0)
      let ended = try await house.login(member.tenant, Self.email, device: again.deviceToken)
      #expect(ended.challenge.step == .factor)
      let subjects = try await house.mails.subjects(to: Self.email)
      #expect(subjects.contains("Een apparaat van uw IKSO-account wordt niet meer onthouden"))
    }
  }

  @Test func `the factor is asked again after 30 days, or what the organisation says`()
    async throws
  {
    try await House.with { house in
      let member = try await Self.member(house)
      house.clock.advance(30 * 86_400 - 100)
      let used = try await house.login(member.tenant, Self.email, device: member.device)
      #expect(!used.accessToken.isEmpty)
      house.clock.advance(100)
      let over = try await house.login(member.tenant, Self.email, device: used.deviceToken)
      #expect(over.challenge.step == .factor)
      let next = try await house.remember(member.tenant, Self.email).deviceToken
      #expect(try await house.count("remembered_device", member.tenant) == 1)
      house.clock.advance(2 * 86_400)
      try await house.setPolicy(member.tenant) {
        $0.remembersDevices = true
        $0.rememberedDeviceDays = 1
      }
      let shorter = try await house.login(member.tenant, Self.email, device: next)
      #expect(shorter.challenge.step == .factor)
      let bound = try await refusal {
        try await house.setPolicy(member.tenant) { $0.rememberedDeviceDays = 91 }
      }
      #expect(bound?.message == "remembered_device_days: must be from 1 to 90")
    }
  }

  @Test func `an organisation that remembers no devices forgets those that there are`()
    async throws
  {
    try await House.with { house in
      let member = try await Self.member(house)
      try await house.setPolicy(member.tenant) { $0.remembersDevices = false }
      #expect(try await house.remember(member.tenant, Self.email).deviceToken.isEmpty)
      try await house.setPolicy(member.tenant) { $0.remembersDevices = true }
      let answer = try await house.login(member.tenant, Self.email, device: member.device)
      #expect(answer.challenge.step == .factor)
    }
  }

  @Test(arguments: Change.allCases)
  func `what ends sessions forgets all devices`(change: Change) async throws {
    try await House.with { house in
      let member = try await Self.member(house)
      let used = try await house.login(member.tenant, Self.email, device: member.device)
      let token = try await house.verify(used.accessToken)
      house.clock.advance(31)
      try await change.make(house, member.tenant, token)
      #expect(try await house.count("remembered_device", member.tenant) == 0)
    }
  }

  @Test func `who is suspended is told that no device is remembered, if one was`() async throws {
    try await House.with { house in
      let member = try await Self.member(house)
      let admin = house.token(tenant: member.tenant, [.administrator])
      let person = try await house.verify(
        try await house.login(member.tenant, Self.email, device: member.device).accessToken
      ).subject.canonical
      for _ in 0..<2 {
        _ = try await house.service.suspendPerson(
          .with { $0.personID = person },
          house.asPerson(admin, PeopleServicePolicies.suspendPerson))
        house.clock.advance(31)
        _ = try await house.service.reinstatePerson(
          .with { $0.personID = person },
          house.asPerson(admin, PeopleServicePolicies.reinstatePerson))
      }
      let subjects = try await house.mails.subjects(to: Self.email)
      #expect(subjects.count { $0 == "Uw IKSO-account onthoudt geen apparaten meer" } == 1)
      #expect(try await house.kinds()["devices_forgotten"] == 1)
    }
  }

  enum Change: CaseIterable {
    case password, reset, newFactor, noFactor, suspension, report, administrator

    func make(_ house: House, _ tenant: UUID, _ token: Token) async throws {
      let admin = house.token(tenant: tenant, [.administrator])
      let person = token.subject.canonical
      switch self {
      case .password: try await house.changePassword(token, House.password)
      case .reset:
        try await house.reset(
          try await house.resetCode(tenant, DeviceTests.email), "molen sloot dijk polder")
      case .newFactor: _ = try await house.addFactor(to: token, DeviceTests.email)
      case .noFactor:
        _ = try await house.service.removeTotp(
          .init(), house.asPerson(token, FactorServicePolicies.removeTotp))
      case .suspension:
        _ = try await house.service.suspendPerson(
          .with { $0.personID = person },
          house.asPerson(admin, PeopleServicePolicies.suspendPerson))
      case .report:
        _ = try await house.service.reportUnder16(
          .with { $0.personID = person },
          house.asPerson(admin, MinorServicePolicies.reportUnder16))
      case .administrator:
        _ = try await house.service.endPersonSessions(
          .with { $0.personID = person },
          house.asPerson(admin, SessionServicePolicies.endPersonSessions))
      }
    }
  }

  @Test(arguments: [false, true])
  func `that all devices are forgotten is told by mail, once there were any`(
    byAdministrator: Bool
  ) async throws {
    try await House.with { house in
      let member = try await Self.member(house)
      let token = try await house.verify(
        try await house.login(member.tenant, Self.email, device: member.device).accessToken)
      for _ in 0..<2 {
        if byAdministrator {
          try await Change.administrator.make(house, member.tenant, token)
        } else {
          _ = try await house.service.forgetAllDevices(
            .init(), house.asPerson(token, DeviceServicePolicies.forgetAllDevices))
        }
      }
      let told = try await house.mails.subjects(to: Self.email)
      #expect(told.count { $0 == "Uw IKSO-account onthoudt geen apparaten meer" } == 1)
      let events = try await house.events(of: member.tenant, about: token.subject)
      #expect(events.count { $0.kind == .devicesForgotten } == 1)
    }
  }

  @Test func `clause 8: the privacy officer gives the factor each time`() async throws {
    try await House.with { house in
      let member = try await Self.member(house)
      _ = try await house.service.nameAuthorisedPerson(
        .with {
          $0.organisationID = member.tenant.canonical
          $0.name = "Ada Lovelace"
          $0.email = Self.email
          $0.validFrom = "2026-09-01"
        }, house.asOperator(IdentityServicePolicies.nameAuthorisedPerson))
      let answer = try await house.login(member.tenant, Self.email, device: member.device)
      #expect(answer.challenge.step == .factor)
      #expect(try await house.remember(member.tenant, Self.email).deviceToken.isEmpty)
    }
  }

  @Test func `of a person ten devices are remembered, the ones used last`() async throws {
    try await House.with { house in
      let member = try await Self.member(house)
      for _ in 0..<DeviceRules.limit {
        _ = try await house.remember(member.tenant, Self.email)
        house.clock.advance(31)
      }
      #expect(try await house.count("remembered_device", member.tenant) == DeviceRules.limit)
      let first = try await house.login(member.tenant, Self.email, device: member.device)
      #expect(first.challenge.step == .factor)
    }
  }

  @Test func `a new statement is read before the session, with a device and while it is made`()
    async throws
  {
    try await House.with { house in
      let member = try await Self.member(house)
      house.desk.publishNext()
      let answer = try await house.login(member.tenant, Self.email, device: member.device)
      #expect(answer.challenge.step == .statement && answer.accessToken.isEmpty)
      #expect(!answer.deviceToken.isEmpty)
      let session = try await house.accept(answer)
      #expect(!session.accessToken.isEmpty && session.deviceToken.isEmpty)
      house.desk.publishNext()
      let asked = try await house.remember(member.tenant, Self.email)
      #expect(asked.challenge.step == .statement && asked.deviceToken.isEmpty)
      let made = try await house.accept(asked)
      #expect(!made.accessToken.isEmpty && !made.deviceToken.isEmpty)
      let next = try await house.login(member.tenant, Self.email, device: made.deviceToken)
      #expect(!next.accessToken.isEmpty)
    }
  }

  @Test func `of two sign-ins at once with one token each has one of its own, or none`()
    async throws
  {
    try await House.with { house in
      let member = try await Self.member(house)
      @Sendable func attempt() async -> String {
        let answer = try? await house.login(member.tenant, Self.email, device: member.device)
        return answer?.deviceToken ?? ""
      }
      async let one = attempt()
      async let other = attempt()
      let tokens = [await one, await other].filter { !$0.isEmpty }
      #expect(!tokens.isEmpty && Set(tokens).count == tokens.count)
      #expect(try await house.count("remembered_device", member.tenant) == 1)
    }
  }
}

extension House {
  func login(
    _ tenant: UUID, _ email: String, device: String, password: String = House.password
  ) async throws -> IdentityLoginResponse {
    try await service.login(
      .with {
        $0.organisationID = tenant.canonical
        $0.email = email
        $0.password = password
        $0.deviceToken = device
      }, anyone())
  }

  /// A sign-in with a code of the app, on a device that is to be remembered.
  func remember(_ tenant: UUID, _ email: String) async throws -> IdentityLoginResponse {
    let answer = try await login(tenant, email)
    let code = try authenticators.code(of: email, at: clock.now)
    return try await service.verifyFactor(
      .with {
        $0.challenge = answer.challenge.challenge
        $0.code = code
        $0.rememberDevice = true
      }, anyone())
  }

  /// Accepts the statement that a sign-in asks for, and goes on.
  func accept(_ answer: IdentityLoginResponse) async throws -> IdentityLoginResponse {
    _ = try await service.acceptStatement(
      .with {
        $0.credential.challenge = answer.challenge.challenge
        $0.version = answer.challenge.statement.version
        $0.sha256 = answer.challenge.statement.sha256
      }, anyone())
    return try await service.continueSignIn(
      .with { $0.challenge = answer.challenge.challenge }, anyone())
  }
}
