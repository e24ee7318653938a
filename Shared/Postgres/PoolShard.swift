import DequeModule
import Reactor

/// One reactor's part of a pool: its connections, and the calls that wait for one.
final class PoolShard: @unchecked Sendable {
  // Invariant: all variables are touched on the thread of `reactor` only.

  let reactor: Reactor
  let configuration: PostgresConfiguration
  private let blocking: BlockingPool

  private var idle: [PostgresConnection] = []
  /// All open connections: idle, in use or recovering.
  private var connections: [PostgresConnection] = []
  private var opening = 0
  private var waiters: Deque<PoolWaiter> = []
  private var failures = 0
  private var lastFailure: String?
  private var retryTimer: ReactorTimer?
  private var closing = false
  private var shutdownTimer: ReactorTimer?
  private var whenEmpty: (() -> Void)?

  init(_ configuration: PostgresConfiguration, reactor: Reactor, blocking: BlockingPool) {
    self.configuration = configuration
    self.reactor = reactor
    self.blocking = blocking
  }

  // MARK: Taking and giving back

  /// Gives `waiter` a connection now or within the acquire timeout.
  func acquire(_ waiter: PoolWaiter) {
    reactor.preconditionCurrent()
    if closing { return waiter.fail(.poolClosed) }
    while let connection = idle.popLast() {
      if connection.isReusable { return waiter.give(connection) }
      connection.close("not reusable")
    }
    if waiters.count >= configuration.queueLimit {
      waiters.removeAll { !$0.isWaiting }
      if waiters.count >= configuration.queueLimit { return waiter.fail(.poolQueueFull) }
    }
    waiters.append(waiter)
    waiter.timer = reactor.schedule(after: configuration.acquireTimeout) { [self] in
      waiter.fail(lastFailure.map { .connectFailed($0) } ?? .poolTimeout)
    }
    open()
  }

  /// Takes a connection back. If something is still under way it is reused after that, or closed
  /// if that takes longer than the recovery timeout.
  func release(_ connection: PostgresConnection) {
    reactor.preconditionCurrent()
    guard connection.isOpen else { return }
    if connection.isIdle { return settle(connection) }
    let timer = reactor.schedule(after: configuration.recoveryTimeout) {
      connection.close("an abandoned statement does not end")
    }
    connection.whenIdle = { [self] in
      timer.cancel()
      settle(connection)
    }
  }

  private func settle(_ connection: PostgresConnection) {
    guard connection.isReusable, !closing else {
      return connection.close("not reusable")
    }
    if let waiter = nextWaiter() {
      waiter.give(connection)
    } else {
      idle.append(connection)
    }
  }

  private func nextWaiter() -> PoolWaiter? {
    while let waiter = waiters.popFirst() {
      if waiter.isWaiting { return waiter }
    }
    return nil
  }

  // MARK: Opening

  private func open() {
    guard !closing, retryTimer == nil, room > 0 else { return }
    let wanting = waiters.reduce(0) { $0 + ($1.isWaiting ? 1 : 0) }
    while opening < wanting, room > 0 {
      opening += 1
      ConnectionOpening(configuration, reactor: reactor, blocking: blocking).start { [self] in
        opened($0)
      }
    }
  }

  private var room: Int { configuration.connectionsPerReactor - connections.count - opening }

  private func opened(_ result: Result<PostgresConnection, PostgresError>) {
    opening -= 1
    switch result {
    case .success(let connection):
      failures = 0
      lastFailure = nil
      connections.append(connection)
      connection.whenClosed = { [self, unowned connection] in closed(connection) }
      settle(connection)
    case .failure(let error):
      failures += 1
      lastFailure = error.connectFailure ?? "\(error)"
      pause()
      tellIfEmpty()
    }
  }

  /// Waits before the next attempt, longer after each failure, by a random part less so that
  /// processes do not return in step.
  private func pause() {
    guard retryTimer == nil, !closing else { return }
    let doubled = configuration.retryPause * (1 << min(failures - 1, 16))
    let longest = min(doubled, configuration.longestRetryPause)
    retryTimer = reactor.schedule(after: longest * Double.random(in: 0.5...1)) { [self] in
      retryTimer = nil
      open()
    }
  }

  private func closed(_ connection: PostgresConnection) {
    connections.removeAll { $0 === connection }
    idle.removeAll { $0 === connection }
    tellIfEmpty()
    open()
  }

  // MARK: Ending

  /// Refuses new calls, closes idle connections, those in use when they come back, and all that is
  /// left after the recovery timeout. Calls `done` when none is open.
  func shutDown(_ done: @escaping () -> Void) {
    reactor.preconditionCurrent()
    closing = true
    retryTimer?.cancel()
    retryTimer = nil
    whenEmpty = done
    while let waiter = nextWaiter() { waiter.fail(.poolClosed) }
    for connection in idle { connection.close("the pool is shut down") }
    shutdownTimer = reactor.schedule(after: configuration.recoveryTimeout) { [self] in
      for connection in connections { connection.close("the pool is shut down") }
    }
    tellIfEmpty()
  }

  private func tellIfEmpty() {
    guard closing, connections.isEmpty, opening == 0, let done = whenEmpty else { return }
    whenEmpty = nil
    shutdownTimer?.cancel()
    done()
  }
}

/// A call that waits for a connection; on its reactor's thread only.
final class PoolWaiter {
  fileprivate var timer: ReactorTimer?
  private var completion: ((Result<PostgresConnection, PostgresError>) -> Void)?

  init(_ completion: @escaping (Result<PostgresConnection, PostgresError>) -> Void) {
    self.completion = completion
  }

  var isWaiting: Bool { completion != nil }

  fileprivate func give(_ connection: PostgresConnection) { finish(.success(connection)) }
  func fail(_ error: PostgresError) { finish(.failure(error)) }

  private func finish(_ result: Result<PostgresConnection, PostgresError>) {
    guard let completion else { return }
    self.completion = nil
    timer?.cancel()
    timer = nil
    completion(result)
  }
}
