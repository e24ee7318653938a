/// A token bucket of stream resets: rapid resets make a server work for streams that its limit of
/// concurrent streams does not see (CVE-2023-44487).
struct ResetBudget {
  private let perSecond: Int
  private let burst: Int
  private var tokens: Double
  private var filled: ContinuousClock.Instant?

  init(perSecond: Int, burst: Int) {
    self.perSecond = perSecond
    self.burst = burst
    tokens = Double(burst)
  }

  /// Takes one reset from the budget; false when it is used up.
  mutating func spend(at now: ContinuousClock.Instant) -> Bool {
    if let filled {
      let elapsed = (now - filled) / Duration.seconds(1)
      tokens = min(Double(burst), tokens + elapsed * Double(perSecond))
    }
    filled = now
    guard tokens >= 1 else { return false }
    tokens -= 1
    return true
  }
}
