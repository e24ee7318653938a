import Foundation
import Testing

/// The columns that migrations class as personal or confidential are those that services seal.
struct SealedColumnTests {
  @Test(arguments: ["Feedback", "Goals", "Identity", "Privacy"])
  func `every personal or confidential column is bytea and has its sealed column`(
    service: String
  ) throws {
    let folder = Repository.root.appending(path: "Services/\(service)")
    let migrations = try FileManager.default.contentsOfDirectory(
      atPath: folder.appending(path: "Migrations").path
    ).map { try text(folder.appending(path: "Migrations/\($0)")) }.joined(separator: "\n")
    let classed = migrations.matches(
      of: /COMMENT ON COLUMN \{\{schema\}\}\.(\w+)\.(\w+)\s+IS\s+'class=(?:personal|confidential)/
    ).map { "\($0.output.1).\($0.output.2)" }
    // Sealed and opened in Storage, for every service.
    .filter { $0 != "kept_answer.sealed_answer" }
    let sealed = try text(folder.appending(path: "Storage/SealedColumns.swift")).matches(
      of: /SealedColumn \{\s+static let table = "(\w+)"\s+static let column = "(\w+)"/
    ).map { "\($0.output.1).\($0.output.2)" }
    #expect(!classed.isEmpty)
    #expect(Set(classed) == Set(sealed) && classed.count == sealed.count)
    for name in classed {
      let column = String(name.drop { $0 != "." }.dropFirst())
      #expect(try migrations.contains(Regex("\\b\(column)\\s+bytea")), "\(name) is no bytea")
    }
  }

  private func text(_ file: URL) throws -> String {
    try String(contentsOf: file, encoding: .utf8)
  }
}
