import DequeModule

/// What is on its way to the server on one connection, and what must come back: batches of
/// commands, each ended by a Sync. Pure: events of libpq go in, actions come out.
///
/// libpq reports for each command one result and then an end; for a Sync one event of its own.
/// After an error the server skips the commands up to the Sync.
struct Pipeline<Rows> {
  enum Command {
    case deallocate(String)
    case prepare(PreparedStatement)
    case execute(PreparedStatement)
  }

  enum Event {
    case completed(Rows)
    case failed(ServerError)
    /// Skipped because an earlier command of the batch failed.
    case skipped
    /// No more results for this command.
    case ended
    case synced
  }

  enum Action {
    case none
    case prepared(PreparedStatement)
    case preparationFailed(PreparedStatement)
    case deallocationFailed(String)
    case finished(batch: Int, Result<[Rows], ServerError>)
    /// The server or libpq did what the protocol does not allow: close the connection.
    case violation(String)
  }

  /// A batch that will not finish.
  struct Lost {
    let batch: Int
    /// The server had refused a command of it, or ended in a batch before: nothing took effect.
    let hadNoEffect: Bool
  }

  private struct Batch {
    let id: Int
    var expected: Deque<Command>
    var rows: [Rows] = []
    var failure: ServerError?
    /// The first expected command, or the Sync, has had its result and waits for its end.
    var hasResult = false
  }

  private var batches: Deque<Batch> = []
  private var lastID = 0

  var isEmpty: Bool { batches.isEmpty }

  /// The statement whose result comes next.
  var current: PreparedStatement? {
    guard case .execute(let statement) = batches.first?.expected.first else { return nil }
    return statement
  }

  /// The number that the next batch gets.
  var nextBatch: Int { lastID + 1 }
  /// The number of the batch that the server is at.
  var currentBatch: Int? { batches.first?.id }

  /// Notes commands that were sent together with one Sync; returns the batch's number.
  mutating func sent(_ commands: [Command]) -> Int {
    lastID += 1
    batches.append(Batch(id: lastID, expected: Deque(commands)))
    return lastID
  }

  mutating func receive(_ event: Event) -> Action {
    guard !batches.isEmpty else { return .violation("a result without a command") }
    switch event {
    case .completed(let rows): return result { batch, command in
      switch command {
      case .execute: batch.rows.append(rows)
      case .prepare(let statement): return .prepared(statement)
      case .deallocate: break
      }
      return .none
    }
    case .failed(let error): return result { batch, command in
      if batch.failure == nil { batch.failure = error }
      return Pipeline.undone(command)
    }
    case .skipped: return result { _, command in Pipeline.undone(command) }
    case .ended: return commandEnded()
    case .synced: return synced()
    }
  }

  /// The connection is gone: all batches that it took along.
  mutating func lose() -> [Lost] {
    var serverEnded = false
    let lost = batches.map { batch in
      defer { serverEnded = serverEnded || batch.failure?.endsSession == true }
      return Lost(batch: batch.id, hadNoEffect: serverEnded || batch.failure != nil)
    }
    batches = []
    return lost
  }

  private mutating func result(_ note: (inout Batch, Command) -> Action) -> Action {
    if batches[0].hasResult { return .violation("a second result for one command") }
    batches[0].hasResult = true
    // None is left for an error at the Sync itself: a deferred constraint, a failed serialisation.
    let command = batches[0].expected.first ?? .execute(Pipeline.sync)
    return note(&batches[0], command)
  }

  private mutating func commandEnded() -> Action {
    guard batches[0].hasResult else { return .violation("an end without a result") }
    _ = batches[0].expected.popFirst()
    batches[0].hasResult = false
    return .none
  }

  private mutating func synced() -> Action {
    let batch = batches.removeFirst()
    guard batch.expected.isEmpty else { return .violation("a Sync before its commands") }
    if let failure = batch.failure { return .finished(batch: batch.id, .failure(failure)) }
    return .finished(batch: batch.id, .success(batch.rows))
  }

  private static func undone(_ command: Command) -> Action {
    switch command {
    case .prepare(let statement): .preparationFailed(statement)
    case .deallocate(let name): .deallocationFailed(name)
    case .execute: .none
    }
  }

  private static var sync: PreparedStatement { PreparedStatement(name: "", text: "", types: []) }
}
