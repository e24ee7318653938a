import Reactor

/// One unit of work on its way through a shard: waits for a connection if it has none, runs its
/// batch, ends in time whatever the server does.
final class PoolCall: @unchecked Sendable {
  // Invariant: the variables are touched on the thread of the shard's reactor only.

  enum Work {
    /// Statements and whether their Sync ends a transaction.
    case batch([SQL], commits: Bool)
    case script(String)
  }

  struct Outcome: Sendable {
    var result: Result<[ResultSet], PostgresError>
    /// The connection, where it is kept and still open.
    var connection: PostgresConnection?
  }

  private let shard: PoolShard
  private let work: Work
  private let share: PoolShare?
  private let deadline: ContinuousClock.Instant?
  private let keepsConnection: Bool
  private var connection: PostgresConnection?
  private var isPooled: Bool
  private var waiter: PoolWaiter?
  private var timer: ReactorTimer?
  private var isStopped = false
  private var retried = false
  private var continuation: CheckedContinuation<Outcome, Never>?

  /// `keepsConnection`: the caller gives the connection back to the shard itself.
  init(
    _ shard: PoolShard, _ work: Work, on connection: PostgresConnection?, share: PoolShare?,
    deadline: ContinuousClock.Instant?, keepsConnection: Bool
  ) {
    self.shard = shard
    self.work = work
    self.share = share
    self.connection = connection
    self.deadline = deadline
    self.keepsConnection = keepsConnection
    isPooled = connection == nil
  }

  /// Runs to the end; the task's cancellation stops it.
  func run() async -> Outcome {
    if Task.isCancelled { return Outcome(result: .failure(.cancelled), connection: connection) }
    let reactor = shard.reactor
    return await withTaskCancellationHandler {
      await runIgnoringCancellation()
    } onCancel: {
      reactor.execute { [self] in stop(.cancelled) }
    }
  }

  /// For what ends a transaction.
  func runIgnoringCancellation() async -> Outcome {
    let reactor = shard.reactor
    return await withCheckedContinuation { continuation in
      if reactor.isCurrent {
        start(continuation)
      } else {
        reactor.execute { [self] in start(continuation) }
      }
    }
  }

  private func start(_ continuation: CheckedContinuation<Outcome, Never>) {
    self.continuation = continuation
    if isStopped { return finish(.failure(.cancelled)) }
    if let deadline {
      let left = deadline - .now
      if left <= .zero { return finish(.failure(.deadlineExceeded)) }
      timer = shard.reactor.schedule(after: left) { [self] in stop(.deadlineExceeded) }
    }
    proceed()
  }

  private func proceed() {
    if let connection { return submit(to: connection) }
    let waiter = PoolWaiter(share, isUnit: isUnit) { [self] result in
      self.waiter = nil
      switch result {
      case .success(let connection):
        self.connection = connection
        submit(to: connection)
      case .failure(let error): finish(.failure(error))
      }
    }
    self.waiter = waiter
    shard.acquire(waiter)
  }

  /// Whether others of its share may use the connection at the same time.
  private var isUnit: Bool {
    guard case .batch(_, commits: true) = work else { return false }
    return isPooled && !keepsConnection && share != nil
  }

  private func submit(to connection: PostgresConnection) {
    switch work {
    case .batch(let statements, let commits):
      connection.submit(statements, commits: commits) { [self] in ended(bounded($0)) }
    case .script(let text):
      connection.run(script: text, commits: isPooled) { [self] in ended($0.map { [] }) }
    }
  }

  /// libpq hands a result out whole: this keeps it from whoever would go on with it.
  private func bounded(
    _ result: Result<[ResultSet], PostgresError>
  ) -> Result<[ResultSet], PostgresError> {
    guard case .success(let results) = result else { return result }
    let configuration = shard.configuration
    for result in results {
      let (rows, bytes) = (result.count, result.byteCount)
      if rows > configuration.resultRowLimit || bytes > configuration.resultByteLimit {
        return .failure(.resultTooLarge(rows: rows, bytes: bytes, statement: result.statement))
      }
    }
    return result
  }

  private func ended(_ result: Result<[ResultSet], PostgresError>) {
    guard continuation != nil else { return }
    if case .failure(.connectionLost) = result, isPooled, !retried {
      // Nothing took effect on a connection that the server had closed meanwhile: once more on
      // another one.
      retried = true
      connection = nil
      return proceed()
    }
    if case .failure(.server(let error)) = result, error.isTimeout, deadline != nil {
      return finish(.failure(.deadlineExceeded))
    }
    finish(result)
  }

  /// Ends the caller's wait now; what runs on the server is told to stop.
  private func stop(_ reason: PostgresError) {
    isStopped = true
    guard continuation != nil else { return }
    if let waiter { return waiter.fail(reason) }
    // Where others are on the connection too the shard knows when the server may be asked.
    if !isUnit { connection?.cancelRunning() }
    finish(.failure(reason))
  }

  private func finish(_ result: Result<[ResultSet], PostgresError>) {
    guard let continuation else { return }
    self.continuation = nil
    timer?.cancel()
    timer = nil
    var outcome = Outcome(result: result)
    if let connection, connection.isOpen {
      if keepsConnection {
        outcome.connection = connection
      } else {
        shard.release(connection, abandoned: isUnit && isStopped)
      }
    }
    connection = nil
    continuation.resume(returning: outcome)
  }
}

extension ServerError {
  /// query_canceled: `statement_timeout`, which is set from the deadline.
  var isTimeout: Bool { sqlstate == "57014" }
}
