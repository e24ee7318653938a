import Access
import Cryptography
import Dispatch
import Foundation
import RPC
import Reactor
import Schemas
import Storage
import SwiftProtobuf
import Testing

@testable import Identity

@Suite("Changing and resetting the password")
struct PasswordTests {
  private static let email = "ada@acme.nl"
  private static let other = "glijbaan kruiwagen 7"

  private static func member(_ house: House) async throws -> (tenant: UUID, token: Token) {
    let tenant = try await house.organisation()
    _ = try await house.enrol(tenant, email)
    return (tenant, try await house.verify(try await house.login(tenant, email).accessToken))
  }

  @Test func `clause 42: a change needs the current password and ends all other sessions`()
    async throws
  {
    try await House.with { house in
      let (tenant, token) = try await Self.member(house)
      _ = try await house.login(tenant, Self.email)
      let wrong = try await refusal {
        try await house.change("tractor vijver kad", to: Self.other, token)
      }
      #expect(wrong?.code == .invalidArgument && wrong?.message.contains("current") == true)
      #expect(try await house.openSessions(token.subject).count == 2)
      try await house.change(House.password, to: Self.other, token)
      #expect(try await house.openSessions(token.subject) == [token.session])
      let old = try await refusal { try await house.login(tenant, Self.email) }
      #expect(old?.code == .unauthenticated)
      _ = try await house.login(tenant, Self.email, Self.other)
      let subjects = try await house.mails.subjects(to: Self.email)
      #expect(subjects.contains("Uw wachtwoord voor IKSO is gewijzigd"))
    }
  }

  @Test func `eight characters need a second factor, which then cannot be removed`() async throws {
    try await House.with { house in
      let (tenant, token) = try await Self.member(house)
      let alone = try await refusal {
        try await house.change(House.password, to: "vijver-9", token)
      }
      #expect(alone?.message.contains("at least 15 characters") == true)
      _ = try await house.addFactor(to: token, Self.email)
      let seven = try await refusal { try await house.change(House.password, to: "vijver9", token) }
      #expect(seven?.message.contains("at least 8 characters") == true)
      try await house.change(House.password, to: "vijver-9", token)
      func remove() async throws {
        _ = try await house.service.removeTotp(
          IdentityRemoveTOTPRequest(), house.asPerson(token, FactorServicePolicies.removeTotp))
      }
      let kept = try await refusal { try await remove() }
      #expect(kept?.code == .failedPrecondition && kept?.message.contains("15") == true)
      #expect(try await house.login(tenant, Self.email, "vijver-9").challenge.step == .factor)
      try await house.change("vijver-9", to: Self.other, token)
      try await remove()
      #expect(!(try await house.login(tenant, Self.email, Self.other)).hasChallenge)
    }
  }

  @Test func `a forgotten password is replaced by a link that counts once, for half an hour`()
    async throws
  {
    try await House.with { house in
      let (tenant, token) = try await Self.member(house)
      let code = try await house.resetCode(tenant, Self.email)
      house.clock.advance(1_799)
      try await house.reset(code, Self.other)
      #expect(try await house.openSessions(token.subject).isEmpty)
      let told = try await house.mails.subjects(to: Self.email)
      #expect(told.count { $0 == "Uw wachtwoord voor IKSO is gewijzigd" } == 1)
      _ = try await house.login(tenant, Self.email, Self.other)
      let expected = Refusal(
        code: .notFound, message: "the link is not known, or no longer counts; ask for another one")
      #expect(try await refusal { try await house.reset(code, House.password) } == expected)
      let late = try await house.resetCode(tenant, Self.email)
      house.clock.advance(1_800)
      #expect(try await refusal { try await house.reset(late, House.password) } == expected)
      for text in ["", "x", LinkCode.generate(tenant: tenant).text] {
        #expect(try await refusal { try await house.reset(text, House.password) } == expected)
      }
    }
  }

  @Test func `a reset asks for the second factor as before`() async throws {
    try await House.with { house in
      let (tenant, token) = try await Self.member(house)
      _ = try await house.addFactor(to: token, Self.email)
      try await house.reset(try await house.resetCode(tenant, Self.email), "vijver-9")
      let answer = try await house.login(tenant, Self.email, "vijver-9")
      #expect(answer.challenge.step == .factor && answer.accessToken.isEmpty)
    }
  }

  @Test func `who is unknown, invited only or an operator is answered alike and gets no mail`()
    async throws
  {
    try await House.with { house in
      let (tenant, _) = try await Self.member(house)
      try await house.importFile(tenant, "name,email,role\nBen,ben@acme.nl,coach\n")
      let asked = [
        (tenant, "nobody@acme.nl"), (UUID(), Self.email), (tenant, "ben@acme.nl"),
        (UUID.platform, "op@ikso.example"), (tenant, Self.email),
      ]
      for (organisation, email) in asked {
        let answer = try await house.askReset(organisation, email)
        #expect(answer == IdentityRequestPasswordResetResponse())
      }
      try await house.service.resets.drain { try await house.links.send($0) }
      #expect(try await house.count("password_reset", tenant) == 1)
    }
  }

  @Test func `a stranger who asks again and again takes no link away`() async throws {
    try await House.with { house in
      let (tenant, _) = try await Self.member(house)
      let wish = try PasswordResets.Wish(tenant, Self.email)
      for _ in 0..<10 { try await house.links.send(wish) }
      #expect(try await house.count("password_reset", tenant) == PasswordResets.linkLimit)
      let codes = try await house.mails.codes(to: Self.email)
      // The invitation besides.
      #expect(codes.count == PasswordResets.linkLimit + 1)
      var taken = 0
      for code in codes {
        let refused = try await refusal { try await house.reset(code, Self.other) }
        if refused == nil { taken += 1 }
      }
      // The first that is used ends the others.
      #expect(taken == 1)
      #expect(try await house.count("password_reset", tenant) == 0)
    }
  }

  @Test func `more wishes than fit are refused, whoever asks`() throws {
    let resets = PasswordResets()
    let wish = try PasswordResets.Wish(UUID(), Self.email)
    for _ in 0..<PasswordResets.limit { try resets.take(wish) }
    #expect(throws: IdentityError.busy) { try resets.take(wish) }
  }

  @Test func `a full queue refuses sign-ins at once, and says when to come again`() async throws {
    let blocking = BlockingPool(threads: 1, queueLimit: 1)
    let (started, starting) = AsyncStream<Void>.makeStream()
    let release = DispatchSemaphore(value: 0)
    try blocking.submit {
      starting.yield()
      release.wait()
    }
    var steps = started.makeAsyncIterator()
    await steps.next()
    try blocking.submit { starting.yield() }
    let passwords = try PasswordHashing(blocking: blocking, parameters: House.cheap)
    let password = try #require(Password(House.password))
    await #expect(throws: IdentityError.busy) {
      try await passwords.verify(password, against: nil)
    }
    #expect(IdentityError.busy.status.code == .resourceExhausted)
    #expect(IdentityError.busy.status.details.contains { $0.typeURL.hasSuffix("RetryInfo") })
    release.signal()
    await steps.next()
    #expect(try await passwords.verify(password, against: nil) == false)
    blocking.shutdown()
  }
}

extension House {
  func change(_ current: String, to new: String, _ token: Token) async throws {
    _ = try await service.changePassword(
      .with {
        $0.currentPassword = current
        $0.newPassword = new
      }, asPerson(token, PasswordServicePolicies.changePassword))
  }

  func askReset(
    _ tenant: UUID, _ email: String
  ) async throws -> IdentityRequestPasswordResetResponse {
    try await service.requestPasswordReset(
      .with {
        $0.organisationID = tenant.canonical
        $0.email = email
      }, anyone())
  }

  /// The code of a new mail.
  func resetCode(_ tenant: UUID, _ email: String) async throws -> String {
    let earlier = try await mails.codes(to: email)
    try await links.send(
      PasswordResets.Wish(tenant, email))
    guard let code = try await mails.codes(to: email).first(where: { !earlier.contains($0) })
    else {
      throw Letterbox.NoMail()
    }
    return code
  }

  func reset(_ code: String, _ new: String) async throws {
    _ = try await service.resetPassword(
      .with {
        $0.code = code
        $0.newPassword = new
      }, anyone())
  }
}

extension PasswordResets.Wish {
  init(_ tenant: UUID, _ email: String) throws {
    self.init(tenant: tenant, email: try EmailAddress(email), source: "10.0.0.1")
  }
}
