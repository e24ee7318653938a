package import FoundationEssentials
package import RPC
import TLS

/// In whose name a call is made.
package enum Caller: Sendable, Hashable {
  case anonymous
  case person(Token)
  /// A service account, in the organisation of its token.
  case account(Token)
  /// A service in its own name; the method's policy lists it.
  case service(String)
}

/// An admitted call: what a handler gets beside the message.
package struct Call: Sendable {
  /// Metadata of a write that may be asked for again (draft-ietf-httpapi-idempotency-key-header): a
  /// text that the caller draws for one write, in quotation marks or not.
  package static let idempotencyKeyName = "idempotency-key"

  package let caller: Caller
  package let rpc: ServerCall
  package let policy: AccessPolicy
  private let purposes: PurposeList?

  /// For `AccessGuard` and for tests of handlers; without `purposes` nothing is stopped.
  package init(
    caller: Caller, rpc: ServerCall, policy: AccessPolicy, purposes: PurposeList? = nil
  ) {
    self.caller = caller
    self.rpc = rpc
    self.policy = policy
    self.purposes = purposes
  }

  /// The call without the caller's token, for what the service asks in its own name.
  package var inOwnName: Call {
    Call(caller: .anonymous, rpc: rpc, policy: policy, purposes: purposes)
  }

  /// Refuses the call if its purpose is stopped for the organisation or for one of `people`: whom
  /// the data are about that the handler is to read or write, where the caller is somebody else.
  package func demandPurpose(for people: [UUID], in tenant: UUID) async throws(PurposeRefusal) {
    let refusal = await purposes?.patientRefusal(of: policy.purpose, for: people, in: tenant)
    if let refusal { throw refusal }
  }

  /// Whether the call's purpose is stopped for `person`: of a list that holds more than them.
  package func isStopped(for person: UUID, in tenant: UUID) -> Bool {
    purposes?.refusal(of: policy.purpose, for: [person], in: tenant) != nil
  }

  /// Returns once this process refuses calls for each of `purposes` about `person`: up to where it
  /// has heard the list of what is stopped. Nil: it did not until `end`, or follows no list.
  package func sequence(
    stopping purposes: [String], for person: UUID, in tenant: UUID,
    until end: ContinuousClock.Instant
  ) async throws -> Int64? {
    guard let list = self.purposes,
      try await list.areStopped(purposes, for: person, in: tenant, until: end)
    else { return nil }
    return list.sequence
  }

  /// The person who calls; UNAUTHENTICATED when it is nobody or a service.
  package var person: Token {
    get throws(RPCError) {
      guard case .person(let token) = caller else {
        throw .unauthenticated("the method acts for a person: an access token is needed")
      }
      return token
    }
  }

  /// The token of the person or service account that calls; UNAUTHENTICATED when it is neither.
  package var token: Token {
    get throws(RPCError) {
      if case .account(let token) = caller { return token }
      return try person
    }
  }

  /// By what the caller's own certificate is known: its name, and SHA-256 of its public key. Nil
  /// without one, and for what the gateway passes on, whose certificate is the gateway's.
  package var certificate: (name: String, keyHash: [UInt8])? {
    guard let peer = rpc.peer, let name = peer.serviceName, name != AccessGuard.gateway else {
      return nil
    }
    return (name, peer.keyHash)
  }

  /// The tenant of the person or service account that calls.
  package func tenant() throws(RPCError) -> UUID {
    try token.tenant
  }

  /// The tenant that the request names.
  ///
  /// A listed service, and an operator where the policy admits operators, may name any; another
  /// person only their own: else NOT_FOUND, worded as for an organisation that doesn't exist.
  package func tenant(organisation id: String) throws(RPCError) -> UUID {
    switch caller {
    case .anonymous:
      _ = try person
      throw Self.organisationNotFound
    case .service(let name):
      guard policy.services.contains(name) else { throw Self.organisationNotFound }
      return try UUID(field: "organisation_id", id)
    case .person(let token), .account(let token):
      let tenant = try UUID(field: "organisation_id", id)
      let isOperator = token.roles.contains(.operator) && policy.roles.contains(.operator)
      guard isOperator || tenant == token.tenant else { throw Self.organisationNotFound }
      return tenant
    }
  }

  /// The one answer for an organisation that is absent and for one that is somebody else's.
  package static var organisationNotFound: RPCError { .notFound("organisation not found") }

  /// Options for calls that serve this one: its deadline, request id and trace, and the token when
  /// the call is made for a person or a service account.
  package var forwarded: CallOptions {
    var options = CallOptions()
    switch caller {
    case .person, .account:
      if let token = rpc.bearerToken { options = .bearer(token) }
    case .anonymous, .service: break
    }
    options.deadline = rpc.deadline
    if !rpc.requestID.isEmpty { forward("x-request-id", rpc.requestID, &options) }
    // This process makes no spans of its own, so that the caller's context goes on unchanged
    // (W3C Trace Context, 3.2.1).
    for name in ["traceparent", "tracestate"] {
      guard let value = rpc.metadata[first: name], value.utf8.count <= Self.maximumTraceBytes
      else { continue }
      forward(name, value, &options)
    }
    return options
  }

  /// The longest `tracestate` that must be passed on (W3C Trace Context, 3.3.1.5).
  static let maximumTraceBytes = 512

  private func forward(_ name: String, _ value: String, _ options: inout CallOptions) {
    // A value that metadata refuses is not worth failing the call for.
    try? options.metadata.add(name, value)
  }
}

extension UUID {
  /// The id in a request's field; INVALID_ARGUMENT that names the field for anything else.
  package init(field: String, _ text: String) throws(RPCError) {
    guard let id = UUID(uuidString: text) else {
      throw .invalid(
        field,
        text.isEmpty
          ? "is missing: it must be a UUID"
          : "must be a UUID such as 123e4567-e89b-42d3-a456-426614174000")
    }
    self = id
  }
}
