import Foundation
import Mail
import Postgres
import Storage

/// Subscribers, each sealed under a key of their own, and the issues: rows of the platform.
enum NewsletterStore {
  // MARK: Subscribers

  /// False: somebody else has asked for the same address at the same time.
  static func insert(
    _ subscriber: Subscriber, index: [UInt8], code hash: [UInt8], _ key: SealingKey,
    in transaction: TenantTransaction
  ) async throws -> Bool {
    let tenant = transaction.tenant
    let email = try Sealed<SubscriberColumns.Email>(subscriber.email, row: subscriber.id, key)
    let results = try await transaction.query(all: [
      // Of several wishes for one address at a time one counts.
      "SELECT pg_advisory_xact_lock(hashtextextended(encode(\(index), 'hex'), 18))",
      """
      INSERT INTO privacy.subscriber
        (tenant_id, subscriber_id, email, email_index, language, consent, code_hash, requested_at)
      SELECT \(tenant), \(subscriber.id), \(email), \(index), \(subscriber.language.rawValue),
        \(subscriber.consent), \(hash), \(subscriber.requestedAt)
      WHERE NOT EXISTS (\(recent(index, since: subscriber.requestedAt, tenant)))
      """,
    ])
    return results[1].affected == 1
  }

  /// Whether an address may be asked to confirm: it was not a short time ago, nor has just done so.
  static func mayBeAsked(
    _ index: [UInt8], at time: Date, in transaction: TenantTransaction
  ) async throws -> Bool {
    let tenant = transaction.tenant
    let results = try await transaction.query(all: [
      """
      SELECT count(*) AS n FROM (
        SELECT FROM privacy.subscriber WHERE tenant_id = \(tenant) AND confirmed_at IS NULL
        LIMIT \(Subscriber.unconfirmedLimit)) AS waiting
      """,
      "SELECT 1 AS found WHERE EXISTS (\(recent(index, since: time, tenant)))",
    ])
    guard try results[0].first?.get("n", as: Int.self) ?? 0 < Subscriber.unconfirmedLimit else {
      throw EntryError.tooMany("unconfirmed addresses", limit: Subscriber.unconfirmedLimit)
    }
    return results[1].isEmpty
  }

  private static func recent(_ index: [UInt8], since time: Date, _ tenant: UUID) -> SQL {
    """
    SELECT FROM privacy.subscriber WHERE tenant_id = \(tenant) AND email_index = \(index)
      AND requested_at > \(time - Subscriber.pause)
    """
  }

  /// Whom the code belongs to, locked, and who had the same address before; nil: nobody, or not in
  /// time.
  static func lock(
    code hash: [UInt8], at time: Date, in transaction: TenantTransaction
  ) async throws -> (id: UUID, consent: String, earlier: [UUID])? {
    let tenant = transaction.tenant
    let row = try await transaction.query(
      """
      SELECT subscriber_id, consent, email_index FROM privacy.subscriber
      WHERE tenant_id = \(tenant) AND code_hash = \(hash)
        AND requested_at > \(time - Subscriber.confirmationTerm) FOR UPDATE
      """
    ).first
    guard let row else { return nil }
    let index: [UInt8] = try row.get("email_index")
    let earlier: [UUID] = try await transaction.query(all: [
      "SELECT pg_advisory_xact_lock(hashtextextended(encode(\(index), 'hex'), 18))",
      """
      SELECT subscriber_id FROM privacy.subscriber
      WHERE tenant_id = \(tenant) AND email_index = \(index) AND confirmed_at IS NOT NULL
      FOR UPDATE
      """,
    ])[1].map { try $0.get("subscriber_id") }
    return (try row.get("subscriber_id"), try row.get("consent"), earlier)
  }

  static func confirm(
    _ id: UUID, at time: Date, in transaction: TenantTransaction
  ) async throws {
    try await transaction.query(
      """
      UPDATE privacy.subscriber SET code_hash = NULL, confirmed_at = \(time)
      WHERE tenant_id = \(transaction.tenant) AND subscriber_id = \(id)
      """)
  }

  static func delete(_ ids: [UUID], in transaction: TenantTransaction) async throws {
    try await transaction.query(
      """
      DELETE FROM privacy.subscriber
      WHERE tenant_id = \(transaction.tenant) AND subscriber_id = ANY(\(ids))
      """)
  }

  /// The next of those whom the issue is for, by their ids.
  static func subscribers(
    of issue: NewsletterIssue, limit: Int, in transaction: TenantTransaction
  ) async throws -> [(id: UUID, email: Sealed<SubscriberColumns.Email>)] {
    try await transaction.query(
      """
      SELECT subscriber_id, email FROM privacy.subscriber
      WHERE tenant_id = \(transaction.tenant) AND language = \(issue.language.rawValue)
        AND confirmed_at <= \(issue.sentAt)
        AND (\(issue.resumeFrom)::uuid IS NULL OR subscriber_id >= \(issue.resumeFrom)::uuid)
      ORDER BY subscriber_id LIMIT \(limit)
      """
    ).map { (try $0.get("subscriber_id"), try $0.get("email")) }
  }

  // MARK: Issues

  private static let columns: SQL = """
    SELECT issue_id, language, subject, parts, sent_at, resume_from, mails, done_at
    FROM privacy.newsletter_issue
    """

  static func insert(
    _ issue: NewsletterIssue, in transaction: TenantTransaction
  ) async throws {
    let parts = String(decoding: try JSONEncoder().encode(issue.parts), as: UTF8.self)
    try await transaction.query(
      """
      INSERT INTO privacy.newsletter_issue (tenant_id, issue_id, language, subject, parts, sent_at)
      VALUES (\(transaction.tenant), \(issue.id), \(issue.language.rawValue), \(issue.subject),
        \(parts), \(issue.sentAt))
      """)
  }

  /// The one that has waited longest; nil: none is to be written.
  static func open(in transaction: TenantTransaction) async throws -> NewsletterIssue? {
    try await transaction.query(
      """
      \(columns) WHERE tenant_id = \(transaction.tenant) AND done_at IS NULL
      ORDER BY sent_at LIMIT 1
      """
    ).first.map(issue)
  }

  static func issues(
    _ page: Page, in transaction: TenantTransaction
  ) async throws -> (issues: [NewsletterIssue], next: PagePosition?) {
    let (date, id) = (page.after?.date, page.after?.id)
    let found = try await transaction.query(
      """
      \(columns)
      WHERE tenant_id = \(transaction.tenant)
        AND (\(date)::timestamptz IS NULL
          OR (sent_at, issue_id) < (\(date)::timestamptz, \(id)::uuid))
      ORDER BY sent_at DESC, issue_id DESC LIMIT \(page.size + 1)
      """
    ).map(issue)
    let shown = Array(found.prefix(page.size))
    guard found.count > page.size, let last = shown.last else { return (shown, nil) }
    return (shown, PagePosition(at: last.sentAt, id: last.id))
  }

  /// Goes on from where `issue` stands by so many mails, unless somebody else has; `next` nil: it
  /// is done.
  static func advance(
    _ issue: NewsletterIssue, to next: UUID?, mails: Int, at time: Date,
    in transaction: TenantTransaction
  ) async throws -> Bool {
    try await transaction.query(
      """
      UPDATE privacy.newsletter_issue SET resume_from = \(next), mails = mails + \(mails),
        done_at = \(next == nil ? time : nil)
      WHERE tenant_id = \(transaction.tenant) AND issue_id = \(issue.id) AND done_at IS NULL
        AND resume_from IS NOT DISTINCT FROM \(issue.resumeFrom)::uuid
      """
    ).affected == 1
  }

  private static func issue(_ row: Row) throws -> NewsletterIssue {
    NewsletterIssue(
      id: try row.get("issue_id"),
      language: try RequestStore.known(
        Letter.Language(rawValue: try row.get("language")), "language"),
      subject: try row.get("subject"),
      parts: try JSONDecoder().decode(
        [Letter.Part].self, from: Data(try row.get("parts", as: String.self).utf8)),
      sentAt: try row.get("sent_at"), mails: try row.get("mails"), doneAt: try row.get("done_at"),
      resumeFrom: try row.get("resume_from"))
  }
}
