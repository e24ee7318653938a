import Cryptography
import FoundationEssentials

/// The text form of a token: a JWT (RFC 7519) signed with EdDSA (RFC 8037).
///
/// There is one spelling of each token. The header is compared, not interpreted: no algorithm
/// can be chosen (RFC 8725, 3.1). The claims must be what our own encoder makes of them: sorted,
/// without white space, none twice. Unknown claims are ignored: a newer issuer may add some.
enum TokenCodec {
  struct Parts {
    var keyID: String
    /// The bytes under the signature.
    var signed: [UInt8]
    var claims: [UInt8]
    var signature: [UInt8]
  }

  private static let headerStart = #"{"alg":"EdDSA","kid":""#
  private static let headerEnd = #"","typ":"JWT"}"#

  static func isKeyID(_ text: String) -> Bool {
    (1...TokenLimits.keyIDBytes).contains(text.utf8.count)
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
          true
        default: false
        }
      }
  }

  /// `header.claims`, which is what gets signed.
  static func signingInput(keyID: String, _ token: Token) throws(TokenError) -> String {
    let header = headerStart + keyID + headerEnd
    let claims = try encode(claims(of: token))
    return "\(Base64URL.encode(Array(header.utf8))).\(Base64URL.encode(claims))"
  }

  static func split(_ text: String) throws(TokenError) -> Parts {
    guard text.utf8.count <= TokenLimits.bytes else { throw .tooLong }
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, let header = try? Base64URL.decode(parts[0]),
      let claims = try? Base64URL.decode(parts[1]),
      let signature = try? Base64URL.decode(parts[2])
    else { throw .malformed("it is not three parts in base64url") }
    let name = String(decoding: header, as: UTF8.self)
    guard name.hasPrefix(headerStart), name.hasSuffix(headerEnd) else {
      throw .malformed("its header is not exactly alg EdDSA, kid, typ JWT")
    }
    let keyID = String(name.dropFirst(headerStart.count).dropLast(headerEnd.count))
    guard isKeyID(keyID) else { throw .malformed("its kid is not 1 to 64 of A-Z a-z 0-9 - _") }
    return Parts(
      keyID: keyID, signed: Array(text.utf8.prefix(text.utf8.count - parts[2].utf8.count - 1)),
      claims: claims, signature: signature)
  }

  /// Call only with claims whose signature fits.
  static func token(_ bytes: [UInt8]) throws(TokenError) -> Token {
    let claims: [String: Claim]
    do {
      claims = try JSONDecoder().decode([String: Claim].self, from: Data(bytes))
    } catch { throw .malformed("its claims are not texts, whole numbers and lists of texts") }
    guard try encode(claims) == bytes else {
      throw .malformed("its claims are not sorted, compact and each there once")
    }
    return try Token(claims)
  }

  private static func claims(of token: Token) -> [String: Claim] {
    var claims: [String: Claim] = [
      "iss": .text(token.issuer), "sub": .text(token.subject.claim),
      "ten": .text(token.tenant.claim),
      "rol": .texts(token.roles.map(\.rawValue).sorted()),
      "sid": .text(token.session.claim),
      "iat": .number(Int64(token.issuedAt.timeIntervalSince1970)),
      "exp": .number(Int64(token.expiresAt.timeIntervalSince1970)),
      "aat": .number(Int64(token.authenticatedAt.timeIntervalSince1970)),
      "sth": .text(token.statementHash),
    ]
    if !token.scopes.isEmpty { claims["scp"] = .texts(token.scopes) }
    if !token.account.isEmpty { claims["acn"] = .text(token.account) }
    return claims
  }

  private static func encode(_ claims: [String: Claim]) throws(TokenError) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      return try [UInt8](encoder.encode(claims))
    } catch { throw .malformed("its claims cannot be encoded") }
  }
}

/// The kinds of value that a claim of ours has.
enum Claim: Codable, Equatable {
  case text(String)
  case number(Int64)
  case texts([String])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let text = try? container.decode(String.self) {
      self = .text(text)
    } else if let number = try? container.decode(Int64.self) {
      self = .number(number)
    } else {
      self = .texts(try container.decode([String].self))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .text(let text): try container.encode(text)
    case .number(let number): try container.encode(number)
    case .texts(let texts): try container.encode(texts)
    }
  }
}

extension Token {
  fileprivate init(_ claims: [String: Claim]) throws(TokenError) {
    func text(_ name: String) throws(TokenError) -> String {
      guard case .text(let text) = claims[name], text.utf8.count <= TokenLimits.claimBytes else {
        throw .malformed(
          "its claim \(name) is not a text of at most \(TokenLimits.claimBytes) bytes")
      }
      return text
    }
    func id(_ name: String) throws(TokenError) -> UUID {
      guard let id = UUID(uuidString: try text(name)) else {
        throw .malformed("its claim \(name) is not a UUID")
      }
      return id
    }
    func time(_ name: String) throws(TokenError) -> Date {
      // 1970 to 9999: no arithmetic on them overflows.
      guard case .number(let seconds) = claims[name], (0...253_402_300_799).contains(seconds)
      else { throw .malformed("its claim \(name) is not a time in seconds") }
      return Date(timeIntervalSince1970: TimeInterval(seconds))
    }
    guard case .texts(let names) = claims["rol"], names.count <= TokenLimits.roles else {
      throw .malformed("its claim rol is not a list of at most \(TokenLimits.roles) roles")
    }
    var scopes: [String] = []
    if let claim = claims["scp"] {
      guard case .texts(let names) = claim, (1...TokenLimits.scopes).contains(names.count) else {
        throw .malformed("its claim scp is not a list of 1 to \(TokenLimits.scopes) scopes")
      }
      scopes = names
    }
    var account = ""
    if claims["acn"] != nil {
      account = try text("acn")
      guard !account.isEmpty else { throw .malformed("its claim acn is empty") }
    }
    self.init(
      issuer: try text("iss"), subject: try id("sub"), tenant: try id("ten"),
      // A role that this build doesn't know gives no right.
      roles: Set(names.compactMap(Role.init(rawValue:))), session: try id("sid"),
      authenticatedAt: try time("aat"), issuedAt: try time("iat"), expiresAt: try time("exp"),
      statementHash: try text("sth"), scopes: scopes, account: account)
    try check()
  }

  /// What holds of every token, whoever signs it.
  func check() throws(TokenError) {
    guard expiresAt > issuedAt, expiresAt <= issuedAt + TokenLimits.lifetime else {
      throw .malformed("it must expire after its issue and within a day")
    }
    guard authenticatedAt <= issuedAt else {
      throw .malformed("its authentication is later than its issue")
    }
    guard !roles.contains(.operator) || tenant == Token.platformTenant else {
      throw .malformed("operators belong to the platform's tenant")
    }
    try checkScopes()
  }
}

extension UUID {
  fileprivate var claim: String { uuidString.lowercased() }
}
