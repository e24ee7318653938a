import Foundation
import ProgramSupport
import Testing

/// Clients in Python that hold the cases of connectrpc's suite and of h2spec (`Tests/Conformance`),
/// against our servers.
@Suite(.enabled(if: Runner.isReady, "Python lacks packages: set IKSO_TEST_PYTHON"))
struct `conformance` {
  @Test(.timeLimit(.minutes(15)))
  func `of gRPC, gRPC-Web and Connect holds in each case`() async throws {
    let run = try await Runner.run(
      "connect_runner.py", ["--", Program.conformanceServer.path])
    Runner.expect(run, .exit(0), "\(Runner.connectCases) passed, 0 failed")
  }

  @Test(
    .enabled(if: Runner.hasLibrary, "no connectrpc in Python: set IKSO_TEST_PYTHON"),
    .timeLimit(.minutes(10)))
  func `with a client library that nobody here wrote holds in each case`() async throws {
    let run = try await Runner.run(
      "connect_library.py", ["--", Program.conformanceServer.path])
    Runner.expect(run, .exit(0), "\(Runner.libraryCases) passed, 0 failed")
  }

  @Test(.timeLimit(.minutes(5)), arguments: ["plaintext", "TLS"])
  func `of HTTP/2 and HPACK holds in each case`(transport: String) async throws {
    let isTLS = transport == "TLS"
    let server = try Child(
      Program.interopServer, ["--port", "0"] + (isTLS ? ["--tls"] : []))
    var lines = server.lines.makeAsyncIterator()
    // "InteropServer listens on 127.0.0.1:40123, plaintext"
    let line = try #require(await lines.next())
    let address = try #require(line.split(separator: ", ").first?.split(separator: " ").last)
    try await Runner.expectHTTP2(String(address), isTLS ? ["--tls"] : [])
    server.signal(SIGTERM)
    #expect(await server.end() == .exit(0))
  }

  @Test func `is found wanting in a server that does not start`() async throws {
    let run = try await Runner.run(
      "connect_runner.py",
      ["--filter", "^Basic/grpc/proto/identity/plaintext/", "--", "/bin/false"])
    Runner.expect(run, .exit(1), "0 passed, 11 failed")
  }

  @Test func `is found wanting in a port that is closed`() async throws {
    let run = try await Runner.run("http2_spec.py", ["--port", "1", "--filter", "^generic/4/"])
    Runner.expect(run, .exit(1), "0 passed, 4 failed")
  }
}

/// The ports of the running system, which ask for certificates, judge callers and have limits.
@Suite(
  .enabled(if: Runner.isReady, "Python lacks packages: set IKSO_TEST_PYTHON"),
  .enabled(if: House.isThere, "no running system: set IKSO_TEST_HOME, or run Deploy/test"))
struct `conformance of the running system` {
  @Test(
    .timeLimit(.minutes(5)),
    arguments: ["gateway", "identity", "privacy", "feedback", "goals"])
  func `in HTTP/2 and HPACK holds in each case`(process: String) async throws {
    let house = try House.read()
    let port = try #require(house.services[process]?.port)
    let certificate = ["--cert", house.toolsCertificate, "--key", house.toolsKey]
    try await Runner.expectHTTP2(
      "127.0.0.1:\(port)", ["--tls"] + (process == "gateway" ? [] : certificate))
  }

  @Test(
    .timeLimit(.minutes(10)),
    arguments: [
      ("connect_runner.py", Runner.gatewayCases),
      ("connect_library.py", Runner.gatewayLibraryCases),
    ])
  func `of a server behind the gateway holds in each case`(
    script: String, cases: Int
  ) async throws {
    let run = try await Runner.run(
      script, ["--gateway", House.file.path, "--", Program.conformanceServer.path])
    Runner.expect(run, .exit(0), "\(cases) passed, 0 failed")
  }
}

private enum Runner {
  static let http2Cases = 149
  /// With the two of certificates that must be refused.
  static let connectCases = 2674
  static let libraryCases = 2444
  /// Those with TLS and without a certificate of the caller's.
  static let gatewayCases = 1270
  static let gatewayLibraryCases = 1156

  private static let folder = URL(filePath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Conformance")
  private static let interpreter = URL(
    filePath: ProcessInfo.processInfo.environment["IKSO_TEST_PYTHON"] ?? "/usr/bin/python3")

  /// Asked once each: whether the interpreter is there and has the packages.
  static let isReady = has("grpc_tools, h2, hpack, hyperframe")
  static let hasLibrary = has("connectrpc, pyqwest")

  private static func has(_ modules: String) -> Bool {
    let result = try? Child.runBlocking(interpreter, ["-c", "import " + modules])
    return result?.status == 0
  }

  static func run(
    _ script: String, _ arguments: [String]
  ) async throws -> (end: Child.End, output: String) {
    try await Child.run(
      interpreter, [folder.appending(path: script).path] + arguments,
      environment: ["PYTHONDONTWRITEBYTECODE": "1"])
  }

  /// The cases with frames that follow each other at once, thrice, and with frames of which each
  /// may be answered before the next one comes: the outcome must not hang on that.
  static func expectHTTP2(_ address: String, _ arguments: [String]) async throws {
    let parts = address.split(separator: ":").map(String.init)
    for pace in [["--repeat", "3"], ["--pause", "0.01"]] {
      let run = try await run(
        "http2_spec.py", ["--host", parts[0], "--port", parts[1]] + pace + arguments)
      expect(run, .exit(0), "\(http2Cases) passed, 0 failed")
    }
  }

  static func expect(
    _ run: (end: Child.End, output: String), _ end: Child.End, _ lastLine: String,
    _ location: SourceLocation = #_sourceLocation
  ) {
    let isAsExpected = run.end == end && run.output.split(separator: "\n").last == lastLine[...]
    #expect(isAsExpected, "\(run.end), not \(lastLine):\n\(run.output)", sourceLocation: location)
  }
}

private enum Program {
  static let conformanceServer = Bundle.main.bundleURL.appending(path: "ConformanceServer")
  static let interopServer = Bundle.main.bundleURL.appending(path: "InteropServer")
}

/// Where the running system listens.
private struct House: Decodable {
  struct Process: Decodable {
    let port: Int
  }

  let services: [String: Process]
  let toolsCertificate: String
  let toolsKey: String

  private static let home = ProcessInfo.processInfo.environment["IKSO_TEST_HOME"]
  static var isThere: Bool { home != nil }

  static var file: URL { URL(filePath: home ?? "").appending(path: "house.json") }

  static func read() throws -> House {
    try JSONDecoder().decode(House.self, from: Data(contentsOf: file))
  }
}
