import Foundation
import Testing

@Suite struct `The generated Swift` {
  @Test func `is what Schemas/generate makes of the schemas`() throws {
    let check = try check(Place.schemas)
    #expect(check.status == 0, "\(check.output)")
  }

  @Test func `that isn't current is shown, with the remedy`() throws {
    let root = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: root) }
    let repository = Place.schemas.resolvingSymlinksInPath().deletingLastPathComponent()
    let columns = ["Feedback", "Goals", "Identity", "Privacy"].map {
      "Services/\($0)/Storage/SealedColumns.swift"
    }
    for folder in ["Schemas", "Shared/RPC/Generated", "Tests/TestSchemas"] + columns {
      let copy = root.appending(path: folder)
      try FileManager.default.createDirectory(
        at: copy.deletingLastPathComponent(), withIntermediateDirectories: true)
      try FileManager.default.copyItem(at: repository.appending(path: folder), to: copy)
    }
    for file in [
      "Schemas/Generated/ikso_keys_v1_keys.pb.swift",
      "Shared/RPC/Generated/google_rpc_status.pb.swift",
      "Tests/TestSchemas/Generated/grpc_testing_empty.pb.swift",
      "Services/Goals/Storage/SealedColumns.swift",
    ] {
      let edited = root.appending(path: file)
      try (String(contentsOf: edited, encoding: .utf8) + "// by hand in \(file)\n")
        .write(to: edited, atomically: false, encoding: .utf8)
    }

    let check = try check(root.appending(path: "Schemas"))
    #expect(check.status == 1)
    #expect(check.output.contains("-// by hand in Schemas/"))
    #expect(check.output.contains("-// by hand in Shared/"))
    #expect(check.output.contains("-// by hand in Tests/"))
    #expect(check.output.contains("-// by hand in Services/"))
    #expect(check.output.hasSuffix("run Schemas/generate and commit"))
  }

  private func check(_ schemas: URL) throws -> (status: Int32, output: String) {
    for plugin in ["protoc-gen-swift", "protoc-gen-ikso"] {
      try #require(
        FileManager.default.isExecutableFile(
          atPath: Place.products.appending(path: plugin).path),
        "\(plugin) isn't built: run swift build --product \(plugin) and test again")
    }
    // Read by bash, not executed: what other tests start while the copy is written may hold it
    // open, and a file that is open for writing is not executed.
    return try run(
      "bash", [schemas.appending(path: "generate").path, "--check"],
      environment: ["PLUGINS": Place.products.path])
  }
}
