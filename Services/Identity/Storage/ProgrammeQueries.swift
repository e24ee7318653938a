import FoundationEssentials
import Postgres
import Storage

extension Programme.Kind: PostgresValue {}

extension Programme {
  init(_ row: Row) throws {
    let begin: CalendarDate = try row.get("begins_on")
    let end: CalendarDate = try row.get("ends_on")
    self.init(
      id: try row.get("programme_id"), name: try ProgrammeName(try row.get("name")),
      kind: try row.get("kind"), begin: Day(begin), end: Day(end),
      learningPaths: try (row.get("learning_paths") as [String]).map { try LearningPath($0) })
  }
}

extension Enrolment {
  init(_ row: Row) throws(PostgresError) {
    let enrolledOn: CalendarDate = try row.get("enrolled_on")
    let leftOn: CalendarDate? = try row.get("left_on")
    self.init(enrolledOn: Day(enrolledOn), leftOn: leftOn.map { Day($0) })
  }
}

extension SQL {
  private static let programmes: SQL = """
    SELECT programme_id, name, kind, begins_on, ends_on, learning_paths, created_at
    FROM identity.programme
    """

  static func programmeInsert(_ tenant: UUID, _ programme: Programme, at time: Date) -> SQL {
    """
    INSERT INTO identity.programme (
      tenant_id, programme_id, name, kind, begins_on, ends_on, learning_paths, created_at)
    VALUES (
      \(tenant), \(programme.id), \(programme.name.text), \(programme.kind),
      \(programme.begin.calendarDate), \(programme.end.calendarDate),
      \(programme.learningPaths.map(\.text)), \(time))
    """
  }

  static func programmeFetch(_ tenant: UUID, _ programme: UUID) -> SQL {
    "\(programmes) WHERE tenant_id = \(tenant) AND programme_id = \(programme)"
  }

  static func programmeLock(_ tenant: UUID, _ programme: UUID) -> SQL {
    "\(programmeFetch(tenant, programme)) FOR UPDATE"
  }

  /// One more than a page holds, if there are as many; the one made last first.
  static func programmePage(_ tenant: UUID, _ page: Page) -> SQL {
    let order: SQL = """
      ORDER BY created_at DESC, programme_id DESC LIMIT \(page.size + 1)
      """
    guard let after = page.after else {
      return "\(programmes) WHERE tenant_id = \(tenant) \(order)"
    }
    return """
      \(programmes) WHERE tenant_id = \(tenant)
        AND (created_at, programme_id) < (\(after.date), \(after.id)) \(order)
      """
  }

  static func programmeEnd(_ tenant: UUID, _ programme: Programme) -> SQL {
    """
    UPDATE identity.programme SET ends_on = \(programme.end.calendarDate)
    WHERE tenant_id = \(tenant) AND programme_id = \(programme.id)
    """
  }

  /// Only for people of the organisation. Who has left comes back; who takes part stays as they
  /// are, and is not counted.
  static func enrolmentInsert(
    _ tenant: UUID, _ programme: UUID, _ people: [UUID], on day: Day
  ) -> SQL {
    """
    INSERT INTO identity.enrolment (tenant_id, programme_id, person_id, enrolled_on)
    SELECT tenant_id, \(programme), person_id, \(day.calendarDate)
    FROM identity.person WHERE tenant_id = \(tenant) AND person_id = ANY(\(people))
    ON CONFLICT ON CONSTRAINT enrolment_pkey
    DO UPDATE SET enrolled_on = excluded.enrolled_on, left_on = NULL
    WHERE enrolment.left_on IS NOT NULL
    """
  }

  static func enrolmentLeave(
    _ tenant: UUID, _ programme: UUID, _ people: [UUID], on day: Day
  ) -> SQL {
    """
    UPDATE identity.enrolment SET left_on = \(day.calendarDate)
    WHERE tenant_id = \(tenant) AND programme_id = \(programme)
      AND person_id = ANY(\(people)) AND left_on IS NULL
    """
  }

  static func enrolmentList(
    _ tenant: UUID, _ programme: UUID, after person: UUID?, limit: Int
  ) -> SQL {
    let rows: SQL = """
      SELECT person_id, enrolled_on, left_on FROM identity.enrolment
      WHERE tenant_id = \(tenant) AND programme_id = \(programme) AND left_on IS NULL
      """
    let order: SQL = "ORDER BY person_id LIMIT \(limit)"
    guard let person else { return "\(rows) \(order)" }
    return "\(rows) AND person_id > \(person) \(order)"
  }

  /// The programmes made last with how many take part: on `today`, or on the day of the programme
  /// that is nearest to it.
  static func participation(_ tenant: UUID, on today: Day, limit: Int) -> SQL {
    """
    SELECT programme.programme_id, programme.name, programme.kind, programme.begins_on,
      programme.ends_on, programme.learning_paths,
      (SELECT count(*) FROM identity.enrolment
        WHERE enrolment.tenant_id = \(tenant)
          AND enrolment.programme_id = programme.programme_id
          AND enrolment.enrolled_on <= programme.day
          AND (enrolment.left_on IS NULL OR enrolment.left_on > programme.day)) AS participants
    FROM (
      SELECT programme_id, name, kind, begins_on, ends_on, learning_paths, created_at,
        least(greatest(\(today.calendarDate)::date, begins_on), ends_on) AS day
      FROM identity.programme WHERE tenant_id = \(tenant)
      ORDER BY created_at DESC, programme_id DESC LIMIT \(limit)
    ) AS programme
    ORDER BY programme.created_at DESC, programme.programme_id DESC
    """
  }

  /// What somebody was enrolled in, with its programme.
  static func enrolmentFetch(_ tenant: UUID, of person: UUID) -> SQL {
    """
    SELECT programme.programme_id, programme.name, programme.kind, programme.begins_on,
      programme.ends_on, programme.learning_paths, enrolment.enrolled_on, enrolment.left_on
    FROM identity.enrolment
    JOIN identity.programme ON programme.tenant_id = enrolment.tenant_id
      AND programme.programme_id = enrolment.programme_id
    WHERE enrolment.tenant_id = \(tenant) AND enrolment.person_id = \(person)
    ORDER BY programme.begins_on, programme.programme_id
    """
  }
}
