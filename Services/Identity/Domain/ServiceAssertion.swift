import Cryptography
import Foundation

/// What a program signs to prove that it is its account: a JSON Web Token after RFC 7523 section 3.
///
/// The algorithm is the key's, not the text's: the header only has to name the same one (RFC 8725
/// section 3.1). Until `isSigned(by:)` nothing in it may be believed.
struct ServiceAssertion: Equatable, Sendable {
  /// The whole text, in bytes.
  static let maximumBytes = 4_096
  /// From issue to expiry, in seconds.
  static let longestLife: TimeInterval = 300
  /// How far the clocks of issuer and account may be apart, in seconds.
  static let clockSkew: TimeInterval = 30
  static let identifierBytes = 1...128
  static let maximumAudiences = 4

  let algorithm: SignatureKey.Algorithm
  let account: UUID
  /// `jti`: the assertion's own name, which counts once.
  let identifier: String
  let audiences: [String]
  let issuedAt: Date
  let expiresAt: Date
  let notBefore: Date?
  private let signed: [UInt8]
  private let signature: [UInt8]

  init(_ text: String) throws(AssertionProblem) {
    guard text.utf8.count <= Self.maximumBytes else { throw .tooLong }
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, let header = try? Base64URL.decode(parts[0]),
      let payload = try? Base64URL.decode(parts[1]),
      let signature = try? Base64URL.decode(parts[2])
    else { throw .malformed("it is not three parts in base64url") }
    let decoder = JSONDecoder()
    guard let head = try? decoder.decode(Header.self, from: Data(header)) else {
      throw .malformed("its header is not JSON with alg")
    }
    guard let algorithm = SignatureKey.Algorithm(rawValue: head.alg) else {
      throw .malformed("its alg is neither EdDSA nor ES256")
    }
    // RFC 7515 section 4.1.11: what is not understood and critical must be refused.
    guard head.crit == nil else { throw .malformed("its header has crit") }
    guard let claims = try? decoder.decode(Claims.self, from: Data(payload)) else {
      throw .malformed("its claims are not JSON with iss, sub, aud, iat, exp and jti")
    }
    guard claims.iss == claims.sub, let account = UUID(uuidString: claims.iss) else {
      throw .malformed("its iss and sub are not both the account's id")
    }
    guard Self.identifierBytes.contains(claims.jti.utf8.count) else {
      throw .malformed("its jti is not 1 to 128 bytes")
    }
    guard (1...Self.maximumAudiences).contains(claims.aud.texts.count) else {
      throw .malformed("its aud is not 1 to 4 texts")
    }
    self.algorithm = algorithm
    self.account = account
    identifier = claims.jti
    audiences = claims.aud.texts
    issuedAt = try Self.time(claims.iat)
    expiresAt = try Self.time(claims.exp)
    notBefore = try claims.nbf.map { seconds throws(AssertionProblem) in try Self.time(seconds) }
    signed = Array(text.utf8.prefix(text.utf8.count - parts[2].utf8.count - 1))
    self.signature = signature
  }

  func isSigned(by key: SignatureKey) -> Bool {
    key.algorithm == algorithm && key.verify(signature, of: signed)
  }

  /// - Parameter issuer: of access tokens, for whom the assertion must be.
  func check(issuer: String, at time: Date) throws(AssertionProblem) {
    guard audiences.contains(issuer) else { throw .wrongAudience(expected: issuer) }
    guard expiresAt > issuedAt, expiresAt <= issuedAt + Self.longestLife else {
      throw .livesTooLong
    }
    guard issuedAt <= time + Self.clockSkew, notBefore.map({ $0 <= time + Self.clockSkew }) ?? true
    else { throw .notYetValid }
    guard expiresAt > time - Self.clockSkew else { throw .expired }
  }

  /// Until when its identifier has to be remembered, so that it never counts twice.
  var rememberedUntil: Date { expiresAt + 2 * Self.clockSkew }

  /// What is stored of the identifier.
  var identifierHash: [UInt8] { Digest.sha256(identifier) }

  private struct Header: Decodable {
    let alg: String
    let crit: [String]?
  }

  private struct Claims: Decodable {
    let iss: String
    let sub: String
    let aud: Audience
    let iat: Double
    let exp: Double
    let nbf: Double?
    let jti: String
  }

  /// One text or a list of them (RFC 7519 section 4.1.3).
  private struct Audience: Decodable {
    let texts: [String]

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let text = try? container.decode(String.self) {
        texts = [text]
      } else {
        texts = try container.decode([String].self)
      }
    }
  }

  /// 1970 to 9999, as RFC 7519's NumericDate: no arithmetic on them overflows.
  private static func time(_ seconds: Double) throws(AssertionProblem) -> Date {
    guard (0...253_402_300_799).contains(seconds) else {
      throw .malformed("one of its times is no time in seconds")
    }
    return Date(timeIntervalSince1970: seconds)
  }
}

/// Why an assertion is refused.
enum AssertionProblem: Error, Equatable {
  case tooLong
  case malformed(String)
  case wrongAudience(expected: String)
  case livesTooLong
  case notYetValid
  case expired
  /// Its jti came before.
  case replayed
}
