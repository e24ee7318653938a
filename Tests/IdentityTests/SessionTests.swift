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

@Suite("Sessions")
struct SessionTests {
  @Test func `a refresh gives new tokens, and the password stays as old as it was`()
    async throws
  {
    try await House.with { house in
      let tenant = try await house.organisation()
      let person = try await house.enrol(tenant, "ada@acme.nl")
      let login = try await house.login(tenant, "ada@acme.nl")
      #expect(login.sessionExpiresAt.date == house.clock.now + 86_400)
      let signedInAt = house.clock.now
      house.clock.advance(290)
      let refreshed = try await house.refresh(login.refreshToken)
      #expect(refreshed.refreshToken != login.refreshToken)
      #expect(refreshed.expiresAt.date == house.clock.now + 300)
      #expect(refreshed.sessionExpiresAt == login.sessionExpiresAt)
      let token = try await house.verify(refreshed.accessToken)
      #expect(token.subject == person && token.session.canonical == login.sessionID)
      #expect(token.authenticatedAt == signedInAt)
      #expect(token.issuedAt == house.clock.now)
      let again = try await house.refresh(refreshed.refreshToken)
      #expect(try await house.verify(again.accessToken).session == token.session)
    }
  }

  @Test func `a refresh token that comes a second time ends the session`() async throws {
    try await House.with { house in
      let tenant = try await house.organisation()
      _ = try await house.enrol(tenant, "ada@acme.nl")
      let first = try await house.login(tenant, "ada@acme.nl").refreshToken
      let second = try await house.refresh(first).refreshToken
      let third = try await house.refresh(second).refreshToken
      // The one before the last, at once: no answer was lost, as its successor was used.
      let reused = try await refusal { try await house.refresh(first) }
      #expect(reused?.code == .unauthenticated)
      #expect(reused?.message.contains("used before") == true)
      let over = try await refusal { try await house.refresh(third) }
      #expect(over?.message.contains("its session has ended") == true)
      #expect(try await house.endReasons(tenant) == ["refresh_token_reused"])
    }
  }

  @Test func `an answer that was lost may be asked for once more, for ten seconds`()
    async throws
  {
    try await House.with { house in
      let tenant = try await house.organisation()
      _ = try await house.enrol(tenant, "ada@acme.nl")
      let first = try await house.login(tenant, "ada@acme.nl").refreshToken
      let lost = try await house.refresh(first).refreshToken
      house.clock.advance(9)
      let answered = try await house.refresh(first).refreshToken
      _ = try await house.refresh(answered)
      // Whoever has the lost one is found out.
      let thief = try await refusal { try await house.refresh(lost) }
      #expect(thief?.message.contains("used before") == true)

      let late = try await house.login(tenant, "ada@acme.nl").refreshToken
      _ = try await house.refresh(late)
      house.clock.advance(10)
      let tooLate = try await refusal { try await house.refresh(late) }
      #expect(tooLate?.message.contains("used before") == true)

      let twice = try await house.login(tenant, "ada@acme.nl").refreshToken
      _ = try await house.refresh(twice)
      _ = try await house.refresh(twice)
      let third = try await refusal { try await house.refresh(twice) }
      #expect(third?.message.contains("used before") == true)
    }
  }

  @Test func `of many refreshes at once with one token at most the last answer counts`()
    async throws
  {
    try await House.with { house in
      let tenant = try await house.organisation()
      _ = try await house.enrol(tenant, "ada@acme.nl")
      let first = try await house.login(tenant, "ada@acme.nl").refreshToken
      let answers = await withTaskGroup(of: String?.self) { group in
        for _ in 0..<8 {
          group.addTask { try? await house.refresh(first).refreshToken }
        }
        return await group.reduce(into: [String]()) { if let token = $1 { $0.append(token) } }
      }
      // The first one and its repetition; then the token has been used before.
      #expect(answers.count <= 2)
      for answer in answers {
        #expect(try await refusal { try await house.refresh(answer) } != nil)
      }
      #expect(try await house.endReasons(tenant) == ["refresh_token_reused"])
    }
  }

  @Test func `a session ends when it is not used, and at last in any case`() async throws {
    try await House.with { house in
      let tenant = try await house.organisation()
      _ = try await house.enrol(tenant, "ada@acme.nl")
      let idle = try await house.login(tenant, "ada@acme.nl").refreshToken
      house.clock.advance(3_600)
      let refused = try await refusal { try await house.refresh(idle) }
      #expect(refused?.code == .unauthenticated)

      var used = try await house.login(tenant, "ada@acme.nl").refreshToken
      for _ in 0..<24 {
        house.clock.advance(3_599)
        used = try await house.refresh(used).refreshToken
      }
      house.clock.advance(24)
      let over = try await refusal { try await house.refresh(used) }
      #expect(over?.code == .unauthenticated)
    }
  }

  @Test func `an organisation's own limits go before, its password check too`() async throws {
    try await House.with { house in
      let tenant = try await house.organisation()
      _ = try await house.enrol(tenant, "ada@acme.nl")
      try await house.setPolicy(tenant) {
        $0.sessionIdleSeconds = 7_200
        $0.sessionAbsoluteSeconds = 10_000
        $0.passwordCheckSeconds = 9_000
      }
      let login = try await house.login(tenant, "ada@acme.nl")
      #expect(login.sessionExpiresAt.date == house.clock.now + 9_000)
      house.clock.advance(7_199)
      let used = try await house.refresh(login.refreshToken)
      let own = try await house.verify(used.accessToken)
      let listed = try await house.listSessions(own)
      #expect(listed.map { $0.expiresAt.date } == [login.sessionExpiresAt.date])
      _ = try await house.checkPassword(House.password, own)
      house.clock.advance(2_799)
      // The check has moved the one end, and not the other.
      let last = try await house.refresh(used.refreshToken)
      #expect(last.sessionExpiresAt.date == house.clock.now + 2)
      house.clock.advance(2)
      let over = try await refusal { try await house.refresh(last.refreshToken) }
      #expect(over?.code == .unauthenticated)
    }
  }

  @Test func `what is no refresh token is refused like one whose session has ended`()
    async throws
  {
    try await House.with { house in
      let tenant = try await house.organisation()
      _ = try await house.enrol(tenant, "ada@acme.nl")
      let login = try await house.login(tenant, "ada@acme.nl")
      let own = house.asPerson(
        try await house.verify(login.accessToken), IdentityServicePolicies.logout)
      _ = try await house.service.logout(IdentityLogoutRequest(), own)
      let ended = try await refusal { try await house.refresh(login.refreshToken) }
      #expect(ended?.code == .unauthenticated)
      let others = [
        "", "x", String(login.refreshToken.dropLast()), login.refreshToken + "A",
        " \(login.refreshToken)", RotatingToken(tenant: tenant).text,
        RotatingToken(tenant: UUID()).text, login.accessToken,
      ]
      for token in others {
        #expect(try await refusal { try await house.refresh(token) } == ended, "\(token)")
      }
    }
  }

  @Test func `whoever does not know a session's tokens cannot end it`() async throws {
    try await House.with { house in
      let tenant = try await house.organisation()
      _ = try await house.enrol(tenant, "ada@acme.nl")
      let login = try await house.login(tenant, "ada@acme.nl")
      // The same organisation, another family.
      _ = try await refusal { try await house.refresh(RotatingToken(tenant: tenant).text) }
      _ = try await house.refresh(login.refreshToken)
      #expect(try await house.endReasons(tenant) == [])
    }
  }

  @Test func `a refresh waits for a new statement, and the refresh token stays good`()
    async throws
  {
    try await House.with { house in
      let tenant = try await house.organisation()
      _ = try await house.enrol(tenant, "ada@acme.nl")
      let refresh = try await house.login(tenant, "ada@acme.nl").refreshToken
      house.desk.publishNext()
      let waiting = try await refusal { try await house.refresh(refresh) }
      #expect(waiting?.code == .failedPrecondition)
      #expect(waiting?.message.hasPrefix("version 2 of the privacy statement") == true)
      _ = try await house.service.acceptStatement(
        .with {
          $0.credential.password.organisationID = tenant.canonical
          $0.credential.password.email = "ada@acme.nl"
          $0.credential.password.password = House.password
          $0.version = 2
          $0.sha256 = Data(Desk.hash)
        }, house.anyone())
      house.clock.advance(20)
      _ = try await house.refresh(refresh)
    }
  }

  @Test func `a refresh reads roles and contract again`() async throws {
    try await House.with { house in
      let tenant = try await house.organisation(end: "2026-09-25")
      let person = try await house.enrol(tenant, "ada@acme.nl")
      var refresh = try await house.login(tenant, "ada@acme.nl").refreshToken
      _ = try await house.database.once(
        tenant: tenant, .personSetRoles(tenant, person, ["coach", "participant"]))
      let refreshed = try await house.refresh(refresh)
      #expect(try await house.verify(refreshed.accessToken).roles == [.coach, .participant])
      refresh = refreshed.refreshToken
      _ = try await house.database.once(tenant: tenant, .personSetRoles(tenant, person, []))
      let none = try await refusal { try await house.refresh(refresh) }
      #expect(none?.message == "the account has no role in the organisation today")
    }
  }

  @Test func `the password once more makes the authentication new, for this session and on`()
    async throws
  {
    try await House.with { house in
      let tenant = try await house.organisation()
      _ = try await house.enrol(tenant, "ada@acme.nl")
      let login = try await house.login(tenant, "ada@acme.nl")
      let own = try await house.verify(login.accessToken)
      house.clock.advance(200)
      let wrong = try await refusal { try await house.checkPassword("tractor vijver kad", own) }
      #expect(wrong?.code == .permissionDenied)
      let checked = try await house.checkPassword(House.password, own)
      let token = try await house.verify(checked.accessToken)
      #expect(token.authenticatedAt == house.clock.now && token.session == own.session)
      let checkedAt = house.clock.now
      house.clock.advance(200)
      let refreshed = try await house.refresh(login.refreshToken)
      #expect(try await house.verify(refreshed.accessToken).authenticatedAt == checkedAt)
    }
  }

  @Test func `guessing the password of a session is slowed`() async throws {
    try await House.with { house in
      let tenant = try await house.organisation()
      _ = try await house.enrol(tenant, "ada@acme.nl")
      let own = try await house.verify(try await house.login(tenant, "ada@acme.nl").accessToken)
      for _ in 0..<10 { _ = try await refusal { try await house.checkPassword("wrong", own) } }
      let slowed = try await refusal { try await house.checkPassword(House.password, own) }
      #expect(slowed?.code == .resourceExhausted)
    }
  }

  @Test func `sessions are listed and ended by their person, and by nobody else's`() async throws {
    try await House.with { house in
      let tenant = try await house.organisation()
      _ = try await house.enrol(tenant, "ada@acme.nl")
      _ = try await house.enrol(tenant, "ben@acme.nl", name: "Ben")
      let first = try await house.login(tenant, "ada@acme.nl")
      house.clock.advance(5)
      let second = try await house.login(tenant, "ada@acme.nl")
      let third = try await house.login(tenant, "ada@acme.nl")
      let other = try await house.login(tenant, "ben@acme.nl")
      let ada = try await house.verify(second.accessToken)
      let listed = try await house.listSessions(ada)
      #expect(
        Set(listed.map(\.sessionID)) == [first.sessionID, second.sessionID, third.sessionID])
      #expect(listed.last?.sessionID == first.sessionID)
      #expect(listed.filter(\.current).map(\.sessionID) == [second.sessionID])
      #expect(listed.allSatisfy { $0.idleAt.date == $0.lastUsedAt.date + 3_600 })

      for id in [other.sessionID, UUID().canonical] {
        let absent = try await refusal { try await house.endSession(id, ada) }
        #expect(absent == Refusal(code: .notFound, message: "session not found"))
      }
      try await house.endSession(first.sessionID, ada)
      try await house.endSession(first.sessionID, ada)
      #expect(try await refusal { try await house.refresh(first.refreshToken) } != nil)
      let ended = try await house.service.endOtherSessions(
        IdentityEndOtherSessionsRequest(),
        house.asPerson(ada, SessionServicePolicies.endOtherSessions))
      #expect(ended.ended == 1)
      #expect(try await house.listSessions(ada).map(\.sessionID) == [second.sessionID])
      _ = try await house.refresh(second.refreshToken)
      _ = try await house.refresh(other.refreshToken)
    }
  }

  @Test func `an administrator ends the sessions of somebody of theirs only`() async throws {
    try await House.with { house in
      let tenant = try await house.organisation()
      let ada = try await house.enrol(tenant, "ada@acme.nl")
      let login = try await house.login(tenant, "ada@acme.nl")
      let other = try await house.organisation()
      func end(_ person: UUID, _ organisation: UUID) async throws -> UInt32 {
        try await house.service.endPersonSessions(
          .with { $0.personID = person.canonical },
          house.asPerson(
            house.token(tenant: organisation, [.administrator]),
            SessionServicePolicies.endPersonSessions)
        ).ended
      }
      let foreign = try await refusal { try await end(ada, other) }
      #expect(foreign == Refusal(code: .notFound, message: "person not found"))
      #expect(try await refusal { try await end(UUID(), tenant) } == foreign)
      #expect(try await end(ada, tenant) == 1)
      #expect(try await end(ada, tenant) == 0)
      #expect(try await refusal { try await house.refresh(login.refreshToken) } != nil)
      #expect(try await house.endReasons(tenant) == ["ended_by_administrator"])
    }
  }
}

extension House {
  func refresh(_ token: String) async throws -> IdentityRefreshSessionResponse {
    try await service.refreshSession(
      .with { $0.refreshToken = token },
      call(.anonymous, SessionServicePolicies.refreshSession))
  }

  func checkPassword(
    _ password: String, _ token: Token
  ) async throws -> IdentityCheckPasswordResponse {
    try await service.checkPassword(
      .with { $0.password = password }, asPerson(token, SessionServicePolicies.checkPassword))
  }

  func listSessions(_ token: Token) async throws -> [IdentitySession] {
    try await service.listSessions(
      IdentityListSessionsRequest(), asPerson(token, SessionServicePolicies.listSessions)
    ).sessions
  }

  func endSession(_ id: String, _ token: Token) async throws {
    _ = try await service.endSession(
      .with { $0.sessionID = id }, asPerson(token, SessionServicePolicies.endSession))
  }

  /// Why the sessions of an organisation that have ended did.
  func endReasons(_ tenant: UUID) async throws -> [String] {
    let rows = try await admin.run(
      [
        """
        SELECT end_reason FROM identity.session
        WHERE tenant_id = \(tenant) AND ended_at IS NOT NULL ORDER BY ended_at
        """
      ], deadline: nil)
    return try rows[0].map { try $0.get("end_reason") }
  }
}
