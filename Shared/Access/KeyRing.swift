package import Cryptography
package import FoundationEssentials
import Synchronization

/// A public key of the token issuer and the time during which it counts.
package struct PublishedKey: Sendable, Hashable {
  package var id: String
  /// Ed25519, 32 bytes.
  package var publicKey: [UInt8]
  package var notBefore: Date
  /// No token signed with it is valid afterwards; nil for the current key.
  package var notAfter: Date?

  package init(id: String, publicKey: [UInt8], notBefore: Date, notAfter: Date? = nil) {
    self.id = id
    self.publicKey = publicKey
    self.notBefore = notBefore
    self.notAfter = notAfter
  }

  /// An identifier made from the key itself: the same key never gets two, nor two keys one.
  package static func id(of key: Ed25519PublicKey) -> String {
    Base64URL.encode(Array(Digest.sha256(key.rawBytes).prefix(12)))
  }
}

/// The issuer's public keys, several at a time so that one may follow another.
///
/// Fails closed: without keys no token passes. When a refresh fails the last good keys stay, each
/// until its own `notAfter`.
package final class KeyRing: Sendable {
  /// An unknown key id makes us ask the issuer again, no sooner than this after the last time.
  package static let unknownKeyInterval: TimeInterval = 5
  /// How often `keepFresh` asks: a key withdrawn by the issuer is gone after this.
  package static let refreshInterval: Duration = .seconds(30)
  /// Most keys at a time.
  package static let maximumKeys = 16
  /// Most calls that wait for one refresh; further ones are refused at once.
  package static let maximumWaiters = 1024

  private struct Key: Sendable {
    let key: Ed25519PublicKey
    let notBefore: Date
    let notAfter: Date?
  }

  private struct State {
    var keys: [String: Key] = [:]
    var lastAttempt: Date?
    var isRefreshing = false
    var waiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
    var nextWaiter: UInt64 = 0
  }

  private let state = Mutex(State())
  private let now: @Sendable () -> Date
  private let fetch: @Sendable () async throws -> [PublishedKey]

  /// - Parameter refresh: asks the issuer; must end by itself within seconds.
  package init(
    now: @escaping @Sendable () -> Date = { Date() },
    refresh: @escaping @Sendable () async throws -> [PublishedKey]
  ) {
    self.now = now
    self.fetch = refresh
  }

  package var isEmpty: Bool { state.withLock { $0.keys.isEmpty } }

  /// The key that counts at `now` among those in hand.
  package func key(_ id: String, now: Date) throws(TokenError) -> Ed25519PublicKey {
    let (key, none) = state.withLock { ($0.keys[id], $0.keys.isEmpty) }
    if none { throw .keysUnavailable }
    guard let key, now >= key.notBefore - TokenLimits.clockSkew else { throw .unknownKey }
    if let end = key.notAfter, now > end { throw .unknownKey }
    return key.key
  }

  /// Fetches the keys, or waits for the fetch under way; true when there are new ones.
  ///
  /// Does nothing when the last fetch began less than `unknownKeyInterval` ago.
  package func refreshIfDue() async -> Bool {
    switch begin(forced: false) {
    case .fetch: return (try? await perform()) != nil
    case .wait:
      await wait()
      return true
    case .nothing: return false
    }
  }

  /// Fetches now, unless a fetch is under way, and says why it failed.
  package func refresh() async throws {
    switch begin(forced: true) {
    case .fetch: try await perform()
    case .wait: await wait()
    case .nothing: break
    }
  }

  /// Refreshes for ever, first at once; ends with the task's cancellation. `failed` is told each
  /// failure, for the log. While there are no keys it asks every `unknownKeyInterval`.
  package func keepFresh(failed: @Sendable (any Error) -> Void) async throws {
    while true {
      do { try await refresh() } catch { failed(error) }
      try await Task.sleep(
        for: isEmpty ? .seconds(Self.unknownKeyInterval) : Self.refreshInterval)
    }
  }

  /// Replaces the keys; throws and changes nothing when the list is empty or a key is malformed.
  func replace(_ published: [PublishedKey]) throws {
    guard (1...Self.maximumKeys).contains(published.count) else {
      throw KeyRingError.count(published.count)
    }
    var keys: [String: Key] = [:]
    for key in published {
      guard TokenCodec.isKeyID(key.id), keys[key.id] == nil else {
        throw KeyRingError.keyID(key.id)
      }
      keys[key.id] = Key(
        key: try Ed25519PublicKey(rawBytes: key.publicKey), notBefore: key.notBefore,
        notAfter: key.notAfter)
    }
    state.withLock { [keys] in $0.keys = keys }
  }

  private enum Step { case fetch, wait, nothing }

  private func begin(forced: Bool) -> Step {
    let now = now()
    return state.withLock { state in
      if state.isRefreshing { return .wait }
      // A clock set back must not stop the fetches.
      if !forced, let last = state.lastAttempt, last <= now,
        now.timeIntervalSince(last) < Self.unknownKeyInterval
      {
        return .nothing
      }
      state.isRefreshing = true
      state.lastAttempt = now
      return .fetch
    }
  }

  private func perform() async throws {
    do {
      try replace(try await fetch())
    } catch {
      // The caller's end is no answer of the issuer: the next call may ask at once.
      finish(forgetAttempt: Task.isCancelled)
      throw error
    }
    finish(forgetAttempt: false)
  }

  private func finish(forgetAttempt: Bool) {
    let waiters = state.withLock { state in
      state.isRefreshing = false
      if forgetAttempt { state.lastAttempt = nil }
      defer { state.waiters = [:] }
      return Array(state.waiters.values)
    }
    for waiter in waiters { waiter.resume() }
  }

  private func wait() async {
    let id = state.withLock { state in
      defer { state.nextWaiter += 1 }
      return state.nextWaiter
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let waits = state.withLock { state in
          guard state.isRefreshing, state.waiters.count < Self.maximumWaiters, !Task.isCancelled
          else { return false }
          state.waiters[id] = continuation
          return true
        }
        if !waits { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.waiters.removeValue(forKey: id) }?.resume()
    }
  }
}

/// An answer of the issuer that cannot be used.
package enum KeyRingError: Error, Equatable {
  case count(Int)
  case keyID(String)
}
