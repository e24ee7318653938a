package import Foundation
package import Mail
package import Postgres
package import Storage

/// A mail that a service wants sent.
package struct OutgoingMail: Sendable {
  /// A notice without a link is of no use after so long.
  package static let noticeLifetime: TimeInterval = 7 * 86_400

  package let mail: Mail
  package let kind: String
  /// Whose key seals it while it waits, and with whose data it is erased.
  package let person: UUID
  package let expiresAt: Date
  package let urgency: PostUrgency

  package init(
    _ mail: Mail, kind: String, person: UUID, expiresAt: Date, urgency: PostUrgency = .usual
  ) {
    (self.mail, self.kind, self.person) = (mail, kind, person)
    (self.expiresAt, self.urgency) = (expiresAt, urgency)
  }
}

extension Outbox {
  /// The statements that send `mails` with the transaction that they stand in, each with the key of
  /// its person; none for none. Call `ring` once they are committed.
  package func post(
    _ mails: [(mail: OutgoingMail, key: SealingKey)], tenant: UUID, at time: Date
  ) throws -> [SQL] {
    guard !mails.isEmpty else { return [] }
    let encoder = JSONEncoder()
    let posts = try mails.map { mail, key in
      let post = Post(
        person: mail.person, kind: mail.kind, content: Array(try encoder.encode(mail.mail)),
        expiresAt: mail.expiresAt, urgency: mail.urgency)
      return (post: post, key: key)
    }
    return try insert(posts, tenant: tenant, at: time)
  }
}
