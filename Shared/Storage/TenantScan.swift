package import FoundationEssentials
import Postgres

/// What is left of an organisation, table by table, after its erasure.
extension TenantErasure {
  package struct Finding: Sendable, Equatable {
    package let table: String
    package let rowsLeft: Int
    /// Why these rows stay; nil: none may.
    package let ground: String?

    package init(table: String, rowsLeft: Int, ground: String?) {
      (self.table, self.rowsLeft, self.ground) = (table, rowsLeft, ground)
    }

    package var isClean: Bool { rowsLeft == 0 || ground != nil }
  }

  /// A finding for each table of the service that may hold rows of the organisation or rows of the
  /// platform that name it, and for each of its key store, also for those without a row.
  package func scan(
    _ tenant: UUID, deadline: ContinuousClock.Instant? = nil
  ) async throws -> [Finding] {
    let tables = try await tables()
    let naming = tables.filter(\.namesOrganisation)
    let own = try await database.once(
      tenant: tenant, deadline: deadline, all: tables.map { count($0, rows(tenant)) })
    let named = try await database.once(
      tenant: .platform, deadline: deadline, all: naming.map { count($0, platformRows(tenant)) })
    func finding(_ table: Table, _ ofPlatform: Bool, _ rows: Int64) -> Finding {
      let name = table.name.name
      return Finding(
        table: label(name, ofPlatform), rowsLeft: Int(rows), ground: ground(name, ofPlatform))
    }
    return try zip(tables, own).map { finding($0, false, try $1[0].get("rows")) }
      + zip(naming, named).map { finding($0, true, try $1[0].get("rows")) }
      + (try await vault.remains(of: tenant, deadline: deadline))
  }

  private func count(_ table: Table, _ rows: SQL) -> SQL {
    "SELECT count(*) AS rows FROM \(schema).\(table.name) WHERE \(rows)"
  }
}

extension Vault {
  /// What a key store holds of an organisation: keys that open something, of which none may be
  /// left, and tombstones.
  fileprivate func remains(
    of tenant: UUID, deadline: ContinuousClock.Instant?
  ) async throws -> [TenantErasure.Finding] {
    let keyed: [SQLIdentifier] = try ["tenant_key", "wrapping_key", "person_key"].map {
      try SQLIdentifier($0)
    }
    let results = try await database.once(
      tenant: tenant, deadline: deadline,
      all: keyed.map { table in
        """
        SELECT count(*) AS rows, count(wrapped_key) AS usable FROM \(schema).\(table)
        WHERE tenant_id = \(tenant)
        """
      } + ["SELECT count(*) AS rows FROM \(schema).destruction WHERE tenant_id = \(tenant)"])
    let usable = try results.prefix(keyed.count).reduce(Int64(0)) { try $0 + $1[0].get("usable") }
    let tombstones = try zip(keyed.map(\.name) + ["destruction"], results).map { table, result in
      TenantErasure.Finding(
        table: "\(table), of the key store",
        rowsLeft: Int(try result[0].get("rows", as: Int64.self)),
        ground: Self.tombstoneGround)
    }
    return [
      TenantErasure.Finding(table: "usable keys", rowsLeft: Int(usable), ground: nil)
    ] + tombstones
  }

  private static let tombstoneGround =
    "tombstones of destroyed keys, under digests that lead back to nobody: they keep a restored"
    + " backup from coming to life (GDPR Art. 32)"
}
