import Foundation
import Glibc
import Mail
import ProgramSupport
import Testing

@Suite("Relay", .enabled(if: TestRelay.isExpected, "no Python with aiosmtpd: run Deploy/test"))
struct MailRelayTests {
  private func send(_ route: MailRoute, _ addresses: String...) throws -> [MailOutcome] {
    route.send(try addresses.map { try TestMail.message(to: $0) }) { true }
  }

  @Test(arguments: MailRelay.Security.allCases)
  func `mail goes over TLS, under the sender's own domain, several over one connection`(
    security: MailRelay.Security
  ) async throws {
    try await TestRelay.with(security.rawValue) { relay in
      let outcomes = try send(try relay.route(security), "a@example.org", "b@example.org")
      #expect(outcomes == [.sent, .sent])
      let received = try await relay.received(2)
      #expect(received.map(\.to) == ["a@example.org", "b@example.org"])
      #expect(
        received.allSatisfy {
          $0.isEncrypted && $0.hello == "ikso.example" && $0.from == "noreply@ikso.example"
        })
      #expect(try MailFile(text: received[0].text).code == "abc")
    }
  }

  @Test func `a mailing comes with how one click ends it`() async throws {
    try await TestRelay.with { relay in
      let link = "https://ikso.example/newsletter/unsubscribe/abc"
      let mail = Mail(to: "a@example.org", name: "", TestMail.letter, unsubscribe: link)
      let message = try MailMessage(mail, from: TestMail.sender, id: UUID(), date: Date())
      let route = try relay.route()
      #expect(route.send([message]) { true } == [.sent])
      let head = try MailFile(text: try await relay.received()[0].text).head
      #expect(head.contains("List-Unsubscribe: <\(link)>"))
      #expect(head.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"))
    }
  }

  @Test func `a sign-in takes the password from its file as it is then`() async throws {
    try await TestRelay.with(account: ["ikso", "geheim één"]) { relay in
      let file = try relay.file("password", "fout\n")
      let route = try relay.route(user: "ikso", passwordFile: file)
      #expect(try send(route, "a@example.org") == [.failed(.closed("login"))])
      _ = try relay.file("password", "geheim één\n")
      #expect(try send(route, "a@example.org") == [.sent])
      #expect(try await relay.received()[0].to == "a@example.org")
      try FileManager.default.removeItem(atPath: file)
      #expect(
        try send(route, "a@example.org") == [.failed(.closed("password file"))])
    }
  }

  @Test(arguments: MailRelay.Security.allCases)
  func `a relay that cannot prove who it is gets nothing`(
    security: MailRelay.Security
  ) async throws {
    try await TestRelay.with(security.rawValue) { relay in
      try await TestRelay.with { other in
        let stranger = try relay.route(security, caFile: other.caFile)
        #expect(
          try send(stranger, "a@example.org", "b@example.org")
            == [.failed(.closed("certificate")), .untried])
        let otherName = try relay.route(security, host: "127.0.0.1")
        #expect(try send(otherName, "a@example.org") == [.failed(.closed("certificate"))])
      }
      #expect(await relay.lastWords().filter { $0.contains("example.org") }.isEmpty)
    }
  }

  @Test func `a relay without TLS gets nothing`() async throws {
    try await TestRelay.with("plain") { relay in
      let outcomes = try send(try relay.route(), "a@example.org")
      #expect(outcomes == [.failed(.closed("tls"))])
      #expect(await relay.lastWords().filter { $0.contains("example.org") }.isEmpty)
    }
  }

  @Test func `what the relay says of one message is told from what it says of us`() async throws {
    try await TestRelay.with { relay in
      let outcomes = try send(
        try relay.route(), "rcpt-451-1.a@example.org", "rcpt-550-1.b@example.org",
        "data-451-1.c@example.org", "data-554-1.d@example.org", "e@example.org",
        "rcpt-421-1.f@example.org", "g@example.org")
      #expect(
        outcomes == [
          .failed(.postponed("smtp 451")), .failed(.refused("smtp 550")),
          .failed(.postponed("smtp 451")), .failed(.refused("smtp 554")), .sent,
          .failed(.postponed("smtp 421")), .sent,
        ])
      #expect(try await relay.received(2).map(\.to) == ["e@example.org", "g@example.org"])
    }
  }

  @Test func `a relay that is not there, or hangs up, closes the way`() async throws {
    try await TestRelay.with { relay in
      let route = try relay.route()
      _ = await relay.lastWords()
      #expect(try send(route, "a@example.org") == [.failed(.closed("unreachable"))])
    }
  }
}
