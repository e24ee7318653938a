import Cryptography
import FoundationEssentials
package import RPC

/// What a token is good for that names its methods: those of service accounts and of support.
package enum TokenScope {
  /// Ends a scope that means all methods of a service: `ikso.goals.v1.GoalsService/*`.
  package static let everything = "/*"

  /// A full method name, or a service with `/*`: letters, digits, `.` and `_`, one slash.
  package static func isScope(_ text: String) -> Bool {
    guard (3...TokenLimits.claimBytes).contains(text.utf8.count) else { return false }
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, isName(parts[0]) else { return false }
    return parts[1] == "*" || isName(parts[1])
  }

  /// Whether `outer` holds all that `inner` does.
  package static func covers(_ outer: String, _ inner: String) -> Bool {
    if outer == inner { return true }
    guard outer.hasSuffix(everything) else { return false }
    // With the slash, so that no service is taken for another one whose name begins alike.
    return inner.hasPrefix(outer.dropLast(1))
  }

  /// 1 to 40 of `a-z 0-9 -`, a letter first: it stands in logs and tokens.
  package static func isAccountName(_ text: String) -> Bool {
    guard (1...TokenLimits.accountBytes).contains(text.utf8.count),
      let first = text.utf8.first, isLetter(first)
    else { return false }
    return text.utf8.allSatisfy { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "-") }
  }

  private static func isName(_ text: Substring) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy {
        isLetter($0 | 0x20) || isDigit($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "_")
      }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}

extension Role {
  /// Whose tokens hold nothing else, and name the methods that they are good for.
  package static let scoped: Set<Role> = [.service, .support]
}

extension Token {
  /// Whether the token is good for the method, as far as it says so itself.
  package func covers(_ method: MethodDescriptor) -> Bool {
    if scopes.isEmpty { return true }
    let name = method.fullName
    return scopes.contains { TokenScope.covers($0, name) }
  }

  /// What logs name the caller by: programs and IKSO's own staff, never a client's person.
  package var actor: ServerCall.Actor? {
    let name: String
    if roles.contains(.service) {
      name = "service-account:\(account)"
    } else if roles.contains(.support) {
      name = "support:\(subject.canonical)"
    } else {
      return nil
    }
    return ServerCall.Actor(name: name, tenant: tenant.canonical)
  }

  /// One without scopes would be good for everything that its role admits, in every later version.
  func checkScopes() throws(TokenError) {
    guard !roles.isDisjoint(with: Role.scoped) else {
      guard scopes.isEmpty, account.isEmpty else {
        throw .malformed("it has scopes or an account, and is neither a service's nor support's")
      }
      return
    }
    guard roles.count == 1 else { throw .malformed("its role allows no other beside it") }
    guard tenant != Token.platformTenant else {
      throw .malformed("it must be for a client organisation")
    }
    guard (1...TokenLimits.scopes).contains(scopes.count), scopes.allSatisfy(TokenScope.isScope)
    else { throw .malformed("its scopes are not 1 to \(TokenLimits.scopes) names of methods") }
    guard roles.contains(.service) ? TokenScope.isAccountName(account) : account.isEmpty else {
      throw .malformed("its account is no name of a service account")
    }
  }
}
