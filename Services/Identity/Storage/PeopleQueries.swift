import Access
import FoundationEssentials
import Postgres
import Storage

/// All that is shown of a person.
struct PersonRecord: Sendable {
  let row: PersonRow
  let source: String
  let createdAt: Date
  let managerID: UUID?
  let standing: Standing
  let rights: Rights

  /// Of the two results of `SQL.personRecordFetch` and its page.
  static func read(_ results: ArraySlice<ResultSet>) throws -> [PersonRecord] {
    guard let people = results.first, let granted = results.dropFirst().first else {
      preconditionFailure("people are read by two statements")
    }
    var dated: [UUID: [Rights.Dated]] = [:]
    for row in granted {
      guard let right = try Rights.Dated(row) else { continue }
      dated[try row.get("person_id"), default: []].append(right)
    }
    return try people.map { row in
      let person = try PersonRow(row)
      return PersonRecord(
        row: person, source: try row.get("source"), createdAt: try row.get("created_at"),
        managerID: try row.get("manager_id"), standing: try Standing(row),
        rights: Rights(
          standing: Set(person.roles.compactMap(Role.init(rawValue:))),
          dated: dated[person.id] ?? []))
    }
  }
}

extension SQL {
  /// Two statements, which `PersonRecord` reads.
  static func personRecordFetch(_ tenant: UUID, _ people: [UUID]) -> [SQL] {
    [
      """
      \(personRecords) WHERE person.tenant_id = \(tenant) AND person.person_id = ANY(\(people))
      """,
      datedRights(tenant, "person_id = ANY(\(people))"),
    ]
  }

  /// One more than a page holds, if there are as many; the one added last first. Its second
  /// statement is `datedRights` of those found.
  static func personPage(_ tenant: UUID, _ page: Page) -> SQL {
    let rows: SQL = """
      SELECT person_id, created_at FROM identity.person WHERE tenant_id = \(tenant)
      """
    let order: SQL = "ORDER BY created_at DESC, person_id DESC LIMIT \(page.size + 1)"
    guard let after = page.after else {
      return "\(rows) \(order)"
    }
    return "\(rows) AND (created_at, person_id) < (\(after.date), \(after.id)) \(order)"
  }

  private static let personRecords: SQL = """
    SELECT person.person_id, person.name, person.email, person.roles, person.source,
      person.created_at, manager_relation.manager_id, \(standingColumns)
    FROM identity.person
    LEFT JOIN identity.manager_relation ON manager_relation.tenant_id = person.tenant_id
      AND manager_relation.person_id = person.person_id
    """

  private static func datedRights(_ tenant: UUID, _ which: SQL) -> SQL {
    """
    SELECT person_id, role, valid_from, valid_until
    FROM (
      SELECT tenant_id, person_id, role, valid_from, valid_until FROM identity.role_grant
      UNION ALL
      SELECT tenant_id, person_id, 'privacy_officer', valid_from, valid_until
      FROM identity.authorised_person
    ) AS dated
    WHERE tenant_id = \(tenant) AND \(which)
    ORDER BY valid_from
    """
  }

  // MARK: Rights

  static func personAddRole(_ tenant: UUID, _ person: UUID, _ role: Role) -> SQL {
    """
    UPDATE identity.person SET roles = array_append(roles, \(role.rawValue))
    WHERE tenant_id = \(tenant) AND person_id = \(person) AND NOT \(role.rawValue) = ANY(roles)
    """
  }

  static func roleGrantInsert(
    _ tenant: UUID, _ id: UUID, _ person: UUID, _ granting: Granting, at time: Date
  ) -> SQL {
    """
    INSERT INTO identity.role_grant (
      tenant_id, role_grant_id, person_id, role, valid_from, valid_until, granted_at)
    VALUES (
      \(tenant), \(id), \(person), \(granting.role.rawValue),
      \(granting.period.begin.calendarDate), \(granting.period.end?.calendarDate), \(time))
    """
  }

  /// Takes a right away: what has been held stays on record to the day before `today`.
  static func roleRevoke(
    _ tenant: UUID, _ person: UUID, _ role: Role, on today: Day
  ) -> [SQL] {
    [
      """
      UPDATE identity.person SET roles = array_remove(roles, \(role.rawValue))
      WHERE tenant_id = \(tenant) AND person_id = \(person)
      """,
      """
      DELETE FROM identity.role_grant
      WHERE tenant_id = \(tenant) AND person_id = \(person) AND role = \(role.rawValue)
        AND valid_from >= \(today.calendarDate)
      """,
      """
      UPDATE identity.role_grant SET valid_until = \(today.calendarDate) - 1
      WHERE tenant_id = \(tenant) AND person_id = \(person) AND role = \(role.rawValue)
        AND (valid_until IS NULL OR valid_until >= \(today.calendarDate))
      """,
    ]
  }

  /// Administrators who can sign in today: as `Standing` has it, and with a password.
  static func administratorCount(_ tenant: UUID, on today: Day) -> SQL {
    """
    SELECT count(*) AS administrators FROM identity.person
    WHERE person.tenant_id = \(tenant) AND person.suspended_at IS NULL
      AND NOT EXISTS (
        SELECT FROM identity.minor_report
        WHERE minor_report.tenant_id = person.tenant_id
          AND minor_report.person_id = person.person_id AND minor_report.resolved_at IS NULL)
      AND (NOT person.under16 OR EXISTS (
        SELECT FROM identity.parental_consent
        WHERE parental_consent.tenant_id = person.tenant_id
          AND parental_consent.person_id = person.person_id
          AND parental_consent.withdrawn_at IS NULL))
      AND EXISTS (
        SELECT FROM identity.credential
        WHERE credential.tenant_id = person.tenant_id
          AND credential.person_id = person.person_id)
      AND ('administrator' = ANY(person.roles) OR EXISTS (
        SELECT FROM identity.role_grant
        WHERE role_grant.tenant_id = person.tenant_id
          AND role_grant.person_id = person.person_id AND role_grant.role = 'administrator'
          AND role_grant.valid_from <= \(today.calendarDate)
          AND (role_grant.valid_until IS NULL
            OR role_grant.valid_until >= \(today.calendarDate))))
    """
  }

  static func personSuspend(_ tenant: UUID, _ person: UUID, at time: Date?) -> SQL {
    """
    UPDATE identity.person SET suspended_at = \(time)
    WHERE tenant_id = \(tenant) AND person_id = \(person)
    """
  }

  // MARK: Managers

  static func managerSet(_ tenant: UUID, _ person: UUID, _ manager: UUID, at time: Date) -> SQL {
    """
    INSERT INTO identity.manager_relation (tenant_id, person_id, manager_id, set_at)
    VALUES (\(tenant), \(person), \(manager), \(time))
    ON CONFLICT ON CONSTRAINT manager_relation_pkey
    DO UPDATE SET manager_id = excluded.manager_id, set_at = excluded.set_at
    """
  }

  static func managerClear(_ tenant: UUID, _ person: UUID) -> SQL {
    "DELETE FROM identity.manager_relation WHERE tenant_id = \(tenant) AND person_id = \(person)"
  }

  /// Those who lead `person` at any remove, themselves first; at most `limit` of them.
  static func managerChain(_ tenant: UUID, above person: UUID, limit: Int) -> SQL {
    """
    WITH RECURSIVE chain AS (
      SELECT \(person)::uuid AS person_id, 1 AS step
      UNION ALL
      SELECT relation.manager_id, chain.step + 1
      FROM chain JOIN identity.manager_relation AS relation
        ON relation.tenant_id = \(tenant) AND relation.person_id = chain.person_id
      WHERE chain.step < \(limit)
    )
    SELECT person_id FROM chain ORDER BY step
    """
  }

  static func reportList(_ tenant: UUID, of manager: UUID, limit: Int) -> SQL {
    """
    SELECT person.person_id, person.name, person.email, person.roles
    FROM identity.manager_relation AS relation
    JOIN identity.person ON person.tenant_id = relation.tenant_id
      AND person.person_id = relation.person_id
    WHERE relation.tenant_id = \(tenant) AND relation.manager_id = \(manager)
    ORDER BY person.person_id LIMIT \(limit)
    """
  }
}
