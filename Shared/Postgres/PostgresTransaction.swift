import Reactor
import Synchronization

/// A transaction in the body of `PostgresPool.transaction`, of one caller at a time.
///
/// BEGIN and the prelude travel with the first statements. After a statement has failed, the
/// transaction can only be rolled back, also if its body returns: `transaction` then throws the
/// first failure.
package final class PostgresTransaction: Sendable {
  private struct State {
    var connection: PostgresConnection?
    var isBusy = false
    var hasBegun = false
    var hasEnded = false
    var failure: PostgresError?
    /// What travels with COMMIT.
    var closing: [SQL] = []
  }

  package let deadline: ContinuousClock.Instant?
  private let shard: PoolShard
  private let prelude: [SQL]
  private let share: PoolShare?
  private let state = Mutex(State())

  init(
    _ shard: PoolShard, prelude: [SQL], share: PoolShare?, deadline: ContinuousClock.Instant?
  ) {
    self.shard = shard
    self.prelude = prelude
    self.share = share
    self.deadline = deadline
  }

  /// Runs one statement: one round trip.
  @discardableResult
  package func query(_ statement: SQL) async throws(PostgresError) -> ResultSet {
    try await query(all: [statement])[0]
  }

  /// Runs all statements in one round trip; after the first that fails the rest is skipped.
  @discardableResult
  package func query(all statements: [SQL]) async throws(PostgresError) -> [ResultSet] {
    try PostgresPool.check(statements)
    let (connection, preamble) = try enter()
    let results = try await run(.batch(preamble + statements, commits: false), on: connection)
    return Array(results.dropFirst(preamble.count))
  }

  /// Statements that travel with COMMIT, at no round trip of their own: what the body knows only at
  /// its end, and needs no answer to. One that fails rolls the transaction back.
  package func queryAtCommit(_ statements: [SQL]) throws(PostgresError) {
    try PostgresPool.check(statements)
    state.withLock { $0.closing += statements }
  }

  /// Runs several statements given as one text. For migrations only: nothing is bound.
  package func simple(_ script: String) async throws(PostgresError) {
    if !state.withLock({ $0.hasBegun }) { try await query(all: []) }
    let (connection, _) = try enter()
    _ = try await run(.script(script), on: connection)
  }

  private func enter() throws(PostgresError) -> (PostgresConnection?, [SQL]) {
    try state.withLock { state throws(PostgresError) in
      if state.hasEnded { throw .transactionMisused("it has ended") }
      if state.isBusy { throw .transactionMisused("two statements at once") }
      if let failure = state.failure { throw failure }
      state.isBusy = true
      return (state.connection, state.hasBegun ? [] : ["BEGIN"] + prelude)
    }
  }

  private func run(
    _ work: PoolCall.Work, on connection: PostgresConnection?
  ) async throws(PostgresError) -> [ResultSet] {
    let call = PoolCall(
      shard, work, on: connection, share: share, deadline: deadline, keepsConnection: true)
    let outcome = await call.run()
    state.withLock { state in
      state.isBusy = false
      state.hasBegun = true
      state.connection = outcome.connection
      if case .failure(let error) = outcome.result { state.failure = error }
    }
    return try outcome.result.get()
  }

  // MARK: Ending

  /// The body has returned. Throws if the transaction did not take effect, or may not have.
  func commit() async throws(PostgresError) {
    let closing = state.withLock { $0.closing }
    if !closing.isEmpty, !state.withLock({ $0.hasBegun }) { try await query(all: []) }
    let (connection, failure) = end()
    if let failure {
      await rollBack(connection)
      throw failure
    }
    guard let connection else { return }
    if Task.isCancelled {
      await rollBack(connection)
      throw .cancelled
    }
    if let deadline, deadline <= .now {
      await rollBack(connection)
      throw .deadlineExceeded
    }
    let limit = (deadline ?? .now) + shard.configuration.commitGrace
    let call = PoolCall(
      shard, .batch(closing + ["COMMIT"], commits: true), on: connection, share: share,
      deadline: deadline == nil ? nil : limit, keepsConnection: !closing.isEmpty)
    let outcome = await call.runIgnoringCancellation()
    if let connection = outcome.connection { await leave(connection, outcome.result) }
    if case .failure(.deadlineExceeded) = outcome.result {
      throw .outcomeUnknown("no answer to COMMIT in time")
    }
    _ = try outcome.result.get()
  }

  /// Gives the connection back; where a closing statement failed, COMMIT was skipped and the
  /// transaction still stands.
  private func leave(
    _ connection: PostgresConnection, _ result: Result<[ResultSet], PostgresError>
  ) async {
    if case .failure(.server) = result { return await rollBack(connection) }
    let shard = self.shard
    shard.reactor.execute { shard.release(connection) }
  }

  /// The body has thrown.
  func rollBack() async {
    let (connection, _) = end()
    await rollBack(connection)
  }

  private func end() -> (PostgresConnection?, PostgresError?) {
    state.withLock { state in
      state.hasEnded = true
      return (state.connection, state.failure)
    }
  }

  /// Returns when the server has rolled back; does not wait for a connection on which an abandoned
  /// statement still runs: the ROLLBACK stands behind it, and the shard watches both.
  private func rollBack(_ connection: PostgresConnection?) async {
    guard let connection else { return }
    let shard = self.shard
    await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
      shard.reactor.execute {
        let waits = connection.isIdle
        connection.submit(["ROLLBACK"], commits: false) { _ in
          if waits { continuation.resume() }
        }
        shard.release(connection)
        if !waits { continuation.resume() }
      }
    }
  }
}
