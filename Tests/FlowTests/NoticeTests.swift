import Foundation
import Glibc
import Postgres
import ProgramSupport
import RPC
import Schemas
import SwiftProtobuf
import Testing

/// Notices of the privacy service, by way of identity, through real processes.
struct NoticeTests {
  @Test(.timeLimit(.minutes(10)))
  func `kill -9 after each answer: every notice comes to the officer, and once`() async throws {
    let organisation = try await Organisation.make()
    let officer = try await organisation.officer()
    let member = try await organisation.member("Vera Vraagt")
    let house = organisation.house
    let subject = "Een verzoek over persoonsgegevens wacht op u"
    try await OwnPrivacy.with { own in
      let kinds: [PrivacyRequestKind] = [.access, .portability, .restriction]
      var service = try await own.start()
      for kind in kinds {
        let desk = OwnRequestServiceClient(service.client)
        let made = try await OwnPrivacy.patiently {
          try await desk.createOwnRequest(.with { $0.kind = kind }, member.options)
        }
        #expect(made.state == .waitingForAcceptance)
        await own.kill(service)
        service = try await own.start()
      }
      try await until("all that is due is handed over") {
        try await own.superuser.run([
          """
          SELECT count(*) AS n FROM privacy.notice WHERE next_attempt_at < now() + interval '1 h'
          """
        ])[0][0].get("n", as: Int64.self) == 0
      }
      await own.kill(service)
      try await until("the officer has them") {
        try house.mailbox.messages(to: officer.email).filter { $0.subject == subject }.count
          == kinds.count
      }
      try await house.mailIsOut(of: organisation)
      let mails = try house.mailbox.messages(to: officer.email).filter { $0.subject == subject }
      #expect(mails.count == kinds.count)
      // What it says leads to the request, and names nobody.
      #expect(mails.allSatisfy { $0.plainText.contains("/requests#") })
      #expect(mails.allSatisfy { !$0.plainText.contains("Vera") })
    }
  }

  @Test func `clauses 38 and 44: a request comes to the officer, its refusal to the person`()
    async throws
  {
    let organisation = try await Organisation.make()
    let officer = try await organisation.officer()
    let member = try await organisation.member("Wim Wacht")
    let house = organisation.house
    let made = try await OwnRequestServiceClient(house.gateway).createOwnRequest(
      .with { $0.kind = .access }, member.options)
    try await until("the officer has a notice") {
      try house.mailbox.messages(to: officer.email).contains {
        $0.plainText.contains("/requests#\(made.requestID)")
      }
    }
    _ = try await RequestServiceClient(house.gateway).refuseRequest(
      .with {
        $0.requestID = made.requestID
        $0.ground = .manifestlyUnfounded
        $0.explanation = "Geheim"
      }, officer.options)
    let mail = try await eventually("the person has a notice") {
      try house.mailbox.messages(to: member.email).first {
        $0.plainText.contains("/requests#\(made.requestID)")
      }
    }
    #expect(mail.plainText.contains("https://authority.example.org/complain"))
    #expect(!mail.plainText.contains("Geheim") && mail.subject == "Nieuws over uw verzoek")
  }

  @Test func `clause 39: a breach is mailed to those who are responsible, at once`() async throws {
    let organisation = try await Organisation.make()
    let officer = try await organisation.officer()
    let administrator = try await organisation.member("Bas Beheer", role: "administrator")
    let member = try await organisation.member("Mia Melder")
    let house = organisation.house
    let breach = try await BreachServiceClient(house.gateway).reportBreach(
      .with { $0.text = "Een laptop is weg" }, member.options)
    for email in [officer.email, administrator.email] {
      let mail = try await eventually("\(email) has a notice") {
        try house.mailbox.messages(to: email).first {
          $0.plainText.contains("/breaches#\(breach.breachID)")
        }
      }
      #expect(mail.subject == "Dringend: mogelijk een datalek")
      #expect(!mail.plainText.contains("laptop"))
    }
    try await house.mailIsOut(of: organisation)
    #expect(
      try house.mailbox.messages(to: member.email).allSatisfy {
        !$0.plainText.contains(breach.breachID)
      })
  }

  @Test func `clauses 39 and 44: an English organisation is told in English`() async throws {
    let organisation = try await Organisation.make("Example Ltd.")
    let house = organisation.house
    let operators = try await house.operators.options()
    let policy = try await house.organisations.getOrganisationPolicy(
      .with { $0.organisationID = organisation.id }, operators)
    _ = try await house.organisations.setOrganisationPolicy(
      .with {
        $0.organisationID = organisation.id
        $0.policy = policy
        $0.policy.language = .english
      }, operators)
    let officer = try await organisation.officer()
    let member = try await organisation.member("Ed English")
    let breach = try await BreachServiceClient(house.gateway).reportBreach(
      .with { $0.text = "A laptop is gone" }, member.options)
    let urgent = try await eventually("a notice of the breach") {
      try house.mailbox.messages(to: officer.email).first {
        $0.plainText.contains("/breaches#\(breach.breachID)")
      }
    }
    #expect(urgent.subject == "Urgent: possibly a data breach")
    #expect(urgent.plainText.contains("72 hours") && !urgent.plainText.contains("laptop"))
    let made = try await OwnRequestServiceClient(house.gateway).createOwnRequest(
      .with { $0.kind = .access }, member.options)
    _ = try await RequestServiceClient(house.gateway).refuseRequest(
      .with {
        $0.requestID = made.requestID
        $0.ground = .manifestlyUnfounded
      }, officer.options)
    let refused = try await eventually("the person has a notice") {
      try house.mailbox.messages(to: member.email).first {
        $0.plainText.contains("/requests#\(made.requestID)")
      }
    }
    #expect(refused.subject == "News about your request")
    #expect(refused.plainText.contains("https://authority.example.org/complain"))
  }

  @Test func `clause 2: people are told of a new version of the statement`() async throws {
    let organisation = try await Organisation.make()
    let member = try await organisation.member("Noa Nieuws")
    let invited = try await organisation.invite("Ivo Invite")[0]
    let house = organisation.house
    let version = try await organisation.publish(Samples.statement + "\n\nEen zin meer.\n")
    let mail = try await eventually("a notice of the statement") {
      try house.mailbox.messages(to: member.email).first {
        $0.subject == "Een nieuwe privacyverklaring"
      }
    }
    #expect(mail.plainText.contains("Versie: \(version.version)"))
    // Who has no account yet is shown it before anything else.
    try await house.mailIsOut(of: organisation)
    #expect(
      try house.mailbox.messages(to: invited.email).allSatisfy {
        $0.subject != "Een nieuwe privacyverklaring"
      })
  }
}
