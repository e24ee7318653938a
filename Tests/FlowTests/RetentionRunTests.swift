import Access
import Cryptography
import Foundation
import Glibc
import Postgres
import ProgramSupport
import RPC
import Schemas
import SwiftProtobuf
import Testing

/// Retention over the wire: what ends, when, and whatever dies meanwhile.
@Suite(.timeLimit(.minutes(10))) struct RetentionRunTests {
  /// Of an organisation; they were told so many years ago.
  private func notices(_ count: Int, years: Int, of organisation: Organisation) -> SQL {
    """
    INSERT INTO privacy.breach_notice (tenant_id, breach_id, revision, told_at)
    SELECT \(organisation.uuid), gen_random_uuid(), 1,
      now() - make_interval(years => \(years)::integer)
    FROM generate_series(1, \(count))
    """
  }

  @Test func `clause 28: kill -9 during a run leaves one that goes on, and takes nothing too much`()
    async throws
  {
    let organisation = try await Organisation.make()
    let operators = try await TokenSmith.make().options(
      [.operator], of: try await organisation.member("Rob Run"))
    try await OwnPrivacy.with { own in
      func left() async throws -> Int {
        try await own.superuser.run(["SELECT count(*) AS n FROM privacy.breach_notice"])[0][0]
          .get("n")
      }
      var service = try await own.start()
      var retention = RetentionServiceClient(service.client)
      // It sweeps when it starts; here there is nothing yet.
      try await until("it has swept") {
        try await OwnPrivacy.patiently {
          try await retention.listRetentionReports(.with { $0.pageSize = 100 }, operators)
        }.reports.contains { $0.category == .breachNotice }
      }
      let (due, kept) = (600, 7)
      _ = try await own.superuser.run([notices(due, years: 6, of: organisation)])
      _ = try await own.superuser.run([notices(kept, years: 4, of: organisation)])
      do {
        for try await progress in try await retention.runRetention(.init(), operators)
        where progress.category == .breachNotice && progress.deleted > 0 {
          service.child.signal(SIGKILL)
          break
        }
      } catch is RPCError {}
      _ = await service.child.end()
      await service.client.shutdown()
      let afterwards = try await left()
      #expect(kept < afterwards && afterwards < due + kept, "\(afterwards)")
      service = try await own.start()
      retention = RetentionServiceClient(service.client)
      try await until("the rest is gone") { try await left() <= kept }
      // Another run finds nothing more.
      _ = try await OwnPrivacy.patiently {
        try await retention.listRetentionReports(.init(), operators)
      }
      for try await progress in try await retention.runRetention(.init(), operators)
      where progress.category == .breachNotice { #expect(progress.deleted == 0) }
      #expect(try await left() == kept)
      await own.kill(service)
    }
  }

  @Test func `clause 46: an applicant's data end four weeks after the procedure, or after a year`()
    async throws
  {
    let house = try House.current()
    let operators = try await house.operators.options()
    let direct = IntakeServiceClient(try house.direct("privacy", as: "gateway"))
    let intake = IntakeServiceClient(house.gateway)
    let tag = String(UUID().canonical.filter(\.isLetter))
    var stranger = CallOptions()
    try stranger.metadata.add("x-forwarded-for", "192.0.2.3-\(tag)")
    var codes: [String] = []
    for keeps in [false, true, true] {
      codes.append(
        try await direct.submitApplication(
          .with {
            $0.name = "Sol \(tag)"
            $0.address = "Dorpsstraat 1"
            $0.email = "sol-\(tag)@example.org"
            $0.phone = "06 12345678"
            $0.birthDate = "1990-02-28"
            $0.vacancy = tag
            $0.keepOneYear = keeps
          }, stranger
        ).withdrawalCode)
    }
    let open = try await intake.listApplications(.with { $0.pageSize = 100 }, operators)
      .applications.filter { $0.vacancy == tag }
    #expect(open.count == 3)
    let began = Date()
    var ends: [Date] = []
    for application in open {
      let ended = try await intake.endProcedure(
        .with { $0.applicationID = application.applicationID }, operators)
      ends.append(ended.eraseAt.date)
    }
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try #require(TimeZone(identifier: "Europe/Amsterdam"))
    func between(_ from: Date, _ component: Calendar.Component, _ value: Int) throws
      -> ClosedRange<Date>
    {
      let first = try #require(calendar.date(byAdding: component, value: value, to: from))
      let last = try #require(calendar.date(byAdding: component, value: value, to: Date()))
      return first.addingTimeInterval(-1)...last.addingTimeInterval(1)
    }
    let (weeks, year) = (try between(began, .day, 28), try between(began, .year, 1))
    #expect(ends.filter(weeks.contains).count == 1 && ends.filter(year.contains).count == 2)
    // Whoever takes the consent back is left with the shorter term.
    let withdrawn = try await direct.withdrawApplicationConsent(
      .with { $0.code = codes[2] }, stranger)
    #expect(weeks.contains(withdrawn.eraseAt.date))
  }
}
