package import FoundationEssentials
import Storage

/// A person of an organisation, whose key is used, and until when the call may take.
package struct Person: Sendable {
  package let tenant: UUID
  package let id: UUID
  package let deadline: ContinuousClock.Instant?

  package init(tenant: UUID, id: UUID, deadline: ContinuousClock.Instant? = nil) {
    self.tenant = tenant
    self.id = id
    self.deadline = deadline
  }
}

extension Vault {
  /// The keys of the asker and of the outsiders, made where there are none.
  func keysToWrite(_ asker: Person, guests: [UUID]) async throws -> [UUID: SealingKey] {
    let persons = [asker.id] + guests
    do {
      try await createPersons(asker.tenant, persons)
      return try await self.persons(asker.tenant, persons)
    } catch VaultError.destroyed, VaultError.tenantDestroyed {
      throw FeedbackError.personErased
    }
  }

  /// The person's key; nil if nothing was stored for them or all of it was erased.
  func keyToRead(_ tenant: UUID, _ person: UUID) async throws -> SealingKey? {
    do {
      return try await self.person(tenant, person)
    } catch .absent, .destroyed, .tenantAbsent, .tenantDestroyed {
      return nil
    }
  }

  /// The keys of those who have one.
  func keysToRead(_ tenant: UUID, _ persons: [UUID]) async throws -> [UUID: SealingKey] {
    guard !persons.isEmpty else { return [:] }
    do {
      return try await self.persons(tenant, Array(Set(persons)))
    } catch .tenantAbsent, .tenantDestroyed {
      return [:]
    }
  }
}
