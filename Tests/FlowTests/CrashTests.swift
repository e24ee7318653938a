import Foundation
import Glibc
import HTTP2
import Postgres
import ProgramSupport
import RPC
import Schemas
import SwiftProtobuf
import Synchronization
import Testing

/// What is promised when a process dies: an acknowledged write survives, a rolling restart loses no
/// call.
struct CrashTests {
  /// Acknowledged titles, and how many calls were lost.
  private final class Ledger: Sendable {
    private struct State {
      var titles: [String: String] = [:]
      var lost: [RPCError] = []
      /// The process that was written to has given way to another.
      var isReplaced = false
    }

    private let state = Mutex(State())

    func acknowledge(_ goal: GoalsGoal) -> Int {
      state.withLock { state in
        state.titles[goal.goalID] = goal.title
        return state.titles.count
      }
    }

    func lose(_ error: RPCError) { state.withLock { $0.lost.append(error) } }

    var titles: [String: String] { state.withLock { $0.titles } }
    var lost: [RPCError] { state.withLock { $0.lost } }
    var isReplaced: Bool { state.withLock { $0.isReplaced } }
    func markReplaced() { state.withLock { $0.isReplaced = true } }
  }

  /// Sends goals from `writers` at once, each until it fails or has sent `limit`, and calls `act`
  /// when `threshold` are acknowledged.
  private func write(
    _ service: OwnService, as member: Member, writers: Int, limit: Int, threshold: Int,
    _ act: @escaping @Sendable () -> Void
  ) async -> Ledger {
    let ledger = Ledger()
    await withTaskGroup(of: Void.self) { group in
      for writer in 0..<writers {
        group.addTask {
          for number in 0..<limit {
            do {
              let goal = try await service.createGoal("doel \(writer)/\(number)", as: member)
              if ledger.acknowledge(goal) == threshold { act() }
            } catch {
              if let error = error as? RPCError { ledger.lose(error) }
              return
            }
          }
        }
      }
    }
    return ledger
  }

  @Test func `kill -9 in mid-write loses no acknowledged write`() async throws {
    let member = try await Organisation.make().member("Abel Dood")
    let first = try await OwnService.start("goals")
    try await first.ready(for: member)
    let ledger = await write(first, as: member, writers: 8, limit: 10_000, threshold: 100) {
      first.child.signal(SIGKILL)
    }
    #expect(await first.child.end() == .signal(SIGKILL))
    #expect(ledger.titles.count >= 100)
    #expect(!ledger.lost.isEmpty, "the process was killed while nobody wrote")
    await first.client.shutdown()

    let second = try await OwnService.start("goals")
    try await second.ready(for: member)
    let there = try await goals(of: member, at: second)
    for (id, title) in ledger.titles { #expect(there[id] == title, "lost: \(title)") }
    // Calls without an answer were done whole or not at all.
    #expect(there.count <= ledger.titles.count + ledger.lost.count)
    second.child.signal(SIGTERM)
    #expect(await second.child.end() == .exit(0))
  }

  @Test func `SIGTERM finishes the open calls, refuses others unharmed, and exits with 0`()
    async throws
  {
    let member = try await Organisation.make().member("Bela Einde")
    let service = try await OwnService.start("goals")
    try await service.ready(for: member)
    let ledger = await write(service, as: member, writers: 8, limit: 10_000, threshold: 50) {
      service.child.signal(SIGTERM)
    }
    #expect(await service.child.end() == .exit(0))
    #expect(ledger.titles.count >= 50)
    // A call was answered, or refused before it began: never cut off.
    for error in ledger.lost { #expect(error.code == .unavailable, "\(error)") }
    let there = try await goals(of: member, at: nil)
    #expect(there == ledger.titles, "done without an answer, or answered and not done")
  }

  @Test func `a killed PostgreSQL backend fails one call and not the service`() async throws {
    let member = try await Organisation.make().member("Cato Val")
    let house = member.organisation.house
    let name = "flow-\(member.organisation.tag)"
    let own = try await OwnService.start("goals") { settings in
      let dsn = (settings["database.dsn"] as? String) ?? ""
      settings["database.dsn"] = "\(dsn) application_name=\(name)"
    }
    try await own.ready(for: member)
    _ = try await own.createGoal("ervoor", as: member)
    let killed = try await house.sql(
      """
      SELECT pg_terminate_backend(pid) AS killed FROM pg_catalog.pg_stat_activity
      WHERE application_name = \(name)
      """)[0]
    #expect(!killed.isEmpty)
    var answers = 0
    for number in 0..<20 {
      do {
        _ = try await own.createGoal("erna \(number)", as: member)
        answers += 1
      } catch let error as RPCError {
        #expect(error.code == .unavailable || error.code == .internalError, "\(error)")
      }
    }
    #expect(answers > 0, "the service does not find back to its database")
  }

  /// Between the two processes nobody listens: a call is refused before it has begun, and whoever
  /// asks again gets what they asked for, once.
  @Test func `a restart behind the gateway cuts no call off and does none twice`() async throws {
    let member = try await Organisation.make().member("Daan Wissel")
    let first = try await OwnService.start("goals")
    let gateway = try await OwnService.start("gateway") { settings in
      settings["peers.goals"] = first.endpoint.description
    }
    try await gateway.ready(for: member)
    let ledger = Ledger()
    let (reached, reach) = AsyncStream.makeStream(of: Void.self)
    try await withThrowingTaskGroup(of: OwnService?.self) { group in
      for writer in 0..<8 {
        group.addTask {
          // Twenty more after the change, so that every writer has met the new process.
          var rest = 20
          var number = 0
          var patience = Patience()
          while rest > 0 {
            number += 1
            do {
              let isAfter = ledger.isReplaced
              let goal = try await gateway.createGoal("doel \(writer)/\(number)", as: member)
              if isAfter { rest -= 1 }
              if ledger.acknowledge(goal) == 50 { reach.finish() }
              patience.succeeded()
            } catch let error as RPCError {
              number -= 1
              ledger.lose(error)
              guard error.code == .unavailable else { break }
              try await patience.wait(after: "\(error)")
            }
          }
          return nil
        }
      }
      group.addTask {
        for await _ in reached {}
        first.child.signal(SIGTERM)
        #expect(await first.child.end() == .exit(0))
        let second = try await OwnService.start("goals") { settings in
          settings["listen.port"] = first.endpoint.port
        }
        ledger.markReplaced()
        return second
      }
      // The new process is kept until the last writer is done.
      var services: [OwnService] = []
      do {
        for try await service in group { if let service { services.append(service) } }
      } catch {
        await gateway.expectRunning()
        for service in services { await service.expectRunning() }
        throw error
      }
      #expect(services.count == 1)
    }
    let reasons = Set(ledger.lost.map { "\($0)" })
    #expect(reasons.allSatisfy { $0.contains("cannot be reached") }, "\(reasons)")
    let there = try await goals(of: member, at: nil)
    #expect(there == ledger.titles)
  }

  /// All goals of a person by their ids, page by page; of the house's own process if `service` is
  /// nil.
  private func goals(of member: Member, at service: OwnService?) async throws -> [String: String] {
    let client = service?.goals ?? member.organisation.house.goals
    var goals: [String: String] = [:]
    var token = ""
    repeat {
      let page = try await client.listGoals(
        .with {
          $0.pageSize = 100
          $0.pageToken = token
        }, member.options)
      for goal in page.goals { goals[goal.goalID] = goal.title }
      token = page.nextPageToken
    } while !token.isEmpty
    return goals
  }
}
