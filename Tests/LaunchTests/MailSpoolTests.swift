import Foundation
import Reactor
import Testing

@testable import Launch

@Suite struct MailSpoolTests {
  private let mail = Mail(
    to: "noor@example.org", name: "Noor\r\nBcc: x@example.net", subject: "Één — 🌱",
    body: "Code: abc\n")

  @Test func `a message has one line for each header whatever a name holds`() throws {
    let text = MailSpool.render(
      mail, from: "noreply@ikso.example", id: "1",
      date: MailSpool.rfc5322(Date(timeIntervalSince1970: 0)))
    let end = try #require(text.range(of: "\r\n\r\n"))
    let names = text[..<end.lowerBound].components(separatedBy: "\r\n")
      .filter { !$0.hasPrefix(" ") }.map { $0.prefix { $0 != ":" } }
    #expect(
      names == [
        "Date", "From", "To", "Subject", "Message-ID", "MIME-Version", "Content-Type",
        "Content-Transfer-Encoding",
      ])
    #expect(text.contains("Date: Thu, 01 Jan 1970 00:00:00 +0000"))
    #expect(text.allSatisfy { $0.isASCII })
  }

  @Test func `long names are cut into words of at most 75 bytes`() {
    var long = mail
    long.subject = String(repeating: "é", count: 200)
    let text = MailSpool.render(long, from: "noreply@ikso.example", id: "1", date: "")
    let words = text.split(whereSeparator: { $0.isWhitespace }).filter { $0.hasPrefix("=?") }
    #expect(words.count > 5)
    #expect(words.allSatisfy { $0.utf8.count <= 75 })
  }

  @Test func `messages appear whole in new and nothing stays in tmp`() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let blocking = BlockingPool(threads: 1, queueLimit: 4)
    defer { blocking.shutdown() }
    let spool = try MailSpool(
      folder: folder.path, sender: "noreply@ikso.example", blocking: blocking)
    try await spool.deliver([mail, mail, mail])
    let files = FileManager.default
    #expect(try files.contentsOfDirectory(atPath: folder.appending(path: "new").path).count == 3)
    #expect(try files.contentsOfDirectory(atPath: folder.appending(path: "tmp").path).isEmpty)
  }

  @Test func `a spool that cannot be made says so with the remedy`() {
    let blocking = BlockingPool(threads: 1, queueLimit: 4)
    defer { blocking.shutdown() }
    #expect(throws: LaunchError.self) {
      try MailSpool(folder: "/dev/null/spool", sender: "a@example.org", blocking: blocking)
    }
  }
}
