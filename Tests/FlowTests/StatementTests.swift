import Foundation
import Postgres
import RPC
import Schemas
import SwiftProtobuf
import Testing

/// Versions of a statement: announced, compared, accepted again.
struct StatementTests {
  @Test func `clause 2: a new version says what changed, and is accepted at the next login`()
    async throws
  {
    let organisation = try await Organisation.make(statement: "# Verklaring\n\nEen jaar.\n")
    let house = organisation.house
    let member = try await organisation.member("Otto Versie")
    let second = try await organisation.publish("# Verklaring\n\nTwee jaar.\n")
    let login = try await house.identity.login(member.login)
    #expect(login.challenge.step == .statement)
    let shown = login.challenge.statement
    #expect(shown.version == second.version && shown.acceptedVersion == 1)
    #expect(shown.changes.lines.map(\.text) == ["Een jaar.", "Twee jaar."])
    #expect(shown.changes.lines.map(\.isRemoved) == [true, false])

    let compared = try await StatementServiceClient(house.gateway).compareStatements(
      .with { $0.fromVersion = 1 }, member.options)
    #expect(compared.toVersion == 2 && compared.changes == shown.changes)
    let old = try await house.privacy.getStatement(.with { $0.version = 1 }, member.options)
    #expect(String(decoding: old.markdown, as: UTF8.self).contains("Een jaar."))
  }

  @Test func `a statement is rendered in its own language, else in the organisation's`()
    async throws
  {
    let organisation = try await Organisation.make()
    let house = organisation.house
    let dutch = try await organisation.invite("Otto Taal")[0].open().statement
    #expect(dutch.language == .dutch && dutch.markdown.hasPrefix("# Privacyverklaring voor Otto"))
    let published = try await house.privacy.publishStatement(
      .with {
        $0.organisationID = organisation.id
        $0.markdown = Data("# Statement\n".utf8)
        $0.contact = organisation.contact
        $0.language = .english
      }, try await house.operators.options())
    #expect(published.language == .english)
    let english = try await organisation.invite("Pia Taal")[0].open().statement
    #expect(english.language == .english)
    #expect(english.markdown.hasPrefix("# Privacy statement for Pia"))
    #expect(english.purposes != dutch.purposes && english.purposes.count == dutch.purposes.count)
  }

  @Test func `clause 2: an announced version can be read, and counts from its date on`()
    async throws
  {
    let organisation = try await Organisation.make(statement: "# Nu\n")
    let house = organisation.house
    let operators = try await house.operators.options()
    let announced = Date().addingTimeInterval(30 * 86_400)
    func publish(_ text: String, from date: Date?) async throws -> PrivacyStatementVersion {
      try await house.privacy.publishStatement(
        .with {
          $0.organisationID = organisation.id
          $0.markdown = Data(text.utf8)
          $0.contact = organisation.contact
          if let date { $0.validFrom = Google_Protobuf_Timestamp(date: date) }
        }, operators)
    }
    let next = try await publish("# Straks\n", from: announced)
    #expect(next.version == 2)
    #expect(abs(next.validFrom.date.timeIntervalSince(announced)) < 0.001)
    let member = try await organisation.member("Pia Straks")
    let current = try await house.privacy.getStatement(.init(), member.options)
    #expect(current.version.version == 1)
    let versions = try await house.privacy.listStatementVersions(.init(), member.options).versions
    #expect(versions.map(\.version) == [2, 1])
    let coming = try await house.privacy.getStatement(.with { $0.version = 2 }, member.options)
    #expect(String(decoding: coming.markdown, as: UTF8.self) == "# Straks\n")
    try await expectRefusal(.failedPrecondition, "version 2", what: "one before the announced") {
      try await publish("# Tussendoor\n", from: nil)
    }
    try await expectRefusal(.invalidArgument, "366 days", what: "in ten years") {
      try await publish("# Ooit\n", from: Date().addingTimeInterval(3_660 * 86_400))
    }
    // The day has come.
    try await house.sql(
      """
      UPDATE privacy.statement SET valid_from = now()
      WHERE tenant_id = \(organisation.uuid) AND version = 2
      """)
    let now = try await house.privacy.getStatement(.init(), member.options)
    #expect(now.version.version == 2)
    #expect(try await house.identity.login(member.login).challenge.step == .statement)
  }
}
