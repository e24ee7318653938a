import Access
import Cryptography
import Foundation
import Hosting
import Launch
import Postgres
import RPC
import Schemas
import Storage
import SwiftProtobuf
import Synchronization
import Testing

@testable import Identity

@Suite("Revocations")
struct RevocationTests {
  @Test func `whatever ends a session revokes its tokens, in one transaction with it`()
    async throws
  {
    try await House.with { house in
      let tenant = try await house.organisation()
      let person = try await house.enrol(tenant, "ada@acme.nl")
      let login = try await house.login(tenant, "ada@acme.nl")
      let token = try await house.verify(login.accessToken)
      struct Undone: Error {}
      await #expect(throws: Undone.self) {
        try await house.database.transaction(tenant: tenant) { transaction in
          try await house.service.sessions.end(
            of: person, .passwordChanged, at: house.clock.now, in: transaction)
          throw Undone()
        }
      }
      #expect(try await house.revocations().isEmpty)
      _ = try await house.service.logout(
        IdentityLogoutRequest(), house.asPerson(token, IdentityServicePolicies.logout))
      let revoked = try await house.revocations()
      #expect(revoked.map(\.subject) == [.session(token.session)])
      #expect(revoked.map(\.issuedUntil) == [nil])
      // Longer than any verifier takes the token.
      #expect(revoked[0].expiresAt > token.expiresAt + TokenLimits.clockSkew)
      _ = try await house.service.logout(
        IdentityLogoutRequest(), house.asPerson(token, IdentityServicePolicies.logout))
      #expect(try await house.revocations().count == 1)
    }
  }

  @Test func `a session without a token that can be valid adds nothing`() async throws {
    try await House.with { house in
      let tenant = try await house.organisation()
      let person = try await house.enrol(tenant, "ada@acme.nl")
      _ = try await house.login(tenant, "ada@acme.nl")
      house.clock.advance(1_000)
      let ended = try await house.database.transaction(tenant: tenant) { transaction in
        try await house.service.sessions.end(
          of: person, .passwordChanged, at: house.clock.now, in: transaction)
      }
      #expect(ended == 1)
      #expect(try await house.revocations().isEmpty)
    }
  }

  @Test func `tokens are replaced without the end of the session`() async throws {
    try await House.with { house in
      let tenant = try await house.organisation()
      let person = try await house.enrol(tenant, "ada@acme.nl")
      let login = try await house.login(tenant, "ada@acme.nl")
      let token = try await house.verify(login.accessToken)
      house.clock.advance(3)
      try await house.database.transaction(tenant: tenant) { transaction in
        try await house.service.sessions.replaceTokens(
          of: person, at: house.clock.now, in: transaction)
      }
      let revoked = try await house.revocations()
      #expect(revoked.map(\.subject) == [.session(token.session)])
      #expect(revoked[0].issuedUntil == token.issuedAt)
      let next = try await house.verify(
        try await house.refresh(login.refreshToken).accessToken)
      #expect(next.issuedAt > token.issuedAt)
    }
  }

  @Test func `an erasure revokes the tokens and leaves no name of the person`() async throws {
    try await House.with { house in
      let tenant = try await house.organisation()
      let person = try await house.enrol(tenant, "ada@acme.nl")
      let token = try await house.verify(try await house.login(tenant, "ada@acme.nl").accessToken)
      _ = try await house.subjects.eraseSubject(
        .with {
          $0.organisationID = tenant.canonical
          $0.subjectID = person.canonical
        }, house.asPrivacy)
      #expect(try await house.revocations().map(\.subject) == [.session(token.session)])
    }
  }

  @Test func `an organisation's tokens are revoked at once`() async throws {
    try await House.with { house in
      let tenant = try await house.organisation()
      try await house.database.transaction(tenant: tenant) { transaction in
        try house.service.sessions.replaceTokensOfOrganisation(
          at: house.clock.now, in: transaction)
      }
      let revoked = try await house.revocations()
      #expect(revoked.map(\.subject) == [.tenant(tenant)])
      #expect(revoked.map(\.issuedUntil) == [house.clock.now])
    }
  }

  @Test func `a policy that asks for more has the tokens of before replaced, one for less has not`()
    async throws
  {
    try await House.with { house in
      let tenant = try await house.organisation()
      typealias Policy = IdentityOrganisationPolicy
      let steps: [(replaces: Bool, change: (inout Policy) -> Void)] = [
        (false, { $0.language = .english }), (true, { $0.secondFactor = .administrators }),
        (true, { $0.secondFactor = .everybody }), (false, { $0.secondFactor = .administrators }),
        // An hour is what the service has where nothing is said, and a day.
        (false, { $0.sessionIdleSeconds = 7_200 }), (true, { $0.sessionIdleSeconds = 3_600 }),
        (false, { $0.sessionIdleSeconds = 0 }), (true, { $0.sessionIdleSeconds = 3_599 }),
        (true, { $0.sessionAbsoluteSeconds = 86_399 }), (false, { $0.sessionAbsoluteSeconds = 0 }),
        (true, { $0.passwordCheckSeconds = 900 }), (false, { $0.passwordCheckSeconds = 901 }),
        (false, { $0.passwordCheckSeconds = 0 }),
      ]
      var policy = Policy()
      policy.remembersDevices = true
      for (number, step) in steps.enumerated() {
        house.clock.advance(2)
        let before = try await house.revocations().count
        step.change(&policy)
        try await house.setPolicy(tenant) { $0 = policy }
        let added = try await house.revocations().dropFirst(before)
        #expect(added.map(\.subject) == (step.replaces ? [.tenant(tenant)] : []), "\(number)")
        #expect(added.allSatisfy { $0.issuedUntil == house.clock.now }, "\(number)")
      }
    }
  }

  @Test func `a follower gets what is in force, then what comes, and after a break the rest`()
    async throws
  {
    try await House.with { house in
      let tenant = try await house.organisation()
      let feed = house.feed()
      func revoke() async throws {
        try await house.database.transaction(tenant: tenant) { transaction in
          try house.service.sessions.replaceTokensOfOrganisation(
            at: house.clock.now, in: transaction)
        }
      }
      struct Break: Error {}
      func follow(after: Int64, until count: Int) async throws -> (count: Int, sequence: Int64) {
        var seen = (count: 0, sequence: after)
        await #expect(throws: Break.self) {
          try await feed.follow(after: after) { revocations, sequence in
            seen.count += revocations.count
            #expect(sequence >= seen.sequence)
            seen.sequence = sequence
            if seen.count >= count { throw Break() }
          }
        }
        return seen
      }
      try await revoke()
      let first = try await follow(after: 0, until: 1)
      #expect(first.count == 1)
      // From several transactions at once, none is passed over.
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<20 { group.addTask { try await revoke() } }
        group.addTask {
          let rest = try await follow(after: first.sequence, until: 20)
          #expect(rest.count == 20)
        }
        try await group.waitForAll()
      }
      let nothing = try await follow(after: first.sequence + 3_600_000_000, until: 0)
      #expect(nothing.count == 0, "a follower is told that there is nothing new")
    }
  }

  @Test func `more than a batch comes in several, and what has expired is swept`() async throws {
    try await House.with { house in
      let tenant = try await house.organisation()
      let many = RevocationFeed.batchLimit + 5
      try await house.database.transaction(tenant: tenant) { transaction in
        try transaction.platformQueryAtCommit(
          SQL.revocationInsert(
            (0..<many).map { _ in
              Revocation(.session(UUID()), expiresAt: house.clock.now + 400)
            }))
      }
      #expect(try await house.revocations(limit: many + 1).count == many)
      struct Enough: Error {}
      let sizes = Mutex<[Int]>([])
      await #expect(throws: Enough.self) {
        try await house.feed().follow(after: 0) { revocations, _ in
          let all = sizes.withLock { sizes in
            sizes.append(revocations.count)
            return sizes.reduce(0, +)
          }
          if all >= many { throw Enough() }
        }
      }
      #expect(sizes.withLock(\.self) == [RevocationFeed.batchLimit, 5])
      house.clock.advance(400)
      _ = try await house.database.once(
        tenant: .platform, .revocationSweep(at: house.clock.now))
      #expect(try await house.count("revocation", .platform) == 0)
    }
  }

  @Test func `following ends when the process is told to stop`() async throws {
    try await House.with { house in
      let signal = DrainSignal()
      let feed = house.feed(signal)
      try await feed.follow(after: 0) { _, _ in signal.give() }
    }
  }
}

extension House {
  func feed(_ signal: DrainSignal = DrainSignal()) -> RevocationFeed {
    RevocationFeed(database: database, drainSignal: signal, now: { clock.now })
  }

  /// All that are in force.
  func revocations(limit: Int = 100) async throws -> [Revocation] {
    let results = try await database.once(
      tenant: .platform, .revocationFetch(after: 0, at: clock.now, limit: limit))
    return try Revocation.batch(results[0]).revocations
  }
}
