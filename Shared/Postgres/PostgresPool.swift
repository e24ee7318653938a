package import Reactor
import Synchronization

/// The connections of a process to one database: a bounded number on each reactor.
///
/// A call runs on the connections of the reactor whose thread it comes from; from elsewhere, on
/// those of each reactor in turn. End calls first, then the pool, then the reactors.
package final class PostgresPool: Sendable {
  package let configuration: PostgresConfiguration
  private let reactors: ReactorGroup
  private let shards: [PoolShard]
  private let blocking: BlockingPool
  /// The tasks that are inside `transaction`, by their identity.
  private let insideTransaction = Mutex<Set<Int>>([])

  /// Connections that may be resolved, opened or cancelled at the same time on blocking threads.
  private static let blockingThreads = 2
  private static let blockingQueueLimit = 256

  /// Opens nothing yet: the first calls do.
  package init(configuration: PostgresConfiguration, reactors: ReactorGroup) {
    precondition(
      configuration.connectionsPerReactor > 0 && configuration.queueLimit >= 0,
      "a pool has connections")
    self.configuration = configuration
    self.reactors = reactors
    let blocking = BlockingPool(
      threads: Self.blockingThreads, queueLimit: Self.blockingQueueLimit)
    self.blocking = blocking
    shards = reactors.reactors.map {
      PoolShard(configuration, reactor: $0, blocking: blocking)
    }
  }

  /// Runs all statements as one implicit transaction in one round trip: if one fails, none has
  /// taken effect. `share`: whose part of the pool it takes; its units may share a connection, so
  /// that none may begin or end a transaction by a statement.
  @discardableResult
  package func run(
    _ statements: [SQL], share: PoolShare? = nil, deadline: ContinuousClock.Instant? = nil
  ) async throws(PostgresError) -> [ResultSet] {
    try Self.check(statements)
    if share != nil, let statement = statements.first(where: \.controlsTransactions) {
      throw .transactionMisused("a unit of work cannot \(statement.text)")
    }
    try refuseNested()
    let call = PoolCall(
      nextShard(), .batch(statements, commits: true), on: nil, share: share, deadline: deadline,
      keepsConnection: false)
    return try await call.run().result.get()
  }

  /// Runs `body` in a transaction: COMMIT when it returns, ROLLBACK when it throws. BEGIN and
  /// `prelude` travel with its first statements; without any statement nothing is sent.
  ///
  /// A body asks only its own transaction, never this pool again. Throws what `body` throws;
  /// `PostgresError.outcomeUnknown` if the answer to COMMIT was lost.
  package func transaction<Value>(
    prelude: [SQL] = [], share: PoolShare? = nil, deadline: ContinuousClock.Instant? = nil,
    _ body: (PostgresTransaction) async throws -> Value
  ) async throws -> Value {
    try Self.check(prelude)
    try refuseNested()
    let task = Self.currentTask
    if let task { insideTransaction.withLock { _ = $0.insert(task) } }
    defer {
      if let task { insideTransaction.withLock { _ = $0.remove(task) } }
    }
    let transaction = PostgresTransaction(
      nextShard(), prelude: prelude, share: share, deadline: deadline)
    let value: Value
    do {
      value = try await body(transaction)
    } catch {
      await transaction.rollBack()
      throw error
    }
    try await transaction.commit()
    return value
  }

  /// Runs several statements given as one text. For migrations only: nothing is bound.
  package func simple(_ script: String) async throws(PostgresError) {
    try refuseNested()
    let call = PoolCall(
      nextShard(), .script(script), on: nil, share: nil, deadline: nil,
      keepsConnection: false)
    _ = try await call.run().result.get()
  }

  /// Refuses new calls, closes the connections as they become idle and returns when all are closed.
  /// Not from a reactor's own thread.
  package func shutdown() async {
    for shard in shards {
      await withCheckedContinuation { continuation in
        shard.reactor.execute { shard.shutDown { continuation.resume() } }
      }
    }
    blocking.shutdown()
  }

  // MARK: Helpers

  private func nextShard() -> PoolShard { shards[reactors.next().index] }

  static func check(_ statements: [SQL]) throws(PostgresError) {
    for statement in statements where statement.parameterCount > SQL.parameterLimit {
      throw .tooManyParameters(statement.parameterCount)
    }
  }

  private func refuseNested() throws(PostgresError) {
    guard let task = Self.currentTask else { return }
    if insideTransaction.withLock({ $0.contains(task) }) { throw .nestedTransaction }
  }

  /// A number that no other living task has.
  private static var currentTask: Int? {
    // The reference to the task is only hashed, inside of the closure.
    unsafe withUnsafeCurrentTask { unsafe $0?.hashValue }
  }
}
