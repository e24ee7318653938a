import Foundation
import Reactor
import Testing

@testable import Postgres
@testable import Storage

/// A tenant that asks for more than its part of the pool waits for itself alone.
@Suite(.timeLimit(.minutes(2))) struct PostgresShareTests {
  private let noisy = UUID()
  private let quiet = UUID()

  @Test func `a noisy tenant leaves a connection and places in the queue to the others`()
    async throws
  {
    try await TestDatabase.cluster {
      $0.connectionsPerReactor = 4
      $0.queueLimit = 8
    } _: { pool, _ in
      let database = Database(pool: pool)
      let free = Signal()
      let mark = "share-test-\(UUID())"
      try await withThrowingTaskGroup(of: PostgresError?.self) { group in
        // Three hold a connection each, six more wait, and one finds no place.
        for number in 0..<10 {
          let held = Signal()
          group.addTask {
            await databaseError {
              try await database.transaction(tenant: noisy) { transaction in
                try await transaction.query("SELECT \(mark)")
                held.announce()
                await free.wait()
              }
            }
          }
          if number < 3 { await held.wait() }
        }
        // Only the one that finds no place ends by itself.
        #expect(try await group.next() == .some(.poolShareFull))
        for _ in 0..<20 {
          try await database.once(tenant: quiet, "SELECT 1", "SELECT pg_sleep(0.001)")
        }
        let held: Int = try await database.once(
          tenant: quiet,
          """
          SELECT count(*) AS n FROM pg_stat_activity
          WHERE state = 'idle in transaction' AND query LIKE \("SELECT $1%")
          """)[0][0].get("n")
        #expect(held >= 3)
        free.announce()
        for try await error in group { #expect(error == nil) }
      }
    }
  }

  @Test func `those who wait take turns, whoever came first`() async throws {
    try await TestDatabase.cluster {
      $0.connectionsPerReactor = 1
      $0.queueLimit = 64
    } _: { pool, reactors in
      let database = Database(pool: pool)
      let (held, free) = (Signal(), Signal())
      async let holder: Void = database.transaction(tenant: noisy) { transaction in
        try await transaction.query("SELECT 1")
        held.announce()
        await free.wait()
      }
      await held.wait()
      let order = try await withThrowingTaskGroup(of: UUID.self) { group in
        for tenant in [noisy, noisy, noisy, noisy, noisy, quiet] {
          group.addTask(executorPreference: reactors.reactors[0]) {
            try await database.once(tenant: tenant, "SELECT 1")
            return tenant
          }
        }
        // All six have asked before the first can be served: they run on the pool's own thread.
        await Task(executorPreference: reactors.reactors[0]) { free.announce() }.value
        var order: [UUID] = []
        for try await tenant in group { order.append(tenant) }
        return order
      }
      try await holder
      #expect(order.firstIndex(of: quiet)! <= 2, "\(order.map { $0 == quiet ? "quiet" : "noisy" })")
    }
  }

  @Test func `a connection that is lost gives its tenant's place back`() async throws {
    try await TestDatabase.cluster { $0.connectionsPerReactor = 2 } _: { pool, _ in
      let database = Database(pool: pool)
      for _ in 0..<5 {
        let error = await databaseError {
          try await database.once(
            tenant: noisy, "SELECT pg_terminate_backend(pg_backend_pid())", "SELECT 1")
        }
        #expect(error != nil)
      }
      try await database.once(tenant: noisy, "SELECT 1")
    }
  }

  @Test func `each pool leaves the others at least one connection where there are two`() {
    var configuration = PostgresConfiguration(dsn: "")
    for (connections, part) in [(1, 1), (2, 1), (3, 2), (4, 3), (8, 6), (32, 24)] {
      configuration.connectionsPerReactor = connections
      #expect(configuration.connectionsPerShare == part)
    }
    configuration.shareOfConnections = 100
    #expect(configuration.connectionsPerShare == 32)
  }

  @Test func `the next host comes first after one that did not answer`() {
    let list = HostList(dsn: "host=a,b,c port=1,2,3 dbname=x")
    #expect(list.rotated(by: 0).isEmpty)
    #expect(list.rotated(by: 4).map { "\($0.0)=\($0.1)" } == ["host=b,c,a", "port=2,3,1"])
    #expect(HostList(dsn: "postgresql://a,b/x").rotated(by: 1).first?.1 == "b,a")
    #expect(HostList(dsn: "host=a,b port=7").rotated(by: 1).map(\.1) == ["b,a", "7"])
    #expect(HostList(dsn: "host=a").rotated(by: 1).isEmpty && HostList(dsn: "=").lists.isEmpty)
  }
}
