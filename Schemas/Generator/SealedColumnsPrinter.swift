import SwiftProtobufPluginLibrary

/// The sealed columns of one service as types: what its queries take and its rows give.
struct SealedColumnsPrinter {
  /// Ends the names of these files; what comes before is the service's name, as its folder's.
  static let suffix = ".SealedColumns.swift"

  let fileName: String
  let contents: String

  /// Of each package whose fields name columns.
  static func all(of schema: Schema) -> [SealedColumnsPrinter] {
    schema.sealedColumns.sorted { $0.key < $1.key }.map(SealedColumnsPrinter.init)
  }

  private init(package: String, columns: Set<Schema.SealedColumn>) {
    // "ikso.goals.v1" is the service Goals.
    let service = package.split(separator: ".")[1]
    fileName = NamingUtils.toUpperCamelCase(String(service)) + Self.suffix
    var printer = CodePrinter(addNewlines: true)
    printer.print(
      "// Generated from the fields of \(package) that are sealed_in a column.",
      "// Don't edit; run Schemas/generate.", "", "import Storage")
    let tables = Dictionary(grouping: columns, by: \.table)
    for (table, columns) in tables.sorted(by: { $0.key < $1.key }) {
      printer.print("", "enum \(NamingUtils.toUpperCamelCase(table))Columns {")
      printer.withIndentation { printer in
        for (position, column) in columns.sorted().enumerated() {
          if position > 0 { printer.print("") }
          printer.print(column)
        }
      }
      printer.print("}")
    }
    contents = printer.content
  }
}

extension CodePrinter {
  fileprivate mutating func print(_ column: Schema.SealedColumn) {
    print("enum \(NamingUtils.toUpperCamelCase(column.column)): SealedColumn {")
    withIndentation { printer in
      printer.print(
        "static let table = \"\(column.table)\"", "static let column = \"\(column.column)\"")
    }
    print("}")
  }
}
