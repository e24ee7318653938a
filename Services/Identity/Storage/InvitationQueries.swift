import FoundationEssentials
import Postgres

/// An invitation with the person whom it invites.
struct InvitationRow: Sendable {
  let id: UUID
  let person: PersonRow
  let invitation: Invitation

  init(_ row: Row) throws(PostgresError) {
    id = try row.get("invitation_id")
    person = try PersonRow(row)
    invitation = Invitation(
      expiresAt: try row.get("expires_at"), usedAt: try row.get("used_at"),
      replacedAt: try row.get("replaced_at"))
  }
}

struct NewInvitation: Sendable {
  let id: UUID
  let person: UUID
  let codeHash: [UInt8]
}

extension SQL {
  static func invitationInsert(
    _ tenant: UUID, _ invitations: some Collection<NewInvitation>, at time: Date,
    expiresAt: Date
  ) -> SQL {
    """
    INSERT INTO identity.invitation (
      tenant_id, invitation_id, person_id, code_hash, created_at, expires_at)
    SELECT \(tenant), invitation_id, person_id, code_hash, \(time), \(expiresAt)
    FROM unnest(
      \(invitations.map(\.id)), \(invitations.map(\.person)), \(invitations.map(\.codeHash))
    ) AS new (invitation_id, person_id, code_hash)
    """
  }

  static func invitationFetch(_ tenant: UUID, codeHash: [UInt8]) -> SQL {
    """
    SELECT invitation.invitation_id, invitation.expires_at, invitation.used_at,
      invitation.replaced_at, person.person_id, person.name, person.email, person.roles
    FROM identity.invitation
    JOIN identity.person ON person.tenant_id = invitation.tenant_id
      AND person.person_id = invitation.person_id
    WHERE invitation.tenant_id = \(tenant) AND invitation.code_hash = \(codeHash)
    """
  }

  /// Changes one row, or none if somebody was faster.
  static func invitationUse(_ tenant: UUID, _ invitation: UUID, at time: Date) -> SQL {
    """
    UPDATE identity.invitation SET used_at = \(time)
    WHERE tenant_id = \(tenant) AND invitation_id = \(invitation)
      AND used_at IS NULL AND replaced_at IS NULL AND expires_at > \(time)
    """
  }

  /// Makes the open invitations of a person useless.
  static func invitationReplaceAll(_ tenant: UUID, of person: UUID, at time: Date) -> SQL {
    """
    UPDATE identity.invitation SET replaced_at = \(time)
    WHERE tenant_id = \(tenant) AND person_id = \(person)
      AND used_at IS NULL AND replaced_at IS NULL
    """
  }
}
