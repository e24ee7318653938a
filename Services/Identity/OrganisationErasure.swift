import FoundationEssentials
import Hosting
import Launch
import Logging
import Postgres
import Storage

/// The end of a client organisation in this service: its people deleted, its keys destroyed, so
/// that nothing of them can be read in any backup (clause 29).
///
/// The organisation's own row stays and says when. The other services' rows and keys, and the
/// certificate over all of it, are the privacy service's to come by.
struct OrganisationErasure: Sendable {
  let database: Database
  let vault: Vault
  let now: @Sendable () -> Date

  /// Rows that no statement of the service may delete: a table wants the right to.
  struct RowsLeft: Error, Equatable {
    let table: String
    let rows: Int64
  }

  /// Throws `erasureNotDue` before its day. Again: what was left half done is done.
  ///
  /// Rows first, then the keys: while keys are left a repetition destroys them.
  func run(
    _ mandate: Mandate, orderedBy: OrderedBy
  ) async throws -> OrganisationRow {
    let tenant = mandate.tenant
    try await clearLog(mandate)
    let erased = try await database.transaction(mandate, repeatable: true) { transaction in
      let locked = try await transaction.query(all: [
        .organisationLock(tenant), .erasableTables, .readableTables,
      ])
      guard let row = locked[0].first else { throw IdentityError.organisationNotFound }
      var organisation = try OrganisationRow(row)
      let time = now()
      try organisation.contract.requireErasureDue(on: organisation.today(time))
      guard organisation.contract.erasedAt == nil else { return organisation }
      let erasable = try locked[1].map { try SQLIdentifier($0.get("name")) }
      let readable = try locked[2].map { try SQLIdentifier($0.get("name")) }
      try await transaction.query(all: erasable.map { .eraseRows(of: tenant, in: $0) })
      let counts = try await transaction.query(
        all: readable.map { .countRows(of: tenant, in: $0) })
      for (table, count) in zip(readable, counts) {
        let rows: Int64 = try count[0].get("left_over")
        guard rows == 0 else { throw RowsLeft(table: table.name, rows: rows) }
      }
      try await transaction.query(.organisationErase(tenant, at: time))
      // In the platform's log: the organisation's own is gone.
      try transaction.platformQueryAtCommit([
        .securityEvent(
          .platform, SecurityEvent(.organisationErased, organisation: tenant),
          by: EventOrigin(orderedBy), at: time)
      ])
      organisation.contract.erasedAt = time
      return organisation
    }
    try await vault.destroyTenant(tenant, orderedBy: orderedBy)
    return erased
  }

  /// The one table that may hold too much to delete in one transaction, if the erasure is due.
  private func clearLog(_ mandate: Mandate) async throws {
    let row = try await database.once(mandate, .organisationFetch(mandate.tenant))[0].first
    guard let organisation = try row.map(OrganisationRow.init),
      (try? organisation.contract.requireErasureDue(on: organisation.today(now()))) != nil
    else { return }
    try await SecurityLogSweep(database: database).run(mandate, before: .distantFuture)
  }
}

extension EventOrigin {
  /// Whoever orders an erasure: nobody of an organisation does so in a session of theirs.
  init(_ orderedBy: OrderedBy) {
    switch orderedBy {
    case .person(let id): self.init(actor: .person(id))
    case .service, .command: self.init(actor: .service)
    }
  }
}

/// Erases every organisation whose day has come, and in the others who has registered and not
/// confirmed it in time, and what the log has held long enough.
struct ErasureSweep: Sendable {
  let erasure: OrganisationErasure
  let subjects: SubjectStore
  let logger: Logger

  /// One organisation's failure does not keep the others; the next sweep tries it again.
  /// - Returns: those that were erased.
  @discardableResult
  func run() async throws -> [UUID] {
    let directory = Directory(database: erasure.database)
    var erased: [UUID] = []
    var page: Page? = Page.first
    while let current = page {
      let (organisations, next) = try await directory.list(current, Mandate(tenant: .platform))
      for tenant in organisations {
        do {
          if try await eraseIfDue(tenant) { erased.append(tenant) }
        } catch let error as CancellationError {
          throw error
        } catch {
          logger.error(
            "erasure failed",
            metadata: ["organisation": "\(tenant.text)", "error": "\(error)"])
        }
      }
      page = next.map { current.following($0) }
    }
    try await log.run(Mandate(tenant: .platform), before: log.end(at: erasure.now()))
    return erased
  }

  private var log: SecurityLogSweep { SecurityLogSweep(database: erasure.database) }

  private func eraseIfDue(_ tenant: UUID) async throws -> Bool {
    let mandate = Mandate(tenant: tenant)
    let row = try await erasure.database.once(mandate, .organisationFetch(tenant))[0].first
    guard let organisation = try row.map(OrganisationRow.init) else { return false }
    let today = organisation.today(erasure.now())
    do throws(IdentityError) {
      try organisation.contract.requireErasureDue(on: today)
    } catch {
      try await eraseUnconfirmed(mandate)
      try await log.run(mandate, before: log.end(at: erasure.now()))
      return false
    }
    // Also where the rows are gone: a process that ended then has left the keys.
    _ = try await erasure.run(mandate, orderedBy: .service("identity"))
    guard organisation.contract.erasedAt == nil else { return false }
    logger.notice("organisation erased", metadata: ["organisation": "\(tenant.text)"])
    return true
  }

  /// Of an organisation and a sweep.
  private static let unconfirmedLimit = 100

  /// Data of somebody who may never have asked for it is kept as long as their link counts. What
  /// waited too long for a decision says so.
  private func eraseUnconfirmed(_ mandate: Mandate) async throws {
    let (tenant, time) = (mandate.tenant, erasure.now())
    let results = try await erasure.database.once(
      mandate, .emailChangeExpire(tenant, at: time), .supportAccessExpire(tenant, at: time),
      .registrationExpired(tenant, at: time, limit: Self.unconfirmedLimit),
      .deviceExpire(tenant, at: time))
    for row in results[2] {
      _ = try await subjects.erase(
        Subject(
          mandate, person: try row.get("person_id"), orderedBy: .service("identity")))
    }
  }

  /// Between two sweeps.
  static let interval: Duration = .seconds(3_600)

  /// Sweeps at once and again until its task ends.
  func keepGoing() async throws {
    try await repeating(every: Self.interval) { error in
      logger.warning("erasures not swept", metadata: ["error": "\(error)"])
    } _: {
      try await run()
    }
  }
}
