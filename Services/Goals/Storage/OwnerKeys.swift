import FoundationEssentials
import Storage

extension Vault {
  /// The owner's key, made with the organisation's if it is the first.
  func keyToWrite(_ owner: Owner) async throws -> SealingKey {
    do {
      return try await person(owner.tenant, owner.person, create: true)
    } catch .tenantAbsent {
      try await createTenant(owner.tenant)
      return try await person(owner.tenant, owner.person, create: true)
    } catch .destroyed, .tenantDestroyed {
      throw GoalsError.personErased
    }
  }

  /// The owner's key; nil if nothing was stored for them or all of it was erased.
  func keyToRead(_ owner: Owner) async throws -> SealingKey? {
    do {
      return try await person(owner.tenant, owner.person)
    } catch .absent, .destroyed, .tenantAbsent, .tenantDestroyed {
      return nil
    }
  }

  /// Destroys the owner's key. Somebody who had none gets the tombstone all the same, so that
  /// nothing is stored for them later.
  func destroy(_ owner: Owner) async throws {
    do {
      try await destroyPerson(owner.tenant, owner.person)
    } catch .tenantAbsent {
      try await createTenant(owner.tenant)
      try await destroyPerson(owner.tenant, owner.person)
    }
  }
}
