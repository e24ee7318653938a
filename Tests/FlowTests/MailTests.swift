import Cryptography
import Foundation
import Glibc
import Postgres
import ProgramSupport
import RPC
import Schemas
import SwiftProtobuf
import Testing

/// Mail by way of the outbox: what waits survives, and what was given up is its organisation's
/// alone.
struct MailTests {
  private func invite(
    _ name: String, to organisation: Organisation, by identity: IdentityServiceClient
  ) async throws -> String {
    let email = organisation.email(name)
    _ = try await identity.importParticipants(
      .with {
        $0.organisationID = organisation.id
        $0.csv = Data("name,email,role\r\n\(name),\(email),participant\r\n".utf8)
      }, try await organisation.house.operators.options())
    return email
  }

  @Test func `kill -9 between the answer and the mail loses no mail`() async throws {
    let organisation = try await Organisation.make()
    // It can only answer: nobody listens where its mail should go.
    let service = try await OwnService.start("identity") {
      $0["mail.folder"] = ""
      $0["mail.smtp"] = ["host": "localhost", "port": 1]
      $0["mail.sender"] = "noreply@ikso.example"
    }
    let email = try await invite(
      "Kees Blijft", to: organisation, by: IdentityServiceClient(service.client))
    service.child.signal(SIGKILL)
    #expect(await service.child.end() == .signal(SIGKILL))
    await service.client.shutdown()
    let code = try await organisation.house.mailbox.code(to: email)
    let opened = try await organisation.house.identity.openInvitation(.with { $0.code = code })
    #expect(opened.name == "Kees Blijft")
  }

  @Test func `people are written to in the language that their organisation has chosen`()
    async throws
  {
    let organisation = try await Organisation.make()
    let house = organisation.house
    func subject(_ name: String) async throws -> String? {
      let email = try await invite(name, to: organisation, by: house.identity)
      _ = try await house.mailbox.code(to: email)
      return try house.mailbox.messages(to: email).first?.subject
    }
    #expect(try await subject("Nel Taal") == "Uitnodiging voor IKSO")
    let operators = try await house.operators.options()
    let policy = try await house.organisations.getOrganisationPolicy(
      .with { $0.organisationID = organisation.id }, operators)
    #expect(policy.language == .dutch)
    let changed = try await house.organisations.setOrganisationPolicy(
      .with {
        $0.organisationID = organisation.id
        $0.policy = policy
        $0.policy.language = .english
      }, operators)
    #expect(changed.language == .english)
    #expect(try await subject("Ned Tongue") == "Invitation to IKSO")
    // Feedback asks identity for it.
    let asker = try await organisation.member("Anna Vraag")
    _ = try await house.feedback.askFeedback(
      .with {
        $0.topic = "Vergaderen"
        $0.question = "Hoe doe ik dat?"
        $0.outsiders = [
          .with {
            $0.name = "Otto Buiten"
            $0.email = organisation.email("Otto Buiten")
          }
        ]
        $0.visibility = .asker
      }, asker.options)
    _ = try await house.mailbox.code(to: organisation.email("Otto Buiten"))
    let mails = try house.mailbox.messages(to: organisation.email("Otto Buiten"))
    #expect(mails.map(\.subject) == ["Somebody asks for your feedback"])
    #expect(mails[0].html.contains("Anna Vraag of Voorbeeld &amp; Zoon B.V."))
  }

  @Test func `mail that was given up is its own organisation's to see and to try again`()
    async throws
  {
    let (here, there) = (try await Organisation.make(), try await Organisation.make())
    let house = here.house
    let (own, foreign) = (
      try await here.member("Bea Heer", role: "administrator"),
      try await there.member("Ben Heer", role: "administrator")
    )
    let id = UUID()
    let platform = Organisation.platformID
    // As one that a relay has refused; what is in it cannot be opened.
    _ = try await house.sql(
      """
      INSERT INTO identity.outbox (tenant_id, outbox_id, person_id, kind, sealed_mail, created_at,
        expires_at, attempts, reason, dead_at)
      VALUES (\(here.uuid), \(id), \(UUID(uuidString: own.id)), 'invitation', '\\x00', now(),
        now() + interval '1 day', 1, 'smtp 550', now())
      """,
      """
      INSERT INTO identity.outbox_due (tenant_id, organisation_id, outbox_id, next_attempt_at,
        is_dead)
      VALUES (\(UUID(uuidString: platform)), \(here.uuid), \(id), now() + interval '1 day', true)
      """)
    let mails = IdentityMailServiceClient(house.gateway)
    func list(_ organisation: Organisation, _ options: CallOptions) async throws -> [MailDeadMail] {
      try await mails.listDeadMail(.with { $0.organisationID = organisation.id }, options).mails
    }
    func retry(_ organisation: Organisation, _ options: CallOptions) async throws {
      _ = try await mails.retryMail(
        .with {
          $0.organisationID = organisation.id
          $0.mailID = id.uuidString
        }, options)
    }
    for options in [own.options, try await house.operators.options()] {
      let dead = try await list(here, options)
      #expect(dead.map(\.mailID) == [id.canonical])
      #expect(dead.map(\.reason) == ["smtp 550"] && dead.map(\.kind) == ["invitation"])
    }
    #expect(try await list(there, foreign.options).isEmpty)
    try await expectRefusal(.notFound, what: "another organisation") {
      try await list(here, foreign.options)
    }
    try await expectRefusal(.notFound, what: "another organisation's mail") {
      try await retry(there, foreign.options)
    }
    try await expectRefusal(.permissionDenied, what: "a participant") {
      try await list(here, try await here.member("Cor Lid").options)
    }
    try await retry(here, own.options)
    try await until("it was tried and cannot be read") {
      try await list(here, own.options).map(\.reason) == ["unreadable"]
    }
    // Once: what waits already goes on waiting, and of what is not there nothing is said.
    let retried = try await SecurityLogServiceClient(house.gateway).listSecurityEvents(
      .with { $0.kinds = [.mailRetried] }, own.options
    ).events
    #expect(retried.map(\.personID) == [own.id] && retried.map(\.actorID) == [own.id])
    // Of an organisation whose data are erased nothing is tried.
    _ = try await house.sql("DELETE FROM identity.outbox WHERE outbox_id = \(id)")
    try await expectRefusal(.notFound, what: "what is gone") {
      try await retry(here, own.options)
    }
  }
}
