import FoundationEssentials
import Postgres

/// The statements on all that the service holds about one person.
enum SubjectQueries {
  /// In the order in which they can be deleted.
  static let tables = ["check_in", "goal_feedback", "goal", "access_event"]

  /// Goals by their ids, after `last`.
  static func goalExport(owner: UUID, after last: UUID, limit: Int, tenant: UUID) -> SQL {
    """
    SELECT goal_id, title, why, measure, due_on, state, progress, revision, created_at, evaluation
    FROM goals.goal
    WHERE tenant_id = \(tenant) AND owner_id = \(owner) AND goal_id > \(last)
    ORDER BY goal_id LIMIT \(limit)
    """
  }

  /// Links after the one at `last`.
  static func linkExport(
    owner: UUID, after last: (goal: UUID, position: Int), limit: Int, tenant: UUID
  ) -> SQL {
    """
    SELECT f.goal_id, f.position, f.feedback_id
    FROM goals.goal g
    JOIN goals.goal_feedback f ON f.tenant_id = g.tenant_id AND f.goal_id = g.goal_id
    WHERE g.tenant_id = \(tenant) AND g.owner_id = \(owner)
      AND (f.goal_id, f.position) > (\(last.goal), \(last.position))
    ORDER BY f.goal_id, f.position LIMIT \(limit)
    """
  }

  /// Check-ins after the one at `last`.
  static func checkInExport(
    owner: UUID, after last: (goal: UUID, revision: Int64), limit: Int, tenant: UUID
  ) -> SQL {
    """
    SELECT c.goal_id, c.check_in_id, c.revision, c.progress, c.confidence, c.note, c.checked_in_at
    FROM goals.goal g
    JOIN goals.check_in c ON c.tenant_id = g.tenant_id AND c.goal_id = g.goal_id
    WHERE g.tenant_id = \(tenant) AND g.owner_id = \(owner)
      AND (c.goal_id, c.revision) > (\(last.goal), \(last.revision))
    ORDER BY c.goal_id, c.revision LIMIT \(limit)
    """
  }

  /// The lock keeps a concurrent check-in from coming between the deletions; then a statement
  /// for each of `tables`.
  static func erase(owner: UUID, tenant: UUID) -> [SQL] {
    [
      """
      SELECT goal_id FROM goals.goal
      WHERE tenant_id = \(tenant) AND owner_id = \(owner) ORDER BY goal_id FOR UPDATE
      """,
      """
      DELETE FROM goals.check_in c USING goals.goal g
      WHERE c.tenant_id = \(tenant) AND g.tenant_id = c.tenant_id AND g.goal_id = c.goal_id
        AND g.owner_id = \(owner)
      """,
      """
      DELETE FROM goals.goal_feedback f USING goals.goal g
      WHERE f.tenant_id = \(tenant) AND g.tenant_id = f.tenant_id AND g.goal_id = f.goal_id
        AND g.owner_id = \(owner)
      """,
      "DELETE FROM goals.goal WHERE tenant_id = \(tenant) AND owner_id = \(owner)",
      // On their way to the log, where they are to be, without the person.
      """
      UPDATE goals.access_event SET subject_id = NULL
      WHERE tenant_id = \(tenant) AND subject_id = \(owner)
      """,
    ]
  }
}
