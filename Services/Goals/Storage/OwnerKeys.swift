import FoundationEssentials
import Storage

extension Vault {
  /// The owner's key, made with the organisation's if it is the first.
  func keyToWrite(_ owner: Owner) async throws -> SealingKey {
    do {
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
}
