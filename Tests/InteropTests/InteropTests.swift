import Foundation
import ProgramSupport
import Testing

/// Clients that nobody here wrote, against `InteropServer`. Python's grpcio stands on the C core;
/// `Deploy/interop` runs the C++ and Go libraries as well.
@Suite(.enabled(if: Python.isReady, "no Python with grpcio-tools: set IKSO_TEST_PYTHON"))
struct `gRPC's interoperability cases` {
  @Test(.timeLimit(.minutes(2)), arguments: ["plaintext", "TLS"])
  func `pass with grpcio as the client`(transport: String) async throws {
    let server = try Child(
      Bundle.main.bundleURL.appending(path: "InteropServer"),
      ["--port", "0"] + (transport == "TLS" ? ["--tls"] : []))
    var lines = server.lines.makeAsyncIterator()
    let line = try #require(await lines.next())
    // "InteropServer listens on 127.0.0.1:40123, TLS, certificate by /tmp/…/ca.pem"
    let parts = line.split(separator: ", ")
    let address = try #require(parts[0].split(separator: " ").last)
    #expect(parts[1] == transport)
    var arguments = ["--target", String(address), "--schemas", Place.schemas.path]
    if transport == "TLS" {
      arguments += ["--ca", String(try #require(parts[2].split(separator: " ").last))]
    }
    let script = try #require(
      Bundle.module.url(forResource: "interop", withExtension: "py", subdirectory: "Python"))
    let run = try await Child.run(
      Python.interpreter, [script.path] + arguments, environment: ["GRPC_VERBOSITY": "NONE"])
    #expect(run.end == .exit(0), "\(run.output)")
    #expect(run.output.hasSuffix("\n22 passed, 0 failed"), "\(run.output)")
    server.signal(SIGTERM)
    #expect(await server.end() == .exit(0))
  }

  @Test func `are served only with arguments that fit together`() async throws {
    let program = Bundle.main.bundleURL.appending(path: "InteropServer")
    for (arguments, told) in [
      (["--port", "65536"], "--port is 65536"),
      (["--port", "0", "--tls", "--cert", "a.pem"], "--cert and --key together"),
      (["--port", "0", "--cert", "a.pem", "--key", "a.key"], "add --tls"),
    ] {
      let run = try await Child.run(program, arguments)
      #expect(run.end == .exit(64) && run.output.contains(told), "\(run.output)")
    }
  }
}

private enum Place {
  static let schemas = URL(filePath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "TestSchemas/Protos")
}

private enum Python {
  static let interpreter = URL(
    filePath: ProcessInfo.processInfo.environment["IKSO_TEST_PYTHON"] ?? "/usr/bin/python3")

  /// Asked once: whether the interpreter is there and has the packages.
  static let isReady: Bool = {
    let result = try? Child.runBlocking(interpreter, ["-c", "import grpc_tools"])
    return result?.status == 0
  }()
}
