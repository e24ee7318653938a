import Access
import Cryptography
import Foundation
import RPC
import Schemas
import Storage
import SwiftProtobuf
import Testing

@testable import Identity

/// What happens to an account while somebody signs in to it or changes it as well.
@Suite("Two at once")
struct RaceTests {
  private static let email = "ada@acme.nl"
  private static let next = "molen sloot dijk polder"

  struct Scene: Sendable {
    let house: House
    let tenant: UUID
    /// Of a session in which the password was checked just now.
    let token: Token

    init(_ house: House) async throws {
      self.house = house
      tenant = try await house.organisation()
      _ = try await house.enrol(tenant, RaceTests.email)
      token = try await house.verify(
        try await house.login(tenant, RaceTests.email).accessToken)
    }
  }

  enum Change: CaseIterable {
    case password, reset, suspension, report, right, factor

    func make(_ scene: Scene, _ code: String, _ granter: UUID) async throws {
      let (house, tenant, token) = (scene.house, scene.tenant, scene.token)
      let person = token.subject.canonical
      let admin = house.token(tenant: tenant, [.administrator], subject: granter)
      switch self {
      case .password: try await house.change(House.password, to: RaceTests.next, token)
      case .reset: try await house.reset(code, RaceTests.next)
      case .suspension:
        _ = try await house.service.suspendPerson(
          .with { $0.personID = person },
          house.asPerson(admin, PeopleServicePolicies.suspendPerson))
      case .report:
        _ = try await house.service.reportUnder16(
          .with { $0.personID = person },
          house.asPerson(admin, MinorServicePolicies.reportUnder16))
      case .right:
        _ = try await house.service.revokeRole(
          .with {
            $0.personID = person
            $0.role = .coach
          }, house.asPerson(admin, PeopleServicePolicies.revokeRole))
      case .factor: _ = try await house.addFactor(to: token, RaceTests.email)
      }
    }
  }

  @Test(arguments: Change.allCases)
  func `a token that is issued while the account changes is revoked by the change`(
    change: Change
  ) async throws {
    try await House.with { house in
      let scene = try await Scene(house)
      let eva = try await house.enrol(scene.tenant, "eva@acme.nl", name: "Eva")
      try await house.database.once(
        tenant: scene.tenant, .personAddRole(scene.tenant, eva, .administrator),
        .personAddRole(scene.tenant, scene.token.subject, .coach))
      let code = try await house.resetCode(scene.tenant, Self.email)
      let (login, changed) = try await house.race(at: "refresh_token") {
        try await house.login(scene.tenant, Self.email)
      } _: {
        try await change.make(scene, code, eva)
      }
      try changed.get()
      let session = try UUID(field: "session_id", login.get().sessionID)
      let revoked = try await house.revocations().map(\.subject)
      #expect(revoked.contains(.session(session)))
      let goesOn = try await house.openSessions(scene.token.subject).contains(session)
      #expect(goesOn == (change == .right))
    }
  }

  @Test(arguments: [false, true])
  func `the old password opens nothing once the change has begun`(hasFactor: Bool) async throws {
    try await House.with { house in
      let scene = try await Scene(house)
      if hasFactor {
        _ = try await house.addFactor(to: scene.token, Self.email)
        house.clock.advance(31)
      }
      let (changed, login) = try await house.race(at: "outbox") {
        try await house.change(House.password, to: Self.next, scene.token)
      } _: {
        try await house.login(scene.tenant, Self.email)
      }
      try changed.get()
      #expect(try await login.refused()?.code == .aborted)
      #expect(try await house.openSessions(scene.token.subject) == [scene.token.session])
      #expect(try await house.count("sign_in", scene.tenant) == 0)
    }
  }

  @Test func `of two changes with one password the second is refused`() async throws {
    try await House.with { house in
      let scene = try await Scene(house)
      let other = try await house.verify(
        try await house.login(scene.tenant, Self.email).accessToken)
      let (one, two) = try await house.race(at: "outbox") {
        try await house.change(House.password, to: Self.next, scene.token)
      } _: {
        try await house.change(House.password, to: "een heel ander wachtwoord", other)
      }
      try one.get()
      #expect(try await two.refused()?.code == .aborted)
      _ = try await house.login(scene.tenant, Self.email, Self.next)
    }
  }

  @Test func `an app that is confirmed twice at once counts, with the codes of one answer`()
    async throws
  {
    try await House.with { house in
      let scene = try await Scene(house)
      let setup = try await house.service.beginTotp(
        IdentityBeginTOTPRequest(),
        house.asPerson(scene.token, FactorServicePolicies.beginTotp))
      try house.authenticators.add(setup.secret, for: Self.email)
      let code = try house.authenticators.code(of: Self.email, at: house.clock.now)
      let call = house.asPerson(scene.token, FactorServicePolicies.confirmTotp)
      let (one, two) = try await house.race(at: "recovery_code") {
        try await house.service.confirmTotp(.with { $0.code = code }, call).codes
      } _: {
        try await house.service.confirmTotp(.with { $0.code = code }, call).codes
      }
      let codes = try one.get()
      #expect(
        try await two.refused()?.message == "no app is being set up; begin with a new secret")
      let answer = try await house.login(scene.tenant, Self.email)
      #expect(answer.challenge.step == .factor)
      #expect(try await house.count("recovery_code", scene.tenant) == 10)
      _ = try await house.verify(answer, .recoveryCode(codes[0]))
    }
  }

  @Test func `recovery codes that are renewed twice at once are ten`() async throws {
    try await House.with { house in
      let scene = try await Scene(house)
      _ = try await house.addFactor(to: scene.token, Self.email)
      let call = house.asPerson(scene.token, FactorServicePolicies.renewRecoveryCodes)
      let (one, two) = try await house.race(at: "recovery_code") {
        try await house.service.renewRecoveryCodes(.init(), call).codes
      } _: {
        try await house.service.renewRecoveryCodes(.init(), call).codes
      }
      #expect(one.succeeded)
      #expect(try await house.count("recovery_code", scene.tenant) == 10)
      _ = try await house.verify(
        try await house.login(scene.tenant, Self.email), .recoveryCode(two.get()[0]))
    }
  }

  /// Without a lock on the policy the token would be issued under the old one, and later than what
  /// the new one takes back.
  @Test(arguments: [false, true])
  func `no token is issued by a policy that is being replaced`(signsIn: Bool) async throws {
    try await House.with { house in
      let scene = try await Scene(house)
      let login = try await house.login(scene.tenant, Self.email)
      let (policy, token) = try await house.race(at: "security_event") {
        try await house.setPolicy(scene.tenant) { $0.secondFactor = .everybody }
      } _: {
        house.clock.advance(2)
        if signsIn {
          _ = try await house.login(scene.tenant, Self.email)
        } else {
          _ = try await house.refresh(login.refreshToken)
        }
      }
      _ = try policy.get()
      let refused = try await token.refused()
      #expect(refused?.code == (signsIn ? .aborted : .failedPrecondition), "\(refused as Any)")
    }
  }

  @Test func `who sets a password at this moment makes no room for somebody else`() async throws {
    var settings = IdentitySettings(linkBase: "https://ikso.example")
    settings.unconfirmedLimit = 1
    try await House.with(settings: settings) { house in
      let tenant = try await house.organisation()
      try await house.setPolicy(tenant) {
        $0.emailDomains = ["acme.nl"]
        $0.selfRegistration = true
      }
      try await house.register("iris@acme.nl", at: tenant)
      let code = try await house.mails.code(to: "iris@acme.nl")
      let (set, registered) = try await house.race(at: "credential") {
        try await house.setPassword(code)
      } _: {
        try await house.register("joan@acme.nl", at: tenant)
      }
      try set.get()
      try registered.get()
      #expect(try await house.count("person", tenant) == 2)
      #expect(try await house.count("credential", tenant) == 1)
    }
  }

  @Test func `a factor that becomes compulsory at this moment is not removed`() async throws {
    try await House.with { house in
      let scene = try await Scene(house)
      _ = try await house.addFactor(to: scene.token, Self.email)
      let (policy, removal) = try await house.race(at: "security_event") {
        try await house.setPolicy(scene.tenant) { $0.secondFactor = .everybody }
      } _: {
        try await house.service.removeTotp(
          .init(), house.asPerson(scene.token, FactorServicePolicies.removeTotp))
      }
      _ = try policy.get()
      #expect(
        try await removal.refused()?.message.hasPrefix("a second factor is compulsory") == true)
      #expect(try await house.count("totp", scene.tenant) == 1)
    }
  }
}
