import FoundationEssentials
import Synchronization

/// Slows guessing down: a few attempts at once for each account and source, then one every few
/// seconds. Attempts from one source never use up those of another, so that a stranger cannot
/// lock anybody out; unknown accounts are counted like known ones.
final class SignInThrottle: Sendable {
  /// Whose attempts are counted together.
  struct Key: Hashable, Sendable {
    let organisation: String
    let email: String
    let source: String
  }

  /// Attempts that may follow one another without a pause.
  static let burst = 10.0
  /// Seconds after which one more attempt is free.
  static let refillSeconds = 6.0
  /// Keys that are remembered; the oldest generation goes when there are more.
  static let capacity = 20_000

  private struct Bucket {
    var level: Double
    var updated: Date
  }

  private struct Buckets {
    var young: [Key: Bucket] = [:]
    var old: [Key: Bucket] = [:]
  }

  private let buckets = Mutex(Buckets())

  /// Counts an attempt before its work begins, so that many at once do not pass together.
  func admit(_ key: Key, at time: Date) throws(IdentityError) {
    let wait = buckets.withLock { buckets -> Double? in
      var bucket = buckets.young[key] ?? buckets.old[key] ?? Bucket(level: 0, updated: time)
      let passed = max(0, time.timeIntervalSince(bucket.updated))
      bucket.level = max(0, bucket.level - passed / Self.refillSeconds)
      bucket.updated = max(bucket.updated, time)
      guard bucket.level + 1 <= Self.burst else {
        return (bucket.level + 1 - Self.burst) * Self.refillSeconds
      }
      bucket.level += 1
      if buckets.young.count >= Self.capacity / 2 {
        buckets.old = buckets.young
        buckets.young = [:]
      }
      buckets.young[key] = bucket
      return nil
    }
    if let wait { throw .tooManyAttempts(retryAfterSeconds: max(1, Int(wait.rounded(.up)))) }
  }

  /// The right password: what came before was its owner's.
  func succeeded(_ key: Key) {
    buckets.withLock { buckets in
      buckets.young[key] = nil
      buckets.old[key] = nil
    }
  }
}
