import Cryptography
import Foundation
import Postgres
import RPC
import Schemas
import SwiftProtobuf
import Testing

/// That a personal statement says what the software does at that moment: what the registers hold,
/// what the organisation instructs, what the person has decided.
@Suite(.timeLimit(.minutes(10))) struct StatementRegisterTests {
  /// An organisation whose statement is in `language`, with somebody in it.
  private struct Reader {
    let organisation: Organisation
    let member: Member
    var house: House { organisation.house }

    static func make(_ language: PrivacyStatementLanguage) async throws -> Reader {
      let organisation = try await Organisation.make(statement: nil)
      _ = try await organisation.house.privacy.publishStatement(
        .with {
          $0.organisationID = organisation.id
          $0.markdown = Data(Samples.statement.utf8)
          $0.contact = organisation.contact
          $0.language = language
        }, try await organisation.house.operators.options())
      return Reader(
        organisation: organisation, member: try await organisation.member("Lies Lezer"))
    }

    /// As identity shows it to them before it lets them in.
    func statement() async throws -> PrivacyPersonalStatement {
      try await StatementDeskServiceClient(try house.direct("privacy", as: "identity"))
        .renderStatement(
          .with {
            $0.organisationID = organisation.id
            $0.organisationName = organisation.name
            $0.personName = member.name
            $0.subjectKind = .participant
            $0.subjectID = member.id
          })
    }

    func line(with text: String) async throws -> String? {
      try await statement().markdown.split(separator: "\n").first { $0.contains(text) }
        .map(String.init)
    }
  }

  @Test func `clause 30: a sub-processor is in every statement from its notice to its end`()
    async throws
  {
    let (dutch, english) = (try await Reader.make(.dutch), try await Reader.make(.english))
    let house = dutch.house
    let registers = RegisterServiceClient(house.gateway)
    let operators = try await house.operators.options()
    let name = "Hosting \(dutch.organisation.tag)"
    let made = try await registers.announceSubProcessor(
      .with {
        $0.name = name
        $0.service = "servers"
        $0.agreementReference = "DPA"
        $0.agreementSignedOn = Samples.day(-1)
        $0.country = "DE"
        $0.safeguards = "encryption"
      }, operators)
    let day = made.inForceAt.date.formatted(.iso8601.year().month().day())
    #expect(
      try await dutch.line(with: name)
        == "- **\(name)** werkt voor IKSO: servers, in Duitsland, vanaf \(day)")
    #expect(
      try await english.line(with: name)
        == "- **\(name)** works for IKSO: servers, in Germany, from \(day)")
    // The objection period has passed.
    _ = try await house.sql(
      """
      UPDATE privacy.sub_processor SET announced_at = announced_at - interval '300 days',
        objections_until = objections_until - interval '300 days',
        in_force_at = in_force_at - interval '300 days' WHERE name = \(name)
      """)
    #expect(
      try await dutch.line(with: name) == "- **\(name)** werkt voor IKSO: servers, in Duitsland")
    _ = try await registers.endSubProcessor(
      .with { $0.subProcessorID = made.subProcessorID }, operators)
    #expect(try await dutch.line(with: name) == nil)
  }

  @Test func `clauses 12g, 31, 32: an organisation's own registers are in its own statements`()
    async throws
  {
    let (reader, other) = (try await Reader.make(.dutch), try await Reader.make(.dutch))
    let (house, tag) = (reader.house, reader.organisation.tag)
    let registers = RegisterServiceClient(house.gateway)
    let operators = try await house.operators.options()
    let officer = try await reader.organisation.officer()
    #expect(try await reader.line(with: "mogen liggen in: Nederland.") != nil)
    _ = try await registers.instructStorage(
      .with {
        $0.countries = ["BE"]
        $0.reference = "Brief 3"
      }, officer.options)
    #expect(try await reader.line(with: "mogen liggen in: Nederland, België.") != nil)
    let place = try await registers.recordStorageLocation(
      .with {
        $0.organisationID = reader.organisation.id
        $0.service = "goals"
        $0.kind = .backup
        $0.country = "BE"
        $0.place = "Zaal \(tag)"
      }, operators)
    #expect(
      try await reader.line(with: "Zaal \(tag)") == "- back-ups van goals: Zaal \(tag), België")
    let transfer = try await registers.recordTransfer(
      .with {
        $0.recipient = "Tokio \(tag)"
        $0.country = "JP"
        $0.basis.mechanism = .adequacyDecision
        $0.beginsOn = Samples.day(0)
      }, officer.options)
    #expect(
      try await reader.line(with: "Tokio \(tag)")
        == "- **Tokio \(tag)**, in Japan, buiten de Europese Economische Ruimte: "
        + "adequaatheidsbesluit (art. 45 AVG)")
    let collector = try await registers.recordCollector(
      .with {
        $0.organisationID = reader.organisation.id
        $0.name = "Incasso \(tag)"
        $0.reference = "9"
      }, operators)
    #expect(try await reader.line(with: "Incasso \(tag)") != nil)
    #expect(!(try await other.statement().markdown.contains(tag)), "another organisation's")
    _ = try await registers.endTransfer(
      .with { $0.transferID = transfer.transferID }, officer.options)
    _ = try await registers.endStorageLocation(
      .with {
        $0.organisationID = reader.organisation.id
        $0.storageLocationID = place.storageLocationID
      }, operators)
    _ = try await registers.endCollector(
      .with {
        $0.organisationID = reader.organisation.id
        $0.collectorID = collector.collectorID
      }, operators)
    for text in ["Tokio \(tag)", "Zaal \(tag)", "Incasso \(tag)"] {
      #expect(try await reader.line(with: text) == nil, "\(text) has ended")
    }
  }

  @Test func `clauses 10, 11, 34: what person and organisation decide is told at once`()
    async throws
  {
    let reader = try await Reader.make(.english)
    let officer = try await reader.organisation.officer()
    let consents = ConsentServiceClient(reader.house.gateway)
    let development = "setting development goals and following them"
    let reports = "reports to the organisation with names"
    #expect(try await reader.statement().purposes.contains(development))
    #expect(
      try await reader.line(with: reports)?.contains("your organisation has not instructed it")
        == true)
    _ = try await consents.withdrawConsent(
      .with { $0.purpose = .development }, reader.member.options)
    #expect(!(try await reader.statement().purposes.contains(development)))
    #expect(
      try await reader.line(with: "**\(development)")?.contains(
        "(not in use: stopped, as you have withdrawn from it)") == true)
    _ = try await consents.instructPurpose(
      .with {
        $0.purpose = .reporting
        $0.reference = "Brief 4"
      }, officer.options)
    #expect(try await reader.line(with: reports)?.contains("not in use") == false)
    _ = try await consents.withdrawInstruction(
      .with {
        $0.purpose = .feedback
        $0.reference = "Brief 5"
      }, officer.options)
    let feedback = "asking for feedback, giving it and reading it"
    #expect(!(try await reader.statement().purposes.contains(feedback)))
    let frozen = try await consents.freezePurposes(
      .with {
        $0.personID = reader.member.id
        $0.purposes = [.reporting]
        $0.reason = .objection
      }, officer.options)
    #expect(
      try await reader.line(with: reports)?.contains("stopped after your objection") == true)
    _ = try await consents.releaseFreeze(
      .with { $0.freezeID = frozen.freezes[0].freezeID }, officer.options)
    #expect(try await reader.line(with: reports)?.contains("not in use") == false)
    // What is shown at the next login is the same.
    _ = try await reader.organisation.publish("# Nieuw\n")
    let login = try await reader.house.identity.login(reader.member.login)
    #expect(login.challenge.statement.markdown == (try await reader.statement().markdown))
    #expect(login.challenge.statement.markdown.contains("ingetrokken"))
  }

  @Test func `clauses 12f, 13: publishing is off until it is instructed and the person consents`()
    async throws
  {
    let reader = try await Reader.make(.english)
    let officer = try await reader.organisation.officer()
    let consents = ConsentServiceClient(reader.house.gateway)
    let what = "showing participants' information to others"
    func why() async throws -> String {
      try await reader.line(with: what) ?? ""
    }
    #expect(try await why().contains("has not instructed it; you have not consented"))
    _ = try await consents.instructPurpose(
      .with {
        $0.purpose = .publishing
        $0.reference = "Brief 6"
      }, officer.options)
    #expect(try await why().contains("(not in use: you have not consented)"))
    let shown = try await reader.statement()
    _ = try await consents.giveConsent(
      .with {
        $0.purpose = .publishing
        $0.statementVersion = shown.version
        $0.statementSha256 = shown.sha256
      }, reader.member.options)
    #expect(!(try await why().contains("not in use")))
    #expect(
      try await reader.statement().purposes.contains(
        "showing your information to others, if you consent"))
    _ = try await consents.withdrawConsent(
      .with { $0.purpose = .publishing }, reader.member.options)
    #expect(try await why().contains("(not in use: you have withdrawn your consent)"))
  }
}

/// IKSO's own record of processing, and what is not as it is declared.
@Suite(.timeLimit(.minutes(10))) struct ProcessingRecordTests {
  @Test func `GDPR Art. 30(2)(a): the processor's record names each controller and its contact`()
    async throws
  {
    let (first, second) = (try await Organisation.make(), try await Organisation.make())
    let client = ActivityServiceClient(first.house.gateway)
    let operators = try await first.house.operators.options()
    var (found, request) = ([PrivacyRecordedController](), PrivacyGetProcessingRecordRequest())
    request.role = .processor
    request.pageSize = 100
    repeat {
      let record = try await client.getProcessingRecord(request, operators)
      #expect(record.controller.isEmpty && record.controllerContact.isEmpty)
      #expect(record.processor == "IKSO" && record.controllers.count <= 100)
      #expect(record.activities.allSatisfy { $0.role == .processor })
      let page = String(decoding: record.html, as: UTF8.self)
      // Contacts of other tests may hold what a page escapes.
      let ours = record.controllers.filter { [first.id, second.id].contains($0.organisationID) }
      #expect(ours.allSatisfy { page.contains($0.contact) })
      found += record.controllers
      request.pageToken = record.nextPageToken
    } while !request.pageToken.isEmpty
    for organisation in [first, second] {
      let named = found.filter { $0.organisationID == organisation.id }
      #expect(named.map(\.name) == [organisation.name])
      #expect(named.map(\.contact) == [organisation.contact])
    }
    // A client's officer learns of none but their own.
    let officer = try await first.officer()
    request.pageToken = ""
    let own = try await client.getProcessingRecord(request, officer.options)
    #expect(own.controllers.isEmpty && own.controller == first.name)
  }

  @Test func `a call for another purpose than its schema declares is in the record`() async throws {
    let house = try House.current()
    let operators = try await house.operators.options()
    let client = ActivityServiceClient(house.gateway)
    let goals = TrafficServiceClient(try house.direct("privacy", as: "goals"))
    let method = "ikso.goals.v1.GoalsService/ListGoals"
    let unknown = "ikso.goals.v1.GoalsService/Never\(UUID().canonical.prefix(8))"
    _ = try await goals.reportTraffic(
      .with {
        $0.methods = [
          .with {
            $0.method = method
            $0.purpose = "publishing"
            $0.calls = 1
          },
          .with {
            $0.method = unknown
            $0.purpose = "development"
            $0.calls = 2
          },
        ]
      })
    let record = try await client.getProcessingRecord(
      .with { $0.role = .controller }, operators)
    #expect(
      record.differences.contains(
        "\(method) was called for the purpose \"publishing\", and is declared for \"development\""))
    #expect(
      record.differences.contains(
        "\(unknown) was called, and the schemas of this version do not declare it"))
    #expect(record.observed.contains { $0.method == unknown && $0.calls == 2 })
    // What methods serve is not called unserved.
    for id in ["legal-demands", "billing", "disputes-and-audits", "learning-paths"] {
      #expect(!record.differences.contains { $0.contains("\"\(id)\"") }, "\(id)")
    }
  }
}
