import Cryptography
import Foundation
import ProgramSupport
import RPC
import Schemas
import SwiftProtobuf
import Testing

/// Programs as they come from outside: a key or a certificate, a token, and what it opens in every
/// service.
@Suite(.timeLimit(.minutes(10))) struct ServiceAccountTests {
  private static let statement = "ikso.privacy.v1.PrivacyService/GetStatement"

  @Test func `a program calls several services with one token, and each logs it by its name`()
    async throws
  {
    let (own, other) = (try await Organisation.make(), try await Organisation.make())
    let house = own.house
    let tool = try await Tool.make(
      of: own, scopes: [Tool.read, Self.statement, "ikso.isolation.v1.PrivacySelfTestService/*"])
    let answer = try await tool.issue(in: own)
    #expect(answer.expiresAt.date <= Date() + 300)
    let options = CallOptions.bearer(answer.accessToken)
    let found = try await house.identity.getOrganisation(
      .with { $0.organisationID = own.id }, options)
    #expect(found.name == own.name)
    let statement = try await house.privacy.getStatement(.init(), options)
    #expect(statement.contact == own.contact)
    try await expectRefusal(.notFound, what: "another organisation") {
      try await house.identity.getOrganisation(.with { $0.organisationID = other.id }, options)
    }
    try await expectRefusal(.notFound, what: "another organisation's statement") {
      try await house.privacy.getStatement(.with { $0.organisationID = other.id }, options)
    }
    try await expectRefusal(.notFound, what: "a token for another organisation") {
      try await tool.issue(in: other)
    }
    try await expectRefusal(.permissionDenied, "scopes", what: "a method out of its scope") {
      try await house.privacy.listStatementVersions(.init(), options)
    }
    try await expectRefusal(.permissionDenied, "role", what: "a method for people") {
      try await house.goals.listGoals(.init(), options)
    }
    try await expectRefusal(.permissionDenied, "scopes", what: "a sign-in") {
      try await house.identity.login(.init(), options)
    }
    for (service, method) in [
      ("identity", "IssueServiceToken"), ("identity", "GetOrganisation"),
      ("privacy", "GetStatement"), ("privacy", "ListStatementVersions"), ("goals", "ListGoals"),
    ] {
      try await until("\(service) logs \(method) by the program's name") {
        try house.logLines(of: service).contains {
          $0.contains("service-account:\(tool.name)") && $0.contains(method) && $0.contains(own.id)
        }
      }
    }
  }

  @Test func `a revoked credential is refused in every service, the next one goes on`()
    async throws
  {
    let organisation = try await Organisation.make()
    let house = organisation.house
    let old = try await Tool.make(of: organisation, scopes: [Tool.read, Self.statement])
    let new = try await old.rotated()
    let doors = try await [old, new].asyncMap { tool in
      let options = CallOptions.bearer(try await tool.issue(in: organisation).accessToken)
      let privacy = PrivacyServiceClient(try house.direct("privacy", as: "gateway"))
      return { @Sendable in _ = try await privacy.getStatement(.init(), options) }
    }
    for door in doors { try await door() }
    let accounts = ServiceAccountServiceClient(house.gateway)
    let operators = try await house.operators.options()
    let shown = try await accounts.listServiceAccounts(.init(), operators).serviceAccounts
    let account = try #require(shown.first { $0.serviceAccountID == old.id })
    let first = try #require(
      account.credentials.min { $0.createdAt.date < $1.createdAt.date }?.credentialID)
    _ = try await accounts.revokeCredential(
      .with {
        $0.serviceAccountID = old.id
        $0.credentialID = first
      }, operators)
    try await untilRevoked(doors[0])
    try await doors[1]()
    try await expectRefusal(.unauthenticated, what: "the revoked key") {
      try await old.issue(in: organisation)
    }
    _ = try await accounts.disableServiceAccount(
      .with { $0.serviceAccountID = old.id }, operators)
    try await untilRevoked(doors[1])
    try await expectRefusal(.unauthenticated, what: "a key of a disabled account") {
      try await new.issue(in: organisation)
    }
  }

  @Test func `a certificate gets a token on its own connection, not by way of the gateway`()
    async throws
  {
    let organisation = try await Organisation.make()
    let house = organisation.house
    let byName = try await Tool.make(of: organisation, certificate: "spiffe://ikso/tools")
    let key = try await Self.keyHash(of: house.plan.toolsCertificate)
    let byKey = try await Tool.make(of: organisation, certificate: "sha256:\(key)")
    for tool in [byName, byKey] {
      let request = IdentityIssueServiceTokenRequest.with {
        $0.serviceAccountID = tool.id
        $0.organisationID = organisation.id
      }
      let direct = ServiceTokenServiceClient(try house.direct("identity", as: "tools"))
      let token = try await direct.issueServiceToken(request).accessToken
      let found = try await house.identity.getOrganisation(
        .with { $0.organisationID = organisation.id }, .bearer(token))
      #expect(found.name == organisation.name)
      try await expectRefusal(.unauthenticated, what: "by way of the gateway") {
        try await ServiceTokenServiceClient(house.gateway).issueServiceToken(request)
      }
      try await expectRefusal(.unauthenticated, what: "another process's certificate") {
        try await ServiceTokenServiceClient(house.direct("identity", as: "gateway"))
          .issueServiceToken(request)
      }
    }
  }

  @Test func `an ES256 assertion that openssl signed is taken`() async throws {
    let organisation = try await Organisation.make()
    let folder = try ScratchFolder()
    let (key, input) = (folder.url.appending(path: "key"), folder.url.appending(path: "input"))
    _ = try await Self.openssl(
      ["ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", key.path])
    let pem = try await Self.openssl(["pkey", "-in", key.path, "-pubout"])
    let tool = try await Tool.make(of: organisation, publicKey: pem)
    let text = try tool.signingInput(algorithm: "ES256")
    try Data(text.utf8).write(to: input)
    let hex = try await Self.openssl(
      ["dgst", "-sha256", "-sign", key.path, "-hex", input.path])
    let der = try Hex.decode(
      (hex.split(separator: " ").last ?? "").trimmingCharacters(in: .whitespacesAndNewlines))
    let assertion = "\(text).\(Base64URL.encode(Self.raw(der)))"
    let answer = try await tool.issue(assertion, in: organisation)
    _ = try await organisation.house.identity.getOrganisation(
      .with { $0.organisationID = organisation.id }, .bearer(answer.accessToken))
  }

  private func untilRevoked(_ door: @Sendable () async throws -> Void) async throws {
    try await until("the token is refused") {
      do {
        try await door()
        return false
      } catch let error as RPCError {
        return error.code == .unauthenticated && error.message.contains("revoked")
      }
    }
  }

  private static func openssl(_ arguments: [String]) async throws -> String {
    let run = try await Child.run(URL(filePath: "/usr/bin/openssl"), arguments)
    #expect(run.end == .exit(0), "\(run.output)")
    return run.output
  }

  /// SHA-256 of the certificate's SubjectPublicKeyInfo, as openssl makes it.
  private static func keyHash(of certificate: String) async throws -> String {
    let pem = try await openssl(["x509", "-in", certificate, "-noout", "-pubkey"])
    let body = pem.split(separator: "\n").filter { !$0.hasPrefix("-----") }.joined()
    return Hex.encode(Digest.sha256(try Base64.decode(body)))
  }

  /// R and S of an ECDSA-Sig-Value, 32 bytes each.
  private static func raw(_ der: [UInt8]) -> [UInt8] {
    var rest = der.dropFirst(2)
    return (0..<2).flatMap { _ in
      let length = Int(rest[rest.startIndex + 1])
      let integer = rest.dropFirst(2).prefix(length).drop { $0 == 0 }
      rest = rest.dropFirst(2 + length)
      return [UInt8](repeating: 0, count: 32 - integer.count) + integer
    }
  }
}

/// A service account, and the key that its program signs with.
struct Tool: Sendable {
  static let read = "ikso.identity.v1.IdentityService/GetOrganisation"

  let house: House
  let id: String
  let name: String
  let key: Ed25519PrivateKey

  /// With one key of its own, or with what is given.
  static func make(
    of organisation: Organisation, scopes: [String] = [read], certificate: String? = nil,
    publicKey: String? = nil
  ) async throws -> Tool {
    let house = organisation.house
    let name = "tool-\(Hex.encode(SecureRandom.bytes(4)))"
    let made = try await ServiceAccountServiceClient(house.gateway).createServiceAccount(
      .with {
        $0.name = name
        $0.scopes = scopes
        $0.organisationIds = [organisation.id]
      }, try await house.operators.options())
    let tool = Tool(
      house: house, id: made.serviceAccountID, name: name, key: try .generate())
    if let certificate {
      try await tool.add { $0.certificateIdentity = certificate }
    } else {
      try await tool.add { $0.publicKey = publicKey ?? tool.pem }
    }
    return tool
  }

  /// The same account with another key beside.
  func rotated() async throws -> Tool {
    let next = Tool(house: house, id: id, name: name, key: try .generate())
    try await next.add { $0.publicKey = next.pem }
    return next
  }

  private func add(_ credential: (inout IdentityAddCredentialRequest) -> Void) async throws {
    var request = IdentityAddCredentialRequest.with { $0.serviceAccountID = id }
    credential(&request)
    _ = try await ServiceAccountServiceClient(house.gateway).addCredential(
      request, try await house.operators.options())
  }

  /// SubjectPublicKeyInfo of RFC 8410, section 4.
  var pem: String {
    let head: [UInt8] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00]
    let body = Base64.encode(head + key.publicKey.rawBytes)
    return "-----BEGIN PUBLIC KEY-----\n\(body)\n-----END PUBLIC KEY-----\n"
  }

  func signingInput(algorithm: String = "EdDSA") throws -> String {
    let issuer = try house.plan.settings(of: "identity").string("tokens.issuer")
    let now = Int(Date().timeIntervalSince1970)
    let claims: [String: Any] = [
      "iss": id, "sub": id, "aud": issuer, "iat": now, "exp": now + 120,
      "jti": UUID().uuidString,
    ]
    let payload = try JSONSerialization.data(withJSONObject: claims)
    let header = Array(#"{"alg":"\#(algorithm)"}"#.utf8)
    return "\(Base64URL.encode(header)).\(Base64URL.encode(Array(payload)))"
  }

  func issue(in organisation: Organisation) async throws -> IdentityIssueServiceTokenResponse {
    let input = try signingInput()
    let signature = try key.sign(Array(input.utf8))
    return try await issue("\(input).\(Base64URL.encode(signature))", in: organisation)
  }

  func issue(
    _ assertion: String, in organisation: Organisation
  ) async throws -> IdentityIssueServiceTokenResponse {
    try await ServiceTokenServiceClient(house.gateway).issueServiceToken(
      .with {
        $0.assertion = assertion
        $0.organisationID = organisation.id
      })
  }
}

extension House {
  func logLines(of service: String) throws -> [Substring] {
    let log = try Data(contentsOf: URL(filePath: plan.process(service).log))
    return String(decoding: log, as: UTF8.self).split(separator: "\n")
  }
}

extension Array {
  fileprivate func asyncMap<Value>(
    _ transform: (Element) async throws -> Value
  ) async throws -> [Value] {
    var values: [Value] = []
    for element in self { values.append(try await transform(element)) }
    return values
  }
}
