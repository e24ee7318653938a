import Foundation
import Logging
import Mail
import Postgres
import ProgramSupport
import Storage
import StorageSupport
import Synchronization
import Telemetry
import Testing

@testable import Launch

/// An outbox on a real database, with a folder that mail goes to where a test names no other way.
private final class PostOffice: Sendable {
  let base: ServiceDatabase
  let outbox: Outbox
  let metrics = MetricsRegistry()
  private let folder: URL
  private let clock = Mutex(Date(timeIntervalSince1970: 1_790_000_000))
  private let lines = Mutex<[String]>([])

  static func with(_ body: @Sendable (PostOffice) async throws -> Void) async throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    try await ServiceDatabase.with(
      schema: "identity", migrations: root.appending(path: "Services/Identity/Migrations")
    ) { base in
      let office = try PostOffice(base)
      defer { try? FileManager.default.removeItem(at: office.folder) }
      try await body(office)
    }
  }

  private init(_ base: ServiceDatabase) throws {
    self.base = base
    outbox = try Outbox(database: base.database, vault: base.vault, schema: "identity")
    folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
  }

  var now: Date { clock.withLock(\.self) }
  func advance(_ seconds: TimeInterval) { clock.withLock { $0 += seconds } }
  var log: [String] { lines.withLock(\.self) }

  /// One person for all of the mail, or one each.
  @discardableResult
  func post(
    _ addresses: String..., of tenant: UUID, person: UUID? = nil, lifetime: TimeInterval = 86_400
  ) async throws -> UUID {
    let person = person ?? UUID()
    let key = try await base.vault.person(tenant, person, create: true)
    try await base.database.once(
      tenant: tenant,
      all: outbox.post(
        addresses.map { address in
          let mail = Mail(to: address, name: "Noor", TestMail.letter)
          return (
            mail: OutgoingMail(
              mail, kind: "greeting", person: person, expiresAt: now + lifetime), key: key
          )
        }, tenant: tenant, at: now))
    return person
  }

  func postman(_ route: MailRoute? = nil, attempts: Int = 10) throws -> Postman {
    var settings = MailSettings(
      route: try route ?? .folder(MailFolder(folder.path)), sender: TestMail.sender)
    settings.attempts = attempts
    return Postman(
      outbox, settings, metrics: metrics,
      logger: Logger(label: "test") { _ in
        Recorder { line in self.lines.withLock { $0.append(line) } }
      }, now: { self.now })
  }

  /// Whom the folder has mail for.
  func delivered() throws -> [String] {
    try FileManager.default.contentsOfDirectory(
      at: folder.appending(path: "new"), includingPropertiesForKeys: nil
    ).map { try MailFile($0).to }.sorted()
  }

  /// Rows of both tables.
  func rows() async throws -> [Int64] {
    let results = try await base.admin.run([
      "SELECT count(*) AS n FROM identity.outbox", "SELECT count(*) AS n FROM identity.outbox_due",
    ])
    return try results.map { try $0[0].get("n") }
  }

  func dead(_ tenant: UUID) async throws -> [DeadMail] {
    try await outbox.dead(.first, Mandate(tenant: tenant)).mails
  }
}

/// Every line of a log with all that is in it.
private struct Recorder: LogHandler {
  let record: @Sendable (String) -> Void
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.trace

  init(_ record: @escaping @Sendable (String) -> Void) { self.record = record }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    record("\(event.message) \(event.metadata ?? [:])")
  }
}

@Suite("Postman")
struct PostmanTests {
  private let acme = UUID()
  private let other = UUID()

  @Test func `what is committed is sent once and nothing of it is kept`() async throws {
    try await PostOffice.with { office in
      let postman = try office.postman()
      defer { postman.shutdown() }
      try await office.post("a@example.org", "b@example.org", of: acme)
      try await office.post("c@example.org", of: other)
      #expect(try await postman.round() == .done)
      #expect(try await postman.round() == .nothingDue)
      #expect(try office.delivered() == ["a@example.org", "b@example.org", "c@example.org"])
      #expect(try await office.rows() == [0, 0])
      #expect(office.metrics.text().contains("ikso_mail_sent_total 3\n"))
    }
  }

  @Test func `what is rolled back is not sent`() async throws {
    try await PostOffice.with { office in
      let key = try await office.base.vault.person(acme, UUID(), create: true)
      struct No: Error {}
      await #expect(throws: No.self) {
        try await office.base.database.transaction(tenant: acme) { transaction in
          let mail = OutgoingMail(
            Mail(to: "a@example.org", name: "A", TestMail.letter), kind: "greeting",
            person: UUID(), expiresAt: office.now + 60)
          try await transaction.query(
            all: office.outbox.post([(mail: mail, key: key)], tenant: acme, at: office.now))
          throw No()
        }
      }
      #expect(try await office.rows() == [0, 0])
    }
  }

  @Test func `somebody who is erased gets no mail, and nothing of it is left`()
    async throws
  {
    try await PostOffice.with { office in
      let postman = try office.postman()
      defer { postman.shutdown() }
      let person = try await office.post("a@example.org", of: acme)
      // As an erasure that another process has not finished: the key first.
      try await office.base.vault.destroyPerson(acme, person, orderedBy: .service("test"))
      let gone = try await office.post("b@example.org", of: acme)
      try await office.base.database.once(
        tenant: acme,
        "DELETE FROM identity.outbox WHERE tenant_id = \(acme) AND person_id = \(gone)")
      try await office.post("c@example.org", of: other)
      try await office.base.vault.destroyTenant(other, orderedBy: .service("test"))
      #expect(try await postman.round() == .done)
      #expect(try office.delivered().isEmpty)
      #expect(try await office.rows() == [0, 0])
    }
  }

  @Test func `mail that has become useless is not sent`() async throws {
    try await PostOffice.with { office in
      let postman = try office.postman()
      defer { postman.shutdown() }
      try await office.post("late@example.org", of: acme, lifetime: 60)
      office.advance(60)
      #expect(try await postman.round() == .done)
      #expect(try office.delivered().isEmpty)
      #expect(try await office.rows() == [0, 0])
      #expect(office.metrics.text().contains("ikso_mail_expired_total 1\n"))
    }
  }

  @Test func `what a process that died has taken is sent by another once its lease is over`()
    async throws
  {
    try await PostOffice.with { office in
      let postman = try office.postman()
      defer { postman.shutdown() }
      try await office.post("a@example.org", of: acme)
      // It dies here.
      #expect(try await office.outbox.claim(limit: 10, share: 10, at: office.now).count == 1)
      #expect(try await postman.round() == .nothingDue)
      office.advance(Outbox.lease - 1)
      #expect(try await postman.round() == .nothingDue)
      office.advance(1)
      #expect(try await postman.round() == .done)
      #expect(try office.delivered() == ["a@example.org"])
    }
  }

  @Test func `a row that cannot be read is given up and holds up nothing else`() async throws {
    try await PostOffice.with { office in
      let postman = try office.postman()
      defer { postman.shutdown() }
      try await office.post("a@example.org", of: acme)
      _ = try await office.base.admin.run(["UPDATE identity.outbox SET sealed_mail = '\\x00'"])
      try await office.post("b@example.org", of: acme)
      try await office.post("c@example.org", of: other)
      #expect(try await postman.round() == .done)
      #expect(try office.delivered() == ["b@example.org", "c@example.org"])
      #expect(try await office.dead(acme).map(\.reason) == ["unreadable"])
    }
  }

  @Test func `an organisation's many letters do not hold up another's one`() async throws {
    try await PostOffice.with { office in
      let many = (0..<300).map { "n\($0)@example.org" }
      let key = try await office.base.vault.person(acme, UUID(), create: true)
      try await office.base.database.once(
        tenant: acme,
        all: office.outbox.post(
          many.map { address in
            (
              mail: OutgoingMail(
                Mail(to: address, name: "N", TestMail.letter), kind: "greeting", person: UUID(),
                expiresAt: office.now + 60), key: key
            )
          }, tenant: acme, at: office.now))
      office.advance(1)
      try await office.post("one@example.org", of: other)
      let claims = try await office.outbox.claim(limit: 10, share: 10, at: office.now)
      #expect(claims.count == 10)
      #expect(claims.count { $0.tenant == other } == 1)
    }
  }

  @Test func `what is urgent goes before all that waits, and bulk mail behind it`() async throws {
    try await PostOffice.with { office in
      for (tenant, urgency) in [(acme, PostUrgency.low), (other, .usual), (acme, .high)] {
        let person = UUID()
        let key = try await office.base.vault.person(tenant, person, create: true)
        try await office.base.database.once(
          tenant: tenant,
          all: office.outbox.post(
            (0..<3).map { number in
              (
                mail: OutgoingMail(
                  Mail(to: "n\(number)@example.org", name: "N", TestMail.letter),
                  kind: "\(urgency)", person: person, expiresAt: office.now + 600,
                  urgency: urgency), key: key
              )
            }, tenant: tenant, at: office.now))
        office.advance(1)
      }
      func kinds() async throws -> [String] {
        var kinds: [String] = []
        for claim in try await office.outbox.claim(limit: 3, share: 3, at: office.now) {
          kinds += try await office.outbox.open([claim.id], of: claim.tenant).map(\.kind)
        }
        return kinds
      }
      for urgency in ["high", "usual", "low"] {
        #expect(try await kinds() == [urgency, urgency, urgency])
      }
    }
  }

  @Test func `several at once take each piece once`() async throws {
    try await PostOffice.with { office in
      for number in 0..<20 { try await office.post("p\(number)@example.org", of: UUID()) }
      let claims = try await withThrowingTaskGroup(of: [OutboxClaim].self) { group in
        for _ in 0..<8 {
          group.addTask { try await office.outbox.claim(limit: 3, share: 3, at: office.now) }
        }
        return try await group.reduce(into: []) { $0 += $1 }
      }
      #expect(!claims.isEmpty && Set(claims).count == claims.count)
    }
  }
}

@Suite("Postman and relay", .enabled(if: TestRelay.isExpected, "no Python with aiosmtpd"))
struct PostmanRelayTests {
  private let acme = UUID()
  private let other = UUID()

  @Test func `what is put off is tried again later, under the same Message-ID`() async throws {
    try await TestRelay.with { relay in
      let route = try relay.route()
      try await PostOffice.with { office in
        let postman = try office.postman(route)
        defer { postman.shutdown() }
        try await office.post("data-451-2.a@example.org", of: acme)
        let id = try await office.base.admin.run(["SELECT outbox_id FROM identity.outbox"])[0][0]
          .get("outbox_id", as: UUID.self)
        #expect(try await postman.round() == .done)
        office.advance(Postman.firstDelay - 1)
        #expect(try await postman.round() == .nothingDue)
        office.advance(0.2 * Postman.firstDelay + 1)
        #expect(try await postman.round() == .done)
        office.advance(1.3 * Postman.firstDelay)
        #expect(try await postman.round() == .nothingDue, "the pause is doubled")
        office.advance(1.2 * Postman.firstDelay)
        #expect(try await postman.round() == .done)
        #expect(try await office.rows() == [0, 0])
        #expect(office.metrics.text().contains("ikso_mail_retried_total 2\n"))
        #expect(office.log.contains { $0.contains("put off") && $0.contains("smtp 451") })
        #expect(!office.log.contains { $0.contains("example.org") }, "\(office.log)")
        let name = id.uuidString.lowercased()
        #expect(office.log.contains { $0.contains(name) })
      }
      let received = try await relay.received()[0]
      #expect(received.to == "data-451-2.a@example.org")
      #expect(try MailFile(text: received.text).head.contains("Message-ID: <"))
    }
  }

  @Test func `what is refused for good is its organisation's alone to see and to try again`()
    async throws
  {
    try await TestRelay.with { relay in
      let route = try relay.route()
      try await PostOffice.with { office in
        let postman = try office.postman(route)
        defer { postman.shutdown() }
        try await office.post("rcpt-550-1.a@example.org", of: acme)
        #expect(try await postman.round() == .done)
        let dead = try await office.dead(acme)
        #expect(dead.map(\.reason) == ["smtp 550"] && dead.map(\.kind) == ["greeting"])
        #expect(dead[0].attempts == 1 && dead[0].diedAt == office.now)
        #expect(try await office.dead(other).isEmpty)
        office.advance(86_000)
        #expect(try await postman.round() == .nothingDue)
        #expect(
          try await !office.outbox.revive(dead[0].id, Mandate(tenant: other), at: office.now))
        #expect(try await postman.round() == .nothingDue)
        #expect(
          try await office.outbox.revive(dead[0].id, Mandate(tenant: acme), at: office.now))
        #expect(try await postman.round() == .done)
        #expect(try await office.rows() == [0, 0])
        #expect(!office.log.contains { $0.contains("example.org") }, "\(office.log)")
      }
      #expect(try await relay.received()[0].to == "rcpt-550-1.a@example.org")
    }
  }

  @Test func `what is put off too often is given up, and gone after its time`() async throws {
    try await TestRelay.with { relay in
      let route = try relay.route()
      try await PostOffice.with { office in
        let postman = try office.postman(route, attempts: 2)
        defer { postman.shutdown() }
        try await office.post("rcpt-451-9.a@example.org", of: acme)
        #expect(try await postman.round() == .done)
        office.advance(2 * Postman.firstDelay)
        #expect(try await postman.round() == .done)
        #expect(try await office.dead(acme).map(\.attempts) == [2])
        #expect(try await office.outbox.counts() == (waiting: 0, dead: 1))
        office.advance(Postman.deadLifetime)
        #expect(try await postman.round() == .done)
        #expect(try await office.rows() == [0, 0])
      }
    }
  }

  @Test func `while the relay is away mail waits and no attempt counts`() async throws {
    try await TestRelay.with { relay in
      let route = try relay.route()
      try await TestRelay.with { gone in
        let nowhere = try gone.route()
        _ = await gone.lastWords()
        try await PostOffice.with { office in
          let away = try office.postman(nowhere, attempts: 1)
          defer { away.shutdown() }
          try await office.post("a@example.org", of: acme)
          for _ in 0..<5 {
            #expect(try await away.round() == .closed("unreachable"))
            #expect(try await away.round() == .nothingDue)
            office.advance(Postman.closedDelay)
          }
          let row = try await office.base.admin.run([
            "SELECT attempts, dead_at FROM identity.outbox"
          ])[0][0]
          #expect(try row.get("attempts", as: Int32.self) == 0)
          #expect(try row.get("dead_at", as: Date?.self) == nil)
          let settings = MailSettings(route: route, sender: TestMail.sender)
          let back = Postman(
            office.outbox, settings, metrics: MetricsRegistry(), logger: Logger(label: "test"),
            now: { office.now })
          defer { back.shutdown() }
          #expect(try await back.round() == .done)
        }
      }
      #expect(try await relay.received()[0].to == "a@example.org")
    }
  }
}
