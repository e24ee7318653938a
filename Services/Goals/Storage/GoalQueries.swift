import FoundationEssentials
import Postgres
import Storage

extension GoalState: PostgresValue {}

/// A goal as its row holds it: texts are sealed.
struct SealedGoal {
  var title: Sealed<GoalColumns.Title>
  var why: Sealed<GoalColumns.Why>
  var measure: Sealed<GoalColumns.Measure>
  var evaluation: Sealed<GoalColumns.Evaluation>
}

/// The statements on goals and their links. Each names the owner: a goal is nobody else's.
enum GoalQueries {
  static func goalInsert(_ goal: Goal, _ sealed: SealedGoal, tenant: UUID) -> [SQL] {
    let dueOn = goal.dueOn.flatMap {
      CalendarDate(year: $0.year, month: $0.month, day: $0.day)
    }
    let inserted: SQL = """
      INSERT INTO goals.goal
        (tenant_id, goal_id, owner_id, title, why, measure, due_on, state, progress, revision,
         created_at, evaluation)
      VALUES (\(tenant), \(goal.id), \(goal.owner), \(sealed.title), \(sealed.why),
        \(sealed.measure), \(dueOn), \(goal.state), \(goal.progress), \(goal.revision),
        \(goal.createdAt), \(sealed.evaluation))
      """
    guard !goal.feedback.isEmpty else { return [inserted] }
    return [
      inserted,
      """
      INSERT INTO goals.goal_feedback (tenant_id, goal_id, position, feedback_id)
      SELECT \(tenant), \(goal.id), linked.place - 1, linked.feedback_id
      FROM unnest(\(goal.feedback)) WITH ORDINALITY AS linked (feedback_id, place)
      """,
    ]
  }

  static func goalFetch(_ goal: UUID, owner: UUID, tenant: UUID) -> SQL {
    """
    \(columns)
    WHERE g.tenant_id = \(tenant) AND g.goal_id = \(goal) AND g.owner_id = \(owner)
    """
  }

  /// The newest first; one row more than the page tells whether there is a next one.
  static func goalList(owner: UUID, _ page: Page, tenant: UUID) -> SQL {
    let order: SQL = "ORDER BY g.created_at DESC, g.goal_id DESC LIMIT \(page.size + 1)"
    guard let after = page.after else {
      return "\(columns) WHERE g.tenant_id = \(tenant) AND g.owner_id = \(owner) \(order)"
    }
    return """
      \(columns) WHERE g.tenant_id = \(tenant) AND g.owner_id = \(owner)
        AND (g.created_at, g.goal_id) < (\(after.date), \(after.id)) \(order)
      """
  }

  /// Changes nothing unless the goal is open and at `revision`.
  static func goalComplete(
    _ goal: UUID, owner: UUID, revision: Int64, evaluation: Sealed<GoalColumns.Evaluation>,
    tenant: UUID
  ) -> SQL {
    """
    UPDATE goals.goal
    SET state = \(GoalState.completed), evaluation = \(evaluation), revision = revision + 1
    WHERE tenant_id = \(tenant) AND goal_id = \(goal) AND owner_id = \(owner)
      AND state = \(GoalState.open) AND revision = \(revision)
    """
  }

  /// Records a check-in and its progress; changes nothing unless the goal is open and at
  /// `revision`.
  static func checkInInsert(
    _ checkIn: CheckIn, note: Sealed<CheckInColumns.Note>, owner: UUID, revision: Int64,
    tenant: UUID
  ) -> SQL {
    """
    WITH changed AS (
      UPDATE goals.goal SET progress = \(checkIn.progress), revision = revision + 1
      WHERE tenant_id = \(tenant) AND goal_id = \(checkIn.goal) AND owner_id = \(owner)
        AND state = \(GoalState.open) AND revision = \(revision)
      RETURNING tenant_id, goal_id, revision
    )
    INSERT INTO goals.check_in
      (tenant_id, goal_id, check_in_id, revision, progress, confidence, note, checked_in_at)
    SELECT tenant_id, goal_id, \(checkIn.id), revision, \(checkIn.progress),
      \(checkIn.confidence), \(note), \(checkIn.at)
    FROM changed
    """
  }

  /// The newest first.
  static func checkInList(_ goal: UUID, owner: UUID, limit: Int, tenant: UUID) -> SQL {
    """
    SELECT c.goal_id, c.check_in_id, c.progress, c.confidence, c.note, c.checked_in_at
    FROM goals.check_in c
    JOIN goals.goal g ON g.tenant_id = c.tenant_id AND g.goal_id = c.goal_id
    WHERE c.tenant_id = \(tenant) AND c.goal_id = \(goal) AND g.owner_id = \(owner)
    ORDER BY c.revision DESC LIMIT \(limit)
    """
  }

  private static let columns: SQL = """
    SELECT g.goal_id, g.owner_id, g.title, g.why, g.measure, g.due_on, g.state, g.progress,
      g.revision, g.created_at, g.evaluation,
      ARRAY(
        SELECT f.feedback_id FROM goals.goal_feedback f
        WHERE f.tenant_id = g.tenant_id AND f.goal_id = g.goal_id ORDER BY f.position
      ) AS feedback_ids
    FROM goals.goal g
    """
}
