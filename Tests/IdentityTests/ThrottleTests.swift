import Foundation
import Testing

@testable import Identity

@Suite("Throttle")
struct ThrottleTests {
  private static let begin = Date(timeIntervalSince1970: 1_790_000_000)

  private static func key(_ source: String, _ email: String = "ada@acme.nl") -> SignInThrottle.Key {
    SignInThrottle.Key(organisation: "acme", email: email, source: source)
  }

  /// Seconds to wait; 0: the attempt was let through, and counts.
  private static func wait(
    _ throttle: SignInThrottle, _ key: SignInThrottle.Key, after seconds: TimeInterval
  ) -> Int {
    do {
      try throttle.admit(key, at: begin + seconds)
      return 0
    } catch .tooManyAttempts(let seconds) {
      return seconds
    } catch {
      return -1
    }
  }

  @Test func `after five attempts each waits twice as long, to a quarter of an hour`() {
    let throttle = SignInThrottle()
    let key = Self.key("10.0.0.1")
    for _ in 0..<5 { #expect(Self.wait(throttle, key, after: 0) == 0) }
    var time: TimeInterval = 0
    var pauses: [Int] = []
    for _ in 0..<12 {
      let pause = Self.wait(throttle, key, after: time)
      pauses.append(pause)
      time += TimeInterval(pause)
      #expect(Self.wait(throttle, key, after: time) == 0)
    }
    #expect(pauses == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900])
    #expect(Self.wait(throttle, key, after: time + 3_600) == 0)
    #expect(Self.wait(throttle, key, after: time + 3_600) == 0)
  }

  @Test func `many machines that guess at one account are slowed together, and its owner is not`() {
    let throttle = SignInThrottle()
    let home = Self.key("192.0.2.1")
    #expect(Self.wait(throttle, home, after: 0) == 0)
    throttle.succeeded(home, at: Self.begin)
    for number in 0..<1_000 where Self.wait(throttle, Self.key("10.0.0.\(number)"), after: 1) > 0 {
      #expect(number == SignInThrottle.fromAllSources.free)
      break
    }
    #expect(Self.wait(throttle, Self.key("10.9.9.9"), after: 1) > 0)
    #expect(Self.wait(throttle, home, after: 1) == 0)
    // At most a minute, whatever they do: an owner on the road is let in between.
    for number in 0..<100 {
      _ = Self.wait(throttle, Self.key("10.1.0.\(number)"), after: TimeInterval(2 + number * 61))
    }
    #expect(Self.wait(throttle, Self.key("198.51.100.1"), after: 2 + 99 * 61) <= 60)
  }

  @Test func `one password tried on many accounts is slowed, and a colleague's sign-in is not`() {
    let throttle = SignInThrottle()
    let office = "203.0.113.7"
    let colleague = Self.key(office, "ben@acme.nl")
    #expect(Self.wait(throttle, colleague, after: 0) == 0)
    throttle.succeeded(colleague, at: Self.begin)
    for number in 0..<SignInThrottle.onAllAccounts.free {
      #expect(Self.wait(throttle, Self.key(office, "p\(number)@acme.nl"), after: 1) == 0)
    }
    #expect(Self.wait(throttle, Self.key(office, "next@acme.nl"), after: 1) > 0)
    #expect(Self.wait(throttle, colleague, after: 1) == 0)
    #expect(Self.wait(throttle, Self.key("10.0.0.1", "next@acme.nl"), after: 1) == 0)
  }

  @Test func `attempts that were not looked at push nobody's count out`() {
    let throttle = SignInThrottle()
    let victim = Self.key("10.0.0.1")
    for _ in 0..<5 { #expect(Self.wait(throttle, victim, after: 0) == 0) }
    for number in 0..<2 * SignInThrottle.capacity {
      let key = Self.key("10.1.\(number / 256).\(number % 256)", "p\(number)@acme.nl")
      #expect(Self.wait(throttle, key, after: 0) == 0)
      throttle.withdraw(key)
    }
    #expect(Self.wait(throttle, victim, after: 0) > 0)
  }

  @Test func `sign-ins that succeed are never slowed, nor those that were not looked at`() {
    let throttle = SignInThrottle()
    let key = Self.key("10.0.0.1")
    for number in 0..<1_000 {
      #expect(Self.wait(throttle, key, after: 0) == 0, "\(number)")
      if number.isMultiple(of: 2) {
        throttle.succeeded(key, at: Self.begin)
      } else {
        throttle.withdraw(key)
      }
    }
  }
}
