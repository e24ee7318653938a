import Foundation

/// What an archive holds besides the data themselves: a page to read them on, and their schema.
extension RecordTable {
  /// `index.html`, all records of all tables on one page without a script or a foreign resource,
  /// and `schema.json`, a JSON Schema (2020-12) by the path of each JSON file.
  package static func companions(of tables: [RecordTable]) throws -> [ArchiveFile] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let schemas = Dictionary(
      tables.map { ($0.path + ".json", Schema($0.columns)) },
      uniquingKeysWith: { first, _ in first })
    return [
      ArchiveFile(path: "index.html", bytes: Array(page(tables).utf8)),
      ArchiveFile(path: "schema.json", bytes: [UInt8](try encoder.encode(schemas))),
    ]
  }

  private struct Schema: Encodable {
    struct Items: Encodable {
      struct Text: Encodable { var type = "string" }
      var type = "object"
      var properties: [String: Text]
    }

    var schema = "https://json-schema.org/draft/2020-12/schema"
    var type = "array"
    var items: Items

    private enum CodingKeys: String, CodingKey {
      case schema = "$schema"
      case type, items
    }

    init(_ columns: [String]) {
      items = Items(
        properties: Dictionary(
          columns.map { ($0, Items.Text()) }, uniquingKeysWith: { first, _ in first }))
    }
  }

  private static func page(_ tables: [RecordTable]) -> String {
    """
    <!doctype html>
    <html lang="en">
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src \
    'unsafe-inline'">
    <title>Personal data</title>
    <style>
    body { font: 1rem/1.4 sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem }
    table { border-collapse: collapse; margin: 0 0 1rem; width: 100% }
    th, td { border: 1px solid #999; padding: .2rem .5rem; text-align: left; vertical-align: top }
    th { width: 14rem; font-weight: normal; color: #444 }
    td { white-space: pre-wrap; overflow-wrap: anywhere }
    </style>
    <h1>Personal data</h1>
    \(tables.map(\.section).joined(separator: "\n"))
    </html>

    """
  }

  private var section: String {
    let heading = "<h2>\(Self.escaped(service)): \(Self.escaped(table)) (\(count))</h2>"
    let entries = records.map { record in
      let rows = columns.compactMap { name in
        record[name].map { "<tr><th>\(Self.escaped(name))<td>\(Self.escaped($0))" }
      }
      return "<table>\n\(rows.joined(separator: "\n"))\n</table>"
    }
    return ([heading] + entries).joined(separator: "\n")
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }
}
