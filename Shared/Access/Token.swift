package import FoundationEssentials
package import RPC

/// What a verified access token says: who calls, of which tenant, with which rights.
package struct Token: Sendable, Hashable {
  package var issuer: String
  package var subject: UUID
  package var tenant: UUID
  package var roles: Set<Role>
  package var session: UUID
  package var authenticatedAt: Date
  package var issuedAt: Date
  package var expiresAt: Date
  /// Hash of the privacy statement that the person accepted last.
  package var statementHash: String
  /// The methods that the token is good for; empty: all that its roles admit. Tokens of service
  /// accounts and of support always name some (see `TokenScope`).
  package var scopes: [String]
  /// Name of the service account that calls; empty for a person.
  package var account: String

  /// Times are kept in whole seconds, as the token carries them.
  package init(
    issuer: String, subject: UUID, tenant: UUID, roles: Set<Role>, session: UUID,
    authenticatedAt: Date, issuedAt: Date, expiresAt: Date, statementHash: String,
    scopes: [String] = [], account: String = ""
  ) {
    self.issuer = issuer
    self.subject = subject
    self.tenant = tenant
    self.roles = roles
    self.session = session
    self.authenticatedAt = authenticatedAt.wholeSeconds
    self.issuedAt = issuedAt.wholeSeconds
    self.expiresAt = expiresAt.wholeSeconds
    self.statementHash = statementHash
    self.scopes = scopes
    self.account = account
  }

  /// The tenant that operators belong to.
  package static let platformTenant = UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
}

/// Bounds of tokens, all refused beyond.
package enum TokenLimits {
  /// The whole token, in bytes.
  package static let bytes = 4096
  /// How far the clocks of issuer and verifier may be apart.
  package static let clockSkew: TimeInterval = 30
  /// From issue to expiry, in seconds.
  package static let lifetime: TimeInterval = 24 * 3600
  package static let roles = 16
  package static let scopes = 32
  /// Longest name of a service account, in bytes.
  package static let accountBytes = 40
  package static let keyIDBytes = 64
  /// Longest text of a single claim, in bytes.
  package static let claimBytes = 256
}

/// Why a token was refused.
package enum TokenError: Error, Sendable, Equatable {
  /// More than `TokenLimits.bytes`.
  case tooLong
  /// Not a token as our issuer writes it.
  case malformed(String)
  /// Signed with a key that isn't among the issuer's.
  case unknownKey
  case wrongSignature
  case wrongIssuer
  case notYetValid
  case expired
  /// Its session has ended, or the rights in it were taken back.
  case revoked
  /// No key has been fetched yet, so that no token can be checked.
  case keysUnavailable
}

extension TokenError: PublicError {
  package var status: RPCError {
    switch self {
    case .tooLong: refused("it is longer than \(TokenLimits.bytes) bytes")
    case .malformed(let reason): refused(reason)
    case .unknownKey: refused("it is signed with a key that is no longer, or not, the issuer's")
    case .wrongSignature: refused("its signature does not fit")
    case .wrongIssuer: refused("it was issued by somebody else")
    case .notYetValid: refused("it is not valid yet; is a clock wrong?")
    case .expired: refused("it has expired; refresh it or log in again")
    case .revoked: refused("it was revoked; refresh it or log in again")
    case .keysUnavailable:
      .unavailable("access tokens cannot be checked yet: no signing keys; try again shortly")
        .retrying(after: .seconds(1))
    }
  }

  private func refused(_ reason: String) -> RPCError {
    RPCError(
      .unauthenticated, "the access token is refused: \(reason)",
      metadata: ["www-authenticate": "Bearer error=\"invalid_token\""])
  }
}

extension Date {
  var wholeSeconds: Date {
    Date(timeIntervalSince1970: timeIntervalSince1970.rounded(.down))
  }
}
