import Cryptography
package import Foundation
import Postgres

/// On whose order a key is destroyed.
package enum OrderedBy: Sendable, Hashable {
  /// Kept as their reference under the tenant's secret, never as their id.
  case person(UUID)
  case service(String)
  /// Somebody at the machine, by the number of their user.
  case command(user: UInt32)
}

/// That a key was destroyed: the number of its record in the erasure journal, 0 without one.
package struct DestructionReceipt: Sendable, Hashable {
  package let id: UUID
  package let number: Int64
  package let at: Date
}

extension Vault {
  /// Records that are carried out in one transaction.
  private static let recordsAtOnce = 500

  /// Destroys the person's key: recorded in the journal first, then in the store. What stays is a
  /// tombstone under a keyed digest of the id, also for a person who had no key and a tenant that
  /// had none. Again: nothing happens, and the same receipt. Nil: the tenant's key went before.
  @discardableResult
  package func destroyPerson(
    _ tenant: UUID, _ person: UUID, orderedBy: OrderedBy
  ) async throws(VaultError) -> DestructionReceipt? {
    let keys: TenantKeys
    do {
      keys = try await self.keys(tenant, create: true)
    } catch .tenantDestroyed {
      return nil
    }
    let place = VaultCache.Place(tenant: tenant, person: person)
    cache.drop(place)
    defer { cache.drop(place) }
    return try await destroy(
      tenant, keys.reference(person), orderedBy: orderedBy.text(keys))
  }

  /// Destroys the tenant's keys and with them everything that they or its persons' keys sealed.
  @discardableResult
  package func destroyTenant(
    _ tenant: UUID, orderedBy: OrderedBy
  ) async throws(VaultError) -> DestructionReceipt {
    var by = orderedBy.text(nil)
    do {
      by = orderedBy.text(try await keys(tenant))
    } catch .tenantDestroyed, .tenantAbsent {
    } catch .corrupt, .masterAbsent {
      // What cannot be opened can be destroyed all the same.
    }
    let place = VaultCache.Place(tenant: tenant)
    cache.drop(place)
    defer { cache.drop(place) }
    return try await destroy(tenant, nil, orderedBy: by)
  }

  /// Carries out what the journal holds and the store doesn't know, as after the restore of an
  /// older store; a service calls it before it serves and from time to time while it does.
  ///
  /// - Returns: how many records it carried out.
  /// - Throws: `journal` if the two don't belong together: serve nothing then.
  @discardableResult
  package func replayErasures() async throws(VaultError) -> Int {
    guard let journal else { return 0 }
    var replayed = 0
    while true {
      let step = try await transaction(.platform) { transaction in
        try await catchUp(journal, transaction, readingAll: true)
      }
      for tenant in step.tenants { cache.drop(VaultCache.Place(tenant: tenant)) }
      replayed += step.records
      if step.isComplete { return replayed }
    }
  }

  /// Whether the journal holds what the store has not carried out; cheap.
  package func erasuresArePending() async throws(VaultError) -> Bool {
    guard let journal else { return false }
    let row = try await store(.platform, position)[0].first
    guard let row else { return true }
    let known: Int64 = try read(row, "file_bytes")
    do {
      return try await journal.length() != known
    } catch {
      throw .journal(error)
    }
  }

  // MARK: Steps

  private func destroy(
    _ tenant: UUID, _ reference: [UInt8]?, orderedBy: String
  ) async throws(VaultError) -> DestructionReceipt {
    // What another process left half done comes first.
    if try await erasuresArePending() { try await replayErasures() }
    return try await transaction(.platform) { transaction in
      var position: ErasureJournal.Position?
      if let journal {
        let step = try await catchUp(journal, transaction, readingAll: false)
        guard step.isComplete else { throw VaultError.journal(.behind(journal.path)) }
        position = step.position
      }
      if let known = try await receipt(tenant, reference, transaction) { return known }
      let receipt = DestructionReceipt(
        id: UUID(), number: (position?.records).map { $0 + 1 } ?? 0,
        at: Date(timeIntervalSince1970: Date().timeIntervalSince1970.rounded(.down)))
      let record = ErasureRecord(
        receipt, tenant: tenant, person: reference, orderedBy: orderedBy,
        after: position?.chain ?? "")
      if let journal, let place = position {
        position = try await journal.append(record, at: place)
      }
      try await transaction.query(all: statements(record) + (position.map { [store($0)] } ?? []))
      return receipt
    }
  }

  private struct Step: Sendable {
    var position: ErasureJournal.Position
    var records: Int
    var tenants: Set<UUID>
    var isComplete: Bool
  }

  /// Under the lock that all writers of the journal take. `readingAll` checks the journal from its
  /// beginning on; else only what the store has not carried out.
  private func catchUp(
    _ journal: ErasureJournal, _ transaction: TenantTransaction, readingAll: Bool
  ) async throws -> Step {
    let name = "ikso.journal.\(schema)"
    let results = try await transaction.query(all: [
      "SELECT pg_advisory_xact_lock(hashtextextended(\(name), 0))", position,
    ])
    let known = try results[1].first.map { row in
      ErasureJournal.Position(
        journal: try row.get("journal_id"), records: try row.get("records"),
        bytes: try row.get("file_bytes"), chain: try row.get("chain"))
    }
    let (begin, all) = try await journal.records(
      after: readingAll ? nil : known, schema: schema.name, create: known == nil)
    var pending = all[...]
    if let known, readingAll {
      let places = [begin] + all.map(\.1)
      guard known.records < places.count, places[Int(known.records)] == known else {
        throw ErasureJournalError.behind(journal.path)
      }
      pending = all[Int(known.records)...]
    }
    let batch = pending.prefix(Vault.recordsAtOnce)
    let end = batch.last?.1 ?? known ?? begin
    if end != known {
      try await transaction.query(all: batch.flatMap { statements($0.0) } + [store(end)])
    }
    return Step(
      position: end, records: batch.count, tenants: Set(batch.map(\.0.tenant)),
      isComplete: batch.count == pending.count)
  }

  private var position: SQL {
    """
    SELECT journal_id, records, file_bytes, chain FROM \(schema).journal_position
    WHERE tenant_id = \(UUID.platform)
    """
  }

  private func store(_ position: ErasureJournal.Position) -> SQL {
    """
    INSERT INTO \(schema).journal_position (tenant_id, journal_id, records, file_bytes, chain)
    VALUES (\(UUID.platform), \(position.journal), \(position.records), \(position.bytes),
      \(position.chain))
    ON CONFLICT (tenant_id) DO UPDATE SET records = excluded.records,
      file_bytes = excluded.file_bytes, chain = excluded.chain
    """
  }

  private func receipt(
    _ tenant: UUID, _ reference: [UInt8]?, _ transaction: TenantTransaction
  ) async throws -> DestructionReceipt? {
    let row = try await transaction.query(all: [
      turn(to: tenant),
      """
      SELECT destruction_id, journal_number, destroyed_at FROM \(schema).destruction
      WHERE tenant_id = \(tenant) AND person_ref IS NOT DISTINCT FROM \(reference)
      """,
      turn(to: .platform),
    ])[1].first
    return try row.map {
      DestructionReceipt(
        id: try $0.get("destruction_id"), number: try $0.get("journal_number"),
        at: try $0.get("destroyed_at"))
    }
  }

  /// What carries out a record; twice has the effect of once.
  private func statements(_ record: ErasureRecord) -> [SQL] {
    let tenant = record.tenant
    let destroy: [SQL]
    if let reference = record.reference {
      destroy = [
        """
        INSERT INTO \(schema).person_key AS known
          (tenant_id, person_ref, wrapped_key, destroyed_at)
        SELECT \(tenant), \(reference), NULL, \(record.at)
        FROM \(schema).tenant_key WHERE tenant_id = \(tenant)
        ON CONFLICT (tenant_id, person_ref) DO UPDATE SET wrapped_key = NULL, generation = NULL,
          destroyed_at = coalesce(known.destroyed_at, excluded.destroyed_at)
        """
      ]
    } else {
      let tables: [SQL] = ["tenant_key", "wrapping_key", "person_key"]
      destroy = tables.map { table in
        """
        UPDATE \(schema).\(table) SET wrapped_key = NULL, destroyed_at = \(record.at)
        WHERE tenant_id = \(tenant) AND wrapped_key IS NOT NULL
        """
      }
    }
    return [turn(to: tenant)] + destroy + [
      """
      INSERT INTO \(schema).destruction
        (tenant_id, destruction_id, person_ref, ordered_by, destroyed_at, journal_number)
      VALUES (\(tenant), \(record.receipt), \(record.reference), \(record.orderedBy),
        \(record.at), \(record.number))
      ON CONFLICT DO NOTHING
      """,
      turn(to: .platform),
    ]
  }

  /// The journal is the service's and a key is a tenant's: both change in one transaction or
  /// neither, which therefore changes tenants.
  private func turn(to tenant: UUID) -> SQL {
    "SELECT set_config('ikso.tenant', \(tenant.uuidString), true)"
  }
}

extension OrderedBy {
  fileprivate func text(_ keys: TenantKeys?) -> String {
    switch self {
    case .person(let id):
      keys.map { "person \(Hex.encode($0.reference(id)))" } ?? "person of a destroyed tenant"
    case .service(let name): "service \(name)"
    case .command(let user): "command of user \(user)"
    }
  }
}
