import Reactor

/// A connection in pipeline mode on its reactor: sends batches, hands back what comes.
final class PostgresConnection: ReadinessHandler, @unchecked Sendable {
  // Invariant: all state is touched on the thread of `reactor` only.

  typealias Completion = (Result<[ResultSet], PostgresError>) -> Void

  private struct Waiting {
    let batch: Int
    /// The batch ends a transaction: if it is lost without an answer, its outcome is unknown.
    let commits: Bool
    let completion: Completion
  }

  let reactor: Reactor
  private let handle: ConnectionHandle
  /// libpq forgets it when it notices that the connection is lost.
  private let descriptor: Int32
  private let dsn: String
  private let blocking: BlockingPool
  private let cancelHandle: CancelHandle?

  private var pipeline = Pipeline<ResultSet>()
  /// Nil: statements are sent with their text each time.
  private var cache: StatementCache?
  private var waiting: [Waiting] = []
  private var script: Script?
  private var cancellations = 0
  /// Nobody waits any longer for what is under way.
  private var isStopping = false
  /// The batch that was under way when the server was last asked to stop.
  private var stoppedBatch: Int?
  /// Why the connection is of no more use once it is idle.
  private var spoiled: String?
  private var interest: Interest = .read
  private(set) var isOpen = true

  /// Called once, when the connection is lost or closed.
  var whenClosed: (() -> Void)?
  /// Called once when the connection has become idle.
  var whenIdle: (() -> Void)?

  private struct Script {
    var failure: ServerError?
    let commits: Bool
    let completion: (Result<Void, PostgresError>) -> Void
  }

  /// `handle` is connected and in pipeline mode.
  init(
    _ handle: ConnectionHandle, reactor: Reactor, _ configuration: PostgresConfiguration,
    blocking: BlockingPool
  ) throws(PostgresError) {
    self.handle = handle
    self.reactor = reactor
    self.dsn = configuration.dsn
    self.blocking = blocking
    cache =
      configuration.preparesStatements
      ? StatementCache(limit: configuration.statementCacheLimit) : nil
    cancelHandle = handle.cancelHandle()
    descriptor = handle.socket
    do {
      try reactor.register(descriptor, .read, self)
    } catch {
      throw .connectFailed("\(error)")
    }
  }

  /// Nothing is under way, no request to cancel either.
  var isIdle: Bool { pipeline.isEmpty && script == nil && cancellations == 0 }

  /// Idle and outside of a transaction: fit for another user.
  var isReusable: Bool { isOpen && spoiled == nil && isIdle && handle.isTransactionIdle }

  /// Whether a batch that is a transaction of its own may be sent behind what is under way.
  var takesMore: Bool {
    isOpen && spoiled == nil && script == nil && cancellations == 0 && !isStopping
  }

  /// Batches under way.
  var depth: Int { waiting.count }

  // MARK: Sending

  /// Sends `statements` and a Sync behind what is under way already. `commits`: the Sync ends a
  /// transaction, implicit or explicit.
  func submit(_ statements: [SQL], commits: Bool, _ completion: @escaping Completion) {
    reactor.preconditionCurrent()
    // A script that was abandoned cannot be followed by a batch.
    if script != nil { close("a script still runs") }
    guard isOpen else { return completion(.failure(.connectionLost("the connection is closed"))) }
    var commands: [Pipeline<ResultSet>.Command] = []
    var sent = true
    for statement in statements where sent { sent = send(statement, &commands) }
    sent = sent && handle.sendSync()
    let batch = pipeline.sent(commands)
    waiting.append(Waiting(batch: batch, commits: commits && sent, completion: completion))
    guard sent else { return close(handle.errorMessage) }
    flush()
  }

  private func send(
    _ statement: SQL, _ commands: inout [Pipeline<ResultSet>.Command]
  ) -> Bool {
    let plan = cache?.plan(
      statement.text, statement.parameters, batch: pipeline.nextBatch)
    guard let plan else {
      let unnamed = PreparedStatement(
        name: "", text: statement.text, types: statement.parameters.entries.map(\.type))
      commands.append(.execute(unnamed))
      return handle.send(unnamed: unnamed, statement.parameters)
    }
    for name in plan.deallocations {
      commands.append(.deallocate(name))
      guard handle.send(text: "DEALLOCATE \(name)") else { return false }
    }
    if plan.mustPrepare {
      commands.append(.prepare(plan.statement))
      guard handle.send(prepare: plan.statement) else { return false }
    }
    commands.append(.execute(plan.statement))
    return handle.send(execute: plan.statement, statement.parameters)
  }

  /// Runs several statements given as text, by the simple protocol; the connection is idle.
  /// `commits`: outside of a transaction, so that it is one of its own.
  func run(
    script text: String, commits: Bool,
    _ completion: @escaping (Result<Void, PostgresError>) -> Void
  ) {
    reactor.preconditionCurrent()
    precondition(pipeline.isEmpty && script == nil, "a script runs alone")
    guard isOpen else { return completion(.failure(.connectionLost("the connection is closed"))) }
    script = Script(commits: commits, completion: completion)
    guard handle.leavePipelineMode(), handle.send(script: text) else {
      return close(handle.errorMessage)
    }
    flush()
  }

  private func flush() {
    switch handle.flush() {
    case .all: watch(.read)
    case .some: watch([.read, .write])
    case .failed: receive()
    }
  }

  private func watch(_ wanted: Interest) {
    // libpq has closed the descriptor of a broken connection.
    guard isOpen, wanted != interest, !handle.isBroken else { return }
    interest = wanted
    reactor.update(descriptor, wanted)
  }

  // MARK: Receiving

  func ready(_ readiness: Readiness) {
    guard isOpen else { return }
    if readiness.contains(.write) { flush() }
    guard isOpen, !readiness.isDisjoint(with: [.read, .hangup]) else { return }
    receive()
  }

  private func receive() {
    let alive = handle.consumeInput()
    if script != nil { takeScriptResults() } else { takeResults() }
    guard isOpen else { return }
    if !alive || handle.isBroken { return close(handle.errorMessage) }
    if interest.contains(.write) { flush() }
    becomeIdle()
  }

  private func takeResults() {
    while isOpen, script == nil, !pipeline.isEmpty, !handle.isBusy {
      let event = nextEvent()
      if case .failed(let error) = event, error.sqlstate.isEmpty {
        // libpq's own words for a connection that has gone.
        return close(error.message)
      }
      act(on: pipeline.receive(event))
    }
  }

  private func nextEvent() -> Pipeline<ResultSet>.Event {
    guard let result = handle.next() else { return .ended }
    switch result.kind {
    case .rows:
      let statement = pipeline.current
      let columns = statement?.columns ?? result.columnNames()
      statement?.columns = columns
      return .completed(
        ResultSet(result, columns: columns, statement: statement?.text ?? ""))
    case .skipped: return .skipped
    case .synced: return .synced
    case .failed: return .failed(result.error)
    case .other:
      return .failed(
        ServerError(sqlstate: "", message: "COPY and the like have no place in a pipeline"))
    }
  }

  private func act(on action: Pipeline<ResultSet>.Action) {
    switch action {
    case .none: break
    case .prepared(let statement): cache?.prepared(statement)
    case .preparationFailed(let statement): cache?.preparationFailed(statement)
    case .deallocationFailed(let name): cache?.deallocationFailed(name)
    case .finished(let batch, let result):
      let done = waiting.removeFirst()
      precondition(done.batch == batch, "batches finish in the order in which they were sent")
      if case .failure(let error) = result, error.spoilsConnection {
        spoiled = "\(error.sqlstate): the connection is of no more use"
      }
      done.completion(result.mapError { .server($0) })
      // What was sent behind it is heard to its end.
      if let spoiled, pipeline.isEmpty { return close(spoiled) }
      stopNext()
    case .violation(let text):
      // When all that had come before a loss is taken, libpq gives ends without results.
      close(handle.isBroken ? handle.errorMessage : text)
    }
  }

  private func takeScriptResults() {
    while isOpen, !handle.isBusy {
      if let result = handle.next() {
        if result.kind == .rows { continue }
        if result.kind == .other { return close("a script cannot copy") }
        script?.failure = result.error
        if result.error.sqlstate.isEmpty { return close(result.error.message) }
        continue
      }
      guard let done = script else { return }
      script = nil
      guard handle.enterPipelineMode() else {
        done.completion(.failure(.connectionLost(handle.errorMessage)))
        return close(handle.errorMessage)
      }
      if let failure = done.failure {
        done.completion(.failure(.server(failure)))
      } else {
        done.completion(.success(()))
      }
      return
    }
  }

  private func becomeIdle() {
    guard isOpen, isIdle, let told = whenIdle else { return }
    isStopping = false
    whenIdle = nil
    told()
  }

  // MARK: Ending

  /// Asks the server to stop what runs. The connection is not idle before the request has been
  /// taken in, so that it cannot hit the next user's statement.
  func cancelRunning() {
    reactor.preconditionCurrent()
    guard isOpen, !pipeline.isEmpty || script != nil else { return }
    cancellations += 1
    let (dsn, backend, cancel) = (dsn, handle.backend, cancelHandle)
    let overTLS = handle.usesTLS
    do {
      try blocking.submit { [self] in
        if overTLS { CancelHandle.send(dsn: dsn, backend: backend) } else { cancel?.send() }
        reactor.execute { [self] in
          cancellations -= 1
          stopNext()
          becomeIdle()
        }
      }
    } catch {
      cancellations -= 1
      close("the request to cancel could not be sent: \(error)")
    }
  }

  /// Asks the server to stop all that is under way, one batch after the other: for when nobody
  /// waits for any of it, as a request names the connection and hits what runs when it arrives.
  func stopAll() {
    precondition(!isIdle, "what comes next would be stopped")
    isStopping = true
    stopNext()
  }

  private func stopNext() {
    guard isStopping, cancellations == 0, let current = pipeline.currentBatch,
      current != stoppedBatch
    else { return }
    stoppedBatch = current
    cancelRunning()
  }

  /// Ends the connection; batches under way fail.
  func close(_ reason: String) {
    reactor.preconditionCurrent()
    guard isOpen else { return }
    isOpen = false
    reactor.deregister(descriptor)
    let lost = pipeline.lose()
    let failed = waiting
    waiting = []
    whenIdle = nil
    let told = whenClosed
    whenClosed = nil
    told?()
    for (batch, waiting) in zip(lost, failed) {
      let isKnown = batch.hadNoEffect || !waiting.commits
      waiting.completion(.failure(isKnown ? .connectionLost(reason) : .outcomeUnknown(reason)))
    }
    if let script {
      self.script = nil
      script.completion(
        .failure(script.commits ? .outcomeUnknown(reason) : .connectionLost(reason)))
    }
  }
}

extension ServerError {
  /// A statement prepared earlier no longer fits (0A000 "cached plan must not change result type"
  /// after a migration, 26000 after DISCARD ALL by a pooler): a new connection prepares it anew. Or
  /// the server takes no writes (25006): a new connection looks for the primary among the hosts.
  fileprivate var spoilsConnection: Bool {
    sqlstate == "26000" || sqlstate == "25006"
      || (sqlstate == "0A000" && message.contains("cached plan"))
  }
}
