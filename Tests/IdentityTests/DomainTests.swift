import Cryptography
import FoundationEssentials
import Testing

@testable import Identity

@Suite("Names and addresses")
struct NameTests {
  @Test func `a name is trimmed and composed`() throws {
    #expect(try PersonName("  Zoe\u{308} ").text.utf8.elementsEqual("Zoë".utf8))
  }

  @Test(arguments: [
    ("", FieldProblem.empty), (" \u{A0} ", .empty), ("a\nb", .forbiddenCharacter),
    ("a\u{202E}b", .forbiddenCharacter), (String(repeating: "a", count: 201), .tooLong(limit: 200)),
  ])
  func `a name that cannot be shown is refused`(text: String, problem: FieldProblem) {
    #expect(throws: problem) { try PersonName(text) }
    #expect(throws: problem) { try OrganisationName(text) }
  }

  @Test func `two hundred characters of any script are a name`() throws {
    let name = String(repeating: "王", count: 200)
    #expect(try PersonName(name).text == name)
  }

  @Test(arguments: [
    "a@b.nl", "Jan.de-Vries+ikso@mail.example.co.uk", "o'brien@example.org", "x_1@xn--bcher-kva.nl",
    "a@1and1.com",
  ])
  func `an address of dot-atoms and a host name is taken`(text: String) throws {
    #expect(try EmailAddress(" \(text) ").normalised == text.lowercased())
  }

  @Test(arguments: [
    "a", "a@", "@b.nl", "a@b", "a@@b.nl", "a@b@c.nl", ".a@b.nl", "a.@b.nl", "a..b@c.nl", "a b@c.nl",
    "a@-b.nl", "a@b-.nl", "a@b..nl", "a@b.nl\r\nBcc: c@d.nl", "a@10.0.0.1", "<a@b.nl>", "é@b.nl",
    "a@bü.nl", "a,b@c.nl", "\"a\"@b.nl", String(repeating: "a", count: 65) + "@b.nl",
  ])
  func `what is no such address is refused`(text: String) {
    #expect(throws: FieldProblem.notAnEmailAddress) { try EmailAddress(text) }
  }
}

@Suite("Invitation code")
struct LinkCodeTests {
  @Test func `a code is read back from its text`() throws {
    let code = LinkCode.generate(tenant: UUID())
    let read = try #require(LinkCode(" \(code.text)\n"))
    #expect(read == code)
    #expect(read.hash == code.hash)
    #expect(code.hash.count == 32)
  }

  @Test(arguments: ["", "abc", "not base 64!", String(repeating: "A", count: 200)])
  func `what cannot be a code is none`(text: String) {
    #expect(LinkCode(text) == nil)
  }

  @Test func `one changed character is another code`() throws {
    let text = LinkCode(tenant: UUID(), secret: [UInt8](repeating: 0, count: 32)).text
    let other = try #require(LinkCode(text.dropLast() + "B"))
    #expect(other.hash != LinkCode(text)?.hash)
  }
}

@Suite("Password policy")
struct PasswordPolicyTests {
  private func check(
    _ password: String, name: String = "Maria van der Berg", email: String = "m.berg@acme.nl",
    organisation: String = "Acme Nederland", minimum: Int = PasswordLength.alone
  ) throws -> String {
    let policy = PasswordPolicy(
      name: name, email: try EmailAddress(email), organisation: organisation,
      breached: try .read(BreachedPasswords.forDevelopment), minimum: minimum)
    return try policy.check(password).text
  }

  @Test func `fifteen characters are enough, fourteen are not`() throws {
    #expect(try check("tractor-vijver1").count == 15)
    #expect(throws: PasswordProblem.tooShort(minimum: 15)) { try check("tractor-vijver") }
  }

  @Test func `beside a second factor eight characters are enough, seven are not`() throws {
    #expect(try check("vijver-9", minimum: PasswordLength.besideFactor).count == 8)
    #expect(throws: PasswordProblem.tooShort(minimum: 8)) {
      try check("vijver9", minimum: PasswordLength.besideFactor)
    }
  }

  @Test func `clause 25: a password known from a breach is refused`() throws {
    for password in ["correct horse battery staple", "correcthorsebatterystaple"] {
      #expect(throws: PasswordProblem.breached) { try check(password) }
    }
    _ = try check("correct horse battery stapler")
  }

  @Test func `no composition is asked for, and spaces and all scripts are taken`() throws {
    _ = try check("het regent pijpenstelen vandaag")
    _ = try check("дождливый вторник у реки")
    _ = try check(String("glijbaan kruiwagen ".repeated(13).prefix(256)))
  }

  @Test func `more than 256 characters are refused`() {
    let long = String("glijbaan kruiwagen ".repeated(14).prefix(257))
    #expect(throws: PasswordProblem.tooLong(maximum: 256)) { try check(long) }
    #expect(Password(String(repeating: "a", count: 100_000)) == nil)
  }

  @Test func `both forms of an accent are one password`() throws {
    let composed = try check("crème brûlée op zondag")
    let decomposed = try check("cre\u{300}me bru\u{302}le\u{301}e op zondag")
    #expect(composed.utf8.elementsEqual(decomposed.utf8))
  }

  @Test(arguments: [
    "Maria vd Berg 2024!", "m.berg@acme.nl 123", "AcmeNederland2026", "acme-NEDERLAND-1!",
    "Acm3N3d3rland-001", "maria maria maria", "ikso ikso ikso ikso",
  ])
  func `little more than the person's or organisation's name is refused`(password: String) {
    #expect(throws: PasswordProblem.contextWord) { try check(password) }
  }

  @Test func `a name inside a long sentence is no reason`() throws {
    _ = try check("maria telt zeventien ganzen")
  }

  @Test(arguments: [
    "passwordpassword", "Password12345678", "P@ssw0rdP@ssw0rd1", "123456789012345",
    "qwertyuiopasdfgh", "aaaaaaaaaaaaaaaa", "abcabcabcabcabcabc", "welkom01-welkom01",
    "WelkomJanuari2026", "zomer2026zomer2026!", "1q2w3e4r5t6y7u8i", "iloveyouiloveyou1",
  ])
  func `what everybody tries first is refused`(password: String) {
    #expect(throws: PasswordProblem.common) { try check(password) }
  }

  @Test func `a control character is refused`() {
    #expect(throws: PasswordProblem.controlCharacter) { try check("tractor\u{0}vijver-kade") }
  }
}

extension String {
  fileprivate func repeated(_ count: Int) -> String { String(repeating: self, count: count) }
}
