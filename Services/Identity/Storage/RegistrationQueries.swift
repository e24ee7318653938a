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

  /// Who of those waiting is given up when one more comes: the oldest of the source that most came
  /// from. The log of the organisation says where each came from.
  static func registrationToGiveUp(_ tenant: UUID) -> SQL {
    """
    SELECT person.person_id FROM identity.person
    LEFT JOIN identity.security_event ON security_event.tenant_id = person.tenant_id
      AND security_event.person_id = person.person_id
      AND security_event.kind = \(SecurityEvent.Kind.registered)
    WHERE person.tenant_id = \(tenant) AND \(unconfirmed)
    ORDER BY count(*) OVER (PARTITION BY security_event.source) DESC, person.created_at,
      person.person_id
    LIMIT 1
    """
  }

  /// When the latest invitation of a person was sent, and whether they have registered themselves.
  static func invitationLatest(_ tenant: UUID, of person: UUID) -> SQL {
    """
    SELECT (
      SELECT max(created_at) FROM identity.invitation
      WHERE tenant_id = \(tenant) AND person_id = \(person)
    ) AS sent_at, EXISTS (
      SELECT FROM identity.person
      WHERE tenant_id = \(tenant) AND person_id = \(person) AND source = 'self'
    ) AS is_own
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
