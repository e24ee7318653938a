import Foundation

/// The records of one table of one service, as JSON and as CSV.
package struct RecordTable: Sendable {
  package let service: String
  package let table: String
  private(set) var columns: [String] = []
  private(set) var records: [[String: String]] = []

  package init(service: String, table: String) {
    self.service = service
    self.table = table
  }

  package var count: Int { records.count }

  /// Adds a record; columns keep the order in which they were first seen.
  package mutating func add(_ fields: [(name: String, value: String)]) {
    for field in fields where !columns.contains(field.name) { columns.append(field.name) }
    records.append(
      Dictionary(fields.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first }))
  }

  /// Of its files, without their ending.
  var path: String { "data/\(service)/\(table)" }

  package func files() throws -> [ArchiveFile] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return [
      ArchiveFile(path: path + ".json", bytes: [UInt8](try encoder.encode(records))),
      ArchiveFile(path: path + ".csv", bytes: Array(csv().utf8)),
    ]
  }

  /// RFC 4180: a header, CRLF line ends, quotes where needed.
  func csv() -> String {
    let lines = [columns] + records.map { record in columns.map { record[$0] ?? "" } }
    return lines.map { $0.map(Self.quoted).joined(separator: ",") + "\r\n" }.joined()
  }

  /// A field that a spreadsheet would run as a formula (it begins with = + - @) gets an apostrophe
  /// in front: a feedback giver must not be able to run code on the reader's machine. The JSON
  /// file holds the text as it is.
  private static func quoted(_ field: String) -> String {
    let defused = "=+-@\t\r".contains(field.first ?? " ") ? "'" + field : field
    guard defused.contains(where: { "\",\r\n".contains($0) || $0.isNewline }) else {
      return defused
    }
    return "\"" + defused.replacing("\"", with: "\"\"") + "\""
  }
}
