import Cryptography
import Foundation
import RPC
import Synchronization
import TLS

@testable import Access

let issuer = "https://identity.ikso.example"
let noon = Date(timeIntervalSince1970: 1_767_268_800)

/// A clock that a test moves.
final class TestClock: Sendable {
  private let time = Mutex(noon)
  var now: Date { time.withLock { $0 } }
  func advance(_ seconds: TimeInterval) { time.withLock { $0 += seconds } }
}

/// An issuer: one key and what it publishes.
struct Issuer: Sendable {
  let key: Ed25519PrivateKey
  let signer: TokenSigner

  init(keyID: String? = nil) throws {
    key = try Ed25519PrivateKey.generate()
    signer = try TokenSigner(issuer: issuer, keyID: keyID, key: key)
  }

  var published: PublishedKey {
    PublishedKey(
      id: signer.keyID, publicKey: key.publicKey.rawBytes, notBefore: noon - 3600)
  }

  /// A verifier that has this issuer's key and nobody to ask.
  func verifier() throws -> TokenVerifier {
    let ring = KeyRing(now: { noon }) { throw KeyRingError.count(0) }
    try ring.replace([published])
    return TokenVerifier(issuer: AccessTests.issuer, keys: ring)
  }

  /// Any header and claims under a signature that fits.
  func forge(header: String? = nil, claims: String) throws -> String {
    let header = header ?? #"{"alg":"EdDSA","kid":"\#(signer.keyID)","typ":"JWT"}"#
    let input = Self.input(header, claims)
    return try "\(input).\(Base64URL.encode(key.sign(Array(input.utf8))))"
  }

  static func input(_ header: String, _ claims: String) -> String {
    "\(Base64URL.encode(Array(header.utf8))).\(Base64URL.encode(Array(claims.utf8)))"
  }
}

func makeToken(
  tenant: UUID = UUID(), roles: Set<Role> = [.participant], authenticatedAt: Date = noon - 60,
  issuedAt: Date = noon, expiresAt: Date = noon + 600, issuer name: String = issuer
) -> Token {
  Token(
    issuer: name, subject: UUID(), tenant: tenant, roles: roles, session: UUID(),
    authenticatedAt: authenticatedAt, issuedAt: issuedAt, expiresAt: expiresAt,
    statementHash: "ab12")
}

let method = MethodDescriptor(service: "ikso.test.v1.TestService", name: "Test")

func makeCall(
  peer: String? = "gateway", token: String? = nil, metadata: Metadata = Metadata(),
  deadline: ContinuousClock.Instant? = nil
) throws -> ServerCall {
  var metadata = metadata
  if let token { try metadata.add("authorization", "Bearer \(token)") }
  return ServerCall(
    method: method, metadata: metadata, deadline: deadline,
    peer: peer.map { PeerIdentity(spiffe: "spiffe://ikso/\($0)") }, requestID: "r1")
}
