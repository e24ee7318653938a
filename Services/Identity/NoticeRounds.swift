import Cryptography
import FoundationEssentials
import Launch
import Logging
import Mail
import Postgres
import Reactor
import Storage

/// Writes the notices that other services have handed over to the people they are for, for ever:
/// page by page, each with how far it has come in one transaction, so that a process which dies
/// anywhere leaves one that goes on, and nobody is written to twice.
///
/// After each page another notice has its turn: one to ten thousand people holds nobody's up.
struct NoticeRounds: Sendable {
  /// People, or organisations, that are written to in one transaction.
  static let pageLimit = 100
  /// Seconds that one process has for a page before another may take it.
  static let lease: TimeInterval = 60
  /// Seconds that a notice which is done is known, so that it is not sent again.
  static let lifetime: TimeInterval = 30 * 86_400
  /// Between two looks for what other processes have taken over.
  static let pollInterval: Duration = .seconds(1)
  /// Seconds before a page that failed is tried again; doubled each time, up to the longest.
  static let firstDelay: TimeInterval = 2
  static let longestDelay: TimeInterval = 300
  /// After the list could not be read.
  static let pause: Duration = .seconds(2)

  let database: Database
  let vault: Vault
  let outbox: Outbox
  /// Begins the link in a letter; without a slash at its end.
  let links: String
  let bell: Bell
  let logger: Logger
  let now: @Sendable () -> Date

  /// Ends with its task.
  func keepGoing() async throws {
    while true {
      try Task.checkCancellation()
      do {
        if try await !round() { await bell.wait(orFor: Self.pollInterval) }
      } catch {
        try Task.checkCancellation()
        logger.warning("notices cannot be looked for", metadata: ["error": "\(error)"])
        try await Task.sleep(for: Self.pause)
      }
    }
  }

  /// Writes one page of one notice; false: none is due.
  func round() async throws -> Bool {
    let rows = try await database.once(
      tenant: .platform, .noticeDueClaim(at: now(), lease: Self.lease))[0]
    guard let row = rows.first else { return false }
    let claim = NoticeClaim(
      tenant: try row.get("organisation_id"), notice: try row.get("notice_id"),
      attempts: Int(try row.get("attempts", as: Int32.self)))
    do {
      try await write(claim)
    } catch {
      try Task.checkCancellation()
      logger.warning(
        "a notice could not be written; it is tried again",
        metadata: [
          "notice": "\(claim.notice.canonical)", "organisation": "\(claim.tenant.canonical)",
          "attempts": "\(claim.attempts)", "error": "\(error)",
        ])
      // What cannot be written down now waits for the end of the lease.
      _ = try? await database.once(
        tenant: .platform, .noticeDueSet(claim, next: now() + Self.delay(after: claim.attempts)))
    }
    return true
  }

  private static func delay(after attempts: Int) -> TimeInterval {
    let doublings = min(max(attempts - 1, 0), 20)
    return min(firstDelay * Double(1 << doublings), longestDelay) * Double.random(in: 1...1.2)
  }

  private func write(_ claim: NoticeClaim) async throws {
    let tenant = claim.tenant
    let found = try await database.once(
      tenant: tenant,
      all: [.noticeFetch(tenant, claim.notice), .organisationFetch(tenant)])
    let stored = try found[0].first.map(NoticeRow.init)
    let organisation = try found[1].first.map(OrganisationRow.init)
    let isGone = tenant != .platform && (organisation?.contract.erasedAt != nil)
    // Its person or its organisation was erased, or it was done long ago.
    guard let stored, !stored.isDone, !isGone else { return try await forget(claim) }
    guard let organisation else {
      guard tenant == .platform else { return try await forget(claim) }
      return try await spread(stored, claim)
    }
    try await write(stored, claim, to: organisation)
  }

  private func forget(_ claim: NoticeClaim) async throws {
    try await database.transaction(tenant: claim.tenant) { transaction in
      try await transaction.query(.noticeDelete(claim.tenant, claim.notice))
      try transaction.platformQueryAtCommit([.noticeDueDelete(claim)])
    }
  }

  /// One page of people.
  private func write(
    _ stored: NoticeRow, _ claim: NoticeClaim, to organisation: OrganisationRow
  ) async throws {
    let (tenant, notice, time) = (claim.tenant, stored.notice, now())
    let people = try await database.once(
      tenant: tenant,
      .noticePeople(
        tenant, notice, from: stored.resumeFrom, limit: Self.pageLimit,
        on: organisation.today(time))
    )[0].map(PersonRow.init)
    let keys = try await vault.keysLeft(of: people.map(\.id), tenant)
    let language = organisation.policy.language
    let letter = NoticeLetter(notice: notice, zone: organisation.zone)
      .letter(language, links: links)
    var mails: [(mail: OutgoingMail, key: SealingKey)] = []
    for person in people {
      // Whose key is destroyed is being erased.
      guard let key = keys[person.id] else { continue }
      let mail = Mail(to: try person.email(key), name: try person.name(key), letter)
      mails.append(
        (
          mail: OutgoingMail(
            mail, kind: notice.kind.rawValue, person: person.id,
            expiresAt: time + OutgoingMail.noticeLifetime, urgency: notice.urgency),
          key: key
        ))
    }
    let next = people.count < Self.pageLimit ? nil : people.last?.id.successor
    try await database.transaction(tenant: tenant) { transaction in
      guard try await advance(stored, claim, to: next, at: time, in: transaction) else { return }
      guard !mails.isEmpty else { return }
      try await transaction.query(all: outbox.post(mails, tenant: tenant, at: time))
    }
    outbox.ring()
  }

  /// One page of organisations: each gets the notice as one of its own.
  private func spread(_ stored: NoticeRow, _ claim: NoticeClaim) async throws {
    let (notice, time) = (stored.notice, now())
    let organisations: [UUID] = try await database.once(
      tenant: .platform, .noticeOrganisations(from: stored.resumeFrom, limit: Self.pageLimit)
    )[0].map { try $0.get("organisation_id") }
    let next = organisations.count < Self.pageLimit ? nil : organisations.last?.successor
    try await database.transaction(tenant: .platform) { transaction in
      guard try await advance(stored, claim, to: next, at: time, in: transaction) else { return }
      try await transaction.query(.noticeDueInsert(organisations, notice, at: time))
      try await transaction.query(
        each: organisations.map { ($0, .noticeInsert($0, notice, at: time)) })
    }
  }

  /// False if somebody else has written this page meanwhile.
  private func advance(
    _ stored: NoticeRow, _ claim: NoticeClaim, to next: UUID?, at time: Date,
    in transaction: TenantTransaction
  ) async throws -> Bool {
    let advanced = try await transaction.query(
      .noticeAdvance(
        claim.tenant, claim.notice, from: stored.resumeFrom, to: next, at: time))
    guard advanced.affected == 1 else { return false }
    let later = next == nil ? time + Self.lifetime : time
    try transaction.platformQueryAtCommit([.noticeDueSet(claim, next: later, attempts: 0)])
    return true
  }
}
