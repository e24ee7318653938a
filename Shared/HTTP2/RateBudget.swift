/// A token bucket for what a peer may make this side do: resets and control frames cost work that
/// no limit of concurrent streams sees (CVE-2023-44487, CVE-2019-9512, CVE-2019-9515).
///
/// The clock is read only when the bucket is empty: it then gets what the time since it was last
/// filled has earned, `burst` at most.
struct RateBudget {
  private let perSecond: Int
  private let burst: Int
  private var tokens: Int
  private var filled: ContinuousClock.Instant

  init(perSecond: Int, burst: Int, at now: ContinuousClock.Instant = .now) {
    self.perSecond = perSecond
    self.burst = burst
    tokens = burst
    filled = now
  }

  /// Takes one token; false when none is left.
  mutating func spend(at now: @autoclosure () -> ContinuousClock.Instant = .now) -> Bool {
    if tokens == 0 { refill(at: now()) }
    guard tokens > 0 else { return false }
    tokens -= 1
    return true
  }

  /// What the peer has a right to beyond the rate.
  mutating func earn(_ count: Int) { tokens = min(burst, tokens + count) }

  private mutating func refill(at now: ContinuousClock.Instant) {
    let earned = (now - filled) / Duration.seconds(1) * Double(perSecond)
    guard earned >= 1 else { return }
    tokens = Int(min(Double(burst), earned))
    filled = now
  }
}
