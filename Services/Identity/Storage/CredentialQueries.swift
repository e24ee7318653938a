import FoundationEssentials
import Postgres

/// What a sign-in needs to know of a person.
struct AccountRow: Sendable {
  let person: PersonRow
  /// Nil until the person has set a password.
  let passwordHash: String?
  /// An Authorised Person on the day asked for.
  let isAuthorisedPerson: Bool

  init(_ row: Row) throws(PostgresError) {
    person = try PersonRow(row)
    passwordHash = try row.get("password_hash")
    isAuthorisedPerson = try row.get("is_authorised_person")
  }
}

extension SQL {
  static func accountFetch(_ tenant: UUID, emailIndex: [UInt8], on day: Day) -> SQL {
    """
    SELECT person.person_id, person.name, person.email, person.roles, credential.password_hash,
      EXISTS (
        SELECT FROM identity.authorised_person
        WHERE authorised_person.tenant_id = person.tenant_id
          AND authorised_person.person_id = person.person_id
          AND authorised_person.valid_from <= \(day.calendarDate)
          AND (authorised_person.valid_until IS NULL
            OR authorised_person.valid_until >= \(day.calendarDate))
      ) AS is_authorised_person
    FROM identity.person
    LEFT JOIN identity.credential ON credential.tenant_id = person.tenant_id
      AND credential.person_id = person.person_id
    WHERE person.tenant_id = \(tenant) AND person.email_index = \(emailIndex)
    """
  }

  static func credentialFetch(_ tenant: UUID, _ person: UUID) -> SQL {
    """
    SELECT changed_at
    FROM identity.credential WHERE tenant_id = \(tenant) AND person_id = \(person)
    """
  }

  /// The first password only: nothing happens if there is one.
  static func credentialInsert(
    _ tenant: UUID, _ person: UUID, passwordHash: String, at time: Date
  ) -> SQL {
    """
    INSERT INTO identity.credential (tenant_id, person_id, password_hash, changed_at)
    VALUES (\(tenant), \(person), \(passwordHash), \(time))
    ON CONFLICT ON CONSTRAINT credential_pkey DO NOTHING
    """
  }

  static func credentialReset(
    _ tenant: UUID, _ person: UUID, passwordHash: String, at time: Date
  ) -> SQL {
    """
    INSERT INTO identity.credential (tenant_id, person_id, password_hash, changed_at)
    VALUES (\(tenant), \(person), \(passwordHash), \(time))
    ON CONFLICT ON CONSTRAINT credential_pkey
    DO UPDATE SET password_hash = excluded.password_hash, changed_at = excluded.changed_at
    """
  }

  /// The same password at a higher cost, unless it was changed meanwhile.
  static func credentialRehash(
    _ tenant: UUID, _ person: UUID, from old: String, to new: String
  ) -> SQL {
    """
    UPDATE identity.credential SET password_hash = \(new)
    WHERE tenant_id = \(tenant) AND person_id = \(person) AND password_hash = \(old)
    """
  }

  static func sessionInsert(
    _ tenant: UUID, _ session: UUID, _ person: UUID, authenticatedAt time: Date
  ) -> SQL {
    """
    INSERT INTO identity.session (
      tenant_id, session_id, person_id, created_at, authenticated_at)
    VALUES (\(tenant), \(session), \(person), \(time), \(time))
    """
  }

  static func sessionEnd(_ tenant: UUID, _ session: UUID, at time: Date) -> SQL {
    """
    UPDATE identity.session SET ended_at = \(time)
    WHERE tenant_id = \(tenant) AND session_id = \(session) AND ended_at IS NULL
    """
  }

  static func sessionEndAll(_ tenant: UUID, of person: UUID, at time: Date) -> SQL {
    """
    UPDATE identity.session SET ended_at = \(time)
    WHERE tenant_id = \(tenant) AND person_id = \(person) AND ended_at IS NULL
    """
  }
}
