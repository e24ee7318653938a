import Foundation
import Testing

/// The README's promises to a reader who types along.
struct ReadmeTests {
  @Test func `the Python lines work against a running system`() async throws {
    let environment = ProcessInfo.processInfo.environment
    let home = try #require(environment["IKSO_TEST_HOME"], "run the tests with Deploy/test")
    let python = try #require(environment["IKSO_TEST_PYTHON"], "run the tests with Deploy/test")
    let house = try #require(
      JSONSerialization.jsonObject(
        with: try Data(contentsOf: URL(filePath: home).appending(path: "house.json")))
        as? [String: Any])
    let gateway = try #require(house["gateway"] as? String)
    let readme = try String(
      contentsOf: Script.repository.appending(path: "README.md"), encoding: .utf8)
    let block = try #require(readme.firstMatch(of: /(?s)```python\n(.*?)```/))
    let program = String(block.1)
      .replacing(".ikso/", with: home + "/")
      .replacing("localhost:8443", with: gateway)
    try await Script.with { script in
      let file = script.folder.appending(path: "call.py")
      try Data(program.utf8).write(to: file)
      let outcome = try await script.bash([
        "-c", #"cd "$1" && exec "$2" "$3""#, "call", Script.repository.path, python, file.path,
      ])
      #expect(outcome.status == 0, "\(outcome.output)")
      #expect(outcome.output.contains(#"name: "Voorbeeld B.V.""#), "\(outcome.output)")
    }
  }
}
