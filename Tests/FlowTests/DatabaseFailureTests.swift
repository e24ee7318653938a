import Foundation
import Glibc
import ProgramSupport
import RPC
import Schemas
import SwiftProtobuf
import Testing

/// What callers see while PostgreSQL is away, full or changing places; and that the service finds
/// back by itself. Each with a real PostgreSQL of its own.
@Suite(.serialized, .timeLimit(.minutes(10))) struct DatabaseFailureTests {
  /// Asks until it is done, as a client does, and returns the errors on the way.
  private func persist(
    _ title: String, _ member: Member, _ service: OwnService, key: String? = nil
  ) async throws -> [RPCError] {
    var errors: [RPCError] = []
    var options = member.options
    options.timeout = .seconds(10)
    if let key { try options.metadata.add("idempotency-key", key) }
    var patience = Patience()
    while true {
      do {
        _ = try await service.goals.createGoal(.with { $0.title = title }, options)
        return errors
      } catch {
        errors.append(error)
        try await patience.wait(after: "\(error)")
      }
    }
  }

  private func titles(_ member: Member, _ service: OwnService) async throws -> [String] {
    try await service.goals.listGoals(.with { $0.pageSize = 100 }, member.options).goals
      .map(\.title)
  }

  private func refusal(_ member: Member, _ service: OwnService) async -> RPCError? {
    do {
      _ = try await service.createGoal("x", as: member)
      return nil
    } catch {
      return error as? RPCError
    }
  }

  @Test func `a PostgreSQL that is stopped, refuses or restarts is UNAVAILABLE for a while`()
    async throws
  {
    let member = try await Organisation.make().member("Riet Rust")
    let cluster = try await OwnCluster.copyOfHouse()
    var server = try await cluster.start()
    let service = try await OwnService.start("goals", OwnCluster.settings(cluster))
    try await service.ready(for: member)
    _ = try await service.createGoal("ervoor", as: member)

    // A call whose statements are with the server when it goes, and that has no key.
    let holder = try PostgresProgram.start(
      PostgresProgram.command(
        "psql",
        ["-X", "-q", "-h", cluster.host, "-p", "5432", "-U", "postgres", "-d", "ikso", "-c",
          "BEGIN; LOCK TABLE goals.goal; SELECT pg_sleep(3600)"]))
    try await until("the table is locked") {
      try await cluster.sql(
        """
        SELECT count(*) > 0 FROM pg_locks WHERE granted AND mode = 'AccessExclusiveLock'
          AND relation = 'goals.goal'::regclass
        """
      ).contains("t")
    }
    async let cut = refusal(member, service)
    try await until("the call waits for the table") {
      try await cluster.sql("SELECT count(*) > 0 FROM pg_locks WHERE NOT granted").contains("t")
    }
    server.signal(SIGKILL)
    _ = await server.end()
    let unknown = await cut
    #expect(unknown?.code == .unavailable, "\(unknown as Any)")
    #expect(unknown?.reason == "OUTCOME_UNKNOWN")
    #expect(unknown?.detail(RPCRetryInfo.self) == nil, "to be looked into, not to be repeated")
    _ = await holder.end()
    let gone = await refusal(member, service)
    #expect(gone?.code == .unavailable, "\(String(describing: gone))")
    #expect(gone?.detail(RPCRetryInfo.self)?.retryDelay.seconds == 1)
    server = try await cluster.start()
    _ = try await persist("erna", member, service)

    // No connection is left for the service's role: 53300.
    try await cluster.sql(
      """
      ALTER ROLE goals_runtime CONNECTION LIMIT 0;
      """)
    try await cluster.sql(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'goals_runtime'")
    let full = await refusal(member, service)
    #expect(full?.code == .unavailable || full?.code == .resourceExhausted, "\(full as Any)")
    #expect(full?.detail(RPCRetryInfo.self) != nil)
    try await cluster.sql("ALTER ROLE goals_runtime CONNECTION LIMIT -1")
    let between = try await persist("dan", member, service)
    #expect(between.allSatisfy { $0.detail(RPCRetryInfo.self) != nil })

    #expect(try await Set(titles(member, service)) == ["ervoor", "erna", "dan"])
    service.child.signal(SIGTERM)
    #expect(await service.child.end() == .exit(0))
    server.signal(SIGINT)
    _ = await server.end()
  }

  @Test func `writes go on at the replica that is promoted, each of them once`() async throws {
    let member = try await Organisation.make().member("Fien Omslag")
    let first = try await OwnCluster.copyOfHouse()
    let primary = try await first.start()
    let second = try await OwnCluster.copy(of: first.host, following: true)
    let replica = try await second.start()
    // An acknowledged write is at the replica too.
    try await first.sql("ALTER SYSTEM SET synchronous_standby_names = '*'")
    try await first.sql("SELECT pg_reload_conf()")
    let service = try await OwnService.start(
      "goals", OwnCluster.settings(first, second, more: "target_session_attrs=read-write"))
    try await service.ready(for: member)
    _ = try await service.createGoal("ervoor", as: member)

    let (reached, reach) = AsyncStream.makeStream(of: Void.self)
    let errors = try await withThrowingTaskGroup(of: [RPCError].self) { group in
      for writer in 0..<4 {
        group.addTask {
          var errors: [RPCError] = []
          for number in 0..<20 {
            let title = "\(writer)/\(number)"
            errors += try await persist(title, member, service, key: title)
            if writer == 0, number == 5 { reach.finish() }
          }
          return errors
        }
      }
      for await _ in reached {}
      primary.signal(SIGKILL)
      _ = await primary.end()
      try await second.promote()
      return try await group.reduce(into: [RPCError]()) { $0 += $1 }
    }
    #expect(errors.allSatisfy { [.unavailable, .deadlineExceeded].contains($0.code) }, "\(errors)")
    let made = try await titles(member, service).sorted()
    let asked = (0..<4).flatMap { writer in (0..<20).map { "\(writer)/\($0)" } } + ["ervoor"]
    #expect(made == asked.sorted())
    service.child.signal(SIGTERM)
    #expect(await service.child.end() == .exit(0))
    replica.signal(SIGINT)
    _ = await replica.end()
  }

  @Test(.enabled(if: PostgresProgram.isRoot, "a small file system takes root to mount"))
  func `a full disk is RESOURCE_EXHAUSTED until there is room again`() async throws {
    let member = try await Organisation.make().member("Vera Vol")
    let cluster = try await OwnCluster.copyOfHouse()
    let server = try await cluster.start(smallFolder: 64)
    try await cluster.sql("CREATE TABLESPACE small LOCATION '\(cluster.host)/small'")
    try await cluster.sql("ALTER TABLE goals.goal SET TABLESPACE small")
    let service = try await OwnService.start("goals", OwnCluster.settings(cluster))
    try await service.ready(for: member)
    _ = try await service.createGoal("ervoor", as: member)
    try await cluster.sql("CREATE TABLE public.filler (text text) TABLESPACE small")
    var isFull = false
    while !isFull {
      do {
        try await cluster.sql(
          "INSERT INTO public.filler SELECT repeat('x', 1000) FROM generate_series(1, 1000)")
      } catch is PostgresProgram.Failed {
        isFull = true
      }
    }
    // What is free on pages that the table has is used up first.
    var refused: RPCError?
    for _ in 0..<1_000 where refused == nil {
      do {
        _ = try await service.goals.createGoal(
          .with {
            $0.title = "groot"
            $0.why = String(repeating: "w", count: 4_000)
          }, member.options)
      } catch {
        refused = error
      }
    }
    #expect(refused?.code == .resourceExhausted, "\(refused as Any)")
    #expect(refused?.detail(RPCRetryInfo.self)?.retryDelay.seconds == 30)
    #expect(try await titles(member, service).contains("ervoor"), "what is there can be read")
    try await cluster.sql("DROP TABLE public.filler")
    _ = try await persist("erna", member, service)
    service.child.signal(SIGTERM)
    #expect(await service.child.end() == .exit(0))
    server.signal(SIGINT)
    _ = await server.end()
  }
}
