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

@Suite("Sign-in")
struct SignInTests {
  @Test func `after statement and password there is a token that the published keys verify`()
    async throws
  {
    try await House.with { house in
      let tenant = try await house.organisation()
      let person = try await house.enrol(tenant, "ada@acme.nl")
      let answer = try await house.login(tenant, "ADA@acme.nl")
      let token = try await house.verify(answer.accessToken)
      #expect(token.subject == person)
      #expect(token.tenant == tenant)
      #expect(token.roles == [.participant])
      #expect(token.session.canonical == answer.sessionID)
      #expect(token.statementHash == Hex.encode(Desk.hash))
      #expect(answer.expiresAt.date == house.clock.now + 300)
      #expect(try await house.count("session", tenant) == 1)
    }
  }

  @Test func `unknown organisation, unknown address and wrong password are one answer`()
    async throws
  {
    try await House.with { house in
      let tenant = try await house.organisation()
      _ = try await house.enrol(tenant, "ada@acme.nl")
      try await house.importFile(tenant, "name,email,role\nBen,ben@acme.nl,coach\n")
      let expected = Refusal(
        code: .unauthenticated, message: "organisation, e-mail address or password is wrong")
      let attempts = [
        (UUID(), "ada@acme.nl", House.password), (tenant, "nobody@acme.nl", House.password),
        (tenant, "ada@acme.nl", "tractor vijver kad"), (tenant, "ada", House.password),
        (tenant, "ada@acme.nl", ""), (tenant, "ben@acme.nl", House.password),
        (tenant, "ada@acme.nl", String(repeating: "x", count: 5000)),
      ]
      for (organisation, email, password) in attempts {
        let answer = try await refusal { try await house.login(organisation, email, password) }
        #expect(answer == expected)
      }
    }
  }

  @Test func `without acceptance of the current version there is no token`() async throws {
    try await House.with { house in
      let tenant = try await house.organisation()
      try await house.importFile(tenant, "name,email,role\nAda,ada@acme.nl,coach\n")
      let code = try await house.mails.code(to: "ada@acme.nl")
      try await house.setPassword(code)
      let none = try await refusal { try await house.login(tenant, "ada@acme.nl") }
      #expect(none?.code == .failedPrecondition)
      #expect(none?.message.contains("has published no privacy statement yet") == true)
      house.desk.publish()
      let first = try await house.login(tenant, "ada@acme.nl")
      #expect(first.accessToken.isEmpty && first.challenge.step == .statement)
      #expect(first.challenge.statement.version == 1)
      let credential = IdentityCredential.with {
        $0.password.organisationID = tenant.canonical
        $0.password.email = "ada@acme.nl"
        $0.password.password = House.password
      }
      let shown = try await house.service.showStatement(
        .with { $0.credential = credential }, house.anyone())
      #expect(shown.personName == "Ada")
      let accept = IdentityAcceptStatementRequest.with {
        $0.credential = credential
        $0.version = shown.version
        $0.sha256 = shown.sha256
      }
      _ = try await house.service.acceptStatement(accept, house.anyone())
      _ = try await house.login(tenant, "ada@acme.nl")
      house.desk.publishNext()
      let next = try await house.login(tenant, "ada@acme.nl").challenge
      #expect(next.step == .statement && next.statement.version == 2)
      let stale = try await refusal {
        try await house.service.acceptStatement(accept, house.anyone())
      }
      #expect(stale?.code == .failedPrecondition)
    }
  }

  @Test func `guessing is slowed for one source and not for another`() async throws {
    try await House.with { house in
      let tenant = try await house.organisation()
      _ = try await house.enrol(tenant, "ada@acme.nl")
      for _ in 0..<5 {
        let answer = try await refusal { try await house.login(tenant, "ada@acme.nl", "wrong") }
        #expect(answer?.code == .unauthenticated)
      }
      let slowed = try await refusal { try await house.login(tenant, "ada@acme.nl") }
      #expect(
        slowed
          == Refusal(
            code: .resourceExhausted, message: "too many attempts to sign in; try again in 1 s"))
      _ = try await house.login(tenant, "ada@acme.nl", from: "10.0.0.2:9")
      house.clock.advance(1)
      _ = try await house.login(tenant, "ada@acme.nl")
    }
  }

  /// Two samples of one run are compared, taken in turns, so that the speed of the machine does not
  /// matter: the chance that an answer for an account that exists takes longer than one for an
  /// account that does not (the Mann-Whitney statistic) is a half, give or take. Without the hash
  /// of the decoy it would be nearly one.
  @Test func `an account that exists and one that does not are answered in the same time`()
    async throws
  {
    let samples = 200
    let costs = Argon2id.Parameters(memoryKiB: 4_096, passes: 1, lanes: 1)
    try await House.with(costs: costs) { house in
      let tenant = try await house.organisation()
      _ = try await house.enrol(tenant, "ada@acme.nl")
      try await house.importFile(tenant, "name,email,role\nBen,ben@acme.nl,coach\n")
      let kinds = ["ada@acme.nl", "nobody@acme.nl", "ben@acme.nl"]
      var times: [[Duration]] = [[], [], []]
      for number in 0..<samples {
        for kind in [[0, 1, 2], [2, 1, 0], [1, 2, 0]][number % 3] {
          // Nothing is slowed down on purpose.
          house.clock.advance(1_000)
          let began = ContinuousClock.now
          let answer = try await refusal {
            try await house.login(tenant, kinds[kind], "tractor vijver kad")
          }
          times[kind].append(.now - began)
          #expect(answer?.code == .unauthenticated)
        }
      }
      for other in [1, 2] {
        let longer = times[0].reduce(0.0) { sum, time in
          sum + times[other].reduce(0.0) { $0 + (time > $1 ? 1 : time == $1 ? 0.5 : 0) }
        }
        let share = longer / Double(samples * samples)
        // Of two samples of one distribution it leaves this band once in ten million.
        let size = Double(samples)
        let deviation = ((2 * size + 1) / (12 * size * size)).squareRoot()
        #expect(abs(share - 0.5) < 5.4 * deviation, "\(kinds[other]): \(share)")
      }
    }
  }

  @Test func `the Authorised Person is one while the naming lasts`() async throws {
    try await House.with { house in
      let tenant = try await house.organisation()
      house.desk.publish()
      func name(_ email: String, _ from: String) async throws -> IdentityAuthorisedPerson {
        try await house.service.nameAuthorisedPerson(
          .with {
            $0.organisationID = tenant.canonical
            $0.name = "Bea"
            $0.email = email
            $0.validFrom = from
          }, house.asOperator(IdentityServicePolicies.nameAuthorisedPerson))
      }
      let named = try await name("bea@acme.nl", "2026-09-25")
      #expect(named.hasInvitationExpiresAt)
      let code = try await house.mails.code(to: "bea@acme.nl")
      let opened = try await house.service.openInvitation(.with { $0.code = code }, house.anyone())
      _ = try await house.service.acceptStatement(
        .with {
          $0.credential.invitationCode = code
          $0.version = opened.statement.version
          $0.sha256 = opened.statement.sha256
        }, house.anyone())
      try await house.setPassword(code)
      let early = try await refusal { try await house.login(tenant, "bea@acme.nl") }
      #expect(early?.message == "the account has no role in the organisation today")
      house.clock.advance(4 * 86_400)
      let token = try await house.verify(
        try await house.signIn(tenant, "bea@acme.nl").accessToken)
      #expect(token.roles == [.privacyOfficer])
      // A participant who is named needs no invitation, and succeeds the first one.
      _ = try await house.enrol(tenant, "ada@acme.nl")
      let successor = try await name("ada@acme.nl", "2026-09-27")
      #expect(!successor.hasInvitationExpiresAt)
      house.clock.advance(2 * 86_400)
      let both = try await house.verify(
        try await house.signIn(tenant, "ada@acme.nl").accessToken)
      #expect(both.roles == [.participant, .privacyOfficer])
      let over = try await refusal { try await house.login(tenant, "bea@acme.nl") }
      #expect(over?.message == "the account has no role in the organisation today")
    }
  }

  @Test func `an operator's account is made, reset and signs in without a statement`()
    async throws
  {
    try await House.with { house in
      let accounts = OperatorAccounts(
        database: house.database, vault: house.service.vault, passwords: house.service.passwords,
        breached: house.service.breached, sessions: house.service.sessions,
        outbox: house.service.outbox, links: house.service.settings.linkBase)
      let email = try EmailAddress("op@ikso.example")
      let name = try PersonName("Operator")
      func set(_ password: String) async throws -> OperatorAccounts.Outcome {
        try await accounts.set(email: email, name: name, password: password, at: house.clock.now)
      }
      #expect(try await set(House.password) == .created)
      let answer = try await house.login(.platform, "op@ikso.example")
      let token = try await house.verify(answer.accessToken)
      #expect(token.roles == [.operator])
      #expect(token.statementHash == "")
      #expect(try await set("glijbaan kruiwagen") == .reset)
      let old = try await refusal { try await house.login(.platform, "op@ikso.example") }
      #expect(old?.code == .unauthenticated)
      _ = try await house.login(.platform, "op@ikso.example", "glijbaan kruiwagen")
      #expect(try await house.count("person", .platform) == 1)
      #expect(
        try await house.mails.subjects(to: "op@ikso.example")
          == ["Uw wachtwoord voor IKSO is gewijzigd"])
      await #expect(throws: PasswordProblem.tooShort(minimum: 15)) { try await set("short") }
    }
  }

  @Test func `a raised cost is applied at the next sign-in`() async throws {
    try await House.with { house in
      let tenant = try await house.organisation()
      let person = try await house.enrol(tenant, "ada@acme.nl")
      let weak = try Argon2id.hash(
        password: House.password,
        parameters: Argon2id.Parameters(memoryKiB: 32, passes: 1, lanes: 1))
      _ = try await house.admin.run(
        ["UPDATE identity.credential SET password_hash = \(weak) WHERE person_id = \(person)"],
        deadline: nil)
      _ = try await house.login(tenant, "ada@acme.nl")
      let rows = try await house.admin.run(
        ["SELECT password_hash FROM identity.credential WHERE person_id = \(person)"],
        deadline: nil)
      let stored: String = try rows[0][0].get("password_hash")
      #expect(stored.contains("m=64,"))
      _ = try await house.login(tenant, "ada@acme.nl")
    }
  }

  @Test func `a logout ends the session of the token, and again is no error`() async throws {
    try await House.with { house in
      let tenant = try await house.organisation()
      _ = try await house.enrol(tenant, "ada@acme.nl")
      let token = try await house.verify(try await house.login(tenant, "ada@acme.nl").accessToken)
      for _ in 0..<2 {
        _ = try await house.service.logout(
          IdentityLogoutRequest(), house.asPerson(token, IdentityServicePolicies.logout))
      }
      let rows = try await house.admin.run(
        ["SELECT count(*) AS n FROM identity.session WHERE ended_at IS NOT NULL"], deadline: nil)
      #expect(try rows[0][0].get("n") == 1)
    }
  }
}

extension House {
  func verify(_ token: String) async throws -> Token {
    let keys = service.keys
    let clock = clock
    let ring = KeyRing(now: { clock.now }, refresh: { try await keys.published() })
    return try await TokenVerifier(issuer: "https://identity.test", keys: ring)
      .verify(token, now: clock.now)
  }
}
