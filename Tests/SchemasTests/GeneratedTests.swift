import Foundation
import Testing

@Suite struct `The generated Swift` {
  @Test func `is what Schemas/generate makes of the schemas`() throws {
    let check = try check(Place.schemas)
    #expect(check.status == 0, "\(check.output)")
  }

  @Test func `that isn't current is shown, with the remedy`() throws {
    let copy = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.copyItem(at: Place.schemas.resolvingSymlinksInPath(), to: copy)
    defer { try? FileManager.default.removeItem(at: copy) }
    let edited = copy.appending(path: "Generated/ikso_keys_v1_keys.pb.swift")
    try (String(contentsOf: edited, encoding: .utf8) + "// by hand\n")
      .write(to: edited, atomically: false, encoding: .utf8)

    let check = try check(copy)
    #expect(check.status == 1)
    #expect(check.output.contains("-// by hand\n"))
    #expect(check.output.hasSuffix("run Schemas/generate and commit"))
  }

  private func check(_ schemas: URL) throws -> (status: Int32, output: String) {
    for plugin in ["protoc-gen-swift", "protoc-gen-ikso"] {
      try #require(
        FileManager.default.isExecutableFile(
          atPath: Place.products.appending(path: plugin).path),
        "\(plugin) isn't built: run swift build --product \(plugin) and test again")
    }
    return try run(
      schemas.appending(path: "generate").path, ["--check"],
      environment: ["PLUGINS": Place.products.path])
  }
}
