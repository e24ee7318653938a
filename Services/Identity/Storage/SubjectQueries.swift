import FoundationEssentials
import Postgres

/// The tables that hold something about one person, in the order in which rows can be deleted.
enum SubjectTable: String, CaseIterable {
  case session
  case invitation
  case credential
  case authorisedPerson = "authorised_person"
  case person

  func delete(_ tenant: UUID, _ person: UUID) -> SQL {
    switch self {
    case .session:
      "DELETE FROM identity.session WHERE tenant_id = \(tenant) AND person_id = \(person)"
    case .invitation:
      "DELETE FROM identity.invitation WHERE tenant_id = \(tenant) AND person_id = \(person)"
    case .credential:
      "DELETE FROM identity.credential WHERE tenant_id = \(tenant) AND person_id = \(person)"
    case .authorisedPerson:
      """
      DELETE FROM identity.authorised_person
      WHERE tenant_id = \(tenant) AND person_id = \(person)
      """
    case .person:
      "DELETE FROM identity.person WHERE tenant_id = \(tenant) AND person_id = \(person)"
    }
  }

  /// What an export shows: everything but secrets.
  func fetch(_ tenant: UUID, _ person: UUID) -> SQL {
    switch self {
    case .person:
      """
      SELECT person_id, name, email, roles, source, created_at
      FROM identity.person WHERE tenant_id = \(tenant) AND person_id = \(person)
      """
    case .credential:
      """
      SELECT changed_at
      FROM identity.credential WHERE tenant_id = \(tenant) AND person_id = \(person)
      """
    case .invitation:
      """
      SELECT invitation_id, created_at, expires_at, used_at, replaced_at
      FROM identity.invitation WHERE tenant_id = \(tenant) AND person_id = \(person)
      ORDER BY created_at, invitation_id
      """
    case .session:
      """
      SELECT session_id, created_at, authenticated_at, ended_at
      FROM identity.session WHERE tenant_id = \(tenant) AND person_id = \(person)
      ORDER BY created_at, session_id
      """
    case .authorisedPerson:
      """
      SELECT authorised_person_id, valid_from, valid_until, named_at
      FROM identity.authorised_person WHERE tenant_id = \(tenant) AND person_id = \(person)
      ORDER BY valid_from, authorised_person_id
      """
    }
  }
}
