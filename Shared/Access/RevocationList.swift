package import FoundationEssentials
import Synchronization

/// Access tokens that count no more before they expire.
package struct Revocation: Sendable, Hashable {
  package enum Subject: Sendable, Hashable {
    case session(UUID)
    /// All tokens of an organisation.
    case tenant(UUID)
  }

  package var subject: Subject
  /// Tokens issued until then, to the second; nil: whenever they were issued.
  package var issuedUntil: Date?
  /// No token that it concerns is valid afterwards.
  package var expiresAt: Date

  package init(_ subject: Subject, issuedUntil: Date? = nil, expiresAt: Date) {
    self.subject = subject
    self.issuedUntil = issuedUntil
    self.expiresAt = expiresAt
  }
}

/// What a process knows of revoked tokens, and how long ago it heard from the issuer.
///
/// Empty at the start: what is in force comes with the first batch.
package final class RevocationList: Sendable {
  /// Entries at a time. Beyond, all tokens issued until then are refused in their place: whose
  /// session goes on refreshes theirs.
  package static let maximumEntries = 100_000
  /// How often entries that no token can concern any more are dropped.
  static let pruneInterval: TimeInterval = 30

  private struct Entry {
    /// Nil: whenever issued.
    var issuedUntil: Date?
    var expiresAt: Date
  }

  private struct State {
    var entries: [Revocation.Subject: Entry] = [:]
    /// Of everybody: the list was full then.
    var everybodyUntil: Date?
    var sequence: Int64 = 0
    var heardAt: ContinuousClock.Instant?
    var prunedAt: Date = .distantPast
    var refusals: UInt64 = 0
  }

  private let state = Mutex(State())
  private let limit: Int
  private let instant: @Sendable () -> ContinuousClock.Instant
  /// Without a word from the issuer for longer than this, nothing that needs a fresh authentication
  /// is admitted.
  package let patience: Duration

  package init(
    patience: Duration = .seconds(60), limit: Int = RevocationList.maximumEntries,
    instant: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
  ) {
    self.patience = patience
    self.limit = limit
    self.instant = instant
  }

  /// Where to go on after a break: of the last batch that came.
  package var sequence: Int64 { state.withLock(\.sequence) }
  package var count: Int { state.withLock { $0.entries.count } }
  /// Tokens refused so far because they were revoked.
  package var refusals: UInt64 { state.withLock(\.refusals) }

  /// Since the last batch; nil before the first.
  package var silence: Duration? {
    let instant = instant()
    return state.withLock { $0.heardAt.map { instant - $0 } }
  }

  /// Whether the issuer was heard from within `patience`.
  package var isInTouch: Bool { silence.map { $0 <= patience } ?? false }

  /// Takes a batch in; an empty one says that there is nothing new.
  package func add(_ revocations: [Revocation], sequence: Int64, now: Date) {
    let instant = instant()
    state.withLock { state in
      for revocation in revocations where revocation.expiresAt > now {
        let entry = Entry(
          issuedUntil: revocation.issuedUntil, expiresAt: revocation.expiresAt)
        let known = state.entries[revocation.subject]
        state.entries[revocation.subject] = known.map { Self.both($0, entry) } ?? entry
      }
      state.sequence = max(state.sequence, sequence)
      state.heardAt = instant
      if abs(now.timeIntervalSince(state.prunedAt)) >= Self.pruneInterval {
        state.prunedAt = now
        state.entries = state.entries.filter { $0.value.expiresAt > now }
      }
      if state.entries.count > limit {
        state.entries = [:]
        state.everybodyUntil = now + TokenLimits.clockSkew
      }
    }
  }

  /// Whether the token was revoked; counts it then.
  func refuses(_ token: Token) -> Bool {
    state.withLock { state in
      if state.entries.isEmpty, state.everybodyUntil == nil { return false }
      let refused =
        Self.concerns(state.entries[.session(token.session)], token)
        || Self.concerns(state.entries[.tenant(token.tenant)], token)
        || state.everybodyUntil.map { token.issuedAt <= $0 } ?? false
      if refused { state.refusals += 1 }
      return refused
    }
  }

  private static func concerns(_ entry: Entry?, _ token: Token) -> Bool {
    guard let entry else { return false }
    // A token says when it was issued in whole seconds, rounded down: one of the same second counts
    // as earlier.
    return entry.issuedUntil.map { token.issuedAt <= $0 } ?? true
  }

  private static func both(_ one: Entry, _ other: Entry) -> Entry {
    var issuedUntil: Date?
    if let first = one.issuedUntil, let second = other.issuedUntil {
      issuedUntil = max(first, second)
    }
    return Entry(issuedUntil: issuedUntil, expiresAt: max(one.expiresAt, other.expiresAt))
  }
}
