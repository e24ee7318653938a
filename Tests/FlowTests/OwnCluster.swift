import Foundation
import Glibc
import Postgres
import ProgramSupport

/// A PostgreSQL of one test's own, to be killed, starved and failed over: a copy of the house's
/// with all that is in it, made by pg_basebackup.
final class OwnCluster: Sendable {
  private let folder: URL
  /// Where its socket is: what a DSN calls `host`.
  var host: String { folder.path }

  private init(folder: URL) { self.folder = folder }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// A copy of what listens in `host`: a cluster of its own, or a replica that follows.
  static func copy(of host: String, following: Bool = false) async throws -> OwnCluster {
    let cluster = OwnCluster(folder: try await PostgresProgram.folder())
    try await PostgresProgram.run(
      "pg_basebackup",
      [
        "--host", host, "--port", "5432", "--username", "postgres", "--no-sync",
        "--checkpoint=fast", "--pgdata", "\(cluster.host)/data",
      ] + (following ? ["--write-recovery-conf"] : []))
    return cluster
  }

  static func copyOfHouse() async throws -> OwnCluster {
    try await copy(of: houseHost())
  }

  /// The folder of the house's socket.
  private static func houseHost() throws -> String {
    let dsn = try HousePlan.variable("IKSO_TEST_POSTGRES")
    guard let match = dsn.firstMatch(of: /host='?([^' ]+)/) else {
      throw HouseMissing("IKSO_TEST_POSTGRES names no host")
    }
    return String(match.output.1)
  }

  // MARK: The server

  /// Starts it and returns when it takes connections. `smallFolder`: the size in MiB of a file
  /// system of its own under `small`, for a disk that can be filled; only as root.
  func start(smallFolder mebibytes: Int? = nil) async throws -> Child {
    var command = try PostgresProgram.command(
      "postgres",
      [
        "-D", "\(host)/data", "-c", "unix_socket_directories=\(host)", "-c", "port=5432",
        "-c", "fsync=off",
      ])
    if let mebibytes {
      let script = """
        mount -t tmpfs -o size=\(mebibytes)m,mode=0700,uid=$(id -u postgres) small \(host)/small \
        && exec "$@"
        """
      try await PostgresProgram.run("mkdir", ["\(host)/small"])
      command =
        [try PostgresProgram.path("unshare"), "--mount", "sh", "-c", script, "sh"] + command
    }
    let server = try PostgresProgram.start(command)
    try await until("the cluster takes connections") {
      do {
        try await PostgresProgram.run("pg_isready", ["-q", "-h", host, "-p", "5432"])
        return true
      } catch is PostgresProgram.Failed {
        guard kill(server.pid, 0) == 0 else { throw HouseMissing("the cluster did not start") }
        return false
      }
    }
    return server
  }

  /// Makes a replica the primary.
  func promote() async throws {
    try await PostgresProgram.run("pg_ctl", ["promote", "-D", "\(host)/data"])
  }

  /// As superuser, by psql: pools would hold connections that a test wants gone.
  @discardableResult
  func sql(_ text: String) async throws -> String {
    try await PostgresProgram.run(
      "psql",
      [
        "-X", "-q", "-A", "-t", "-h", host, "-p", "5432", "-U", "postgres", "-d", "ikso", "-c",
        text,
      ])
  }

  /// Has a service use clusters of the test's, instead of the house's, for data and keys.
  static func settings(
    _ clusters: OwnCluster..., more: String = ""
  ) -> (inout Settings) -> Void {
    let hosts = clusters.map(\.host).joined(separator: ",")
    return { settings in
      let dsn = (settings["database.dsn"] as? String) ?? ""
      let keys = (settings["keys.dsn"] as? String) ?? dsn
      settings["database.dsn"] = "\(dsn) host=\(hosts) port=5432 \(more)"
      settings["keys.dsn"] = "\(keys) host=\(hosts) port=5432 \(more)"
    }
  }
}
