import Cryptography
import Foundation
import RPC
import Synchronization
import Testing

@testable import Access

/// What the issuer would answer, and how often it was asked.
private final class Publisher: Sendable {
  private struct State {
    var keys: [PublishedKey] = []
    var isDown = false
    var asked = 0
  }
  struct Down: Error {}

  private let state = Mutex(State())
  var asked: Int { state.withLock { $0.asked } }
  func publish(_ keys: [PublishedKey]) { state.withLock { $0.keys = keys } }
  func goDown() { state.withLock { $0.isDown = true } }

  func fetch() throws -> [PublishedKey] {
    try state.withLock { state in
      state.asked += 1
      if state.isDown { throw Down() }
      return state.keys
    }
  }
}

/// A door that waits until the test opens it.
private final class Gate: Sendable {
  private let state = Mutex<(open: Bool, waiting: [CheckedContinuation<Void, Never>])>((false, []))
  func pass() async {
    await withCheckedContinuation { continuation in
      let open = state.withLock { state in
        if !state.open { state.waiting.append(continuation) }
        return state.open
      }
      if open { continuation.resume() }
    }
  }
  func open() {
    let waiting = state.withLock { state in
      state.open = true
      defer { state.waiting = [] }
      return state.waiting
    }
    for one in waiting { one.resume() }
  }
}

@Suite struct KeyRingTests {
  private let clock = TestClock()
  private let publisher = Publisher()
  private let verifier: TokenVerifier

  init() {
    let ring = KeyRing(now: { [clock] in clock.now }) { [publisher] in try publisher.fetch() }
    verifier = TokenVerifier(issuer: issuer, keys: ring)
  }

  @Test func `without keys a token is neither good nor bad: unavailable`() async throws {
    let text = try Issuer().signer.sign(makeToken())
    publisher.goDown()
    #expect(throws: TokenError.keysUnavailable) { try verifier.verifyNow(text, now: noon) }
    await #expect(throws: TokenError.keysUnavailable) {
      try await verifier.verify(text, now: noon)
    }
    #expect(TokenError.keysUnavailable.status.code == .unavailable)
  }

  @Test func `the first token fetches the keys`() async throws {
    let ours = try Issuer()
    publisher.publish([ours.published])
    _ = try await verifier.verify(ours.signer.sign(makeToken()), now: noon)
    _ = try await verifier.verify(ours.signer.sign(makeToken()), now: noon)
    #expect(publisher.asked == 1)
  }

  @Test func `old and new key count side by side, and a withdrawn one no more`() async throws {
    let (old, new) = (try Issuer(), try Issuer())
    publisher.publish([old.published])
    let before = try old.signer.sign(makeToken())
    _ = try await verifier.verify(before, now: noon)
    publisher.publish([old.published, new.published])
    clock.advance(10)
    let after = try new.signer.sign(makeToken())
    _ = try await verifier.verify(after, now: clock.now)
    _ = try await verifier.verify(before, now: clock.now)
    publisher.publish([new.published])
    try await verifier.keys.refresh()
    clock.advance(1)
    #expect(verifier.verifyCached(before, now: clock.now) == nil)
    await #expect(throws: TokenError.unknownKey) {
      try await verifier.verify(before, now: clock.now)
    }
    #expect(try await verifier.verify(after, now: clock.now).issuer == issuer)
  }

  @Test func `unknown keys ask the issuer once in five seconds`() async throws {
    publisher.publish([try Issuer().published])
    let stranger = try Issuer()
    for _ in 0..<20 {
      let text = try stranger.signer.sign(makeToken())
      await #expect(throws: TokenError.unknownKey) {
        try await verifier.verify(text, now: clock.now)
      }
    }
    #expect(publisher.asked == 1)
    clock.advance(KeyRing.unknownKeyInterval)
    let text = try stranger.signer.sign(makeToken())
    await #expect(throws: TokenError.unknownKey) {
      try await verifier.verify(text, now: clock.now)
    }
    #expect(publisher.asked == 2)
  }

  @Test func `a clock set back doesn't stop the fetches`() async throws {
    let ours = try Issuer()
    #expect(await !verifier.keys.refreshIfDue())
    publisher.publish([ours.published])
    clock.advance(-3600)
    #expect(await verifier.keys.refreshIfDue())
  }

  @Test func `a failed refresh keeps the last good keys`() async throws {
    let ours = try Issuer()
    publisher.publish([ours.published])
    try await verifier.keys.refresh()
    publisher.goDown()
    await #expect(throws: (any Error).self) { try await verifier.keys.refresh() }
    _ = try verifier.verifyNow(ours.signer.sign(makeToken()), now: noon)
  }

  @Test func `an empty or malformed answer changes nothing`() async throws {
    let ours = try Issuer()
    publisher.publish([ours.published])
    try await verifier.keys.refresh()
    let broken = PublishedKey(id: "k", publicKey: [1], notBefore: noon)
    let named = PublishedKey(id: "a b", publicKey: ours.published.publicKey, notBefore: noon)
    for answer in [[], [broken], [named], [ours.published, ours.published]] {
      publisher.publish(answer)
      await #expect(throws: (any Error).self) { try await verifier.keys.refresh() }
    }
    _ = try verifier.verifyNow(ours.signer.sign(makeToken()), now: noon)
  }

  @Test func `a key counts from its begin to its end`() throws {
    let ours = try Issuer()
    var key = ours.published
    key.notBefore = noon
    key.notAfter = noon + 100
    try verifier.keys.replace([key])
    let id = ours.signer.keyID
    #expect(throws: TokenError.unknownKey) { try verifier.keys.key(id, now: noon - 31) }
    #expect(throws: Never.self) { try verifier.keys.key(id, now: noon - 30) }
    #expect(throws: Never.self) { try verifier.keys.key(id, now: noon + 100) }
    #expect(throws: TokenError.unknownKey) { try verifier.keys.key(id, now: noon + 101) }
  }

  @Test func `calls that need the same key share one fetch`() async throws {
    let ours = try Issuer()
    let (gate, publisher) = (Gate(), publisher)
    publisher.publish([ours.published])
    let ring = KeyRing(now: { noon }) {
      await gate.pass()
      return try publisher.fetch()
    }
    let verifier = TokenVerifier(issuer: issuer, keys: ring)
    let text = try ours.signer.sign(makeToken())
    try await withThrowingTaskGroup(of: Token.self) { group in
      for _ in 0..<50 {
        group.addTask { try await verifier.verify(text, now: noon) }
      }
      // However many wait by now: none may ask a second time.
      gate.open()
      for try await token in group { #expect(token.issuer == issuer) }
    }
    #expect(publisher.asked == 1)
  }

  @Test func `a cancelled waiter leaves, the others get the keys`() async throws {
    let ours = try Issuer()
    let (gate, publisher) = (Gate(), publisher)
    publisher.publish([ours.published])
    let ring = KeyRing(now: { noon }) {
      await gate.pass()
      return try publisher.fetch()
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await ring.refresh() }
      await withTaskGroup(of: Void.self) { waiters in
        waiters.addTask { _ = await ring.refreshIfDue() }
        waiters.cancelAll()
        gate.open()
      }
      try await group.waitForAll()
    }
    #expect(!ring.isEmpty)
  }
}
