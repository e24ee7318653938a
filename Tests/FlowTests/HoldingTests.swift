import Foundation
import Postgres
import RPC
import Schemas
import SwiftProtobuf
import Testing

/// That services describe what they hold, and that the record of processing has it.
@Suite(.timeLimit(.minutes(10))) struct HoldingTests {
  @Test(arguments: HousePlan.stores.filter { $0 != "privacy" })
  func `clause 16: each service describes every table, with the class of every column`(
    service: String
  ) async throws {
    let house = try House.current()
    let client = SubjectDataServiceClient(try house.direct(service, as: "privacy"))
    let tables = try await client.describeHoldings(.init()).tables
    let schemas = [service, "\(service)_keys"]
    let columns: [String] = try await house.sql(
      """
      SELECT n.nspname || '.' || c.relname || '.' || a.attname || ' '
        || substring(col_description(c.oid, a.attnum) from '^class=([a-z]+)') AS line
      FROM pg_catalog.pg_attribute a
      JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ANY(\(schemas)) AND c.relkind IN ('r', 'p')
        AND a.attnum > 0 AND NOT a.attisdropped
      """)[0].map { try $0.get("line") }
    let described = tables.flatMap { table in
      table.columns.map { "\(table.name).\($0.name) \($0.kind)" }
    }
    #expect(described.sorted() == columns.sorted())
    for table in tables {
      for column in table.columns where [.personal, .confidential].contains(column.kind) {
        #expect(column.isSealed, "\(table.name).\(column.name)")
      }
    }
  }

  @Test func `nobody but the privacy service is told what a service holds`() async throws {
    let house = try House.current()
    try await expectRefusal(.permissionDenied, what: "goals asks feedback") {
      _ = try await SubjectDataServiceClient(try house.direct("feedback", as: "goals"))
        .describeHoldings(.init())
    }
  }

  @Test func `GDPR Art. 30: the record has what services hold, and declares all of it`()
    async throws
  {
    let organisation = try await Organisation.make()
    let client = ActivityServiceClient(organisation.house.gateway)
    let record = try await client.getProcessingRecord(
      .with { $0.role = .processor }, try await organisation.officer().options)
    let goal = try #require(
      record.holdings.first { $0.table == "goals.goal" && $0.column == "title" })
    #expect(goal.service == "goals" && goal.activityID == "development-goals")
    #expect(goal.personalData == "confidential" && goal.isSealed && !goal.retention.isEmpty)
    #expect(
      Set(record.holdings.map(\.service)) == Set(HousePlan.stores),
      "each service's, privacy's own too")
    let activities = Set(record.activities.map(\.activityID))
    #expect(record.holdings.allSatisfy { activities.contains($0.activityID) })
    let ofHoldings = record.differences.filter {
      $0.contains(" holds ") || $0.contains("no such data are held")
        || $0.contains("did not say what it holds")
    }
    #expect(ofHoldings.isEmpty, "all that is held is declared, and the reverse")
    let lines = String(decoding: record.holdingsCsv, as: UTF8.self)
      .components(separatedBy: "\r\n")
    #expect(lines.count == record.holdings.count + 2)
    #expect(String(decoding: record.html, as: UTF8.self).contains("feedback.round"))
    let own = try await client.getProcessingRecord(
      .with { $0.role = .controller }, try await organisation.house.operators.options())
    #expect(own.holdings.contains { $0.table == "privacy.application" })
    #expect(!own.holdings.contains { $0.table == "goals.goal" })
  }

  @Test func `a service that is away leaves a record that says so`() async throws {
    let organisation = try await Organisation.make()
    let options = try await organisation.officer().options
    try await OwnPrivacy.with { own in
      // Nobody listens on the discard port of loopback.
      let cutOff = try await own.start { $0["peers.goals"] = "127.0.0.1:9" }
      let record = try await OwnPrivacy.patiently {
        try await ActivityServiceClient(cutOff.client).getProcessingRecord(
          .with { $0.role = .processor }, options)
      }
      #expect(record.differences.contains("goals did not say what it holds"))
      #expect(!record.holdings.contains { $0.service == "goals" })
      #expect(record.holdings.contains { $0.service == "feedback" })
      #expect(!record.differences.contains { $0.contains("goals.goal is declared") })
      await own.kill(cutOff)
    }
  }
}
