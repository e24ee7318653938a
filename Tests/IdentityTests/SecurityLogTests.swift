import Access
import Cryptography
import Foundation
import Launch
import Logging
import Postgres
import RPC
import Schemas
import Storage
import SwiftProtobuf
import Testing

@testable import Identity

@Suite("Security log")
struct SecurityLogTests {
  private static let email = "ada@acme.nl"

  @Test func `each step of a sign-in is an event, who did it and where from as pseudonyms`()
    async throws
  {
    try await House.with { house in
      let tenant = try await house.organisation()
      let ada = try await house.enrol(tenant, Self.email)
      house.clock.advance(1)
      _ = try await refusal { try await house.login(tenant, Self.email, "verkeerd wachtwoord") }
      await house.recordFailures()
      house.clock.advance(1)
      let first = try await house.signIn(tenant, Self.email)
      let events = try await house.events(of: tenant, about: ada)
      #expect(events.prefix(2).map(\.told) == ["sign_in", "password failed"])
      #expect(Set(events.dropFirst(2).map(\.told)) == ["statement", "password_set"])
      #expect(events[0].actorID == ada.canonical && events[0].actor == .person)
      #expect(events[0].sessionID == first.sessionID)
      #expect(events[1].actor == .anonymous && events[1].actorID.isEmpty)
      #expect(!events[0].source.isEmpty && events[0].source == events[1].source)
      house.clock.advance(1)
      _ = try await house.login(tenant, Self.email, from: "10.9.9.9:5")
      let other = try #require(try await house.events(of: tenant, about: ada).first)
      #expect(!other.source.isEmpty && other.source != events[0].source)
      let text = try await house.logText()
      for value in ["acme", "Ada", "10.0.0.1", "10.9.9.9", Hex(Self.email).text] {
        #expect(!text.contains(value), "\(value) stands in the log")
      }
    }
  }

  @Test func `failures of an account are one row a minute with a count, and of nobody none`()
    async throws
  {
    try await House.with { house in
      let tenant = try await house.organisation()
      let ada = try await house.enrol(tenant, Self.email)
      let before = try await house.count("security_event", tenant)
      house.clock.advance(1)
      for round in 0..<3 {
        for attempt in 0..<5 {
          let source = "10.0.\(round).\(attempt):5"
          _ = try await refusal { try await house.login(tenant, Self.email, "fout", from: source) }
          _ = try await refusal { try await house.login(tenant, "nobody@acme.nl", from: source) }
          _ = try await refusal { try await house.login(UUID(), Self.email, from: source) }
        }
        await house.recordFailures()
      }
      #expect(try await house.count("security_event", tenant) == before + 1)
      let failed = try #require(try await house.events(of: tenant, about: ada).first)
      #expect(failed.told == "password failed" && failed.occurrences == 15)
      #expect(failed.source.isEmpty)
      house.clock.advance(60)
      _ = try await refusal { try await house.login(tenant, Self.email, "fout") }
      await house.recordFailures()
      #expect(try await house.count("security_event", tenant) == before + 2)
    }
  }

  @Test func `attempts that are not looked at are counted for accounts that there are`()
    async throws
  {
    try await House.with { house in
      let tenant = try await house.organisation()
      let ada = try await house.enrol(tenant, Self.email)
      house.clock.advance(1)
      for email in [Self.email, "nobody@acme.nl"] {
        for _ in 0..<9 { _ = try await refusal { try await house.login(tenant, email, "fout") } }
      }
      await house.recordFailures()
      let events = try await house.events(of: tenant, about: ada)
      #expect(events.prefix(2).map(\.told).sorted() == ["password failed", "throttled failed"])
      #expect(events.prefix(2).map(\.occurrences).sorted() == [4, 5])
      let all = try await house.events(of: tenant)
      #expect(all.filter { $0.outcome == .failed }.allSatisfy { $0.personID == ada.canonical })
    }
  }

  @Test func `a flood of one kind is bounded, and keeps no other out`() {
    let (failures, tenant, now) = (SignInFailures(), UUID(), Date())
    for number in 0..<2_000 {
      failures.take(
        SignInFailures.Failure(
          tenant: tenant, account: .address("\(number)@example.org"), kind: .throttled),
        from: "10.0.0.1", at: now)
    }
    failures.take(
      SignInFailures.Failure(tenant: tenant, account: .person(UUID()), kind: .password),
      from: "10.0.0.1", at: now)
    let taken = failures.takeAll()
    #expect(taken.failures.count == SignInFailures.limit + 1)
    #expect(taken.lost == 2_000 - SignInFailures.limit)
    #expect(failures.takeAll().failures.isEmpty)
  }

  @Test func `factors, recovery codes and passwords leave their events`() async throws {
    try await House.with { house in
      let tenant = try await house.organisation()
      let ada = try await house.enrol(tenant, Self.email)
      let token = try await house.verify(try await house.login(tenant, Self.email).accessToken)
      let codes = try await house.addFactor(to: token, Self.email)
      var last = house.clock.now
      func gained(_ expected: [String]) async throws {
        let events = try await house.events(of: tenant, about: ada)
        let new = events.filter { $0.occurredAt.date > last }.map(\.told)
        #expect(new.sorted() == expected.sorted())
        last = house.clock.now
        house.clock.advance(30)
      }
      house.clock.advance(30)
      let answer = try await house.login(tenant, Self.email)
      try await gained(["password"])
      for _ in 0..<2 {
        _ = try await refusal { try await house.verify(answer, .code("000000")) }
      }
      try await gained(["factor failed"])
      _ = try await refusal { try await house.verify(answer, .recoveryCode(codes[1] + "A")) }
      _ = try await house.verify(answer, .recoveryCode(codes[0]))
      try await gained(["recovery_code failed", "recovery_code", "sign_in"])
      let second = try await house.verify(
        try await house.signIn(tenant, Self.email).accessToken)
      try await gained(["password", "factor", "sign_in"])
      _ = try await refusal { try await house.changePassword(second, "fout") }
      try await house.changePassword(second, House.password)
      try await gained(["password_check failed", "password_changed"])
    }
  }

  @Test func `everybody sees their own events, and who watches over the organisation all`()
    async throws
  {
    try await House.with { house in
      let tenant = try await house.organisation()
      let ada = try await house.enrol(tenant, Self.email)
      let ben = try await house.enrol(tenant, "ben@acme.nl", name: "Ben")
      _ = try await house.login(tenant, Self.email)
      let policy = SecurityLogServicePolicies.listSecurityEvents
      let own = house.asPerson(house.token(tenant: tenant, [.participant], subject: ada), policy)
      let mine = try await house.service.listSecurityEvents(.init(), own).events
      #expect(!mine.isEmpty && mine.allSatisfy { $0.personID == ada.canonical })
      for field in [\IdentityListSecurityEventsRequest.personID, \.actorID] {
        for somebody in [ben, UUID()] {
          let answer = try await refusal {
            try await house.service.listSecurityEvents(
              .with { $0[keyPath: field] = somebody.canonical }, own)
          }
          #expect(answer == Refusal(code: .notFound, message: "person not found"))
        }
      }
      let people = Set(try await house.events(of: tenant).map(\.personID))
      #expect(people.isSuperset(of: [ada.canonical, ben.canonical]))
      let neighbour = try await house.organisation()
      #expect(try await house.events(of: neighbour, about: ada).isEmpty)
      #expect(try await house.events(of: neighbour).allSatisfy { $0.personID.isEmpty })
    }
  }

  @Test func `the list is filtered and comes in pages that belong to the question`() async throws {
    try await House.with { house in
      let tenant = try await house.organisation()
      _ = try await house.enrol(tenant, Self.email)
      let (begin, auditor) = (house.clock.now, house.auditor(of: tenant))
      for _ in 0..<5 {
        house.clock.advance(10)
        _ = try await house.login(tenant, Self.email)
      }
      var ask = IdentityListSecurityEventsRequest.with {
        $0.kinds = [.signIn]
        $0.pageSize = 2
      }
      var times: [Date] = []
      repeat {
        let page = try await house.service.listSecurityEvents(ask, auditor)
        #expect(page.events.count <= 2 && page.events.allSatisfy { $0.kind == .signIn })
        times += page.events.map(\.occurredAt.date)
        ask.pageToken = page.nextPageToken
      } while !ask.pageToken.isEmpty
      #expect(times == (1...5).reversed().map { begin + TimeInterval($0 * 10) })
      ask.from = Google_Protobuf_Timestamp(date: begin + 20)
      ask.until = Google_Protobuf_Timestamp(date: begin + 40)
      let some = try await house.service.listSecurityEvents(ask, auditor)
      #expect(some.events.map(\.occurredAt.date) == [begin + 30, begin + 20])
      ask.pageSize = 1
      let token = try await house.service.listSecurityEvents(ask, auditor)
        .nextPageToken
      ask.kinds = []
      ask.pageToken = token
      let another = ask
      await #expect(throws: PageError.token) {
        try await house.service.listSecurityEvents(another, auditor)
      }
      ask = .with {
        $0.from.seconds = .min
        $0.until.seconds = .max
        $0.until.nanos = .min
      }
      #expect(
        try await !house.service.listSecurityEvents(ask, auditor).events.isEmpty)
      let unknown = try await refusal {
        try await house.service.listSecurityEvents(
          .with { $0.kinds = [.unspecified] }, auditor)
      }
      #expect(unknown?.code == .invalidArgument)
    }
  }

  @Test func `what somebody did and was done to is exported, and stays without them`()
    async throws
  {
    try await House.with { house in
      let tenant = try await house.organisation()
      let ada = try await house.enrol(tenant, Self.email)
      house.clock.advance(60)
      for _ in 0..<2 { _ = try await house.login(tenant, Self.email) }
      let store = SubjectStore(
        database: house.database, vault: house.service.vault, sessions: house.service.sessions,
        accesses: house.service.accesses, now: { house.clock.now })
      let subject = Subject(Mandate(tenant: tenant), person: ada, orderedBy: .service("test"))
      var records: [SubjectRecord] = []
      try await store.export(subject) { records.append($0) }
      let exported = records.filter { $0.table == "security_event" }
      #expect(exported.count == 4)
      #expect(
        exported[0].fields.map { "\($0.name)=\($0.value)" } == [
          "kind=sign_in", "outcome=succeeded", "by=self", "about=self", "occurrences=1",
          "occurred_at=2026-09-21T14:14:20.000Z",
        ])
      let exports = try await house.events(of: tenant, about: ada)
        .filter { $0.kind == .dataExported }
      #expect(exports.map(\.outcome) == [.succeeded])
      let before = try await house.count("security_event", tenant)
      let erased = try await store.erase(subject)
      // The export as well.
      #expect(erased.first { $0.table == "security_event" }?.rows == 5)
      #expect(try await house.count("security_event", tenant) >= before)
      let left = try await house.events(of: tenant)
      #expect(left.filter { $0.kind == .signIn }.count == 2)
      #expect(left.allSatisfy { $0.personID.isEmpty && $0.actorID.isEmpty })
      #expect(left.filter { $0.kind == .signIn }.allSatisfy {
        $0.sessionID.isEmpty && $0.source.isEmpty
      })
    }
  }
}

extension House {
  /// What the background does about failed sign-ins.
  func recordFailures() async {
    let (failures, lost) = service.failures.takeAll()
    await FailureLog(
      database: database, vault: service.vault, logger: Logger(label: "test")
    ).write(failures, lost: lost)
  }

  func auditor(of tenant: UUID) -> Call {
    asPerson(
      token(tenant: tenant, [.auditor]), SecurityLogServicePolicies.listSecurityEvents)
  }

  func events(of tenant: UUID, about person: UUID? = nil) async throws -> [IdentitySecurityEvent] {
    try await service.listSecurityEvents(
      .with {
        $0.pageSize = 100
        $0.personID = person?.canonical ?? ""
      }, auditor(of: tenant)
    ).events
  }

  /// All that the log holds, as text.
  func logText() async throws -> String {
    let rows = try await admin.run(
      ["SELECT string_agg(event::text, ' ') AS events FROM identity.security_event AS event"],
      deadline: nil)
    return try rows[0][0].get("events")
  }

  func changePassword(_ token: Token, _ current: String) async throws {
    _ = try await service.changePassword(
      .with {
        $0.currentPassword = current
        $0.newPassword = "molen sloot dijk polder"
      }, asPerson(token, PasswordServicePolicies.changePassword))
  }
}

/// How bytea shows a text.
private struct Hex {
  let text: String
  init(_ plain: String) { text = plain.utf8.map { String(format: "%02x", $0) }.joined() }
}

extension IdentitySecurityEvent {
  /// As it is stored, in short.
  var told: String {
    let name = "\(kind)".reduce(into: "") { text, letter in
      text += letter.isUppercase ? "_\(letter.lowercased())" : "\(letter)"
    }
    return outcome == .failed ? "\(name) failed" : name
  }
}
