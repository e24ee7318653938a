import Foundation
import RPC
import Testing

@testable import Access

@Suite struct TokenScopeTests {
  let ours: Issuer
  let accessGuard: AccessGuard

  init() throws {
    ours = try Issuer()
    accessGuard = AccessGuard(
      verifier: try ours.verifier(), allowedPeers: ["gateway", "privacy"], now: { noon })
  }

  private static let everybody = AccessPolicy(
    roles: [.participant, .service, .support], purpose: "test")
  private static let own = "ikso.test.v1.TestService/Test"

  private func token(
    _ role: Role = .service, _ scopes: [String] = [own], account: String? = nil,
    tenant: UUID = UUID()
  ) -> Token {
    var token = makeToken(tenant: tenant, roles: [role])
    token.scopes = scopes
    token.account = account ?? (role == .service ? "payroll-export" : "")
    return token
  }

  private func admit(
    _ token: Token, _ policy: AccessPolicy = everybody
  ) async throws -> (call: Call, rpc: ServerCall) {
    let rpc = try makeCall(token: ours.signer.sign(token))
    return (try await accessGuard.admit(rpc, policy), rpc)
  }

  private func refusal(_ token: Token, _ policy: AccessPolicy = everybody) async -> RPCError? {
    do {
      _ = try await admit(token, policy)
      return nil
    } catch { return error as? RPCError }
  }

  @Test func `a service account calls in its own name, in the organisation of its token`()
    async throws
  {
    let token = token()
    let (call, rpc) = try await admit(token)
    #expect(call.caller == .account(token))
    #expect(try call.token == token)
    #expect(try call.tenant() == token.tenant)
    #expect(throws: RPCError.self) { try call.person }
    #expect(try call.tenant(organisation: token.tenant.uuidString) == token.tenant)
    #expect(throws: RPCError.self) { try call.tenant(organisation: UUID().uuidString) }
    #expect(rpc.actor?.name == "service-account:payroll-export")
    #expect(rpc.actor?.tenant == token.tenant.uuidString.lowercased())
  }

  @Test func `support is a person whom the log names, others it does not`() async throws {
    let support = token(.support)
    let (call, rpc) = try await admit(support)
    #expect(call.caller == .person(support))
    #expect(rpc.actor?.name == "support:\(support.subject.uuidString.lowercased())")
    #expect(try await admit(makeToken()).rpc.actor == nil)
  }

  @Test func `a token is good for the methods that it names, and for no other`() async throws {
    for role in [Role.service, .support] {
      for scopes in [[Self.own], ["ikso.test.v1.TestService/*"], ["a.B/C", Self.own]] {
        #expect(await refusal(token(role, scopes)) == nil, "\(scopes)")
      }
      for scope in [
        "ikso.test.v1.TestService/Tes", "ikso.test.v1.TestService/Test2", "ikso.test.v1.Test/*",
        "ikso.test.v1.TestServiceX/*", "ikso.goals.v1.GoalsService/*",
      ] {
        let refused = await refusal(token(role, [scope]))
        #expect(refused?.code == .permissionDenied, "\(scope)")
        #expect(refused?.reason == "OUT_OF_SCOPE")
      }
    }
  }

  @Test func `a scope opens nothing that the policy does not`() async throws {
    let people = AccessPolicy(roles: [.participant], purpose: "test")
    let services = AccessPolicy(services: ["privacy"], purpose: "test")
    for role in [Role.service, .support] {
      #expect(await refusal(token(role), people)?.code == .permissionDenied)
      #expect(await refusal(token(role), services)?.code == .permissionDenied)
    }
  }

  @Test func `at a method for anyone a token for some methods is out of place`() async throws {
    let open = AccessPolicy(anyone: true, purpose: "test")
    for scope in [Self.own, "ikso.test.v1.TestService/*", "a.B/C"] {
      #expect(await refusal(token(.service, [scope]), open)?.reason == "OUT_OF_SCOPE")
    }
  }

  @Test func `the log names an account whose call was refused`() async throws {
    let rpc = try makeCall(token: ours.signer.sign(token(.service, ["a.B/C"])))
    await #expect(throws: RPCError.self) { try await accessGuard.admit(rpc, Self.everybody) }
    #expect(rpc.actor?.name == "service-account:payroll-export")
  }

  @Test func `no token of a program or of support says less or more than it must`() throws {
    let many = (0...TokenLimits.scopes).map { "a.B/C\($0)" }
    for bad in [
      token(.service, []), token(.support, []), token(.service, many),
      token(.service, ["a.B"]), token(.service, ["a.B/C/D"]), token(.service, ["*"]),
      token(.service, ["/*"]), token(.service, ["a.B/"]), token(.service, ["a b/C"]),
      token(account: ""), token(account: "Payroll"), token(account: "a\nb"),
      token(.support, account: "payroll"), token(.participant), token(.participant, []),
      token(tenant: Token.platformTenant),
    ] where bad.roles != [.participant] || !bad.scopes.isEmpty || !bad.account.isEmpty {
      #expect(throws: TokenError.self, "\(bad)") { try ours.signer.sign(bad) }
    }
    var both = token()
    both.roles = [.service, .administrator]
    #expect(throws: TokenError.self) { try ours.signer.sign(both) }
    both.roles = [.service, .support]
    #expect(throws: TokenError.self) { try ours.signer.sign(both) }
    var person = makeToken()
    person.account = "payroll"
    #expect(throws: TokenError.self) { try ours.signer.sign(person) }
    // As many of the longest names that there may be fit into a token.
    let long = (0..<TokenLimits.scopes).map { "a.\(String(repeating: "B", count: 59))\($0 + 10)/C" }
    #expect(long.reduce(0) { $0 + $1.utf8.count } >= 2_048)
    #expect(try ours.signer.sign(token(.service, long)).utf8.count <= TokenLimits.bytes)
  }

  @Test func `what a token says of scopes and account comes back, and nothing where it is silent`()
    throws
  {
    let verifier = try ours.verifier()
    let token = token(.service, ["b.C/*", "a.B/C"])
    #expect(try verifier.verifyNow(ours.signer.sign(token), now: noon) == token)
    let plain = try ours.signer.sign(makeToken())
    let claims = String(
      decoding: Data(base64Encoded: Self.padded(plain.split(separator: ".")[1])) ?? Data(),
      as: UTF8.self)
    #expect(!claims.contains("scp") && !claims.contains("acn"))
  }

  private static func padded(_ text: Substring) -> String {
    let plain = text.replacing("-", with: "+").replacing("_", with: "/")
    return plain + String(repeating: "=", count: (4 - plain.count % 4) % 4)
  }
}
