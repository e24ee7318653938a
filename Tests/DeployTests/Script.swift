import Foundation
import ProgramSupport

/// A script of Deploy/, run in a folder of its own with stand-ins for the built programs.
struct Script: Sendable {
  static let repository = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  struct Outcome: Sendable {
    let status: Int32
    /// What went to standard output and standard error.
    let output: String
  }

  let folder: URL
  var home: URL { folder.appending(path: "home") }
  private var binaries: URL { folder.appending(path: "bin") }

  /// What starts everything with the stand-ins, whose health is always good.
  var up: [String] {
    ["up", "--detach", "--no-demo", "--home", home.path, "--binaries", binaries.path]
  }

  /// Gives a folder with stand-ins, and removes it and what runs in it when the body ends.
  @discardableResult
  static func with<Value>(_ body: (Script) async throws -> Value) async throws -> Value {
    let script = Script(
      folder: FileManager.default.temporaryDirectory.appending(path: "ikso-\(UUID().uuidString)"))
    // The user that runs PostgreSQL has to pass.
    try FileManager.default.createDirectory(
      at: script.binaries, withIntermediateDirectories: true,
      attributes: [.posixPermissions: 0o755])
    try await script.program("ikso", "exit 0")
    for service in ["identity", "feedback", "goals", "privacy", "gateway"] {
      try await script.program(
        "ikso-\(service)", """
        case $1 in
          operator) read -r password ;;
          serve) while :; do sleep 0.2; done ;;
        esac
        """)
    }
    let result: Result<Value, any Error>
    do { result = .success(try await body(script)) } catch { result = .failure(error) }
    _ = try await script.run("down", "--home", script.home.path, "--purge")
    try? FileManager.default.removeItem(at: script.folder)
    return try result.get()
  }

  /// Makes an executable beside the stand-ins.
  func program(_ name: String, _ body: String) async throws {
    let text = folder.appending(path: "\(name).text")
    try Data("#!/usr/bin/env bash\n\(body)\n".utf8).write(to: text)
    // Not written by this process: what other tests start at that moment would hold it open, and a
    // file that is open for writing is not executed.
    let installed = try await bash([
      "-c", #"install -m 755 -- "$1" "$2""#, "install", text.path,
      binaries.appending(path: name).path,
    ])
    precondition(installed.status == 0, "install: \(installed.output)")
  }

  /// Runs Deploy/NAME; programs in the folder stand before those of the system.
  func run(_ arguments: String...) async throws -> Outcome {
    try await run(arguments)
  }

  func run(_ arguments: [String]) async throws -> Outcome {
    let deploy = Self.repository.appending(path: "Deploy/\(arguments[0])").path
    return try await bash([deploy] + arguments.dropFirst())
  }

  /// Its output goes to a file: what it leaves running may hold that open, and nobody waits for it.
  func bash(_ arguments: [String]) async throws -> Outcome {
    let log = folder.appending(path: "output-\(UUID().uuidString)")
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    let redirected = #"log=$1; shift; exec bash "$@" >"$log" 2>&1"#
    let (end, _) = try await Child.run(
      URL(filePath: "/bin/bash"), ["-c", redirected, "bash", log.path] + arguments,
      environment: ["PATH": "\(binaries.path):\(path)"])
    let output = String(decoding: try Data(contentsOf: log), as: UTF8.self)
    guard case .exit(let status) = end else { return Outcome(status: -1, output: output) }
    return Outcome(status: status, output: output)
  }
}
