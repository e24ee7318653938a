import Access
import FoundationEssentials
import Launch
import Mail
import Postgres
import Storage

/// Somebody who is written to, with all that takes: fetched before the transaction that the letter
/// goes with.
struct Addressee: Sendable {
  let person: UUID
  let name: String
  let email: String
  let key: SealingKey
  let language: Letter.Language
}

extension IdentityService {
  func addressee(
    _ person: PersonRow, of organisation: OrganisationRow
  ) async throws -> Addressee {
    try await Addressee(person, of: organisation.id, organisation.policy.language, vault)
  }

  /// Of the platform's own people as well, who have no organisation's language.
  func addressee(_ person: PersonRow, of tenant: UUID, _ call: Call) async throws -> Addressee {
    let language =
      tenant == .platform
      ? OrganisationPolicy().language : try await organisation(tenant, call).policy.language
    return try await Addressee(person, of: tenant, language, vault)
  }

  /// The statements that send `letter` with the transaction that they stand in. `outbox.ring()`
  /// after its commit saves a second.
  func post(
    _ letter: IdentityLetter, to addressee: Addressee, of tenant: UUID, at time: Date,
    expiresAt: Date? = nil
  ) throws -> [SQL] {
    try outbox.post(
      [(letter, addressee)], of: tenant, links: settings.linkBase, at: time,
      expiresAt: expiresAt ?? time + OutgoingMail.noticeLifetime)
  }
}

extension Addressee {
  init(
    _ person: PersonRow, of tenant: UUID, _ language: Letter.Language, _ vault: Vault
  ) async throws {
    let key = try await vault.person(tenant, person.id)
    self.init(
      person: person.id, name: try person.name(key), email: try person.email(key), key: key,
      language: language)
  }

  /// The same person at another address.
  func at(_ email: String) -> Addressee {
    Addressee(person: person, name: name, email: email, key: key, language: language)
  }
}

extension Outbox {
  func post(
    _ letters: [(IdentityLetter, Addressee)], of tenant: UUID, links: String, at time: Date,
    expiresAt: Date
  ) throws -> [SQL] {
    try post(
      letters.map { letter, addressee in
        let mail = Mail(
          to: addressee.email, name: addressee.name,
          letter.letter(addressee.language, links: links))
        return (
          mail: OutgoingMail(
            mail, kind: letter.kind, person: addressee.person, expiresAt: expiresAt),
          key: addressee.key
        )
      }, tenant: tenant, at: time)
  }
}
