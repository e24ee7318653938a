import Foundation
import RPC
import Testing

@testable import Access

@Suite struct AccessGuardTests {
  let ours: Issuer
  let accessGuard: AccessGuard

  init() throws {
    ours = try Issuer()
    accessGuard = AccessGuard(
      verifier: try ours.verifier(), allowedPeers: ["gateway", "privacy"], now: { noon })
  }

  static let participants = AccessPolicy(roles: [.participant], purpose: "test")
  static let services = AccessPolicy(services: ["privacy", "gateway"], purpose: "test")
  static let open = AccessPolicy(anyone: true, purpose: "test")

  private func code(_ rpc: ServerCall, _ policy: AccessPolicy) async -> StatusCode {
    do {
      _ = try await accessGuard.admit(rpc, policy)
      return .ok
    } catch { return error.code }
  }

  @Test func `a person's call comes through the gateway with its token`() async throws {
    let token = makeToken()
    let rpc = try makeCall(token: ours.signer.sign(token))
    let call = try await accessGuard.admit(rpc, Self.participants)
    #expect(call.caller == .person(token))
    #expect(try call.person == token)
    #expect(try call.tenant() == token.tenant)
  }

  @Test func `clause 9: only processes of ours may send fields that the schema does not name`()
    async throws
  {
    let token = try ours.signer.sign(makeToken())
    let person = try makeCall(token: token)
    _ = try await accessGuard.admit(person, Self.participants)
    #expect(person.refusesUnknownFields)
    let stranger = try makeCall()
    _ = try await accessGuard.admit(stranger, Self.open)
    #expect(stranger.refusesUnknownFields)
    // In its own name, and with the token of whom it serves.
    for (rpc, policy) in [
      (try makeCall(peer: "privacy"), Self.services),
      (try makeCall(peer: "privacy", token: token), Self.participants),
    ] {
      _ = try await accessGuard.admit(rpc, policy)
      #expect(!rpc.refusesUnknownFields)
    }
  }

  @Test func `the peer's certificate comes first`() async throws {
    let good = try ours.signer.sign(makeToken())
    #expect(await code(try makeCall(peer: nil, token: good), Self.open) == .unauthenticated)
    #expect(await code(try makeCall(peer: "goals", token: good), Self.open) == .permissionDenied)
    #expect(
      await code(try makeCall(peer: "goals", token: "bad"), Self.open) == .permissionDenied)
  }

  @Test func `no peer is allowed by default`() async throws {
    let closed = AccessGuard(verifier: try ours.verifier(), allowedPeers: [])
    await #expect(throws: RPCError.self) { try await closed.admit(try makeCall(), Self.open) }
  }

  @Test func `without mutual TLS a caller is no service`() async throws {
    let plain = AccessGuard(
      verifier: try ours.verifier(), allowedPeers: [], requireClientCertificate: false,
      now: { noon })
    let call = try await plain.admit(try makeCall(peer: nil), Self.open)
    #expect(call.caller == .anonymous)
    await #expect(throws: RPCError.self) {
      try await plain.admit(try makeCall(peer: nil), Self.services)
    }
  }

  @Test func `what the gateway passes on is no service's call, even if a policy lists it`()
    async throws
  {
    let forwarded: Metadata = ["x-forwarded-for": "192.0.2.1"]
    #expect(
      await code(try makeCall(peer: "gateway", metadata: forwarded), Self.services)
        == .permissionDenied)
    let own = try await accessGuard.admit(try makeCall(peer: "gateway"), Self.services)
    #expect(own.caller == .service("gateway"))
    let call = try await accessGuard.admit(try makeCall(peer: "privacy"), Self.services)
    #expect(call.caller == .service("privacy"))
    #expect(throws: RPCError.self) { try call.person }
  }

  @Test func `no token is unauthenticated, a wrong role is denied`() async throws {
    #expect(await code(try makeCall(), Self.participants) == .unauthenticated)
    let coach = try ours.signer.sign(makeToken(roles: [.coach]))
    #expect(await code(try makeCall(token: coach), Self.participants) == .permissionDenied)
  }

  @Test func `an idempotency key is refused where it would be ignored`() async throws {
    let keyed: Metadata = ["idempotency-key": "k"]
    let token = try ours.signer.sign(makeToken())
    let plain = AccessPolicy(roles: [.participant], purpose: "test")
    var other = plain
    #expect(await code(try makeCall(token: token, metadata: keyed), plain) == .invalidArgument)
    #expect(await code(try makeCall(token: token), plain) == .ok)
    #expect(await code(try makeCall(metadata: keyed), plain) == .unauthenticated)
    other.takesIdempotencyKey = true
    #expect(await code(try makeCall(token: token, metadata: keyed), other) == .ok)
    other = plain
    other.idempotent = true
    #expect(await code(try makeCall(token: token, metadata: keyed), other) == .ok)
  }

  @Test func `a bad token is refused everywhere, open methods included`() async throws {
    #expect(await code(try makeCall(token: "a.b.c"), Self.open) == .unauthenticated)
    let basic: Metadata = ["authorization": "Basic abc"]
    #expect(await code(try makeCall(metadata: basic), Self.open) == .unauthenticated)
  }

  @Test func `without keys the answer is unavailable, and open methods go on`() async throws {
    let ring = KeyRing(now: { noon }) { throw KeyRingError.count(0) }
    let empty = AccessGuard(
      verifier: TokenVerifier(issuer: issuer, keys: ring), allowedPeers: ["gateway"],
      now: { noon })
    #expect(try await empty.admit(try makeCall(), Self.open).caller == .anonymous)
    let rpc = try makeCall(token: ours.signer.sign(makeToken()))
    let error = await #expect(throws: RPCError.self) {
      try await empty.admit(rpc, Self.participants)
    }
    #expect(error?.code == .unavailable)
  }
}

@Suite struct CallTests {
  private func call(
    _ caller: Caller, roles: Set<Role> = [.participant], services: Set<String> = [],
    rpc: ServerCall? = nil
  ) throws -> Call {
    Call(
      caller: caller, rpc: try rpc ?? makeCall(),
      policy: AccessPolicy(roles: roles, services: services, purpose: "test"))
  }

  private func refusal(_ call: Call, _ id: String) -> RPCError? {
    do {
      _ = try call.tenant(organisation: id)
      return nil
    } catch { return error }
  }

  @Test func `a person names their own organisation and no other`() throws {
    let token = makeToken()
    let call = try call(.person(token))
    #expect(try call.tenant(organisation: token.tenant.uuidString) == token.tenant)
    let foreign = refusal(call, UUID().uuidString)
    #expect(foreign?.code == .notFound)
    #expect(foreign?.message == Call.organisationNotFound.message)
    #expect(refusal(call, "x")?.code == .invalidArgument)
    #expect(refusal(call, "")?.message == "organisation_id is missing: it must be a UUID")
  }

  @Test func `an operator names any organisation where operators are admitted`() throws {
    let token = makeToken(tenant: Token.platformTenant, roles: [.operator, .participant])
    let other = UUID()
    let admitted = try call(.person(token), roles: [.operator])
    #expect(try admitted.tenant(organisation: other.uuidString) == other)
    let ordinary = try call(.person(token), roles: [.participant])
    #expect(refusal(ordinary, other.uuidString)?.code == .notFound)
  }

  @Test func `a listed service names any organisation, nobody none`() throws {
    let other = UUID()
    let listed = try call(.service("privacy"), services: ["privacy"])
    #expect(try listed.tenant(organisation: other.uuidString) == other)
    let unlisted = try call(.service("goals"), services: ["privacy"])
    #expect(refusal(unlisted, other.uuidString)?.code == .notFound)
    #expect(refusal(try call(.anonymous), other.uuidString)?.code == .unauthenticated)
  }

  @Test func `a nested call takes deadline, token, request id and trace along`() throws {
    let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    let deadline = ContinuousClock.now + .seconds(3)
    let rpc = try makeCall(
      token: "t", metadata: ["traceparent": parent, "cookie": "c"], deadline: deadline)
    let options = try call(.person(makeToken()), rpc: rpc).forwarded
    #expect(options.deadline == deadline)
    #expect(options.metadata[first: "authorization"] == "Bearer t")
    #expect(options.metadata[first: "x-request-id"] == "r1")
    #expect(options.metadata[first: "traceparent"] == parent)
    #expect(options.metadata[first: "cookie"] == nil)
  }

  @Test func `a service in its own name forwards nobody's token`() throws {
    let rpc = try makeCall(token: "t")
    let options = try call(.service("privacy"), rpc: rpc).forwarded
    #expect(options.metadata[first: "authorization"] == nil)
  }

  @Test func `an id in a request names its field when it is wrong`() throws {
    let id = UUID()
    #expect(try UUID(field: "goal_id", id.uuidString.lowercased()) == id)
    let error = #expect(throws: RPCError.self) { try UUID(field: "goal_id", "12") }
    #expect(error?.code == .invalidArgument)
    #expect(error?.message.hasPrefix("goal_id must be a UUID") == true)
  }
}
