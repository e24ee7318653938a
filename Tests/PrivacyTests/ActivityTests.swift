import Foundation
import Testing

@testable import Privacy

@Suite struct ActivityTests {
  @Test(arguments: ["12a", "12b", "12c", "12d", "12f", "12g", "12h"])
  func `clause 12: each of its purposes has an activity`(clause: String) {
    #expect(Activity.catalogue.contains { $0.clause == clause })
  }

  @Test func `clause 14: each activity has a ground, people, data and a term`() {
    for activity in Activity.catalogue {
      #expect(!activity.people.isEmpty && !activity.data.isEmpty, "\(activity.id)")
      #expect(!activity.retention.isEmpty && !activity.transfer.isEmpty, "\(activity.id)")
      #expect(
        (activity.ground == .consent) == (activity.purpose?.needsConsent ?? false),
        "\(activity.id)")
    }
    #expect(Set(Activity.catalogue.map(\.id)).count == Activity.catalogue.count)
  }

  @Test func `every purpose has its activity, and the schemas' purposes too`() {
    #expect(Set(Activity.catalogue.compactMap(\.purpose)) == Set(Purpose.allCases))
    let undeclared = ActivityService.served.filter { Purpose(rawValue: $0) == nil }
    #expect(undeclared.isEmpty, "\(undeclared)")
  }

  @Test func `what is declared and not served, and served and not declared, is a difference`() {
    let found = ProcessingRecord.differences(
      Activity.catalogue.filter { $0.id != "sign-in" }, served: ["sign-in", "feedback"],
      officer: "")
    #expect(found.contains { $0.contains("\"sign-in\", for which no activity") })
    #expect(found.contains { $0.contains("\"development\" is declared") })
    #expect(found.contains { $0.contains("\"billing\"") && $0.contains("12g") })
    #expect(found.contains { $0.contains("contacts.officer") })
    let set = ProcessingRecord.differences(
      Activity.catalogue, served: ["feedback"], officer: "fg@example.org")
    #expect(!set.contains { $0.contains("contacts.officer") })
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
          activity: activity, isInstructed: true,
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
