import FoundationEssentials
import Postgres
import Storage

/// A person as stored: name and address sealed under the person's own key.
struct PersonRow: Sendable {
  let id: UUID
  let name: Sealed<PersonColumns.Name>
  let email: Sealed<PersonColumns.Email>
  let roles: [String]

  init(_ row: Row) throws(PostgresError) {
    id = try row.get("person_id")
    name = try row.get("name")
    email = try row.get("email")
    roles = try row.get("roles")
  }

  func name(_ key: SealingKey) throws -> String {
    try name.open(row: id, key)
  }

  func email(_ key: SealingKey) throws -> String {
    try email.open(row: id, key)
  }
}

/// Where a record about a person came from (clause 6).
enum PersonSource: String, Sendable, PostgresValue {
  case client
  /// Reserved for self-registration (clause 40).
  case own = "self"
  /// An operator, who is staff of the platform.
  case platform
}

/// A person to be stored.
struct NewPerson: Sendable {
  let id: UUID
  let name: Sealed<PersonColumns.Name>
  let email: Sealed<PersonColumns.Email>
  let emailIndex: [UInt8]
  let roles: [String]

  init(
    id: UUID, name: PersonName, email: EmailAddress, emailIndex: [UInt8], roles: [String],
    key: SealingKey
  ) throws {
    self.id = id
    self.name = try Sealed(name.text, row: id, key)
    self.email = try Sealed(email.text, row: id, key)
    self.emailIndex = emailIndex
    self.roles = roles
  }
}

extension SQL {
  /// All of them in one statement; violates `person_email` if one address is taken.
  static func personInsert(
    _ tenant: UUID, _ people: some Collection<NewPerson>, source: PersonSource, at time: Date
  ) -> SQL {
    """
    INSERT INTO identity.person (
      tenant_id, person_id, name, email, email_index, roles, source, created_at)
    SELECT \(tenant), person_id, name, email, email_index, string_to_array(roles, ','),
      \(source), \(time)
    FROM unnest(
      \(people.map(\.id)), \(people.map(\.name)), \(people.map(\.email)),
      \(people.map(\.emailIndex)), \(people.map { $0.roles.joined(separator: ",") })
    ) AS new (person_id, name, email, email_index, roles)
    """
  }

  static func personFetch(_ tenant: UUID, _ people: [UUID]) -> SQL {
    """
    SELECT person_id, name, email, roles
    FROM identity.person WHERE tenant_id = \(tenant) AND person_id = ANY(\(people))
    """
  }

  static func personFetch(_ tenant: UUID, emailIndex: [UInt8]) -> SQL {
    """
    SELECT person_id, name, email, roles
    FROM identity.person WHERE tenant_id = \(tenant) AND email_index = \(emailIndex)
    """
  }

  /// Those of the indexes that belong to somebody.
  static func personEmailsTaken(_ tenant: UUID, _ indexes: [[UInt8]]) -> SQL {
    """
    SELECT email_index
    FROM identity.person WHERE tenant_id = \(tenant) AND email_index = ANY(\(indexes))
    """
  }

  static func personSetRoles(_ tenant: UUID, _ person: UUID, _ roles: [String]) -> SQL {
    """
    UPDATE identity.person SET roles = \(roles)
    WHERE tenant_id = \(tenant) AND person_id = \(person)
    """
  }
}
