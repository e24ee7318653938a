import Foundation
import Testing

/// The columns that migrations class as personal or confidential are sealed, and declared by the
/// fields of the schemas that are `sealed_in` them.
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
    .filter { !["kept_answer.sealed_answer", "access_event.sealed_detail"].contains($0) }
    let storage = folder.appending(path: "Storage")
    let sealed = try FileManager.default.contentsOfDirectory(atPath: storage.path).flatMap { file in
      try columns(storage.appending(path: file))
    }
    let declared = try columns(storage.appending(path: "SealedColumns.swift"))
    #expect(!classed.isEmpty)
    #expect(Set(sealed).isSuperset(of: classed), "personal, and not sealed")
    #expect(Set(sealed).count == sealed.count)
    // What no message holds cannot be declared in the schema.
    #expect(Set(sealed).subtracting(declared).isSubset(of: Self.inNoMessage))
    for name in classed {
      let column = String(name.drop { $0 != "." }.dropFirst())
      #expect(try migrations.contains(Regex("\\b\(column)\\s+bytea")), "\(name) is no bytea")
    }
  }

  private static let inNoMessage: Set<String> = []

  private func columns(_ file: URL) throws -> [String] {
    try text(file).matches(
      of: /SealedColumn \{\s+static let table = "(\w+)"\s+static let column = "(\w+)"/
    ).map { "\($0.output.1).\($0.output.2)" }
  }

  private func text(_ file: URL) throws -> String {
    try String(contentsOf: file, encoding: .utf8)
  }
}
