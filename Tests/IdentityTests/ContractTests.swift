import Access
import FoundationEssentials
import Mail
import Testing

@testable import Identity

@Suite("Days")
struct DayTests {
  @Test(arguments: [
    "2026-2-03", "2026-02-30", "2026-13-01", "2025-02-29", "0000-01-01", "2026-02-03T00:00",
    " 2026-02-03", "2026/02/03", "20260203", "２０２６-01-01",
  ])
  func `what is no day of the calendar is refused`(text: String) {
    #expect(throws: FieldProblem.notADate) { try Day(text) }
  }

  @Test func `a day is written as it is read`() throws {
    #expect(try Day("2024-02-29").description == "2024-02-29")
  }

  @Test func `a day begins at midnight of its time zone, in summer an hour earlier`() throws {
    func day(_ seconds: TimeInterval, _ zone: DayZone) -> String {
      Day(Date(timeIntervalSince1970: seconds), in: zone).description
    }
    // 2024-02-29T23:00:00Z and 2024-07-01T22:00:00Z: midnight in Amsterdam.
    #expect(day(1_709_247_599, .amsterdam) == "2024-02-29")
    #expect(day(1_709_247_600, .amsterdam) == "2024-03-01")
    #expect(day(1_709_247_600, .utc) == "2024-02-29")
    #expect(day(1_719_871_199, .amsterdam) == "2024-07-01")
    #expect(day(1_719_871_200, .amsterdam) == "2024-07-02")
  }

  /// Zones with and without summer time, on both hemispheres, with changes at midnight.
  @Test(arguments: [
    "Europe/Amsterdam", "GMT", "America/New_York", "America/Havana", "Asia/Beirut", "Africa/Cairo",
    "Australia/Lord_Howe", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu",
  ])
  func `days follow one another, whatever the clocks do`(name: String) throws {
    let zone = try DayZone(name)
    // Four years by half hours, a leap year among them, from 2023-12-31.
    var last = Day(Date(timeIntervalSince1970: 1_703_980_800), in: zone)
    var halfHours = 0
    var lengths: Set<Int> = []
    for step in 1...(4 * 366 * 48) {
      let moment = Date(timeIntervalSince1970: 1_703_980_800 + Double(step) * 1_800)
      let day = Day(moment, in: zone)
      halfHours += 1
      guard day != last else { continue }
      #expect(day == following(last), "\(last) is followed by \(day)")
      lengths.insert(halfHours)
      (last, halfHours) = (day, 0)
    }
    // The first was cut.
    #expect(lengths.allSatisfy { $0 <= 50 })
    if name == "Europe/Amsterdam" { #expect(lengths.isSuperset(of: [46, 48, 50])) }
  }

  private func following(_ day: Day) -> Day? {
    Day(year: day.year, month: day.month, day: day.day + 1)
      ?? Day(year: day.year, month: day.month + 1, day: 1)
      ?? Day(year: day.year + 1, month: 1, day: 1)
  }

  @Test(arguments: [
    ("2026-01-31", "2026-02-28"), ("2024-01-31", "2024-02-29"), ("2024-01-30", "2024-02-29"),
    ("2100-01-31", "2100-02-28"), ("2000-01-29", "2000-02-29"), ("2026-01-28", "2026-02-28"),
    ("2026-02-28", "2026-03-28"), ("2024-02-29", "2024-03-29"), ("2026-03-31", "2026-04-30"),
    ("2026-12-31", "2027-01-31"), ("2026-11-30", "2026-12-30"), ("2026-08-15", "2026-09-15"),
  ])
  func `a month later is the same day, or the last of a shorter month`(from: String, to: String)
    throws
  {
    #expect(try Day(from).oneMonthLater.description == to)
  }

  @Test func `a month later is in the next month, on no later a day, and never goes back`() throws {
    for year in 1999...2008 {
      var before: Day?
      for month in 1...12 {
        for number in 1...31 {
          guard let day = Day(year: year, month: month, day: number) else { continue }
          let later = day.oneMonthLater
          #expect(later.month == month % 12 + 1)
          #expect(later.year == year + month / 12)
          #expect(later.day <= day.day)
          let isLast = Day(year: later.year, month: later.month, day: later.day + 1) == nil
          #expect(later.day == day.day || isLast)
          if let before { #expect(before <= later) }
          before = later
        }
      }
    }
  }

  @Test(arguments: ["Europe/Atlantis", "CEST", "UTC+1", "GMT+01:00", "../etc/passwd"])
  func `what is no time zone is refused`(name: String) {
    #expect(throws: FieldProblem.notATimeZone) { try DayZone(name) }
  }

  @Test func `a period does not end before it begins`() throws {
    #expect(Period(begin: try Day("2026-03-02"), end: try Day("2026-03-01")) == nil)
  }
}

@Suite("Contract")
struct ContractTests {
  private func contract(
    _ begin: String, _ end: String?, signedOn: String? = "2026-01-01"
  ) throws -> Contract {
    let period = try Period(begin: Day(begin), end: end.map { try Day($0) })
    return Contract(
      period: period,
      agreement: try signedOn.map {
        ProcessingAgreement(reference: try AgreementReference("A-1"), signedOn: try Day($0))
      })
  }

  @Test func `a contract is a draft, active from its first day to its last, then terminated`()
    throws
  {
    let contract = try contract("2026-03-01", "2026-03-31")
    #expect(contract.state(on: try Day("2026-02-28")) == .draft(.begin(try Day("2026-03-01"))))
    #expect(contract.state(on: try Day("2026-03-01")) == .active)
    #expect(contract.state(on: try Day("2026-03-31")) == .active)
    #expect(contract.state(on: try Day("2026-04-01")) == .terminated(try Day("2026-03-31")))
    #expect(throws: IdentityError.contractEnded(try Day("2026-03-31"))) {
      try contract.requireActive(on: Day("2027-01-01"))
    }
  }

  @Test func `without period or agreement, or before it is signed, it is a draft`() throws {
    let day = try Day("2026-06-01")
    #expect(Contract().state(on: day) == .draft(.period))
    #expect(
      try contract("2026-03-01", nil, signedOn: nil).state(on: day) == .draft(.agreement))
    #expect(
      try contract("2026-03-01", nil, signedOn: "2026-06-02").state(on: day)
        == .draft(.begin(Day("2026-06-02"))))
    #expect(throws: IdentityError.agreementMissing) {
      try contract("2026-03-01", nil, signedOn: nil).requireActive(on: day)
    }
  }

  @Test func `a contract without an end goes on`() throws {
    #expect(try contract("2026-03-01", nil).state(on: Day("9999-12-31")) == .active)
  }

  @Test func `after its end only those who export and admit support are left, for a month`()
    throws
  {
    let contract = try contract("2026-01-01", "2026-01-31")
    let all = Set(Role.allCases)
    #expect(try contract.usable(all, on: Day("2026-01-31")) == all)
    for day in ["2026-02-01", "2026-02-28"] {
      #expect(
        try contract.usable(all, on: Day(day)) == [.administrator, .privacyOfficer, .auditor])
      #expect(throws: IdentityError.contractEnded(try Day("2026-01-31"))) {
        try contract.usable([.participant, .coach, .manager], on: Day(day))
      }
    }
    #expect(throws: IdentityError.contractEnded(try Day("2026-01-31"))) {
      try contract.usable(all, on: Day("2026-03-01"))
    }
  }

  @Test(arguments: [
    ("2026-01-31", "2026-02-28"), ("2024-01-31", "2024-02-29"), ("2026-06-15", "2026-07-15"),
  ])
  func `the erasure is due when the month after the contract has passed, no day before`(
    end: String, keptUntil: String
  ) throws {
    let contract = try contract("2020-01-01", end)
    let kept = try Day(keptUntil)
    #expect(contract.keptUntil == kept)
    #expect(throws: IdentityError.erasureOfLivingContract) {
      try contract.requireErasureDue(on: Day(end))
    }
    #expect(throws: IdentityError.erasureNotDue(after: kept)) {
      try contract.requireErasureDue(on: kept)
    }
    let next = Day(year: kept.year, month: kept.month, day: kept.day + 1)
      ?? Day(year: kept.year, month: kept.month + 1, day: 1)
    try contract.requireErasureDue(on: #require(next))
  }

  @Test func `a contract ends neither in the past nor twice, and is prolonged until it is erased`()
    throws
  {
    let running = try contract("2026-01-01", nil)
    let today = try Day("2026-05-10")
    let ending = try running.ending(today, on: today)
    #expect(ending.period?.end == today)
    #expect(ending.agreement == running.agreement)
    #expect(throws: IdentityError.field(.lastDay, .past)) {
      try running.ending(Day("2026-05-09"), on: today)
    }
    let tomorrow = try Day("2026-05-11")
    #expect(throws: IdentityError.contractEnded(today)) {
      try ending.ending(tomorrow, on: tomorrow)
    }
    let year = try Period(begin: Day("2026-01-01"), end: Day("2027-01-01"))
    let longer = try #require(year)
    #expect(try ending.agreed(longer, nil, on: tomorrow).state(on: tomorrow) == .active)
    var erased = ending
    erased.erasedAt = Date(timeIntervalSince1970: 0)
    #expect(erased.state(on: today) == .erased)
    #expect(throws: IdentityError.organisationErased) {
      try erased.agreed(longer, nil, on: tomorrow)
    }
  }
}

@Suite("Rights and standing")
struct RightsRuleTests {
  private func period(_ begin: String, _ end: String?) throws -> Period {
    let period = try Period(begin: Day(begin), end: end.map { try Day($0) })
    return try #require(period)
  }

  @Test func `a right with dates counts from its first day to its last`() throws {
    let rights = Rights(
      standing: [.participant],
      dated: [.init(role: .auditor, period: try period("2026-03-01", "2026-03-31"))])
    #expect(rights.on(try Day("2026-02-28")) == [.participant])
    // While somebody is an auditor, their other rights rest.
    #expect(rights.on(try Day("2026-03-01")) == [.auditor])
    #expect(rights.on(try Day("2026-03-31")) == [.auditor])
    #expect(rights.on(try Day("2026-04-01")) == [.participant])
  }

  @Test func `a right covers none that goes on longer`() throws {
    let rights = Rights(
      standing: [.coach],
      dated: [
        .init(role: .administrator, period: try period("2026-03-01", "2026-06-30")),
        .init(role: .administrator, period: try period("2026-03-01", "2026-03-31")),
      ])
    let day = try Day("2026-03-15")
    #expect(rights.end(of: .coach, on: day) == .furtherNotice)
    let end = try #require(rights.end(of: .administrator, on: day))
    #expect(end == .last(try Day("2026-06-30")))
    #expect(end.covers(try Day("2026-06-30")))
    #expect(!end.covers(try Day("2026-07-01")))
    #expect(!end.covers(nil))
    #expect(rights.end(of: .auditor, on: day) == nil)
  }

  @Test func `an account is not usable while suspended, reported, or under 16 without consent`() {
    #expect(throws: Never.self) { try Standing().requireUsable() }
    #expect(throws: Never.self) {
      try Standing(isUnder16: true, hasParentalConsent: true).requireUsable()
    }
    #expect(throws: IdentityError.accountSuspended) {
      try Standing(isSuspended: true).requireUsable()
    }
    #expect(throws: IdentityError.parentalConsentMissing) {
      try Standing(isUnder16: true).requireUsable()
    }
    #expect(throws: IdentityError.accountFrozen) {
      try Standing(isUnder16: true, hasParentalConsent: true, isReported: true).requireUsable()
    }
  }
}

@Suite("Policy of an organisation")
struct OrganisationPolicyTests {
  private func policy(
    characters: Int = 0, check: Int = 0, idle: Int = 0, domains: [String] = [],
    selfRegistration: Bool = false
  ) throws -> OrganisationPolicy {
    try OrganisationPolicy(
      secondFactor: .optional, minimumPasswordCharacters: characters, passwordCheckSeconds: check,
      sessionIdleSeconds: idle, sessionAbsoluteSeconds: 0, remembersDevices: true,
      rememberedDeviceDays: 0, emailDomains: domains, selfRegistration: selfRegistration,
      language: .dutch)
  }

  @Test func `zero leaves a value to the service, others have bounds`() throws {
    #expect(try policy() == OrganisationPolicy())
    #expect(try policy(idle: 300).sessionIdle == .seconds(300))
    #expect(throws: IdentityError.field(.sessionIdleSeconds, .notBetween(300, 7_776_000))) {
      try policy(idle: 299)
    }
    #expect(throws: IdentityError.field(.passwordCheckSeconds, .notBetween(300, 7_776_000))) {
      try policy(check: 7_776_001)
    }
    #expect(throws: IdentityError.field(.minimumPasswordCharacters, .notBetween(15, 64))) {
      try policy(characters: 14)
    }
  }

  @Test func `addresses of the domains are admitted, those of subdomains are not`() throws {
    let policy = try policy(domains: ["Example.com", "example.com", "xn--bcher-kva.example"])
    #expect(policy.emailDomains.map(\.text) == ["example.com", "xn--bcher-kva.example"])
    #expect(policy.admits(try EmailAddress("Ada@EXAMPLE.com")))
    #expect(!policy.admits(try EmailAddress("ada@mail.example.com")))
    #expect(!policy.admits(try EmailAddress("ada@example.com.example.org")))
  }

  @Test(arguments: ["", "com", "exa mple.com", "@example.com", "a@example.com", "bü.example"])
  func `what is no domain is refused`(domain: String) {
    #expect(throws: IdentityError.self) { try policy(domains: [domain]) }
  }

  @Test func `self-registration needs a domain`() throws {
    #expect(throws: IdentityError.field(.emailDomains, .empty)) {
      try policy(selfRegistration: true)
    }
    #expect(try policy(domains: ["example.com"], selfRegistration: true).selfRegistration)
  }
}
