package import FoundationEssentials
package import RPC

/// A right within one organisation, carried by the caller's token.
package enum Role: String, Sendable, CaseIterable {
  case participant, coach, manager, administrator
  case privacyOfficer = "privacy_officer"
  case auditor
  /// Runs the platform itself; exists in the platform's own tenant only.
  case `operator`
  /// A service account: a program, for the methods that its token names.
  case service
  /// Staff in a client's organisation, with its approval; reads, for the methods that the token
  /// names.
  case support
}

/// Who may call a method and what for, as the method's schema declares it.
package struct AccessPolicy: Sendable, Hashable {
  /// No token is needed.
  package var anyone: Bool
  /// The caller's token holds one of these.
  package var roles: Set<Role>
  /// Services that may call in their own name, by the last part of their SPIFFE identity.
  package var services: Set<String>
  /// Oldest authentication that is accepted of a person; nil: any age.
  package var maximumAuthenticationAge: Duration?
  /// Name of the purpose in the catalogue of the privacy service.
  package var purpose: String
  /// A call may be retried: twice has the effect of once.
  package var idempotent: Bool
  /// A write that happens once under the caller's idempotency key.
  package var takesIdempotencyKey: Bool

  package init(
    anyone: Bool = false, roles: Set<Role> = [], services: Set<String> = [],
    maximumAuthenticationAge: Duration? = nil, purpose: String, idempotent: Bool = false,
    takesIdempotencyKey: Bool = false
  ) {
    self.anyone = anyone
    self.roles = roles
    self.services = services
    self.maximumAuthenticationAge = maximumAuthenticationAge
    self.purpose = purpose
    self.idempotent = idempotent
    self.takesIdempotencyKey = takesIdempotencyKey
  }
}

extension AccessPolicy {
  /// Who the call is made by, or why it is refused; no I/O, no clock.
  ///
  /// - Parameters:
  ///   - token: verified, of the person in whose name the call is made.
  ///   - service: the calling service by its certificate; nil where the gateway speaks for another.
  package func evaluate(
    token: Token?, service: String?, now: Date
  ) throws(AccessRefusal) -> Caller {
    if let token {
      if anyone {
        // Nobody needs a right here, and one for some methods only must not read as one.
        guard token.scopes.isEmpty else { throw .outOfScope }
        return .person(token)
      }
      if !roles.isEmpty { return try holder(token, now) }
    }
    if let service, services.contains(service) { return .service(service) }
    if anyone { return .anonymous }
    if roles.isEmpty { throw .servicesOnly }
    throw .tokenNeeded(roles)
  }

  private func holder(_ token: Token, _ now: Date) throws(AccessRefusal) -> Caller {
    guard !roles.isDisjoint(with: token.roles) else { throw .roleNeeded(roles) }
    if let maximum = maximumAuthenticationAge {
      let age = now.timeIntervalSince(token.authenticatedAt)
      guard age <= maximum / .seconds(1) else { throw .authenticationTooOld(maximum) }
    }
    return token.roles.contains(.service) ? .account(token) : .person(token)
  }
}

/// Why a call was not admitted.
package enum AccessRefusal: Error, Sendable, Equatable {
  case certificateNeeded
  case peerNotAllowed(String)
  case tokenNeeded(Set<Role>)
  case roleNeeded(Set<Role>)
  case servicesOnly
  /// The token names the methods that it is good for, and this is none of them.
  case outOfScope
  case authenticationTooOld(Duration)
  /// The issuer hasn't been heard from: the session may have been ended.
  case revocationsUnknown
  case idempotencyKeyNotTaken
}

extension AccessRefusal: PublicError {
  package var status: RPCError {
    switch self {
    case .certificateNeeded:
      .unauthenticated(
        "a client certificate with the identity spiffe://ikso/<service> is needed")
    case .peerNotAllowed(let name):
      .permissionDenied("the service \"\(name)\" may not call here (see peers.allowed)")
    case .tokenNeeded(let roles):
      RPCError(
        .unauthenticated,
        "the method needs an access token with \(Self.text(roles)): log in and send "
          + "\"authorization: Bearer …\"",
        metadata: ["www-authenticate": "Bearer"])
    case .roleNeeded(let roles):
      .permissionDenied("the method needs \(Self.text(roles))")
    case .idempotencyKeyNotTaken:
      .invalid(Call.idempotencyKeyName, "is not taken by this method: it may happen twice")
    case .outOfScope:
      .permissionDenied("the access token's scopes do not hold this method")
        .because("OUT_OF_SCOPE")
    case .servicesOnly:
      .permissionDenied("only other services may call this method")
    case .revocationsUnknown:
      .unavailable(
        "the method needs a fresh authentication, and whether it still counts cannot be asked at"
          + " this moment: identity is away; try again"
      ).because("REVOCATIONS_UNKNOWN").retrying(after: .seconds(5))
    case .authenticationTooOld(let maximum):
      RPCError(
        .unauthenticated,
        "authentication is older than \(Self.text(maximum)): check the password again, or log"
          + " in again",
        metadata: Self.stepUp(maximum))
    }
  }

  private static func text(_ roles: Set<Role>) -> String {
    let names = roles.map(\.rawValue).sorted().joined(separator: ", ")
    return roles.count == 1 ? "the role \(names)" : "one of the roles \(names)"
  }

  private static func text(_ duration: Duration) -> String {
    let seconds = duration.components.seconds
    if seconds.isMultiple(of: 60) {
      return seconds == 60 ? "1 minute" : "\(seconds / 60) minutes"
    }
    return seconds == 1 ? "1 second" : "\(seconds) seconds"
  }

  /// RFC 9470 section 3: the client learns how fresh a login must be.
  private static func stepUp(_ maximum: Duration) -> Metadata {
    var metadata = Metadata()
    let error = "error=\"insufficient_user_authentication\""
    // The value is printable ASCII by construction.
    try? metadata.add(
      "www-authenticate", "Bearer \(error), max_age=\"\(maximum.components.seconds)\"")
    return metadata
  }
}
