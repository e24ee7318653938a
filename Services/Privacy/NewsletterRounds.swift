import Foundation
import Launch
import Logging
import Mail
import Storage

/// Writes issues of the newsletter to their subscribers, for ever: page by page, each with how far
/// the issue has come in one transaction, so that a process which dies anywhere leaves an issue
/// that goes on, and nobody gets it twice.
///
/// It keeps a pace, stops while the outbox is full, and its mails go behind all others.
struct NewsletterRounds: Sendable {
  /// Subscribers that are written to in one transaction.
  static let pageLimit = 50
  /// Mails that wait at most before more are written.
  static let waitingLimit: Int64 = 500
  /// Seconds that a mail of an issue is tried to be sent.
  static let mailLifetime: TimeInterval = 7 * 86_400
  /// Between two looks for an issue, and after a failure.
  static let pollInterval: Duration = .seconds(1)
  static let pause: Duration = .seconds(5)

  let database: Database
  let vault: Vault
  let outbox: Outbox
  let links: NewsletterLinks
  /// Mails a minute, of one process.
  let pace: Int
  let logger: Logger
  let now: @Sendable () -> Date

  /// Ends with its task.
  func keepGoing() async throws {
    while true {
      try Task.checkCancellation()
      do {
        let written = try await round()
        let seconds = 60 * Double(written) / Double(pace)
        try await Task.sleep(for: max(Self.pollInterval, .seconds(seconds)))
      } catch {
        try Task.checkCancellation()
        logger.warning("the newsletter cannot be written now", metadata: ["error": "\(error)"])
        try await Task.sleep(for: Self.pause)
      }
    }
  }

  /// Writes one page of the oldest issue that is not done; how many mails that were.
  func round() async throws -> Int {
    let mandate = Mandate(tenant: .platform, purpose: "information")
    let issue = try await database.transaction(mandate) { try await NewsletterStore.open(in: $0) }
    guard let issue, try await outbox.counts().waiting < Self.waitingLimit else { return 0 }
    let page = try await database.transaction(mandate) {
      try await NewsletterStore.subscribers(of: issue, limit: Self.pageLimit, in: $0)
    }
    let time = now()
    let mails = try await mails(issue, page, at: time)
    let next = page.count < Self.pageLimit ? nil : page.last?.id.successor
    let isOurs = try await database.transaction(mandate) { transaction in
      let advanced = try await NewsletterStore.advance(
        issue, to: next, mails: mails.count, at: time, in: transaction)
      guard advanced else { return false }
      guard !mails.isEmpty else { return true }
      try await transaction.query(all: outbox.post(mails, tenant: .platform, at: time))
      return true
    }
    guard isOurs else { return 0 }
    outbox.ring()
    return mails.count
  }

  private func mails(
    _ issue: NewsletterIssue, _ page: [(id: UUID, email: Sealed<SubscriberColumns.Email>)],
    at time: Date
  ) async throws -> [(mail: OutgoingMail, key: SealingKey)] {
    guard !page.isEmpty else { return [] }
    let keys = try await vault.persons(.platform, page.map(\.id))
    var mails: [(mail: OutgoingMail, key: SealingKey)] = []
    for subscriber in page {
      // Without a key they have just left.
      guard let key = keys[subscriber.id] else { continue }
      let unsubscribe = try await links.unsubscribe(subscriber.id, vault)
      let mail = Mail(
        to: try subscriber.email.open(row: subscriber.id, key), name: "",
        NewsletterLetter.letter(issue, unsubscribe: unsubscribe), unsubscribe: unsubscribe)
      mails.append(
        (
          mail: OutgoingMail(
            mail, kind: "newsletter", person: subscriber.id, expiresAt: time + Self.mailLifetime,
            urgency: .low), key: key
        ))
    }
    return mails
  }
}
