import Access
import Cryptography
import Foundation
import Postgres
import RPC
import Schemas
import Storage
import SwiftProtobuf
import Testing

@testable import Identity

@Suite("Second factor")
struct FactorTests {
  private static let email = "ada@acme.nl"

  /// Somebody who is signed in and has an app and recovery codes.
  private static func member(
    _ house: House
  ) async throws -> (tenant: UUID, token: Token, codes: [String]) {
    let tenant = try await house.organisation()
    _ = try await house.enrol(tenant, email)
    let token = try await house.verify(try await house.login(tenant, email).accessToken)
    return (tenant, token, try await house.addFactor(to: token, email))
  }

  @Test func `clause 43: with an app the password alone gives a challenge, and a code the session`()
    async throws
  {
    try await House.with { house in
      let (tenant, token, _) = try await Self.member(house)
      let answer = try await house.login(tenant, Self.email)
      #expect(answer.accessToken.isEmpty && answer.sessionID.isEmpty && answer.personID.isEmpty)
      #expect(answer.challenge.step == .factor && !answer.challenge.hasStatement)
      #expect(answer.challenge.expiresAt.date == house.clock.now + 600)
      let signedIn = try await house.verify(
        answer, .code(try house.authenticators.code(of: Self.email, at: house.clock.now)))
      let second = try await house.verify(signedIn.accessToken)
      #expect(second.subject == token.subject && second.session != token.session)
      let again = try await refusal { try await house.verify(answer, .code("000000")) }
      #expect(again?.code == .unauthenticated)
      #expect(try await house.count("sign_in", tenant) == 0)
    }
  }

  @Test func `a code counts once, and each wrong one is refused`() async throws {
    try await House.with { house in
      let (tenant, _, _) = try await Self.member(house)
      let code = try house.authenticators.code(of: Self.email, at: house.clock.now)
      _ = try await house.verify(try await house.login(tenant, Self.email), .code(code))
      let answer = try await house.login(tenant, Self.email)
      let expected = Refusal(
        code: .unauthenticated, message: "the code is wrong, or has been used already")
      for wrong in [code, "", "12345", "1234567", "abcdef", "１２３４５６"] {
        #expect(try await refusal { try await house.verify(answer, .code(wrong)) } == expected)
      }
      house.clock.advance(30)
      let next = try house.authenticators.code(of: Self.email, at: house.clock.now)
      let spaced = "\(next.prefix(3)) \(next.suffix(3))"
      #expect(!(try await house.verify(answer, .code(spaced))).accessToken.isEmpty)
    }
  }

  @Test func `guessing ends the challenge after five codes, and further codes wait longer`()
    async throws
  {
    try await House.with { house in
      let (tenant, _, _) = try await Self.member(house)
      func guess(_ answer: IdentityLoginResponse) async throws -> Refusal? {
        try await refusal { try await house.verify(answer, .code("000000")) }
      }
      let first = try await house.login(tenant, Self.email)
      for _ in 0..<5 { #expect(try await guess(first)?.code == .unauthenticated) }
      let right = try house.authenticators.code(of: Self.email, at: house.clock.now)
      let slowed = try await refusal { try await house.verify(first, .code(right)) }
      #expect(slowed?.code == .resourceExhausted)
      house.clock.advance(1)
      let over = try await refusal { try await house.verify(first, .code(right)) }
      #expect(over?.message == "the sign-in is not known, or is over; begin again with Login")
      // A new challenge does not begin anew.
      let second = try await house.login(tenant, Self.email)
      #expect(try await guess(second)?.code == .unauthenticated)
      #expect(try await guess(second)?.code == .resourceExhausted)
      house.clock.advance(2)
      house.clock.advance(30)
      let code = try house.authenticators.code(of: Self.email, at: house.clock.now)
      _ = try await house.verify(second, .code(code))
      #expect(try await guess(try await house.login(tenant, Self.email))?.code == .unauthenticated)
    }
  }

  @Test func `a recovery code counts once, and new ones end the old`() async throws {
    try await House.with { house in
      let (tenant, token, codes) = try await Self.member(house)
      #expect(codes.count == 10 && Set(codes).count == 10)
      #expect(codes.allSatisfy { $0.count == 19 })
      let typed = codes[0].lowercased().replacing("-", with: " ")
      let first = try await house.verify(
        try await house.login(tenant, Self.email), .recoveryCode(typed))
      #expect(!first.accessToken.isEmpty)
      let again = try await refusal {
        try await house.verify(
          try await house.login(tenant, Self.email), .recoveryCode(codes[0]))
      }
      #expect(again?.code == .unauthenticated)
      let factors = try await house.service.getFactors(
        IdentityGetFactorsRequest(), house.asPerson(token, FactorServicePolicies.getFactors))
      #expect(factors.recoveryCodesLeft == 9 && factors.hasTotpSince && !factors.required)
      let renewed = try await house.service.renewRecoveryCodes(
        IdentityRenewRecoveryCodesRequest(),
        house.asPerson(token, FactorServicePolicies.renewRecoveryCodes)
      ).codes
      let old = try await refusal {
        try await house.verify(
          try await house.login(tenant, Self.email), .recoveryCode(codes[1]))
      }
      #expect(old?.code == .unauthenticated)
      _ = try await house.verify(
        try await house.login(tenant, Self.email), .recoveryCode(renewed[0]))
    }
  }

  @Test func `the Authorised Person sets up a second factor before the first session`()
    async throws
  {
    try await House.with { house in
      let tenant = try await house.organisation()
      _ = try await house.enrol(tenant, Self.email)
      _ = try await house.service.nameAuthorisedPerson(
        .with {
          $0.organisationID = tenant.canonical
          $0.name = "Ada Lovelace"
          $0.email = Self.email
          $0.validFrom = "2026-09-01"
        }, house.asOperator(IdentityServicePolicies.nameAuthorisedPerson))
      let answer = try await house.login(tenant, Self.email)
      #expect(answer.challenge.step == .factorSetup && answer.accessToken.isEmpty)
      let challenge = answer.challenge.challenge
      let go = IdentityContinueSignInRequest.with { $0.challenge = challenge }
      let early = try await refusal {
        try await house.service.continueSignIn(go, house.anyone())
      }
      #expect(early?.code == .failedPrecondition)
      #expect(early?.message.contains("BeginFactor") == true)
      let none = try await refusal { try await house.confirm(challenge, "000000") }
      #expect(none?.message == "no app is being set up; begin with a new secret")
      let setup = try await house.service.beginFactor(
        .with { $0.challenge = challenge }, house.anyone())
      #expect(
        setup.uri.hasPrefix("otpauth://totp/IKSO%20Acme%20Nederland:ada%40acme.nl?secret="))
      #expect(setup.uri.contains("secret=\(setup.secret)&"))
      let secret = try Base32.decode(setup.secret)
      let step = TOTP.step(at: Int64(house.clock.now.timeIntervalSince1970))
      let wrong = try await refusal {
        try await house.confirm(challenge, TOTP.code(secret, step: step + 5))
      }
      #expect(wrong?.code == .failedPrecondition)
      let confirmed = try await house.confirm(challenge, TOTP.code(secret, step: step))
      #expect(confirmed.recoveryCodes.codes.count == 10)
      let token = try await house.verify(confirmed.signIn.accessToken)
      #expect(token.roles == [.participant, .privacyOfficer])
      // Whoever has the password alone does not replace it.
      let other = try await house.login(tenant, Self.email)
      #expect(other.challenge.step == .factor)
      let replaced = try await refusal {
        try await house.service.beginFactor(
          .with { $0.challenge = other.challenge.challenge }, house.anyone())
      }
      #expect(replaced?.code == .failedPrecondition)
      let removed = try await refusal {
        try await house.service.removeTotp(
          IdentityRemoveTOTPRequest(), house.asPerson(token, FactorServicePolicies.removeTotp))
      }
      #expect(removed?.message.hasPrefix("a second factor is compulsory") == true)
    }
  }

  @Test func `clause 3: the statement is shown and accepted behind the second factor only`()
    async throws
  {
    try await House.with { house in
      let (tenant, _, codes) = try await Self.member(house)
      house.desk.publishNext()
      let answer = try await house.login(tenant, Self.email)
      #expect(answer.challenge.step == .factor && !answer.challenge.hasStatement)
      let challenge = IdentityCredential.with { $0.challenge = answer.challenge.challenge }
      let password = IdentityCredential.with {
        $0.password.organisationID = tenant.canonical
        $0.password.email = Self.email
        $0.password.password = House.password
      }
      for credential in [challenge, password] {
        let refused = try await refusal {
          try await house.service.showStatement(
            .with { $0.credential = credential }, house.anyone())
        }
        #expect(refused?.code == .failedPrecondition)
      }
      let next = try await house.verify(answer, .recoveryCode(codes[0]))
      #expect(next.challenge.step == .statement && next.challenge.statement.version == 2)
      #expect(next.challenge.challenge == answer.challenge.challenge)
      let go = IdentityContinueSignInRequest.with { $0.challenge = next.challenge.challenge }
      let early = try await refusal {
        try await house.service.continueSignIn(go, house.anyone())
      }
      #expect(early?.message.hasPrefix("version 2 of the privacy statement") == true)
      _ = try await house.service.acceptStatement(
        .with {
          $0.credential = challenge
          $0.version = next.challenge.statement.version
          $0.sha256 = next.challenge.statement.sha256
        }, house.anyone())
      let signedIn = try await house.service.continueSignIn(go, house.anyone())
      #expect(!signedIn.accessToken.isEmpty)
      let over = try await refusal {
        try await house.service.continueSignIn(go, house.anyone())
      }
      #expect(over?.code == .unauthenticated)
    }
  }

  @Test func `a challenge is over after ten minutes, and few are kept of one person`()
    async throws
  {
    try await House.with { house in
      let (tenant, _, codes) = try await Self.member(house)
      let answer = try await house.login(tenant, Self.email)
      house.clock.advance(600)
      let late = try await refusal { try await house.verify(answer, .recoveryCode(codes[0])) }
      #expect(late?.code == .unauthenticated)
      for _ in 0..<10 {
        house.clock.advance(1)
        _ = try await house.login(tenant, Self.email)
      }
      #expect(try await house.count("sign_in", tenant) == SignInRules.open)
      for text in ["", "x", LinkCode.generate(tenant: tenant).text] {
        let unknown = try await refusal {
          try await house.service.verifyFactor(
            .with {
              $0.challenge = text
              $0.code = "123456"
            }, house.anyone())
        }
        #expect(unknown == late)
      }
    }
  }

  @Test func `another app replaces the first, and each change ends other sessions and is mailed`()
    async throws
  {
    try await House.with { house in
      let (tenant, token, _) = try await Self.member(house)
      let other = try await house.verify(
        try await house.signIn(tenant, Self.email).accessToken)
      let old = try house.authenticators.code(of: Self.email, at: house.clock.now + 60)
      #expect(try await house.openSessions(token.subject) == [token.session, other.session])
      _ = try await house.addFactor(to: token, Self.email)
      #expect(try await house.openSessions(token.subject) == [token.session])
      house.clock.advance(60)
      let refused = try await refusal {
        try await house.verify(try await house.login(tenant, Self.email), .code(old))
      }
      #expect(refused?.code == .unauthenticated)
      _ = try await house.signIn(tenant, Self.email)
      _ = try await house.service.removeTotp(
        IdentityRemoveTOTPRequest(), house.asPerson(token, FactorServicePolicies.removeTotp))
      #expect(try await house.openSessions(token.subject) == [token.session])
      #expect(!(try await house.login(tenant, Self.email)).hasChallenge)
      #expect(try await house.count("totp", tenant) == 0)
      #expect(try await house.count("recovery_code", tenant) == 0)
      let subjects = try await house.mails.subjects(to: Self.email)
      #expect(subjects.count { $0 == "Uw IKSO-account heeft een tweede factor" } == 2)
      #expect(subjects.count { $0 == "De tweede factor van uw IKSO-account is verwijderd" } == 1)
    }
  }
}

extension House {
  func confirm(
    _ challenge: String, _ code: String
  ) async throws -> IdentityConfirmFactorResponse {
    try await service.confirmFactor(
      .with {
        $0.challenge = challenge
        $0.code = code
      }, anyone())
  }

  func openSessions(_ person: UUID) async throws -> Set<UUID> {
    let rows = try await admin.run(
      [
        """
        SELECT session_id FROM identity.session
        WHERE person_id = \(person) AND ended_at IS NULL
        """
      ], deadline: nil)
    return try Set(rows[0].map { try $0.get("session_id") as UUID })
  }
}
