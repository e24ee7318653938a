import Access
import Cryptography
import Foundation
import Logging
import Postgres
import RPC
import Reactor
import Schemas
import Storage
import SwiftProtobuf
import Testing

@testable import Identity

/// Rights by way of files, names and reports.
@Suite("Rights by other ways")
struct RightsTests {
  private static func file(_ name: String, _ role: String) -> String {
    "name,email,role\n\(name),\(name)@acme.nl,\(role)\n"
  }

  private static func importing(
    _ house: House, _ tenant: UUID, by granter: UUID, _ role: String
  ) async throws -> Refusal? {
    try await refusal {
      try await house.service.importParticipants(
        .with {
          $0.organisationID = tenant.canonical
          $0.csv = Data(file("new-\(role)", role).utf8)
        },
        house.asPerson(
          house.token(tenant: tenant, [.administrator], subject: granter),
          IdentityServicePolicies.importParticipants))
    }
  }

  @Test func `a file makes no administrator for longer than the right of who imports it`()
    async throws
  {
    try await House.with { house in
      let tenant = try await house.organisation()
      let eva = try await house.enrol(tenant, "eva@acme.nl", name: "Eva")
      // In the token, and not in the table any more.
      let gone = try await Self.importing(house, tenant, by: eva, "participant")
      #expect(gone?.message == "you are no administrator of the organisation any more")
      _ = try await house.admin.run(
        [
          """
          INSERT INTO identity.role_grant (
            tenant_id, role_grant_id, person_id, role, valid_from, valid_until, granted_at)
          VALUES (\(tenant), \(UUID()), \(eva), 'administrator', '2026-09-01', '2026-09-22',
            \(house.clock.now))
          """
        ], deadline: nil)
      let beyond = try await Self.importing(house, tenant, by: eva, "administrator")
      #expect(beyond?.code == .permissionDenied)
      #expect(try await house.count("person", tenant) == 1)
      #expect(try await Self.importing(house, tenant, by: eva, "coach") == nil)
      try await house.database.once(tenant: tenant, .personAddRole(tenant, eva, .administrator))
      #expect(try await Self.importing(house, tenant, by: eva, "administrator") == nil)
      let granted = try await house.events(of: tenant).filter { $0.kind == .roleGranted }
      // Events of one moment have no order.
      #expect(Set(granted.map(\.role)) == [.administrator, .coach] && granted.count == 2)
      let made = try await house.person(tenant, "new-administrator@acme.nl")
      #expect(Set(granted.map(\.personID)) == [made.canonical, ""])
      #expect(granted.allSatisfy { $0.actorID == eva.canonical && $0.occurrences == 1 })
    }
  }

  @Test func `who is succeeded as Authorised Person has their tokens taken back, on record`()
    async throws
  {
    try await House.with { house in
      let tenant = try await house.organisation()
      let olga = try await house.officer(tenant, "olga@acme.nl")
      let ada = try await house.enrol(tenant, "ada@acme.nl")
      let login = try await house.signIn(tenant, "olga@acme.nl")
      let token = try await house.verify(login.accessToken)
      #expect(token.roles == [.privacyOfficer])
      house.clock.advance(1)
      try await house.nameOfficer(tenant, "ada@acme.nl", from: "2026-09-21")
      #expect(try await house.revocations().map(\.subject).contains(.session(token.session)))
      let refused = try await refusal { try await house.refresh(login.refreshToken) }
      #expect(refused?.message == "the account has no role in the organisation today")
      let events = try await house.events(of: tenant).prefix(2)
      #expect(Set(events.map(\.kind)) == [.authorisedPersonNamed, .roleRevoked])
      #expect(events.allSatisfy { $0.role == .privacyOfficer && $0.actor == .staff })
      let about = Dictionary(
        uniqueKeysWithValues: events.map { ($0.kind, $0.personID) })
      #expect(about[.roleRevoked] == olga.canonical)
      #expect(about[.authorisedPersonNamed] == ada.canonical)
      // Named anew, nobody is succeeded.
      try await house.nameOfficer(tenant, "ada@acme.nl", from: "2026-09-21")
      let again = try await house.events(of: tenant).count { $0.kind == .roleRevoked }
      #expect(again == 1)
    }
  }

  @Test func `the last administrator who can sign in is not frozen by a report`() async throws {
    try await House.with { house in
      let tenant = try await house.organisation()
      var administrators: [UUID] = []
      for name in ["eva", "fred", "gina"] {
        let id = try await house.enrol(tenant, "\(name)@acme.nl", name: name)
        try await house.database.once(tenant: tenant, .personAddRole(tenant, id, .administrator))
        administrators.append(id)
      }
      let ada = try await house.enrol(tenant, "ada@acme.nl")
      func report(_ person: UUID) async throws -> Refusal? {
        try await refusal {
          try await house.service.reportUnder16(
            .with { $0.personID = person.canonical },
            house.asPerson(
              house.token(tenant: tenant, [.participant], subject: ada),
              MinorServicePolicies.reportUnder16))
        }
      }
      #expect(try await report(administrators[0]) == nil)
      #expect(try await report(administrators[1]) == nil)
      let last = try await report(administrators[2])
      #expect(last?.message.hasPrefix("this is the last administrator who can sign in") == true)
      #expect(try await house.count("minor_report", tenant) == 2)
      // Those who are frozen do not count for other changes either.
      let under16 = try await refusal {
        try await house.service.setUnder16(
          .with {
            $0.personID = administrators[2].canonical
            $0.under16 = true
          },
          house.asPerson(
            house.token(tenant: tenant, [.administrator]), MinorServicePolicies.setUnder16))
      }
      #expect(under16 == last)
    }
  }

  @Test func `clause 20: a report is told to the officer, and to whom it is about`()
    async throws
  {
    try await House.with { house in
      let tenant = try await house.organisation()
      let olga = try await house.officer(tenant, "olga@acme.nl")
      let ada = try await house.enrol(tenant, "ada@acme.nl")
      let ben = try await house.enrol(tenant, "ben@acme.nl", name: "Ben")
      let before = try await house.mails.mails(to: "ben@acme.nl").count
      _ = try await house.service.reportUnder16(
        .with { $0.personID = ada.canonical },
        house.asPerson(
          house.token(tenant: tenant, [.participant], subject: ben),
          MinorServicePolicies.reportUnder16))
      try await house.writeNotices()
      #expect(
        try await house.mails.subjects(to: "olga@acme.nl")
          .contains("Een melding over leeftijd wacht op u"))
      #expect(
        try await house.mails.subjects(to: "ada@acme.nl").contains("Uw IKSO-account is stilgezet"))
      let officer = house.token(tenant: tenant, [.privacyOfficer], subject: olga)
      let report = try await house.service.listUnder16Reports(
        .init(), house.asPerson(officer, MinorServicePolicies.listUnder16Reports)
      ).reports[0]
      for _ in 0..<2 {
        _ = try await house.service.resolveUnder16Report(
          .with {
            $0.reportID = report.reportID
            $0.resolution = .notUnder16
          }, house.asPerson(officer, MinorServicePolicies.resolveUnder16Report))
      }
      let told = try await house.mails.subjects(to: "ada@acme.nl")
      #expect(told.count { $0 == "Nieuws over uw IKSO-account" } == 1)
      // The reporter learns nothing of it.
      #expect(try await house.mails.mails(to: "ben@acme.nl").count == before)
    }
  }
}

extension House {
  /// What the background does about notices.
  func writeNotices() async throws {
    let rounds = NoticeRounds(
      database: database, vault: service.vault, outbox: service.outbox,
      links: "https://ikso.example", bell: Bell(.each),
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, now: service.now)
    while try await rounds.round() {}
  }
}
