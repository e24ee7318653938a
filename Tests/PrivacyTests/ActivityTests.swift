import Foundation
import Storage
import Testing

@testable import Privacy

@Suite struct ActivityTests {
  @Test(arguments: ["12a", "12b", "12c", "12d", "12e", "12f", "12g", "12h", "17", "18", "45"])
  func `clause 12: each of its purposes has an activity`(clause: String) {
    #expect(Activity.catalogue.contains { $0.clause == clause })
  }

  @Test func `clause 14: each activity has a ground, people, data and a term`() {
    for activity in Activity.catalogue {
      #expect(!activity.people.isEmpty && !activity.data.isEmpty, "\(activity.id)")
      #expect(!StatementWording.english.said(activity.term).isEmpty, "\(activity.id)")
      #expect(
        activity.purpose?.needsConsent != true || activity.ground == .consent,
        "\(activity.id)")
    }
    #expect(Set(Activity.catalogue.map(\.id)).count == Activity.catalogue.count)
  }

  @Test func `clauses 15, 47: the statement says whether data are compulsory, and why`() {
    let text = PersonalStatementText(
      personName: "Noor", organisationName: "Voorbeeld B.V.", version: 1, sha256: "ab",
      publishedAt: Date(timeIntervalSince1970: 1_700_000_000), contact: "privacy@example.org",
      kind: .participant,
      contacts: .init(
        officer: "fg@example.org", authority: "Autoriteit",
        authorityLink: "https://example.org/klacht"), body: "De tekst."
    ).markdown
    #expect(Activity.concerning(.participant).count > Activity.concerning(.guest).count)
    for activity in Activity.concerning(.participant) {
      for category in activity.data {
        let kind = category.isCompulsory ? "compulsory" : "optional"
        #expect(text.contains("  - \(category.name) (\(kind): \(category.why))"))
      }
      #expect(text.contains("Kept \(StatementWording.english.said(activity.term))."))
    }
    #expect(text.contains("fg@example.org") && text.contains("https://example.org/klacht"))
    #expect(!text.contains("debt collectors") && !text.contains("sending the newsletter"))
  }

  @Test func `clause 12c: nothing is analysed in this version, and the record says so`() {
    let analyses = Activity.catalogue.filter { $0.clause == "12c" }
    #expect(!analyses.isEmpty && analyses.allSatisfy { $0.purpose == nil })
    for analysis in analyses {
      #expect(Activity.tables[analysis.id] == nil, "nothing is held for it")
      let said = "the activity \"\(analysis.id)\" is declared (clause 12c), and no method serves it"
      #expect(
        ProcessingRecord.differences(Activity.catalogue, served: ActivityService.served)
          .contains(said))
    }
  }

  @Test func `clause 16: tables are declared for activities that there are, each for one`() {
    let known = Set(Activity.catalogue.map(\.id))
    #expect(Set(Activity.tables.keys).subtracting(known).isEmpty)
    #expect(Activity.activityOfTable.count == Activity.tables.values.joined().count)
  }

  @Test func `clause 16: what is held and not declared is a difference, and the reverse`() {
    func held(
      _ table: String, _ column: String, _ kind: Holding.Kind?, sealed: Bool = false
    ) -> Holding {
      Holding(service: "goals", table: table, column: column, kind: kind, isSealed: sealed)
    }
    let found = ProcessingRecord.differences(
      [
        held("goals.goal", "owner_id", .pseudonym), held("goals.goal", "title", .confidential),
        held("goals.mood", "owner_id", .pseudonym),
        held("goals.mood", "text", .confidential, sealed: true),
        held("goals.odd", "x", nil, sealed: true),
      ], described: ["goals"], silent: ["identity", "feedback"],
      declared: [
        "goals.goal": "development-goals", "goals.gone": "development-goals",
        "goals_keys.key": "operations", "feedback.round": "feedback-rounds",
      ])
    #expect(
      found == [
        "goals holds goals.mood (owner_id: pseudonym, text: confidential),"
          + " and no activity declares it",
        "goals holds goals.odd (x: unknown), and no activity declares it",
        "goals holds goals.goal.title (confidential) unsealed",
        "goals.gone is declared for the activity \"development-goals\","
          + " and no such data are held",
        "goals_keys.key is declared for the activity \"operations\", and no such data are held",
        "feedback did not say what it holds", "identity did not say what it holds",
      ])
  }

  @Test func `what is called otherwise than it is declared is a difference`() {
    func seen(_ name: String, _ purpose: String) -> ObservedMethod {
      ObservedMethod(
        service: "goals", name: name, purpose: purpose, calls: 1, firstSeenAt: Date(),
        lastSeenAt: Date())
    }
    let found = ProcessingRecord.differences(
      Activity.catalogue,
      observed: [seen("a.A/Get", "feedback"), seen("a.A/Set", "sign-in"), seen("a.A/Old", "x")],
      declared: ["a.A/Get": "feedback", "a.A/Set": "development", "a.A/New": "contract"])
    #expect(
      found == [
        "a.A/Set was called for the purpose \"sign-in\", and is declared for \"development\"",
        "a.A/Old was called, and the schemas of this version do not declare it",
        "the purpose \"contract\" is declared, and no call for it was observed",
        "the purpose \"development\" is declared, and no call for it was observed",
      ])
  }

  @Test func `clauses 12g, 30 to 32: what the registers add is in the record's table and page`() {
    let since = Date(timeIntervalSince1970: 1_800_000_000)
    let record = ProcessingRecord(
      role: .processor, generatedAt: since, controller: "Voorbeeld", controllerContact: "",
      processor: "IKSO", officer: "", entries: [], differences: [],
      registers: [
        RecordedEntry(
          TransferEntry(
            id: UUID(), organisation: .platform, recipient: "<Acme> Inc.", country: "US",
            basis: TransferBasis(
              mechanism: .standardContractualClauses, reference: "SCC 2021/914", ground: nil),
            beginsOn: "2027-01-01", recordedAt: since), isPlatform: true),
        RecordedEntry(
          StorageInstruction(countries: ["DE"], reference: "=Brief 3", instructedAt: since)),
        RecordedEntry(
          Collector(id: UUID(), name: "Incasso", reference: "Opdracht 9", recordedAt: since)),
      ])
    let lines = record.registersCSV.components(separatedBy: "\r\n")
    #expect(lines.count == 5 && lines[0].hasPrefix("\"register\",\"name\""))
    #expect(lines[1].contains("\"US\"") && lines[1].contains("SCC 2021/914"))
    #expect(lines[1].hasSuffix("\"2027-01-15\",\"every organisation\""))
    #expect(lines[2].contains("\"NL; DE\",\"'=Brief 3\""))
    #expect(lines[3].contains("\"billing contacts\"") && lines[3].contains("\"the organisation\""))
    #expect(record.html.contains("&lt;Acme&gt; Inc.") && !record.html.contains("<Acme>"))
  }

  @Test func `every purpose has its activity, and the schemas' purposes too`() {
    #expect(Set(Activity.catalogue.compactMap(\.purpose)) == Set(Purpose.allCases))
    let undeclared = ActivityService.served.filter { Purpose(rawValue: $0) == nil }
    #expect(undeclared.isEmpty, "\(undeclared)")
  }

  @Test func `what is declared and not served, and served and not declared, is a difference`() {
    let found = ProcessingRecord.differences(
      Activity.catalogue.filter { $0.id != "sign-in" }, served: ["sign-in", "feedback"])
    // These have methods since there are registers.
    for id in ["legal-demands", "billing", "disputes-and-audits"] {
      #expect(Activity.catalogue.first { $0.id == id }?.purpose != nil, "\(id)")
    }
    #expect(found.contains { $0.contains("\"sign-in\", for which no activity") })
    #expect(found.contains { $0.contains("\"development\" is declared") })
    #expect(found.contains { $0.contains("\"improvement\"") && $0.contains("12c") })
  }

  @Test func `the table is a line an activity, and no cell is a formula or markup`() {
    var activity = Activity.catalogue[0]
    activity.description = "=1+1, \"quoted\" <b>"
    let record = ProcessingRecord(
      role: .processor, generatedAt: Date(timeIntervalSince1970: 1_800_000_000),
      controller: "Voorbeeld & <Zoon>", controllerContact: "privacy@example.org",
      processor: "IKSO", officer: "",
      entries: [
        .init(
          activity: activity, isInstructed: true, transfer: "none",
          fields: [("ikso.identity.v1.Person.name", "personal")])
      ], differences: [])
    let lines = record.csv.components(separatedBy: "\r\n")
    #expect(lines.count == 3 && lines[2].isEmpty)
    #expect(lines[0].hasPrefix("\"activity\",\"clause\""))
    #expect(lines[1].contains("\"'=1+1, \"\"quoted\"\" <b>\""))
    #expect(lines[1].contains("ikso.identity.v1.Person.name (personal)"))
    #expect(record.html.contains("Voorbeeld &amp; &lt;Zoon&gt;"))
    #expect(record.html.contains("&lt;b&gt;") && !record.html.contains("<b>"))
  }
}
