import FoundationEssentials
import Postgres

/// The statements on all that the service holds about one person: as asker, as colleague asked, or
/// as outsider, whose subject id is that of the invitation.
enum SubjectQueries {
  static func roundExport(asker: UUID, after last: UUID, limit: Int, tenant: UUID) -> SQL {
    """
    SELECT round_id, topic, question, visibility, asked_at FROM feedback.round
    WHERE tenant_id = \(tenant) AND asker_id = \(asker) AND round_id > \(last)
    ORDER BY round_id LIMIT \(limit)
    """
  }

  /// Invitations that the person sent.
  static func sentExport(
    asker: UUID, after last: (round: UUID, position: Int), limit: Int, tenant: UUID
  ) -> SQL {
    """
    SELECT i.invitation_id, i.round_id, i.position, i.colleague_id, i.outsider_name,
      i.expires_at, i.answered_at
    FROM feedback.round r
    JOIN feedback.invitation i ON i.tenant_id = r.tenant_id AND i.round_id = r.round_id
    WHERE r.tenant_id = \(tenant) AND r.asker_id = \(asker)
      AND (i.round_id, i.position) > (\(last.round), \(last.position))
    ORDER BY i.round_id, i.position LIMIT \(limit)
    """
  }

  /// Invitations that the person got, with the answer given.
  static func gotExport(_ person: UUID, after last: UUID, limit: Int, tenant: UUID) -> SQL {
    """
    SELECT i.invitation_id, i.round_id, i.outsider_name, i.outsider_email, i.expires_at,
      i.answered_at, f.feedback_id, f.recipient_id, f.answer
    FROM feedback.invitation i
    LEFT JOIN feedback.feedback f
      ON f.tenant_id = i.tenant_id AND f.invitation_id = i.invitation_id
    WHERE i.tenant_id = \(tenant) AND i.invitation_id > \(last)
      AND (i.colleague_id = \(person) OR i.invitation_id = \(person))
    ORDER BY i.invitation_id LIMIT \(limit)
    """
  }

  static func mailExport(_ person: UUID, tenant: UUID) -> SQL {
    """
    SELECT outbox_id, kind, created_at, expires_at, dead_at FROM feedback.outbox
    WHERE tenant_id = \(tenant) AND person_id = \(person) ORDER BY created_at, outbox_id
    """
  }

  /// The outsiders whom the person asked.
  static func guestList(asker: UUID, tenant: UUID) -> SQL {
    """
    SELECT i.invitation_id FROM feedback.round r
    JOIN feedback.invitation i ON i.tenant_id = r.tenant_id AND i.round_id = r.round_id
    WHERE r.tenant_id = \(tenant) AND r.asker_id = \(asker) AND i.colleague_id IS NULL
    """
  }

  /// Locks the invitations, without which no answer can come between; takes the giver's name off
  /// answers to others; deletes the rest. The tables in the order of these statements after the
  /// first: `tables`.
  static func erase(_ person: UUID, tenant: UUID) -> [SQL] {
    let invited: SQL = """
      SELECT i.invitation_id FROM feedback.invitation i
      JOIN feedback.round r ON r.tenant_id = i.tenant_id AND r.round_id = i.round_id
      WHERE i.tenant_id = \(tenant)
        AND (i.colleague_id = \(person) OR i.invitation_id = \(person)
          OR r.asker_id = \(person))
      """
    return [
      "\(invited) ORDER BY i.invitation_id FOR UPDATE OF i",
      """
      UPDATE feedback.feedback SET invitation_id = NULL
      WHERE tenant_id = \(tenant) AND recipient_id <> \(person)
        AND invitation_id IN (
          SELECT invitation_id FROM feedback.invitation
          WHERE tenant_id = \(tenant)
            AND (colleague_id = \(person) OR invitation_id = \(person)))
      """,
      "DELETE FROM feedback.feedback WHERE tenant_id = \(tenant) AND recipient_id = \(person)",
      """
      DELETE FROM feedback.outbox
      WHERE tenant_id = \(tenant) AND (person_id = \(person) OR person_id IN (\(invited)))
      """,
      // On their way to the log, where they are to be, without the person.
      """
      UPDATE feedback.access_event SET subject_id = NULL
      WHERE tenant_id = \(tenant) AND (subject_id = \(person) OR subject_id IN (\(invited)))
      """,
      """
      DELETE FROM feedback.invitation
      WHERE tenant_id = \(tenant) AND invitation_id IN (\(invited))
      """,
      "DELETE FROM feedback.round WHERE tenant_id = \(tenant) AND asker_id = \(person)",
    ]
  }

  static let tables = ["feedback", "feedback", "outbox", "access_event", "invitation", "round"]
}
