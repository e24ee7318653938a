import Foundation
import ProgramSupport
import Testing

/// `ikso passwords`, as whoever runs the platform types it.
struct PasswordListTests {
  @Test func `a list is built, checked and asked without printing a password`() async throws {
    let binaries = try #require(
      ProcessInfo.processInfo.environment["IKSO_TEST_BINARIES"], "run the tests with Deploy/test")
    let tool = URL(filePath: binaries).appending(path: "ikso")
    try await Script.with { script in
      let list = script.folder.appending(path: "list.txt")
      let file = script.folder.appending(path: "list.filter")
      // A password, the digest of "password" as it is published, and what is neither.
      let text = "glijbaan\r\n5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8:9659365\r\n\n"
      try (Data(text.utf8) + Data([0xff, 0x0a])).write(to: list)
      let built = try await Child.run(
        tool, ["passwords", "build", list.path, "--output", file.path])
      #expect(built.end == .exit(0), "\(built.output)")
      #expect(built.output.contains("2 entries") && built.output.contains("1 lines left out"))
      let asked = try await Child.run(
        tool, ["passwords", "check", file.path], input: Data("password\nvijver\nglijbaan\n".utf8))
      #expect(asked.end == .exit(1))
      for line in ["line 1: on the list", "line 2: not on the list", "line 3: on the list"] {
        #expect(asked.output.contains(line), "\(asked.output)")
      }
      #expect(!asked.output.contains("glijbaan"))
      try (Data(contentsOf: file).dropLast() + Data([1])).write(to: file)
      let damaged = try await Child.run(tool, ["passwords", "check", file.path])
      #expect(damaged.end == .exit(1) && damaged.output.contains("checksum"), "\(damaged.output)")
    }
  }
}
