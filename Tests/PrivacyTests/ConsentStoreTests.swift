import Foundation
import Hosting
import Launch
import Postgres
import Storage
import StorageSupport
import Synchronization
import Testing

@testable import Privacy

@Suite struct ConsentStoreTests {
  private static func with(_ body: @Sendable (ServiceDatabase) async throws -> Void) async throws {
    try await ServiceDatabase.with(
      schema: "privacy", migrations: PrivacyMain.migrations, body)
  }

  private let noon = Date(timeIntervalSince1970: 1_800_000_000)
  private let tenant = UUID()
  private let person = UUID()
  private let officer = UUID()

  /// What followers are told of the person, by purpose.
  private func marks(_ database: Database) async throws -> [String: PurposeMark] {
    let rows = try await database.once(
      tenant: .platform, .purposeMarkFetch(after: 0, limit: 100)
    )[0].map(PurposeMarkRow.init).filter { $0.organisation == tenant && $0.person == person }
    return Dictionary(uniqueKeysWithValues: rows.map { ($0.purpose, $0.mark) })
  }

  private func freeze(
    _ purposes: [Purpose], _ reason: FreezeReason, in database: Database, at seconds: Double = 0
  ) async throws -> [PurposeFreeze] {
    try await database.transaction(tenant: tenant) {
      try await ConsentStore.freeze(
        purposes, for: reason, of: person, by: officer, at: noon + seconds, in: $0)
    }
  }

  @Test func `a purpose goes on when the last of its freezes has ended`() async throws {
    try await Self.with { store in
      let first = try await freeze([.feedback, .development], .objection, in: store.database)
      #expect(first.map(\.purpose) == [.feedback, .development])
      let again = try await freeze([.feedback], .objection, in: store.database, at: 9)
      #expect(again == [first[0]], "the same reason stays as it is")
      let other = try await freeze([.feedback], .restriction, in: store.database)
      #expect(try await marks(store.database) == ["feedback": .stopped, "development": .stopped])

      let released = try await store.database.transaction(tenant: tenant) {
        try await ConsentStore.release(first[0].id, by: officer, at: noon + 60, in: $0)
      }
      #expect(released.releasedAt == noon + 60 && released.releasedBy == officer)
      #expect(try await marks(store.database)["feedback"] == .stopped)
      _ = try await store.database.transaction(tenant: tenant) {
        try await ConsentStore.release(other[0].id, by: officer, at: noon + 61, in: $0)
      }
      #expect(
        try await marks(store.database)
          == ["feedback": PurposeMark.none, "development": .stopped])
      let listed = try await store.database.transaction(tenant: tenant) {
        try await ConsentStore.list(.first, of: person, onlyInForce: false, in: $0)
      }
      #expect(listed.freezes.count == 3 && listed.next == nil)
    }
  }

  @Test func `another organisation's freeze is not found, and changes nothing`() async throws {
    try await Self.with { store in
      let made = try await freeze([.feedback], .objection, in: store.database)
      await #expect(throws: ConsentError.freezeAbsent) {
        try await store.database.transaction(tenant: UUID()) {
          _ = try await ConsentStore.release(made[0].id, by: officer, at: noon, in: $0)
        }
      }
      #expect(try await marks(store.database) == ["feedback": .stopped])
    }
  }

  @Test func `what is rolled back is told to nobody`() async throws {
    try await Self.with { store in
      struct Undone: Error {}
      await #expect(throws: Undone.self) {
        try await store.database.transaction(tenant: tenant) {
          _ = try await ConsentStore.freeze(
            [.feedback], for: .objection, of: person, by: officer, at: noon, in: $0)
          throw Undone()
        }
      }
      let left = try await marks(store.database)
      #expect(left.isEmpty)
    }
  }

  @Test func `an erasure leaves nothing of the person, in the marks neither`() async throws {
    try await Self.with { store in
      _ = try await freeze([.feedback, .publishing], .withdrawal, in: store.database)
      let other = UUID()
      _ = try await store.database.transaction(tenant: tenant) {
        try await ConsentStore.freeze(
          [.feedback], for: .objection, of: other, by: person, at: noon, in: $0)
      }
      let erased = try await store.database.transaction(tenant: tenant) {
        try await ConsentStore.erase(person, in: $0)
      }
      #expect(erased.map(\.rows) == [0, 3, 0])
      #expect(try await marks(store.database).isEmpty)
      let left = try await store.database.transaction(tenant: tenant) {
        try await ConsentStore.freezes(of: other, in: $0)
      }
      #expect(left.count == 1 && left[0].frozenBy == nil)
    }
  }

  @Test func `freezes of many people at once are all told, in the order of their sequence`()
    async throws
  {
    try await Self.with { store in
      let people = (1...40).map { _ in UUID() }
      let (tenant, noon) = (tenant, noon)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for person in people {
          group.addTask {
            _ = try await store.database.transaction(tenant: tenant) {
              try await ConsentStore.freeze(
                [.feedback, .development], for: .restriction, of: person, by: nil, at: noon,
                in: $0)
            }
          }
        }
        try await group.waitForAll()
      }
      let rows = try await store.database.once(
        tenant: .platform, .purposeMarkFetch(after: 0, limit: 100)
      )[0].map(PurposeMarkRow.init)
      #expect(rows.count == 80)
      #expect(Set(rows.map(\.sequence)).count == 80)
      #expect(Set(rows.compactMap(\.person)) == Set(people))
    }
  }

  @Test func `a follower is told what holds, what changes, and all anew after a long absence`()
    async throws
  {
    try await Self.with { store in
      _ = try await freeze([.feedback], .objection, in: store.database)
      let drain = DrainSignal()
      @Sendable func follow(
        after sequence: Int64, at date: Date, count: Int
      ) async throws -> [PurposeFeed.Batch] {
        let feed = PurposeFeed(
          database: store.database, drainSignal: drain, now: { date })
        let batches = Mutex<[PurposeFeed.Batch]>([])
        struct Enough: Error {}
        do {
          try await feed.follow(after: sequence) { batch in
            let isEnough = batches.withLock { batches in
              batches.append(batch)
              return batches.count == count
            }
            if isEnough { throw Enough() }
          }
        } catch is Enough {}
        return batches.withLock { $0 }
      }
      let first = try await follow(after: 0, at: Date(), count: 1)
      #expect(first[0].reset && first[0].isComplete && first[0].marks.map(\.mark) == [.stopped])
      let last = first[0].sequence
      let next = try await follow(after: last, at: Date(), count: 1)
      #expect(!next[0].reset && next[0].marks.isEmpty && next[0].sequence == last)
      let late = try await follow(
        after: last, at: Date() + PurposeFeed.memory + 3_600, count: 1)
      #expect(late[0].reset && late[0].marks.count == 1)
      drain.give()
    }
  }
}
