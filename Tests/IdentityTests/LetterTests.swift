import Cryptography
import Foundation
import Launch
import Mail
import Postgres
import Schemas
import Storage
import SwiftProtobuf
import Testing

@testable import Identity

@Suite("Letters")
struct LetterTests {
  private static let code = LinkCode.generate(tenant: UUID())
  private static let organisation = "Zeldzaam & Zoon"

  static let letters: [IdentityLetter] = [
    .invitation(code, organisation: organisation, until: Day(Date(), in: .amsterdam)),
    .passwordReset(code, until: Date()), .passwordChanged, .factorAdded, .factorRemoved,
    .recoveryCodeUsed(left: 7), .recoveryCodesRenewed, .deviceRemembered,
    .deviceTokenReused, .devicesForgotten,
    .addressToConfirm(code, organisation: organisation, from: nil),
    .addressChangeAsked(code, organisation: organisation, from: Date()),
    .addressChanged(organisation: organisation),
    .under16Reported(organisation: organisation),
    .under16Resolved(.consent, organisation: organisation),
  ]

  @Test(arguments: letters)
  func `a letter says the same in both languages, and no name in its subject`(
    letter: IdentityLetter
  ) {
    let dutch = letter.letter(.dutch, links: "https://ikso.example")
    let english = letter.letter(.english, links: "https://ikso.example")
    #expect(dutch.language == .dutch && english.language == .english)
    #expect(dutch.subject != english.subject)
    #expect(!(dutch.subject + english.subject).contains("Zeldzaam"))
    func shape(_ letter: Letter) -> [String] {
      letter.parts.map { part in
        switch part {
        case .text: "text"
        case .link(let link): link
        case .fact(_, let value): value
        }
      }
    }
    #expect(shape(dutch) == shape(english))
    #expect(dutch.parts != english.parts)
  }

  @Test func `kinds are told apart`() {
    #expect(Set(Self.letters.map(\.kind)).count == Self.letters.count)
  }

  @Test func `mail that waits goes with its person's data, unsent`() async throws {
    try await House.with { house in
      let tenant = try await house.organisation()
      let ada = try await house.enrol(tenant, "ada@acme.nl")
      let before = try await house.mails.files().count
      try await house.links.send(try PasswordResets.Wish(tenant, "ada@acme.nl"))
      #expect(try await house.count("outbox", tenant) == 1)
      let erased = try await house.subjects.eraseSubject(
        .with {
          $0.organisationID = tenant.canonical
          $0.subjectID = ada.canonical
        }, house.asPrivacy)
      #expect(erased.erased.first { $0.table == "outbox" }?.rows == 1)
      #expect(try await house.count("outbox", tenant) == 0)
      #expect(try await house.mails.files().count == before)
    }
  }

  @Test func `a link to a new password that could not be sent in time is not sent any more`()
    async throws
  {
    try await House.with { house in
      let tenant = try await house.organisation()
      _ = try await house.enrol(tenant, "ada@acme.nl")
      let before = try await house.mails.files().count
      try await house.links.send(try PasswordResets.Wish(tenant, "ada@acme.nl"))
      house.clock.advance(PasswordResets.lifetime)
      #expect(try await house.mails.files().count == before)
      #expect(try await house.count("outbox", tenant) == 0)
    }
  }

  @Test func `nothing of a waiting mail stands in the tables but sealed`() async throws {
    try await House.with { house in
      let tenant = try await house.organisation()
      try await house.importFile(tenant, "name,email,role\nAda Byron,ada@acme.nl,coach\n")
      let rows = try await house.admin.run([
        "SELECT encode(sealed_mail, 'escape') AS text FROM identity.outbox",
        "SELECT outbox::text AS text FROM identity.outbox",
      ])
      for row in rows.flatMap(\.self) {
        let text: String = try row.get("text")
        // None of them could be what sealed bytes look like by chance.
        #expect(!text.contains("ada@") && !text.contains("Byron") && !text.contains("acme"))
      }
    }
  }
}
