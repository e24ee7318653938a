import Cryptography
import Foundation

@testable import Identity

/// Assertions of programs: any text, any header and claims under a signature that fits, and changes
/// of a genuine one.
///
/// What has to hold: nothing is taken that the key has not signed; what passes the check is for
/// this issuer, in its time, short-lived and named.
enum AssertionsTarget {
  private static let issuer = "https://identity.ikso.example"
  private static let noon = Date(timeIntervalSince1970: 1_767_268_800)
  private static let account = "00000000-0000-4000-8000-000000000000"

  private struct Signer: Sendable {
    let key: Ed25519PrivateKey
    let known: SignatureKey

    init() throws {
      key = try Ed25519PrivateKey(rawBytes: [UInt8](repeating: 7, count: Ed25519.keyBytes))
      // SubjectPublicKeyInfo of RFC 8410.
      let head = try Hex.decode("302a300506032b6570032100")
      known = try SignatureKey(encoded: head + key.publicKey.rawBytes)
    }

    func sign(_ header: [UInt8], _ claims: [UInt8]) throws -> String {
      let input = "\(Base64URL.encode(header)).\(Base64URL.encode(claims))"
      return "\(input).\(Base64URL.encode(try key.sign(Array(input.utf8))))"
    }
  }

  private static let ours = Result { try Signer() }

  static func check(_ input: [UInt8]) throws {
    var input = FuzzInput(input)
    let ours = try ours.get()
    switch input.byte() % 3 {
    case 0:
      let text = String(decoding: input.all(), as: UTF8.self)
      let isTaken = (try? ServiceAssertion(text))?.isSigned(by: ours.known) ?? false
      try demand(!isTaken, "a text that nobody signed is taken: \(text)")
    case 1:
      let header = Array(input.text().utf8)
      try checkClaims(try ours.sign(header, input.all()), ours)
    default: try checkChange(&input, ours)
    }
  }

  private static func checkClaims(_ text: String, _ ours: Signer) throws {
    guard let assertion = try? ServiceAssertion(text) else { return }
    try demand(text.utf8.count <= ServiceAssertion.maximumBytes, "\(text.utf8.count) bytes")
    try demand(
      assertion.isSigned(by: ours.known) == (assertion.algorithm == .edDSA),
      "signed by another algorithm")
    try demand((1...128).contains(assertion.identifier.utf8.count), "identifier")
    do {
      try assertion.check(issuer: issuer, at: noon)
    } catch { return }
    try demand(assertion.audiences.contains(issuer), "audience")
    try demand(assertion.expiresAt > noon - 30 && assertion.issuedAt <= noon + 30, "time")
    try demand(assertion.expiresAt <= assertion.issuedAt + 300, "lives too long")
    try demand(assertion.rememberedUntil > assertion.expiresAt + 30, "forgotten too early")
  }

  /// Any change of a single character makes it another text, which is not signed.
  private static func checkChange(_ input: inout FuzzInput, _ ours: Signer) throws {
    let claims = """
      {"aud":"\(issuer)","exp":1767269100,"iat":1767268800,"iss":"\(account)","jti":"1",\
      "sub":"\(account)"}
      """
    let text = try ours.sign(Array(#"{"alg":"EdDSA"}"#.utf8), Array(claims.utf8))
    let genuine = try ServiceAssertion(text)
    try demand(genuine.isSigned(by: ours.known), "the genuine one is refused")
    try genuine.check(issuer: issuer, at: noon)
    var changed = Array(text.utf8)
    let position = (Int(input.byte()) << 8 | Int(input.byte())) % changed.count
    let other = input.byte()
    guard changed[position] != other else { return }
    changed[position] = other
    let assertion = try? ServiceAssertion(String(decoding: changed, as: UTF8.self))
    try demand(
      assertion?.isSigned(by: ours.known) != true,
      "taken with character \(position) changed to \(other)")
  }
}
