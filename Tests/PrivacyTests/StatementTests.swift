import Foundation
import Testing

@testable import Privacy

@Suite struct StatementTests {
  @Test func `text in any language is taken as it is`() throws {
    let text = "# Privacyverklaring\n\nUw gegevens – één doel 🌱\nالخصوصية\n"
    #expect(try StatementText(Array(text.utf8)).text == text)
  }

  @Test func `one mebibyte is the limit`() throws {
    let most = [UInt8](repeating: 0x61, count: StatementText.maximumBytes)
    #expect(try StatementText(most).text.utf8.count == 1_048_576)
    #expect(throws: StatementError.tooLarge(bytes: 1_048_577)) { try StatementText(most + [0x61]) }
  }

  @Test(arguments: [
    ([0x61, 0xFF, 0x61], 1), ([0x61, 0x62, 0xC3], 2), ([0xE2, 0x82, 0xAC, 0xC0, 0x80], 3),
    ([0xED, 0xA0, 0x80], 0),
  ] as [([UInt8], Int)])
  func `a byte that is not UTF-8 is named`(bytes: [UInt8], offset: Int) {
    #expect(throws: StatementError.notUTF8(offset: offset)) { try StatementText(bytes) }
  }

  @Test func `an empty text and one with a NUL are refused`() {
    #expect(throws: StatementError.empty) { try StatementText([]) }
    #expect(throws: StatementError.empty) { try StatementText(Array(" \n".utf8)) }
    #expect(throws: StatementError.nulByte(offset: 1)) { try StatementText([0x61, 0]) }
  }

  @Test(arguments: ["", "somebody", "a b@example.org", "a@example.org\nBcc: x"])
  func `a contact must be an address on one line`(text: String) {
    #expect(throws: StatementError.badContact) { try StatementContact(text) }
  }

  @Test func `a contact is an e-mail or web address`() throws {
    #expect(try StatementContact(" privacy@example.org ").text == "privacy@example.org")
    #expect(try StatementContact("https://example.org/privacy").text.hasPrefix("https://"))
  }

  @Test func `the personal statement names person, organisation, purposes and contact`() {
    let text = PersonalStatementText(
      personName: "Noor *de* Vries", organisationName: "Voorbeeld B.V.", version: 3,
      sha256: "abcd", publishedAt: Date(timeIntervalSince1970: 1_700_000_000),
      contact: "privacy@example.org", kind: .guest,
      contacts: .init(
        officer: "fg@example.org", authority: "Autoriteit",
        authorityLink: "https://example.org/klacht"), body: "De tekst."
    ).markdown
    #expect(text.contains("Noor \\*de\\* Vries"))
    #expect(text.contains("Voorbeeld B.V."))
    #expect(text.contains("3, 2023-11-14"))
    #expect(text.contains("privacy@example.org"))
    #expect(text.contains("- \(Purpose.feedback.description)"))
    #expect(!text.contains(Purpose.development.description))
    #expect(text.hasSuffix("De tekst."))
  }
}
