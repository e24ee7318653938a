import Access
import Cryptography
import FoundationEssentials
import Postgres
import Storage

extension SecurityEvent.Kind: PostgresValue {}
extension SecurityEvent.Outcome: PostgresValue {}

/// An event as it is read.
struct SecurityEventRow: Sendable {
  let id: UUID
  let occurredAt: Date
  /// Nil for one that this binary does not know.
  let kind: SecurityEvent.Kind?
  let outcome: SecurityEvent.Outcome
  let actorKind: String
  let actor: UUID?
  let person: UUID?
  let session: UUID?
  let source: [UInt8]?
  let role: Role?
  let organisation: UUID?
  let occurrences: Int

  init(_ row: Row) throws(PostgresError) {
    id = try row.get("security_event_id")
    occurredAt = try row.get("occurred_at")
    kind = SecurityEvent.Kind(rawValue: try row.get("kind"))
    outcome = try row.get("outcome")
    actorKind = try row.get("actor_kind")
    actor = try row.get("actor_id")
    person = try row.get("person_id")
    session = try row.get("session_id")
    source = try row.get("source")
    role = try row.get("role", as: String?.self).flatMap { Role(rawValue: $0) }
    organisation = try row.get("organisation_id")
    occurrences = try row.get("occurrences")
  }
}

/// What of a log is asked for; nil and empty leave it open.
struct SecurityEventFilter: Sendable {
  var kinds: [SecurityEvent.Kind] = []
  var person: UUID?
  var actor: UUID?
  var from: Date?
  var until: Date?
}

extension EventOrigin.Actor {
  fileprivate var stored: (kind: String, id: UUID?) {
    switch self {
    case .person(let id): ("person", id)
    case .staff: ("staff", nil)
    case .service: ("service", nil)
    case .anonymous: ("anonymous", nil)
    }
  }
}

extension SQL {
  /// The one way into the log; write it in the transaction of what it tells of. Who is erased at
  /// this moment is left out.
  static func securityEvent(
    _ tenant: UUID, _ event: SecurityEvent, by origin: EventOrigin, at time: Date
  ) -> SQL {
    """
    \(eventInsert)
    VALUES (
      \(tenant), \(UUID()), \(time), \(event.kind), \(event.outcome), \(origin.actor.stored.kind),
      \(known(tenant, origin.actor.stored.id)), \(known(tenant, event.person)),
      \(event.session ?? origin.session), \(origin.source), \(event.role?.rawValue),
      \(event.organisation), \(Int32(clamping: event.occurrences)), \(event.countedFrom(time)))
    \(eventCounted)
    """
  }

  /// A failure of nobody who has proved who they are, for the account of this address: no row if
  /// there is none.
  static func securityFailure(
    _ tenant: UUID, _ kind: SecurityEvent.Kind, emailIndex: [UInt8], source: [UInt8]?,
    occurrences: Int, at time: Date
  ) -> SQL {
    """
      \(eventInsert)
      SELECT \(tenant), \(UUID()), \(time), \(kind), \(SecurityEvent.Outcome.failed), 'anonymous',
        NULL::uuid, person_id, NULL::uuid, \(source), NULL::text, NULL::uuid,
        \(Int32(clamping: occurrences)), \(kind.countedFrom(time))
      FROM identity.person WHERE tenant_id = \(tenant) AND email_index = \(emailIndex)
      \(eventCounted)
      """
  }

  /// A failure to prove to be a program, in the platform's log: no row if there is no such account,
  /// one a minute if there is.
  static func securityFailure(
    of account: UUID, _ kind: SecurityEvent.Kind, source: [UInt8]?, occurrences: Int, at time: Date
  ) -> SQL {
    """
      \(eventInsert)
      SELECT \(UUID.platform), \(minuteID(account, kind, time)), \(time), \(kind),
        \(SecurityEvent.Outcome.failed), 'anonymous', NULL::uuid, NULL::uuid, service_account_id,
        \(source), NULL::text, NULL::uuid, \(Int32(clamping: occurrences)), NULL::timestamptz
      FROM identity.service_account
      WHERE tenant_id = \(UUID.platform) AND service_account_id = \(account)
      ON CONFLICT ON CONSTRAINT security_event_pkey
      DO UPDATE SET occurrences = security_event.occurrences + excluded.occurrences,
        source = CASE WHEN security_event.source = excluded.source THEN excluded.source END
      """
  }

  /// The id of the row that the minute has. The index that counts failures of people is by person.
  private static func minuteID(
    _ account: UUID, _ kind: SecurityEvent.Kind, _ time: Date
  ) -> UUID {
    let minute = Int64((time.timeIntervalSince1970 / 60).rounded(.down))
    let digest = Digest.sha256("\(account.canonical) \(kind.rawValue) \(minute)")
    let bytes = digest.prefix(16).map { $0 }
    return UUID(
      uuid: (
        bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7], bytes[8],
        bytes[9], bytes[10], bytes[11], bytes[12], bytes[13], bytes[14], bytes[15]
      ))
  }

  private static let eventInsert: SQL = """
    INSERT INTO identity.security_event (
      tenant_id, security_event_id, occurred_at, kind, outcome, actor_kind, actor_id, person_id,
      session_id, source, role, organisation_id, occurrences, counted_from)
    """

  private static let eventCounted: SQL = """
    ON CONFLICT (tenant_id, person_id, kind, counted_from) WHERE counted_from IS NOT NULL
    DO UPDATE SET occurrences = security_event.occurrences + excluded.occurrences,
      source = CASE WHEN security_event.source = excluded.source THEN excluded.source END
    """

  private static func known(_ tenant: UUID, _ person: UUID?) -> SQL {
    "(SELECT person_id FROM identity.person WHERE tenant_id = \(tenant) AND person_id = \(person))"
  }

  private static let eventColumns: SQL = """
    security_event_id, occurred_at, kind, outcome, actor_kind, actor_id, person_id, session_id,
    source, role, organisation_id, occurrences
    """

  /// One more than a page holds, if there are as many; the latest first.
  static func securityEventPage(
    _ tenant: UUID, _ filter: SecurityEventFilter, _ page: Page
  ) -> SQL {
    var which: SQL = "tenant_id = \(tenant)"
    if let person = filter.person { which = "\(which) AND person_id = \(person)" }
    if let actor = filter.actor { which = "\(which) AND actor_id = \(actor)" }
    if let from = filter.from { which = "\(which) AND occurred_at >= \(from)" }
    if let until = filter.until { which = "\(which) AND occurred_at < \(until)" }
    if !filter.kinds.isEmpty {
      which = "\(which) AND kind = ANY(\(filter.kinds.map(\.rawValue)))"
    }
    if let after = page.after {
      which = "\(which) AND (occurred_at, security_event_id) < (\(after.date), \(after.id))"
    }
    return """
      SELECT \(eventColumns) FROM identity.security_event WHERE \(which)
      ORDER BY occurred_at DESC, security_event_id DESC LIMIT \(page.size + 1)
      """
  }

  /// Rows of one `securityEventFetch`.
  static let securityEventLimit = 1_000

  /// Of what somebody did or was done to, the latest first, after a row that was given before.
  static func securityEventFetch(
    _ tenant: UUID, concerning person: UUID, after row: SecurityEventRow? = nil
  ) -> SQL {
    let next: SQL =
      row.map { "AND (occurred_at, security_event_id) < (\($0.occurredAt), \($0.id))" } ?? ""
    return """
      SELECT \(eventColumns) FROM identity.security_event
      WHERE tenant_id = \(tenant) AND (person_id = \(person) OR actor_id = \(person)) \(next)
      ORDER BY occurred_at DESC, security_event_id DESC LIMIT \(securityEventLimit)
      """
  }

  /// The earliest ones; at most `limit`.
  static func securityEventSweep(_ tenant: UUID, before end: Date, limit: Int) -> SQL {
    """
    DELETE FROM identity.security_event
    WHERE tenant_id = \(tenant) AND security_event_id IN (
      SELECT security_event_id FROM identity.security_event
      WHERE tenant_id = \(tenant) AND occurred_at < \(end)
      ORDER BY occurred_at, security_event_id LIMIT \(limit))
    """
  }

  /// Takes a person out of the log: that something was done stays, by and to nobody in particular.
  static func securityEventForget(_ tenant: UUID, _ person: UUID) -> SQL {
    """
    UPDATE identity.security_event
    SET actor_id = NULLIF(actor_id, \(person)), person_id = NULLIF(person_id, \(person)),
      session_id = NULL, source = NULL
    WHERE tenant_id = \(tenant) AND (person_id = \(person) OR actor_id = \(person))
    """
  }
}

extension TenantTransaction {
  /// Travels with COMMIT, at no round trip of its own.
  func record(
    _ event: SecurityEvent, by origin: EventOrigin, at time: Date
  ) throws(PostgresError) {
    try queryAtCommit([.securityEvent(tenant, event, by: origin, at: time)])
  }
}
