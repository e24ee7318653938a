import Access
import Cryptography
import Foundation
import Postgres
import RPC
import Schemas
import Storage
import SwiftProtobuf
import Testing

@testable import Identity

/// Whoever gets somebody's address gets their account.
@Suite("Changes of address")
struct AddressChangeTests {
  private static let old = "ada@acme.nl"
  private static let new = "ada.king@acme.nl"
  private static let delay: TimeInterval = 72 * 3_600

  private struct Scene {
    let tenant: UUID
    let ada: UUID
    /// Of an administrator.
    let admin: Token

    init(_ house: House) async throws {
      tenant = try await house.organisation()
      ada = try await house.enrol(tenant, AddressChangeTests.old)
      admin = house.token(tenant: tenant, [.administrator])
    }
  }

  @Test func `an address that an administrator asks for waits 72 hours, and is told at once`()
    async throws
  {
    try await House.with { house in
      let scene = try await Scene(house)
      try await house.askAddress(Self.new, of: scene.ada, by: scene.admin)
      let code = try await house.mails.code(to: Self.new)
      #expect(
        try await house.mails.subjects(to: Self.old)
          .contains("Iemand wil het e-mailadres van uw IKSO-account wijzigen"))
      house.clock.advance(Self.delay - 1)
      let early = try await refusal { try await house.confirmAddress(code) }
      #expect(early?.code == .failedPrecondition)
      #expect(early?.message.hasPrefix("somebody else has asked for this address") == true)
      // Until then a link to a new password goes where it always went.
      try await house.links.send(try PasswordResets.Wish(scene.tenant, Self.new))
      #expect(try await house.count("password_reset", scene.tenant) == 0)
      house.clock.advance(1)
      try await house.confirmAddress(code)
      _ = try await house.login(scene.tenant, Self.new)
      #expect(try await house.mails.subjects(to: Self.old).contains("Uw IKSO-account is gewijzigd"))
    }
  }

  @Test func `whoever has the old address stops a change, once and for all`() async throws {
    try await House.with { house in
      let scene = try await Scene(house)
      let known = try await house.mails.codes(to: Self.old)
      try await house.askAddress(Self.new, of: scene.ada, by: scene.admin)
      let stop = try await house.mails.code(to: Self.old, except: known)
      let code = try await house.mails.code(to: Self.new)
      for text in ["", "x", code, LinkCode.generate(tenant: scene.tenant).text] {
        let unknown = try await refusal { try await house.stopAddress(text) }
        #expect(unknown == Refusal(code: .notFound, message: "the link is not known"), "\(text)")
      }
      try await house.stopAddress(stop)
      #expect(try await refusal { try await house.stopAddress(stop) }?.code == .notFound)
      house.clock.advance(Self.delay)
      #expect(try await refusal { try await house.confirmAddress(code) }?.code == .notFound)
      let events = try await house.events(of: scene.tenant, about: scene.ada)
      #expect(
        events.filter { $0.kind == .addressChangeStopped }.map(\.actor) == [.anonymous])
    }
  }

  @Test func `one's own address changes at once, also one that somebody else has asked for`()
    async throws
  {
    try await House.with { house in
      let scene = try await Scene(house)
      let own = house.token(tenant: scene.tenant, [.participant], subject: scene.ada)
      try await house.askAddress(Self.new, of: scene.ada, by: scene.admin)
      let waiting = try await house.mails.code(to: Self.new)
      try await house.askAddress(Self.new, of: scene.ada, by: own)
      let code = try await house.mails.code(to: Self.new, except: [waiting])
      #expect(try await refusal { try await house.confirmAddress(waiting) }?.code == .notFound)
      try await house.confirmAddress(code)
      // The address that counts takes back what was asked for.
      try await house.askAddress("a.king@acme.nl", of: scene.ada, by: scene.admin)
      try await house.askAddress(Self.new, of: scene.ada, by: own)
      #expect(try await house.count("email_change", scene.tenant) == 0)
    }
  }

  @Test func `clause 8: the Authorised Person's address is theirs alone to change`() async throws {
    try await House.with { house in
      let scene = try await Scene(house)
      let code = try await house.code(to: Self.new) {
        try await house.askAddress(Self.new, of: scene.ada, by: scene.admin)
      }
      try await house.nameOfficer(scene.tenant, Self.old, from: "2027-01-01")
      let refused = try await refusal {
        try await house.askAddress("x@acme.nl", of: scene.ada, by: scene.admin)
      }
      #expect(refused?.code == .failedPrecondition)
      #expect(refused?.message.hasPrefix("only the Authorised Person changes their own") == true)
      // Nor by what was asked for before they were named.
      house.clock.advance(Self.delay)
      #expect(try await refusal { try await house.confirmAddress(code) } == refused)
      let own = house.token(tenant: scene.tenant, [.participant], subject: scene.ada)
      let mine = try await house.code(to: "olga@acme.nl") {
        try await house.askAddress("olga@acme.nl", of: scene.ada, by: own)
      }
      try await house.confirmAddress(mine)
    }
  }

  @Test func `links that went to the address of before are of no use any more`() async throws {
    try await House.with { house in
      let scene = try await Scene(house)
      let own = house.token(tenant: scene.tenant, [.participant], subject: scene.ada)
      let reset = try await house.resetCode(scene.tenant, Self.old)
      let code = try await house.code(to: Self.new) {
        try await house.askAddress(Self.new, of: scene.ada, by: own)
      }
      try await house.confirmAddress(code)
      let dead = try await refusal { try await house.reset(reset, "molen sloot dijk polder") }
      #expect(dead?.code == .notFound)
    }
  }

  @Test func `a mistyped address is put right at once, and the invitation follows it`()
    async throws
  {
    try await House.with { house in
      let scene = try await Scene(house)
      try await house.importFile(
        scene.tenant, "name,email,role\nBen,bne@acme.nl,participant\n")
      let mistyped = try await house.mails.code(to: "bne@acme.nl")
      let ben = try await house.person(scene.tenant, "bne@acme.nl")
      let code = try await house.code(to: "ben@acme.nl") {
        try await house.askAddress("ben@acme.nl", of: ben, by: scene.admin)
      }
      try await house.confirmAddress(code)
      let opened = try await refusal {
        try await house.service.openInvitation(.with { $0.code = mistyped }, house.anyone())
      }
      #expect(opened?.message.hasPrefix("a newer invitation was sent") == true)
      let invitation = try await house.mails.code(to: "ben@acme.nl", except: [code])
      try await house.setPassword(invitation)
      #expect(try await house.count("credential", scene.tenant) == 2)
    }
  }

  @Test func `what was asked for before there was a password does not count once there is one`()
    async throws
  {
    try await House.with { house in
      let scene = try await Scene(house)
      try await house.importFile(
        scene.tenant, "name,email,role\nBen,ben@acme.nl,participant\n")
      let ben = try await house.person(scene.tenant, "ben@acme.nl")
      let code = try await house.code(to: "eve@acme.nl") {
        try await house.askAddress("eve@acme.nl", of: ben, by: scene.admin)
      }
      try await house.setPassword(try await house.mails.code(to: "ben@acme.nl"))
      let late = try await refusal { try await house.confirmAddress(code) }
      #expect(late?.message == "the link has expired; ask for a new one")
    }
  }
}

extension House {
  func askAddress(_ email: String, of person: UUID, by token: Token) async throws {
    _ = try await service.requestEmailChange(
      .with {
        $0.personID = person.canonical
        $0.email = email
      }, asPerson(token, PeopleServicePolicies.requestEmailChange))
  }

  func confirmAddress(_ code: String) async throws {
    _ = try await service.confirmEmailChange(
      .with { $0.code = code }, call(.anonymous, PeopleServicePolicies.confirmEmailChange))
  }

  func stopAddress(_ code: String) async throws {
    _ = try await service.stopEmailChange(
      .with { $0.code = code }, call(.anonymous, PeopleServicePolicies.stopEmailChange))
  }

  /// The code in the mail that `body` sends to an address.
  func code(to email: String, _ body: () async throws -> Void) async throws -> String {
    let known = try await mails.codes(to: email)
    try await body()
    return try await mails.code(to: email, except: known)
  }

  /// Who has an address.
  func person(_ tenant: UUID, _ email: String) async throws -> UUID {
    let index = try await service.vault.blindIndex(tenant, EmailAddress(email).normalised)
    let rows = try await database.once(tenant: tenant, .personFetch(tenant, emailIndex: index))[0]
    return try rows[0].get("person_id")
  }
}
