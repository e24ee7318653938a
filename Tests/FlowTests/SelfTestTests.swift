import Archive
import Cryptography
import Foundation
import Postgres
import ProgramSupport
import RPC
import Schemas
import SwiftProtobuf
import Testing

/// The wall between organisations is tried by the running system itself, and what it says of it can
/// be checked by anybody (clause 23).
@Suite(.serialized) struct SelfTestTests {
  /// One try of each service's tables: a second one at the same time is refused.
  private static let first = Task {
    let house = try House.current()
    let (gateway, operators) = (house.gateway, try await house.operators.options())
    try await inTurn {
      _ = try await IdentitySelfTestServiceClient(gateway).selfTest(.init(), operators)
    }
    try await inTurn {
      _ = try await FeedbackSelfTestServiceClient(gateway).selfTest(.init(), operators)
    }
    try await inTurn {
      _ = try await GoalsSelfTestServiceClient(gateway).selfTest(.init(), operators)
    }
    try await inTurn {
      _ = try await PrivacySelfTestServiceClient(gateway).selfTest(.init(), operators)
    }
  }

  /// Waits for a self-test that another call has begun.
  private static func inTurn(_ call: () async throws -> Void) async throws {
    try await until("no other self-test runs") {
      do {
        try await call()
        return true
      } catch {
        guard (error as? RPCError)?.code == .aborted else { throw error }
        return false
      }
    }
  }

  /// Returns when each service has a result that can be read, and none tries at the moment unless a
  /// test of this suite has it.
  static func results() async throws { try await first.value }

  @Test func `clause 23: the tool tries every method and table, with genuine signed results`()
    async throws
  {
    try await Self.results()
    let house = try House.current()
    let (state, other) = (try ScratchFolder(), try ScratchFolder())
    let tool = house.plan.binary("ikso")
    let check = { @Sendable (state: String) in
      try await Child.run(
        tool, ["isolation", "check", "--json", "--state", state],
        environment: [
          "IKSO_GATEWAY": house.plan.gateway, "IKSO_CA": house.plan.ca,
          "IKSO_OPERATOR": house.plan.operator, "IKSO_MAIL": house.plan.mail,
        ])
    }
    // Two at once: one waits for the other's tests.
    async let rival = check(other.url.path)
    let (end, output) = try await check(state.url.path)
    #expect(end == .exit(0), "\(output)")
    let rivals = try await rival
    #expect(rivals.end == .exit(0), "\(rivals.output)")
    let reports = state.url.appending(path: "self-test")
    let keys = reports.appending(path: "keys.json").path
    var methods: [String] = []
    for service in HousePlan.stores {
      let file = reports.appending(path: "\(service).json")
      let verified = try await Child.run(tool, ["verify", file.path, "--keys", keys])
      #expect(verified.end == .exit(0), "\(verified.output)")
      let report = try Self.report(Data(contentsOf: file))
      #expect(report.passed && report.service == service)
      methods += report.methods.map(\.subject)
      let tables = try await Tables.all(house.superuser).filter {
        [service, "\(service)_keys"].contains($0.schema) && $0.name != "migration"
      }
      let tried = Set(report.tables.map(\.subject))
      #expect(tables.allSatisfy { tried.contains($0.description) }, "\(tables) \(tried)")
    }
    let known = Samples.publicMethods.map(\.descriptor.fullName).filter { !$0.hasPrefix("grpc.") }
    let missing = known.filter { !methods.contains($0) }
    #expect(missing.isEmpty, "not tried: \(missing)")
  }

  @Test func `a report that was changed is not verified`() async throws {
    try await Self.results()
    let house = try House.current()
    let options = try await house.operators.options()
    let result = try await GoalsSelfTestServiceClient(house.gateway).selfTest(.init(), options)
    #expect(result.passed)
    let key = try Ed25519PublicKey(rawBytes: [UInt8](result.publicKey))
    var bytes = [UInt8](result.report)
    _ = try SignedDocument.verify(bytes, keys: [result.keyID: key], as: SelfTestReport.self)
    let place = try #require(bytes.firstIndex(of: UInt8(ascii: "W")))
    bytes[place] = UInt8(ascii: "X")
    #expect(throws: ArchiveError.self) {
      try SignedDocument.verify(bytes, keys: [result.keyID: key], as: SelfTestReport.self)
    }
    #expect(throws: ArchiveError.unknownKey(id: result.keyID)) {
      try SignedDocument.verify([UInt8](result.report), keys: [:], as: SelfTestReport.self)
    }
  }

  @Test func `clause 23: every member can read the latest result of each service`()
    async throws
  {
    let member = try await Organisation.make().member("Lezer van de uitslag")
    let house = member.organisation.house
    let gateway = house.gateway
    try await Self.results()
    let results = [
      try await IdentitySelfTestServiceClient(gateway).getSelfTest(.init(), member.options),
      try await FeedbackSelfTestServiceClient(gateway).getSelfTest(.init(), member.options),
      try await PrivacySelfTestServiceClient(gateway).getSelfTest(.init(), member.options),
    ]
    #expect(results.allSatisfy { $0.passed && $0.attempts > 50 && $0.breaches.isEmpty })
    try await expectRefusal(.permissionDenied, what: "SelfTest by a member") {
      _ = try await IdentitySelfTestServiceClient(gateway).selfTest(.init(), member.options)
    }
  }

  /// On a database of its own: the wall of the house is not to be touched.
  @Test func `a wall that was damaged is found, whatever was done to it`() async throws {
    let house = try House.current()
    let operators = try await house.operators.options()
    try await OwnDatabase.with("goals") { database in
      try await database.migrate()
      let service = try await database.start()
      let client = GoalsSelfTestServiceClient(service.client)
      var options = operators
      options.waitForReady = true
      let sound = try await client.selfTest(.init(), options)
      #expect(sound.passed, "\(sound.breaches)")
      for (damage, repair, subject) in Self.damages {
        try await database.superuser.simple(damage)
        let result = try await client.selfTest(.init(), options)
        #expect(!result.passed, "\(damage)")
        #expect(result.breaches.contains { $0.subject.contains(subject) }, "\(result.breaches)")
        let read = try await client.getSelfTest(.init(), options)
        #expect(read.report == result.report)
        try await database.superuser.simple(repair)
      }
      #expect(try await client.selfTest(.init(), options).passed)
      service.child.signal(SIGTERM)
      #expect(await service.child.end() == .exit(0))
    }
  }

  private static let tenant = "tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid"

  private static let damages: [(damage: String, repair: String, subject: String)] = [
    (
      "DROP POLICY tenant ON goals.goal",
      "CREATE POLICY tenant ON goals.goal USING (\(tenant)) WITH CHECK (\(tenant))", "goals.goal"
    ),
    (
      "CREATE POLICY wide ON goals.check_in FOR SELECT USING (true)",
      "DROP POLICY wide ON goals.check_in", "goals.check_in"
    ),
    (
      "ALTER TABLE goals.goal NO FORCE ROW LEVEL SECURITY",
      "ALTER TABLE goals.goal FORCE ROW LEVEL SECURITY", "goals.goal"
    ),
    (
      "ALTER TABLE goals_keys.person_key DISABLE ROW LEVEL SECURITY",
      "ALTER TABLE goals_keys.person_key ENABLE ROW LEVEL SECURITY", "goals_keys.person_key"
    ),
    (
      "GRANT SELECT ON goals.goal TO feedback_runtime",
      "REVOKE SELECT ON goals.goal FROM feedback_runtime", "goals.goal"
    ),
    (
      "GRANT TRUNCATE ON goals.goal TO goals_runtime",
      "REVOKE TRUNCATE ON goals.goal FROM goals_runtime", "goals.goal"
    ),
    (
      "CREATE VIEW goals.all_goals AS SELECT tenant_id FROM goals.goal",
      "DROP VIEW goals.all_goals", "goals.all_goals"
    ),
  ]

  @Test func `two processes that migrate at once do so once`() async throws {
    try await OwnDatabase.with("goals") { database in
      let known = try await database.dryRun()
      #expect(known.contains("goals: would apply 0001_create"), "\(known)")
      async let first = database.migrate()
      async let second = database.migrate()
      let outputs = [try await first, try await second]
      let files = known.matches(of: /(\w+): would apply (\w+)/).map { match in
        "\(match.output.1) \(match.output.2)"
      }
      let applied = outputs.flatMap { output in
        output.matches(of: /(\w+): applied ([\w, ]+)/).flatMap { match in
          match.output.2.split(separator: ", ").map { "\(match.output.1) \($0)" }
        }
      }
      #expect(applied.sorted() == files.sorted(), "\(outputs)")
      let after = try await database.dryRun()
      #expect(after.contains("goals: up to date") && after.contains("goals_keys: up to date"))
    }
  }

  private static func report(_ signed: Data) throws -> SelfTestReport {
    struct Envelope: Decodable { let report: String }
    let envelope = try JSONDecoder().decode(Envelope.self, from: signed)
    return try JSONDecoder().decode(
      SelfTestReport.self, from: Data(Base64URL.decode(envelope.report)))
  }
}
