import Foundation

/// The record of processing activities (GDPR Art. 30), to be read by people and programs.
struct ProcessingRecord: Sendable {
  struct Entry: Sendable {
    var activity: Activity
    var isInstructed: Bool
    /// Out of the EEA, as the registers have it.
    var transfer: String
    /// Full names of the schemas' personal fields that travel for it, with their class.
    var fields: [(name: String, kind: String)]
  }

  var role: ProcessingRole
  var generatedAt: Date
  var controller: String
  var controllerContact: String
  var processor: String
  var officer: String
  var entries: [Entry]
  var differences: [String]
  /// Empty for whom it is not told.
  var observed: [ObservedMethod] = []
  /// What the registers add, as it is in force.
  var registers: [RecordedEntry] = []
  /// What the services hold for the activities.
  var holdings: [HeldEntry] = []
  /// On behalf of whom IKSO processes (Art. 30(2)(a)), where it is not one controller alone.
  var controllers: [Controller] = []

  struct Controller: Sendable, Equatable {
    var id: UUID
    var name: String
    /// Of its statement.
    var contact: String
  }

  /// Art. 30(1)(g) and (2)(d): in general terms.
  static let measures = [
    "encryption in transit: TLS 1.3 between all processes, plaintext refused",
    "encryption at rest: authenticated, with keys per organisation and per person",
    "separation of organisations by row security in the database, tested at each deploy",
    "rights per method, second factors, short-lived tokens that can be revoked",
    "erasure by deletion and destruction of the person's key, proved by a scan",
    "logs without personal values",
  ]

  /// What the catalogue and the software say differently. `served`: purposes that some method
  /// names.
  static func differences(
    _ catalogue: [Activity], served: Set<String>
  ) -> [String] {
    let declared = Set(catalogue.compactMap { $0.purpose?.rawValue })
    var differences = served.subtracting(declared).sorted().map {
      "methods serve the purpose \"\($0)\", for which no activity is declared"
    }
    differences += declared.subtracting(served).sorted().map {
      "the purpose \"\($0)\" is declared, and no method serves it"
    }
    differences += catalogue.filter { $0.purpose == nil }.map {
      "the activity \"\($0.id)\" is declared (clause \($0.clause)), and no method serves it"
    }
    return differences
  }

  private static let columns = [
    "activity", "clause", "description", "purpose", "ground", "role", "people", "data",
    "recipients", "retention", "transfer", "instructed", "fields",
  ]

  private func row(_ entry: Entry) -> [String] {
    let activity = entry.activity
    return [
      activity.id, activity.clause, activity.description, activity.purpose?.rawValue ?? "",
      activity.ground.rawValue, activity.role.rawValue, activity.people.joined(separator: "; "),
      activity.data.map(\.description).joined(separator: "; "),
      activity.recipients.joined(separator: "; "),
      StatementWording.english.said(activity.term), entry.transfer,
      entry.isInstructed ? "yes" : "no",
      entry.fields.map { "\($0.name) (\($0.kind))" }.joined(separator: "; "),
    ]
  }

  /// RFC 4180, a line for each activity.
  var csv: String { Self.csv([Self.columns] + entries.map(row)) }

  /// The same for the registers, a line for each entry.
  var registersCSV: String { Self.csv([RecordedEntry.columns] + registers.map(\.row)) }

  static func csv(_ rows: [[String]]) -> String {
    rows
      .map { $0.map(quoted).joined(separator: ",") + "\r\n" }.joined()
  }

  /// In quotation marks; what a spreadsheet takes for a formula gets an apostrophe before it.
  private static func quoted(_ text: String) -> String {
    let isFormula = text.first.map { "=+-@\t\r".contains($0) } ?? false
    return "\"" + (isFormula ? "'" : "") + text.replacing("\"", with: "\"\"") + "\""
  }

  /// One page to print, without scripts or references to anything.
  var html: String {
    let title = "Record of processing activities (GDPR Art. 30)"
    let head = [
      ("Role", role.rawValue), ("Controller", controller), ("Contact", controllerContact),
      ("Processor", processor), ("Data protection officer", officer),
      ("Generated", generatedAt.formatted(.iso8601)),
    ]
    return """
      <!DOCTYPE html>
      <html lang="en"><head><meta charset="utf-8"><title>\(title)</title>
      <style>body{font:10pt sans-serif}table{border-collapse:collapse}\
      td,th{border:1px solid #999;padding:2pt 4pt;text-align:left;vertical-align:top;\
      overflow-wrap:anywhere}tr{break-inside:avoid}</style></head><body>
      <h1>\(title)</h1>
      <table>\(head.map { Self.tableRow("th", [$0.0], then: [$0.1]) }.joined())</table>
      \(controllersTable)<h2>Activities</h2>
      <table>\(Self.tableRow("th", Self.columns, then: []))\
      \(entries.map { Self.tableRow("th", [], then: row($0)) }.joined())</table>
      <h2>Recipients, transfers and places</h2>
      <table>\(Self.tableRow("th", RecordedEntry.columns, then: []))\
      \(registers.map { Self.tableRow("th", [], then: $0.row) }.joined())</table>
      \(holdingsTable)<h2>Measures</h2><ul>\(Self.list(Self.measures))</ul>
      <h2>Differences</h2><ul>\(Self.list(differences))</ul>
      </body></html>

      """
  }

  private var controllersTable: String {
    guard !controllers.isEmpty else { return "" }
    let rows = controllers.map { Self.tableRow("th", [], then: [$0.name, $0.contact]) }
    return "<h2>Controllers</h2><table>\(rows.joined())</table>\n"
  }

  private var holdingsTable: String {
    guard !holdings.isEmpty else { return "" }
    let rows = holdings.map { Self.tableRow("th", [], then: $0.row) }
    return "<h2>What is held</h2><table>"
      + Self.tableRow("th", Holding.columns, then: []) + rows.joined() + "</table>\n"
  }

  private static func tableRow(
    _ tag: String, _ heads: [String], then cells: [String]
  ) -> String {
    "<tr>" + heads.map { "<\(tag)>\(escaped($0))</\(tag)>" }.joined()
      + cells.map { "<td>\(escaped($0))</td>" }.joined() + "</tr>"
  }

  private static func list(_ texts: [String]) -> String {
    texts.map { "<li>\(escaped($0))</li>" }.joined()
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }
}
