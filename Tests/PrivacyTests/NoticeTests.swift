import Cryptography
import Foundation
import RPC
import Schemas
import Storage
import SwiftProtobuf
import Testing

@testable import Privacy

private let link = "https://authority.example.org/complain"

@Suite struct NoticeRuleTests {
  private static let start = Date(timeIntervalSince1970: 1_800_000_000)

  private func request(
    _ kind: RequestKind = .access, asOfficer: Bool = false
  ) -> PrivacyRequest {
    PrivacyRequest(kind, about: UUID(), by: UUID(), asOfficer: asOfficer, at: Self.start)
  }

  private func kinds(_ notices: RequestNotices) -> [Notice.Kind] { notices.notices.map(\.kind) }

  @Test func `clause 38: a request is brought to mind seven days and two before it is due`() {
    let own = request()
    let told = RequestNotices(received: own)
    #expect(kinds(told) == [.requestReceived] + Notice.Kind.reminders)
    #expect(
      told.notices.map { own.dueAt.timeIntervalSince($0.dueAt) / 86_400 } == [28, 7, 2, 0])
    #expect(told.notices.allSatisfy { $0.moment == own.dueAt && $0.reference == own.id })
    #expect(told.notices.allSatisfy { $0.person == nil })
    // Somebody who can do something about the officer's silence as well.
    #expect(told.notices.map(\.audience).last == .responsible)
    #expect(told.notices.dropLast().allSatisfy { $0.audience == .authorisedPersons })
    #expect(kinds(RequestNotices(received: request(asOfficer: true))) == Notice.Kind.reminders)
    #expect(
      kinds(RequestNotices(received: request(.erasure, asOfficer: true)))
        == [.requestForApproval] + Notice.Kind.reminders)
  }

  @Test func `clause 44: who asked is told the outcome, a refusal with the authority's link`()
    throws
  {
    let own = request()
    let refused = try own.refused(on: .notIdentified, by: UUID(), at: Self.start + 60)
    let told = RequestNotices(
      from: own, to: refused, at: Self.start + 60, authorityLink: link)
    #expect(kinds(told) == [.requestRefused])
    #expect(told.notices[0].person == own.subject && told.notices[0].audience == .person)
    #expect(told.notices[0].authorityLink == link)
    #expect(Set(told.cancelled).isSuperset(of: Notice.Kind.forDecision + Notice.Kind.reminders))

    let done = RequestNotices.completed(
      try own.approved(by: UUID(), at: Self.start), at: Self.start + 60)
    #expect(kinds(done) == [.requestCompleted] && done.notices[0].person == own.subject)

    // On somebody's behalf: the officer tells them.
    let other = request(.rectification, asOfficer: true)
    let closed = RequestNotices(
      from: other, to: try other.done(at: Self.start), at: Self.start, authorityLink: link)
    #expect(kinds(closed).isEmpty && closed.cancelled == Notice.Kind.forDecision
      + Notice.Kind.reminders)

    // Nobody is left to tell.
    let erasure = try request(.erasure).approved(by: UUID(), at: Self.start)
    #expect(kinds(.completed(erasure, at: Self.start)).isEmpty)
    let nothing = RequestNotices(from: own, to: own, at: Self.start, authorityLink: link)
    #expect(nothing.cancelled.isEmpty && nothing.notices.isEmpty)
  }

  @Test func `clause 38: an extension is told, and the reminders go with it`() throws {
    let own = request()
    let zone = try #require(TimeZone(identifier: "Europe/Amsterdam"))
    let extended = try own.extended(in: zone, at: Self.start + 86_400)
    let told = RequestNotices(
      from: own, to: extended, at: Self.start + 86_400, authorityLink: link)
    #expect(told.cancelled == Notice.Kind.reminders)
    #expect(kinds(told) == Notice.Kind.reminders + [.requestExtended])
    #expect(told.notices.allSatisfy { $0.moment == extended.dueAt })
    #expect(told.notices[2].dueAt == extended.dueAt)
  }

  @Test(arguments: [UInt64.random(in: 0...UInt64.max), 1, 2])
  func `each reminder is superseded when the next one is due, whatever the day`(seed: UInt64) {
    var random = BreachClockTests.Seeded(seed)
    for _ in 0..<1_000 {
      let received = Date(timeIntervalSince1970: .random(in: 0...4_102_444_800, using: &random))
      let made = PrivacyRequest(.access, about: UUID(), by: UUID(), asOfficer: true, at: received)
      let notices = RequestNotices(received: made).notices
      let times = notices.map(\.dueAt)
      #expect(times == times.sorted() && times.allSatisfy { $0 > received }, "seed \(seed)")
      #expect(
        notices.map(\.supersededAt) == [times[1], times[2], nil], "seed \(seed): \(received)")
    }
  }
}

@Suite struct NoticeTests {
  private typealias Home = RegisterHome

  private func own(_ home: NoticeHome) -> PrivacyRequest {
    PrivacyRequest(.access, about: UUID(), by: UUID(), asOfficer: false, at: home.clock.now)
  }

  @Test func `clause 38: each reminder goes once at its time, until the request is closed`()
    async throws
  {
    try await NoticeHome.with { home in
      let request = own(home)
      try await home.receive(request, Home.first)
      try await home.deliver()
      try await home.deliver()
      #expect(home.identity.kinds == [.requestReceived])
      home.clock.set(request.dueAt - 7 * 86_400)
      try await home.deliver()
      home.clock.set(request.dueAt - 2 * 86_400)
      try await home.deliver()
      try await home.deliver()
      #expect(home.identity.kinds == [.requestReceived, .requestSoon, .requestUrgent])
      #expect(home.identity.taken.allSatisfy { $0.organisationID == Home.first.canonical })
      let approved = try request.approved(by: UUID(), at: home.clock.now)
      try await home.change(request, to: approved, Home.first)
      #expect(try await home.waiting() == 1)
      let refused = try request.refused(on: .notIdentified, by: UUID(), at: home.clock.now)
      try await home.change(request, to: refused, Home.first)
      home.clock.set(request.dueAt + 1)
      try await home.deliver()
      #expect(home.identity.kinds.last == .requestRefused)
      #expect(home.identity.kinds.count == 4 && home.identity.taken.last?.authorityLink == link)
      #expect(try await home.waiting() == 0)
    }
  }

  @Test func `what could not be told in time is told by the latest reminder alone`() async throws {
    try await NoticeHome.with { home in
      let request = own(home)
      try await home.receive(request, Home.first)
      home.identity.refuse(.unavailable("down"))
      home.clock.set(request.dueAt - 7 * 86_400)
      #expect(try await home.rounds.round() == .unreachable)
      home.clock.set(request.dueAt + 1)
      #expect(try await home.rounds.round() == .unreachable)
      home.identity.refuse(nil)
      try await home.deliver()
      #expect(Set(home.identity.kinds) == [.requestReceived, .requestOverdue])
      #expect(try await home.waiting() == 0)
    }
  }

  @Test func `a notice that identity took and could not say so is handed over as the same one`()
    async throws
  {
    try await NoticeHome.with { home in
      try await home.receive(own(home), Home.first)
      home.identity.forget(true)
      #expect(try await home.rounds.round() == .unreachable)
      home.identity.forget(false)
      try await home.deliver()
      #expect(home.identity.taken.count == 2 && home.identity.ids.count == 1)
    }
  }

  @Test func `one that a process took and did not hand over is another's after its lease`()
    async throws
  {
    try await NoticeHome.with { home in
      try await home.receive(own(home), Home.first)
      let queue = NoticeQueue(database: home.database)
      #expect(try await queue.claim(limit: 10, at: home.clock.now).count == 1)
      // Whoever took it was killed.
      #expect(try await home.rounds.round() == .nothing)
      home.clock.move(seconds: NoticeQueue.lease)
      try await home.deliver()
      #expect(home.identity.kinds == [.requestReceived])
    }
  }

  @Test func `one that identity refuses holds no other up, and one of nobody goes`() async throws {
    try await NoticeHome.with { home in
      try await home.receive(own(home), Home.first)
      home.identity.refuse(.invalidArgument("no"))
      #expect(try await home.rounds.round() == .done)
      home.identity.refuse(nil)
      try await home.receive(own(home), Home.second)
      try await home.deliver()
      #expect(home.identity.taken.map(\.organisationID) == [Home.second.canonical])
      home.clock.move(seconds: 10)
      home.identity.refuse(.notFound("organisation not found"))
      try await home.deliver()
      home.identity.refuse(nil)
      home.clock.move(days: 1)
      try await home.deliver()
      #expect(home.identity.taken.count == 1)
    }
  }

  @Test func `clause 39: affected organisations are mailed before everything that waits`()
    async throws
  {
    try await NoticeHome.with { home in
      for _ in 0..<30 { try await home.receive(own(home), Home.second) }
      let policies = BreachServicePolicies.self
      var breach = try await home.home.breaches.registerBreach(
        .with {
          $0.awareAt = .init(date: home.clock.now)
          $0.content.nature = "a laptop"
          $0.content.peopleCategories = "participants"
          $0.content.recordCategories = "names"
          $0.content.consequences = "few"
          $0.content.measures = "many"
          $0.affectedOrganisationIds = [Home.first.canonical]
        }, Home.operators(policies.registerBreach))
      #expect(try await home.rounds.round() == .done)
      #expect(home.identity.kinds.first == .breach)
      #expect(home.identity.taken[0].audience == .responsible)
      #expect(home.identity.taken[0].referenceID == breach.breachID)
      try await home.deliver()
      #expect(home.identity.kinds.count == 31)
      // News to those who were told; to who is told now, that there is a breach.
      breach = try await home.home.breaches.updateBreach(
        .with {
          $0.breachID = breach.breachID
          $0.expectedRevision = breach.revision
          $0.content = breach.content
          $0.affectedOrganisationIds = [Home.first, Home.second].map(\.canonical)
        }, Home.operators(policies.updateBreach))
      _ = try await home.home.breaches.addBreachEntry(
        .with {
          $0.breachID = breach.breachID
          $0.kind = .measure
          $0.text = "more"
        }, Home.operators(policies.addBreachEntry))
      try await home.deliver()
      let news = home.identity.taken.dropFirst(31)
      #expect(
        Set(news.map { [$0.organisationID, "\($0.kind)"] }) == [
          [Home.first.canonical, "\(NoticeKind.breachChanged)"],
          [Home.second.canonical, "\(NoticeKind.breach)"],
        ])
      #expect(news.count == 2)
    }
  }

  @Test func `clause 30: a sub-processor is announced to every organisation by mail`()
    async throws
  {
    try await NoticeHome.with { home in
      let announced = try await home.home.registers.announceSubProcessor(
        .with {
          $0.name = "Hosting"
          $0.service = "hosting"
          $0.agreementReference = "A-1"
          $0.agreementSignedOn = "2026-11-01"
          $0.country = "NL"
          $0.safeguards = "all"
        }, Home.operators(RegisterServicePolicies.announceSubProcessor))
      try await home.deliver()
      let told = home.identity.taken
      #expect(told.count == 1 && told[0].kind == .subProcessor && told[0].version == 1)
      #expect(told[0].organisationID.isEmpty && told[0].audience == .authorisedPersons)
      #expect(told[0].moment == announced.objectionsUntil)
    }
  }

  @Test func `clause 44: a complaint and its answer are told, with where else one can complain`()
    async throws
  {
    try await NoticeHome.with { home in
      let person = UUID()
      let filed = try await home.home.complaints.fileComplaint(
        .with { $0.text = "Too loud" },
        Home.participant(
          Home.first, ComplaintServicePolicies.fileComplaint, subject: person))
      try await home.deliver()
      _ = try await home.home.complaints.answerComplaint(
        .with {
          $0.complaintID = filed.complaintID
          $0.outcome = .refused
          $0.answer = "No"
        }, Home.officer(Home.first, ComplaintServicePolicies.answerComplaint))
      try await home.deliver()
      #expect(home.identity.kinds == [.complaintReceived, .complaintAnswered])
      #expect(home.identity.taken[0].personID.isEmpty)
      #expect(home.identity.taken[1].personID == person.canonical)
      #expect(home.identity.taken[1].authorityLink == link)
    }
  }

  @Test func `of a person who is erased no notice is left`() async throws {
    try await NoticeHome.with { home in
      let request = own(home)
      let subject = try #require(request.subject)
      try await home.receive(request, Home.first)
      let refused = try request.refused(on: .notIdentified, by: UUID(), at: home.clock.now)
      try await home.change(request, to: refused, Home.first)
      try await home.receive(own(home), Home.first)
      #expect(try await home.waiting() == 5)
      try await home.database.transaction(tenant: Home.first) {
        _ = try await SubjectStore.erase(subject, at: home.clock.now, in: $0)
      }
      #expect(try await home.waiting() == 4)
    }
  }
}
