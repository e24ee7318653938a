import Access
import Cryptography
import Foundation
import Hosting
import Postgres
import RPC
import Schemas
import Storage
import StorageSupport
import SwiftProtobuf
import Synchronization
import Testing

@testable import Privacy

private typealias Policies = BreachServicePolicies

@Suite struct BreachClockTests {
  /// Of the seed, so that a failure can be repeated.
  struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
      // SplitMix64 (Steele, Lea, Flood 2014).
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }

  @Test(arguments: [UInt64.random(in: 0...UInt64.max), 1, 2, 3])
  func `clause 39: 72 hours are 72 hours across clock changes and leap days`(seed: UInt64) throws {
    var random = Seeded(seed)
    for _ in 0..<2_000 {
      let aware = Date(timeIntervalSince1970: .random(in: 0...4_102_444_800, using: &random))
      let end = BreachClock.end(from: aware)
      #expect(end.timeIntervalSince(aware) == 259_200, "seed \(seed): \(aware)")
      let breach = Breach(id: UUID(), state: .open, awareAt: aware)
      #expect(!breach.isOverdue(at: end), "seed \(seed): \(aware)")
      #expect(breach.isOverdue(at: end + 1), "seed \(seed): \(aware)")
    }
  }

  @Test(arguments: [
    // The clocks go forward on 28 March 2027 and back on 31 October 2027; 2028 is a leap year.
    ("2027-03-26T23:30:00+01:00", "2027-03-30T00:30:00+02:00"),
    ("2027-10-29T12:00:00+02:00", "2027-11-01T11:00:00+01:00"),
    ("2028-02-27T08:00:00+01:00", "2028-03-01T08:00:00+01:00"),
    ("2027-02-26T08:00:00+01:00", "2027-03-01T08:00:00+01:00"),
    ("2026-12-30T06:00:00+01:00", "2027-01-02T06:00:00+01:00"),
  ])
  func `clause 39: as the clock on the wall shows it`(aware: String, end: String) throws {
    let (aware, end) = (
      try Date(aware, strategy: .iso8601), try Date(end, strategy: .iso8601)
    )
    #expect(BreachClock.end(from: aware) == end)
  }

  @Test func `one that was notified late stays overdue, one closed as no risk is not`() {
    let aware = RegisterHome.start
    var breach = Breach(id: UUID(), state: .open, awareAt: aware)
    breach.notifiedAt = aware + 73 * 3_600
    #expect(breach.isOverdue(at: aware + 80 * 3_600))
    breach.notifiedAt = aware + 71 * 3_600
    #expect(!breach.isOverdue(at: aware + 80 * 3_600))
    breach.notifiedAt = nil
    breach.closedAt = aware + 3_600
    #expect(!breach.isOverdue(at: aware + 80 * 3_600))
  }
}

@Suite(.serialized) struct BreachDeskTests {
  /// In which order things came about.
  private final class Order: Sendable {
    private let list = Mutex<[String]>([])

    var names: [String] { list.withLock { $0 } }

    func add(_ name: String) { list.withLock { $0.append(name) } }
  }

  private static let content = PrivacyBreachContent.with {
    $0.nature = "A backup was readable for an hour."
    $0.peopleCategories = "participants"
    $0.people = 40
    $0.recordCategories = "names, e-mail addresses"
    $0.records = 40
    $0.consequences = "unwanted mail"
    $0.measures = "access closed, keys changed"
  }

  private func register(
    _ home: RegisterHome, _ affected: [UUID], content: PrivacyBreachContent = content,
    key: String? = nil
  ) async throws -> PrivacyBreach {
    try await home.breaches.registerBreach(
      .with {
        $0.awareAt = .init(date: RegisterHome.start)
        $0.content = content
        $0.affectedOrganisationIds = affected.map(\.canonical)
      }, RegisterHome.operators(Policies.registerBreach, key: key))
  }

  private func notices(_ home: RegisterHome, _ tenant: UUID) async throws -> [PrivacyBreachNotice] {
    try await home.breaches.listBreachNotices(
      .init(), RegisterHome.officer(tenant, Policies.listBreachNotices)
    ).notices
  }

  @Test func `clause 39: affected organisations are told with the entry, others learn nothing`()
    async throws
  {
    try await RegisterHome.with { home in
      let (first, second) = (RegisterHome.first, RegisterHome.second)
      let breach = try await register(home, [first])
      #expect(breach.authorityDueAt.date == RegisterHome.start + 72 * 3_600)
      let told = try await notices(home, first)
      #expect(told.map(\.breachID) == [breach.breachID])
      #expect(told[0].content == Self.content && told[0].contact == "leak@example.org")
      #expect(told[0].authorityDueAt.date == RegisterHome.start + 72 * 3_600)
      #expect(try await notices(home, second).isEmpty)
      let acknowledge = PrivacyAcknowledgeBreachNoticeRequest.with {
        $0.breachID = breach.breachID
        $0.revision = 1
      }
      try await expectRefused("NOT_FOUND", "breach not found") {
        try await home.breaches.acknowledgeBreachNotice(
          acknowledge, RegisterHome.officer(second, Policies.acknowledgeBreachNotice))
      }
      let officer = UUID()
      let read = try await home.breaches.acknowledgeBreachNotice(
        acknowledge,
        RegisterHome.officer(first, Policies.acknowledgeBreachNotice, subject: officer))
      #expect(read.acknowledgedBy == officer.canonical && read.acknowledgedRevision == 1)

      // The second turns out to be affected: it sees nothing of the first.
      home.clock.move(hours: 5)
      let updated = try await home.breaches.updateBreach(
        .with {
          $0.breachID = breach.breachID
          $0.expectedRevision = 1
          $0.content = Self.content
          $0.affectedOrganisationIds = [second.canonical]
        }, RegisterHome.operators(Policies.updateBreach))
      #expect(updated.revision == 2 && updated.affected.count == 2)
      let late = try await notices(home, second)
      #expect(late.map(\.revision) == [2])
      #expect(late[0].authorityDueAt.date == RegisterHome.start + 77 * 3_600)
      #expect(!(try late[0].jsonString().contains(first.canonical)))
      let again = try await notices(home, first)
      #expect(again[0].revision == 2 && again[0].acknowledgedRevision == 1)
      try await expectRefused("ABORTED") {
        try await home.breaches.updateBreach(
          .with {
            $0.breachID = breach.breachID
            $0.expectedRevision = 1
          }, RegisterHome.operators(Policies.updateBreach))
      }
    }
  }

  @Test func `clause 39: what is told to one organisation is told to all or to none`()
    async throws
  {
    try await RegisterHome.with { home in
      try await expectRefused("NOT_FOUND", "organisation not found") {
        try await register(home, [RegisterHome.first, UUID()])
      }
      #expect(try await notices(home, RegisterHome.first).isEmpty)
      // The transaction fails behind the first notice.
      func insert(_ tenant: UUID) -> SQL {
        """
        INSERT INTO privacy.breach_notice (tenant_id, breach_id, revision, told_at)
        VALUES (\(tenant), \(UUID()), 1, now())
        """
      }
      await #expect(throws: PostgresError.self) {
        try await home.base.database.transaction(Mandate(tenant: .platform)) { transaction in
          // The second is a row of another organisation: row security refuses it.
          try await transaction.query(each: [
            (RegisterHome.first, insert(RegisterHome.first)),
            (RegisterHome.second, insert(RegisterHome.first)),
          ])
        }
      }
      #expect(try await notices(home, RegisterHome.first).isEmpty)
      let once = try await register(home, [RegisterHome.first], key: "b1")
      #expect(try await register(home, [RegisterHome.first], key: "b1") == once)
      #expect(try await notices(home, RegisterHome.first).count == 1)
    }
  }

  @Test func `clause 39: a report opens a case, and its officer knows at once that there is one`()
    async throws
  {
    try await RegisterHome.with { home in
      let reported = try await home.breaches.reportBreach(
        .with { $0.text = "I see somebody else's goals." },
        RegisterHome.participant(RegisterHome.first, Policies.reportBreach))
      let notice = try await notices(home, RegisterHome.first)[0]
      #expect(notice.breachID == reported.breachID && notice.state == .reported)
      // What was reported is for the operators' eyes.
      #expect(notice.entries.isEmpty && notice.content == PrivacyBreachContent())
      let get = PrivacyGetBreachRequest.with { $0.breachID = reported.breachID }
      let breach = try await home.breaches.getBreach(
        get, RegisterHome.operators(Policies.getBreach))
      #expect(breach.entries.map(\.text) == ["I see somebody else's goals."])
      #expect(breach.affected.map(\.organisationID) == [RegisterHome.first.canonical])
      // A service may too, and waits for nobody; a person only about their own organisation.
      _ = try await home.breaches.reportBreach(
        .with {
          $0.organisationID = RegisterHome.second.canonical
          $0.text = "row security failed"
        }, RegisterHome.service("goals", Policies.reportBreach))
      #expect(try await notices(home, RegisterHome.second).count == 1)
      try await expectRefused("NOT_FOUND", "organisation not found") {
        try await home.breaches.reportBreach(
          .with {
            $0.organisationID = RegisterHome.second.canonical
            $0.text = "t"
          }, RegisterHome.participant(RegisterHome.first, Policies.reportBreach))
      }
      try await expectRefused("INVALID_ARGUMENT", "citizen number") {
        try await home.breaches.reportBreach(
          .with { $0.text = "BSN 123456782 is on the page" },
          RegisterHome.participant(RegisterHome.first, Policies.reportBreach))
      }
    }
  }

  @Test func `clause 39: effects and measures are added and stay, notes are the operators'`()
    async throws
  {
    try await RegisterHome.with { home in
      let breach = try await register(home, [RegisterHome.first])
      func add(_ kind: PrivacyBreachEntryKind, _ text: String) async throws -> PrivacyBreach {
        home.clock.move(seconds: 1)
        return try await home.breaches.addBreachEntry(
          .with {
            $0.breachID = breach.breachID
            $0.kind = kind
            $0.text = text
          }, RegisterHome.operators(Policies.addBreachEntry))
      }
      #expect(try await add(.note, "asked the host").revision == 1)
      #expect(try await add(.effect, "two mails were sent").revision == 2)
      #expect(try await add(.measure, "senders blocked").revision == 3)
      try await expectRefused("INVALID_ARGUMENT", "kind") { try await add(.report, "r") }
      let notice = try await notices(home, RegisterHome.first)[0]
      #expect(notice.entries.map(\.text) == ["two mails were sent", "senders blocked"])
      #expect(notice.revision == 3)
      for statement in [
        "UPDATE privacy.breach_entry SET added_at = now()", "DELETE FROM privacy.breach_entry",
      ] as [SQL] {
        await #expect(throws: PostgresError.self) {
          try await home.base.database.once(tenant: .platform, statement)
        }
      }
    }
  }

  @Test func `clause 39: after 72 hours a notification gives the reason for its delay`()
    async throws
  {
    try await RegisterHome.with { home in
      let breach = try await register(home, [])
      let urgent = try await register(home, [])
      func notify(_ id: String, reason: String) async throws -> PrivacyBreach {
        try await home.breaches.recordAuthorityNotice(
          .with {
            $0.breachID = id
            $0.notifiedAt = .init(date: home.clock.now)
            $0.reference = "AP-2027-1"
            $0.delayReason = reason
          }, RegisterHome.operators(Policies.recordAuthorityNotice))
      }
      home.clock.move(hours: 72)
      #expect(try await !notify(urgent.breachID, reason: "").overdue)
      home.clock.move(seconds: 1)
      let open = try await home.breaches.listBreaches(
        .init(), RegisterHome.operators(Policies.listBreaches)
      ).breaches
      #expect(open.filter(\.overdue).map(\.breachID) == [breach.breachID])
      try await expectRefused("INVALID_ARGUMENT", "delay_reason") {
        try await notify(breach.breachID, reason: "")
      }
      let notified = try await notify(breach.breachID, reason: "The host answered late.")
      #expect(notified.overdue && notified.delayReason == "The host answered late.")
      try await expectRefused("FAILED_PRECONDITION") {
        try await notify(breach.breachID, reason: "again")
      }
    }
  }

  @Test func `clause 39: it is closed with all that Art. 33(3) asks for, and not before`()
    async throws
  {
    try await RegisterHome.with { home in
      let empty = try await register(home, [RegisterHome.first], content: .init())
      func close(_ id: String, _ reason: String) async throws -> PrivacyBreach {
        try await home.breaches.closeBreach(
          .with {
            $0.breachID = id
            $0.noRiskReason = reason
          }, RegisterHome.operators(Policies.closeBreach))
      }
      try await expectRefused(
        "FAILED_PRECONDITION", "content.nature", "content.measures", "no_risk_reason"
      ) { try await close(empty.breachID, "") }
      let full = try await register(home, [RegisterHome.first])
      try await expectRefused("FAILED_PRECONDITION", "no_risk_reason") {
        try await close(full.breachID, "")
      }
      let closed = try await close(full.breachID, "The backup was encrypted.")
      #expect(closed.state == .closed && closed.hasClosedAt)
      try await expectRefused("FAILED_PRECONDITION", "closed") {
        try await close(full.breachID, "again")
      }
      // The open one comes first, whatever was entered later.
      let list = try await home.breaches.listBreaches(
        .init(), RegisterHome.operators(Policies.listBreaches))
      #expect(list.breaches.map(\.breachID) == [empty.breachID, full.breachID])
    }
  }

  @Test func `clause 39: a report does not wait behind other calls for the database`()
    async throws
  {
    try await RegisterHome.with { home in
      // One connection for everything else, which somebody holds.
      var configuration = home.base.database.pool.configuration
      configuration.connectionsPerReactor = 1
      let busy = PostgresPool(configuration: configuration, reactors: home.reactors)
      let registers = RegisterDesk(
        database: Database(pool: busy), vault: home.base.vault,
        pages: PageTokens(home.base.vault), answers: home.registers.answers,
        identity: home.registers.identity, contacts: RegisterHome.contacts,
        objectionPeriod: ObjectionPeriod(days: 30), now: { RegisterHome.start })
      let (isHeld, held) = AsyncStream<Void>.makeStream()
      let (isReported, reported) = AsyncStream<Void>.makeStream()
      let order = Order()
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          try await busy.transaction { transaction in
            _ = try await transaction.query("SELECT 1")
            held.finish()
            for await _ in isReported {}
          }
        }
        for await _ in isHeld {}
        group.addTask {
          _ = try await registers.getCookiePage(
            .init(), RegisterHome.anybody(RegisterServicePolicies.getCookiePage))
          order.add("another call")
        }
        _ = try await home.breaches.reportBreach(
          .with { $0.text = "All mail went to one address." },
          RegisterHome.participant(RegisterHome.first, Policies.reportBreach))
        order.add("the report")
        reported.finish()
        try await group.waitForAll()
      }
      #expect(order.names == ["the report", "another call"])
      await busy.shutdown()
    }
  }
}
