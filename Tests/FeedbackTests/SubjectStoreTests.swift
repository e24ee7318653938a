import Cryptography
import Foundation
import Storage
import StorageSupport
import Testing

@testable import Feedback

@Suite(.serialized) struct SubjectStoreTests {
  @Test func `each party's export holds what is theirs`() async throws {
    try await Office.with { office in
      let round = try await office.ask()
      try await office.give(try office.answer("From a colleague"), round)
      try await office.giveAsGuest(try office.answer("From a guest", after: 90), round)

      let asked = try await office.export(office.asker)
      #expect(
        asked.map(\.table)
          == ["round", "invitation", "invitation", "invitation", "feedback", "feedback"])
      #expect(asked[0]["question"] == "How do I chair a meeting?")
      #expect(asked[3]["outsider_name"] == "Ann Guest" && asked[3]["outsider_email"] == nil)
      #expect(asked[4]["answer"] == "From a guest" && asked[4]["giver_name"] == "Ann Guest")
      #expect(asked[5]["giver_id"] == office.colleagues[0].id.canonical)
      #expect(asked[5]["given_at"] == "2027-01-15T08:01:00.000Z")

      let gave = try await office.export(office.colleagues[0])
      #expect(gave.map(\.table) == ["invitation", "feedback"])
      #expect(gave[1]["answer"] == "From a colleague")
      #expect(try await office.export(office.colleagues[1]).map(\.table) == ["invitation"])

      let guest = try await office.export(Person(office.asker.mandate, id: round.guests[0]))
      #expect(guest.map(\.table) == ["invitation", "feedback"])
      #expect(guest[0]["outsider_email"] == "ann@example.org")
      #expect(guest[1]["answer"] == "From a guest")
      #expect(try await office.export(Person(Mandate(tenant: UUID()), id: office.asker.id)).isEmpty)
    }
  }

  @Test func `an export of many rows leaves none out`() async throws {
    try await Office.with { office in
      let count = SubjectStore.batch / 3 + 1
      for _ in 0..<count { try await office.give(try office.answer(), try await office.ask()) }
      let records = try await office.export(office.asker)
      #expect(records.count == count * 5)
      #expect(Set(records.map { "\($0.table) \($0.id)" }).count == count * 5)
    }
  }

  @Test func `the asker's erasure takes rounds, answers and the outsiders' keys`() async throws {
    try await Office.with { office in
      let round = try await office.ask()
      try await office.give(try office.answer(), round)
      let erased = try await office.erase(office.asker)
      #expect(erased.map(\.table) == ["feedback", "outbox", "access_event", "invitation", "round"])
      #expect(erased.map(\.rows) == [1, 0, 0, 3, 1])
      #expect(try await office.found(office.asker) == 0)
      #expect(try await office.list(office.asker).isEmpty)
      #expect(try await office.store.taskList(office.colleagues[1]).isEmpty)
      await #expect(throws: VaultError.destroyed) {
        try await office.service.vault.person(office.asker.tenant, round.guests[0])
      }
      await #expect(throws: FeedbackError.linkUnknown) {
        try await office.store.guestInvitationFetch(
          try office.code(round), at: Office.start, Mandate(tenant: office.asker.tenant))
      }
      await #expect(throws: FeedbackError.personErased) { try await office.ask() }
      let again = try await office.erase(office.asker)
      #expect(again.map(\.rows) == [0, 0, 0, 0, 0])
    }
  }

  @Test(arguments: [true, false])
  func `mail that waits for an outsider goes with their data, and with the asker's`(
    isAsker: Bool
  ) async throws {
    try await Office.with { office in
      let outbox = try Outbox(
        database: office.service.database, vault: office.service.vault, schema: "feedback")
      let round = try await office.ask()
      let (guest, tenant) = (round.guests[0], office.asker.tenant)
      let key = try await office.service.vault.person(tenant, guest)
      let post = Post(
        person: guest, kind: GuestLetter.kind, content: Array("Ann Guest".utf8),
        expiresAt: round.linksExpireAt)
      try await office.service.database.once(
        tenant: tenant,
        all: outbox.insert([(post: post, key: key)], tenant: tenant, at: Office.start))
      let exported = try await office.export(Person(office.asker.mandate, id: guest))
      #expect(exported.map(\.table) == ["invitation", "outbox"])
      #expect(exported[1]["kind"] == "guest-link")
      let erased = try await office.erase(
        isAsker ? office.asker : Person(office.asker.mandate, id: guest))
      #expect(erased.first { $0.table == "outbox" }?.rows == 1)
      let claims = try await outbox.claim(limit: 9, share: 9, at: Office.start)
      #expect(claims.map(\.id) == [post.id])
      #expect(try await outbox.open([post.id], of: tenant).isEmpty)
    }
  }

  @Test func `a giver's erasure leaves the answer to its recipient without the giver`()
    async throws
  {
    try await Office.with { office in
      let round = try await office.ask()
      let open = try await office.ask(topic: "Writing")
      try await office.give(try office.answer("From a colleague"), round)
      try await office.give(try office.answer("Another", after: 80), round, colleague: 1)
      let erased = try await office.erase(office.colleagues[0])
      #expect(erased.map(\.rows) == [1, 0, 0, 2, 0])
      #expect(try await office.found(office.colleagues[0]) == 0)
      #expect(try await office.store.taskList(office.colleagues[0]).isEmpty)
      let received = try await office.list(office.asker)
      #expect(received.map(\.text) == ["Another", "From a colleague"])
      #expect(received.map(\.giver) == [.colleague(office.colleagues[1].id), .nobody])
      let left = try await office.store.roundFetch(open.id, office.asker).invitations
      #expect(left.count == 2)
    }
  }

  @Test func `an outsider's erasure leaves the answer without the name`() async throws {
    try await Office.with { office in
      let (answered, open) = (try await office.ask(), try await office.ask(topic: "Writing"))
      try await office.giveAsGuest(try office.answer(), answered)
      for round in [answered, open] {
        let guest = Person(Mandate(tenant: office.asker.tenant), id: round.guests[0])
        #expect(try await office.found(guest) > 0)
        _ = try await office.erase(guest)
        #expect(try await office.found(guest) == 0)
        #expect(try await office.export(guest).isEmpty)
        await #expect(throws: FeedbackError.linkUnknown) {
          try await office.store.guestInvitationFetch(
            try office.code(round), at: Office.start, Mandate(tenant: office.asker.tenant))
        }
      }
      #expect(try await office.list(office.asker).map(\.giver) == [.nobody])
    }
  }
}
