import FoundationEssentials
import Postgres

extension SQL {
  static func credentialFetch(_ tenant: UUID, _ person: UUID) -> SQL {
    """
    SELECT changed_at
    FROM identity.credential WHERE tenant_id = \(tenant) AND person_id = \(person)
    """
  }

  /// Until the end of the transaction nobody else changes the password or what it rests on, begins
  /// a session with it or ends one. Comes before the locks of sessions, after the organisation's.
  static func credentialLock(_ tenant: UUID, _ person: UUID) -> SQL {
    """
    SELECT stands_alone, password_hash
    FROM identity.credential WHERE tenant_id = \(tenant) AND person_id = \(person) FOR UPDATE
    """
  }

  /// Another password for one that is there, after `credentialLock`. No row if it is too short to
  /// stand alone and has to.
  static func credentialChange(
    _ tenant: UUID, _ person: UUID, passwordHash: String, standsAlone: Bool, at time: Date
  ) -> SQL {
    """
    UPDATE identity.credential
    SET password_hash = \(passwordHash), stands_alone = \(standsAlone),
      changed_at = \(time)
    WHERE tenant_id = \(tenant) AND person_id = \(person) AND (\(standsAlone) OR EXISTS (
      SELECT FROM identity.totp
      WHERE totp.tenant_id = credential.tenant_id AND totp.person_id = credential.person_id
        AND totp.confirmed_at IS NOT NULL))
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
    DO UPDATE SET password_hash = excluded.password_hash, stands_alone = true,
      changed_at = excluded.changed_at
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
}
