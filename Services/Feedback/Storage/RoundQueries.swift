import FoundationEssentials
import Postgres
import Storage

extension Visibility: PostgresValue {}

/// An outsider's columns as the row holds them; all NULL for a colleague.
struct SealedOutsider {
  var name: Sealed<InvitationColumns.OutsiderName>?
  var email: Sealed<InvitationColumns.OutsiderEmail>?
  var codeHash: [UInt8]?
  var expiresAt: Date?
}

/// The statements on rounds and invitations.
enum RoundQueries {
  static func roundInsert(
    _ round: NewRound, topic: Sealed<RoundColumns.Topic>,
    question: Sealed<RoundColumns.Question>, tenant: UUID
  ) -> SQL {
    """
    INSERT INTO feedback.round
      (tenant_id, round_id, asker_id, topic, question, visibility, asked_at)
    VALUES (\(tenant), \(round.id), \(round.draft.asker), \(topic), \(question),
      \(round.draft.visibility), \(round.askedAt))
    """
  }

  static func invitationInsert(
    _ id: UUID, round: UUID, position: Int, colleague: UUID?, _ outsider: SealedOutsider,
    tenant: UUID
  ) -> SQL {
    """
    INSERT INTO feedback.invitation
      (tenant_id, invitation_id, round_id, position, colleague_id, outsider_name, outsider_email,
       code_hash, expires_at)
    VALUES (\(tenant), \(id), \(round), \(position), \(colleague), \(outsider.name),
      \(outsider.email), \(outsider.codeHash), \(outsider.expiresAt))
    """
  }

  static func roundFetch(_ id: UUID, asker: UUID, tenant: UUID) -> SQL {
    """
    SELECT round_id, topic, question, visibility, asked_at FROM feedback.round
    WHERE tenant_id = \(tenant) AND round_id = \(id) AND asker_id = \(asker)
    """
  }

  static func invitationList(round: UUID, asker: UUID, tenant: UUID) -> SQL {
    """
    SELECT i.invitation_id, i.colleague_id, i.outsider_name, i.answered_at
    FROM feedback.invitation i
    JOIN feedback.round r ON r.tenant_id = i.tenant_id AND r.round_id = i.round_id
    WHERE i.tenant_id = \(tenant) AND i.round_id = \(round) AND r.asker_id = \(asker)
    ORDER BY i.position
    """
  }

  /// Open invitations to a colleague, the oldest first.
  static func taskList(colleague: UUID, limit: Int, tenant: UUID) -> SQL {
    """
    SELECT i.invitation_id, r.round_id, r.asker_id, r.topic, r.question, r.visibility, r.asked_at
    FROM feedback.invitation i
    JOIN feedback.round r ON r.tenant_id = i.tenant_id AND r.round_id = i.round_id
    WHERE i.tenant_id = \(tenant) AND i.colleague_id = \(colleague) AND i.answered_at IS NULL
    ORDER BY r.asked_at, i.invitation_id LIMIT \(limit)
    """
  }

  static func colleagueInvitationFetch(_ id: UUID, colleague: UUID, tenant: UUID) -> SQL {
    """
    SELECT r.asker_id, i.answered_at
    FROM feedback.invitation i
    JOIN feedback.round r ON r.tenant_id = i.tenant_id AND r.round_id = i.round_id
    WHERE i.tenant_id = \(tenant) AND i.invitation_id = \(id) AND i.colleague_id = \(colleague)
    """
  }

  static func guestInvitationFetch(codeHash: [UInt8], tenant: UUID) -> SQL {
    """
    SELECT i.invitation_id, i.outsider_name, i.expires_at, i.answered_at, r.round_id, r.asker_id,
      r.topic, r.question, r.visibility
    FROM feedback.invitation i
    JOIN feedback.round r ON r.tenant_id = i.tenant_id AND r.round_id = i.round_id
    WHERE i.tenant_id = \(tenant) AND i.code_hash = \(codeHash)
    """
  }
}
