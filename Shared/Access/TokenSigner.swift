package import Cryptography
package import FoundationEssentials

/// Issues access tokens; identity alone has one.
package struct TokenSigner: Sendable {
  package let issuer: String
  package let keyID: String
  private let key: Ed25519PrivateKey

  /// - Parameter keyID: 1 to 64 of `A-Z a-z 0-9 - _`; by default made from the public key.
  package init(
    issuer: String, keyID: String? = nil, key: Ed25519PrivateKey
  ) throws(TokenError) {
    self.issuer = issuer
    self.keyID = keyID ?? PublishedKey.id(of: key.publicKey)
    self.key = key
    guard TokenCodec.isKeyID(self.keyID) else {
      throw .malformed("its kid is not 1 to 64 of A-Z a-z 0-9 - _")
    }
  }

  /// The token of a person, valid from `now` for `lifetime` (at most a day).
  package func sign(
    subject: UUID, tenant: UUID, roles: Set<Role>, session: UUID, authenticatedAt: Date,
    statementHash: String, now: Date, lifetime: Duration
  ) throws -> String {
    try sign(
      Token(
        issuer: issuer, subject: subject, tenant: tenant, roles: roles, session: session,
        authenticatedAt: authenticatedAt, issuedAt: now,
        expiresAt: now + lifetime / .seconds(1), statementHash: statementHash))
  }

  /// Throws `TokenError` for a token that no verifier would take.
  package func sign(_ token: Token) throws -> String {
    guard token.issuer == issuer else { throw TokenError.wrongIssuer }
    try token.check()
    let input = try TokenCodec.signingInput(keyID: keyID, token)
    let signature = try key.sign(Array(input.utf8))
    let text = "\(input).\(Base64URL.encode(signature))"
    guard text.utf8.count <= TokenLimits.bytes else { throw TokenError.tooLong }
    return text
  }
}
