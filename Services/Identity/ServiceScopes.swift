import Access
import RPC
import Schemas

/// The methods that a service account or support may be given, as the schemas say it.
struct ServiceScopes: Sendable {
  static let service = ServiceScopes(.service)
  static let support = ServiceScopes(.support)

  private let known: Set<String>

  private init(_ role: Role) {
    let methods = SchemaCatalogue.services.flatMap(\.methods)
      .filter { $0.policy.roles.contains(role) }.map(\.descriptor)
    known = Set(methods.map(\.fullName) + methods.map { $0.service + TokenScope.everything })
  }

  /// Sorted, each once.
  func check(_ scopes: [String]) throws(ServiceAccountError) -> [String] {
    guard !scopes.isEmpty else { throw .field(.scopes, .missing) }
    guard scopes.count <= ServiceAccountLimits.scopes else {
      throw .field(.scopes, .tooMany(limit: ServiceAccountLimits.scopes))
    }
    guard scopes.allSatisfy(known.contains) else { throw .field(.scopes, .notAScope) }
    let bytes = scopes.reduce(0) { $0 + $1.utf8.count }
    guard bytes <= ServiceAccountLimits.scopeBytes else {
      throw .field(.scopes, .tooLong(limit: ServiceAccountLimits.scopeBytes))
    }
    return Set(scopes).sorted()
  }

  /// What a token gets that asks for `wanted`; nothing asked for is everything held.
  func narrow(
    _ held: [String], to wanted: [String]
  ) throws(ServiceAccountError) -> [String] {
    guard !wanted.isEmpty else { return held }
    let scopes = try check(wanted)
    guard scopes.allSatisfy({ scope in held.contains { TokenScope.covers($0, scope) } }) else {
      throw .scopeNotHeld
    }
    return scopes
  }
}
