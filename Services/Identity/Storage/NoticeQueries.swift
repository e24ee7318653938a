import FoundationEssentials
import Postgres
import Storage

/// A notice as it is stored.
struct NoticeRow: Sendable {
  let notice: Notice
  /// Whoever has a lower id has their mail.
  let resumeFrom: UUID?
  let isDone: Bool

  init(_ row: Row) throws {
    guard let kind = Notice.Kind(rawValue: try row.get("kind")),
      let audience = Notice.Audience(rawValue: try row.get("audience"))
    else {
      throw PostgresError.decoding(
        column: "kind", expected: "one that is known", statement: "noticeFetch")
    }
    notice = Notice(
      id: try row.get("notice_id"), kind: kind, audience: audience,
      person: try row.get("person_id"), reference: try row.get("reference_id"),
      version: try row.get("version", as: Int32?.self).map { Int($0) },
      moment: try row.get("moment"), authorityLink: try row.get("authority_link"))
    resumeFrom = try row.get("resume_from")
    isDone = try row.get("done_at", as: Date?.self) != nil
  }
}

/// A notice that somebody writes to its people, until the lease ends.
struct NoticeClaim: Sendable, Equatable {
  let tenant: UUID
  let notice: UUID
  /// With the one that is about to be made.
  let attempts: Int
}

extension Notice {
  var urgency: PostUrgency { kind.isUrgent ? .high : .usual }
}

extension SQL {
  /// Nothing if it is there.
  static func noticeInsert(_ tenant: UUID, _ notice: Notice, at time: Date) -> SQL {
    """
    INSERT INTO identity.notice (
      tenant_id, notice_id, kind, audience, person_id, reference_id, version, moment,
      authority_link, urgency, accepted_at)
    VALUES (
      \(tenant), \(notice.id), \(notice.kind.rawValue), \(notice.audience.rawValue),
      \(notice.person), \(notice.reference), \(notice.version.map { Int32(clamping: $0) }),
      \(notice.moment), \(notice.authorityLink), \(notice.urgency.rawValue), \(time))
    ON CONFLICT ON CONSTRAINT notice_pkey DO NOTHING
    """
  }

  static func noticeFetch(_ tenant: UUID, _ notice: UUID) -> SQL {
    """
    SELECT notice_id, kind, audience, person_id, reference_id, version, moment, authority_link,
      resume_from, done_at
    FROM identity.notice WHERE tenant_id = \(tenant) AND notice_id = \(notice)
    """
  }

  /// Goes on from `before`, unless somebody else has; `next` nil: it is done.
  static func noticeAdvance(
    _ tenant: UUID, _ notice: UUID, from before: UUID?, to next: UUID?, at time: Date
  ) -> SQL {
    """
    UPDATE identity.notice SET resume_from = \(next), done_at = \(next == nil ? time : nil)
    WHERE tenant_id = \(tenant) AND notice_id = \(notice) AND done_at IS NULL
      AND resume_from IS NOT DISTINCT FROM \(before)::uuid
    """
  }

  static func noticeDelete(_ tenant: UUID, _ notice: UUID) -> SQL {
    "DELETE FROM identity.notice WHERE tenant_id = \(tenant) AND notice_id = \(notice)"
  }

  // MARK: Rows of the platform

  static func noticeDueInsert(
    _ organisations: [UUID], _ notice: Notice, at time: Date
  ) -> SQL {
    """
    INSERT INTO identity.notice_due (
      tenant_id, organisation_id, notice_id, urgency, next_attempt_at)
    SELECT \(UUID.platform), organisation_id, \(notice.id), \(notice.urgency.rawValue), \(time)
    FROM unnest(\(organisations)) AS new (organisation_id)
    ON CONFLICT ON CONSTRAINT notice_due_pkey DO NOTHING
    """
  }

  /// Of several who ask at once each gets another one. The most urgent first, then the one that has
  /// waited longest: whoever has written a page goes to the end.
  static func noticeDueClaim(at time: Date, lease: TimeInterval) -> SQL {
    """
    WITH picked AS (
      SELECT organisation_id, notice_id FROM identity.notice_due
      WHERE tenant_id = \(UUID.platform) AND next_attempt_at <= \(time)
      ORDER BY urgency DESC, next_attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED
    )
    UPDATE identity.notice_due SET next_attempt_at = \(time + lease),
      attempts = notice_due.attempts + 1
    FROM picked
    WHERE notice_due.tenant_id = \(UUID.platform)
      AND notice_due.organisation_id = picked.organisation_id
      AND notice_due.notice_id = picked.notice_id
    RETURNING notice_due.organisation_id, notice_due.notice_id, notice_due.attempts
    """
  }

  /// `attempts` nil: they stay as they are.
  static func noticeDueSet(_ claim: NoticeClaim, next time: Date, attempts: Int32? = nil) -> SQL {
    """
    UPDATE identity.notice_due SET next_attempt_at = \(time),
      attempts = COALESCE(\(attempts)::integer, attempts)
    WHERE tenant_id = \(UUID.platform) AND organisation_id = \(claim.tenant)
      AND notice_id = \(claim.notice)
    """
  }

  static func noticeDueDelete(_ claim: NoticeClaim) -> SQL {
    """
    DELETE FROM identity.notice_due
    WHERE tenant_id = \(UUID.platform) AND organisation_id = \(claim.tenant)
      AND notice_id = \(claim.notice)
    """
  }

  /// Organisations from `first` on, by their ids.
  static func noticeOrganisations(from first: UUID?, limit: Int) -> SQL {
    """
    SELECT organisation_id FROM identity.directory
    WHERE tenant_id = \(UUID.platform)
      AND (\(first)::uuid IS NULL OR organisation_id >= \(first)::uuid)
    ORDER BY organisation_id LIMIT \(limit)
    """
  }

  // MARK: Whom it is for

  /// People from `first` on, by their ids, as `PersonRow` reads them.
  static func noticePeople(
    _ tenant: UUID, _ notice: Notice, from first: UUID?, limit: Int, on today: Day
  ) -> SQL {
    """
    SELECT person.person_id, person.name, person.email, person.roles FROM identity.person
    WHERE person.tenant_id = \(tenant)
      AND (\(first)::uuid IS NULL OR person.person_id >= \(first)::uuid)
      AND \(audience(tenant, notice, on: today))
    ORDER BY person.person_id LIMIT \(limit)
    """
  }

  private static func audience(_ tenant: UUID, _ notice: Notice, on today: Day) -> SQL {
    let day = today.calendarDate
    let authorised: SQL = """
      EXISTS (
        SELECT FROM identity.authorised_person
        WHERE authorised_person.tenant_id = \(tenant)
          AND authorised_person.person_id = person.person_id
          AND authorised_person.valid_from <= \(day)
          AND (authorised_person.valid_until IS NULL
            OR authorised_person.valid_until >= \(day)))
      """
    let administrator: SQL = """
      ('administrator' = ANY(person.roles) OR EXISTS (
        SELECT FROM identity.role_grant
        WHERE role_grant.tenant_id = \(tenant) AND role_grant.person_id = person.person_id
          AND role_grant.role = 'administrator' AND role_grant.valid_from <= \(day)
          AND (role_grant.valid_until IS NULL OR role_grant.valid_until >= \(day))))
      """
    switch notice.audience {
    case .person: return "person.person_id = \(notice.person)::uuid"
    case .everyone:
      return """
        person.suspended_at IS NULL AND EXISTS (
          SELECT FROM identity.credential
          WHERE credential.tenant_id = \(tenant) AND credential.person_id = person.person_id)
        """
    case .responsible:
      return "person.suspended_at IS NULL AND (\(authorised) OR \(administrator))"
    case .authorisedPersons:
      return """
        person.suspended_at IS NULL AND (\(authorised) OR (\(administrator) AND NOT EXISTS (
          SELECT FROM identity.authorised_person AS officer
          JOIN identity.person AS other ON other.tenant_id = \(tenant)
            AND other.person_id = officer.person_id AND other.suspended_at IS NULL
          WHERE officer.tenant_id = \(tenant) AND officer.valid_from <= \(day)
            AND (officer.valid_until IS NULL OR officer.valid_until >= \(day)))))
        """
    }
  }
}
