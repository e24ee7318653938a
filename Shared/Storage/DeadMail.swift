package import FoundationEssentials
package import Postgres

/// Mail that was given up.
package struct DeadMail: Sendable, Equatable {
  package let id: UUID
  package let kind: String
  package let createdAt: Date
  package let diedAt: Date
  package let attempts: Int
  /// A word or a number: nothing of the message.
  package let reason: String
}

extension Outbox {
  /// The mail of an organisation that was given up, the latest first.
  package func dead(
    _ page: Page, _ mandate: Mandate
  ) async throws -> (mails: [DeadMail], next: PagePosition?) {
    let tenant = mandate.tenant
    let select: SQL = """
      SELECT outbox_id, kind, created_at, dead_at, attempts, reason FROM \(schema).outbox
      WHERE tenant_id = \(tenant) AND dead_at IS NOT NULL
      """
    let order: SQL = "ORDER BY dead_at DESC, outbox_id DESC LIMIT \(page.size + 1)"
    let statement: SQL =
      if let after = page.after {
        "\(select) AND (dead_at, outbox_id) < (\(after.date), \(after.id)) \(order)"
      } else {
        "\(select) \(order)"
      }
    let rows = try await database.once(mandate, statement)[0]
    let mails = try rows.prefix(page.size).map { row in
      DeadMail(
        id: try row.get("outbox_id"), kind: try row.get("kind"),
        createdAt: try row.get("created_at"), diedAt: try row.get("dead_at"),
        attempts: Int(try row.get("attempts", as: Int32.self)),
        reason: try row.get("reason", as: String?.self) ?? "")
    }
    let next = rows.count > page.size ? mails.last : nil
    return (mails, next.map { PagePosition(at: $0.diedAt, id: $0.id) })
  }

  /// Whether the service has keys of the organisation, without which it holds nothing of it.
  package func isKnown(_ tenant: UUID) async throws(VaultError) -> Bool {
    do {
      _ = try await vault.tenant(tenant)
      return true
    } catch {
      switch error {
      case .tenantAbsent, .tenantDestroyed: return false
      default: throw error
      }
    }
  }

  /// Tries one that was given up from the start again; false if there is none of that id in the
  /// mandate's organisation. One that waits already goes on waiting.
  /// - Parameter telling: what is to be written with it, by the id of whom the mail is for.
  package func revive(
    _ id: UUID, _ mandate: Mandate, at time: Date, telling: (UUID) -> [SQL] = { _ in [] }
  ) async throws -> Bool {
    let tenant = mandate.tenant
    let found = try await database.transaction(mandate, repeatable: true) { transaction in
      let results = try await transaction.query(all: [
        """
        SELECT person_id FROM \(schema).outbox
        WHERE tenant_id = \(tenant) AND outbox_id = \(id) FOR UPDATE
        """,
        """
        UPDATE \(schema).outbox SET dead_at = NULL, attempts = 0
        WHERE tenant_id = \(tenant) AND outbox_id = \(id) AND dead_at IS NOT NULL
        """,
      ])
      if results[1].affected == 1, let mail = results[0].first {
        try await transaction.query(all: telling(try mail.get("person_id")))
        try transaction.platformQueryAtCommit([
          """
          UPDATE \(schema).outbox_due SET next_attempt_at = \(time), is_dead = false
          WHERE tenant_id = \(UUID.platform) AND organisation_id = \(tenant)
            AND outbox_id = \(id)
          """
        ])
      }
      return !results[0].isEmpty
    }
    ring()
    return found
  }
}
