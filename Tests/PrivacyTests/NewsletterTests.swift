import Access
import Cryptography
import Foundation
import Mail
import Postgres
import ProgramSupport
import RPC
import Schemas
import Storage
import StorageSupport
import SwiftProtobuf
import Telemetry
import Testing

@testable import Launch
@testable import Privacy

/// The newsletter on a real database, with its mail in a folder.
private struct Press: Sendable {
  let home: RegisterHome
  let desk: NewsletterDesk
  let rounds: NewsletterRounds
  let outbox: Outbox
  private let folder: URL
  private let postman: Postman

  typealias Policies = NewsletterServicePolicies

  static func with(_ body: @Sendable (Press) async throws -> Void) async throws {
    try await RegisterHome.with { home in
      let press = try Press(home)
      var failure: (any Error)?
      do { try await body(press) } catch { failure = error }
      press.postman.shutdown()
      try? FileManager.default.removeItem(at: press.folder)
      if let failure { throw failure }
    }
  }

  private init(_ home: RegisterHome) throws {
    self.home = home
    let (database, vault, clock) = (home.base.database, home.base.vault, home.clock)
    let now: @Sendable () -> Date = { clock.now }
    outbox = try Outbox(database: database, vault: vault, schema: "privacy")
    let links = NewsletterLinks(base: "https://ikso.example")
    desk = NewsletterDesk(
      database: database, vault: vault, pages: PageTokens(vault),
      answers: try KeptAnswers(database: database, vault: vault, schema: "privacy"),
      throttle: IntakeThrottle(), outbox: outbox, links: links, now: now)
    rounds = NewsletterRounds(
      database: database, vault: vault, outbox: outbox, links: links, pace: 600,
      logger: NoticeHome.quiet, now: now)
    folder = FileManager.default.temporaryDirectory.appending(path: "ikso-\(UUID().uuidString)")
    let sender = try #require(MailAddress("noreply@ikso.example"))
    postman = Postman(
      outbox, MailSettings(route: .folder(try MailFolder(folder.path)), sender: sender),
      metrics: MetricsRegistry(), logger: NoticeHome.quiet, now: now)
  }

  /// Sends what is due before it looks.
  func mails() async throws -> [MailFile] {
    while try await postman.round() == .done {}
    return try FileManager.default.contentsOfDirectory(
      at: folder.appending(path: "new"), includingPropertiesForKeys: nil
    ).map { try MailFile($0) }
  }

  func anybody(_ policy: AccessPolicy, from source: String = UUID().uuidString) -> Call {
    Call(
      caller: .anonymous,
      rpc: ServerCall(
        method: NewsletterServiceMethods.subscribe, remoteAddress: "\(source):1"),
      policy: policy)
  }

  func subscribe(_ email: String, from source: String = UUID().uuidString) async throws {
    _ = try await desk.subscribe(
      .with {
        $0.email = email
        $0.language = .english
      }, anybody(Policies.subscribe, from: source))
  }

  func confirm(_ code: String) async throws -> PrivacyConfirmSubscriptionResponse {
    try await desk.confirmSubscription(
      .with { $0.code = code }, anybody(Policies.confirmSubscription))
  }

  func code(to email: String) async throws -> String {
    try #require(try await mails().last { $0.to == email && $0.code != nil }?.code)
  }

  func send(_ subject: String, key: String? = nil) async throws -> PrivacyNewsletterIssue {
    try await desk.sendNewsletter(
      .with {
        $0.language = .english
        $0.subject = subject
        $0.parts = [.with { $0.text = "News." }, .with { $0.link = "https://example.org/news" }]
      }, RegisterHome.operators(Policies.sendNewsletter, key: key))
  }

  func count(_ table: String) async throws -> Int {
    let table = try SQLIdentifier(table)
    return try await home.base.admin.run(["SELECT count(*) AS n FROM privacy.\(table)"])[0][0]
      .get("n")
  }

  /// As many who have confirmed.
  func fill(_ count: Int) async throws {
    let (vault, time) = (home.base.vault, home.clock.now)
    for number in 0..<count {
      let subscriber = Subscriber(
        id: UUID(), email: "s\(number)@example.org", language: .english, consent: "yes",
        requestedAt: time)
      let key = try await vault.person(.platform, subscriber.id, create: true)
      let index = try await vault.blindIndex(.platform, subscriber.email)
      try await home.base.database.transaction(tenant: .platform) {
        _ = try await NewsletterStore.insert(
          subscriber, index: index, code: SecureRandom.bytes(32), key, in: $0)
        try await NewsletterStore.confirm(subscriber.id, at: time, in: $0)
      }
    }
  }
}

@Suite struct NewsletterTests {
  @Test func `clause 18: an address is asked once a day, and the answer tells nothing`()
    async throws
  {
    try await Press.with { press in
      try await press.subscribe("Sam@Example.org")
      try await press.subscribe("sam@example.org")
      #expect(try await press.mails().count == 1)
      let code = try await press.code(to: "Sam@Example.org")
      let confirmed = try await press.confirm(code)
      #expect(confirmed.consent == NewsletterLetter.consent(.english))
      #expect(try await press.count("subscriber") == 1)
      try await expectRefused("NOT_FOUND") { try await press.confirm(code) }
      // Who is subscribed is asked again as anybody is; confirming renews it, and doubles nothing.
      try await press.subscribe("sam@example.org")
      #expect(try await press.mails().count == 1)
      press.home.clock.move(days: 1, seconds: 1)
      try await press.subscribe("sam@example.org")
      #expect(try await press.mails().count == 2)
      let next = try #require(
        try await press.mails().compactMap(\.code).first { $0 != code })
      _ = try await press.confirm(next)
      #expect(try await press.count("subscriber") == 1)
    }
  }

  @Test func `clause 28: an address that nobody confirms is deleted`() async throws {
    try await Press.with { press in
      try await press.subscribe("sam@example.org")
      let code = try await press.code(to: "sam@example.org")
      press.home.clock.move(days: 7)
      try await expectRefused("NOT_FOUND") { try await press.confirm(code) }
      let reports = try await press.home.retention.sweep.run(
        Mandate(tenant: .platform), orderedBy: .service("privacy"), pause: .zero
      ) { _, _, _ in }
      #expect(reports.first { $0.category == .subscriber }?.deleted == 1)
      #expect(try await press.count("subscriber") == 0)
    }
  }

  @Test func `what is no address, language or code is refused, and one source is slowed down`()
    async throws
  {
    try await Press.with { press in
      try await expectRefused("INVALID_ARGUMENT") { try await press.subscribe("sam") }
      try await expectRefused("INVALID_ARGUMENT") {
        try await press.desk.subscribe(
          .with { $0.email = "a@example.org" }, press.anybody(Press.Policies.subscribe))
      }
      for code in ["", "x", String(repeating: "A", count: 64), Base64URL.encode([1, 2])] {
        try await expectRefused("NOT_FOUND") { try await press.confirm(code) }
        try await expectRefused("NOT_FOUND") {
          try await press.desk.unsubscribe(
            .with { $0.code = code }, press.anybody(Press.Policies.unsubscribe))
        }
      }
      for number in 0..<IntakeThrottle.limit {
        try await press.subscribe("n\(number)@example.org", from: "192.0.2.1")
      }
      try await expectRefused("RESOURCE_EXHAUSTED") {
        try await press.subscribe("more@example.org", from: "192.0.2.1")
      }
    }
  }

  @Test func `an issue goes to each subscriber once, page by page, whatever ends in between`()
    async throws
  {
    try await Press.with { press in
      let count = NewsletterRounds.pageLimit + 10
      try await press.fill(count)
      let issue = try await press.send("News of the month", key: "one")
      #expect(try await press.send("News of the month", key: "one") == issue)
      // Who comes later does not get it.
      press.home.clock.move(seconds: 1)
      try await press.subscribe("late@example.org")
      _ = try await press.confirm(try await press.code(to: "late@example.org"))
      #expect(try await press.rounds.round() == NewsletterRounds.pageLimit)
      // Two processes at once write one page.
      async let one = press.rounds.round()
      async let two = press.rounds.round()
      let both = try await (one, two)
      #expect(both.0 + both.1 == 10)
      #expect(try await press.rounds.round() == 0)
      let mails = try await press.mails().filter { $0.subject == "News of the month" }
      #expect(mails.count == count && Set(mails.map(\.to)).count == count)
      let links = mails.map { mail in
        mail.head.firstMatch(of: /List-Unsubscribe: <([^>]+)>/).map { String($0.output.1) }
      }
      #expect(Set(links).count == count && !links.contains(nil))
      #expect(mails.allSatisfy { $0.plainText.contains("https://example.org/news") })
      let listed = try await press.desk.listNewsletters(
        .init(), RegisterHome.operators(Press.Policies.listNewsletters)
      ).issues
      #expect(listed.map(\.mails) == [UInt64(count)] && listed[0].hasDoneAt)
    }
  }

  @Test func `clause 18: who unsubscribes gets nothing any more, what waits included`()
    async throws
  {
    try await Press.with { press in
      try await press.fill(2)
      _ = try await press.send("First")
      _ = try await press.rounds.round()
      let mails = try await press.mails()
      let link = try #require(
        mails[0].head.firstMatch(of: /unsubscribe\/([^>]+)>/)?.output.1)
      _ = try await press.send("Second")
      #expect(try await press.rounds.round() == 2)
      for _ in 0..<2 {
        _ = try await press.desk.unsubscribe(
          .with { $0.code = String(link) }, press.anybody(Press.Policies.unsubscribe))
      }
      #expect(try await press.count("subscriber") == 1)
      let second = try await press.mails().filter { $0.subject == "Second" }
      #expect(second.map(\.to) == [mails[1].to])
      #expect(try await press.count("outbox") == 0)
      _ = try await press.send("Third")
      #expect(try await press.rounds.round() == 1)
    }
  }

  @Test func `an issue stops while too much mail waits`() async throws {
    try await Press.with { press in
      try await press.fill(1)
      _ = try await press.send("News")
      _ = try await press.home.base.admin.run([
        """
        INSERT INTO privacy.outbox_due (tenant_id, organisation_id, outbox_id, next_attempt_at)
        SELECT \(UUID.platform), \(UUID.platform), gen_random_uuid(), now() + interval '99 years'
        FROM generate_series(1, \(Int(NewsletterRounds.waitingLimit)))
        """
      ])
      #expect(try await press.rounds.round() == 0)
      _ = try await press.home.base.admin.run(["DELETE FROM privacy.outbox_due"])
      #expect(try await press.rounds.round() == 1)
    }
  }

  private static let harmful: [@Sendable (inout PrivacySendNewsletterRequest) -> Void] = [
    { $0.language = .unspecified }, { $0.subject = "" }, { $0.subject = "a\nBcc: b" },
    { $0.parts = [] }, { $0.parts = [PrivacyNewsletterPart()] },
    { $0.parts[0].link = "http://example.org" },
    { $0.parts[0].link = "https://example.org/\"><img>" },
    { $0.parts = Array(repeating: $0.parts[0], count: 101) },
  ]

  @Test func `an issue that could do harm is refused`() async throws {
    try await Press.with { press in
      for change in Self.harmful {
        var request = PrivacySendNewsletterRequest.with {
          $0.language = .dutch
          $0.subject = "News"
          $0.parts = [.with { $0.text = "News" }]
        }
        change(&request)
        let sent = request
        try await expectRefused("INVALID_ARGUMENT") {
          try await press.desk.sendNewsletter(
            sent, RegisterHome.operators(Press.Policies.sendNewsletter))
        }
      }
      #expect(try await press.count("newsletter_issue") == 0)
    }
  }
}
