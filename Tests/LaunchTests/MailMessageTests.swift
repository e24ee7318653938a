import Foundation
import Hosting
import Mail
import ProgramSupport
import Testing

@testable import Launch

@Suite("Messages")
struct MailMessageTests {
  private let sender = MailAddress("noreply@ikso.example")
  private let letter = Letter(
    .dutch, subject: "Één — 🌱",
    [.text("Hallo <b>& \"co\"</b>"), .link("https://ikso.example/a?b=1&c='2'#x"),
      .fact(name: "Code", value: "abc"), .fact(name: "Organisatie", value: "x")])

  private func message(_ mail: Mail, id: UUID = UUID()) throws -> MailMessage {
    try MailMessage(
      mail, from: try #require(sender), id: id, date: Date(timeIntervalSince1970: 1_790_000_000))
  }

  @Test func `a message has one line for each header whatever a name or a text holds`() throws {
    let evil = "Noor\r\nBcc: x@example.net\r\n\r\n--ikso-\u{2028}<x@example.net>"
    var letter = letter
    letter.subject = "Code\r\nBcc: y@example.net"
    letter.parts.append(.text("\r\n.\r\nRSET\r\nMAIL FROM:<z@example.net>"))
    let id = UUID()
    let text = try message(Mail(to: "noor@example.org", name: evil, letter), id: id).text
    let end = try #require(text.range(of: "\r\n\r\n"))
    let lines = text[..<end.lowerBound].components(separatedBy: "\r\n").filter {
      !$0.hasPrefix(" ")
    }
    #expect(
      lines.map { $0.prefix { $0 != ":" } } == [
        "Date", "From", "To", "Subject", "Message-ID", "Auto-Submitted", "Content-Language",
        "MIME-Version", "Content-Type",
      ])
    #expect(lines.contains("Date: Mon, 21 Sep 2026 14:13:20 +0000"))
    #expect(lines.contains("Message-ID: <\(id.uuidString.lowercased())@ikso.example>"))
    #expect(lines.contains("Auto-Submitted: auto-generated"))
    #expect(text.utf8.allSatisfy { $0 < 0x80 })
    #expect(!text.contains("Bcc:") && !text.contains("RSET"))
    let all = text.components(separatedBy: "\r\n")
    #expect(all.allSatisfy { $0.utf8.count <= 78 && !$0.contains("\n") && $0 != "." })
    #expect(all.filter { $0.hasPrefix("--ikso-") }.count == 3)
  }

  @Test func `both alternatives say the same, the one in HTML escaped`() throws {
    let text = try message(Mail(to: "noor@example.org", name: "Noor <i>", letter)).text
    let file = try MailFile(text: text)
    #expect(file.to == "noor@example.org" && file.subject == "Één — 🌱")
    #expect(
      file.plainText == """
        Beste Noor <i>,

        Hallo <b>& "co"</b>

        https://ikso.example/a?b=1&c='2'#x

        Code: abc
        Organisatie: x

        """)
    #expect(file.html.contains("<html lang=\"nl\">"))
    #expect(file.html.contains("<p>Beste Noor &lt;i&gt;,</p>"))
    #expect(file.html.contains("<p>Hallo &lt;b&gt;&amp; &quot;co&quot;&lt;/b&gt;</p>"))
    #expect(file.html.contains("href=\"https://ikso.example/a?b=1&amp;c=&#39;2&#39;#x\""))
    #expect(file.html.contains("<p>Code: abc<br>Organisatie: x</p>"))
    #expect(!file.html.contains("src=") && !file.html.contains("<link"))
  }

  @Test func `a mailing says how one click ends it, and greets who has given no name`() throws {
    let link = "https://ikso.example/newsletter/unsubscribe/abc"
    let text = try message(
      Mail(to: "noor@example.org", name: "", letter, unsubscribe: link)).text
    #expect(text.contains("\r\nTo: <noor@example.org>\r\n"))
    // RFC 2369 and RFC 8058 section 8.1.
    #expect(
      text.contains(
        "\r\nList-Unsubscribe: <\(link)>\r\n"
          + "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"))
    #expect(try MailFile(text: text).plainText.hasPrefix("Beste lezer,\n"))
    let plain = try message(Mail(to: "noor@example.org", name: "Noor", letter)).text
    #expect(!plain.contains("Unsubscribe"))
    for evil in ["http://ikso.example/", "https://x>\r\nBcc: y@example.net", "https://x y", ""] {
      #expect(throws: MailFault.refused("unsubscribe")) {
        try message(Mail(to: "noor@example.org", name: "", letter, unsubscribe: evil))
      }
    }
  }

  @Test func `mail that an earlier version has left in the outbox can be read`() throws {
    let mail = Mail(to: "noor@example.org", name: "Noor", letter)
    var object = try #require(
      try JSONSerialization.jsonObject(with: JSONEncoder().encode(mail)) as? [String: Any])
    object["unsubscribe"] = nil
    let data = try JSONSerialization.data(withJSONObject: object)
    #expect(try JSONDecoder().decode(Mail.self, from: data) == mail)
  }

  @Test func `a name with a line break in it begins no line of its own`() throws {
    let text = try message(Mail(to: "noor@example.org", name: "N\nCode: xyz", letter)).text
    #expect(try MailFile(text: text).code == "abc")
  }

  @Test func `long header texts are cut into words of whole characters and at most 75 bytes`()
    throws
  {
    var letter = letter
    letter.subject = String(repeating: "é🌱", count: 100)
    let message = try message(
      Mail(to: "noor@example.org", name: "a" + String(repeating: "\u{301}", count: 200), letter))
    let words = message.text.split(whereSeparator: \.isWhitespace).filter { $0.hasPrefix("=?") }
    #expect(words.count > 10 && words.allSatisfy { $0.utf8.count <= 75 })
    for word in words {
      let bytes = try #require(Data(base64Encoded: String(word.dropFirst(10).dropLast(2))))
      #expect(String(data: bytes, encoding: .utf8) != nil)
    }
    #expect(try MailFile(text: message.text).subject == letter.subject)
  }

  @Test(arguments: [
    "", "noor", "@example.org", "noor@", "a@b@c", "noor @example.org", "noor@example.org\r\n",
    "noor@example.org> SIZE=1", "<noor@example.org>", "nóór@example.org", "a,b@example.org",
    "noor@[127.0.0.1]", String(repeating: "a", count: 255) + "@example.org",
  ])
  func `an address that could be more than an address is refused`(address: String) throws {
    #expect(MailAddress(address) == nil)
    #expect(throws: MailFault.refused("address")) {
      try message(Mail(to: address, name: "Noor", letter))
    }
  }

  @Test func `a folder that cannot be made says so with the remedy`() async throws {
    let folder = try Settings(["mail": ["folder": "/dev/null/mail"]])
    let error = await #expect(throws: LaunchError.self) { try await folder.mail() }
    #expect(error?.description.contains("mail.folder") == true)
  }

  @Test(arguments: [
    (["smtp": ["host": "relay.example"], "folder": "/tmp/x"], "both"),
    ([:], "neither"),
    (["smtp": ["host": "relay.example"]], "mail.sender"),
    (["smtp": ["host": "relay.example", "security": "none"], "sender": "a@b.example"], "starttls"),
    (["smtp": ["host": "relay.example", "user": "u"], "sender": "a@b.example"], "passwordFile"),
    (["smtp": ["host": "relay/../x"], "sender": "a@b.example"], "mail.smtp.host"),
    (["smtp": ["host": "relay.example"], "sender": "a@b@c"], "mail.sender"),
  ] as [([String: any Sendable], String)])
  func `settings that do not go together are named`(
    mail: [String: any Sendable], named: String
  ) async throws {
    let settings = try Settings(["mail": mail])
    let error = await #expect(throws: LaunchError.self) { try await settings.mail() }
    #expect(error?.description.contains(named) == true, "\(String(describing: error))")
  }
}

/// A file of settings.
private struct Settings {
  let file: URL

  init(_ values: [String: Any]) throws {
    file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).json")
    try JSONSerialization.data(withJSONObject: values).write(to: file)
  }

  func mail() async throws -> MailSettings {
    defer { try? FileManager.default.removeItem(at: file) }
    return try MailSettings(try ServiceConfiguration(file: file.path))
  }
}
