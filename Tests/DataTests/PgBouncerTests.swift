import Foundation
import ProgramSupport
import Testing

@testable import Postgres
@testable import Storage

/// A real PgBouncer between the pool and the server, which changes servers between transactions.
@Suite(.serialized, .timeLimit(.minutes(3))) struct PgBouncerTests {
  /// More connections of ours than PgBouncer has to the server.
  private static func bounced(
    connections: Int = 6, _ body: @Sendable (Database, PostgresPool) async throws -> Void
  ) async throws {
    let dsn = try TestDatabase.dsn()
    let hosts = Dictionary(
      uniqueKeysWithValues: HostList(dsn: dsn).lists.map { ($0.keyword, $0.values[0]) })
    let folder = try await PostgresProgram.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(
      """
      [databases]
      * = host=\(hosts["host"] ?? "/tmp") port=\(hosts["port"] ?? "5432")
      [pgbouncer]
      unix_socket_dir = \(folder.path)
      listen_port = 6432
      auth_type = trust
      auth_file = \(folder.path)/users
      pool_mode = transaction
      default_pool_size = 2
      """.utf8
    ).write(to: folder.appending(path: "ini"))
    try Data("\"postgres\" \"\"\n".utf8).write(to: folder.appending(path: "users"))
    // Read by another user where the tests run as root, whatever the umask.
    for name in ["ini", "users"] {
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o644], ofItemAtPath: folder.appending(path: name).path)
    }
    let bouncer = try PostgresProgram.start(
      PostgresProgram.command("pgbouncer", ["\(folder.path)/ini"]))
    try await TestDatabase.cluster { watcher, reactors in
      var configuration = watcher.configuration
      configuration.dsn += " host=\(folder.path) port=6432 user=postgres password=x"
      configuration.connectionsPerReactor = connections
      configuration.preparesStatements = false
      let pool = PostgresPool(configuration: configuration, reactors: reactors)
      let result = await Result.of { try await body(Database(pool: pool), watcher) }
      await pool.shutdown()
      try result.get()
    }
    bouncer.signal(SIGTERM)
    _ = await bouncer.end()
  }

  private static let tenant: SQL = """
    SELECT coalesce(current_setting('ikso.tenant', true), '') AS tenant, pg_backend_pid() AS pid
    """

  @Test func `units of many tenants share servers without meeting each other`() async throws {
    try await Self.bounced { database, _ in
      let seen = try await withThrowingTaskGroup(of: Int.self) { group in
        for number in 0..<60 {
          group.addTask {
            let mandate = Mandate(tenant: UUID(), purpose: "development")
            let row: Row
            if number.isMultiple(of: 2) {
              row = try await database.once(
                mandate, "SELECT \(number) + 1", "SELECT pg_sleep(0.002)", Self.tenant)[2][0]
            } else {
              row = try await database.transaction(mandate) { transaction in
                try await transaction.query("SELECT \("\(number)")::text")
                return try await transaction.query(Self.tenant)[0]
              }
            }
            #expect(try row.get("tenant", as: String.self) == mandate.tenant.uuidString)
            return try row.get("pid")
          }
        }
        return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
      }
      #expect(seen.count <= 2)
      for _ in 0..<10 {
        let left: String = try await database.pool.run([Self.tenant])[0][0].get("tenant")
        #expect(left.isEmpty)
      }
    }
  }

  @Test func `units of one tenant follow one another on a connection`() async throws {
    try await Self.bounced(connections: 2) { database, _ in
      let mandate = Mandate(tenant: UUID(), purpose: "development")
      let seen = try await withThrowingTaskGroup(of: [String].self) { group in
        for number in 0..<60 {
          group.addTask {
            if number % 4 == 0 {
              let error = await databaseError {
                try await database.once(mandate, "SELECT 1 / \(0)", Self.tenant)
              }
              #expect(error?.sqlstate == "22012")
            }
            let results = try await database.once(mandate, "SELECT \(number) AS n", Self.tenant)
            #expect(try results[0][0].get("n", as: Int.self) == number)
            return [try results[1][0].get("tenant")]
          }
        }
        return try await group.reduce(into: []) { $0 += $1 }
      }
      #expect(seen == Array(repeating: mandate.tenant.uuidString, count: 60))
    }
  }

  @Test func `a deadline stops the statement behind it`() async throws {
    try await Self.bounced { database, watcher in
      let mark = "bouncer-\(UUID())"
      let error = await databaseError {
        try await database.once(
          Mandate(tenant: UUID(), deadline: .now + .milliseconds(300)),
          "SELECT pg_sleep(600), \(mark)")
      }
      #expect(error == .deadlineExceeded)
      try await until("it has been stopped") {
        try await watcher.run([
          """
          SELECT pid FROM pg_stat_activity
          WHERE state = 'active' AND query LIKE 'SELECT pg_sleep(600), $1%'
            AND pid <> pg_backend_pid()
          """
        ])[0].isEmpty
      }
      try await database.once(tenant: UUID(), "SELECT 1")
    }
  }
}
