import Foundation
import RPC
import Schemas
import SwiftProtobuf
import Testing

/// What a stranger learns of accounts from the answers to who signs in, asks for a new password or
/// registers: nothing. That the answers take as long as well `Deploy/bench signin` measures.
struct SignInSecrecyTests {
  /// Of each answer alone.
  private static let ownFields: Set<String> = ["date", "x-request-id"]

  /// All of an answer that a stranger sees.
  private struct Sight: Equatable, CustomStringConvertible {
    let status: Int
    let fields: [String]
    let body: [UInt8]

    init(_ answer: Curl.Answer) {
      status = answer.status
      fields = answer.fields.filter { !ownFields.contains($0.name) }
        .map { "\($0.name): \($0.value)" }
      body = answer.body
    }

    var description: String { "\(status) \(fields) \(String(decoding: body, as: UTF8.self))" }
  }

  private func see(_ method: String, _ request: some Message) async throws -> Sight {
    let answer = try await Curl.gateway().post(
      "ikso.identity.v1.\(method)", json: try request.jsonString())
    return Sight(answer)
  }

  /// An organisation with an account of each kind, and where nobody has one.
  private struct Scene {
    let organisation: Organisation
    let administrator: Member
    let member: Member
    let suspended: Member
    let invited: Invited

    init() async throws {
      organisation = try await Organisation.make()
      administrator = try await organisation.member("Anton Baas", role: "administrator")
      member = try await organisation.member("Mila Lid")
      suspended = try await organisation.member("Sam Rust")
      invited = try await organisation.invite("Iris Later")[0]
      _ = try await administrator.people.suspendPerson(
        .with { $0.personID = suspended.id }, administrator.options)
    }

    var addresses: [(what: String, organisation: String, email: String)] {
      [
        ("an account", organisation.id, member.email),
        ("nobody", organisation.id, organisation.email("Niemand")),
        ("an invitation, without a password", organisation.id, invited.email),
        ("a suspended account", organisation.id, suspended.email),
        ("no such organisation", UUID().uuidString, member.email),
        ("the platform", Organisation.platformID, member.email),
      ]
    }
  }

  @Test func `a wrong password is answered byte by byte like an account that is not there`()
    async throws
  {
    let scene = try await Scene()
    var sights: [(what: String, sight: Sight)] = []
    for (what, organisation, email) in scene.addresses {
      let request = IdentityLoginRequest.with {
        $0.organisationID = organisation
        $0.email = email
        $0.password = "tractor vijver kad"
      }
      sights.append((what, try await see("IdentityService/Login", request)))
    }
    #expect(sights[0].sight.status == 401)
    for (what, sight) in sights { #expect(sight == sights[0].sight, "\(what)") }
  }

  @Test func `who asks for a new password is answered byte by byte alike`() async throws {
    let scene = try await Scene()
    var sights: [(what: String, sight: Sight)] = []
    for (what, organisation, email) in scene.addresses {
      let request = IdentityRequestPasswordResetRequest.with {
        $0.organisationID = organisation
        $0.email = email
      }
      sights.append((what, try await see("PasswordService/RequestPasswordReset", request)))
    }
    #expect(sights[0].sight.status == 200)
    for (what, sight) in sights { #expect(sight == sights[0].sight, "\(what)") }
  }

  @Test func `who registers is answered byte by byte alike, whoever is there already`()
    async throws
  {
    let scene = try await Scene()
    let domain = "\(scene.organisation.tag).example.org"
    try await scene.administrator.set {
      $0.emailDomains = [domain, "example.org"]
      $0.selfRegistration = true
    }
    let own = scene.organisation.id
    let others = scene.addresses + [
      ("a new address of an allowed domain", own, "nieuw@\(domain)"),
      ("an address of another domain", own, "nieuw@\(scene.organisation.tag).example.net"),
    ]
    var sights: [(what: String, sight: Sight)] = []
    for (what, organisation, email) in others {
      let request = IdentityRegisterMyselfRequest.with {
        $0.organisationID = organisation
        $0.name = "Nina Nieuw"
        $0.email = email
      }
      sights.append((what, try await see("PeopleService/RegisterMyself", request)))
    }
    #expect(sights[0].sight.status == 200)
    for (what, sight) in sights { #expect(sight == sights[0].sight, "\(what)") }
  }
}
