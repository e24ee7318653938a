import FoundationEssentials
import Synchronization

/// Slows guessing down: after a few wrong passwords each further attempt waits twice as long as the
/// one before. Counted is for each account from one source; for each account from all sources
/// together, against many machines that guess at one; and for each source over all accounts,
/// against one password tried on many. Where the account was used lately only the first counts, so
/// that no stranger can hold up somebody who comes from where they always do. Accounts that do not
/// exist count like those that do.
final class SignInThrottle: Sendable {
  /// Whose attempts are counted together.
  struct Key: Hashable, Sendable {
    let organisation: String
    let email: String
    let source: String

    fileprivate var account: Account { Account(organisation: organisation, email: email) }
  }

  fileprivate struct Account: Hashable {
    let organisation: String
    let email: String
  }

  /// Attempts that follow one another without a pause, then pauses of one second and twice as long
  /// each time.
  struct Pace: Sendable {
    let free: Int
    /// Seconds.
    let longest: TimeInterval
    /// Seconds without an attempt after which all are forgotten.
    let memory: TimeInterval
  }

  static let fromOneSource = Pace(free: 5, longest: 900, memory: 3_600)
  static let fromAllSources = Pace(free: 50, longest: 60, memory: 900)
  static let onAllAccounts = Pace(free: 200, longest: 60, memory: 900)
  /// Of each kind, so many are remembered; the older half goes when there are more.
  static let capacity = 20_000

  fileprivate struct State {
    var pairs = Generations<Key, Attempts>(capacity: capacity)
    var accounts = Generations<Account, Attempts>(capacity: capacity)
    var sources = Generations<String, Attempts>(capacity: capacity)
    /// Where accounts were used lately.
    var known = Generations<Key, Date>(capacity: capacity)
  }

  private let state = Mutex(State())

  /// Counts an attempt before its work begins, so that many at once do not pass together.
  func admit(_ key: Key, at time: Date) throws(IdentityError) {
    let wait = state.withLock { state in
      var wait = Self.fromOneSource.wait(after: state.pairs[key], at: time)
      if state.known[key] == nil {
        wait = max(
          wait, Self.fromAllSources.wait(after: state.accounts[key.account], at: time),
          Self.onAllAccounts.wait(after: state.sources[key.source], at: time))
      }
      guard wait <= 0 else { return wait }
      state.pairs[key] = Self.fromOneSource.next(after: state.pairs[key], at: time)
      state.accounts[key.account] = Self.fromAllSources.next(
        after: state.accounts[key.account], at: time)
      state.sources[key.source] = Self.onAllAccounts.next(
        after: state.sources[key.source], at: time)
      return 0
    }
    guard wait <= 0 else {
      throw .tooManyAttempts(retryAfterSeconds: max(1, Int(wait.rounded(.up))))
    }
  }

  /// The right password: what came before from there was its owner's.
  func succeeded(_ key: Key, at time: Date) {
    state.withLock { state in
      state.pairs[key] = nil
      state.takeBack(key)
      state.known[key] = time
    }
  }

  /// Nothing was guessed: the attempt was not looked at.
  func withdraw(_ key: Key) {
    state.withLock { state in
      state.pairs.takeBack(key)
      state.takeBack(key)
    }
  }
}

extension SignInThrottle.State {
  fileprivate mutating func takeBack(_ key: SignInThrottle.Key) {
    accounts.takeBack(key.account)
    sources.takeBack(key.source)
  }
}

extension Generations where Value == Attempts {
  /// An entry that counts nothing goes: it takes the place of one that does.
  fileprivate mutating func takeBack(_ key: Key) {
    guard var attempts = self[key] else { return }
    attempts.count -= 1
    self[key] = attempts.count > 0 ? attempts : nil
  }
}

private struct Attempts {
  var count: Int
  var last: Date
}

extension SignInThrottle.Pace {
  fileprivate func wait(after attempts: Attempts?, at time: Date) -> TimeInterval {
    guard let attempts, attempts.count >= free else { return 0 }
    let passed = time.timeIntervalSince(attempts.last)
    guard passed < memory else { return 0 }
    let pause = min(longest, TimeInterval(1 << min(attempts.count - free, 30)))
    return pause - passed
  }

  fileprivate func next(after attempts: Attempts?, at time: Date) -> Attempts {
    guard let attempts, time.timeIntervalSince(attempts.last) < memory else {
      return Attempts(count: 1, last: time)
    }
    return Attempts(count: attempts.count + 1, last: max(time, attempts.last))
  }
}

/// Entries in two generations: when the young one is full it becomes the old one, and the old one
/// goes. What is written stays.
private struct Generations<Key: Hashable, Value> {
  private var young: [Key: Value] = [:]
  private var old: [Key: Value] = [:]
  private let perGeneration: Int

  init(capacity: Int) { perGeneration = capacity / 2 }

  subscript(key: Key) -> Value? {
    get { young[key] ?? old[key] }
    set {
      guard let newValue else {
        young[key] = nil
        old[key] = nil
        return
      }
      if young.count >= perGeneration, young[key] == nil {
        old = young
        young = [:]
      }
      young[key] = newValue
    }
  }
}
