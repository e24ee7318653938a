package import Foundation
import Glibc

/// PostgreSQL's programs and PgBouncer, which refuse to run as root: then they run as the user that
/// Debian's packages made for them.
package enum PostgresProgram {
  package struct Missing: Error, CustomStringConvertible {
    let name: String
    package var description: String {
      "\(name) is not installed: run the tests with Deploy/test, which installs it"
    }
  }

  package struct Failed: Error, CustomStringConvertible {
    package let description: String
  }

  package static var isRoot: Bool { geteuid() == 0 }

  /// Where a program of PostgreSQL's newest version stands, or of the system.
  package static func path(_ name: String) throws -> String {
    let all = "/usr/lib/postgresql"
    let versions = (try? FileManager.default.contentsOfDirectory(atPath: all)) ?? []
    let newest = versions.max { $0.compare($1, options: .numeric) == .orderedAscending }
    let folders = newest.map { ["\(all)/\($0)/bin"] } ?? []
    for folder in folders + ["/usr/sbin", "/usr/bin", "/bin"] {
      let path = "\(folder)/\(name)"
      if FileManager.default.isExecutableFile(atPath: path) { return path }
    }
    throw Missing(name: name)
  }

  /// A command line of `name` as a user that it accepts.
  package static func command(_ name: String, _ arguments: [String]) throws -> [String] {
    let program = [try path(name)] + arguments
    guard isRoot else { return program }
    return [
      try path("setpriv"), "--reuid", "postgres", "--regid", "postgres", "--init-groups", "--",
    ] + program
  }

  /// Runs it to its end; throws what it said if that was no good one.
  @discardableResult
  package static func run(_ name: String, _ arguments: [String]) async throws -> String {
    let command = try command(name, arguments)
    let (end, output) = try await Child.run(
      URL(filePath: command[0]), Array(command.dropFirst()))
    guard end == .exit(0) else { throw Failed(description: "\(name): \(end): \(output)") }
    return output
  }

  package static func start(_ command: [String]) throws -> Child {
    try Child(URL(filePath: command[0]), Array(command.dropFirst()))
  }

  /// A folder that these programs may write to; its path fits into a socket's address.
  package static func folder() async throws -> URL {
    let path = try await run("mktemp", ["-d", "/tmp/ikso-pg-XXXXXX"])
    return URL(filePath: path.trimmingCharacters(in: .whitespacesAndNewlines))
  }
}
