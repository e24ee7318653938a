import Foundation
import Testing

/// What the scripts of Deploy/ say and do, as far as it shows without a build.
struct ScriptTests {
  @Test(arguments: ["up", "down", "interop", "bench", "fuzz", "clauses"])
  func `an unknown option is named`(name: String) async throws {
    try await Script.with { script in
      let outcome = try await script.run(name, "--nonsense")
      #expect(outcome.status == 2)
      #expect(outcome.output == """
        Deploy/\(name): unknown option '--nonsense'; see Deploy/\(name) --help

        """)
    }
  }

  @Test(arguments: ["up", "down", "test", "interop", "bench", "fuzz", "sanitize", "clauses"])
  func `help is given`(name: String) async throws {
    try await Script.with { script in
      let outcome = try await script.run(name, "--help")
      #expect(outcome.status == 0)
      #expect(outcome.output.hasPrefix("Deploy/\(name)"))
    }
  }

  @Test(arguments: ["30", "31", "32"])
  func `a test that is named after a range of clauses shows each of them`(clause: String)
    async throws
  {
    try await Script.with { script in
      let outcome = try await script.run("clauses", clause)
      #expect(outcome.status == 0)
      #expect(outcome.output.contains("ActivityTests.swift: clauses 12g, 30 to 32: "))
    }
  }

  @Test func `a folder with other files in it is not taken as home`() async throws {
    try await Script.with { script in
      let outcome = try await script.run("up", "--home", script.folder.path)
      #expect(outcome.status == 3)
      #expect(outcome.output.contains("is not empty and no IKSO home"))
    }
  }

  @Test func `a Swift that is too old is named with the version that is needed`() async throws {
    try await Script.with { script in
      try await script.program("swift", "echo 'Swift version 5.10.1 (swift-5.10.1-RELEASE)'")
      let outcome = try await script.run("up", "--home", script.home.path)
      #expect(outcome.status == 3)
      #expect(outcome.output.contains("Swift 5.10.1 is too old; install Swift 6.3 or newer"))
    }
  }

  @Test func `a port that is taken is named with its holder before anything starts`() async throws {
    try await Script.with { script in
      // The stand-in takes the port, says which it is, and waits.
      try await script.program(
        "take-port",
        """
        /usr/bin/python3 -c '
        import socket, time
        s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen()
        print(s.getsockname()[1], flush=True); time.sleep(60)' >"\(script.folder.path)/port" &
        until [[ -s "\(script.folder.path)/port" ]]; do sleep 0.05; done
        port=$(cat "\(script.folder.path)/port")
        bash "\(Script.repository.path)/Deploy/up" --free-ports --gateway-port "$port" \
          --home "\(script.home.path)" --binaries "$(dirname "$0")"
        status=$?
        kill $!
        exit $status
        """)
      let outcome = try await script.bash([script.folder.path + "/bin/take-port"])
      #expect(outcome.status == 3)
      #expect(
        outcome.output.contains(/port \d+ of gateway is taken by python3.* \(process \d+\); stop/))
      #expect(!outcome.output.contains("database"))
    }
  }

  @Test func `a second start leaves alone what runs, purge leaves nothing`() async throws {
    try await Script.with { script in
      let first = try await script.run(script.up + ["--free-ports"])
      try #require(first.status == 0, "\(first.output)")
      #expect(first.output.contains("IKSO is running: gateway https://localhost:"))
      let pid = script.home.appending(path: "run/goals.pid")
      let before = try Data(contentsOf: pid)

      let second = try await script.run(script.up)
      #expect(second.status == 0, "\(second.output)")
      #expect(second.output.contains("left running: identity privacy feedback goals gateway"))
      #expect(try Data(contentsOf: pid) == before)

      let down = try await script.run("down", "--home", script.home.path, "--purge")
      #expect(down.status == 0, "\(down.output)")
      #expect(!FileManager.default.fileExists(atPath: script.home.path))
    }
  }

  @Test func `each script parses`() async throws {
    try await Script.with { script in
      for file in try Self.scripts() {
        let outcome = try await script.bash(["-n", file])
        #expect(outcome.status == 0, "\(file): \(outcome.output)")
      }
    }
  }

  @Test func `shellcheck, where it is installed, finds nothing`() async throws {
    try await Script.with { script in
      let checker = #"command -v shellcheck >/dev/null || exit 0; exec shellcheck "$@""#
      let outcome = try await script.bash(["-c", checker, "shellcheck"] + Self.scripts())
      #expect(outcome.status == 0, "\(outcome.output)")
    }
  }

  private static func scripts() throws -> [String] {
    let deploy = Script.repository.appending(path: "Deploy")
    let library = try FileManager.default.contentsOfDirectory(
      at: deploy.appending(path: "lib"), includingPropertiesForKeys: nil)
    let names = ["up", "down", "ikso", "test", "interop", "bench", "fuzz", "sanitize"]
      .map { deploy.appending(path: $0) }
    return (names + library.filter { $0.pathExtension == "sh" }).map(\.path)
      + [Script.repository.appending(path: ".ci/run").path]
  }
}
