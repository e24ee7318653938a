package import FoundationEssentials
package import Postgres

/// A row of the outbox that somebody has taken, to be tried until its lease ends.
package struct OutboxClaim: Sendable, Hashable {
  package let tenant: UUID
  package let id: UUID
}

/// What stands in it.
package struct OutboxPiece: Sendable {
  package let id: UUID
  package let kind: String
  /// Nil once the key is destroyed; empty if it cannot be opened.
  package let content: [UInt8]?
  package let createdAt: Date
  package let expiresAt: Date
  /// With the one that is about to be made.
  package let attempts: Int
  package let isDead: Bool
}

/// What came of it.
package enum OutboxResult: Sendable, Equatable {
  /// Sent, or of no use any more: nothing of it is kept.
  case gone
  case later(Date, reason: String)
  /// Nobody could be asked; it does not count as an attempt.
  case untried(Date)
  /// Not tried again unless somebody asks for it; shown until then, and gone after `keptUntil`.
  case dead(at: Date, reason: String, keptUntil: Date)
}

extension Outbox {
  /// Takes up to `limit` rows that are due, the more urgent first, and of these `share` of an
  /// organisation at most and turn about, so that nobody's import holds up another's mail.
  ///
  /// Costs a look into the index for each organisation with mail that waits, and one if none is
  /// due. Of several who ask at once each gets other rows.
  package func claim(
    limit: Int, share: Int, at time: Date
  ) async throws -> [OutboxClaim] {
    let platform = UUID.platform
    let rows = try await database.once(
      tenant: platform,
      """
      WITH RECURSIVE organisation (id) AS (
        (SELECT organisation_id FROM \(schema).outbox_due
        WHERE tenant_id = \(platform) AND EXISTS (
          SELECT FROM \(schema).outbox_due
          WHERE tenant_id = \(platform) AND next_attempt_at <= \(time))
        ORDER BY organisation_id LIMIT 1)
        UNION ALL
        SELECT (
          SELECT next.organisation_id FROM \(schema).outbox_due next
          WHERE next.tenant_id = \(platform) AND next.organisation_id > organisation.id
          ORDER BY next.organisation_id LIMIT 1)
        FROM organisation WHERE organisation.id IS NOT NULL
      ), candidate AS (
        SELECT due.organisation_id, due.outbox_id
        FROM organisation CROSS JOIN LATERAL (
          SELECT organisation_id, outbox_id, next_attempt_at, urgency,
            row_number() OVER (ORDER BY urgency DESC, next_attempt_at) AS place
          FROM \(schema).outbox_due
          WHERE tenant_id = \(platform) AND organisation_id = organisation.id
            AND next_attempt_at <= \(time)
          ORDER BY urgency DESC, next_attempt_at LIMIT \(share)
        ) AS due
        ORDER BY due.urgency DESC, due.place, due.next_attempt_at LIMIT \(limit)
      ), picked AS (
        SELECT due.organisation_id, due.outbox_id
        FROM \(schema).outbox_due due
        JOIN candidate ON candidate.organisation_id = due.organisation_id
          AND candidate.outbox_id = due.outbox_id
        WHERE due.tenant_id = \(platform) AND due.next_attempt_at <= \(time)
        FOR UPDATE OF due SKIP LOCKED
      )
      UPDATE \(schema).outbox_due SET next_attempt_at = \(time + Self.lease)
      FROM picked
      WHERE outbox_due.tenant_id = \(platform)
        AND outbox_due.organisation_id = picked.organisation_id
        AND outbox_due.outbox_id = picked.outbox_id
      RETURNING outbox_due.organisation_id, outbox_due.outbox_id
      """)[0]
    return try rows.map {
      OutboxClaim(tenant: try $0.get("organisation_id"), id: try $0.get("outbox_id"))
    }
  }

  /// What the claimed rows of one organisation hold; an attempt is counted before it is made, so
  /// that one that ends the process is. A row that is gone meanwhile is left out.
  package func open(_ ids: [UUID], of tenant: UUID) async throws -> [OutboxPiece] {
    let rows = try await database.once(
      tenant: tenant,
      """
      SELECT outbox_id, person_id, kind, sealed_mail, created_at, expires_at, attempts, dead_at
      FROM \(schema).outbox WHERE tenant_id = \(tenant) AND outbox_id = ANY(\(ids))
      """)[0]
    guard !rows.isEmpty else { return [] }
    let keys = try await vault.keysLeft(of: rows.map { try $0.get("person_id") }, tenant)
    try await database.once(
      tenant: tenant,
      """
      UPDATE \(schema).outbox SET attempts = attempts + 1
      WHERE tenant_id = \(tenant) AND outbox_id = ANY(\(ids)) AND dead_at IS NULL
      """)
    return try rows.map { row in
      let id: UUID = try row.get("outbox_id")
      let sealed: [UInt8] = try row.get("sealed_mail")
      let key = keys[try row.get("person_id")]
      return OutboxPiece(
        id: id, kind: try row.get("kind"),
        content: key.map { Self.content(sealed, row: id, $0) },
        createdAt: try row.get("created_at"), expiresAt: try row.get("expires_at"),
        attempts: Int(try row.get("attempts", as: Int32.self)) + 1,
        isDead: try row.get("dead_at", as: Date?.self) != nil)
    }
  }

  private static func content(_ sealed: [UInt8], row: UUID, _ key: SealingKey) -> [UInt8] {
    (try? key.open(bytes: sealed, table: table, column: column, row: row)) ?? []
  }

  /// Writes down what came of the claimed rows of one organisation.
  package func settle(
    _ results: [UUID: OutboxResult], of tenant: UUID
  ) async throws(PostgresError) {
    var gone: [UUID] = []
    var kept = Kept()
    for (id, result) in results {
      switch result {
      case .gone: gone.append(id)
      case .later(let time, let reason): kept.add(id, next: time, reason, deadAt: nil, back: 0)
      case .untried(let time): kept.add(id, next: time, nil, deadAt: nil, back: 1)
      case .dead(let time, let reason, let end):
        kept.add(id, next: end, reason, deadAt: time, back: 0)
      }
    }
    let platform = UUID.platform
    let statements: [SQL] = [
      "DELETE FROM \(schema).outbox WHERE tenant_id = \(tenant) AND outbox_id = ANY(\(gone))",
      """
      UPDATE \(schema).outbox SET reason = COALESCE(new.reason, outbox.reason),
        dead_at = new.dead_at, attempts = GREATEST(outbox.attempts - new.back, 0)
      FROM unnest(\(kept.ids), \(kept.reasons), \(kept.deaths), \(kept.backs))
        AS new (outbox_id, reason, dead_at, back)
      WHERE outbox.tenant_id = \(tenant) AND outbox.outbox_id = new.outbox_id
      """,
    ]
    let due: [SQL] = [
      """
      DELETE FROM \(schema).outbox_due
      WHERE tenant_id = \(platform) AND organisation_id = \(tenant) AND outbox_id = ANY(\(gone))
      """,
      """
      UPDATE \(schema).outbox_due SET next_attempt_at = new.next_attempt_at,
        is_dead = new.is_dead
      FROM unnest(\(kept.ids), \(kept.times), \(kept.deaths.map { $0 != nil }))
        AS new (outbox_id, next_attempt_at, is_dead)
      WHERE outbox_due.tenant_id = \(platform) AND outbox_due.organisation_id = \(tenant)
        AND outbox_due.outbox_id = new.outbox_id
      """,
    ]
    try await database.once(
      tenant: tenant, all: statements + SQL.asPlatform(due, backTo: tenant))
  }

  private struct Kept {
    var ids: [UUID] = []
    var times: [Date] = []
    var reasons: [String?] = []
    var deaths: [Date?] = []
    var backs: [Int] = []

    mutating func add(_ id: UUID, next: Date, _ reason: String?, deadAt: Date?, back: Int) {
      ids.append(id)
      times.append(next)
      reasons.append(reason)
      deaths.append(deadAt)
      backs.append(back)
    }
  }

  /// How many rows of all organisations wait, and how many are dead.
  package func counts() async throws -> (waiting: Int64, dead: Int64) {
    let row = try await database.once(
      tenant: .platform,
      """
      SELECT count(*) FILTER (WHERE NOT is_dead) AS waiting,
        count(*) FILTER (WHERE is_dead) AS dead
      FROM \(schema).outbox_due WHERE tenant_id = \(UUID.platform)
      """)[0][0]
    return (try row.get("waiting"), try row.get("dead"))
  }
}
