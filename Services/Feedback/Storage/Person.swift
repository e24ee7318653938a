package import FoundationEssentials
package import Storage

/// A person of an organisation, whose key is used, and the mandate of the call.
package struct Person: Sendable {
  package let mandate: Mandate
  package let id: UUID

  package init(_ mandate: Mandate, id: UUID) {
    self.mandate = mandate
    self.id = id
  }

  package var tenant: UUID { mandate.tenant }
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
