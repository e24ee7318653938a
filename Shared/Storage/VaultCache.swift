import Cryptography
import DequeModule
import FoundationEssentials
import Synchronization

/// Unwrapped keys for a short time. Another process that destroys a key is noticed after
/// `lifetime`; this one at once.
final class VaultCache: Sendable {
  /// Clause 10 gives 60 s until a withdrawal holds everywhere.
  static let lifetime: Duration = .seconds(30)

  struct Place: Hashable, Sendable {
    var tenant: UUID
    /// Nil for the tenant's own keys.
    var person: UUID?
  }

  enum Keys: Sendable {
    case tenant(TenantKeys)
    case person(SealingKey)
  }

  /// Keys read before a destruction are not put in after it.
  struct Ticket: Sendable { fileprivate let destructions: UInt64 }

  private struct Entry {
    let keys: Keys
    let expires: ContinuousClock.Instant
  }

  private struct State {
    var entries: [Place: Entry] = [:]
    /// In the order of their expiry; may name places that have gone.
    var order: Deque<(Place, ContinuousClock.Instant)> = []
    var destructions: UInt64 = 0
  }

  private let limit: Int
  private let now: @Sendable () -> ContinuousClock.Instant
  private let state = Mutex(State())

  init(limit: Int, now: @escaping @Sendable () -> ContinuousClock.Instant) {
    self.limit = limit
    self.now = now
  }

  var count: Int { state.withLock { $0.entries.count } }

  func ticket() -> Ticket { state.withLock { Ticket(destructions: $0.destructions) } }

  func keys(_ place: Place) -> Keys? {
    let now = now()
    return state.withLock { state in
      guard let entry = state.entries[place], entry.expires > now else { return nil }
      return entry.keys
    }
  }

  func put(_ keys: Keys, at place: Place, _ ticket: Ticket) {
    let now = now()
    state.withLock { state in
      guard state.destructions == ticket.destructions else { return }
      while let (oldest, expires) = state.order.first,
        expires <= now || state.order.count >= limit
      {
        state.order.removeFirst()
        if state.entries[oldest]?.expires == expires { state.entries[oldest] = nil }
      }
      let entry = Entry(keys: keys, expires: now + VaultCache.lifetime)
      state.entries[place] = entry
      state.order.append((place, entry.expires))
    }
  }

  /// Drops a person, or a tenant with all its persons. Called before and after the destruction in
  /// the store.
  func drop(_ place: Place) {
    state.withLock { state in
      state.destructions += 1
      guard place.person == nil else {
        state.entries[place] = nil
        return
      }
      state.entries = state.entries.filter { $0.key.tenant != place.tenant }
    }
  }
}

/// What is derived (HKDF) from a tenant's key, one key per use.
struct TenantKeys: Sendable {
  /// Wraps the keys of persons.
  let wrapping: SymmetricKey
  /// Makes `person_ref` out of a person's id.
  let reference: SymmetricKey
  /// Makes blind indexes.
  let index: SymmetricKey
  /// Seals the tenant's own fields.
  let sealing: SealingKey

  init(_ key: SymmetricKey, tenant: UUID) {
    wrapping = HKDF.derive(from: key, info: "ikso person key wrapping 1")
    reference = HKDF.derive(from: key, info: "ikso person reference 1")
    index = HKDF.derive(from: key, info: "ikso blind index 1")
    sealing = SealingKey(
      tenant: tenant, key: HKDF.derive(from: key, info: "ikso tenant fields 1"))
  }

  func reference(_ person: UUID) -> [UInt8] {
    HMACSHA256.authenticate(person.bytes, key: reference)
  }
}
