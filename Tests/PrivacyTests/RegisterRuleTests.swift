import Foundation
import Postgres
import Storage
import StorageSupport
import SwiftProtobuf
import Testing

@testable import Privacy

@Suite struct TransferRuleTests {
  private func basis(
    _ mechanism: TransferBasis.Mechanism?, _ country: String, reference: String = "",
    ground: String = "", on day: String = "2027-01-15"
  ) throws -> TransferBasis? {
    try TransferBasis(
      mechanism, reference: reference, ground: ground, country: Country(country), on: day)
  }

  @Test func `clause 32: outside of the EEA a transfer needs a mechanism that holds`() throws {
    #expect(throws: EntryError.transfer(.noMechanism(country: "IN"))) { try basis(nil, "IN") }
    #expect(throws: EntryError.transfer(.notAdequate(country: "IN", until: nil))) {
      try basis(.adequacyDecision, "IN")
    }
    #expect(throws: EntryError.transfer(.noReference)) {
      try basis(.standardContractualClauses, "IN")
    }
    #expect(throws: EntryError.transfer(.noReference)) { try basis(.bindingCorporateRules, "IN") }
    #expect(throws: EntryError.transfer(.noGround)) { try basis(.derogation, "IN") }
    #expect(throws: EntryError.transfer(.groundWithoutDerogation)) {
      try basis(.adequacyDecision, "JP", ground: "because")
    }
    #expect(try basis(.standardContractualClauses, "IN", reference: "SCC 2026/1") != nil)
    #expect(try basis(.derogation, "IN", ground: "Art. 49(1)(b): travel") != nil)
    #expect(try basis(.adequacyDecision, "JP") != nil)
  }

  @Test func `clause 32: a decision for some recipients needs what shows that this is one`()
    throws
  {
    #expect(throws: EntryError.self) { try basis(.adequacyDecision, "US") }
    #expect(try basis(.adequacyDecision, "US", reference: "DPF, active, 2026-11-01") != nil)
  }

  @Test func `clause 32: a decision counts from its adoption to its last day`() throws {
    #expect(try basis(.adequacyDecision, "GB", on: "2031-12-27") != nil)
    #expect(
      throws: EntryError.transfer(.notAdequate(country: "GB", until: "2031-12-27"))
    ) { try basis(.adequacyDecision, "GB", on: "2031-12-28") }
    #expect(throws: EntryError.self) { try basis(.adequacyDecision, "BR", on: "2026-01-25") }
  }

  @Test(arguments: Country.economicArea.sorted())
  func `clause 32: within the EEA none is needed, and none is taken`(country: String) throws {
    #expect(try basis(nil, country) == nil)
    #expect(throws: EntryError.transfer(.withinEconomicArea(country: country))) {
      try basis(.standardContractualClauses, country, reference: "SCC")
    }
  }

  @Test(arguments: ["", "nl", "NLD", "ZZ", "UK", "N", "528", "N\0"])
  func `a country is two capitals of ISO 3166-1`(text: String) {
    #expect(throws: EntryError.notACountry(field: "country")) { try Country(text) }
  }

  @Test func `each adequacy decision names a country outside of the EEA, once`() throws {
    let countries = AdequacyDecision.all.map(\.country)
    #expect(Set(countries).count == countries.count)
    for decision in AdequacyDecision.all {
      #expect(try !Country(decision.country).isInEconomicArea)
      #expect(decision.adoptedOn < AdequacyDecision.asOf)
    }
  }

  @Test func `clause 31: data lie in the Netherlands, elsewhere in the EU on instruction`()
    throws
  {
    try StorageRule.demand(Country("NL"), instructed: [])
    #expect(throws: EntryError.storage(country: "DE", allowed: ["NL"])) {
      try StorageRule.demand(Country("DE"), instructed: [])
    }
    try StorageRule.demand(Country("DE"), instructed: StorageRule.instructed(["DE", "NL", "DE"]))
    for outside in ["NO", "US", "GB", "CH"] {
      #expect(throws: EntryError.self) { try StorageRule.instructed([outside]) }
    }
    #expect(try StorageRule.instructed(["FR", "BE", "NL"]) == ["BE", "FR"])
  }

  @Test func `clause 19: the page lists every cookie, and only necessary ones need no consent`()
    throws
  {
    let session = try Cookie(
      checking: "__Host-session", party: "IKSO", purpose: "keeps you signed in",
      isNecessary: true, lifetimeDays: 0)
    let statistics = try Cookie(
      checking: "stats", party: "<b>Counter & Co</b>", purpose: "counts \"visits\"",
      isNecessary: false, lifetimeDays: 30)
    let html = CookiePage(cookies: [session, statistics]).html
    #expect(html.contains("__Host-session") && html.contains("30 days"))
    #expect(html.contains("&lt;b&gt;Counter &amp; Co&lt;/b&gt;") && !html.contains("<b>"))
    #expect(session.isAllowed(consented: false) && !statistics.isAllowed(consented: false))
    #expect(statistics.isAllowed(consented: true))
    #expect(CookiePage(cookies: []).html.contains("None."))
    for name in ["", "a b", "a;b", "ä", "a=b"] {
      #expect(throws: EntryError.self) {
        try Cookie(
          checking: name, party: "IKSO", purpose: "p", isNecessary: true, lifetimeDays: 1)
      }
    }
    #expect(throws: EntryError.outOfRange(field: "lifetime_days", 0...400)) {
      try Cookie(checking: "a", party: "p", purpose: "p", isNecessary: true, lifetimeDays: 401)
    }
  }

  @Test func `a moment reads the same before it was stored and after`() async throws {
    try await RegisterHome.with { home in
      for nanos in [0, 1, 999, 1_500, 123_456_789, 987_654_321, 999_999_999] as [Int32] {
        let time = Google_Protobuf_Timestamp(seconds: 1_799_999_123, nanos: nanos)
        let moment = try time.past("at", now: RegisterHome.start)
        let ends = [
          moment, ObjectionPeriod(days: 30).end(from: moment),
          Application.eraseAt(ended: moment, keepsOneYear: true),
        ]
        for end in ends {
          let rows = try await home.base.database.once(
            tenant: .platform, "SELECT \(end)::timestamptz AS stored")
          #expect(try rows[0][0].get("stored", as: Date.self) == end, "\(nanos)")
        }
      }
    }
  }

  @Test(arguments: [Int64.min, -62_135_769_601, 64_092_211_201, Int64.max])
  func `a time far out is refused and traps nothing`(seconds: Int64) {
    let time = Google_Protobuf_Timestamp(seconds: seconds)
    #expect(throws: EntryError.self) { try time.past("at", now: RegisterHome.start) }
    #expect(throws: EntryError.self) {
      try time.moment(
        "at", in: .distantPast ... .distantFuture, expected: "must be a moment")
    }
  }
}
