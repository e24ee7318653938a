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

@Suite("Support access")
struct SupportTests {
  @Test func `support reads after the approval, for the operator who asked, until its end`()
    async throws
  {
    try await House.with { house in
      let tenant = try await house.organisation()
      let asker = house.token(tenant: .platform, [.operator])
      let access = try await house.requestSupport(tenant, asker, minutes: 10)
      #expect(access.state == .requested && access.requestedBy == asker.subject.canonical)
      #expect(!access.hasEndsAt && access.decidedBy.isEmpty)
      func begin(_ token: Token) async throws -> IdentityBeginSupportResponse {
        try await house.beginSupport(tenant, access.supportAccessID, token)
      }
      #expect(try await refusal { try await begin(asker) }?.code == .failedPrecondition)
      let admin = house.token(tenant: tenant, [.administrator])
      let approved = try await house.approve(access, admin)
      #expect(approved.state == .approved && approved.decidedBy == admin.subject.canonical)
      let end = house.clock.now + 600
      #expect(approved.endsAt.date == end)
      let answer = try await begin(asker)
      let token = try await house.verify(answer.accessToken)
      #expect(token.roles == [.support] && token.tenant == tenant)
      #expect(token.subject == asker.subject && token.session.canonical == access.supportAccessID)
      #expect(token.scopes == [SupportTests.people, SupportTests.read])
      #expect(token.expiresAt == token.issuedAt + 300)
      let other = house.token(tenant: .platform, [.operator])
      #expect(try await refusal { try await begin(other) }?.code == .permissionDenied)
      house.clock.advance(500)
      let last = try await house.verify(try await begin(asker).accessToken)
      // Not beyond the end, however far clocks are apart.
      #expect(last.expiresAt + TokenLimits.clockSkew == end)
      // An approval once more prolongs nothing.
      #expect(try await house.approve(access, admin).endsAt.date == end)
      house.clock.advance(75)
      #expect(try await refusal { try await begin(asker) }?.code == .failedPrecondition)
      house.clock.advance(25)
      let over = try await refusal { try await begin(asker) }
      #expect(over?.message.contains("over (expired)") == true)
      #expect(
        try await refusal { try await house.approve(access, admin) }?.code == .failedPrecondition)
      #expect(try await house.support(of: tenant, admin).map(\.state) == [.expired])
    }
  }

  @Test func `an end before its time revokes the tokens, and nothing begins any more`()
    async throws
  {
    try await House.with { house in
      let tenant = try await house.organisation()
      let asker = house.token(tenant: .platform, [.operator])
      let officer = house.token(tenant: tenant, [.privacyOfficer])
      let access = try await house.requestSupport(tenant, asker)
      _ = try await house.approve(access, officer)
      _ = try await house.beginSupport(tenant, access.supportAccessID, asker)
      let ended = try await house.end(access, officer)
      #expect(ended.state == .ended && ended.endsAt.date == house.clock.now)
      let id = try #require(UUID(uuidString: access.supportAccessID))
      #expect(try await house.revocations().map(\.subject) == [.session(id)])
      let refused = try await refusal {
        try await house.beginSupport(tenant, access.supportAccessID, asker)
      }
      #expect(refused?.code == .failedPrecondition)
      _ = try await house.end(access, officer)
      #expect(try await house.revocations().count == 1)
      // The operator takes a request back.
      let second = try await house.requestSupport(tenant, asker)
      #expect(try await house.end(second, asker).state == .ended)
      let late = try await refusal { try await house.approve(second, officer) }
      #expect(late?.message.contains("over (ended)") == true)
      let third = try await house.requestSupport(tenant, asker)
      #expect(try await house.refuse(third, officer).state == .refused)
      #expect(
        try await refusal { try await house.approve(third, officer) }?.code
          == .failedPrecondition)
    }
  }

  @Test func `another organisation's access is not there`() async throws {
    try await House.with { house in
      let (own, other) = (try await house.organisation(), try await house.organisation())
      let asker = house.token(tenant: .platform, [.operator])
      let access = try await house.requestSupport(own, asker)
      let stranger = house.token(tenant: other, [.administrator])
      let absent = Refusal(code: .notFound, message: "support access not found")
      #expect(try await refusal { try await house.approve(access, stranger) } == absent)
      #expect(try await refusal { try await house.refuse(access, stranger) } == absent)
      var mine = access
      mine.organisationID = ""
      #expect(try await refusal { try await house.end(mine, stranger) } == absent)
      let named = try await refusal { try await house.end(access, stranger) }
      #expect(named == Refusal(code: .notFound, message: "organisation not found"))
      #expect(try await house.support(of: other, stranger).isEmpty)
      #expect(
        try await refusal { try await house.support(of: own, stranger) }?.code == .notFound)
      for role in [Role.administrator, .privacyOfficer, .auditor] {
        let seen = try await house.support(of: nil, house.token(tenant: own, [role]))
        #expect(seen.map(\.supportAccessID) == [access.supportAccessID])
        #expect(seen[0].reason == access.reason && seen[0].state == .requested)
      }
      let elsewhere = try await refusal {
        try await house.beginSupport(other, access.supportAccessID, asker)
      }
      #expect(elsewhere == absent)
    }
  }

  @Test func `a request waits a week, and the sweep says so`() async throws {
    try await House.with { house in
      let tenant = try await house.organisation()
      let asker = house.token(tenant: .platform, [.operator])
      let admin = house.token(tenant: tenant, [.administrator])
      let waiting = try await house.requestSupport(tenant, asker)
      let used = try await house.requestSupport(tenant, asker, minutes: 5)
      _ = try await house.approve(used, admin)
      house.clock.advance(SupportLimits.patience)
      let late = try await refusal { try await house.approve(waiting, admin) }
      #expect(late?.message.contains("over (expired)") == true)
      try await house.sweep.run()
      let rows = try await house.admin.run(
        ["SELECT state FROM identity.support_access WHERE tenant_id = \(tenant)"], deadline: nil)
      #expect(try rows[0].map { try $0.get("state", as: String.self) } == ["expired", "expired"])
      // Visible for good.
      #expect(try await house.support(of: tenant, admin).count == 2)
    }
  }

  @Test func `a request says why, what for and how long, and there are few at a time`()
    async throws
  {
    try await House.with { house in
      let tenant = try await house.organisation()
      let asker = house.token(tenant: .platform, [.operator])
      func message(
        _ change: (inout IdentityRequestSupportAccessRequest) -> Void
      ) async throws -> String? {
        var request = SupportTests.request(tenant)
        change(&request)
        return try await refusal { try await house.requestSupport(request, asker) }?.message
      }
      for reason in ["", "  ", "a\nb", String(repeating: "a", count: 501)] {
        #expect(try await message { $0.reason = reason }?.hasPrefix("reason must be") == true)
      }
      for minutes in [UInt32(0), 4, 1_441, .max] {
        #expect(try await message { $0.minutes = minutes } == "minutes must be 5 to 1440")
      }
      for scope in [
        "ikso.identity.v1.PeopleService/GrantRole", "ikso.goals.v1.GoalsService/*", "*",
      ] {
        #expect(try await message { $0.scopes = [scope] }?.hasPrefix("scopes must be") == true)
      }
      #expect(
        try await message { $0.organisationID = UUID().canonical } == "organisation not found")
      for _ in 0..<SupportLimits.open { #expect(try await message { _ in } == nil) }
      #expect(try await message { _ in }?.hasPrefix("10 accesses wait or last") == true)
      house.clock.advance(SupportLimits.patience)
      #expect(try await message { _ in } == nil)
    }
  }

  @Test func `who decided is forgotten with their erasure, and what was decided is not`()
    async throws
  {
    try await House.with { house in
      let tenant = try await house.organisation()
      let asker = house.token(tenant: .platform, [.operator])
      let ada = try await house.enrol(tenant, "ada@acme.nl")
      let access = try await house.requestSupport(tenant, asker)
      _ = try await house.approve(
        access, house.token(tenant: tenant, [.administrator], subject: ada))
      _ = try await house.subjects.eraseSubject(
        .with {
          $0.organisationID = tenant.canonical
          $0.subjectID = ada.canonical
        }, house.asPrivacy)
      let admin = house.token(tenant: tenant, [.administrator])
      let seen = try await house.support(of: tenant, admin)
      #expect(seen.map(\.state) == [.approved] && seen[0].decidedBy.isEmpty)
    }
  }

  @Test func `the month after the contract leaves support, and a draft has nothing to see`()
    async throws
  {
    try await House.with { house in
      let asker = house.token(tenant: .platform, [.operator])
      let tenant = try await house.organisation(end: "2026-09-22")
      house.clock.advance(3 * 86_400)
      let access = try await house.requestSupport(tenant, asker)
      _ = try await house.approve(access, house.token(tenant: tenant, [.administrator]))
      _ = try await house.beginSupport(tenant, access.supportAccessID, asker)
      let draft = try await house.organisation(begin: "2030-01-01")
      let early = try await refusal { try await house.requestSupport(draft, asker) }
      #expect(early?.code == .failedPrecondition)
    }
  }

  static let read = "ikso.identity.v1.ProgrammeService/ListProgrammes"
  static let people = "ikso.identity.v1.PeopleService/*"

  static func request(_ tenant: UUID) -> IdentityRequestSupportAccessRequest {
    .with {
      $0.organisationID = tenant.canonical
      $0.reason = "Ticket 4711: programmes are not shown"
      $0.scopes = [people, read]
      $0.minutes = 60
    }
  }
}

extension House {
  func requestSupport(
    _ tenant: UUID, _ token: Token, minutes: UInt32 = 60
  ) async throws -> IdentitySupportAccess {
    var request = SupportTests.request(tenant)
    request.minutes = minutes
    return try await requestSupport(request, token)
  }

  func requestSupport(
    _ request: IdentityRequestSupportAccessRequest, _ token: Token
  ) async throws -> IdentitySupportAccess {
    try await service.requestSupportAccess(
      request, asPerson(token, SupportServicePolicies.requestSupportAccess))
  }

  func approve(
    _ access: IdentitySupportAccess, _ token: Token
  ) async throws -> IdentitySupportAccess {
    try await service.approveSupportAccess(
      .with { $0.supportAccessID = access.supportAccessID },
      asPerson(token, SupportServicePolicies.approveSupportAccess))
  }

  func refuse(
    _ access: IdentitySupportAccess, _ token: Token
  ) async throws -> IdentitySupportAccess {
    try await service.refuseSupportAccess(
      .with { $0.supportAccessID = access.supportAccessID },
      asPerson(token, SupportServicePolicies.refuseSupportAccess))
  }

  func end(_ access: IdentitySupportAccess, _ token: Token) async throws -> IdentitySupportAccess {
    try await service.endSupportAccess(
      .with {
        $0.supportAccessID = access.supportAccessID
        $0.organisationID = access.organisationID
      }, asPerson(token, SupportServicePolicies.endSupportAccess))
  }

  func beginSupport(
    _ tenant: UUID, _ access: String, _ token: Token
  ) async throws -> IdentityBeginSupportResponse {
    try await service.beginSupport(
      .with {
        $0.organisationID = tenant.canonical
        $0.supportAccessID = access
      }, asPerson(token, SupportServicePolicies.beginSupport))
  }

  /// All of an organisation; nil: of the caller's own, unnamed.
  func support(of tenant: UUID?, _ token: Token) async throws -> [IdentitySupportAccess] {
    try await service.listSupportAccess(
      .with { $0.organisationID = tenant?.canonical ?? "" },
      asPerson(token, SupportServicePolicies.listSupportAccess)
    ).supportAccess
  }
}
