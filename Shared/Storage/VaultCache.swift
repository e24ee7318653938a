import Cryptography
import DequeModule
import FoundationEssentials
import Synchronization

/// Unwrapped keys for a short time. Another process that destroys a key is noticed after
/// `lifetime`; this one at once. A key that leaves is overwritten when its last user is done.
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

    /// Drops from the oldest on while `goes`, given its expiry and how many there are.
    mutating func leave(while goes: (ContinuousClock.Instant, Int) -> Bool) {
      while let (oldest, expires) = order.first, goes(expires, order.count) {
        order.removeFirst()
        if entries[oldest]?.expires == expires { entries[oldest] = nil }
      }
    }
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
      state.leave { $0 <= now || $1 >= limit }
      let entry = Entry(keys: keys, expires: now + VaultCache.lifetime)
      state.entries[place] = entry
      state.order.append((place, entry.expires))
    }
  }

  /// Drops what has expired: a process that is asked nothing keeps no key either.
  func sweep() {
    let now = now()
    state.withLock { state in state.leave { expires, _ in expires <= now } }
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
