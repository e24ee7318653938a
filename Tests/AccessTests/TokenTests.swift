import Cryptography
import Foundation
import Testing

@testable import Access

@Suite struct TokenTests {
  let ours: Issuer
  let verifier: TokenVerifier

  init() throws {
    ours = try Issuer()
    verifier = try ours.verifier()
  }

  static let claims = """
    {"aat":1767268740,"exp":1767269400,"iat":1767268800,"iss":"https://identity.ikso.example",\
    "rol":["participant"],"sid":"00000000-0000-0000-0000-000000000003","sth":"ab12",\
    "sub":"00000000-0000-0000-0000-000000000001","ten":"00000000-0000-0000-0000-000000000002"}
    """

  @Test func `what was signed is verified and read`() async throws {
    let token = makeToken(roles: [.coach, .privacyOfficer])
    let text = try ours.signer.sign(token)
    #expect(try await verifier.verify(text, now: noon) == token)
    #expect(verifier.verifyCached(text, now: noon) == token)
  }

  @Test func `the claims stand in the token by their names`() throws {
    let token = try verifier.verifyNow(ours.forge(claims: Self.claims), now: noon)
    #expect(token.subject == UUID(uuidString: "00000000-0000-0000-0000-000000000001"))
    #expect(token.tenant == UUID(uuidString: "00000000-0000-0000-0000-000000000002"))
    #expect(token.session == UUID(uuidString: "00000000-0000-0000-0000-000000000003"))
    #expect(token.roles == [.participant])
    #expect(token.issuedAt == noon && token.authenticatedAt == noon - 60)
    #expect(token.expiresAt == noon + 600 && token.statementHash == "ab12")
  }

  @Test func `a signature by another key is refused`() throws {
    let forger = try Issuer(keyID: ours.signer.keyID)
    let text = try forger.signer.sign(makeToken())
    #expect(throws: TokenError.wrongSignature) { try verifier.verifyNow(text, now: noon) }
  }

  @Test func `altered claims under a good signature are refused`() throws {
    let parts = try ours.signer.sign(makeToken()).split(separator: ".")
    let other = try ours.signer.sign(makeToken(roles: [.administrator])).split(separator: ".")
    #expect(throws: TokenError.wrongSignature) {
      try verifier.verifyNow("\(parts[0]).\(other[1]).\(parts[2])", now: noon)
    }
  }

  @Test(arguments: [
    #"{"alg":"none","kid":"KID","typ":"JWT"}"#, #"{"alg":"none"}"#,
    #"{"alg":"EdDSA","typ":"JWT"}"#, #"{"typ":"JWT","alg":"EdDSA","kid":"KID"}"#,
    #"{"alg":"EdDSA","alg":"none","kid":"KID","typ":"JWT"}"#,
    #"{"alg":"EdDSA","kid":"KID","typ":"JWT","crit":["x"]}"#,
    #"{"alg":"EdDSA","kid":"KID","jwk":{},"typ":"JWT"}"#,
    #"{"alg":"EdDSA","kid":"KID","kid":"KID","typ":"JWT"}"#,
    #"{"alg":"EdDSA","kid":"","typ":"JWT"}"#, #"{"alg":"EdDSA","kid":"../../x","typ":"JWT"}"#,
    #"{ "alg":"EdDSA","kid":"KID","typ":"JWT"}"#, "", "{}",
  ])
  func `any other header is refused, well signed or not`(header: String) throws {
    let header = header.replacingOccurrences(of: "KID", with: ours.signer.keyID)
    let signed = try ours.forge(header: header, claims: Self.claims)
    let unsigned = Issuer.input(header, Self.claims) + "."
    for text in [signed, unsigned] {
      #expect {
        try verifier.verifyNow(text, now: noon)
      } throws: { error in
        guard case TokenError.malformed = error else { return false }
        return true
      }
    }
  }

  @Test func `HS256 with the public key as secret is refused`() throws {
    let header = #"{"alg":"HS256","kid":"\#(ours.signer.keyID)","typ":"JWT"}"#
    let input = Issuer.input(header, Self.claims)
    let code = HMACSHA256.authenticate(
      Array(input.utf8), key: ours.key.publicKey.rawBytes)
    #expect(throws: TokenError.self) {
      try verifier.verifyNow("\(input).\(Base64URL.encode(code))", now: noon)
    }
  }

  @Test func `an empty signature is refused`() throws {
    let parts = try ours.signer.sign(makeToken()).split(separator: ".")
    #expect(throws: TokenError.wrongSignature) {
      try verifier.verifyNow("\(parts[0]).\(parts[1]).", now: noon)
    }
  }

  @Test func `another key id is unknown`() throws {
    let text = try Issuer(keyID: "other").signer.sign(makeToken())
    #expect(throws: TokenError.unknownKey) { try verifier.verifyNow(text, now: noon) }
  }

  @Test func `a token of another issuer is refused`() throws {
    let signer = try TokenSigner(
      issuer: "https://evil.example", keyID: ours.signer.keyID, key: ours.key)
    let text = try signer.sign(makeToken(issuer: "https://evil.example"))
    #expect(throws: TokenError.wrongIssuer) { try verifier.verifyNow(text, now: noon) }
    #expect(throws: TokenError.wrongIssuer) { try ours.signer.sign(makeToken(issuer: "x")) }
  }

  @Test func `expiry counts with the clock skew and no longer`() throws {
    let text = try ours.signer.sign(makeToken(expiresAt: noon + 600))
    #expect(throws: Never.self) { try verifier.verifyNow(text, now: noon + 629) }
    #expect(throws: TokenError.expired) { try verifier.verifyNow(text, now: noon + 630) }
    #expect(verifier.verifyCached(text, now: noon + 630) == nil)
  }

  @Test func `a token from the future is not yet valid`() throws {
    let text = try ours.signer.sign(makeToken(issuedAt: noon + 31))
    #expect(throws: TokenError.notYetValid) { try verifier.verifyNow(text, now: noon) }
    #expect(throws: Never.self) { try verifier.verifyNow(text, now: noon + 1) }
  }

  @Test func `an oversize token is refused before anything else`() {
    let text = String(repeating: "a", count: TokenLimits.bytes + 1)
    #expect(throws: TokenError.tooLong) { try verifier.verifyNow(text, now: noon) }
  }

  @Test(arguments: ["", ".", "..", "...", "a.b", "a.b.c.d", "====.====.====", "ä.ö.ü"])
  func `a text that is no token is refused`(text: String) {
    #expect(throws: TokenError.self) { try verifier.verifyNow(text, now: noon) }
  }

  @Test(arguments: [
    // A claim twice, in either order.
    (#""rol":["participant"]"#, #""rol":["administrator"],"rol":["participant"]"#),
    (#""rol":["participant"]"#, #""rol":["participant"],"rol":["administrator"]"#),
    // Missing, of another type, out of bounds.
    (#""sth":"ab12","#, ""), (#""exp":1767269400"#, #""exp":"1767269400""#),
    (#""exp":1767269400"#, #""exp":1767269400.0"#), (#""exp":1767269400"#, #""exp":1e30"#),
    (#""exp":1767269400"#, #""exp":99999999999999999999"#),
    (#""exp":1767269400"#, #""exp":1767268800"#), (#""exp":1767269400"#, #""exp":1767355201"#),
    (#""aat":1767268740"#, #""aat":1767268801"#), (#""aat":1767268740"#, #""aat":-1"#),
    (#""rol":["participant"]"#, #""rol":"participant""#),
    (#""rol":["participant"]"#, #""rol":["operator"]"#),
    (#""rol":["participant"]"#, #""rol":{"a":1}"#), (#""sub":"0"#, #""sub":"x"#),
    // White space, another order, trailing bytes.
    (#","exp""#, #", "exp""#), (#"{"aat":1767268740,"#, #"{"zzz":1,"aat":1767268740,"#),
    ("}", "}}"), ("}", "} "), ("{", "[{"),
  ])
  func `claims in any other form are refused under a good signature`(
    from: String, to: String
  ) throws {
    let claims = Self.claims.replacingOccurrences(of: from, with: to)
    #expect(claims != Self.claims)
    let text = try ours.forge(claims: claims)
    #expect {
      try verifier.verifyNow(text, now: noon)
    } throws: { error in
      guard case TokenError.malformed = error else { return false }
      return true
    }
  }

  @Test func `an unknown claim and an unknown role give nothing and hurt nothing`() throws {
    let claims = Self.claims
      .replacingOccurrences(of: #"["participant"]"#, with: #"["participant","wizard"]"#)
      .replacingOccurrences(of: "}", with: #","zzz":1}"#)
    let token = try verifier.verifyNow(ours.forge(claims: claims), now: noon)
    #expect(token.roles == [.participant])
  }

  @Test func `operators are signed for the platform only`() throws {
    #expect(throws: TokenError.self) { try ours.signer.sign(makeToken(roles: [.operator])) }
    let token = makeToken(tenant: Token.platformTenant, roles: [.operator])
    #expect(try verifier.verifyNow(ours.signer.sign(token), now: noon) == token)
  }

  @Test func `a lifetime of more than a day is not signed`() throws {
    #expect(throws: TokenError.self) {
      try ours.signer.sign(
        subject: UUID(), tenant: UUID(), roles: [], session: UUID(), authenticatedAt: noon,
        statementHash: "", now: noon, lifetime: .seconds(86_401))
    }
  }

  @Test func `the cache forgets what isn't used and stays within its bound`() throws {
    let ring = KeyRing(now: { noon }) { [] }
    try ring.replace([ours.published])
    let small = TokenVerifier(issuer: issuer, keys: ring, cacheCapacity: 4)
    let kept = try ours.signer.sign(makeToken())
    let dropped = try ours.signer.sign(makeToken())
    _ = try small.verifyNow(dropped, now: noon)
    for _ in 0..<8 {
      _ = try small.verifyNow(kept, now: noon)
      _ = try small.verifyNow(ours.signer.sign(makeToken()), now: noon)
    }
    #expect(small.verifyCached(kept, now: noon) != nil)
    #expect(small.verifyCached(dropped, now: noon) == nil)
  }
}
