import Foundation
import Glibc
import ProgramSupport

/// A copy of the whole cluster, made by pg_basebackup, and the server that is started on it.
struct BackupServer {
  struct Failed: Error, CustomStringConvertible {
    let description: String
  }

  private let folder: URL
  private var server: Child?
  private var data: URL { folder.appending(path: "data") }

  /// Libpq's, for the superuser; the database is to be added.
  var dsn: String { "host=\(folder.path) port=5432 user=postgres" }

  static func take() async throws -> BackupServer {
    let folder = URL(filePath: "/tmp/ikso-backup-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    if geteuid() == 0 {
      let user = try await Child.run(URL(filePath: "/usr/bin/chown"), ["postgres:", folder.path])
      guard user.end == .exit(0) else { throw Failed(description: user.output) }
    }
    let backup = BackupServer(folder: folder)
    var said = ""
    // Tests that make and drop databases beside this one force checkpoints, which can take away the
    // log that a backup has just begun with.
    for _ in 0..<10 {
      let (end, output) = try await Child.run(
        URL(filePath: "/usr/bin/env"),
        try asServer(
          "pg_basebackup",
          ["-d", TestDatabase.dsn(), "-D", backup.data.path, "-X", "stream", "-c", "fast"]))
      if end == .exit(0) { return backup }
      said = output
    }
    throw Failed(description: said)
  }

  /// Returns when it takes connections.
  mutating func start() async throws {
    let child = try Child(
      URL(filePath: "/usr/bin/env"),
      try Self.asServer(
        "postgres",
        [
          "-D", data.path, "-c", "unix_socket_directories=\(folder.path)", "-c", "port=5432",
          "-c", "listen_addresses=", "-c", "logging_collector=off",
        ]))
    server = child
    var said: [String] = []
    for await line in child.lines {
      said.append(line)
      if line.contains("ready to accept connections") { return }
    }
    throw Failed(description: said.joined(separator: "\n"))
  }

  func end() async {
    if let server {
      server.signal(SIGQUIT)
      _ = await server.end()
    }
    try? FileManager.default.removeItem(at: folder)
  }

  /// PostgreSQL does not run as root: then as the user that Debian's package has made for it.
  private static func asServer(_ program: String, _ arguments: [String]) throws -> [String] {
    let versions = try FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")
    guard let newest = versions.compactMap(Int.init).max() else {
      throw Failed(description: "PostgreSQL is not installed")
    }
    let command = ["/usr/lib/postgresql/\(newest)/bin/\(program)"] + arguments
    guard geteuid() == 0 else { return command }
    return [
      "setpriv", "--reuid", "postgres", "--regid", "postgres", "--init-groups", "--",
    ] + command
  }
}
