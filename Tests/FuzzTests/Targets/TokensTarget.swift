import Cryptography
import Foundation

@testable import Access

/// Access tokens: any text, any claims under a signature that fits, and changes of a genuine one.
///
/// What has to hold: nothing is accepted that the issuer has not signed, in the one spelling that
/// it has; what is accepted keeps to the bounds of tokens, whoever signed it.
enum TokensTarget {
  private static let issuer = "https://identity.ikso.example"
  private static let noon = Date(timeIntervalSince1970: 1_767_268_800)

  private struct Issuer: Sendable {
    let key: Ed25519PrivateKey
    let signer: TokenSigner
    let verifier: TokenVerifier

    init() throws {
      key = try Ed25519PrivateKey(rawBytes: [UInt8](repeating: 7, count: Ed25519.keyBytes))
      signer = try TokenSigner(issuer: issuer, keyID: "k", key: key)
      let ring = KeyRing(now: { noon }) { [] }
      try ring.replace([
        PublishedKey(id: "k", publicKey: key.publicKey.rawBytes, notBefore: noon - 3_600)
      ])
      verifier = TokenVerifier(
        issuer: issuer, keys: ring, revocations: RevocationList(), cacheCapacity: 16)
    }

    func accepted(_ text: String) -> Token? { try? verifier.verifyNow(text, now: noon) }
  }

  private static let ours = Result { try Issuer() }

  static func check(_ input: [UInt8]) throws {
    var input = FuzzInput(input)
    let ours = try ours.get()
    switch input.byte() % 3 {
    case 0: try checkText(String(decoding: input.all(), as: UTF8.self), ours)
    case 1: try checkClaims(&input, ours)
    default: try checkChange(&input, ours)
    }
  }

  /// Nobody else has the key.
  private static func checkText(_ text: String, _ ours: Issuer) throws {
    try demand(ours.accepted(text) == nil, "a text that nobody signed is accepted: \(text)")
    _ = try? TokenCodec.split(text)
    if let bytes = try? Base64URL.decode(text) {
      try demand(Base64URL.encode(bytes) == text, "two spellings in base64url: \(text)")
    }
  }

  private static func checkClaims(_ input: inout FuzzInput, _ ours: Issuer) throws {
    let header = input.below(4) == 0 ? input.text() : #"{"alg":"EdDSA","kid":"k","typ":"JWT"}"#
    let claims = input.all()
    let signed = "\(Base64URL.encode(Array(header.utf8))).\(Base64URL.encode(claims))"
    let text = "\(signed).\(Base64URL.encode(try ours.key.sign(Array(signed.utf8))))"
    guard let token = ours.accepted(text) else { return }
    try demand(text.utf8.count <= TokenLimits.bytes, "\(text.utf8.count) bytes")
    try demand(token.issuer == issuer, "issuer \(token.issuer)")
    try demand(token.expiresAt > noon - TokenLimits.clockSkew, "expired")
    try demand(token.issuedAt <= noon + TokenLimits.clockSkew, "not issued yet")
    try demand(token.expiresAt <= token.issuedAt + TokenLimits.lifetime, "lasts too long")
    try demand(token.authenticatedAt <= token.issuedAt, "authenticated after its issue")
    try demand(
      !token.roles.contains(.operator) || token.tenant == Token.platformTenant,
      "an operator of an organisation")
    try demand(token.scopes.count <= TokenLimits.scopes, "\(token.scopes.count) scopes")
    try demand(
      token.roles.isDisjoint(with: Role.scoped)
        ? token.scopes.isEmpty : token.roles.count == 1 && !token.scopes.isEmpty,
      "scopes \(token.scopes) of \(token.roles)")
    // What it says is what one of our own that says the same says.
    try demand(ours.accepted(try ours.signer.sign(token)) == token, "another token than it says")
  }

  private static let special = Role.scoped.union([.operator])

  /// Any change of a single character makes it another text, and no token.
  private static func checkChange(_ input: inout FuzzInput, _ ours: Issuer) throws {
    let roles = Set(Role.allCases.filter { input.byte() & 1 == 1 && !special.contains($0) })
    let token = Token(
      issuer: issuer, subject: uuid(&input), tenant: uuid(&input), roles: roles,
      session: uuid(&input), authenticatedAt: noon - TimeInterval(input.byte()), issuedAt: noon,
      expiresAt: noon + 1 + TimeInterval(input.byte()), statementHash: input.text())
    guard let text = try? ours.signer.sign(token) else { return }
    let verified = ours.accepted(text)
    let isLong = token.statementHash.utf8.count > TokenLimits.claimBytes
    try demand(verified == (isLong ? nil : token), "it comes back as \(verified as Any)")
    var changed = Array(text.utf8)
    let position = (Int(input.byte()) << 8 | Int(input.byte())) % changed.count
    let other = input.byte()
    guard changed[position] != other else { return }
    changed[position] = other
    let accepted = ours.accepted(String(decoding: changed, as: UTF8.self))
    try demand(accepted == nil, "accepted with character \(position) changed to \(other)")
  }

  private static func uuid(_ input: inout FuzzInput) -> UUID {
    let byte = input.byte()
    return UUID(
      uuid: (byte, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, byte))
  }
}
