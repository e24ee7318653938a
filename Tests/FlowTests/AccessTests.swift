import Access
import Cryptography
import Foundation
import HTTP2
import RPC
import Schemas
import SwiftProtobuf
import TLS
import Testing

/// Who may call what, method by method as the schemas say it.
struct AccessTests {
  @Test func `without a token only the methods for anyone can be called`() async throws {
    for method in Samples.publicMethods {
      guard let sample = Samples.requests[method.descriptor.fullName] else { continue }
      let name = method.descriptor.fullName
      do {
        try await AnyCall.run(method.descriptor, sample.make(.absent()))
        #expect(method.policy.anyone, "\(name) was answered without a token")
      } catch let error as RPCError {
        if method.policy.anyone {
          // A sign-in that fails is UNAUTHENTICATED too, but asks for no token.
          #expect(error.metadata[first: "www-authenticate"] == nil, "\(name): \(error)")
          #expect(error.code != .permissionDenied, "\(name): \(error)")
        } else {
          #expect(error.code == .unauthenticated, "\(name): \(error)")
          #expect(error.metadata[first: "www-authenticate"] != nil, "\(name): \(error)")
        }
      }
    }
  }

  @Test func `a role that the schema does not name is denied`() async throws {
    let smith = try await TokenSmith.make()
    let member = try await Organisation.make().member("Sara Bos")
    for method in Samples.publicMethods where !method.policy.anyone {
      guard let sample = Samples.requests[method.descriptor.fullName] else { continue }
      let name = method.descriptor.fullName
      for role in Role.allCases where !method.policy.roles.contains(role) {
        let refused = try await refusal("\(name) as \(role)") {
          try await AnyCall.run(
            method.descriptor, sample.make(.absent()),
            smith.options([role], of: member, scopes: [method.descriptor.fullName]))
        }
        #expect(refused.code == .permissionDenied, "\(name) as \(role): \(refused)")
        for role in method.policy.roles {
          #expect(refused.message.contains(role.rawValue), "\(name): \(refused)")
        }
      }
    }
  }

  @Test func `a role that the schema names comes as far as the request`() async throws {
    let smith = try await TokenSmith.make()
    let member = try await Organisation.make().member("Theo Bos")
    let officer = try smith.options([.privacyOfficer], of: member)
    try await member.organisation.instructReporting(
      officer, asking: smith.options([.administrator], of: member))
    // CheckPassword looks for the session first, and there is none.
    let skipped: Set<String> = ["RegisterOrganisation", "RotateSigningKey", "CheckPassword"]
    for method in Samples.publicMethods where !method.policy.anyone {
      guard let sample = Samples.requests[method.descriptor.fullName],
        !skipped.contains(method.descriptor.name)
      else { continue }
      for role in method.policy.roles {
        let name = "\(method.descriptor.fullName) as \(role)"
        do {
          try await AnyCall.run(
            method.descriptor, sample.make(.absent()),
            smith.options([role], of: member, scopes: [method.descriptor.fullName]))
        } catch let error as RPCError {
          #expect(
            ![.permissionDenied, .unauthenticated, .unimplemented, .internalError, .unknown]
              .contains(error.code), "\(name): \(error)")
        }
      }
    }
  }

  @Test func `what needs a fresh sign-in refuses an old one and says how old it may be`()
    async throws
  {
    let smith = try await TokenSmith.make()
    let member = try await Organisation.make().member("Ugo Bos")
    let fresh = Samples.publicMethods.filter { $0.policy.maximumAuthenticationAge != nil }
    #expect(fresh.count >= 4)
    for method in fresh {
      guard let sample = Samples.requests[method.descriptor.fullName],
        let role = method.policy.roles.first, let age = method.policy.maximumAuthenticationAge
      else { continue }
      let token = try smith.token(
        [role], of: member, authenticated: .zero - age - .seconds(5), issued: .seconds(-5))
      do {
        try await AnyCall.run(method.descriptor, sample.make(.absent()), .bearer(token))
        Issue.record("\(method.descriptor.fullName) took an old sign-in")
      } catch let error as RPCError {
        #expect(error.code == .unauthenticated, "\(error)")
        #expect(
          error.metadata[first: "www-authenticate"]?.contains("max_age=") == true, "\(error)")
      }
    }
  }

  @Test func `a forged, expired, foreign or malformed token opens nothing`() async throws {
    let smith = try await TokenSmith.make()
    let member = try await Organisation.make().member("Vera Bos")
    let house = member.organisation.house
    let genuine = try smith.token([.participant], of: member)
    _ = try await house.goals.listGoals(GoalsListGoalsRequest(), .bearer(genuine))

    let parts = genuine.split(separator: ".").map(String.init)
    let own = try Ed25519PrivateKey.generate()
    let now = Date()
    func sign(_ signer: TokenSigner) throws -> String {
      try signer.sign(
        subject: member.uuid, tenant: member.organisation.uuid, roles: [.participant],
        session: UUID(), authenticatedAt: now, statementHash: String(repeating: "0", count: 64),
        now: now, lifetime: .seconds(600))
    }
    let none = Base64URL.encode(Array("{\"alg\":\"none\",\"typ\":\"JWT\"}".utf8))
    let tokens = [
      "signed by another key": try sign(TokenSigner(issuer: smith.issuer, key: own)),
      "another key under the known name": try sign(
        TokenSigner(issuer: smith.issuer, keyID: smith.signer.keyID, key: own)),
      "expired": try smith.token(
        [.participant], of: member, authenticated: .seconds(-1_000), issued: .seconds(-1_000)),
      "algorithm none": "\(none).\(parts[1]).",
      "changed claims": "\(parts[0]).\(changed(parts[1])).\(parts[2])",
      "cut": String(genuine.dropLast(10)),
      "no token": "abc",
      "empty": ".",
      "long": String(repeating: "a", count: 6_000),
    ]
    for (what, token) in tokens {
      let through = try await expectRefusal(.unauthenticated, what: what) {
        try await house.goals.listGoals(GoalsListGoalsRequest(), .bearer(token))
      }
      #expect(!through.message.contains(token), "\(what): the answer repeats the token")
      try await expectRefusal(.unauthenticated, what: "\(what), past the gateway") {
        try await GoalsServiceClient(house.direct("goals", as: "gateway"))
          .listGoals(GoalsListGoalsRequest(), .bearer(token))
      }
    }
    let basic = CallOptions(metadata: ["authorization": "Basic YTpi"])
    try await expectRefusal(.unauthenticated, what: "Basic") {
      try await house.goals.listGoals(GoalsListGoalsRequest(), basic)
    }
  }

  @Test func `a token of a signing key that was rotated away is good until it expires`()
    async throws
  {
    let member = try await Organisation.make().member("Wim Bos")
    let house = member.organisation.house
    let before = try await house.identity.login(member.login)
    let operators = try await house.operators.options()
    let made = try await house.identity.rotateSigningKey(
      IdentityRotateSigningKeyRequest(), operators)
    let keys = try await KeysServiceClient(house.gateway).getSigningKeys(
      KeysGetSigningKeysRequest())
    #expect(keys.keys.contains { $0.keyID == made.keyID })
    #expect(keys.keys.allSatisfy { $0.publicKey.count == 32 })
    _ = try await house.goals.listGoals(GoalsListGoalsRequest(), .bearer(before.accessToken))
    _ = try await house.goals.listGoals(
      GoalsListGoalsRequest(), .bearer(try await member.signIn().token))
  }

  /// The claims with another subject, still base64url.
  private func changed(_ claims: String) -> String {
    guard let bytes = try? Base64URL.decode(claims) else { return claims }
    let text = String(decoding: bytes, as: UTF8.self)
    return Base64URL.encode(Array(text.replacing("participant", with: "coach").utf8))
  }
}
