import Cryptography
import Foundation
import RPC
import Synchronization
import Testing

@testable import Access

@Suite struct RevocationListTests {
  /// Time that a test lets pass.
  private final class Elapsed: Sendable {
    private let start = ContinuousClock.now
    private let passed = Mutex(Duration.zero)
    var instant: ContinuousClock.Instant { start + passed.withLock { $0 } }
    func advance(_ duration: Duration) { passed.withLock { $0 += duration } }
  }

  private let later = noon + 400

  @Test func `the tokens of a revoked session are refused, and no others`() {
    let list = RevocationList()
    let (token, other) = (makeToken(), makeToken())
    #expect(!list.refuses(token))
    list.add([Revocation(.session(token.session), expiresAt: later)], sequence: 7, now: noon)
    #expect(list.refuses(token))
    #expect(!list.refuses(other))
    #expect(list.refusals == 1)
    #expect(list.sequence == 7)
  }

  @Test func `tokens issued later count again where the session goes on`() {
    let list = RevocationList()
    let session = UUID()
    func token(_ seconds: TimeInterval) -> Token {
      var token = makeToken(issuedAt: noon + seconds)
      token.session = session
      return token
    }
    list.add(
      [Revocation(.session(session), issuedUntil: noon + 10.4, expiresAt: later)], sequence: 1,
      now: noon)
    #expect(list.refuses(token(9)) && list.refuses(token(10.9)))
    #expect(!list.refuses(token(11)))
    // The later of two counts, and the end of the session for good.
    list.add(
      [Revocation(.session(session), issuedUntil: noon + 5, expiresAt: later)], sequence: 2,
      now: noon)
    #expect(list.refuses(token(10)))
    list.add([Revocation(.session(session), expiresAt: later)], sequence: 3, now: noon)
    #expect(list.refuses(token(20)))
    list.add(
      [Revocation(.session(session), issuedUntil: noon + 5, expiresAt: later)], sequence: 4,
      now: noon)
    #expect(list.refuses(token(20)))
  }

  @Test func `an organisation's tokens are refused together`() {
    let list = RevocationList()
    let tenant = UUID()
    list.add(
      [Revocation(.tenant(tenant), issuedUntil: noon, expiresAt: later)], sequence: 1, now: noon)
    #expect(list.refuses(makeToken(tenant: tenant)))
    #expect(!list.refuses(makeToken(tenant: tenant, issuedAt: noon + 1)))
    #expect(!list.refuses(makeToken()))
  }

  @Test func `an entry goes when no token that it concerns can be valid`() {
    let list = RevocationList()
    let token = makeToken()
    list.add([Revocation(.session(token.session), expiresAt: later)], sequence: 1, now: noon)
    list.add([], sequence: 1, now: noon + 399)
    #expect(list.count == 1)
    list.add([], sequence: 1, now: noon + 430)
    #expect(list.count == 0)
    list.add([Revocation(.session(token.session), expiresAt: later)], sequence: 2, now: later)
    #expect(list.count == 0)
  }

  @Test func `a full list refuses everything that was issued before instead of forgetting`() {
    let list = RevocationList(limit: 3)
    for number in 1...4 {
      list.add([Revocation(.session(UUID()), expiresAt: later)], sequence: Int64(number), now: noon)
    }
    #expect(list.count == 0)
    #expect(list.refuses(makeToken(issuedAt: noon)))
    #expect(list.refuses(makeToken(issuedAt: noon + TokenLimits.clockSkew)))
    #expect(!list.refuses(makeToken(issuedAt: noon + TokenLimits.clockSkew + 1)))
  }

  @Test func `it is in touch from the first batch until its patience is over`() {
    let elapsed = Elapsed()
    let list = RevocationList(patience: .seconds(60), instant: { elapsed.instant })
    #expect(!list.isInTouch && list.silence == nil)
    list.add([], sequence: 0, now: noon)
    elapsed.advance(.seconds(60))
    #expect(list.isInTouch)
    elapsed.advance(.milliseconds(1))
    #expect(!list.isInTouch)
    list.add([], sequence: 0, now: noon)
    #expect(list.isInTouch)
  }

  @Test func `a verified token that is remembered is refused once it is revoked`() throws {
    let ours = try Issuer()
    let list = RevocationList()
    let ring = KeyRing(now: { noon }) { throw KeyRingError.count(0) }
    try ring.replace([ours.published])
    let verifier = TokenVerifier(issuer: issuer, keys: ring, revocations: list)
    let token = makeToken()
    let text = try ours.signer.sign(token)
    #expect(try verifier.verifyNow(text, now: noon) == token)
    list.add([Revocation(.session(token.session), expiresAt: later)], sequence: 1, now: noon)
    #expect(throws: TokenError.revoked) { try verifier.verifyNow(text, now: noon) }
    #expect(verifier.verifyCached(text, now: noon) == nil)
  }

  @Test func `out of touch, what needs a fresh authentication is unavailable, and nothing else`()
    async throws
  {
    let ours = try Issuer()
    let elapsed = Elapsed()
    let list = RevocationList(instant: { elapsed.instant })
    let ring = KeyRing(now: { noon }) { throw KeyRingError.count(0) }
    try ring.replace([ours.published])
    let accessGuard = AccessGuard(
      verifier: TokenVerifier(issuer: issuer, keys: ring, revocations: list),
      allowedPeers: ["gateway"], now: { noon })
    let usual = AccessPolicy(roles: [.participant], purpose: "test")
    var fresh = usual
    fresh.maximumAuthenticationAge = .seconds(900)
    let text = try ours.signer.sign(makeToken())
    func refusal(_ policy: AccessPolicy) async throws -> RPCError? {
      do {
        _ = try await accessGuard.admit(try makeCall(token: text), policy)
        return nil
      } catch let error as RPCError {
        return error
      }
    }
    #expect(try await refusal(usual) == nil)
    #expect(try await refusal(fresh)?.code == .unavailable)
    list.add([], sequence: 0, now: noon)
    #expect(try await refusal(fresh) == nil)
    elapsed.advance(.seconds(61))
    let unavailable = try await refusal(fresh)
    #expect(unavailable?.code == .unavailable)
    #expect(unavailable?.message.contains("identity is away") == true)
    #expect(try await refusal(usual) == nil)
  }
}
