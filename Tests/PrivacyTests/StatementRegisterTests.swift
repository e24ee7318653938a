import Foundation
import Storage
import Testing

@testable import Privacy

/// That a statement says what the registers, the decisions and the rules say, and nothing else.
@Suite struct StatementRegisterTests {
  private static let start = Date(timeIntervalSince1970: 1_800_000_000)

  private func statement(
    _ language: StatementLanguage, _ kind: SubjectKind = .participant,
    _ standings: [PurposeStanding] = [], _ registers: RegistersInForce = RegistersInForce()
  ) -> PersonalStatementText {
    PersonalStatementText(
      personName: "Noor", organisationName: "Voorbeeld B.V.", version: 1, sha256: "ab",
      publishedAt: Self.start, contact: "privacy@example.org", kind: kind, standings: standings,
      registers: registers, shownAt: Self.start,
      contacts: .init(
        officer: "fg@example.org", authority: "Autoriteit",
        authorityLink: "https://example.org/klacht"), language: language, body: "De tekst.")
  }

  private static let transfer = TransferEntry(
    id: UUID(), organisation: .platform, recipient: "<Acme> Inc.", country: "US",
    basis: TransferBasis(
      mechanism: .standardContractualClauses, reference: "SCC 2021/914", ground: nil),
    beginsOn: "2027-03-01", recordedAt: start)

  private static func processor(_ name: String, isInForce: Bool) -> SubProcessor {
    SubProcessor(
      id: UUID(), version: 1, name: name, service: "servers", agreementReference: "DPA 1",
      agreementSignedOn: "2026-12-01", country: "DE", safeguards: "encryption", basis: nil,
      announcedAt: start, objectionsUntil: start + 30 * 86_400, inForceAt: start + 30 * 86_400,
      isInForce: isInForce)
  }

  @Test func `clauses 12g, 30 to 32: who gets the data and where they lie is told, by country`() {
    let registers = RegistersInForce(
      subProcessors: [
        Self.processor("Nu *B.V.*", isInForce: true), Self.processor("Straks", isInForce: false),
      ], transfers: [Self.transfer],
      locations: [
        StorageEntry(
          id: UUID(), organisation: .platform, service: "goals", kind: .backup, country: "NL",
          place: "Leeuwarden", recordedAt: Self.start)
      ], instruction: .init(countries: ["DE"], reference: "Brief", instructedAt: Self.start),
      collectors: [Collector(id: UUID(), name: "Incasso", reference: "9", recordedAt: Self.start)])
    let english = statement(.english, .participant, [], registers).markdown
    #expect(english.contains("may lie in: Netherlands, Germany."))
    #expect(english.contains("- backups of goals: Leeuwarden, Netherlands\n"))
    #expect(english.contains("- **Nu \\*B.V.\\*** works for IKSO: servers, in Germany\n"))
    #expect(
      english.contains("- **Straks** works for IKSO: servers, in Germany, from 2027-02-14\n"))
    #expect(
      english.contains(
        "- **\\<Acme\\> Inc.**, in United States, outside the European Economic Area: standard "
          + "contractual clauses (Art. 46(2)(c)), SCC 2021/914, from 2027-03-01\n"))
    #expect(
      english.contains(
        "- **Incasso** collects debts of Voorbeeld B.V.: gets its billing contacts alone\n"))
    #expect(!english.contains("Nothing goes to a country outside"))
    let dutch = statement(.dutch, .participant, [], registers).markdown
    #expect(dutch.contains("mogen liggen in: Nederland, Duitsland."))
    #expect(dutch.contains("- **Straks** werkt voor IKSO: servers, in Duitsland, vanaf 2027-02-14"))
    #expect(dutch.contains("in Verenigde Staten, buiten de Europese Economische Ruimte: "))
    #expect(dutch.contains("alleen haar contactgegevens voor facturen"))
    // Nothing but what the registers hold.
    let none = statement(.english).markdown
    #expect(none.contains("Nothing goes to a country outside the European Economic Area."))
    #expect(none.contains("may lie in: Netherlands.") && !none.contains("works for IKSO"))
  }

  @Test func `clauses 10, 11, 12f: what is stopped is not in use, and says why`() throws {
    let publishing = "showing participants' information to others"
    let plain = statement(.english)
    #expect(
      plain.markdown.contains(
        "**\(publishing)** (not in use: your organisation has not instructed it; you have not "
          + "consented): "))
    #expect(!plain.purposeTexts.contains(Purpose.publishing.description))
    #expect(!plain.purposeTexts.contains(Purpose.reporting.description))
    #expect(plain.purposeTexts.contains(Purpose.development.description))
    let decided = [
      PurposeStanding(
        purpose: .development, lastAct: .withdrawn, frozen: [.withdrawal, .objection],
        isInstructed: true),
      PurposeStanding(purpose: .publishing, lastAct: .given, frozen: [], isInstructed: true),
      PurposeStanding(purpose: .reporting, frozen: [], isInstructed: true),
    ]
    let other = statement(.dutch, .participant, decided)
    #expect(
      other.markdown.contains(
        "(niet in gebruik: stilgelegd na uw bezwaar; stilgelegd, omdat u dit hebt ingetrokken): "))
    let wording = StatementWording.dutch
    #expect(!other.purposeTexts.contains(wording.said(Purpose.development.description)))
    #expect(other.purposeTexts.contains(wording.said(Purpose.publishing.description)))
    #expect(other.purposeTexts.contains(wording.said(Purpose.reporting.description)))
  }

  /// The guard of each service decides by `isAllowed`; the statement by `stops`.
  @Test func `a purpose is told as in use exactly if calls for it are admitted`() {
    let freezes: [Set<FreezeReason>] = [[], [.objection], [.withdrawal, .restriction]]
    for purpose in Purpose.allCases.filter(\.canBeStopped) {
      for act in [nil, .given, .withdrawn] as [ConsentAct?] {
        for frozen in freezes {
          for isInstructed in [true, false] {
            let standing = PurposeStanding(
              purpose: purpose, lastAct: act, frozen: frozen, isInstructed: isInstructed)
            #expect(standing.stops.isEmpty == standing.isAllowed, "\(standing)")
            for language in StatementLanguage.allCases {
              #expect(standing.stops.allSatisfy { language.wording.why[$0] != nil })
            }
          }
        }
      }
    }
  }

  @Test(arguments: [SubjectKind.participant, .guest])
  func `clauses 12 to 12h: all activities that concern somebody are told`(kind: SubjectKind) {
    let text = statement(.english, kind).markdown
    let people = kind == .participant ? "participants" : "outside feedback givers"
    let told = Activity.catalogue.filter { $0.people.contains(people) }
    #expect(told.allSatisfy { text.contains("- **\($0.description)**") })
    let clauses = Set(told.map(\.clause))
    let wanted: Set<String> =
      kind == .participant ? ["12b", "12c", "12d", "12e", "12f", "12h"] : ["12d", "12h"]
    #expect(clauses.isSuperset(of: wanted), "\(wanted.subtracting(clauses))")
  }

  /// The numbers that people are told are those that the sweep deletes by.
  @Test(arguments: StatementLanguage.allCases)
  func `clause 28: each term that is told is the one that is enforced`(
    language: StatementLanguage
  ) throws {
    let wording = language.wording
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    func numbers(_ rule: RetentionRule) -> [Int] {
      wording.rule(rule).term.split { !$0.isNumber }.compactMap { Int($0) }
    }
    for rule in RetentionRule.all(of: .organisations) + [.breach] {
      let number = try #require(numbers(rule).first, "\(rule)")
      let unit = rule == .archive ? Calendar.Component.day : .year
      let then = calendar.date(byAdding: unit, value: -number, to: Self.start)
      #expect(rule.end(at: Self.start) == then, "\(rule)")
    }
    let weeks = try #require(numbers(.application).first)
    #expect(
      Application.eraseAt(ended: Self.start, keepsOneYear: false)
        == Self.start + TimeInterval(weeks * 7 * 86_400))
    #expect(numbers(.application).last == Application.consentYears)
    #expect(numbers(.organisation) == [RetentionRule.organisationMonths])
    #expect(numbers(.subscriber) == [Subscriber.confirmationDays])
    // What is told of an activity are these sentences, and nothing beside them but what it names.
    for activity in Activity.concerning(.participant) {
      let said = wording.said(activity.term)
      for rule in activity.term.rules { #expect(said.contains(wording.rule(rule).term)) }
    }
  }
}
