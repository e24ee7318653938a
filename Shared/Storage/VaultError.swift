package import Postgres

package enum VaultError: Error, Sendable, Equatable {
  /// The person has no key here and never had one.
  case absent
  /// The person's key was destroyed: what it sealed cannot be read any more, and the person gets
  /// no new key.
  case destroyed
  case tenantAbsent
  case tenantDestroyed
  /// A key does not open: another master key, or an altered row. The text names what, for logs.
  case corrupt(String)
  /// A key is under a master key, named by its id, that this process was not given.
  case masterAbsent(String)
  /// A destruction could not be recorded, or the record and the store do not belong together.
  case journal(ErasureJournalError)
  case store(PostgresError)
}

extension VaultError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .absent: "the person has no key"
    case .destroyed: "the person's key was destroyed"
    case .tenantAbsent: "the tenant has no key"
    case .tenantDestroyed: "the tenant's key was destroyed"
    case .corrupt(let what):
      "\(what) does not open: start with the master key it was made with, or restore the key store"
    case .masterAbsent(let id):
      "a key is under the master key \(id): give that key too, as keys.otherMasterKeyFile"
    case .journal(let error): "\(error)"
    case .store(let error): "key store: \(error)"
    }
  }
}
