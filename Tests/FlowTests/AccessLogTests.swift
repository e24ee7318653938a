import Archive
import Cryptography
import Foundation
import Postgres
import ProgramSupport
import RPC
import Schemas
import SwiftProtobuf
import Testing

/// Who has had to do with whose data: written with the act, readable for the person, and provably
/// not changed since (clauses 22 and 26).
@Suite(.timeLimit(.minutes(10))) struct AccessLogTests {
  private typealias Log = AccessLogServiceClient

  @Test func `clause 22: whoever reads somebody's data stands in a log that the person can read`()
    async throws
  {
    let organisation = try await Organisation.make()
    let house = organisation.house
    let log = Log(house.gateway)
    let administrator = try await organisation.member("Bea Beheer", role: "administrator")
    let (member, other) = (
      try await organisation.member("Daan Deelnemer"), try await organisation.member("Eva Evers")
    )
    let people = PeopleServiceClient(house.gateway)
    _ = try await people.getPerson(.with { $0.personID = member.id }, administrator.options)
    // One's own are one's own.
    _ = try await people.getPerson(.with { $0.personID = member.id }, member.options)
    _ = try await people.grantRole(
      .with {
        $0.personID = member.id
        $0.role = .coach
      }, administrator.options)
    let fresh = try await member.signIn()
    let accesses = try await eventually("two accesses are in the log") {
      let answer = try await log.listAccesses(.init(), fresh.options)
      // Reading the own log is no access to somebody else's data.
      return answer.accesses.count >= 3 ? answer.accesses : nil
    }
    let read = try #require(accesses.last)
    #expect(read.detail.kind == .read)
    #expect(read.detail.actor == .person)
    #expect(read.detail.actorID == administrator.id)
    #expect(read.detail.method == "ikso.identity.v1.PeopleService/GetPerson")
    #expect(read.detail.purpose == "enrolment")
    #expect(read.detail.data.contains("email") && read.detail.data.contains("name"))
    let change = try #require(accesses.first { $0.detail.kind == .rightsChange })
    #expect(change.detail.method == "ikso.identity.v1.PeopleService/GrantRole")
    #expect(change.detail.data == ["rights"])
    // Nothing of it is anybody else's.
    #expect(try await log.listAccesses(.init(), other.options).accesses.isEmpty)
    try await expectRefusal(.notFound, what: "a colleague's log") {
      try await log.listAccesses(.with { $0.subjectID = member.id }, other.options)
    }
    // What the privacy officer looks up is in it as well.
    let officer = try await organisation.officer()
    _ = try await log.listAccesses(.with { $0.subjectID = member.id }, officer.options)
    let latest = try await log.listAccesses(.init(), fresh.options).accesses[0]
    #expect(latest.detail.actorID == officer.id)
    #expect(latest.detail.method == "ikso.privacy.v1.AccessLogService/ListAccesses")
    try await included(latest, log, fresh)
  }

  /// Anybody can prove that an entry is in the log that was signed.
  private func included(_ access: PrivacyAccess, _ log: Log, _ member: Member) async throws {
    let house = member.organisation.house
    let answer = try await log.getLogCheckpoint(.init(), member.options)
    let note = try #require(SignedNote(answer.note))
    let checkpoint = try #require(LogCheckpoint(note.text))
    #expect(checkpoint.origin == "ikso/access-log/\(member.organisation.id)")
    let keys = try await house.privacy.getArchiveKeys(.init()).keys
    let key = try Ed25519PublicKey(rawBytes: [UInt8](try #require(keys.first).publicKey))
    #expect(note.isSigned(by: key, named: SignedNote.privacyName))
    let proof = try await log.proveInclusion(
      .with {
        $0.position = access.position
        $0.size = UInt64(checkpoint.size)
      }, member.options)
    #expect(
      MerkleProof.isIncluded(
        [UInt8](access.leafHash), at: Int(access.position), in: checkpoint.size,
        root: checkpoint.root, proof: proof.hashes.map { [UInt8]($0) }))
    let since = try await log.proveConsistency(
      .with {
        $0.fromSize = access.position
        $0.toSize = UInt64(checkpoint.size)
      }, member.options)
    #expect(since.size == UInt64(checkpoint.size))
    try await expectRefusal(.outOfRange, "entries", what: "beyond the end") {
      try await log.proveInclusion(
        .with { $0.position = UInt64(checkpoint.size) + 10 }, member.options)
    }
  }

  @Test func `an event that is brought twice is in the log once`() async throws {
    let organisation = try await Organisation.make()
    let member = try await organisation.member("Daan Deelnemer")
    let intake = AccessIntakeServiceClient(
      try organisation.house.direct("privacy", as: "identity"))
    let id = UUID()
    let detail = try PrivacyAccessDetail.with { $0.kind = .read }.serializedData()
    let event = PrivacyAccessEvent.with {
      $0.eventID = id.canonical
      $0.subjectID = member.id
      $0.subjectCommitment = Data(AccessLeaf.commitment(event: id, subject: member.uuid))
      $0.occurredAt = Google_Protobuf_Timestamp(date: Date())
      $0.detail = detail
    }
    let request = PrivacyAppendAccessesRequest.with {
      $0.organisationID = organisation.id
      $0.events = [event, event]
    }
    #expect(try await intake.appendAccesses(request).appended == 1)
    #expect(try await intake.appendAccesses(request).appended == 0)
    let log = Log(organisation.house.gateway)
    let ids = try await log.listAccesses(.init(), member.options).accesses.map(\.eventID)
    #expect(ids.filter { $0 == event.eventID }.count == 1)
    // What doesn't fit together is refused.
    for (field, spoil) in Self.spoilt {
      var bad = event
      bad.eventID = UUID().uuidString
      spoil(&bad)
      try await expectRefusal(.invalidArgument, field, what: field) { [bad] in
        try await intake.appendAccesses(
          .with {
            $0.organisationID = organisation.id
            $0.events = [bad]
          })
      }
    }
  }

  private static let spoilt: [(String, @Sendable (inout PrivacyAccessEvent) -> Void)] = [
    ("subject_commitment", { _ in }),
    ("event_id", { $0.eventID = "1" }),
    ("occurred_at", { $0.spoil { $0.occurredAt = Google_Protobuf_Timestamp(seconds: -1) } }),
    ("occurred_at", { $0.spoil { $0.occurredAt.seconds = Int64.max } }),
    ("detail", { $0.spoil { $0.detail = Data(repeating: 0, count: 4_097) } }),
  ]

  @Test func `clause 26: ikso log verify finds what was changed, removed or reordered`()
    async throws
  {
    let organisation = try await Organisation.make()
    let house = organisation.house
    let officer = try await organisation.officer()
    let people = PeopleServiceClient(house.gateway)
    let members = try await organisation.members("Daan Deelnemer", "Eva Evers", "Fay Faber")
    for member in members {
      _ = try await people.getPerson(.with { $0.personID = member.id }, officer.options)
    }
    let log = Log(house.gateway)
    try await until("three reads are in the log") {
      try await log.getLogCheckpoint(.init(), officer.options).size >= 3
    }
    let folder = try ScratchFolder()
    let check = try LogCheck(organisation, officer, folder)
    let whole = try await check()
    #expect(whole.end == .exit(0) && whole.output.contains("The log is whole"), "\(whole.output)")
    #expect(try await check().output.contains("that were seen before"))
    let (tenant, pool) = (organisation.uuid, house.superuser)
    let entries: SQL = "privacy.access_entry"
    let changes: [(what: String, SQL, back: SQL)] = [
      (
        "is not what was written",
        """
        UPDATE \(entries) SET occurred_at = occurred_at + interval '1 minute'
        WHERE tenant_id = \(tenant) AND position = 0
        """,
        """
        UPDATE \(entries) SET occurred_at = occurred_at - interval '1 minute'
        WHERE tenant_id = \(tenant) AND position = 0
        """
      ),
      (
        "is missing",
        "UPDATE \(entries) SET position = 1000 WHERE tenant_id = \(tenant) AND position = 1",
        "UPDATE \(entries) SET position = 1 WHERE tenant_id = \(tenant) AND position = 1000"
      ),
      (
        "is shown to another person",
        """
        UPDATE \(entries) SET subject_id = \(members[2].uuid)
        WHERE tenant_id = \(tenant) AND subject_id = \(members[0].uuid)
        """,
        """
        UPDATE \(entries) SET subject_id = \(members[0].uuid)
        WHERE tenant_id = \(tenant) AND subject_id = \(members[2].uuid)
          AND position < (SELECT max(position) FROM \(entries) WHERE tenant_id = \(tenant)
            AND subject_id = \(members[2].uuid))
        """
      ),
    ]
    for change in changes {
      _ = try await pool.run([change.1])
      let found = try await check()
      #expect(found.end == .exit(1), "\(change.what): \(found.output)")
      #expect(found.output.contains(change.what), "\(found.output)")
      _ = try await pool.run([change.back])
    }
    #expect(try await check().end == .exit(0))
    let other = try await Organisation.make()
    let elsewhere = try ScratchFolder()
    let strangers = try await LogCheck(other, officer, elsewhere)()
    #expect(strangers.output.contains("is of another log"), "\(strangers.output)")
  }

  /// What somebody does who has the database, and not the key that signs.
  enum Tampering: CaseIterable {
    case deletionInTheMiddle, deletionAtTheEnd, swap, otherDetail

    var finding: String {
      switch self {
      case .deletionInTheMiddle: "entry 1 is missing"
      case .deletionAtTheEnd: "entry 3 is missing"
      case .swap: "reordered"
      case .otherDetail: "entry 1 is not what was written"
      }
    }

    func statements(_ tenant: UUID) -> [SQL] {
      let entries: SQL = "privacy.access_entry"
      func move(_ from: Int64, _ to: Int64) -> SQL {
        "UPDATE \(entries) SET position = \(to) WHERE tenant_id = \(tenant) AND position = \(from)"
      }
      func delete(_ position: Int64) -> SQL {
        "DELETE FROM \(entries) WHERE tenant_id = \(tenant) AND position = \(position)"
      }
      return switch self {
      case .deletionInTheMiddle: [delete(1)]
      case .deletionAtTheEnd: [delete(3)]
      case .swap: [move(0, 1_000), move(1, 0), move(1_000, 1)]
      case .otherDetail:
        [
          """
          UPDATE \(entries) SET sealed_detail =
            set_byte(sealed_detail, 20, (get_byte(sealed_detail, 20) + 1) % 256)
          WHERE tenant_id = \(tenant) AND position = 1
          """
        ]
      }
    }
  }

  /// An organisation whose officer has read the data of three people, and the check of its log.
  private func readers() async throws -> (Organisation, check: LogCheck, folder: ScratchFolder) {
    let organisation = try await Organisation.make()
    let officer = try await organisation.officer()
    for member in try await organisation.members("Daan Deelnemer", "Eva Evers", "Fay Faber") {
      _ = try await PeopleServiceClient(organisation.house.gateway).getPerson(
        .with { $0.personID = member.id }, officer.options)
    }
    // And that the officer was named.
    try await until("four entries are in the log") {
      try await Log(organisation.house.gateway).getLogCheckpoint(.init(), officer.options).size == 4
    }
    let folder = try ScratchFolder()
    return (organisation, try LogCheck(organisation, officer, folder), folder)
  }

  @Test(arguments: Tampering.allCases)
  func `clause 26: ikso log verify finds what was done to the rows`(_ tampering: Tampering)
    async throws
  {
    let (organisation, check, folder) = try await readers()
    #expect(try await check().end == .exit(0))
    _ = try await organisation.house.superuser.run(tampering.statements(organisation.uuid))
    let found = try await check()
    #expect(found.end == .exit(1), "\(found.output)")
    #expect(found.output.contains(tampering.finding), "\(found.output)")
    _ = folder
  }

  @Test func `clause 26: a log that was written and signed anew is found by an earlier checkpoint`()
    async throws
  {
    let (organisation, check, folder) = try await readers()
    #expect(try await check().end == .exit(0))
    let (house, tenant) = (organisation.house, organisation.uuid)
    // The rows go, and the service itself signs another history of five entries.
    _ = try await house.superuser.run([
      "DELETE FROM privacy.access_entry WHERE tenant_id = \(tenant)",
      "DELETE FROM privacy.access_node WHERE tenant_id = \(tenant)",
      "DELETE FROM privacy.access_head WHERE tenant_id = \(tenant)",
    ])
    let detail = try PrivacyAccessDetail.with { $0.kind = .read }.serializedData()
    let subject = try await organisation.member("Gijs Geest").uuid
    let intake = AccessIntakeServiceClient(try house.direct("privacy", as: "identity"))
    let written = try await intake.appendAccesses(
      .with {
        $0.organisationID = organisation.id
        $0.events = (0..<5).map { _ in
          let id = UUID()
          return .with {
            $0.eventID = id.canonical
            $0.subjectID = subject.canonical
            $0.subjectCommitment = Data(AccessLeaf.commitment(event: id, subject: subject))
            $0.occurredAt = Google_Protobuf_Timestamp(date: Date())
            $0.detail = detail
          }
        }
      })
    #expect(written.appended == 5)
    let found = try await check()
    #expect(found.end == .exit(1), "\(found.output)")
    #expect(
      found.output.contains("the first 4 entries are not those of the earlier checkpoint"),
      "\(found.output)")
    // Whoever has kept none sees a log that is whole.
    try FileManager.default.removeItem(at: folder.url.appending(path: "checkpoint"))
    let fresh = try await check()
    #expect(fresh.end == .exit(0) && fresh.output.contains("5 entries"), "\(fresh.output)")
  }

  @Test func `an erased person's entries are unreadable, and the log still whole`() async throws {
    let organisation = try await Organisation.make()
    let house = organisation.house
    let officer = try await organisation.officer()
    let member = try await organisation.member("Daan Deelnemer")
    _ = try await PeopleServiceClient(house.gateway).getPerson(
      .with { $0.personID = member.id }, officer.options)
    let log = Log(house.gateway)
    let about = PrivacyListAccessesRequest.with { $0.subjectID = member.id }
    try await until("the read is in the log") {
      try await !log.listAccesses(about, officer.options).accesses.isEmpty
    }
    let erasure = try await RightsTests.request(.erasure, about: member, by: officer)
    #expect(erasure.state == .completed, "\(erasure)")
    #expect(try await log.listAccesses(about, officer.options).accesses.isEmpty)
    let folder = try ScratchFolder()
    let verified = try await LogCheck(organisation, officer, folder)()
    #expect(verified.end == .exit(0), "\(verified.output)")
    try await until("nothing of theirs waits any more") {
      try await Tables.places(of: [member.id], in: house.superuser).isEmpty
    }
  }
}

extension PrivacyAccessEvent {
  /// Changes it and makes the rest fit.
  fileprivate mutating func spoil(_ change: (inout Self) -> Void) {
    guard let event = UUID(uuidString: eventID), let subject = UUID(uuidString: subjectID) else {
      return
    }
    subjectCommitment = Data(AccessLeaf.commitment(event: event, subject: subject))
    change(&self)
  }
}

/// `ikso log verify` as an officer types it.
private struct LogCheck: Sendable {
  let arguments: [String]
  let house: House

  init(_ organisation: Organisation, _ officer: Member, _ folder: ScratchFolder) throws {
    house = organisation.house
    let token = folder.url.appending(path: "token")
    try Data(officer.token.utf8).write(to: token)
    arguments = [
      "log", "verify", "--token", token.path, "--organisation", organisation.id,
      "--checkpoint", folder.url.appending(path: "checkpoint").path,
    ]
  }

  func callAsFunction() async throws -> (end: Child.End, output: String) {
    try await Child.run(
      house.plan.binary("ikso"), arguments,
      environment: ["IKSO_GATEWAY": house.plan.gateway, "IKSO_CA": house.plan.ca])
  }
}
