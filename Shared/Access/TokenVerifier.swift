import Cryptography
package import FoundationEssentials
import Synchronization

/// Checks access tokens; shared by all reactors of a process.
package final class TokenVerifier: Sendable {
  package let issuer: String
  package let keys: KeyRing
  /// Nil in tools and tests: nothing is revoked.
  package let revocations: RevocationList?
  private let cache: TokenCache

  /// - Parameters:
  ///   - issuer: the only `iss` that is accepted.
  ///   - cacheCapacity: verified tokens that are remembered, so that a call doesn't pay a
  ///     signature each time.
  package init(
    issuer: String, keys: KeyRing, revocations: RevocationList? = nil,
    cacheCapacity: Int = 16_384
  ) {
    self.issuer = issuer
    self.keys = keys
    self.revocations = revocations
    cache = TokenCache(capacity: cacheCapacity)
  }

  /// Asks the issuer when the token names an unknown key; see `KeyRing`.
  package func verify(_ text: String, now: Date) async throws(TokenError) -> Token {
    do {
      return try verifyNow(text, now: now)
    } catch .unknownKey {
      guard await keys.refreshIfDue() else { throw .unknownKey }
    } catch .keysUnavailable {
      guard await keys.refreshIfDue() else { throw .keysUnavailable }
    }
    return try verifyNow(text, now: now)
  }

  /// Checks with the keys in hand; never waits.
  package func verifyNow(_ text: String, now: Date) throws(TokenError) -> Token {
    guard text.utf8.count <= TokenLimits.bytes else { throw .tooLong }
    let digest = Digest.sha256(text)
    if let entry = cache[digest] {
      return try accept(entry, now: now)
    }
    let parts = try TokenCodec.split(text)
    let key = try keys.key(parts.keyID, now: now)
    guard key.verify(parts.signature, of: parts.signed) else { throw .wrongSignature }
    let entry = TokenCache.Entry(
      token: try TokenCodec.token(parts.claims), keyID: parts.keyID)
    let token = try accept(entry, now: now)
    cache[digest] = entry
    return token
  }

  /// The token if it was verified before and still counts, else nil; never pays a signature.
  package func verifyCached(_ text: String, now: Date) -> Token? {
    guard text.utf8.count <= TokenLimits.bytes, let entry = cache[Digest.sha256(text)] else {
      return nil
    }
    return try? accept(entry, now: now)
  }

  /// What may change while a token is remembered: the time, the issuer's keys, what was revoked.
  private func accept(_ entry: TokenCache.Entry, now: Date) throws(TokenError) -> Token {
    let token = entry.token
    _ = try keys.key(entry.keyID, now: now)
    guard token.issuer == issuer else { throw .wrongIssuer }
    guard token.issuedAt <= now + TokenLimits.clockSkew else { throw .notYetValid }
    guard token.expiresAt > now - TokenLimits.clockSkew else { throw .expired }
    if let revocations, revocations.refuses(token) { throw .revoked }
    return token
  }
}

/// Verified tokens by the SHA-256 of their text, in two generations: when the young one is full
/// it becomes the old one, and the old one goes. What is used stays.
private final class TokenCache: Sendable {
  struct Entry: Sendable {
    var token: Token
    var keyID: String
  }

  private struct Generations {
    var young: [[UInt8]: Entry] = [:]
    var old: [[UInt8]: Entry] = [:]
  }

  private let perGeneration: Int
  private let state = Mutex(Generations())

  init(capacity: Int) {
    perGeneration = max(1, capacity / 2)
  }

  subscript(digest: [UInt8]) -> Entry? {
    get {
      state.withLock { state in
        if let entry = state.young[digest] { return entry }
        guard let entry = state.old[digest] else { return nil }
        insert(entry, digest, &state)
        return entry
      }
    }
    set {
      guard let newValue else { return }
      state.withLock { insert(newValue, digest, &$0) }
    }
  }

  private func insert(_ entry: Entry, _ digest: [UInt8], _ state: inout Generations) {
    if state.young.count >= perGeneration {
      state.old = state.young
      state.young = [:]
    }
    state.young[digest] = entry
  }
}
