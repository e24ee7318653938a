import Access
import Archive
import Cryptography
import FoundationEssentials
import Hosting
import Launch
import Logging
import Postgres
import RPC
import Schemas
import Storage
import SwiftProtobuf

/// The end of a client organisation (clause 29). This service keeps the contract and so says when;
/// the privacy service has every service erase, this one last.
struct OrganisationErasure: Sendable {
  let database: Database
  let sessions: Sessions
  let signer: ErasureSigner
  let desk: OrganisationErasureDeskServiceClient
  let now: @Sendable () -> Date

  private static let reportTimeout: Duration = .seconds(10)

  /// Tells the privacy service that the day has come, and that it need not wait.
  func report(_ tenant: UUID) async throws(RPCError) {
    _ = try await desk.reportDueOrganisation(
      .with { $0.organisationID = tenant.canonical }, CallOptions(timeout: Self.reportTimeout))
  }

  /// The signed order. With the first one nobody's token of the organisation counts any more and
  /// its contract stays as it is: what has begun is carried through. Throws `erasureNotDue` before
  /// the day.
  func order(_ mandate: Mandate, erasure: UUID) async throws -> String {
    let tenant = mandate.tenant
    let contract = try await database.transaction(mandate, repeatable: true) { transaction in
      let (organisation, time) = (try await locked(in: transaction), now())
      var contract = organisation.contract
      try contract.requireErasureDue(on: organisation.today(time))
      guard contract.erasureOrderedAt == nil else { return contract }
      try await transaction.query(.organisationOrderErasure(tenant, at: time))
      try sessions.replaceTokensOfOrganisation(at: time, in: transaction)
      try transaction.platformQueryAtCommit([
        .securityEvent(
          .platform, SecurityEvent(.organisationErasureOrdered, organisation: tenant),
          by: EventOrigin(actor: .service), at: time)
      ])
      contract.erasureOrderedAt = time
      return contract
    }
    guard let end = contract.period?.end, let keptUntil = contract.keptUntil,
      let orderedAt = contract.erasureOrderedAt
    else { throw IdentityError.contractMissing }
    return try signer.sign(
      OrganisationErasureOrder(
        erasureID: erasure.canonical, organisationID: tenant.canonical, contractEnd: "\(end)",
        keptUntil: "\(keptUntil)", orderedAt: orderedAt.formatted(.iso8601)))
  }

  /// Throws unless it was ordered, whoever asks for it.
  func demandOrdered(_ tenant: UUID) async throws {
    let row = try await database.once(tenant: tenant, .organisationFetch(tenant))[0].first
    guard let organisation = try row.map(OrganisationRow.init) else {
      throw IdentityError.organisationNotFound
    }
    let today = organisation.today(now())
    try organisation.contract.requireErasureDue(on: today)
    guard organisation.contract.erasureOrderedAt != nil else {
      throw IdentityError.erasureNotDue(after: today)
    }
  }

  /// Its rows and keys are gone: says so. Again: nothing.
  func finish(_ tenant: UUID) async throws {
    try await database.transaction(Mandate(tenant: tenant), repeatable: true) { transaction in
      let (organisation, time) = (try await locked(in: transaction), now())
      guard organisation.contract.erasedAt == nil else { return }
      try await transaction.query(.organisationErase(tenant, at: time))
      // In the platform's log: the organisation's own is gone.
      try transaction.platformQueryAtCommit([
        .securityEvent(
          .platform, SecurityEvent(.organisationErased, organisation: tenant),
          by: EventOrigin(actor: .service), at: time)
      ])
    }
  }

  private func locked(in transaction: TenantTransaction) async throws -> OrganisationRow {
    let row = try await transaction.query(.organisationLock(transaction.tenant)).first
    guard let row else { throw IdentityError.organisationNotFound }
    return try OrganisationRow(row)
  }
}

extension TenantErasure.Kept {
  /// What identity keeps of an erased organisation.
  static let ofIdentity: [TenantErasure.Kept] = [
    .rows(
      of: "organisation",
      because: "name and contract of a customer: seven years in our own books (AWR Art. 52)"),
    .platformRows(
      of: "directory", because: "the list of those books, by the organisation's id alone"),
    .platformRows(
      of: "security_event",
      because: "the platform's own security log: 400 days (GDPR Art. 32); names nobody of it"),
  ]
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

/// Reports every organisation whose day has come, and erases in the others who has registered and
/// not confirmed it in time, and what the log has held long enough.
struct ErasureSweep: Sendable {
  let erasure: OrganisationErasure
  let subjects: SubjectStore
  let logger: Logger

  /// One organisation's failure does not keep the others; the next sweep tries it again.
  /// - Returns: those that were reported.
  @discardableResult
  func run() async throws -> [UUID] {
    let directory = Directory(database: erasure.database)
    var reported: [UUID] = []
    var page: Page? = Page.first
    while let current = page {
      let (organisations, next) = try await directory.list(current, Mandate(tenant: .platform))
      for tenant in organisations {
        do {
          if try await look(at: tenant) { reported.append(tenant) }
        } catch let error as CancellationError {
          throw error
        } catch {
          logger.error(
            "organisation not swept",
            metadata: ["organisation": "\(tenant.canonical)", "error": "\(error)"])
        }
      }
      page = next.map { current.following($0) }
    }
    try await log.run(Mandate(tenant: .platform), before: log.end(at: erasure.now()))
    return reported
  }

  private var log: SecurityLogSweep { SecurityLogSweep(database: erasure.database) }

  /// True if its day has come, and the privacy service knows.
  private func look(at tenant: UUID) async throws -> Bool {
    let mandate = Mandate(tenant: tenant)
    let row = try await erasure.database.once(mandate, .organisationFetch(tenant))[0].first
    guard let organisation = try row.map(OrganisationRow.init) else { return false }
    let contract = organisation.contract
    // What was erased here alone, before the other services could, is theirs to do.
    guard contract.erasedAt == nil || contract.erasureOrderedAt == nil else { return false }
    do throws(IdentityError) {
      try contract.requireErasureDue(on: organisation.today(erasure.now()))
    } catch {
      try await eraseUnconfirmed(mandate)
      try await log.run(mandate, before: log.end(at: erasure.now()))
      return false
    }
    try await erasure.report(tenant)
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
      logger.warning("organisations not swept", metadata: ["error": "\(error)"])
    } _: {
      try await run()
    }
  }
}
