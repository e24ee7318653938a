import Access
import FoundationEssentials
import Postgres

/// What decides on somebody's token: who they are, their password, what they may and whether they
/// may at all.
struct AccountRow: Sendable {
  let person: PersonRow
  /// Nil until the person has set a password.
  let passwordHash: String?
  let hasSecondFactor: Bool
  let standing: Standing
  let rights: Rights

  /// Of the two results of `SQL.accountFetch`; nil if there is no such person.
  init?(_ results: ArraySlice<ResultSet>) throws {
    guard let account = results.first, let granted = results.dropFirst().first else {
      preconditionFailure("an account is read by two statements")
    }
    guard let row = account.first else { return nil }
    person = try PersonRow(row)
    passwordHash = try row.get("password_hash")
    hasSecondFactor = try row.get("has_second_factor")
    standing = try Standing(row)
    rights = Rights(
      standing: Set(person.roles.compactMap(Role.init(rawValue:))),
      dated: try granted.compactMap(Rights.Dated.init))
  }
}

extension Standing {
  init(_ row: Row) throws(PostgresError) {
    isSuspended = try row.get("is_suspended")
    isUnder16 = try row.get("under16")
    hasParentalConsent = try row.get("has_parental_consent")
    isReported = try row.get("is_reported")
  }
}

extension Rights.Dated {
  /// Nil for a role that this binary does not know: it gives no right.
  init?(_ row: Row) throws {
    guard let role = Role(rawValue: try row.get("role")) else { return nil }
    let begin: CalendarDate = try row.get("valid_from")
    let end: CalendarDate? = try row.get("valid_until")
    guard let period = Period(begin: Day(begin), end: end.map { Day($0) }) else { return nil }
    self.init(role: role, period: period)
  }
}

extension SQL {
  /// Two statements, which `AccountRow` reads.
  static func accountFetch(_ tenant: UUID, emailIndex: [UInt8]) -> [SQL] {
    accountFetch(tenant, "person.email_index = \(emailIndex)")
  }

  static func accountFetch(_ tenant: UUID, _ person: UUID) -> [SQL] {
    accountFetch(tenant, "person.person_id = \(person)")
  }

  private static func accountFetch(_ tenant: UUID, _ which: SQL) -> [SQL] {
    [
      """
      SELECT person.person_id, person.name, person.email, person.roles, credential.password_hash,
        EXISTS (
          SELECT FROM identity.totp
          WHERE totp.tenant_id = person.tenant_id AND totp.person_id = person.person_id
            AND totp.confirmed_at IS NOT NULL
        ) AS has_second_factor, \(standingColumns)
      FROM identity.person
      LEFT JOIN identity.credential ON credential.tenant_id = person.tenant_id
        AND credential.person_id = person.person_id
      WHERE person.tenant_id = \(tenant) AND \(which)
      """,
      """
      SELECT dated.role, dated.valid_from, dated.valid_until
      FROM identity.person
      JOIN (
        SELECT tenant_id, person_id, role, valid_from, valid_until FROM identity.role_grant
        UNION ALL
        SELECT tenant_id, person_id, 'privacy_officer', valid_from, valid_until
        FROM identity.authorised_person
      ) AS dated ON dated.tenant_id = person.tenant_id AND dated.person_id = person.person_id
      WHERE person.tenant_id = \(tenant) AND \(which)
      """,
    ]
  }

  /// What `Standing` reads of `identity.person`.
  static let standingColumns: SQL = """
    person.suspended_at IS NOT NULL AS is_suspended, person.under16,
    EXISTS (
      SELECT FROM identity.parental_consent
      WHERE parental_consent.tenant_id = person.tenant_id
        AND parental_consent.person_id = person.person_id
        AND parental_consent.withdrawn_at IS NULL
    ) AS has_parental_consent,
    EXISTS (
      SELECT FROM identity.minor_report
      WHERE minor_report.tenant_id = person.tenant_id
        AND minor_report.person_id = person.person_id AND minor_report.resolved_at IS NULL
    ) AS is_reported
    """
}
