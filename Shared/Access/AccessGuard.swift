package import FoundationEssentials
package import RPC
import TLS

/// Decides on each call before anything of its message is read.
package struct AccessGuard: Sendable {
  /// The peer that speaks for others: what it passes on is never a service's call.
  package static let gateway = "gateway"
  /// Metadata that the gateway puts on each call that it passes on, whatever the caller sent.
  package static let forwardedName = "x-forwarded-for"

  /// Processes of ours. While a version is rolled out, a newer one calls an older one with fields
  /// that this one does not have: it passes them over. Whoever else sends some, a tool or a person
  /// by way of the gateway, is told so: they would be lost, and nothing is taken that no purpose is
  /// declared for (clause 9).
  static let processes: Set<String> = ["identity", "feedback", "goals", "privacy"]

  private let verifier: TokenVerifier
  private let purposes: PurposeList?
  private let traffic: TrafficCount?
  private let allowedPeers: Set<String>
  private let requireClientCertificate: Bool
  private let now: @Sendable () -> Date

  /// - Parameters:
  ///   - allowedPeers: services whose certificate may call here; empty: none.
  ///   - requireClientCertificate: false only in tests and tools without mutual TLS.
  ///   - purposes: nil only in tests and tools: nothing is stopped.
  ///   - traffic: counts what is admitted.
  package init(
    verifier: TokenVerifier, allowedPeers: Set<String>, requireClientCertificate: Bool = true,
    purposes: PurposeList? = nil, traffic: TrafficCount? = nil,
    now: @escaping @Sendable () -> Date = { Date() }
  ) {
    self.verifier = verifier
    self.purposes = purposes
    self.traffic = traffic
    self.allowedPeers = allowedPeers
    self.requireClientCertificate = requireClientCertificate
    self.now = now
  }

  /// In this order: the peer's certificate, the token if there is one, who may call, how fresh
  /// the authentication is, whether the token is good for the method, whether it may have been
  /// revoked unheard, that no idempotency key comes where none is taken, and that the method's
  /// purpose is not stopped for the caller or their organisation. The message may then have no
  /// field that its schema does not name, unless it comes from a process of ours.
  package func admit(
    _ rpc: ServerCall, _ policy: AccessPolicy
  ) async throws(RPCError) -> Call {
    do {
      let peer = try peer(of: rpc)
      let now = now()
      var token: Token?
      if let text = rpc.bearerToken {
        let verified = try await verifier.verify(text, now: now)
        if let actor = verified.actor { rpc.setActor(actor) }
        token = verified
      } else if rpc.metadata[first: "authorization"] != nil {
        throw TokenError.malformed("the header must read \"authorization: Bearer <token>\"")
      }
      let caller = try policy.evaluate(token: token, service: service(peer, rpc), now: now)
      if let token, !token.covers(rpc.method) { throw AccessRefusal.outOfScope }
      if case .person = caller, policy.maximumAuthenticationAge != nil,
        let revocations = verifier.revocations, !revocations.isInTouch
      {
        throw AccessRefusal.revocationsUnknown
      }
      // A caller who relies on a key must not learn by a second goal that it was ignored.
      if !policy.takesIdempotencyKey, !policy.idempotent,
        rpc.metadata[first: Call.idempotencyKeyName] != nil
      {
        throw AccessRefusal.idempotencyKeyNotTaken
      }
      if !(peer.map(Self.processes.contains) ?? false) { rpc.refuseUnknownFields() }
      let call = Call(caller: caller, rpc: rpc, policy: policy, purposes: purposes)
      try await demandPurpose(of: call)
      traffic?.add(rpc.method, policy)
      return call
    } catch let error as any PublicError {
      throw error.answer
    } catch {
      throw .internalError("internal error", cause: error)
    }
  }

  /// Of whom a call without a token is about, the handler knows alone: `Call.demandPurpose`.
  private func demandPurpose(of call: Call) async throws(PurposeRefusal) {
    guard let purposes else { return }
    let (tenant, people): (UUID, [UUID])
    switch call.caller {
    case .person(let token): (tenant, people) = (token.tenant, [token.subject])
    case .account(let token): (tenant, people) = (token.tenant, [])
    case .anonymous, .service: return
    }
    let refusal = await purposes.patientRefusal(
      of: call.policy.purpose, for: people, in: tenant)
    if let refusal { throw refusal }
  }

  /// The gateway names the caller of each call that it passes on; one without is its own.
  private func service(_ peer: String?, _ rpc: ServerCall) -> String? {
    peer == Self.gateway && rpc.metadata[first: Self.forwardedName] != nil ? nil : peer
  }

  private func peer(of rpc: ServerCall) throws(AccessRefusal) -> String? {
    guard let name = rpc.peer?.serviceName else {
      if requireClientCertificate { throw .certificateNeeded }
      return nil
    }
    guard allowedPeers.contains(name) else { throw .peerNotAllowed(name) }
    return name
  }
}
