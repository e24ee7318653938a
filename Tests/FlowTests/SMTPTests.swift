import Foundation
import Postgres
import ProgramSupport
import RPC
import Schemas
import SwiftProtobuf
import Testing

/// Mail of the identity process by way of a real SMTP server, whatever that makes of it.
@Suite(.timeLimit(.minutes(10)))
struct SMTPTests {
  /// How a process reaches the relay. `caFile`: whom it trusts.
  private static func mail(
    _ relay: TestRelay, _ security: String = "starttls", caFile: String? = nil
  ) -> (inout Settings) -> Void {
    { settings in
      settings["mail.folder"] = ""
      settings["mail.smtp"] = [
        "host": "localhost", "port": relay.port, "security": security,
        "caFile": caFile ?? relay.caFile,
      ]
      settings["mail.sender"] = "noreply@ikso.example"
    }
  }

  /// Invites people by their addresses, to an organisation of their own; gives its id.
  private func invite(
    _ addresses: [String], by process: OwnService, _ own: OwnIdentity, _ operators: CallOptions
  ) async throws -> String {
    let organisation = try await own.organisation(process, operators)
    let rows = addresses.map { "Noor Post,\($0),participant\r\n" }.joined()
    _ = try await process.identity.importParticipants(
      .with {
        $0.organisationID = organisation
        $0.csv = Data("name,email,role\r\n\(rows)".utf8)
      }, operators)
    return organisation
  }

  @Test(arguments: ["starttls", "tls"])
  func `an invitation goes over TLS to the relay, and nothing of it is kept`(
    security: String
  ) async throws {
    try await TestRelay.with(security) { relay in
      try await OwnIdentity.with { own in
        let process = try await own.database.start(Self.mail(relay, security))
        let operators = try await own.operators(process)
        _ = try await invite(["noor@example.org"], by: process, own, operators)
        let mail = try #require(try await relay.received().first)
        #expect(mail.isEncrypted && mail.to == "noor@example.org")
        #expect(mail.from == "noreply@ikso.example")
        #expect(try MailFile(text: mail.text).code != nil)
        try await until("the outbox is empty") {
          let rows = try await own.database.superuser.run([
            """
            SELECT (SELECT count(*) FROM identity.outbox)
              + (SELECT count(*) FROM identity.outbox_due) AS n
            """
          ])
          return try rows[0][0].get("n", as: Int64.self) == 0
        }
        await own.database.kill(process)
      }
    }
  }

  @Test func `what the relay refuses for good waits for somebody to have it tried again`()
    async throws
  {
    let address = "rcpt-550-1.noor@example.org"
    try await TestRelay.with { relay in
      try await OwnIdentity.with { own in
        let process = try await own.database.start(Self.mail(relay))
        let operators = try await own.operators(process)
        let organisation = try await invite([address], by: process, own, operators)
        let mails = IdentityMailServiceClient(process.client)
        func dead() async throws -> [MailDeadMail] {
          try await mails.listDeadMail(
            .with { $0.organisationID = organisation }, operators
          ).mails
        }
        let given = try await eventually("it was given up") { try await dead().first }
        #expect(given.reason == "smtp 550" && given.kind == "invitation" && given.attempts == 1)
        _ = try await mails.retryMail(
          .with {
            $0.organisationID = organisation
            $0.mailID = given.mailID
          }, operators)
        #expect(try await relay.received().map(\.to) == [address])
        #expect(try await dead().isEmpty)
        await own.database.kill(process)
      }
    }
  }

  @Test func `what the relay puts off is tried again, when its time has come`() async throws {
    let address = "data-451-1.noor@example.org"
    try await TestRelay.with { relay in
      try await OwnIdentity.with { own in
        let process = try await own.database.start(Self.mail(relay))
        _ = try await invite([address], by: process, own, try await own.operators(process))
        try await until("it was put off") {
          let rows = try await own.database.superuser.run([
            "SELECT count(*) AS n FROM identity.outbox WHERE reason = 'smtp 451' AND attempts = 1"
          ])
          return try rows[0][0].get("n", as: Int64.self) == 1
        }
        // A minute or more from now; it is not in anybody's hands meanwhile.
        let due = try await own.database.superuser.run([
          """
          SELECT next_attempt_at > now() + interval '30 seconds' AS later
          FROM identity.outbox_due
          """,
          "UPDATE identity.outbox_due SET next_attempt_at = now()",
        ])
        #expect(try due[0][0].get("later") == true)
        #expect(try await relay.received().map(\.to) == [address])
        await own.database.kill(process)
      }
    }
  }

  @Test func `after a break within a message, or at its end, it goes once more as the same`()
    async throws
  {
    let (cut, lost) = ("cut-1.noor@example.org", "lost-1.nel@example.org")
    try await TestRelay.with { relay in
      try await OwnIdentity.with { own in
        let process = try await own.database.start(Self.mail(relay))
        _ = try await invite([cut, lost], by: process, own, try await own.operators(process))
        let mails = try await relay.received(3)
        #expect(mails.filter { !$0.isLost }.map(\.to).sorted() == [cut, lost])
        #expect(mails.filter(\.isLost).map(\.to) == [lost])
        // Whoever has got it twice can tell.
        let ids = try mails.filter { $0.to == lost }.map(Self.messageID)
        #expect(ids.count == 2 && ids[0] == ids[1])
        await own.database.kill(process)
      }
    }
  }

  private static func messageID(_ mail: TestRelay.Received) throws -> String {
    let head = try MailFile(text: mail.text).head.components(separatedBy: "\r\n")
    return try #require(head.first { $0.lowercased().hasPrefix("message-id: ") })
  }

  @Test func `a relay that cannot prove who it is gets nothing: mail waits for one that can`()
    async throws
  {
    let address = "noor@example.org"
    try await TestRelay.with { relay in
      try await TestRelay.with { other in
        try await OwnIdentity.with { own in
          let distrustful = try await own.database.start(
            Self.mail(relay, caFile: other.caFile))
          let organisation = try await invite(
            [address], by: distrustful, own, try await own.operators(distrustful))
          let warned = await distrustful.child.lines.first {
            $0.contains("no mail goes") && $0.contains("certificate")
          }
          #expect(warned != nil)
          await own.database.kill(distrustful)
          let process = try await own.database.start(Self.mail(relay))
          #expect(try await relay.received().map(\.to) == [address])
          let operators = try await own.operators(process)
          let dead = try await IdentityMailServiceClient(process.client).listDeadMail(
            .with { $0.organisationID = organisation }, operators)
          #expect(dead.mails.isEmpty)
          await own.database.kill(process)
        }
      }
      #expect(await relay.lastWords().isEmpty)
    }
  }
}
