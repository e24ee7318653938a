import Access
import Foundation
import Postgres
import RPC
import Schemas
import Storage
import StorageSupport
import SwiftProtobuf
import Testing

@testable import Privacy

@Suite struct IntakeRuleTests {
  @Test(arguments: [
    // Four weeks, over a change of the clocks and a leap day.
    ("2027-03-10T09:00:00+01:00", false, "2027-04-07T09:00:00+02:00"),
    ("2027-10-20T09:00:00+02:00", false, "2027-11-17T09:00:00+01:00"),
    ("2028-02-10T09:00:00+01:00", false, "2028-03-09T09:00:00+01:00"),
    // A year, from and over a leap day.
    ("2028-02-29T09:00:00+01:00", true, "2029-02-28T09:00:00+01:00"),
    ("2027-06-01T09:00:00+02:00", true, "2028-06-01T09:00:00+02:00"),
    ("2027-12-31T23:30:00+01:00", true, "2028-12-31T23:30:00+01:00"),
  ])
  func `clause 46: an application goes after four weeks, with consent after a year`(
    ended: String, keepsOneYear: Bool, expected: String
  ) throws {
    #expect(
      Application.eraseAt(
        ended: try Date(ended, strategy: .iso8601), keepsOneYear: keepsOneYear)
        == (try Date(expected, strategy: .iso8601)))
  }

  @Test(arguments: [UInt64.random(in: 0...UInt64.max), 1, 2])
  func `clause 46: the year is always the longer term`(seed: UInt64) {
    var random = BreachClockTests.Seeded(seed)
    for _ in 0..<1_000 {
      let ended = Date(timeIntervalSince1970: .random(in: 0...4_102_444_800, using: &random))
      let short = Application.eraseAt(ended: ended, keepsOneYear: false)
      let long = Application.eraseAt(ended: ended, keepsOneYear: true)
      let days = short.timeIntervalSince(ended) / 86_400
      #expect(short < long && (27.9...28.1).contains(days), "seed \(seed): \(ended)")
    }
  }

  @Test(arguments: ["a@example.org", " a.b+c@sub.example.org ", "o'brien@example.net"])
  func `an address is taken`(text: String) throws {
    #expect(try Reachability.email(text) == text.trimmingWhitespace())
  }

  @Test(arguments: [
    "", "a", "a@b", "@example.org", "a@", "a@b@example.org", "a b@example.org", "a@example.",
    "a@example.org\r\nBcc: b@example.org", "<a@example.org>", "\"a\"@example.org", "a@exämple.org",
    "a,b@example.org", String(repeating: "a", count: 250) + "@example.org",
  ])
  func `what is no address is refused`(text: String) {
    #expect(throws: EntryError.notAnAddress(field: "email")) { try Reachability.email(text) }
  }

  @Test(arguments: ["0612345678", "+31 6 12345678", "(020) 123 45 67", "+32 (0)2 123.45.67"])
  func `a telephone number is taken`(text: String) throws {
    #expect(try Reachability.telephone(text) == text)
  }

  @Test(arguments: ["", "123456782", "12345678", "call me", "0-1", "06123456789012345678", "٠٦١٢٣"])
  func `what is no telephone number is refused, a citizen number too`(text: String) {
    #expect(throws: EntryError.self) { try Reachability.telephone(text) }
  }

  @Test func `one source may send ten an hour, and others are not held up by it`() throws {
    let throttle = IntakeThrottle()
    let start = RegisterHome.start
    for second in 0..<10 { try throttle.admit("192.0.2.1", at: start + Double(second)) }
    #expect(throws: EntryError.tooManySubmissions(retryAfterSeconds: 3_590)) {
      try throttle.admit("192.0.2.1", at: start + 10)
    }
    try throttle.admit("192.0.2.2", at: start + 10)
    try throttle.admit("192.0.2.1", at: start + 3_600)
    // What is remembered is bounded.
    for source in 0..<50_000 { try throttle.admit("source \(source)", at: start + 3_601) }
  }
}

@Suite(.serialized) struct IntakeDeskTests {
  private typealias Policies = IntakeServicePolicies

  private func submit(
    _ home: RegisterHome, _ change: (inout PrivacySubmitFormRequest) -> Void = { _ in }
  ) async throws -> PrivacySubmitFormResponse {
    var request = PrivacySubmitFormRequest.with {
      $0.kind = .demo
      $0.name = "Noor Voorbeeld"
      $0.email = "noor@example.org"
    }
    change(&request)
    return try await home.intake.submitForm(request, RegisterHome.anybody(Policies.submitForm))
  }

  private func cases(_ home: RegisterHome) async throws -> [PrivacyIntakeCase] {
    try await home.intake.listCases(.init(), RegisterHome.operators(Policies.listCases)).cases
  }

  private func apply(
    _ home: RegisterHome, keepOneYear: Bool = false,
    _ change: (inout PrivacySubmitApplicationRequest) -> Void = { _ in }
  ) async throws -> PrivacySubmitApplicationResponse {
    var request = PrivacySubmitApplicationRequest.with {
      $0.name = "Sam Voorbeeld"
      $0.address = "Dorpsstraat 1, 1234 AB Voorbeeld"
      $0.email = "sam@example.org"
      $0.phone = "06 12345678"
      $0.birthDate = "1990-02-28"
      $0.vacancy = "developer"
      $0.keepOneYear = keepOneYear
    }
    change(&request)
    return try await home.intake.submitApplication(
      request, RegisterHome.anybody(Policies.submitApplication))
  }

  private func applications(_ home: RegisterHome) async throws -> [PrivacyApplication] {
    try await home.intake.listApplications(
      .init(), RegisterHome.operators(Policies.listApplications)
    ).applications
  }

  private func end(_ home: RegisterHome, _ id: String) async throws -> PrivacyApplication {
    try await home.intake.endProcedure(
      .with { $0.applicationID = id }, RegisterHome.operators(Policies.endProcedure))
  }

  @Test func `clause 17: a form has optional fields, and closing the case deletes it`()
    async throws
  {
    try await RegisterHome.with { home in
      _ = try await submit(home)
      home.clock.move(seconds: 1)
      _ = try await submit(home) {
        $0.kind = .contact
        $0.phone = "+31 20 123 45 67"
        $0.function = "HR"
        $0.message = "What does it cost?"
      }
      let open = try await cases(home)
      #expect(open.map(\.kind) == [.contact, .demo])
      #expect(open[0].message == "What does it cost?" && open[1].phone.isEmpty)
      let close = PrivacyCloseCaseRequest.with { $0.caseID = open[0].caseID }
      let operators = RegisterHome.operators(Policies.closeCase)
      _ = try await home.intake.closeCase(close, operators)
      #expect(try await cases(home) == [open[1]])
      try await expectRefused("NOT_FOUND") { try await home.intake.closeCase(close, operators) }
      // The key is destroyed as well: what a backup still holds cannot be read.
      let id = try UUID(field: "case_id", open[0].caseID)
      await #expect(throws: VaultError.destroyed) {
        try await home.base.vault.person(.platform, id, create: true)
      }
      let plain = try await home.base.admin.run([
        "SELECT count(*) AS n FROM privacy.intake_case AS it WHERE it::text LIKE '%noor%'"
      ])[0]
      #expect(try plain[0].get("n", as: Int.self) == 0)
    }
  }

  @Test func `clause 45: a citizen number is refused in every text of a form or application`()
    async throws
  {
    try await RegisterHome.with { home in
      let number = "123 456 782"
      let forms: [(String, (inout PrivacySubmitFormRequest) -> Void)] = [
        ("name", { $0.name = "Noor \(number)" }), ("function", { $0.function = number }),
        ("message", { $0.message = "My number is \(number)." }), ("phone", { $0.phone = number }),
        ("email", { $0.email = "123456782@example.org" }),
      ]
      for (field, change) in forms {
        try await expectRefused("INVALID_ARGUMENT: \(field)") { try await submit(home, change) }
      }
      let applications: [(String, (inout PrivacySubmitApplicationRequest) -> Void)] = [
        ("name", { $0.name = "Sam \(number)" }), ("address", { $0.address = number }),
        ("vacancy", { $0.vacancy = number }), ("phone", { $0.phone = number }),
        ("email", { $0.email = "123456782@example.org" }),
      ]
      for (field, change) in applications {
        try await expectRefused("INVALID_ARGUMENT: \(field)") {
          try await apply(home, keepOneYear: false, change)
        }
      }
      #expect(try await cases(home).isEmpty)
      #expect(try await self.applications(home).isEmpty)
    }
  }

  @Test func `clause 46: withdrawing the consent restores the shorter term`() async throws {
    try await RegisterHome.with { home in
      let code = try await apply(home, keepOneYear: true).withdrawalCode
      #expect(try await apply(home).withdrawalCode.isEmpty)
      let kept = try #require(try await applications(home).first { $0.keepOneYear })
      #expect(kept.birthDate == "1990-02-28" && !kept.hasEraseAt)
      let ended = try await end(home, kept.applicationID)
      #expect(ended.eraseAt.date > RegisterHome.start + 360 * 86_400)
      // Ended once; a second call moves nothing.
      home.clock.move(days: 10)
      #expect(try await end(home, kept.applicationID) == ended)
      func withdraw(_ code: String) async throws -> PrivacyWithdrawApplicationConsentResponse {
        try await home.intake.withdrawApplicationConsent(
          .with { $0.code = code }, RegisterHome.anybody(Policies.withdrawApplicationConsent))
      }
      let wrongs = ["", "x"] + [43, 999].map { String(repeating: "A", count: $0) }
      for wrong in wrongs {
        try await expectRefused("NOT_FOUND") { try await withdraw(wrong) }
      }
      let restored = try await withdraw(code)
      let short = Application.eraseAt(ended: RegisterHome.start, keepsOneYear: false)
      #expect(restored.eraseAt.date == short)
      #expect(try await withdraw(code) == restored)
    }
  }

  @Test func `clause 28: a dry run counts what is due, and a sweep deletes just that`()
    async throws
  {
    try await RegisterHome.with { home in
      _ = try await apply(home, keepOneYear: true)
      home.clock.move(seconds: 1)
      for _ in 0..<3 { _ = try await apply(home) }
      let all = try await applications(home)
      // One of the short ones is still running, one is on hold.
      for application in all where application.applicationID != all[0].applicationID {
        _ = try await end(home, application.applicationID)
      }
      let retention = RetentionServicePolicies.self
      let held = all[1].applicationID
      let hold = PrivacyHoldRecordRequest.with {
        $0.category = .application
        $0.recordID = held
        $0.ground = "dispute about the selection"
        $0.expiresAt = .init(date: RegisterHome.start + 100 * 86_400)
      }
      _ = try await home.retention.holdRecord(hold, RegisterHome.operators(retention.holdRecord))
      func plan() async throws -> [UInt64] {
        let plans = try await home.retention.planRetention(
          .init(), RegisterHome.operators(retention.planRetention)
        ).plans
        return [plans[0].due, plans[0].onHold]
      }
      func sweep() async throws -> [Int] {
        let reports = try await home.retention.sweep.run(
          Mandate(tenant: .platform), orderedBy: .service("privacy"), pause: .zero
        ) { _, _, _ in }
        return [reports[0].deleted, reports[0].onHold]
      }
      #expect(try await plan() == [0, 0])
      home.clock.move(days: 28)
      #expect(try await plan() == [2, 1])
      #expect(try await sweep() == [1, 1])
      #expect(try await sweep() == [0, 1])
      let left = try await applications(home).map(\.applicationID)
      #expect(left.contains(held) && left.count == 3)
      // The hold ends, and with the year the consent.
      home.clock.move(days: 100)
      #expect(try await sweep() == [1, 0])
      home.clock.move(days: 366)
      #expect(try await sweep() == [1, 0])
      #expect(try await applications(home).map(\.applicationID) == [all[0].applicationID])
      let reports = try await home.retention.listRetentionReports(
        .init(), RegisterHome.operators(retention.listRetentionReports))
      let deleted = reports.reports.filter { $0.category == .application }.map(\.deleted)
      #expect(deleted.prefix(2) == [1, 1])
      var again = hold
      again.expiresAt = .init(date: home.clock.now + 86_400)
      try await expectRefused("NOT_FOUND", "record not found") {
        try await home.retention.holdRecord(again, RegisterHome.operators(retention.holdRecord))
      }
    }
  }

  @Test func `clause 28: a process that died between key and row leaves nothing to read`()
    async throws
  {
    try await RegisterHome.with { home in
      _ = try await apply(home)
      let id = try await applications(home)[0].applicationID
      _ = try await end(home, id)
      try await home.base.vault.destroyPerson(
        .platform, try UUID(field: "application_id", id), orderedBy: .service("privacy"))
      #expect(try await applications(home).isEmpty)
      home.clock.move(days: 29)
      let reports = try await home.retention.sweep.run(
        Mandate(tenant: .platform), orderedBy: .service("privacy"), pause: .zero
      ) { _, _, _ in }
      #expect(reports[0].deleted == 1)
    }
  }

  @Test func `clause 28: a sweep that was stopped goes on where it was`() async throws {
    struct Stopped: Error {}
    try await RegisterHome.with { home in
      for number in 0..<(RetentionSweep.batchLimit + 5) {
        // Another hour for each ten: the throttle counts these as well.
        if number % 10 == 0 { home.clock.move(hours: 2) }
        _ = try await apply(home)
      }
      var page = PrivacyListApplicationsRequest()
      page.pageSize = 100
      let all = try await home.intake.listApplications(
        page, RegisterHome.operators(Policies.listApplications)
      ).applications
      for application in all { _ = try await end(home, application.applicationID) }
      home.clock.move(days: 29)
      let sweep = home.retention.sweep
      let mandate = Mandate(tenant: .platform)
      await #expect(throws: Stopped.self) {
        try await sweep.run(mandate, orderedBy: .service("privacy"), pause: .zero) { _, _, _ in
          throw Stopped()
        }
      }
      #expect(try await applications(home).count == 5)
      let reports = try await sweep.run(
        mandate, orderedBy: .service("privacy"), pause: .zero
      ) { _, _, _ in }
      #expect(reports[0].deleted == 5)
      #expect(try await applications(home).isEmpty)
    }
  }
}

@Suite(.serialized) struct ComplaintDeskTests {
  private typealias Policies = ComplaintServicePolicies

  @Test func `clause 44: every answer carries the authority's link, a refusal above all`()
    async throws
  {
    try await RegisterHome.with { home in
      let (tenant, person) = (RegisterHome.first, UUID())
      let call = RegisterHome.participant(
        tenant, Policies.fileComplaint, subject: person, key: "c1")
      let request = PrivacyFileComplaintRequest.with { $0.text = "Nobody answers my request." }
      let filed = try await home.complaints.fileComplaint(request, call)
      #expect(try await home.complaints.fileComplaint(request, call) == filed)
      #expect(filed.state == .open && filed.authorityLink.hasPrefix("https://"))
      func answer(_ tenant: UUID) async throws -> PrivacyComplaint {
        try await home.complaints.answerComplaint(
          .with {
            $0.complaintID = filed.complaintID
            $0.outcome = .refused
            $0.answer = "It was answered on Monday."
          }, RegisterHome.officer(tenant, Policies.answerComplaint))
      }
      try await expectRefused("NOT_FOUND") { try await answer(RegisterHome.second) }
      let refusedOne = try await answer(tenant)
      #expect(refusedOne.state == .refused && !refusedOne.authority.isEmpty)
      #expect(refusedOne.authorityLink == RegisterHome.contacts.authorityLink)
      try await expectRefused("FAILED_PRECONDITION") { try await answer(tenant) }
      func mine(_ person: UUID) async throws -> [PrivacyComplaint] {
        try await home.complaints.listMyComplaints(
          .init(), RegisterHome.participant(tenant, Policies.listMyComplaints, subject: person)
        ).complaints
      }
      #expect(try await mine(person) == [refusedOne])
      #expect(try await mine(UUID()).isEmpty)
      let all = try await home.complaints.listComplaints(
        .init(), RegisterHome.officer(tenant, Policies.listComplaints))
      #expect(all.complaints == [refusedOne])
    }
  }

  @Test func `an erased person leaves neither complaint nor name as officer`() async throws {
    try await RegisterHome.with { home in
      let (tenant, person) = (RegisterHome.first, UUID())
      _ = try await home.complaints.fileComplaint(
        .with { $0.text = "t" },
        RegisterHome.participant(tenant, Policies.fileComplaint, subject: person))
      _ = try await home.registers.instructStorage(
        .with { $0.reference = "r" },
        RegisterHome.officer(tenant, RegisterServicePolicies.instructStorage, subject: person))
      let counts = try await home.base.database.transaction(tenant: tenant) {
        try await EntrySubjectStore.erase(person, in: $0)
      }
      #expect(counts.map(\.rows) == [1, 0, 0, 1])
      let found = try await SubjectScan(database: home.base.database, schema: "privacy").run(
        tenant: tenant, SubjectScan.Needles(subject: person, texts: []))
      #expect(found.allSatisfy { $0.rowsFound == 0 }, "\(found.filter { $0.rowsFound > 0 })")
    }
  }
}
