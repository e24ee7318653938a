import Access
import Cryptography
import Foundation
import Launch
import Postgres
import RPC
import Schemas
import Storage
import SwiftProtobuf
import TLS
import Testing

@testable import Identity

@Suite("Service accounts")
struct ServiceAccountTests {
  static let read = "ikso.identity.v1.IdentityService/GetOrganisation"
  static let programmes = "ikso.identity.v1.ProgrammeService/*"
  static let list = "ikso.identity.v1.ProgrammeService/ListProgrammes"

  @Test func `an assertion gets a token of five minutes, for one organisation and its scopes`()
    async throws
  {
    try await House.with { house in
      let tenant = try await house.organisation()
      let tool = try await house.tool([tenant])
      let answer = try await house.issue(tool, tenant)
      let token = try await house.verify(answer.accessToken)
      #expect(token.roles == [.service] && token.tenant == tenant)
      #expect(token.subject == tool.id && token.account == tool.name)
      #expect(token.scopes == [Self.read, Self.programmes])
      #expect(token.expiresAt == token.issuedAt + 300)
      #expect(answer.expiresAt.date == token.expiresAt)
      let narrow = try await house.issue(tool, tenant, scopes: [Self.list])
      #expect(try await house.verify(narrow.accessToken).scopes == [Self.list])
      let wide = try await refusal {
        try await house.issue(
          tool, tenant, scopes: ["ikso.identity.v1.OrganisationService/GetOrganisationPolicy"])
      }
      #expect(wide?.code == .permissionDenied)
      let shown = try await house.accounts(of: tool)
      #expect(shown.credentials.map(\.kind) == ["EdDSA"])
      #expect(shown.credentials[0].lastUsedAt.date == house.clock.now)
    }
  }

  @Test func `what is refused to an account that is there stands in the platform's log`()
    async throws
  {
    try await House.with { house in
      let tenant = try await house.organisation()
      let tool = try await house.tool([tenant])
      let once = try tool.assertion(at: house.clock.now)
      _ = try await house.issue(once, tenant)
      let stranger = try Tool(id: tool.id, name: tool.name)
      let nobody = try Tool(id: UUID(), name: "nobody")
      for assertion in [once, try stranger.assertion(at: house.clock.now)] {
        #expect(try await refusal { try await house.issue(assertion, tenant) } != nil)
      }
      #expect(try await refusal { try await house.issue(nobody, tenant) } != nil)
      await house.recordFailures()
      #expect(try await refusal { try await house.issue(once, tenant) } != nil)
      await house.recordFailures()
      let events = try await house.events(of: .platform).filter { $0.kind == .serviceToken }
      #expect(events.map(\.sessionID) == [tool.id.canonical])
      #expect(events.map(\.occurrences) == [3])
      #expect(events.allSatisfy { $0.outcome == .failed && $0.actor == .anonymous })
      // A new minute is a new row.
      house.clock.advance(60)
      _ = try await refusal { try await house.issue(once, tenant) }
      await house.recordFailures()
      let later = try await house.events(of: .platform).filter { $0.kind == .serviceToken }
      #expect(later.map(\.occurrences) == [1, 3])
    }
  }

  @Test func `an assertion counts once, for the issuer, in its time, with the account's key`()
    async throws
  {
    try await House.with { house in
      let tenant = try await house.organisation()
      let tool = try await house.tool([tenant])
      func refused(_ assertion: String) async throws -> String? {
        let refused = try await refusal { try await house.issue(assertion, tenant) }
        #expect(refused?.code == .unauthenticated, "\(String(describing: refused))")
        return refused?.message
      }
      let now = house.clock.now
      let once = try tool.assertion(at: now)
      _ = try await house.issue(once, tenant)
      #expect(try await refused(once)?.contains("jti came before") == true)
      let other = try tool.assertion(at: now, audience: ["https://elsewhere.example"])
      #expect(try await refused(other)?.contains("aud is not https://identity.test") == true)
      let both = ["https://elsewhere.example", "https://identity.test"]
      _ = try await house.issue(try tool.assertion(at: now, audience: both), tenant)
      #expect(try await refused(tool.assertion(at: now - 400))?.contains("expired") == true)
      #expect(try await refused(tool.assertion(at: now + 60))?.contains("not valid yet") == true)
      #expect(
        try await refused(tool.assertion(at: now, life: 301))?.contains("1 to 300 s") == true)
      // Within what clocks may be apart.
      _ = try await house.issue(try tool.assertion(at: now + 20), tenant)
      _ = try await house.issue(try tool.assertion(at: now - 320), tenant)
      let unproven = "no credential of a service account that counts fits; see AddCredential"
      let stranger = try Tool(id: tool.id, name: tool.name)
      #expect(try await refused(stranger.assertion(at: now)) == unproven)
      let nobody = try Tool(id: UUID(), name: "nobody")
      #expect(try await refused(nobody.assertion(at: now)) == unproven)
      let parts = try tool.assertion(at: now).split(separator: ".")
      let changed = try tool.assertion(at: now + 1).split(separator: ".")
      #expect(try await refused("\(parts[0]).\(changed[1]).\(parts[2])") == unproven)
      // The key is not asked for another algorithm than its own, least of all for none.
      let es256 = try tool.assertion(at: now, algorithm: "ES256")
      #expect(try await refused(es256) == unproven)
      let none = try tool.assertion(at: now, algorithm: "none")
      #expect(try await refused(none)?.contains("alg is neither") == true)
    }
  }

  @Test func `an identifier is remembered until it cannot be used again, and no longer`()
    async throws
  {
    try await House.with { house in
      let tenant = try await house.organisation()
      let tool = try await house.tool([tenant])
      let once = try tool.assertion(at: house.clock.now)
      _ = try await house.issue(once, tenant)
      house.clock.advance(320)
      try await ServiceAccountSweep(database: house.database, now: house.service.now).run()
      #expect(try await house.count("service_assertion", .platform) == 1)
      let replayed = try await refusal { try await house.issue(once, tenant) }
      #expect(replayed?.message.contains("jti came before") == true)
      house.clock.advance(60)
      try await ServiceAccountSweep(database: house.database, now: house.service.now).run()
      #expect(try await house.count("service_assertion", .platform) == 0)
      let late = try await refusal { try await house.issue(once, tenant) }
      #expect(late?.message.contains("expired") == true)
    }
  }

  @Test func `an account acts in its own organisations; others are not there for it`()
    async throws
  {
    try await House.with { house in
      let (own, other) = (try await house.organisation(), try await house.organisation())
      let tool = try await house.tool([own])
      let foreign = try await refusal { try await house.issue(tool, other) }
      #expect(foreign == Refusal(code: .notFound, message: "organisation not found"))
      #expect(try await refusal { try await house.issue(tool, UUID()) } == foreign)
      #expect(try await refusal { try await house.issue(tool, .platform) } == foreign)
      let everywhere = try await house.tool(nil)
      _ = try await house.issue(everywhere, own)
      let later = try await house.organisation()
      _ = try await house.issue(everywhere, later)
      #expect(try await refusal { try await house.issue(everywhere, UUID()) } == foreign)
      #expect(try await refusal { try await house.issue(everywhere, .platform) } == foreign)
    }
  }

  @Test func `without an active contract no program gets a token`() async throws {
    try await House.with { house in
      let tenant = try await house.organisation(end: "2026-09-22")
      let tool = try await house.tool([tenant])
      _ = try await house.issue(tool, tenant)
      house.clock.advance(3 * 86_400)
      let ended = try await refusal { try await house.issue(tool, tenant) }
      #expect(ended?.code == .failedPrecondition)
    }
  }

  @Test func `credentials overlap, at most three at a time, and each ends by itself`()
    async throws
  {
    try await House.with { house in
      let tenant = try await house.organisation()
      let old = try await house.tool([tenant], days: 2)
      let new = try await house.rotate(old, days: 90)
      _ = try await house.issue(old, tenant)
      _ = try await house.issue(new, tenant)
      _ = try await house.rotate(old, days: 1)
      let fourth = try await refusal { try await house.rotate(old, days: 1) }
      #expect(fourth?.code == .resourceExhausted)
      let again = try await refusal { try await house.add(new.pem, to: old) }
      // Before it is known that it is there already: three count.
      #expect(again?.code == .resourceExhausted)
      house.clock.advance(86_400)
      #expect(try await refusal { try await house.add(new.pem, to: old) }?.code == .alreadyExists)
      house.clock.advance(86_400 - 10)
      let last = try await house.verify(try await house.issue(old, tenant).accessToken)
      // No token outlasts its credential.
      #expect(last.expiresAt == last.issuedAt + 10)
      house.clock.advance(10)
      let over = try await refusal { try await house.issue(old, tenant) }
      #expect(over?.code == .unauthenticated)
      _ = try await house.issue(new, tenant)
      let long = try await refusal { try await house.rotate(old, days: 91) }
      #expect(long?.message == "valid_days must be 1 to 90")
    }
  }

  @Test func `a revoked credential gets nothing, and its tokens are revoked; others go on`()
    async throws
  {
    try await House.with { house in
      let tenant = try await house.organisation()
      let old = try await house.tool([tenant])
      let new = try await house.rotate(old, days: 90)
      let token = try await house.verify(try await house.issue(old, tenant).accessToken)
      let revoke = IdentityRevokeCredentialRequest.with {
        $0.serviceAccountID = old.id.canonical
        $0.credentialID = token.session.canonical
      }
      let policy = ServiceAccountServicePolicies.revokeCredential
      let shown = try await house.service.revokeCredential(
        revoke, house.asOperator(policy))
      #expect(
        shown.credentials.filter(\.hasRevokedAt).map(\.credentialID) == [token.session.canonical])
      let revoked = try await house.revocations()
      #expect(revoked.map(\.subject) == [.session(token.session)])
      #expect(revoked[0].issuedUntil == nil)
      #expect(revoked[0].expiresAt > token.expiresAt + TokenLimits.clockSkew)
      #expect(try await refusal { try await house.issue(old, tenant) }?.code == .unauthenticated)
      _ = try await house.issue(new, tenant)
      _ = try await house.service.revokeCredential(revoke, house.asOperator(policy))
      #expect(try await house.revocations().count == 1)
      let foreign = try await refusal {
        try await house.service.revokeCredential(
          .with {
            $0.serviceAccountID = UUID().canonical
            $0.credentialID = token.session.canonical
          }, house.asOperator(policy))
      }
      #expect(foreign?.code == .notFound)
    }
  }

  @Test func `a disabled account is over with all of its credentials and tokens`() async throws {
    try await House.with { house in
      let tenant = try await house.organisation()
      let old = try await house.tool([tenant])
      let new = try await house.rotate(old, days: 90)
      let tokens = [
        try await house.verify(try await house.issue(old, tenant).accessToken),
        try await house.verify(try await house.issue(new, tenant).accessToken),
      ]
      let shown = try await house.service.disableServiceAccount(
        .with { $0.serviceAccountID = old.id.canonical },
        house.asOperator(ServiceAccountServicePolicies.disableServiceAccount))
      #expect(shown.disabledAt.date == house.clock.now)
      #expect(!shown.credentials.contains { !$0.hasRevokedAt })
      #expect(
        Set(try await house.revocations().map(\.subject))
          == Set(tokens.map { .session($0.session) }))
      #expect(try await refusal { try await house.issue(new, tenant) }?.code == .unauthenticated)
      let added = try await refusal { try await house.rotate(old, days: 1) }
      #expect(added?.message == "the service account is disabled")
    }
  }

  @Test func `an account ends within a year, and no credential outlasts it`() async throws {
    try await House.with { house in
      let tenant = try await house.organisation()
      let tool = try await house.tool([tenant], accountDays: 30)
      let shown = try await house.accounts(of: tool)
      #expect(shown.expiresAt.date == house.clock.now + 30 * 86_400)
      #expect(shown.credentials[0].expiresAt == shown.expiresAt)
      let long = try await refusal { try await house.tool([tenant], accountDays: 366) }
      #expect(long?.message == "valid_days must be 1 to 365")
      house.clock.advance(30 * 86_400)
      let added = try await refusal { try await house.rotate(tool, days: 1) }
      #expect(added?.message.contains("has expired") == true)
    }
  }

  @Test(arguments: [
    "ikso.identity.v1.PeopleService/ListPeople", "ikso.identity.v1.PasswordService/*", "*", "/*",
    "ikso.identity.v1.IdentityService/Login", "ikso.identity.v1.IdentityService/getorganisation",
    "ikso.goals.v1.GoalsService/*",
  ])
  func `a scope is of methods that admit programs`(scope: String) async throws {
    try await House.with { house in
      let refused = try await refusal { try await house.tool(nil, scopes: [Self.read, scope]) }
      #expect(refused?.message.hasPrefix("scopes must be full names of methods") == true)
    }
  }

  @Test func `a request for an account says where and what, and no name twice`() async throws {
    try await House.with { house in
      let tenant = try await house.organisation()
      func message(
        _ change: (inout IdentityCreateServiceAccountRequest) -> Void
      ) async throws -> String? {
        var request = IdentityCreateServiceAccountRequest.with {
          $0.name = "payroll-export"
          $0.scopes = [Self.read]
          $0.organisationIds = [tenant.canonical]
        }
        change(&request)
        return try await refusal {
          try await house.service.createServiceAccount(
            request, house.asOperator(ServiceAccountServicePolicies.createServiceAccount))
        }?.message
      }
      #expect(try await message { $0.organisationIds = [] }?.contains("all_organ") == true)
      #expect(try await message { $0.allOrganisations = true }?.contains("all_organ") == true)
      #expect(
        try await message { $0.organisationIds.append(UUID().canonical) }
          == "organisation not found")
      #expect(try await message { $0.scopes = [] } == "scopes is missing")
      for name in ["Payroll", "p", "9lives", "a b c", String(repeating: "a", count: 41)] {
        #expect(try await message { $0.name = name }?.hasPrefix("name must be") == true)
      }
      #expect(try await message { _ in } == nil)
      #expect(try await message { _ in }?.contains("made before") == true)
    }
  }

  @Test func `a certificate is a credential on its own connection, and not by the gateway`()
    async throws
  {
    try await House.with { house in
      let tenant = try await house.organisation()
      let tool = try await house.tool([tenant])
      let hash = [UInt8](repeating: 0xab, count: 32)
      try await house.add(certificate: "spiffe://ikso/payroll", to: tool)
      try await house.add(certificate: "sha256:\(Hex.encode(hash))", to: tool)
      func code(_ peer: PeerIdentity?) async throws -> StatusCode? {
        try await refusal { try await house.issue(tool, tenant, peer: peer) }?.code
      }
      #expect(try await code(PeerIdentity(spiffe: "spiffe://ikso/payroll")) == nil)
      #expect(try await code(PeerIdentity(spiffe: "spiffe://ikso/tools", keyHash: hash)) == nil)
      for peer in [
        nil, PeerIdentity(spiffe: "spiffe://ikso/tools"),
        PeerIdentity(spiffe: "spiffe://elsewhere/payroll"),
        PeerIdentity(spiffe: "spiffe://ikso/gateway", keyHash: hash),
      ] {
        #expect(try await code(peer) == .unauthenticated, "\(String(describing: peer))")
      }
      for identity in [
        "spiffe://ikso/gateway", "spiffe://ikso/privacy", "spiffe://ikso/a/b", "sha256:00",
        "spiffe://elsewhere/payroll", "",
      ] {
        let refused = try await refusal { try await house.add(certificate: identity, to: tool) }
        #expect(refused?.code == .invalidArgument, "\(identity)")
      }
    }
  }

  @Test func `an organisation sees whose programs act in it, and nothing of others`()
    async throws
  {
    try await House.with { house in
      let (own, other) = (try await house.organisation(), try await house.organisation())
      let both = try await house.tool([own, other])
      let foreign = try await house.tool([other])
      let everywhere = try await house.tool(nil)
      func list(_ tenant: UUID, _ role: Role) async throws -> [IdentityServiceAccount] {
        try await house.service.listServiceAccounts(
          IdentityListServiceAccountsRequest(),
          house.asPerson(
            house.token(tenant: tenant, [role]),
            ServiceAccountServicePolicies.listServiceAccounts)
        ).serviceAccounts
      }
      for role in [Role.administrator, .privacyOfficer, .auditor] {
        let seen = try await list(own, role)
        #expect(Set(seen.map(\.name)) == [both.name, everywhere.name])
        #expect(seen.allSatisfy { $0.organisationIds.isEmpty && $0.credentials.count == 1 })
        #expect(seen.flatMap(\.credentials).allSatisfy { $0.identity.isEmpty })
      }
      let all = try await list(.platform, .operator)
      #expect(all.map(\.name).contains(foreign.name))
      let shown = try #require(all.first { $0.name == both.name })
      #expect(Set(shown.organisationIds) == [own.canonical, other.canonical])
    }
  }
}
