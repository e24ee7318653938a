import Cryptography
import Foundation
import Postgres
import ProgramSupport
import RPC
import Schemas
import SwiftProtobuf
import Testing

/// The newsletter, through the gateway and real processes.
struct NewsletterTests {
  private static let form = "application/x-www-form-urlencoded"

  @Test func `clause 18: only who has confirmed gets the newsletter, and one click ends it`()
    async throws
  {
    let house = try House.current()
    let tag = String(UUID().canonical.filter { $0.isLetter })
    let email = "lezer-\(tag)@example.org"
    let direct = NewsletterServiceClient(try house.direct("privacy", as: "gateway"))
    var options = CallOptions()
    try options.metadata.add("x-forwarded-for", "192.0.2.1-\(tag)")
    for _ in 0..<2 {
      let answer = try await direct.subscribe(
        .with {
          $0.email = email
          $0.language = .dutch
        }, options)
      #expect(answer == PrivacySubscribeResponse())
    }
    let code = try await house.mailbox.code(to: email)
    #expect(try await Tables.places(of: [email, code], in: house.superuser).isEmpty)

    // Not confirmed: nothing comes.
    try await send("Te vroeg \(tag)", house)
    #expect(try house.mailbox.messages(to: email).count == 1)

    let newsletter = NewsletterServiceClient(house.gateway)
    let confirmed = try await newsletter.confirmSubscription(.with { $0.code = code })
    #expect(confirmed.consent.contains("nieuwsbrief") && confirmed.hasConfirmedAt)
    try await expectRefusal(.notFound, what: "a code that was used") {
      try await newsletter.confirmSubscription(.with { $0.code = code })
    }
    try await send("Nieuws \(tag)", house)
    let mail = try await eventually("the newsletter has come") {
      try house.mailbox.messages(to: email).first { $0.subject == "Nieuws \(tag)" }
    }
    #expect(mail.plainText.hasPrefix("Beste lezer,\n"))
    #expect(mail.head.contains("\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"))
    let link = try #require(
      mail.head.firstMatch(of: /\r\nList-Unsubscribe: <https:\/\/[^\/]+\/([^>]+)>\r\n/)?.output.1)
    #expect(mail.plainText.contains(link) && mail.html.contains(link))
    try await click(String(link), house)
    #expect(try await Tables.places(of: [email], in: house.superuser).isEmpty)
    // It may be asked for anew.
    _ = try await direct.subscribe(
      .with {
        $0.email = email
        $0.language = .english
      }, options)
    #expect(try await house.mailbox.code(to: email, except: [code]) != code)
  }

  /// Sends an issue, and returns when all of its mails are written.
  private func send(_ subject: String, _ house: House) async throws {
    let newsletter = NewsletterServiceClient(house.gateway)
    let operators = try await house.operators.options()
    let issue = try await newsletter.sendNewsletter(
      .with {
        $0.language = .dutch
        $0.subject = subject
        $0.parts = [.with { $0.text = "Er is nieuws." }]
      }, operators)
    try await until("the issue is written") {
      try await newsletter.listNewsletters(.with { $0.pageSize = 100 }, operators).issues
        .first { $0.issueID == issue.issueID }?.hasDoneAt == true
    }
  }

  /// As a mail program, and as a person who is shown a button.
  private func click(_ path: String, _ house: House) async throws {
    let curl = try Curl.gateway()
    let text = try #require(path.split(separator: "/").last)
    let bytes = Array(try Base64URL.decode(text).prefix(16))
    let id = Hex.encode(bytes)
    func isSubscribed() async throws -> Bool {
      try await !house.sql(
        "SELECT 1 AS n FROM privacy.subscriber WHERE subscriber_id = \(id)::text::uuid")[0]
        .isEmpty
    }
    // Programs fetch links by themselves.
    let page = try await curl.get(path, [])
    #expect(page.status == 200 && page.text.contains("<form method=\"post\""))
    #expect(page["set-cookie"] == nil && page["referrer-policy"] == "no-referrer")
    let other = try await curl.post(path, Self.form, Array("a=b".utf8))
    #expect(other.status == 400)
    #expect(try await curl.post(path, "text/plain", []).status == 415)
    let long = [UInt8](repeating: 0x61, count: 5_000)
    #expect(try await curl.post(path, Self.form, long).status == 413)
    let stranger = try await curl.post(
      String(path.dropLast(8)) + "AAAAAAAA", Self.form,
      Array("List-Unsubscribe=One-Click".utf8))
    #expect(stranger.status == 404, "\(stranger)")
    #expect(try await isSubscribed())

    let done = try await curl.post(path, Self.form, Array("List-Unsubscribe=One-Click".utf8))
    #expect(done.status == 200 && done["location"] == nil && done["set-cookie"] == nil)
    #expect(try await !isSubscribed())
    // Again, in the other form of RFC 8058.
    let multipart = """
      --b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n
      """
    let again = try await curl.post(
      path, "multipart/form-data; boundary=b", Array(multipart.utf8))
    #expect(again.status == 200, "\(again)")
    // The code stands in no log.
    let log = try String(contentsOfFile: house.plan.process("gateway").log, encoding: .utf8)
    #expect(!log.contains(text))
  }
}
