import Cryptography
import FoundationEssentials
import Launch
import Mail
import Postgres
import Storage

/// The accounts of IKSO's own operators, in the platform's tenant. They come from the command line
/// of the platform team alone; no method makes one.
struct OperatorAccounts: Sendable {
  let database: Database
  let vault: Vault
  let passwords: PasswordHashing
  let breached: BreachedPasswords
  let sessions: Sessions
  let outbox: Outbox
  /// Begins the link in a letter.
  let links: String

  enum Outcome: String {
    case created
    case reset
  }

  /// Makes the account, or gives the one of this address a new password, ends its sessions, and
  /// tells its owner by mail.
  func set(
    email: EmailAddress, name: PersonName, password: String, at time: Date
  ) async throws -> Outcome {
    let policy = PasswordPolicy(
      name: name.text, email: email, organisation: "IKSO", breached: breached)
    let hash = try await passwords.hash(policy.check(password))
    let tenant = UUID.platform
    try await vault.createTenant(tenant)
    let index = try await vault.blindIndex(tenant, email.normalised)
    let known = try await database.once(
      tenant: tenant, .personFetch(tenant, emailIndex: index))[0].first.map(PersonRow.init)
    if let known {
      let addressee = try await Addressee(
        known, of: tenant, OrganisationPolicy().language, vault)
      let letters = try outbox.post(
        [(.passwordChanged, addressee)], of: tenant, links: links, at: time,
        expiresAt: time + OutgoingMail.noticeLifetime)
      try await database.transaction(tenant: tenant) { transaction in
        try await transaction.query(
          all: [
            .personSetRoles(tenant, known.id, ["operator"]),
            .credentialReset(tenant, known.id, passwordHash: hash, at: time),
          ] + letters)
        try transaction.record(
          SecurityEvent(.passwordReset, about: known.id), by: .service, at: time)
        try await sessions.end(of: known.id, .passwordChanged, at: time, in: transaction)
      }
      return .reset
    }
    let id = UUID()
    try await vault.createPersons(tenant, [id])
    let person = try NewPerson(
      id: id, name: name, email: email, emailIndex: index, roles: ["operator"],
      key: try await vault.person(tenant, id))
    try await database.once(
      tenant: tenant, .personInsert(tenant, [person], source: .platform, at: time),
      .credentialReset(tenant, id, passwordHash: hash, at: time),
      .securityEvent(
        tenant, SecurityEvent(.passwordSet, about: id), by: .service, at: time))
    return .created
  }
}
