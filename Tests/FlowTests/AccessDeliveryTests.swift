import Archive
import Cryptography
import Foundation
import Glibc
import Postgres
import ProgramSupport
import RPC
import Schemas
import SwiftProtobuf
import Testing

/// An access that happened stands in the log once, whatever dies on the way.
@Suite(.timeLimit(.minutes(10))) struct AccessDeliveryTests {
  private struct Passed: Error {}

  private let administrator: Member
  private let member: Member
  private var house: House { member.organisation.house }
  private var tenant: UUID { member.organisation.uuid }

  /// Two people, and one read of one of them by the other, which is in the log.
  init() async throws {
    let organisation = try await Organisation.make()
    administrator = try await organisation.member("Bea Beheer", role: "administrator")
    member = try await organisation.member("Daan Deelnemer")
    try await read(by: house.gateway)
    try await until("the first read is in the log") { try await entries() > 0 }
    try await until("nothing waits") { try await waiting() == 0 }
  }

  private func read(by client: RPCClient) async throws {
    _ = try await PeopleServiceClient(client).getPerson(
      .with { $0.personID = member.id }, administrator.options)
  }

  /// About the member.
  private func entries() async throws -> Int64 {
    try await house.sql(entryCount)[0][0].get("count")
  }

  private var entryCount: SQL {
    """
    SELECT count(*) AS count FROM privacy.access_entry
    WHERE tenant_id = \(tenant) AND subject_id = \(member.uuid)
    """
  }

  /// Written down by identity and not brought yet.
  private func waiting() async throws -> Int64 {
    try await house.sql(eventCount)[0][0].get("count")
  }

  private var eventCount: SQL {
    "SELECT count(*) AS count FROM identity.access_event WHERE tenant_id = \(tenant)"
  }

  /// While `body` runs the log takes nothing of the organisation.
  private func whileTheLogIsHeldUp(
    _ body: (_ count: (SQL) async throws -> Int64) async throws -> Void
  ) async throws {
    do {
      try await house.superuser.transaction { transaction in
        _ = try await transaction.query(
          "SELECT size FROM privacy.access_head WHERE tenant_id = \(tenant) FOR UPDATE")
        try await body { try await transaction.query($0)[0].get("count") }
        throw Passed()
      }
    } catch is Passed {}
  }

  @Test func `clause 22: kill -9 of a service with accesses that wait loses none of them`()
    async throws
  {
    let service = try await OwnService.start("identity")
    // Until it knows whose tokens count no more.
    _ = try await OwnPrivacy.patiently {
      try await IdentityServiceClient(service.client).getOrganisation(
        .with { $0.organisationID = member.organisation.id }, administrator.options)
    }
    let before = try await entries()
    try await whileTheLogIsHeldUp { count in
      for _ in 0..<3 { try await read(by: service.client) }
      #expect(try await count(eventCount) == 3)
      service.child.signal(SIGKILL)
      _ = await service.child.end()
      #expect(try await count(entryCount) == before)
    }
    try await until("none waits") { try await waiting() == 0 }
    #expect(try await entries() == before + 3, "each once")
    await service.client.shutdown()
  }

  @Test func `clause 22: an act that is taken back in its middle leaves no entry`() async throws {
    let people = PeopleServiceClient(house.gateway)
    let before = try await entries()
    var options = administrator.options
    // The time that the act has: it is taken back when it is over, with what it had written down.
    options.timeout = .seconds(3)
    let (acting, person) = (options, member.id)
    do {
      try await house.superuser.transaction { transaction in
        _ = try await transaction.query(
          """
          SELECT person_id FROM identity.person
          WHERE tenant_id = \(tenant) AND person_id = \(member.uuid) FOR UPDATE
          """)
        async let act = people.suspendPerson(.with { $0.personID = person }, acting)
        try await until("the act is held up") { try await transaction.waiters() > 0 }
        do {
          let done = try await act
          Issue.record("done in spite of the lock: \(done.suspended)")
        } catch let error as RPCError {
          #expect(error.code == .deadlineExceeded, "\(error)")
        }
        // It has let go before the row is free: else it would go on.
        try await until("the act was taken back") { try await transaction.waiters() == 0 }
        throw Passed()
      }
    } catch is Passed {}
    let found = try await people.getPerson(.with { $0.personID = member.id }, administrator.options)
    #expect(!found.suspended)
    // That read is the one entry that came: what was written down before it was brought before it.
    try await until("the read is in the log") { try await entries() > before }
    try await until("nothing waits") { try await waiting() == 0 }
    #expect(try await entries() == before + 1)
    _ = try await people.suspendPerson(.with { $0.personID = member.id }, administrator.options)
    try await until("what was done is in the log") { try await entries() > before + 1 }
  }

  @Test func `clause 22: what was brought to a process that died before it answered is there once`()
    async throws
  {
    let id = UUID()
    let detail = try PrivacyAccessDetail.with { $0.kind = .read }.serializedData()
    let request = PrivacyAppendAccessesRequest.with {
      $0.organisationID = member.organisation.id
      $0.events = [
        .with {
          $0.eventID = id.canonical
          $0.subjectID = member.id
          $0.subjectCommitment = Data(AccessLeaf.commitment(event: id, subject: member.uuid))
          $0.occurredAt = Google_Protobuf_Timestamp(date: Date())
          $0.detail = detail
        }
      ]
    }
    try await OwnPrivacy.with { own in
      func append(at service: OwnService) async throws -> UInt32 {
        let client = RPCClient(
          endpoint: service.endpoint, tls: try house.tls(as: "identity"), reactors: house.reactors)
        do {
          let appended = try await AccessIntakeServiceClient(client).appendAccesses(request)
            .appended
          await client.shutdown()
          return appended
        } catch {
          await client.shutdown()
          throw error
        }
      }
      func stored() async throws -> Int64 {
        try await own.superuser.run([
          "SELECT count(*) AS entries FROM privacy.access_entry WHERE event_id = \(id)"
        ])[0][0].get("entries")
      }
      let first = try await own.start()
      await withTaskGroup(of: Void.self) { group in
        // Its answer may come or not: the process is killed as soon as the entry is there.
        group.addTask { _ = try? await append(at: first) }
        group.addTask {
          try? await until("the entry is stored") { try await stored() == 1 }
          await own.kill(first)
        }
      }
      #expect(try await stored() == 1)
      let second = try await own.start()
      #expect(try await append(at: second) == 0, "it is there")
      #expect(try await stored() == 1)
      await own.kill(second)
    }
  }
}
