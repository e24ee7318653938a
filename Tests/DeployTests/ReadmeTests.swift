import Foundation
import Testing

/// The README's promises to a reader who types along.
struct ReadmeTests {
  @Test func `the curl lines work against a running system`() async throws {
    let outcome = try await run("sh", by: "sh")
    #expect(outcome.status == 0, "\(outcome.output)")
    #expect(outcome.output.contains(#"{"accessToken":""#), "\(outcome.output)")
  }

  @Test func `the Python lines work against a running system`() async throws {
    let python = try #require(
      ProcessInfo.processInfo.environment["IKSO_TEST_PYTHON"], "run the tests with Deploy/test")
    let outcome = try await run("python", by: python)
    #expect(outcome.status == 0, "\(outcome.output)")
    #expect(outcome.output.contains(#"name: "Voorbeeld B.V.""#), "\(outcome.output)")
  }

  /// Has `interpreter` run the README's first block of a language, in the repository, with the
  /// running system's places for the usual ones.
  private func run(
    _ language: String, by interpreter: String
  ) async throws -> (status: Int32, output: String) {
    let home = try #require(
      ProcessInfo.processInfo.environment["IKSO_TEST_HOME"], "run the tests with Deploy/test")
    let house = try #require(
      JSONSerialization.jsonObject(
        with: try Data(contentsOf: URL(filePath: home).appending(path: "house.json")))
        as? [String: Any])
    let gateway = try #require(house["gateway"] as? String)
    let readme = try String(
      contentsOf: Script.repository.appending(path: "README.md"), encoding: .utf8)
    let begin = try #require(readme.firstRange(of: "```\(language)\n"))
    let rest = readme[begin.upperBound...]
    let end = try #require(rest.firstRange(of: "```"))
    let program = String(rest[..<end.lowerBound])
      .replacing(".ikso/", with: home + "/")
      .replacing("localhost:8443", with: gateway)
    return try await Script.with { script in
      let file = script.folder.appending(path: "program")
      try Data(program.utf8).write(to: file)
      let outcome = try await script.bash([
        "-c", #"cd "$1" && exec "$2" "$3""#, "call", Script.repository.path, interpreter,
        file.path,
      ])
      return (outcome.status, outcome.output)
    }
  }
}
