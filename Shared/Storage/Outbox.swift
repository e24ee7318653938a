import Cryptography
package import FoundationEssentials
package import Postgres
import Reactor

/// Which mail of an outbox goes first.
package enum PostUrgency: Int16, Sendable {
  /// Behind all other: one text to many.
  case low = -1
  case usual = 0
  /// Before all other, whosever it is.
  case high = 1
}

/// What waits to be sent to somebody.
package struct Post: Sendable {
  package let id: UUID
  /// Whose key seals it, and with whose data it is erased.
  package let person: UUID
  /// What it is about, in a word: shown to operators and administrators.
  package let kind: String
  package let content: [UInt8]
  /// It is of no use afterwards, and not sent any more.
  package let expiresAt: Date
  package let urgency: PostUrgency

  package init(
    id: UUID = UUID(), person: UUID, kind: String, content: [UInt8], expiresAt: Date,
    urgency: PostUrgency = .usual
  ) {
    (self.id, self.person, self.kind) = (id, person, kind)
    (self.content, self.expiresAt, self.urgency) = (content, expiresAt, urgency)
  }
}

/// Mail of a service that waits to be sent: written in the transaction of what it tells of, so that
/// it goes exactly if that was done, and at least once whatever dies in between.
///
/// `outbox` holds it, a row of the organisation sealed under the person's key: whoever is erased
/// gets none. `outbox_due`, rows of the platform, tells when which organisation's row is to be
/// tried: one look finds what is due of all of them.
package struct Outbox: Sendable {
  /// How long somebody who has taken a piece has to send it before another one may: longer than
  /// any attempt takes.
  package static let lease: TimeInterval = 60

  let database: Database
  let vault: Vault
  let schema: SQLIdentifier
  private let bell = Bell(.each)

  package init(database: Database, vault: Vault, schema: String) throws(PostgresError) {
    self.database = database
    self.vault = vault
    self.schema = try SQLIdentifier(schema)
  }

  /// The statements that put `posts` into the outbox of `tenant`, each sealed under the key beside
  /// it. Call `ring` once they are committed.
  package func insert(
    _ posts: [(post: Post, key: SealingKey)], tenant: UUID, at time: Date
  ) throws(SealingError) -> [SQL] {
    var sealed: [[UInt8]] = []
    sealed.reserveCapacity(posts.count)
    for (post, key) in posts {
      sealed.append(
        try key.seal(
          bytes: post.content, table: Self.table, column: Self.column, row: post.id))
    }
    let ids = posts.map(\.post.id)
    let insert: SQL = """
      INSERT INTO \(schema).outbox (
        tenant_id, outbox_id, person_id, kind, sealed_mail, created_at, expires_at)
      SELECT \(tenant), outbox_id, person_id, kind, sealed_mail, \(time), expires_at
      FROM unnest(
        \(ids), \(posts.map(\.post.person)), \(posts.map(\.post.kind)), \(sealed),
        \(posts.map(\.post.expiresAt))
      ) AS new (outbox_id, person_id, kind, sealed_mail, expires_at)
      """
    let due: SQL = """
      INSERT INTO \(schema).outbox_due (
        tenant_id, organisation_id, outbox_id, next_attempt_at, urgency)
      SELECT \(UUID.platform), \(tenant), outbox_id, \(time), urgency
      FROM unnest(\(ids), \(posts.map(\.post.urgency.rawValue))) AS new (outbox_id, urgency)
      """
    return [insert] + SQL.asPlatform([due], backTo: tenant)
  }

  /// Tells whoever waits in this process that there is something to send.
  package func ring() { bell.ring() }

  /// Returns at the next `ring`, at once if there was one meanwhile, or after `interval`.
  package func wait(orFor interval: Duration) async { await bell.wait(orFor: interval) }

  static let table = "outbox"
  static let column = "sealed_mail"
}

extension SQL {
  /// Statements on rows of the platform within a transaction of `tenant`: what a change in an
  /// organisation leaves in a list of the platform's is there when the change is, and not
  /// otherwise.
  static func asPlatform(_ statements: [SQL], backTo tenant: UUID) -> [SQL] {
    [become(.platform)] + statements + [become(tenant)]
  }

  /// From here to the end of the transaction, or the next of these, it is one of `tenant`.
  static func become(_ tenant: UUID) -> SQL {
    "SELECT set_config('ikso.tenant', \(tenant.uuidString), true)"
  }
}
