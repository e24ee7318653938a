import FoundationEssentials
import Postgres
import Storage

/// The statements on answers.
enum AnswerQueries {
  /// Stores the answer of the invited colleague; nothing if the invitation is answered already.
  static func colleagueAnswerInsert(
    _ answer: NewAnswer, sealed: Sealed<FeedbackColumns.Answer>, invitation: UUID,
    colleague: UUID, tenant: UUID
  ) -> SQL {
    insert(
      answer, sealed,
      invitation: """
        UPDATE feedback.invitation SET answered_at = \(answer.givenAt)
        WHERE tenant_id = \(tenant) AND invitation_id = \(invitation)
          AND colleague_id = \(colleague) AND answered_at IS NULL
        """)
  }

  /// Stores an outsider's answer and uses the link up; nothing if it was used or has expired.
  static func guestAnswerInsert(
    _ answer: NewAnswer, sealed: Sealed<FeedbackColumns.Answer>, codeHash: [UInt8],
    tenant: UUID
  ) -> SQL {
    insert(
      answer, sealed,
      invitation: """
        UPDATE feedback.invitation SET answered_at = \(answer.givenAt)
        WHERE tenant_id = \(tenant) AND code_hash = \(codeHash)
          AND answered_at IS NULL AND expires_at > \(answer.givenAt)
        """)
  }

  /// One statement: whoever updates the invitation first stores the answer, nobody after them.
  private static func insert(
    _ answer: NewAnswer, _ sealed: Sealed<FeedbackColumns.Answer>, invitation: SQL
  ) -> SQL {
    """
    WITH answered AS (\(invitation) RETURNING tenant_id, invitation_id, round_id)
    INSERT INTO feedback.feedback
      (tenant_id, feedback_id, round_id, recipient_id, invitation_id, answer, given_at)
    SELECT r.tenant_id, \(answer.id), r.round_id, r.asker_id, a.invitation_id, \(sealed),
      \(answer.givenAt)
    FROM answered a
    JOIN feedback.round r ON r.tenant_id = a.tenant_id AND r.round_id = a.round_id
    """
  }

  static func feedbackFetch(_ id: UUID, recipient: UUID, tenant: UUID) -> SQL {
    """
    \(columns)
    WHERE f.tenant_id = \(tenant) AND f.feedback_id = \(id) AND f.recipient_id = \(recipient)
    """
  }

  /// The newest first; one row more than the page tells whether there is a next one.
  static func feedbackList(recipient: UUID, _ page: Page, tenant: UUID) -> SQL {
    let order: SQL = "ORDER BY f.given_at DESC, f.feedback_id DESC LIMIT \(page.size + 1)"
    guard let after = page.after else {
      return """
        \(columns) WHERE f.tenant_id = \(tenant) AND f.recipient_id = \(recipient) \(order)
        """
    }
    return """
      \(columns) WHERE f.tenant_id = \(tenant) AND f.recipient_id = \(recipient)
        AND (f.given_at, f.feedback_id) < (\(after.date), \(after.id)) \(order)
      """
  }

  private static let columns: SQL = """
    SELECT f.feedback_id, f.round_id, f.answer, f.given_at, r.topic, i.invitation_id,
      i.colleague_id, i.outsider_name
    FROM feedback.feedback f
    JOIN feedback.round r ON r.tenant_id = f.tenant_id AND r.round_id = f.round_id
    LEFT JOIN feedback.invitation i
      ON i.tenant_id = f.tenant_id AND i.invitation_id = f.invitation_id
    """
}
