import FoundationEssentials
import Postgres

extension SQL {
  /// Who has registered themselves and not set a password.
  private static let unconfirmed: SQL = """
    person.source = 'self' AND NOT EXISTS (
      SELECT FROM identity.credential
      WHERE credential.tenant_id = person.tenant_id
        AND credential.person_id = person.person_id)
    """

  static func registrationCount(_ tenant: UUID) -> SQL {
    """
    SELECT count(*) AS unconfirmed FROM identity.person
    WHERE person.tenant_id = \(tenant) AND \(unconfirmed)
    """
  }

  /// When the latest invitation of a person was sent.
  static func invitationLatest(_ tenant: UUID, of person: UUID) -> SQL {
    """
    SELECT max(created_at) AS sent_at FROM identity.invitation
    WHERE tenant_id = \(tenant) AND person_id = \(person)
    """
  }

  /// Those whose link has expired meanwhile; at most `limit`.
  static func registrationExpired(_ tenant: UUID, at time: Date, limit: Int) -> SQL {
    """
    SELECT person.person_id FROM identity.person
    WHERE person.tenant_id = \(tenant) AND \(unconfirmed) AND NOT EXISTS (
      SELECT FROM identity.invitation
      WHERE invitation.tenant_id = person.tenant_id
        AND invitation.person_id = person.person_id
        AND invitation.replaced_at IS NULL AND invitation.expires_at > \(time))
    ORDER BY person.person_id LIMIT \(limit)
    """
  }
}
