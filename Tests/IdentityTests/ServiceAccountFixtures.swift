import Access
import Cryptography
import Foundation
import Launch
import RPC
import Schemas
import Storage
import SwiftProtobuf
import TLS

@testable import Identity

/// A program with a key of its own.
struct Tool: Sendable {
  var id: UUID
  let name: String
  let key: Ed25519PrivateKey

  init(id: UUID, name: String) throws {
    (self.id, self.name, key) = (id, name, try .generate())
  }

  /// RFC 8410 section 4.
  var pem: String {
    let prefix: [UInt8] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00]
    let text = Data(prefix + key.publicKey.rawBytes).base64EncodedString()
    return "-----BEGIN PUBLIC KEY-----\n\(text)\n-----END PUBLIC KEY-----\n"
  }

  func assertion(
    at time: Date, life: TimeInterval = 300, audience: [String] = ["https://identity.test"],
    algorithm: String = "EdDSA"
  ) throws -> String {
    let claims: [String: Any] = [
      "iss": id.canonical, "sub": id.canonical, "aud": audience.count == 1 ? audience[0] : audience,
      "iat": Int(time.timeIntervalSince1970), "exp": Int(time.timeIntervalSince1970 + life),
      "jti": UUID().canonical,
    ]
    let header = Base64URL.encode(Array(#"{"alg":"\#(algorithm)","typ":"JWT"}"#.utf8))
    let payload = Base64URL.encode(Array(try JSONSerialization.data(withJSONObject: claims)))
    let input = "\(header).\(payload)"
    return "\(input).\(Base64URL.encode(try key.sign(Array(input.utf8))))"
  }
}

extension House {
  /// An account with one key; of all organisations where none are given.
  func tool(
    _ organisations: [UUID]?, days: UInt32 = 90, accountDays: UInt32 = 365,
    scopes: [String] = [ServiceAccountTests.read, ServiceAccountTests.programmes]
  ) async throws -> Tool {
    var tool = try Tool(id: UUID(), name: "tool-\(UUID().canonical.prefix(8))")
    let made = try await service.createServiceAccount(
      .with {
        $0.name = tool.name
        $0.scopes = scopes
        $0.organisationIds = (organisations ?? []).map(\.canonical)
        $0.allOrganisations = organisations == nil
        $0.validDays = accountDays
      }, asOperator(ServiceAccountServicePolicies.createServiceAccount))
    tool.id = try UUID(field: "service_account_id", made.serviceAccountID)
    try await add(tool.pem, to: tool, days: days)
    return tool
  }

  /// The same account with another key beside.
  func rotate(_ tool: Tool, days: UInt32) async throws -> Tool {
    let next = try Tool(id: tool.id, name: tool.name)
    try await add(next.pem, to: next, days: days)
    return next
  }

  func add(_ pem: String, to tool: Tool, days: UInt32 = 90) async throws {
    try await add(
      .with {
        $0.serviceAccountID = tool.id.canonical
        $0.publicKey = pem
        $0.validDays = days
      })
  }

  func add(certificate identity: String, to tool: Tool) async throws {
    try await add(
      .with {
        $0.serviceAccountID = tool.id.canonical
        $0.certificateIdentity = identity
      })
  }

  private func add(_ request: IdentityAddCredentialRequest) async throws {
    _ = try await service.addCredential(
      request, asOperator(ServiceAccountServicePolicies.addCredential))
  }

  func issue(
    _ tool: Tool, _ tenant: UUID, scopes: [String] = []
  ) async throws -> IdentityIssueServiceTokenResponse {
    try await issue(try tool.assertion(at: clock.now), tenant, scopes: scopes)
  }

  func issue(
    _ assertion: String, _ tenant: UUID, scopes: [String] = []
  ) async throws -> IdentityIssueServiceTokenResponse {
    try await service.issueServiceToken(
      .with {
        $0.assertion = assertion
        $0.organisationID = tenant.canonical
        $0.scopes = scopes
      }, call(.anonymous, ServiceTokenServicePolicies.issueServiceToken))
  }

  /// By the certificate of the connection.
  func issue(
    _ tool: Tool, _ tenant: UUID, peer: PeerIdentity?
  ) async throws -> IdentityIssueServiceTokenResponse {
    try await service.issueServiceToken(
      .with {
        $0.serviceAccountID = tool.id.canonical
        $0.organisationID = tenant.canonical
      },
      Call(
        caller: .anonymous,
        rpc: ServerCall(method: ServiceTokenServiceMethods.issueServiceToken, peer: peer),
        policy: ServiceTokenServicePolicies.issueServiceToken))
  }

  /// The account as an operator sees it.
  func accounts(of tool: Tool) async throws -> IdentityServiceAccount {
    let policy = ServiceAccountServicePolicies.listServiceAccounts
    return try await service.shownServiceAccount(tool.id, asOperator(policy))
  }
}
